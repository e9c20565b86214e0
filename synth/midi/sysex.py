# SPDX-License-Identifier: Apache-2.0
"""Live system exclusive, as a DX7 understands it: banks, voices and single parameters.

Formats of the DX7 owner's manual, "MIDI data format": `F0 43 0n ...` carries
voices, `F0 43 1n gg pp dd F7` changes parameter pp of group gg on channel n.
Tunings come in messages that are not Yamaha's: see `tuning_messages.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from synth import packing
from synth.engine import FUNCTIONS, lib
from synth.errors import SixopError
from synth.midi.tuning_messages import UNIVERSAL, read_tuning_message
from synth.patch import Patch
from synth.tuning import TuningChange
from synth.voices import load_voices

_YAMAHA = 0x43
_BULK, _PARAMETER = 0x00, 0x10
_VOICE_GROUP, _FUNCTION_GROUP = 0, 2
_PARAMETER_CHANGE_BYTES = 7
VOICES_PER_BANK = 32

FUNCTION_NAMES = {number: name for name, (number, _) in FUNCTIONS.items() if number != lib.SX_MASTER_TUNE}
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

    def applied_to(self, voice: Patch) -> Patch:
        """The voice with the value in it, brought into its range; the same voice for the operator switches."""
        raw = voice.to_raw()
        if self.index >= raw.size:
            return voice
        raw[self.index] = self.value
        return Patch.from_raw(packing.clamp(raw[None])[0])


@dataclass(frozen=True)
class FunctionChange:
    """Function parameter `name` of a part becomes `value`."""

    part: int
    name: str
    value: int


SysexMeaning = BankDump | VoiceDump | ParameterChange | FunctionChange | TuningChange


def read_sysex(message: bytes) -> SysexMeaning | None:
    """What one whole message (F0 to F7) asks for; None if it is not for a DX7.

    Raises:
        SixopError: it is voice data, but not of a kind that can be played, or a damaged tuning.
    """
    if len(message) > 1 and message[1] in UNIVERSAL:
        return read_tuning_message(message)
    if len(message) < _PARAMETER_CHANGE_BYTES or message[1] != _YAMAHA:
        return None
    kind, part = message[2] & 0x70, message[2] & 0x0F
    if kind == _BULK:
        return _read_bulk(message, part)
    if kind == _PARAMETER and len(message) == _PARAMETER_CHANGE_BYTES:
        return _read_change(part, message[3], message[4], message[5])
    return None


def _read_bulk(message: bytes, part: int) -> SysexMeaning | None:
    found = load_voices(message)
    problems = [str(problem) for problem in found.problems]
    if len(found) == VOICES_PER_BANK:
        return BankDump(list(found), problems)
    if len(found) == 1:
        return VoiceDump(part, found[0], problems)
    raise SixopError(f"a bank has {VOICES_PER_BANK} voices, this has {len(found)}: {'; '.join(problems)}")


def _read_change(part: int, group_and_high: int, low: int, value: int) -> SysexMeaning | None:
    group = group_and_high >> 2  # the lowest two bits are the parameter's bits 8 and 7
    number = (group_and_high & 0x03) << 7 | low
    if group == _VOICE_GROUP and number <= 155:
        return ParameterChange(part, number, value)
    if group == _FUNCTION_GROUP and number in FUNCTION_NAMES:
        return FunctionChange(part, FUNCTION_NAMES[number], value)
    return None
