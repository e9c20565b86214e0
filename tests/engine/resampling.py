# SPDX-License-Identifier: Apache-2.0
"""The engine's resampler alone, compiled for the tests, and what a sine becomes in it."""

import functools
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cffi import FFI

from synth import NATIVE_RATE

HERE = Path(__file__).resolve().parent
CSRC = HERE.parents[1] / "csrc"
SOURCES = (HERE / "resample.c", CSRC / "resampler.c", CSRC / "resampler_setup.c")
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-shared", "-fPIC", f"-I{CSRC}")

ffi = FFI()
ffi.cdef("double resample(uint32_t rate, int with_output_filter, const float *native, float *out, uint32_t frames);")


@functools.cache
def library():
    """The compiled resampler; made once a test run."""
    compiler = [shutil.which("cc")] if shutil.which("cc") else [sys.executable, "-m", "ziglang", "cc"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "resample.so"
        subprocess.run([*compiler, *FLAGS, *map(str, SOURCES), "-lm", "-o", str(file)], check=True)
        return ffi.dlopen(str(file))


def resampled(native: np.ndarray, rate: int, frames: int, dx7: bool = False) -> tuple[np.ndarray, float]:
    """Device frames float32 (frames,) from native ones, and the delay in seconds that the resampler reports."""
    samples = np.ascontiguousarray(native, np.float32)
    assert len(samples) >= frames * NATIVE_RATE / rate + 1
    out = np.empty(frames, np.float32)
    delay = library().resample(rate, dx7, ffi.from_buffer("float[]", samples), ffi.from_buffer("float[]", out), frames)
    assert delay >= 0
    return out, delay


@dataclass(frozen=True)
class Response:
    """What becomes of a sine of peak 1."""

    gain: complex  # of the sine itself, against an undelayed one
    rest: float  # peak of a sine with the power of everything else: images, aliases, noise


def response(hertz: float, rate: int, dx7: bool = False) -> Response:
    """Feed a sine and take it out of the output again by least squares."""
    frames = 3000
    lead = round(0.02 * rate)  # by then the kernel is full
    native = np.cos(2 * np.pi * hertz / NATIVE_RATE * np.arange(int((lead + frames) * NATIVE_RATE / rate) + 3))
    out, _ = resampled(native, rate, lead + frames, dx7)
    angle = 2 * np.pi * hertz / rate * np.arange(lead, lead + frames)
    settled = out[lead:].astype(float)
    if hertz >= rate / 2:  # nothing of it may be left
        return Response(0j, float(np.sqrt(2 * np.mean(settled**2))))
    basis = np.column_stack((np.cos(angle), -np.sin(angle)))
    (real, imaginary), *_ = np.linalg.lstsq(basis, settled, rcond=None)
    rest = settled - basis @ (real, imaginary)
    return Response(complex(real, imaginary), float(np.sqrt(2 * np.mean(rest**2))))
