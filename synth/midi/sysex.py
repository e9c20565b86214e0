# SPDX-License-Identifier: Apache-2.0
"""Live system exclusive, as a DX7 understands it: banks, voices, function parameters, and single parameters.

Formats of the DX7 owner's manual, "MIDI data format": `F0 43 0n ...` carries
voices, `F0 43 1n gg pp dd F7` changes parameter pp of group gg on channel n,
`F0 43 2n f F7` asks for a dump of format f.
What a TX7 and the modules of a TX816 know besides is in `tx7.py`.
Tunings come in messages that are not Yamaha's: see `tuning_messages.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth import packing
from synth.engine import lib
from synth.errors import SixopError
from synth.functions import FUNCTIONS
from synth.midi.tuning_messages import UNIVERSAL, read_tuning_message
from synth.midi.tx7 import FUNCTION_FORM, PartVolume, read_tx7_change, read_tx7_functions
from synth.parameters import ALL_OPERATORS_ON, VOICE_SIZE
from synth.patch import Patch
from synth.sysex import BANK_VOICES, Kind, identify
from synth.tuning import TuningChange
from synth.voices import load_voices

_YAMAHA = 0x43
_BULK, _PARAMETER, _REQUEST = 0x00, 0x10, 0x20
_REQUEST_BYTES = 5
VOICE_FORM, BANK_FORM = 0, 9
"""The formats of dumps, in their headers and in requests for them."""
_VOICE_GROUP, _TX7_GROUP, _FUNCTION_GROUP = 0, 1, 2
_BUTTONS = 42  # of the front panel: the first numbers of group 2
_PARAMETER_CHANGE_BYTES = 7

FUNCTION_NAMES = {
    function.number: name for name, function in FUNCTIONS.items() if function.number != lib.SX_MASTER_TUNE
}
"""Function parameters by their number in group 2."""


@dataclass(frozen=True)
class BankDump:
    """32 voices for everyone, and what had to be repaired in them."""

    voices: list[Patch]
    problems: list[str]


@dataclass(frozen=True)
class VoiceDump:
    """One voice for one part (0..15), and what had to be repaired in it."""

    part: int
    voice: Patch
    problems: list[str]


@dataclass(frozen=True)
class ParameterChange:
    """Byte `index` (0..154) of a part's voice becomes `value`; 155 are the operator switches."""

    part: int
    index: int
    value: int

    @property
    def switches(self) -> int | None:
        """The operator switches, bit 5 for operator 1; None if this changes something else."""
        return self.value & ALL_OPERATORS_ON if self.index == VOICE_SIZE else None

    def applied_to(self, voice: Patch) -> Patch:
        """A copy of the voice with the value in it, brought into its range."""
        if self.switches is not None:
            changed = voice.copy()
            changed.operators_on = self.switches
            return changed
        raw = np.array(voice.to_raw())
        raw[self.index] = self.value
        changed = Patch.from_raw(packing.clamp(raw[None])[0])
        changed.operators_on = voice.operators_on
        return changed


@dataclass(frozen=True)
class FunctionChange:
    """Function parameters of a part get these values, by name; and what had to be repaired in them."""

    part: int
    values: dict[str, int]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class DumpRequest:
    """Somebody wants a part's dump: of its voice, its function parameters, or its bank."""

    part: int
    form: int


@dataclass(frozen=True)
class Remark:
    """A message that is understood, and why nothing comes of it."""

    text: str


SysexMeaning = (
    BankDump | VoiceDump | ParameterChange | FunctionChange | PartVolume | TuningChange | DumpRequest | Remark
)


def read_sysex(message: bytes) -> SysexMeaning | None:
    """What one whole message (F0 to F7) asks for; None if it is not for a DX7.

    Raises:
        SixopError: it is voice data, but not of a kind that can be played, or a damaged tuning.
    """
    if len(message) > 1 and message[1] in UNIVERSAL:
        return read_tuning_message(message)
    if len(message) < _REQUEST_BYTES or message[1] != _YAMAHA:
        return None
    kind, part = message[2] & 0x70, message[2] & 0x0F
    if kind == _REQUEST:
        known = len(message) == _REQUEST_BYTES and message[3] in (VOICE_FORM, FUNCTION_FORM, BANK_FORM)
        return DumpRequest(part, message[3]) if known else None
    if len(message) < _PARAMETER_CHANGE_BYTES:
        return None
    if kind == _BULK:
        return _read_bulk(message, part)
    if kind == _PARAMETER and len(message) == _PARAMETER_CHANGE_BYTES:
        return _read_change(part, message[3], message[4], message[5])
    return None


def _read_bulk(message: bytes, part: int) -> SysexMeaning | None:
    kind = identify(message).kind
    if kind is Kind.FUNCTION:
        return FunctionChange(part, *read_tx7_functions(message))
    if kind is Kind.PERFORMANCE:
        return Remark("64 function memories of a TX7 came: there is no place for them; send the one that should count")
    found = load_voices(message)
    problems = [str(problem) for problem in found.problems]
    if len(found) == BANK_VOICES:
        return BankDump(list(found), problems)
    if len(found) == 1:
        return VoiceDump(part, found[0], problems)
    raise SixopError(f"a bank has {BANK_VOICES} voices, this has {len(found)}: {'; '.join(problems)}")


def _read_change(part: int, group_and_high: int, low: int, value: int) -> SysexMeaning | None:
    group = group_and_high >> 2  # the lowest two bits are the parameter's bits 8 and 7
    number = (group_and_high & 0x03) << 7 | low
    if group == _VOICE_GROUP and number <= VOICE_SIZE:
        return ParameterChange(part, number, value)
    if group == _TX7_GROUP:
        change = read_tx7_change(part, number, value)
        return FunctionChange(part, change) if isinstance(change, dict) else change
    if group == _FUNCTION_GROUP and number in FUNCTION_NAMES:
        name = FUNCTION_NAMES[number]
        return FunctionChange(part, {name: min(value, FUNCTIONS[name].highest)})
    if group == _FUNCTION_GROUP and number < _BUTTONS:
        return Remark("buttons of a DX7's front panel were pressed from afar: sixop has none of them")
    return None
