# SPDX-License-Identifier: Apache-2.0
"""Under construction."""


def table() -> None:
    """Under construction."""
    raise NotImplementedError
