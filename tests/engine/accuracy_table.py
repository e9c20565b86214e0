# SPDX-License-Identifier: Apache-2.0
"""The accuracy that is promised, and what a player of DX7 voices reaches of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from accuracy_notes import RATE, Note
from measures import (
    amplitude_track,
    crossing,
    envelope_difference,
    level_difference,
    mel_distance,
    nearest_tone,
    onset,
    pitch_difference,
    resolution,
)
from measuring import plain

from synth import Patch
from synth.patch import Envelope

RATES: Final = (8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000)


class Player(Protocol):
    """What is measured."""

    def play(self, patch: Patch, key: int, velocity: int, hold: float, tail: float, rate: int) -> np.ndarray:
        """One note, mono, its key down for `hold` seconds; one carrier at output level 99 has amplitude 1."""

    def delay(self, rate: int) -> float:
        """Seconds by which its output is late."""


@dataclass(frozen=True)
class Row:
    """One promise and how it was kept."""

    section: str
    measure: str
    unit: str
    goal: float
    measured: float
    at_least: bool = False  # a goal from below; otherwise from above

    @property
    def met(self) -> bool:
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal


# ---- notes against notes ------------------------------------------------------------

# Noise and chaos (high feedback, deep modulation) are compared by their spectra; their level, strongest partial and
# first loud sample are a matter of chance, so a few notes may be far off in these.
NEARLY_ALL: Final = 160 / 166


@dataclass(frozen=True)
class Distance:
    """Of one note from how it should sound."""

    name: str
    level: float  # dB
    envelope: float  # dB
    mel: float  # dB
    pitch: float  # cents
    onset: float  # ms


def distance(player: Player, note: Note) -> Distance:
    ours = player.play(note.patch, note.key, note.velocity, note.hold_seconds, note.tail_seconds, RATE)
    ours, theirs = ours.astype(np.float64), note.sound.astype(np.float64)
    return Distance(
        note.name,
        level_difference(ours, theirs, note.hold),
        envelope_difference(ours, theirs, RATE),
        mel_distance(ours, theirs, RATE, note.hold),
        pitch_difference(ours, theirs, RATE),
        onset(ours, RATE) - onset(theirs, RATE) - 1e3 * player.delay(RATE),
    )


def distances(player: Player, notes: Sequence[Note]) -> list[Distance]:
    return [distance(player, note) for note in notes]


def rows_of_notes(section: str, found: Sequence[Distance]) -> list[Row]:
    def of(name: str) -> np.ndarray:
        return np.abs([getattr(one, name) for one in found])

    def nearly_all(name: str, unit: str, bound: float) -> Row:
        needed = int(np.ceil(NEARLY_ALL * len(found) - 1e-9))
        within = float((of(name) <= bound).sum())
        return Row(section, f"{name} within {bound:g} {unit}", f"of {len(found)}", needed, within, True)

    return [
        Row(section, "level, median", "dB", 0.05, float(np.median(of("level")))),
        nearly_all("level", "dB", 0.2),
        Row(section, "envelope, mean", "dB", 0.1, float(np.mean(of("envelope")))),
        Row(section, "mel-LSD, median", "dB", 0.3, float(np.median(of("mel")))),
        Row(section, "mel-LSD, 90th percentile", "dB", 1.3, float(np.percentile(of("mel"), 90))),
        nearly_all("pitch", "cents", 1.2),
        nearly_all("onset", "ms", 1.0),
    ]


# ---- tones --------------------------------------------------------------------------

TONES: Final = "pure tones"
KEYS: Final = (33, 57, 81, 105)
DECAYS: Final = (30, 40, 50, 60, 70, 80)  # rates


def sine(level: int = 99, envelope: Envelope | None = None) -> Patch:
    """Operator 1 of algorithm 16: the only carrier, outside the feedback path, unmodulated."""
    patch = plain()
    patch.op[0].output_level = level
    if envelope is not None:
        patch.op[0].envelope = envelope
    return patch


def hertz_of(key: int) -> float:
    return 440 * 2 ** ((key - 69) / 12)


def is_silent(sound: np.ndarray) -> bool:
    """As dexed-py is at 8 and 11.025 kHz."""
    return bool(np.abs(sound).max() < 1e-3)


def sinad(player: Player, level: int, key: int = 69, rate: int = 48_000) -> float:
    """Decibels by which the steady sine stands above everything else; NaN for silence."""
    sound = player.play(sine(level), key, 100, 0.6, 0.0, rate)
    if is_silent(sound):
        return np.nan
    return nearest_tone(sound[round(0.1 * rate) :], rate, hertz_of(key)).sinad


def decay_spurs(player: Player, rate_parameter: int, key: int = 81, rate: int = 48_000) -> float:
    """Strongest line beside a sine that falls by 50 dB, or for two seconds, against the sine."""
    patch = sine(99, Envelope(rates=(99, rate_parameter, 99, 99), levels=(99, 0, 0, 0)))
    sound = player.play(patch, key, 100, 2.0, 0.0, rate)
    start = round((player.delay(rate) + 0.005) * rate)
    quiet = np.flatnonzero(np.abs(sound[start:]) > 10 ** (-50 / 20))[-1]
    falling = sound[start : start + quiet]
    return nearest_tone(falling, rate, hertz_of(key), decays=True).worst_line(resolution(len(falling)))


def rows_of_tones(player: Player) -> list[Row]:
    rows = []
    for level in (99, 40):
        tones = [sinad(player, level, key) for key in KEYS] + [sinad(player, level, rate=rate) for rate in RATES]
        worst = float(np.nanmin(tones))  # silence fails among the rates, below
        rows.append(Row(TONES, f"SINAD at level {level}, worst", "dB", 110.0, worst, True))
    spurs = max(decay_spurs(player, rate) for rate in DECAYS)
    return [*rows, Row(TONES, "strongest line beside a decaying sine", "dBc", -100.0, spurs)]


# ---- rates --------------------------------------------------------------------------

TIMES: Final = f"{len(RATES)} sample rates"
HOLD: Final = 2.5  # seconds of the note whose envelope is timed
TAIL: Final = 0.5
SEGMENTS: Final = ("attack to -20 dB", "attack to -3 dB", "decay to -40 dB", "release to -60 dB")


def timed_voice() -> Patch:
    """Rises in 0.4 s, falls by 45 dB in 0.6 s, rests there, and fades out at 216 dB a second."""
    return sine(99, Envelope(rates=(40, 50, 99, 60), levels=(99, 38, 38, 0)))


@dataclass(frozen=True)
class Timing:
    """Of the timed voice at one sample rate."""

    seconds: dict[str, float]  # from the key to each of SEGMENTS, for the release from the key going up
    hertz: float


def timing(player: Player, rate: int) -> Timing:
    key = 81
    sound = player.play(timed_voice(), key, 100, HOLD, TAIL, rate)
    if is_silent(sound):
        return Timing(dict.fromkeys(SEGMENTS, np.nan), np.nan)
    late = player.delay(rate)
    track = amplitude_track(sound, rate, hertz_of(key), seconds=0.01)
    top = int(np.argmax(track))
    released = round((HOLD + late) * rate)

    def after(start: int, level: float) -> float:
        return crossing(track[start:], 10 ** (level / 20), rate)

    steady = sound[round(1.5 * rate) : round(2.45 * rate)]
    seconds = (
        after(0, -20) - late,
        after(0, -3) - late,
        after(top, -40) + top / rate - late,
        after(released, -60) + released / rate - HOLD - late,
    )
    hertz = nearest_tone(steady, rate, hertz_of(key)).cycles * rate
    return Timing(dict(zip(SEGMENTS, seconds, strict=True)), np.nan if np.isnan(seconds).any() else hertz)


def rows_of_rates(player: Player) -> list[Row]:
    found = [timing(player, rate) for rate in RATES]
    rows = []
    for what in SEGMENTS:
        seconds = np.array([one.seconds[what] for one in found])
        rows.append(Row(TIMES, what, "% apart", 0.5, float(100 * np.ptp(seconds) / np.median(seconds))))
    hertz = np.array([one.hertz for one in found])
    return [*rows, Row(TIMES, "pitch", "cents apart", 0.1, float(1200 * np.log2(hertz.max() / hertz.min())))]
