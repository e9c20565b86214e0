# SPDX-License-Identifier: Apache-2.0
"""The engine compiled for one instruction set after another, playing many voices at once."""

import functools
import platform
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from cffi import FFI

HERE = Path(__file__).resolve().parent
CSRC = HERE.parents[1] / "csrc"
SOURCES = (HERE / "chorus.c", *sorted(CSRC.glob("*.c")))
FLAGS = ("-std=c11", "-ffp-contract=off", "-DSX_CLONED=", "-fPIC", f"-I{CSRC}")

#: what the compiler is told
BUILDS = {
    "x86-64": ("-O3", "-march=x86-64"),
    "x86-64-v3": ("-O3", "-march=x86-64-v3"),
    "x86-64-v4": ("-O3", "-march=x86-64-v4"),
    "no vectors": ("-O1", "-fno-tree-vectorize"),
}
#: what the processor must know for it, as Linux calls it
NEEDS = {"x86-64": (), "x86-64-v3": ("avx2", "fma", "bmi2"), "x86-64-v4": ("avx512f", "avx512bw", "avx512vl")}

ffi = FFI()
ffi.cdef(
    "int chorus(uint32_t kernel, uint32_t rate, const uint8_t *voices, uint32_t count, float *out, uint32_t frames);"
)


def why_not(build: str) -> str | None:
    """Why this build cannot be made or run here, if so."""
    if shutil.which("cc") is None:
        return "no C compiler"
    if build not in NEEDS:
        return None
    if platform.machine() != "x86_64":
        return "another processor family"
    cpuinfo = Path("/proc/cpuinfo")
    known = cpuinfo.read_text().split() if cpuinfo.exists() else []
    missing = [feature for feature in NEEDS[build] if feature not in known]
    return f"the processor lacks {', '.join(missing)}" if missing else None


@functools.cache
def library(build: str):
    """The compiled engine; made once a test run."""
    with tempfile.TemporaryDirectory() as folder:
        objects = [Path(folder) / f"{source.stem}.o" for source in SOURCES]

        def compile_one(source: Path, target: Path) -> None:
            subprocess.run(["cc", *FLAGS, *BUILDS[build], "-c", str(source), "-o", str(target)], check=True)

        with ThreadPoolExecutor() as pool:
            list(pool.map(compile_one, SOURCES, objects))
        file = Path(folder) / "chorus.so"
        subprocess.run(["cc", "-shared", *map(str, objects), "-lm", "-o", str(file)], check=True)
        return ffi.dlopen(str(file))


def chorus(build: str, kernel: int, rate: int, voices: np.ndarray, frames: int) -> np.ndarray:
    """What `chorus.c` plays with these voices, uint8 (count, 155): float32 (frames,)."""
    out = np.empty(frames, np.float32)
    data = np.ascontiguousarray(voices)
    made = library(build).chorus(
        kernel, rate, ffi.from_buffer("uint8_t[]", data), len(voices), ffi.from_buffer("float[]", out), frames
    )
    assert made
    return out
