# SPDX-License-Identifier: Apache-2.0
"""The parts of a voice: operators with their envelopes, pitch envelope, LFO.

Each is a window on the bytes of a Patch. One made on its own (``Envelope(rates=[...], levels=[...])``) has bytes of
its own; assigning it to a patch copies its values, and a window on what was there before keeps that.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Self, overload

import numpy as np

from . import parameters
from .checks import checked_number
from .fields import CURVE_INDEX_TO_NAME, LFO_WAVE_INDEX_TO_NAME, Choice, FourValues, Section, Switch, Value
from .parameters import INIT_VOICE, OPERATOR_SIZE, OPERATORS, PITCH_ENVELOPE, operator_position
from .voicewindows import VoiceBytes


class Envelope(Section):
    """Four rates and four levels, 0..99. The key goes to level 1, 2, 3 and rests; release goes to level 4."""

    __slots__ = ()
    _size = 8
    _kind = "envelope"
    _fields = ("rates", "levels")

    rates = FourValues(0)
    levels = FourValues(4)

    def __init__(self, rates: Iterable[int] = (99, 99, 99, 99), levels: Iterable[int] = (99, 99, 99, 0)) -> None:
        super().__init__(None, self._home())
        self.rates = rates
        self.levels = levels

    @staticmethod
    def _home() -> int:
        return operator_position(0)

    @classmethod
    def _view(cls, data: VoiceBytes, base: int) -> Self:
        return cls._window(data, base)


class PitchEnvelope(Envelope):
    """Four rates and four levels, 0..99; level 50 is the played pitch, 0 and 99 four octaves away."""

    __slots__ = ()
    _kind = "pitch envelope"

    def __init__(self, rates: Iterable[int] = (99, 99, 99, 99), levels: Iterable[int] = (50, 50, 50, 50)) -> None:
        super().__init__(rates, levels)

    @staticmethod
    def _home() -> int:
        return PITCH_ENVELOPE


class LFO(Section):
    """The low frequency oscillator.

    speed, delay, pitch_mod_depth, amp_mod_depth: 0..99. sync: restart at each key. wave: a name or 0..5.
    """

    __slots__ = ()
    _size = 6
    _kind = "LFO"
    _fields = ("speed", "delay", "pitch_mod_depth", "amp_mod_depth", "sync", "wave")

    speed = Value(0)
    delay = Value(1)
    pitch_mod_depth = Value(2)
    amp_mod_depth = Value(3)
    sync = Switch(4)
    wave = Choice(5, LFO_WAVE_INDEX_TO_NAME)
    _wave = Value(5)

    def __init__(
        self,
        speed: int = 35,
        delay: int = 0,
        pitch_mod_depth: int = 0,
        amp_mod_depth: int = 0,
        sync: bool = False,
        _wave: int | str = 4,
        *,
        wave: int | str | None = None,
    ) -> None:
        super().__init__(None, parameters.LFO)
        self.speed = speed
        self.delay = delay
        self.pitch_mod_depth = pitch_mod_depth
        self.amp_mod_depth = amp_mod_depth
        self.sync = sync
        self.wave = _wave if wave is None else wave

    @staticmethod
    def _home() -> int:
        return parameters.LFO

    @classmethod
    def _view(cls, data: VoiceBytes) -> Self:
        return cls._window(data, parameters.LFO)


class Operator(Section):
    """One sine oscillator with its envelope, scaling and sensitivities.

    Ranges: output_level, frequency_fine, breakpoint, left_depth, right_depth 0..99; frequency_coarse 0..31;
    frequency_mode 0 ratio or 1 fixed; detune 0..14 (7 none); velocity_sensitivity, rate_scaling 0..7;
    amp_mod_sensitivity 0..3; left_curve, right_curve a name or 0..3. Breakpoint 0 is A-1, 39 is C3.
    frequency_ratio, if given, stands for frequency_coarse and frequency_fine.
    """

    __slots__ = ()
    _size = OPERATOR_SIZE
    _kind = "operator"

    breakpoint = Value(8)
    left_depth = Value(9)
    right_depth = Value(10)
    left_curve = Choice(11, CURVE_INDEX_TO_NAME)
    right_curve = Choice(12, CURVE_INDEX_TO_NAME)
    _left_curve = Value(11)
    _right_curve = Value(12)
    rate_scaling = Value(13)
    amp_mod_sensitivity = Value(14)
    velocity_sensitivity = Value(15)
    output_level = Value(16)
    frequency_mode = Value(17)
    frequency_coarse = Value(18)
    frequency_fine = Value(19)
    detune = Value(20)

    _fields = (
        "envelope", "output_level", "frequency_mode", "frequency_coarse", "frequency_fine", "detune",
        "velocity_sensitivity", "amp_mod_sensitivity", "rate_scaling", "breakpoint", "left_depth", "right_depth",
        "left_curve", "right_curve",
    )  # fmt: skip

    def __init__(
        self,
        envelope: Envelope | None = None,
        output_level: int = 99,
        frequency_coarse: int = 1,
        frequency_fine: int = 0,
        frequency_mode: int | str = 0,
        detune: int = 7,
        velocity_sensitivity: int = 0,
        amp_mod_sensitivity: int = 0,
        rate_scaling: int = 0,
        breakpoint: int = 39,  # noqa: A002 - the name the DX7 gave it
        left_depth: int = 0,
        right_depth: int = 0,
        _left_curve: int | str = 0,
        _right_curve: int | str = 0,
        *,
        left_curve: int | str | None = None,
        right_curve: int | str | None = None,
        frequency_ratio: float | None = None,
    ) -> None:
        super().__init__(None, operator_position(0))
        self.envelope = Envelope() if envelope is None else envelope
        self.output_level = output_level
        self.frequency_coarse = frequency_coarse
        self.frequency_fine = frequency_fine
        self.frequency_mode = frequency_mode
        self.detune = detune
        self.velocity_sensitivity = velocity_sensitivity
        self.amp_mod_sensitivity = amp_mod_sensitivity
        self.rate_scaling = rate_scaling
        self.breakpoint = breakpoint
        self.left_depth = left_depth
        self.right_depth = right_depth
        self.left_curve = _left_curve if left_curve is None else left_curve
        self.right_curve = _right_curve if right_curve is None else right_curve
        if frequency_ratio is not None:
            self.frequency_ratio = frequency_ratio

    @classmethod
    def _view(cls, data: VoiceBytes, index: int) -> Self:
        return cls._window(data, operator_position(index))

    @property
    def envelope(self) -> Envelope:
        """The amplitude envelope; assigning another Envelope copies its values."""
        return Envelope._view(self._data, self._base)

    @envelope.setter
    def envelope(self, envelope: Envelope) -> None:
        self.envelope._take(envelope)

    @property
    def frequency_ratio(self) -> float:
        """Multiple of the played pitch; in fixed mode the frequency in Hz (0.5 to 61.69; 1 to 9772).

        Assigning picks the coarse and fine setting that comes nearest.

        Raises:
            ValueError: when assigning a number further than the DX7 reaches.
        """
        if self.frequency_mode:
            return float(10.0 ** (self.frequency_coarse % 4 + self.frequency_fine / 100))
        return float((self.frequency_coarse or 0.5) * (1 + self.frequency_fine / 100))

    @frequency_ratio.setter
    def frequency_ratio(self, ratio: float) -> None:
        table = _FIXED_HERTZ if self.frequency_mode else _RATIOS
        low, high = float(table.min()), float(table.max())
        if not low * 0.995 <= checked_number("frequency_ratio", ratio) <= high * 1.005:
            unit = " Hz" if self.frequency_mode else ""
            raise ValueError(f"frequency_ratio is {ratio}; the DX7 reaches {low:g} to {high:g}{unit}")
        # Of equal ratios the one with the largest coarse: 2.00 is 2 x 1.00, as a player would set it.
        distance = np.abs(np.log(table / ratio)).round(12)
        coarse, fine = divmod(int(np.lexsort((-np.arange(table.size), distance))[0]), 100)
        self.frequency_coarse, self.frequency_fine = coarse, fine


_FINE = np.arange(100)
_RATIOS = np.outer([0.5, *range(1, 32)], 1 + _FINE / 100).ravel()
_FIXED_HERTZ = 10.0 ** np.add.outer(np.arange(4), _FINE / 100).ravel()


class Operators(Sequence[Operator]):
    """The six operators of a patch: ``op[0]`` is operator 1. Slices are lists of operators.

    Compares and hashes by content. Copied or pickled, the six stand alone.
    """

    __slots__ = ("__weakref__", "_data")

    def __init__(self, data: VoiceBytes) -> None:
        self._data = data
        data.watch(self)

    def _span(self) -> tuple[int, int]:
        return 0, PITCH_ENVELOPE

    def __len__(self) -> int:
        return OPERATORS

    @overload
    def __getitem__(self, index: int) -> Operator: ...
    @overload
    def __getitem__(self, index: slice) -> list[Operator]: ...
    def __getitem__(self, index: int | slice) -> Operator | list[Operator]:
        if isinstance(index, slice):
            return [Operator._view(self._data, place) for place in range(OPERATORS)[index]]
        return Operator._view(self._data, self._checked(index))

    @overload
    def __setitem__(self, index: int, other: Operator) -> None: ...
    @overload
    def __setitem__(self, index: slice, other: Iterable[Operator]) -> None: ...
    def __setitem__(self, index: int | slice, other: Operator | Iterable[Operator]) -> None:
        """Copy all values of another operator, or of as many as the slice has."""
        if isinstance(index, slice):
            places = range(OPERATORS)[index]
            for place, values in zip(places, self._values_of(other, len(places)), strict=True):
                self._data.replace_at(operator_position(place), values)
        else:
            self[index]._take(other)

    def _take(self, others: object) -> None:
        """Become equal to six others."""
        values = self._values_of(others, OPERATORS)
        if not (isinstance(others, Operators) and others._data is self._data):
            self._data.replace_at(0, b"".join(reversed(values)), self)  # operator 6 comes first

    @staticmethod
    def _values_of(others: object, count: int) -> list[bytes]:
        if isinstance(others, str | bytes) or not isinstance(others, Iterable):
            raise TypeError(f"op takes the values of {count} operators, not {others!r}")
        values = [Operator._values_of(operator) for operator in islice(others, count + 1)]
        if len(values) != count:
            many = "more" if len(values) > count else len(values)
            raise ValueError(f"{count} operators take the values of as many, not of {many}")
        return values

    def __iter__(self) -> Iterator[Operator]:
        return (self[index] for index in range(OPERATORS))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Operators | list | tuple):
            return list(self) == list(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        return _operators, (bytes(self._data[:PITCH_ENVELOPE]),)

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self))}]"

    @staticmethod
    def _checked(index: int) -> int:
        if isinstance(index, bool) or not hasattr(index, "__index__"):
            raise TypeError(f"op takes an index from 0 to {OPERATORS - 1} or a slice, not {index!r}")
        if not -OPERATORS <= index < OPERATORS:
            raise IndexError(f"op[{index}] does not exist; op[0] is operator 1 and op[5] operator 6")
        return index % OPERATORS


def _operators(values: bytes) -> Operators:
    """Six operators in a voice of their own."""
    return Operators(VoiceBytes(values + INIT_VOICE[PITCH_ENVELOPE:]))
