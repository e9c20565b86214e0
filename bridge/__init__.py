# SPDX-License-Identifier: Apache-2.0
"""The bridge between DX7 voices and the XFM2 board.

    from bridge import Xfm2, convert
    from synth import Bank

    voice = Bank.load("bank.syx")[0]
    print(convert(voice).lost)          # no board needed
    with Xfm2.open() as xfm2:
        xfm2.load(voice)                # converted, sent, read back, compared

Importing this package opens no port. It imports `synth`; `synth` never imports it.
"""

from bridge.convert import Conversion, convert
from bridge.device import Event, Loaded, Xfm2
from bridge.errors import BridgeError
from bridge.files import read_programs, write_programs
from bridge.parameters import INIT_PROGRAM, PARAMETERS, Parameter
from bridge.program import Program
from bridge.virtual import VirtualXfm2

__all__ = [
    "INIT_PROGRAM",
    "PARAMETERS",
    "BridgeError",
    "Conversion",
    "Event",
    "Loaded",
    "Parameter",
    "Program",
    "VirtualXfm2",
    "Xfm2",
    "convert",
    "read_programs",
    "write_programs",
]
