# SPDX-License-Identifier: Apache-2.0
"""What a figure belongs to: the computer and the versions it was measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

_VECTORS: Final = {"avx512f": "AVX-512", "avx2": "AVX2", "sse2": "SSE2"}


def this_machine() -> dict[str, Any]:
    """The computer in a few words."""
    facts = _cpu_facts()
    flags = facts.get("flags", "").split()
    return {
        "cpu": facts.get("model name") or platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "vectors": next((name for flag, name in _VECTORS.items() if flag in flags), ""),
        "processors": os.cpu_count() or 1,
        "system": platform.system(),
    }


def these_versions() -> dict[str, str]:
    """What was measured, and with what."""
    found = {"python": platform.python_version()}
    for name in ("sixop", "numpy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def cpu_slug(machine: dict[str, Any]) -> str:
    """The processor as a file name: two computers with the same one share a baseline."""
    words = f"{machine['cpu']} {machine['vectors']}".lower()
    return "-".join("".join(c if c.isalnum() else " " for c in words).split())


def _cpu_facts() -> dict[str, str]:
    """What Linux says of the first processor; nothing elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text().partition("\n\n")[0].splitlines()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}
