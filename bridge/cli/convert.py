# SPDX-License-Identifier: Apache-2.0
"""Under construction."""


def convert() -> None:
    """Under construction."""
    raise NotImplementedError
