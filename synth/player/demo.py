# SPDX-License-Identifier: Apache-2.0
"""What `sixop play` plays when nobody sits at a terminal: a few voices of the bank, one phrase each."""

from __future__ import annotations

from collections.abc import Sequence

from synth.patch import Patch
from synth.score import Score
from synth.tuning import Tuning

VOICES = 6
"""How many voices the demo shows, spread over the bank."""

_BEAT_SECONDS = 0.15
_REST_SECONDS = 0.5
# (beat, length in beats, note, velocity): a broken ninth chord upwards, then the chord, softer.
_PHRASE = [
    (0, 1, 48, 100),
    (1, 1, 60, 90),
    (2, 1, 64, 80),
    (3, 1, 67, 90),
    (4, 1, 71, 100),
    (5, 4, 48, 70),
    (5, 4, 64, 60),
    (5, 4, 67, 60),
    (5, 4, 74, 75),
]
_PHRASE_BEATS = 9


def demo_voices(count: int, number: int = 1) -> list[int]:
    """The voices (0-based) the demo shows of a bank of `count`, from voice `number` (1-based) on, evenly spread."""
    shown = min(VOICES, count)
    return [(number - 1 + index * count // shown) % count for index in range(shown)]


def demo_score(
    voices: Sequence[Patch], sample_rate: int, number: int = 1, tuning: Tuning | None = None
) -> tuple[Score, int]:
    """The demo and its length in frames."""
    score = Score()
    if tuning is not None:
        score.set_tuning(0, tuning)
    frame = 0
    for index in demo_voices(len(voices), number):
        score.load(frame, 0, voices[index])
        events = []
        for beat, length, note, velocity in _PHRASE:
            events.append((beat, bytes((0x90, note, velocity))))
            events.append((beat + length, bytes((0x80, note, 64))))
        # At one moment, the note-offs first: a repeated note must sound again.
        for beat, message in sorted(events, key=lambda event: (event[0], event[1][0])):
            score.midi(frame + round(beat * _BEAT_SECONDS * sample_rate), message)
        frame += round((_PHRASE_BEATS * _BEAT_SECONDS + _REST_SECONDS) * sample_rate)
    return score, frame
