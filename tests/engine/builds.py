# SPDX-License-Identifier: Apache-2.0
"""The engine compiled for one instruction set after another, playing many voices at once."""

import functools
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
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
    "plain C": ("-O2", "-DSX_PLAIN"),
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


def compiled(sources: Iterable[Path], flags: Sequence[str], folder: Path) -> list[Path]:
    """Object files of these sources."""

    def one(source: Path) -> Path:
        target = folder / f"{source.stem}.o"
        subprocess.run(["cc", *FLAGS, *flags, "-c", str(source), "-o", str(target)], check=True)
        return target

    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, sources))


@functools.cache
def common() -> tuple[tempfile.TemporaryDirectory, list[Path]]:
    """The objects that all builds share: those that exist for one instruction set only."""
    folder = tempfile.TemporaryDirectory()
    sources = [source for source in SOURCES if not is_cloned(source)]
    return folder, compiled(sources, ("-O1",), Path(folder.name))


def is_cloned(source: Path) -> bool:
    return "SX_CLONED" in source.read_text()


@functools.cache
def library(build: str):
    """The engine with all that is compiled for several instruction sets as this build has it; made once a test run."""
    with tempfile.TemporaryDirectory() as folder:
        objects = compiled(filter(is_cloned, SOURCES), BUILDS[build], Path(folder))
        file = Path(folder) / "chorus.so"
        subprocess.run(["cc", "-shared", *map(str, common()[1] + objects), "-lm", "-o", str(file)], check=True)
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
