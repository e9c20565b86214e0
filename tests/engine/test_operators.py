# SPDX-License-Identifier: Apache-2.0
"""One operator of the `chip` kernel gives what the ROMs say, by every instruction set."""

import subprocess

import pytest
from builds import BUILDS, CSRC, HERE, why_not
from cffi import FFI

SOURCES = [HERE / "sound.c", *(CSRC / name for name in ("operators.c", "rom.c", "rom_setup.c"))]
SILENT = 14 * 1024
HIGHEST = 18 * 1024  # with the log-sine's 10597 on top still below the sign bit

ffi = FFI()
ffi.cdef("uint32_t wrong_outputs(uint32_t first, uint32_t step, uint32_t end, uint32_t frames);")


@pytest.fixture(scope="module", params=[*BUILDS, "as installed"])
def wrong_outputs(request, tmp_path_factory):
    flags = (*BUILDS[request.param], "-DSX_CLONED=") if request.param in BUILDS else ("-O3",)
    if reason := why_not(request.param):
        pytest.skip(reason)
    library = tmp_path_factory.mktemp("operators") / "sound.so"
    command = ["cc", "-std=c11", *flags, "-shared", "-fPIC", f"-I{CSRC}", *map(str, SOURCES), "-o", str(library)]
    subprocess.run(command, check=True)
    return ffi.dlopen(str(library)).wrong_outputs


def test_every_place_at_every_audible_attenuation(wrong_outputs):
    assert wrong_outputs(0, 1, SILENT, 128) == 0


def test_silence_beyond(wrong_outputs):
    assert wrong_outputs(SILENT, 61, HIGHEST, 128) == 0


@pytest.mark.parametrize("frames", [1, 2, 16, 17, 31, 32, 33, 48, 49, 63, 64, 65, 113, 132])
def test_any_number_of_frames(wrong_outputs, frames):
    assert wrong_outputs(0, 997, HIGHEST, frames) == 0
