# SPDX-License-Identifier: Apache-2.0
"""Bytes in, notes out: a keyboard's cable on one side, ears on the other, and the real instrument between them.

    played("90 3C 64") == "C3"                          a key that is down sounds
    played("90 3C 64  80 3C 40") == ""                  and is silent when it is up
    played("90 3C 64  91 43 64") == "C3 | 2: G3"        G3 sounds on part 2
    played("90 3C 64  E0 7F 7F") == "D3"                bent up by a whole tone

Bytes are hexadecimal, as they come out of the cable, running status and all; "..." waits half a second. Notes are
those that sound in the end, found by ear: the part's sound is taken to its frequencies. A note that is not on its
key shows by how many cents, as C3+50. The voices are sine tones of one loudness that stop with their key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from synth import Engine, Patch
from synth.messages import split_messages
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zones
from synth.player.instrument import Instrument
from synth.player.targets import Target

RATE = 8000
PARTS = 16
_BETWEEN = 32  # frames from one message to the next
_WAIT = RATE // 2
_SETTLE = RATE // 2  # until a part that was turned down is gone
_LISTEN = RATE
_AUDIBLE = 1e-3
_WEAKEST = 0.2  # of the strongest: below are the side lobes of the window
_TONE_CENTS = 4.0  # as near as ears of one second come
_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_VOLUME = 7


def sine(number: int = 1) -> Patch:
    """Voice `number` of the bank: it sounds one octave above voice number - 1, whose name says so."""
    voice = Patch.init_voice()
    voice.name = f"SINE {number}"
    voice.transpose = 24 + 12 * (number - 1)
    return voice


VOICES = [sine(number) for number in (1, 2, 3)]


class Stage:
    """A keyboard on a cable, its zones, and the instrument."""

    def __init__(
        self,
        *zones: Mapping[str, Any],
        voices: Sequence[Patch] = VOICES,
        curve: str | int = "linear",
        targets: Sequence[Target] = (),
    ) -> None:
        self.events: list[dict[str, Any]] = []
        self.engine = Engine(sample_rate=RATE, kernel="clean", voices=64)
        self.producer = self.engine.producer()
        self.instrument = Instrument(self.producer, voices, "test", self.events.append, targets)
        self.instrument.select(0)
        self.events.clear()
        tables, wrong = read_zones(zones)
        assert not wrong, wrong
        self._running = b""  # status of the last message
        self.cable = Routing(Router(tables, curve).table("keyboard"))

    def play(self, *data: str | bytes) -> Stage:
        """Bytes of the cable, in hexadecimal or as they are, and "..." for half a second."""
        for piece in data:
            if isinstance(piece, bytes):
                self._send(piece)
                continue
            for index, text in enumerate(piece.split("...")):
                if index:
                    self.engine.render(_WAIT)
                self._send(bytes.fromhex(text))
        return self

    def _send(self, data: bytes) -> None:
        running = self._running if data and data[0] < 0x80 else b""
        for message in split_messages(running + data):
            self.instrument.play(message, self.cable)
            self.engine.render(_BETWEEN)
            self._running = message[:1]

    def sound(self, seconds: float = 0.5) -> np.ndarray:
        """What is heard from now on, for so long."""
        return self.engine.render(round(seconds * RATE))

    def notes(self) -> str:
        """What sounds, part by part: "C3 E3 | 2: G1"; part 1 goes without its number."""
        if not self._is_heard():
            return ""
        heard = []
        for part in range(PARTS):
            for other in range(PARTS):
                self.producer.midi(bytes((0xB0 | other, _VOLUME, 127 if other == part else 0)))
            self.engine.render(_SETTLE)
            if self._is_heard():
                heard.append(("" if part == 0 else f"{part + 1}: ") + " ".join(_notes_of(self.engine.render(_LISTEN))))
        for part in range(PARTS):
            self.producer.midi(bytes((0xB0 | part, _VOLUME, 127)))
        self.engine.render(_SETTLE)
        return " | ".join(heard)

    def chosen(self) -> list[tuple[int | None, int]]:
        """Which parts (from 1) were given which voice of the bank (from 1), in order."""
        return [(event["channel"], event["number"]) for event in self.events if event["event"] == "voice"]

    def warnings(self) -> list[str]:
        """What a player would be told."""
        return [event["text"] for event in self.events if event["event"] == "warning"]

    def _is_heard(self) -> bool:
        return bool(np.abs(self.engine.render(RATE // 10)[RATE // 20 :]).max() > _AUDIBLE)


def played(*data: str | bytes, zones: Sequence[Mapping[str, Any]] = (), **stage: Any) -> str:
    """The notes that sound after these bytes: see the head of this file."""
    return Stage(*zones, **stage).play(*data).notes()


def _notes_of(sound: np.ndarray) -> list[str]:
    """The names of the sine tones in a second of sound, from the lowest up."""
    mono = sound if sound.ndim == 1 else sound[:, 0]
    size = np.abs(np.fft.rfft(mono * np.hanning(len(mono)))) + 1e-12
    inner = size[1:-1]
    peaks = np.flatnonzero((inner > size[:-2]) & (inner >= size[2:]) & (inner > _WEAKEST * size.max())) + 1
    return [_name(_frequency(np.log(size), peak)) for peak in peaks]


def _frequency(size: np.ndarray, peak: int) -> float:
    """Hz, refined by a parabola through the logarithms."""
    left, top, right = size[peak - 1 : peak + 2]
    return float(peak + 0.5 * (left - right) / (left - 2 * top + right)) * RATE / _LISTEN


def _name(hertz: float) -> str:
    key = 69 + 12 * np.log2(hertz / 440)
    nearest = round(key)
    cents = round(100 * (key - nearest))
    off = f"{cents:+}" if abs(cents) > _TONE_CENTS else ""
    return f"{_NAMES[nearest % 12]}{nearest // 12 - 2}{off}"
