# SPDX-License-Identifier: Apache-2.0
"""One DX7 voice that can be read and changed by name.

    bell = Patch("GLASS BELL")
    bell.algorithm = 4                        # 0..31: the DX7's algorithm 5
    bell.op[1].frequency_ratio = 3.5
    bell.op[1].envelope.rates = 95, 40, 28, 55
    bell.lfo.wave = "s&h"

A Patch is 155 bytes in VCED order and nothing else; operators, envelopes and LFO are windows on
those bytes. Values have the DX7's own ranges and are checked when they are assigned, so a Patch
is legal at any time. Beside the bytes stand the six operator switches, which no stored voice holds.
"""

import os
import unicodedata
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from . import packing, sysex
from .attributes import own
from .checks import shown
from .errors import VoiceError, VoiceWarning
from .fields import (
    CURVE_INDEX_TO_NAME,
    CURVE_NAMES,
    LFO_WAVE_INDEX_TO_NAME,
    LFO_WAVE_NAMES,
    Section,
    Switch,
    Value,
)
from .packing import Bytes
from .parameters import (
    ALL_OPERATORS_ON,
    INIT_VOICE,
    NAME,
    NAME_LENGTH,
    OPERATORS,
    PACKED_SIZE,
    PITCH_ENVELOPE,
    VOICE_SIZE,
)
from .patch_views import PatchViews
from .sections import LFO, Envelope, Operator, Operators, PitchEnvelope
from .voicebytes import as_bytes, describe_repairs, name_in, read_switches, remedy
from .voicewindows import VoiceBytes

if TYPE_CHECKING:
    from .preset import Preset

BANK_SYSEX_HEADER = sysex.bank_message(bytes(sysex.BANK_SIZE), 0)[: sysex.HEADER_SIZE]
BANK_SYSEX_SIZE = sysex.BANK_MESSAGE_SIZE

_DISPLAY = {0x5C: "¥", 0x7E: "→", 0x7F: "←"}  # where the DX7's display differs from ASCII
_TYPED = {glyph: chr(code) for code, glyph in _DISPLAY.items()}


