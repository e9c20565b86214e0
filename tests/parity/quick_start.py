# SPDX-License-Identifier: Apache-2.0
"""dexed-py's quick start, run block by block against a package: ``python tests/parity/quick_start.py synth``.

The text is read from the reference material and not kept here. Its lines have lost their indentation, so what is
kept here is which lines are code, and which of them stood further in.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

LINES = 152
#: first and last line of each block, counted from 1
BLOCKS = {
    "patch": (4, 18),
    "SysEx files": (21, 32),
    "preset": (35, 55),
    "patch to preset and back": (58, 66),
    "JAX callback": (68, 85),
    "JAX flat vector": (87, 92),
    "algorithms": (95, 101),
    "render_all_ops": (104, 113),
    "normalize_feedback": (116, 119),
    "graph of seven": (122, 136),
    "graph from a matrix": (138, 143),
    "graph from an algorithm": (145, 147),
    "graph as text": (149, 152),
}
INDENTED = {26, 31, 73, 74, 78, 91, 92, 126, 127, 130}  # lines within brackets may stand anywhere


def blocks(text: str, package: str = "synth") -> dict[str, str]:
    """The code of each block, with its imports from `package`."""
    lines = text.splitlines()
    if len(lines) != LINES:
        raise ValueError(f"another edition of the quick start: {len(lines)} lines, not {LINES}")
    code = [" " * 4 * (number in INDENTED) + line for number, line in enumerate(lines, 1)]
    return {
        name: "\n".join(code[first - 1 : last]).replace("from dexed import", f"from {package} import") + "\n"
        for name, (first, last) in BLOCKS.items()
    }


def run(code: dict[str, str], names: dict[str, Any]) -> dict[str, str]:
    """Run the blocks in order with these names, in the current folder; what went wrong, by block.

    `presets`, which the text never makes, are the presets of its bank.
    """
    failed = {}
    for block, text in code.items():
        try:
            if block == "preset":
                names["presets"] = [patch.to_preset() for patch in names["patches"]]
            exec(compile(text, block, "exec"), names)  # a text people are told to type
        except Exception as error:  # whatever it is, it is what they would see
            failed[block] = traceback.format_exception_only(error)[-1].strip()
    return failed


def make_files(folder: Path) -> None:
    """The two files the text reads: a bank and a voice."""
    from synth import factory_bank

    bank = factory_bank()
    bank.save(folder / "rom1a.syx")
    (folder / "voice.syx").write_bytes(bank[0].to_message())


def main() -> None:
    """Print what failed with the package named first; the text is the file named second, files go to the third."""
    package, text, folder = sys.argv[1:]
    make_files(Path(folder))
    os.chdir(folder)
    output, sys.stdout = sys.stdout, sys.stderr
    failed = run(blocks(Path(text).read_text(encoding="utf-8"), package), {})
    print(json.dumps(failed), file=output)


if __name__ == "__main__":
    main()
