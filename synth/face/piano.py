# SPDX-License-Identifier: Apache-2.0
"""The computer keyboard as a piano: which key is which note, and when a note ends.

The keys lie as in music trackers: the bottom row is one octave of white keys
with its black keys above, the row of Q is the next octave.

    2 3   5 6 7   9 0
   q w e r t y u i o          C4 and up
     s d   g h j
    z x c v b n m             C3 and up

A terminal says that a key went down and, while it stays down, says so again
(auto-repeat); it never says that a key came up. So a note ends

  * when another key is struck: a melody is legato, one note at a time;
    but keys struck together, within 90 ms, are a chord and stay together;
  * 0.8 s after it was struck, unless its key is held: then auto-repeat keeps
    it, and its whole chord, sounding until 0.15 s after the key is let go;
  * not at all while latched: with latch on (space) notes pile up until the
    same key is struck again, latch is switched off, or panic.

Striking a sounding key again is told from auto-repeat by its rhythm. Repeats
come every 20 to 50 ms, which no finger does, and keep the note. Only the first
repeat, some quarter to three quarters of a second after the strike, could be a
finger, and a finger must be heard at once: it strikes again. If more follow in
the rhythm of repeats, it was none, and the note, struck twice for once, has
taught the terminal's delay: from then on a byte that comes just that long
after a strike is held back for 60 ms, until the next one decides.

The pitches are relative to an octave that `,` and `.` move.
"""

from __future__ import annotations

from typing import Protocol

KEYS = "zsxdcvgbhnjm" + "q2w3er5t6y7ui9o0"
"""Key by key, in semitones above the octave's C; the second row starts an octave up at index 12."""

CHORD_SECONDS = 0.09
STRUCK_SECONDS = 0.8
HELD_SECONDS = 0.15
REPEAT_SECONDS = 0.08
DOUBT_SECONDS = 0.06
_FIRST_REPEAT_SECONDS = (0.18, 0.78)
_DELAY_TOLERANCE = 0.02
_SHIFTED = dict(zip("@#%^&()", "2356790", strict=True))
"""What shift makes of the black keys' digits on a US keyboard."""

VELOCITY = 95
LOUD_VELOCITY = 125
"""With shift. A DX7's own keys seldom send more than 110."""

NoteMessage = tuple[bool, int]
"""(True for on, note)."""


class Notes(Protocol):
    """What notes are played on."""

    def note_on(self, note: int, velocity: int) -> object:
        """A key of this MIDI number goes down with velocity 1 to 127."""

    def note_off(self, note: int) -> object:
        """It comes up."""


def play_on(instrument: Notes, messages: list[NoteMessage], loud: bool = False) -> None:
    """Send what a `Piano` says to an instrument."""
    for is_on, note in messages:
        if is_on:
            instrument.note_on(note, LOUD_VELOCITY if loud else VELOCITY)
        else:
            instrument.note_off(note)


def unshifted(key: str) -> tuple[str, bool]:
    """The key without shift, and whether shift was down."""
    plain = _SHIFTED.get(key, key.lower())
    return plain, plain != key


DEFAULT_OCTAVE = 3
"""Where the bottom row begins: C3, the middle C."""


def _reachable(octave: int) -> int:
    return min(7, max(-2, octave))


class Piano:
    """Turns strikes and the passing of time into notes. Times are seconds of any one clock."""

    def __init__(self, octave: int = DEFAULT_OCTAVE) -> None:
        self.octave = _reachable(octave)
        self.latch = False
        self._sounding: dict[int, None] = {}
        self._ends = 0.0
        self._last_note = -1
        self._last_strike = -1.0
        self._last_gap = 0.0  # between the last two strikes, if they were of one key
        self._last_byte = -1.0
        self._repeating = False
        self._delay: float | None = None
        self._doubt: float | None = None

    @property
    def sounding(self) -> bool:
        """Whether any note waits for its end."""
        return bool(self._sounding)

    def note(self, key: str) -> int | None:
        """The note of a key, 0..127, or None if the key is none of the piano's. C3 is 60."""
        index = KEYS.find(key)
        note = 12 * (self.octave + 2) + index
        return note if len(key) == 1 and index >= 0 and note <= 127 else None

    def strike(self, note: int, now: float) -> list[NoteMessage]:
        """A key's byte has come: what to play."""
        messages = self.tick(now)
        gap, self._last_byte = now - self._last_byte, now
        if note == self._last_note and note in self._sounding and not self.latch:
            if gap <= REPEAT_SECONDS:
                self._hear_repeat(now)
                return messages
            if not self._repeating and self._delay is not None and abs(gap - self._delay) <= _DELAY_TOLERANCE:
                self._doubt = now
                self._ends = max(self._ends, now + STRUCK_SECONDS)
                return messages
        return messages + self._start(note, now)

    def tick(self, now: float) -> list[NoteMessage]:
        """Time has passed: what ends, and what turns out to have been struck again."""
        messages: list[NoteMessage] = []
        if self._doubt is not None and now - self._doubt > DOUBT_SECONDS:
            messages = self._start(self._last_note, self._doubt)
        if self._sounding and not self.latch and now >= self._ends:
            messages += self.release()
        return messages

    def toggle_latch(self) -> list[NoteMessage]:
        """Space: latch on, or off with all that it held."""
        self.latch = not self.latch
        return [] if self.latch else self.release()

    def release(self) -> list[NoteMessage]:
        """Let every note go."""
        messages = [(False, note) for note in self._sounding]
        self._sounding.clear()
        self._doubt = None
        self._repeating = False
        return messages

    def shift(self, octaves: int) -> list[NoteMessage]:
        """Another octave, -2 to 7."""
        self.octave = _reachable(self.octave + octaves)
        return [] if self.latch else self.release()

    def _hear_repeat(self, now: float) -> None:
        shortest, longest = _FIRST_REPEAT_SECONDS
        if not self._repeating and self._doubt is None and shortest <= self._last_gap <= longest:
            self._delay = self._last_gap  # what was taken for a finger was the first repeat
        self._doubt = None
        self._repeating = True
        self._ends = now + HELD_SECONDS

    def _start(self, note: int, now: float) -> list[NoteMessage]:
        messages: list[NoteMessage] = []
        self._doubt = None
        if self.latch and note in self._sounding:
            del self._sounding[note]
            return [(False, note)]
        together = now - self._last_strike <= CHORD_SECONDS and note not in self._sounding
        if not (self.latch or together):
            messages = self.release()
        self._sounding[note] = None
        self._last_gap = now - self._last_strike if note == self._last_note else 0.0
        self._last_note, self._last_strike = note, now
        self._repeating = False
        self._ends = now + STRUCK_SECONDS
        return [*messages, (True, note)]
