# SPDX-License-Identifier: Apache-2.0
"""What a look of `sixop doctor` gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One look. `state`: ok; limited (it plays, but less well); missing (it does not play)."""

    subject: str
    state: str
    detail: str
    fix: str = ""
