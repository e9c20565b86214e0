# SPDX-License-Identifier: Apache-2.0
"""Under construction."""


def virtual() -> None:
    """Under construction."""
    raise NotImplementedError
