# SPDX-License-Identifier: Apache-2.0
"""Proves the audio thread's C code free of allocation, locks and input/output.

Two proofs that fail differently:

* Function effects: Clang follows every call from a function marked SX_REALTIME
  and refuses what may block (`-Wfunction-effects`). It sees each C file alone
  and trusts the marks of declarations.
* Symbols: starting from the marked functions of the public header, every
  object file they lead to is read with nm, and what these objects take from
  outside the engine must stand in ALLOWED. It trusts no mark.

Usage: python tools/realtime_proof.py [--header FILE] [--cc COMMAND] FILE.c...
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

CLANG = [sys.executable, "-m", "ziglang", "cc"]
EFFECTS = ["-std=c11", "-Wfunction-effects", "-Werror=function-effects", "-c"]
COMPILE = ["-std=c11", "-O3", "-ffp-contract=off", "-fno-stack-protector", "-U_FORTIFY_SOURCE"]

ALLOWED = {
    "memcpy": "bounded copy",
    "memmove": "bounded copy",
    "memset": "bounded fill",
    "clock_gettime": "reads the time from memory that the kernel shares; csrc/stopwatch.c says more",
    "_GLOBAL_OFFSET_TABLE_": "position-independent addressing",
    "__cpu_indicator_init": "the loader picks an SX_CLONED copy before any code runs",
    "__cpu_model": "the same",
    "__cpu_features2": "the same",
}

MARKED = re.compile(r"\b(sx_\w+)\s*\([^;{}]*?\)\s*SX_REALTIME\s*;", re.DOTALL)


def marked_functions(header: str) -> set[str]:
    """Return the names a header declares SX_REALTIME."""
    without_comments = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    return set(MARKED.findall(without_comments))


def effect_errors(sources: Iterable[Path]) -> str:
    """Return what Clang says against the marks of these files; nothing means proved."""
    said = []
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            command = [*CLANG, *EFFECTS, str(source), "-o", str(Path(folder) / "object.o")]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            if run.returncode:
                said.append(run.stderr)
    return "".join(said)


def symbols(objects: Sequence[Path], option: str) -> dict[Path, set[str]]:
    """Return the names nm lists per object, for example with ``--undefined-only``."""
    found = {}
    for path in objects:
        lines = subprocess.run(
            ["nm", option, "--format=posix", str(path)], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        found[path] = {line.split()[0] for line in lines}
    return found


def foreign_symbols(objects: Sequence[Path], roots: set[str]) -> dict[str, set[str]]:
    """Return, per object the roots lead to, the outside names it uses that are not ALLOWED."""
    defined = symbols(objects, "--defined-only")
    undefined = symbols(objects, "--undefined-only")
    home = {name: path for path, names in defined.items() for name in names}
    missing = roots - home.keys()
    if missing:
        raise SystemExit(f"No object defines {', '.join(sorted(missing))}: is every C file given?")
    waiting = {home[name] for name in roots}
    reached: set[Path] = set()
    while waiting:
        path = waiting.pop()
        reached.add(path)
        waiting |= {home[name] for name in undefined[path] if name in home} - reached
    outside = {path.stem: undefined[path] - home.keys() - ALLOWED.keys() for path in reached}
    return {stem: names for stem, names in outside.items() if names}


def compiled(sources: Iterable[Path], folder: Path, cc: Sequence[str]) -> list[Path]:
    """Compile each source into an object file of the folder."""
    objects = []
    for source in sources:
        objects.append(folder / f"{source.stem}.o")
        subprocess.run([*cc, *COMPILE, "-c", str(source), "-o", str(objects[-1])], check=True)
    return objects


def main() -> int:
    """Run both proofs and say what they found."""
    parser = argparse.ArgumentParser(description="Prove the audio thread's C code real-time safe.")
    parser.add_argument("--header", type=Path, default=Path("csrc/sixop.h"), help="declares the roots")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"), help="compiler of the objects for nm")
    parser.add_argument("sources", type=Path, nargs="+")
    options = parser.parse_args()
    roots = marked_functions(options.header.read_text(encoding="utf-8"))
    if not roots:
        print(f"{options.header} declares no function SX_REALTIME, so there is nothing to prove.", file=sys.stderr)
        return 1
    errors = effect_errors(options.sources)
    with tempfile.TemporaryDirectory() as folder:
        objects = compiled(options.sources, Path(folder), shlex.split(options.cc))
        foreign = foreign_symbols(objects, roots)
    for stem, names in sorted(foreign.items()):
        errors += f"{stem}.o is on the audio thread and uses {', '.join(sorted(names))}\n"
    if errors:
        print(errors, end="", file=sys.stderr)
        return 1
    print(f"Real-time safe: {', '.join(sorted(roots))} and all they call, in {len(options.sources)} files.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
