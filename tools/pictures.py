# SPDX-License-Identifier: Apache-2.0
"""Draw the README's pictures: what the commands really print, as SVG.

    python tools/pictures.py

Each command runs in a pseudo-terminal of its own, so it shows what a person would see.
"""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parents[1] / "docs"
PICTURES = {
    "play": (96, ["play", "--seconds", "1.5"]),
    "voice": (132, ["bank", "show", "--voice", "1"]),
    "bank": (80, ["bank", "ls"]),
    "doctor": (100, ["doctor"]),
}


def printed(columns: int, arguments: list[str], home: str) -> str:
    """What `sixop ARGUMENTS` prints to a terminal that many columns wide."""
    control, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", "SIXOP_HOME": home}
    command = [sys.executable, "-m", "sixop", *arguments]
    process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment)
    os.close(terminal)
    data = b""
    while True:
        try:
            chunk = os.read(control, 65536)
        except OSError:  # the other end has closed
            break
        if not chunk:
            break
        data += chunk
    os.close(control)
    if process.wait() != 0:
        sys.exit(f"sixop {' '.join(arguments)} failed")
    return data.decode().replace("\r\n", "\n")


def draw(name: str, columns: int, arguments: list[str], home: str) -> None:
    """One picture, docs/NAME.svg."""
    text = Text.from_ansi(printed(columns, arguments, home).rstrip())
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True)
    console.print(f"[bold green]$[/] sixop {' '.join(arguments)}", highlight=False)
    console.print(text)
    console.save_svg(str(DOCS / f"{name}.svg"), title="sixop", unique_id=name)


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for picture, (width, command_line) in PICTURES.items():
            draw(picture, width, command_line, folder)
