# SPDX-License-Identifier: Apache-2.0
"""The MIDI tuning standard: what its messages ask for.

Formats of the MIDI 1.0 specification, "MIDI Tuning": `F0 7E <device> 08 ...` for notes to come, `F0 7F <device> 08
...` for sounding ones as well. A device number is not looked at, nor are the numbers of programs and banks: there is
one tuning a part, and what arrives is it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from synth.errors import TuningError
from synth.tuning import KEYS, TuningChange, equal_hertz

UNIVERSAL: Final = (0x7E, 0x7F)
"""What follows F0: not in real time, and in real time."""
_REAL_TIME = 0x7F
_TUNING = 0x08
_BULK, _SINGLE, _BANK_BULK, _BANK_SINGLE, _OCTAVE_1, _OCTAVE_2 = 0x01, 0x02, 0x04, 0x07, 0x08, 0x09
_UNCHANGED = b"\x7f\x7f\x7f"
_NAME = 16  # characters of a dump's name
_EVERYBODY = tuple(range(16))


def read_tuning_message(message: bytes) -> TuningChange | None:
    """What one whole message (F0 to F7) asks for; None if it does not tune.

    Raises:
        TuningError: it should tune, but is too short, too long, or holds bytes that are no data.
    """
    if len(message) < 6 or message[1] not in UNIVERSAL or message[3] != _TUNING:
        return None
    reader = _READERS.get(message[4])
    if reader is None:
        return None
    if message[-1] != 0xF7 or any(byte > 0x7F for byte in message[1:-1]):
        raise TuningError("a tuning message holds bytes that are no data; send it again")
    return reader(message)


def _bulk(message: bytes, begin: int) -> TuningChange:
    """128 keys of three bytes after the name, then a checksum: all bytes between F0 and it, exclusive or."""
    begin += _NAME
    _expect(message, begin + 3 * KEYS + 2, "a tuning dump")
    triples = [message[at : at + 3] for at in range(begin, begin + 3 * KEYS, 3)]
    checksum = 0
    for byte in message[1:-2]:
        checksum ^= byte
    said = message[-2]
    problems = (f"the checksum is {said} and should be {checksum}",) if said != checksum else ()
    return _of_triples(message, dict(enumerate(triples)), problems)


def _single(message: bytes, begin: int) -> TuningChange:
    """A count, then that many times a key and its three bytes."""
    _expect_at_least(message, begin + 2)
    _expect(message, begin + 1 + 4 * message[begin] + 1, f"a tuning of {message[begin]} keys")
    return _of_triples(message, {message[at]: message[at + 1 : at + 4] for at in range(begin + 1, len(message) - 1, 4)})


def _of_triples(message: bytes, triples: dict[int, bytes], problems: tuple[str, ...] = ()) -> TuningChange:
    """A semitone and 14 bits of the way to the next one."""
    keys: dict[int, float | None] = {
        key: equal_hertz(high + (middle << 7 | low) / (1 << 14))
        for key, (high, middle, low) in triples.items()
        if bytes((high, middle, low)) != _UNCHANGED
    }
    return TuningChange(keys, _EVERYBODY, _sounds(message), problems)


def _octave(message: bytes, width: int) -> TuningChange:
    """Cents for each of the twelve keys of an octave, C first, for some channels."""
    _expect(message, 8 + 12 * width + 1, "a tuning of an octave")
    data = message[8:-1]
    cents = [_cents(data[at : at + width]) for at in range(0, len(data), width)]
    channels = (message[7] | message[6] << 7 | message[5] << 14) & 0xFFFF
    keys = {key: equal_hertz(key + cents[key % 12] / 100) if any(cents) else None for key in range(KEYS)}
    return TuningChange(keys, tuple(part for part in _EVERYBODY if channels >> part & 1), _sounds(message))


def _cents(data: bytes) -> float:
    """One byte: -64 to 63 cents; two bytes: -100 to nearly 100."""
    if len(data) == 1:
        return float(data[0] - 0x40)
    return ((data[0] << 7 | data[1]) - 0x2000) * 100 / 0x2000


def _sounds(message: bytes) -> bool:
    return message[1] == _REAL_TIME


def _expect(message: bytes, length: int, what: str) -> None:
    if len(message) != length:
        raise TuningError(f"{what} has {length} bytes, this has {len(message)}; send it again")


def _expect_at_least(message: bytes, length: int) -> None:
    if len(message) < length:
        raise TuningError(f"a tuning message has at least {length} bytes, this has {len(message)}; send it again")


_READERS: Final[dict[int, Callable[[bytes], TuningChange]]] = {
    _BULK: lambda message: _bulk(message, 6),
    _SINGLE: lambda message: _single(message, 6),
    _BANK_BULK: lambda message: _bulk(message, 7),
    _BANK_SINGLE: lambda message: _single(message, 7),
    _OCTAVE_1: lambda message: _octave(message, 1),
    _OCTAVE_2: lambda message: _octave(message, 2),
}
