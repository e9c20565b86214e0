# SPDX-License-Identifier: Apache-2.0
"""Draw the pictures of the README and of docs: what commands really print and examples really draw, as SVG.

    python tools/pictures.py

The graph is that of the example in docs/python.md. Each command runs in a pseudo-terminal of its own, so it shows what
a person would see. A virtual board stands in for the XFM2, and a copy of the factory bank is there as bank.syx.
"""

from __future__ import annotations

import asyncio
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
from synth import Bank, Patch, factory_bank
from synth.library import Library
from synth.resources import config_path
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.library_shelf import LibraryShelf
from synth.tui.shelf import BankShelf
from synth.variation import mutate

DOCS = Path(__file__).resolve().parents[1] / "docs"
TALLEST = 40  # lines of a picture
COLOURS = 64
MUTANTS = 12
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


def draw_screen(folder: Path) -> None:
    """The terminal screen while it is played: docs/screen.svg, docs/map.svg."""
    with Library.open(folder / "library.db") as library:
        bank = list(factory_bank())
        (folder / "voices").mkdir()
        Bank(bank).save(folder / "voices" / "factory.syx")
        for seed in range(MUTANTS):  # a library to walk in
            varied = [mutate(voice, 0.15, seed=seed) for voice in bank]
            Bank(varied).save(folder / "voices" / f"variations-{seed + 1}.syx")
        library.scan([folder / "voices"])
        library.analyse()
        asyncio.run(_walk(library, bank))


async def _walk(library: Library, bank: list[Patch]) -> None:
    with Session(bank, "factory", audio="none", midi=["none"]) as session:
        app = SixopApp(session, [BankShelf(bank, "factory"), LibraryShelf(library)], library)
        async with app.run_test(size=(150, 44)) as pilot:

            async def press(*keys: str) -> None:
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause(0.3)

            await press("tab", "slash", *"sort", "colon", *"random", "colon", "7", "enter")
            await press("down", "f", "down", "asterisk", "asterisk", "down", "f", "down", "down", "k", "down")
            await press("space", "z", "c", "b", "a", "down")
            (DOCS / "screen.svg").write_text(app.export_screenshot(title="sixop play --face tui"), encoding="utf-8")
            await press("f2", "right", "right", "up")
            (DOCS / "map.svg").write_text(app.export_screenshot(title="sixop play --face tui"), encoding="utf-8")


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    draw_graph()
    draw_patch()
    with tempfile.TemporaryDirectory() as folder:
        draw_screen(Path(folder))
    with tempfile.TemporaryDirectory() as folder, VirtualXfm2(link=Path(folder) / "xfm2"):
        shutil.copy(config_path("factory.syx"), Path(folder) / "bank.syx")
        for picture, (width, command_line) in PICTURES.items():
            draw(picture, width, command_line, folder)
