# SPDX-License-Identifier: Apache-2.0
"""Draw the pictures of the README and of docs: what commands really print and examples really draw, as SVG.

    python tools/pictures.py

The graph is that of the example in docs/python.md. Each command runs in a pseudo-terminal of its own, so it shows what
a person would see. A virtual board stands in for the XFM2, and a copy of the factory bank is there as bank.syx.
"""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.text import Text

from bridge.virtual import VirtualXfm2
from synth import factory_bank
from synth.resources import config_path

DOCS = Path(__file__).resolve().parents[1] / "docs"
TALLEST = 40  # lines of a picture
COLOURS = 64
PICTURES = {
    "play": (96, ["play", "--seconds", "1.5"]),
    "voice": (132, ["bank", "show", "--voice", "1"]),
    "bank": (80, ["bank", "ls"]),
    "doctor": (100, ["doctor"]),
    "board": (96, ["xfm2", "send", "bank.syx", "--voice", "5", "--port", "./xfm2"]),
    "conversion": (150, ["convert", "bank.syx", "--voice", "9", "--report"]),
}


def printed(columns: int, arguments: list[str], folder: str) -> str:
    """What `sixop ARGUMENTS` prints to a terminal that many columns wide."""
    control, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", "SIXOP_HOME": f"{folder}/home"}
    command = [sys.executable, "-m", "sixop", *arguments]
    process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, cwd=folder)
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


def draw(name: str, columns: int, arguments: list[str], folder: str) -> None:
    """One picture, docs/NAME.svg."""
    lines = printed(columns, arguments, folder).rstrip().splitlines()
    left_out = [f"... and {len(lines) - TALLEST} more"] if len(lines) > TALLEST else []
    text = Text.from_ansi("\n".join(lines[:TALLEST] + left_out))
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True)
    console.print(f"[bold green]$[/] sixop {' '.join(arguments)}", highlight=False)
    console.print(text)
    console.save_svg(str(DOCS / f"{name}.svg"), title="sixop", unique_id=name)


def draw_graph() -> None:
    """What the example with `to_svg` in docs/python.md makes: docs/graph.svg."""
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    (example,) = (code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "to_svg" in code)
    names: dict[str, str] = {}
    exec(example, names)  # the page is ours
    (DOCS / "graph.svg").write_text(names["svg"], encoding="utf-8")


def draw_patch() -> None:
    """The first factory voice as `Patch.plot` shows it, docs/patch.png: as SVG it would be ten times as large."""
    file = io.BytesIO()
    factory_bank()[0].plot().savefig(file, dpi=80)
    Image.open(file).quantize(COLOURS).save(DOCS / "patch.png", optimize=True)


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    draw_graph()
    draw_patch()
    with tempfile.TemporaryDirectory() as folder, VirtualXfm2(link=Path(folder) / "xfm2"):
        shutil.copy(config_path("factory.syx"), Path(folder) / "bank.syx")
        for picture, (width, command_line) in PICTURES.items():
            draw(picture, width, command_line, folder)