class Patch(PatchViews):
    """One voice of 155 parameters.

    `Patch()` starts with all six operators at level 99, LFO sine and unsynchronised (as dexed-py does);
    `Patch.init_voice()` is what the DX7's INIT VOICE gives.

    algorithm 0..31, feedback 0..7, osc_key_sync bool, transpose 0..48 (24 none), pitch_mod_sensitivity 0..7.

    Patches compare and hash by content, so a set of patches holds no doubles: do not change one while it is in a
    set or the key of a dict.
    """

    __slots__ = ("_switches",)
    _size = VOICE_SIZE
    _fields = (
        "name", "algorithm", "feedback", "osc_key_sync", "transpose", "pitch_mod_sensitivity", "lfo", "pitch_envelope",
    )  # fmt: skip

    algorithm = Value(134)
    feedback = Value(135)
    osc_key_sync = Switch(136)
    pitch_mod_sensitivity = Value(143)
    transpose = Value(144)

    def __init__(self, name: str = "INIT VOICE") -> None:
        super().__init__(VoiceBytes(_defaults()))
        self._switches = ALL_OPERATORS_ON
        self.name = name

    @classmethod
    def init_voice(cls) -> Self:
        """The DX7's INIT VOICE: operator 1 alone, a plain sine."""
        return cls._of(INIT_VOICE)

    @classmethod
    def _of(cls, legal: bytes, switches: int = ALL_OPERATORS_ON) -> Self:
        """A patch of 155 bytes that are known to be in range."""
        patch = cls.__new__(cls)
        Section.__init__(patch, VoiceBytes(legal))
        object.__setattr__(patch, "_switches", switches)
        return patch

    # -- parts ---------------------------------------------------------------

    @property
    def op(self) -> Operators:
        """The operators, ``op[0]`` (operator 1) to ``op[5]`` (operator 6); assigning others copies their values.

        What is held of the old ones stays as it was, so operators can be swapped as items of a list are.
        """
        return Operators(self._data)

    @op.setter
    def op(self, operators: Iterable[Operator]) -> None:
        self.op._take(operators)

    @property
    def lfo(self) -> LFO:
        """The low frequency oscillator; assigning another LFO copies its values."""
        return LFO._view(self._data)

    @lfo.setter
    def lfo(self, lfo: LFO) -> None:
        self.lfo._take(lfo)

    @property
    def pitch_envelope(self) -> PitchEnvelope:
        """The pitch envelope; assigning another one copies its values."""
        return PitchEnvelope._view(self._data, PITCH_ENVELOPE)

    @pitch_envelope.setter
    def pitch_envelope(self, envelope: PitchEnvelope) -> None:
        self.pitch_envelope._take(envelope)

    @property
    def name(self) -> str:
        """Ten ASCII characters, padded with blanks.

        A longer name is cut to the ten places of the display. Accents are dropped (``É`` becomes ``E``) and the
        display's own ``¥ → ←`` are understood; any other character the DX7 cannot show becomes ``?``.
        """
        return self._data[NAME : NAME + NAME_LENGTH].decode("ascii")

    @name.setter
    def name(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"a voice name is text, not {type(name).__name__}")
        plain = "".join(_TYPED.get(char, char) for char in name)
        letters = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        shown = "".join(c if 32 <= ord(c) <= 127 else "?" for c in letters)
        self._data[NAME : NAME + NAME_LENGTH] = shown[:NAME_LENGTH].ljust(NAME_LENGTH).encode("ascii")

    @property
    def display_name(self) -> str:
        """The name as the DX7's display shows it, with ``¥ → ←`` and no blanks at the end."""
        return "".join(_DISPLAY.get(ord(c), c) for c in self.name).rstrip()

    @property
    def operators_on(self) -> int:
        """Operator switches, 0..63: bit 5 operator 1 down to bit 0 operator 6.

        Six of True and False, operator 1 first, may be assigned as well.
        """
        return self._switches

    @operators_on.setter
    def operators_on(self, switches: int | Sequence[bool]) -> None:
        given: Any = switches
        if (
            isinstance(given, Sequence | np.ndarray)
            and [type(on) in (bool, np.bool_) for on in given] == [True] * OPERATORS
        ):
            given = sum(1 << index for index, on in enumerate(reversed(given)) if on)
        if isinstance(given, bool) or not hasattr(given, "__index__"):
            raise TypeError(f"operators_on takes a whole number from 0 to 63, or six of True and False, not {given!r}")
        if not 0 <= given <= ALL_OPERATORS_ON:
            raise ValueError(f"operators_on is {shown(given)}; it goes from 0 to 63, one bit per operator")
        object.__setattr__(self, "_switches", int(given))

    # -- bytes ---------------------------------------------------------------

    @classmethod
    def from_raw(cls, params: Any) -> Self:
        """A patch of 155 numbers in VCED order: bytes, an array or any sequence.

        Values outside their range are brought to the nearest legal one, with a VoiceWarning that names them.

        Raises:
            VoiceError: another number of values, or values that are no bytes.
        """
        data = as_bytes(params, "a voice")
        if len(data) != VOICE_SIZE:
            raise VoiceError(f"a voice in VCED order has {VOICE_SIZE} bytes, not {len(data)}{remedy(len(data))}")
        given = np.frombuffer(data, np.uint8)
        legal = packing.clamp(given)
        if not np.array_equal(given, legal):
            _warn(f"voice {name_in(legal)!r} was repaired: {describe_repairs(given, legal)}")
        return cls._of(legal.tobytes())

    def to_raw(self) -> Bytes:
        """The 155 bytes in VCED order, a uint8 array of its own."""
        return np.frombuffer(bytes(self._data), np.uint8).copy()

    def to_bytes(self) -> bytes:
        """The 155 bytes in VCED order, as the engine takes them."""
        return bytes(self._data)

    __bytes__ = to_bytes

    @classmethod
    def from_sysex(cls, data: Any) -> Self:
        """A patch from a single voice: 155 bytes, 156 (with operator switches) or a whole message of 163.

        Bytes 6 to 161 of a message are 155 parameters and the checksum; a 156th byte that is the checksum
        of the rest is recognised and not taken for operator switches.

        Raises:
            VoiceError: anything else, with what it is and what to use instead.
        """
        data = as_bytes(data, "a voice")
        if data[:1] == b"\xf0":
            voice = sysex.voice_payload(data)
            right = sysex.checksum(voice)
            if data[-2] != right:
                _warn(f"wrong checksum {data[-2]:02X}, should be {right:02X}: the voice may be damaged")
            return cls.from_raw(voice)
        if len(data) not in (VOICE_SIZE, VOICE_SIZE + 1):
            raise VoiceError(f"a single voice has 155, 156 or 163 bytes, not {len(data)}{remedy(len(data))}")
        patch = cls.from_raw(data[:VOICE_SIZE])
        if len(data) > VOICE_SIZE:
            object.__setattr__(patch, "_switches", read_switches(data))
        return patch

    def to_sysex(self) -> bytes:
        """156 bytes: the voice in VCED order and the operator switches.

        Should switches that are not all on look like the voice's checksum, bit 6 (unused by the DX7) is set as well.
        """
        voice = self.to_bytes()
        switches = self._switches
        if switches != ALL_OPERATORS_ON and switches == sysex.checksum(voice):
            switches |= 0x40
        return voice + bytes([switches])

    def to_message(self, channel: int = 0) -> bytes:
        """The voice as a message that a DX7 takes into its edit buffer: 163 bytes. channel: 0..15."""
        return sysex.voice_message(self.to_bytes(), channel)

    @classmethod
    def from_packed(cls, data: Any) -> Self:
        """A patch from 128 bytes in VMEM order, repaired with a VoiceWarning as in `from_raw`.

        Raises:
            VoiceError: another number of bytes.
        """
        data = as_bytes(data, "a packed voice")
        if len(data) != PACKED_SIZE:
            raise VoiceError(f"a packed voice has {PACKED_SIZE} bytes, not {len(data)}{remedy(len(data))}")
        packed = np.frombuffer(data, np.uint8)[None]
        if packing.spare_bits(packed).any():
            _warn("a packed voice has bits set that belong to no parameter; they were dropped")
        return cls.from_raw(packing.unpack(packed)[0])

    def to_packed(self) -> bytes:
        """The voice in 128 bytes, VMEM order."""
        return packing.pack(np.frombuffer(self._data, np.uint8)[None]).tobytes()

    def to_preset(self) -> "Preset":
        """The voice as floats, with its name. The operator switches, which no stored voice holds, stay behind."""
        from .preset import Preset

        return Preset.from_patch(self)

    @staticmethod
    def load_bank(filename: "str | os.PathLike[str] | bytes") -> "list[Patch]":
        """The 32 voices of a bank; repairs are told in a VoiceWarning. `Bank.load` keeps their list.

        Raises:
            VoiceError: the file holds no DX7 voice.
        """
        from .bank import Bank

        bank = Bank.load(filename)
        if bank.problems:
            more = f" (and {len(bank.problems) - 1} more)" if len(bank.problems) > 1 else ""
            _warn(f"{bank.source}: {bank.problems[0]}{more}")
        return list(bank)

    @staticmethod
    def save_to_bank(filename: "str | os.PathLike[str]", patches: "Iterable[Patch]") -> None:
        """Write up to 32 voices as a bank a DX7 accepts (4104 bytes); empty places hold INIT VOICE.

        Raises:
            VoiceError: more than 32 voices, or the file cannot be written.
        """
        from .bank import Bank

        Bank(patches).save(filename)

    # -- JSON ----------------------------------------------------------------

    @classmethod
    def from_json(cls, source: "str | bytes | Mapping[str, Any]") -> Self:
        """A patch from the text `to_json` makes, perhaps edited, or from what `json.loads` makes of that.

        Raises:
            VoiceError: no such JSON; a key that is unknown, with the nearest known one, or missing.
            ValueError, TypeError: a value its attribute refuses, with the range.
        """
        from .voicejson import fill

        patch = cls.init_voice()
        fill(patch, source)
        return patch

    # -- identity ------------------------------------------------------------

    def copy(self) -> Self:
        """An independent patch with the same content."""
        twin = self._of(self.to_bytes(), self._switches)
        if more := own(self):
            vars(twin).update(more)
        return twin

    __copy__ = copy

    def __reduce__(self) -> "tuple[Any, ...]":
        return type(self)._restored, (self.to_bytes(), self._switches), own(self)

    @classmethod
    def _restored(cls, voice: bytes, switches: int) -> Self:
        """A patch of what `__reduce__` gave, perhaps long ago and elsewhere."""
        patch = cls.from_raw(voice)
        patch.operators_on = switches
        return patch

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Patch):
            return NotImplemented
        return self._data == other._data and self._switches == other._switches

    def __hash__(self) -> int:
        return hash((self.to_bytes(), self._switches))

    def __repr__(self) -> str:
        return f"<Patch {self.display_name!r}, algorithm {self.algorithm + 1}>"


@cache
def _defaults() -> bytes:
    """What `Patch()` starts with: the defaults of its parts, which are dexed-py's."""
    patch = Patch.init_voice()
    patch.op = [Operator()] * len(patch.op)
    patch.lfo = LFO()
    patch.pitch_mod_sensitivity = 0
    return patch.to_bytes()


def _warn(message: str) -> None:
    warnings.warn(message, VoiceWarning, stacklevel=3)


__all__ = [
    "BANK_SYSEX_HEADER",
    "BANK_SYSEX_SIZE",
    "CURVE_INDEX_TO_NAME",
    "CURVE_NAMES",
    "LFO",
    "LFO_WAVE_INDEX_TO_NAME",
    "LFO_WAVE_NAMES",
    "Envelope",
    "Operator",
    "Operators",
    "Patch",
    "PitchEnvelope",
]
