# SPDX-License-Identifier: Apache-2.0
"""What live tests hear and what they play."""

from __future__ import annotations

import numpy as np

from synth.patch import Patch

RATE = 48000
CENTS = 20
"""How far a pitch recorded in real time may be off: a block that the server missed bends the phase it is measured by.
The voices tested are hundreds of cents apart; exactness is tested in freewheel."""
_OPERATOR_1 = 5 * 21  # the operators of a raw voice go from 6 down to 1
_COARSE = _OPERATOR_1 + 18
_NAME = 145


def voice(coarse: int, name: str) -> Patch:
    """A sine at `coarse` times the note, at full level from its first sample on, at rest right after release."""
    raw = np.array(Patch.init_voice().to_raw())
    raw[_COARSE] = coarse
    raw[_NAME:] = np.frombuffer(f"{name:10.10}".encode(), dtype=np.uint8)
    return Patch.from_raw(raw)


def bank(first: int = 1, name: str = "TEST") -> list[Patch]:
    """32 voices with four different pitches: voice n (from 0) sounds at first + n mod 4 times the note."""
    return [voice(first + number % 4, f"{name} {number + 1}") for number in range(32)]


def bank_message(voices: list[Patch]) -> bytes:
    """The 4104 bytes that carry 32 voices."""
    packed = b"".join(bytes(one.to_packed()) for one in voices)
    return b"\xf0\x43\x00\x09\x20\x00" + packed + bytes((-sum(packed) & 0x7F, 0xF7))


def voice_message(patch: Patch, channel: int = 1) -> bytes:
    """The 163 bytes that carry one voice to a channel."""
    raw = bytes(patch.to_raw())
    return bytes((0xF0, 0x43, channel - 1, 0x00, 0x01, 0x1B)) + raw + bytes((-sum(raw) & 0x7F, 0xF7))


def frequency(note: int, coarse: int = 1) -> float:
    """Hz of a note, A3 (69) being 440."""
    return coarse * 440.0 * 2.0 ** ((note - 69) / 12)


def pitch(sound: np.ndarray) -> float:
    """Hz of the strongest partial; 0 for silence. A parabola through the peak's decibels refines the bin."""
    if not np.abs(sound).max() > 0:
        return 0.0
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) + 1e-12
    peak = int(np.argmax(spectrum[1:-1])) + 1
    left, top, right = np.log(spectrum[peak - 1 : peak + 2])
    return (peak + 0.5 * (left - right) / (left - 2 * top + right)) * RATE / len(sound)


def cents(heard: float, expected: float) -> float:
    """Distance in hundredths of a semitone; far away for silence."""
    return abs(1200 * np.log2(heard / expected)) if heard > 0 else 9999.0
