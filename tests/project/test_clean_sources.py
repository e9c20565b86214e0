# SPDX-License-Identifier: Apache-2.0
"""The sources speak of the project alone: no machine's folders, no package registries, a licence line each."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Written apart, so that this file passes its own test.
HOME_OR_WORK_FOLDER = re.compile(r"(?<![\w.~}])/(?:home|root|work|Users|tmp/[a-z]+[-_.]?venv)" + r"/[\w.]", re.ASCII)
REGISTRY = re.compile(r"(?:py" + r"pi\.org|pythonhosted" + r"\.org|index" + r"-url|find" + r"-links)", re.IGNORECASE)


def sources() -> list[Path]:
    """Return the text files git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listing.stdout.splitlines()]
    return [path for path in files if path.is_file() and b"\0" not in path.read_bytes()[:8192]]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_patterns_find_what_they_should() -> None:
    for text in ["open('/" + "home/ann/x')", "/" + "work/main", 'cd "/' + 'root/a"', "/" + "Users/ann"]:
        assert HOME_OR_WORK_FOLDER.search(text), text
    for text in ["~/home/x", "https://example.org/home/x", "$HOME/x", "tests/home/x"]:
        assert not HOME_OR_WORK_FOLDER.search(text), text
    assert REGISTRY.search("https://PyP" + "I.org/simple")


def test_no_folders_of_one_machine() -> None:
    assert lines_with(HOME_OR_WORK_FOLDER) == []


def test_no_package_registries() -> None:
    assert lines_with(REGISTRY) == []


def test_each_source_file_names_its_licence() -> None:
    unnamed = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.suffix in {".py", ".c", ".h", ".sh"}
        and "SPDX-License-Identifier: Apache-2.0" not in path.read_text("utf-8")
    ]
    assert unnamed == []
