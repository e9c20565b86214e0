# SPDX-License-Identifier: Apache-2.0
"""Builds `synth._engine`: every csrc/*.c behind the declarations of csrc/sixop.h.

The header is the only truth. CFFI wants declarations and integer constants
without a preprocessor, so the other directives and the compiler's marks are
taken out of the text here.
"""

import re
import sys
from pathlib import Path

from cffi import FFI

ROOT = Path(__file__).resolve().parent
CSRC = ROOT / "csrc"

INTEGER_DEFINE = re.compile(r"#define\s+\w+\s+\(?(-?(?:0[xX][0-9a-fA-F]+|\d+))\)?\s*(?:/[/*].*)?$")

if sys.platform == "win32":  # MSVC 17.5 and later; its default /fp:precise contracts nothing
    COMPILE_ARGS = ["/std:c11", "/experimental:c11atomics", "/O2", "/W3"]
else:
    # Contraction would let the compiler fuse multiply and add where the machine
    # can, and the same voice would sound (and hash) differently per machine.
    COMPILE_ARGS = ["-std=c11", "-O3", "-ffp-contract=off", "-fvisibility=hidden", "-Wall"]


def declarations(header: str) -> str:
    """Return the text of a C header as CFFI reads it: no directives but integer #defines, no marks."""
    lines = [line for line in header.splitlines() if not line.startswith("#") or INTEGER_DEFINE.match(line)]
    return "\n".join(lines).replace(" SX_REALTIME", "")


def c_files(pattern: str) -> list[str]:
    """Return the C files that match, relative to the project and in a fixed order."""
    return sorted(path.relative_to(ROOT).as_posix() for path in CSRC.glob(pattern))


ffibuilder = FFI()
ffibuilder.cdef(declarations((CSRC / "sixop.h").read_text(encoding="utf-8")))
ffibuilder.set_source(
    "synth._engine",
    '#include "sixop.h"',
    sources=c_files("*.c"),
    depends=c_files("*.h"),
    include_dirs=["csrc"],
    libraries=[] if sys.platform == "win32" else ["m"],
    extra_compile_args=COMPILE_ARGS,
)

if __name__ == "__main__":
    ffibuilder.compile(verbose=True)
