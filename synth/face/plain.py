# SPDX-License-Identifier: Apache-2.0
"""The plain face: five lines, `ready`, then keys in and changes out.

With `as_json` every event is printed as one JSON object a line instead, meters
once a second. Without a terminal it only listens.
"""

from __future__ import annotations

import json
import math
import sys
import time
from contextlib import nullcontext

from synth.face import lines
from synth.face.piano import DEFAULT_OCTAVE, NoteMessage, Piano, play_on, unshifted
from synth.face.settled import Settled
from synth.face.terminal import DOWN, END, ESCAPE, LEFT, RIGHT, UP, Keyboard, read_keys, single_keys
from synth.midi.learned import ITSELF
from synth.player.settings import PARTS
from synth.player.wire import Message
from synth.session import Session

_TICK_SECONDS = 0.01
_METER_SECONDS = 1.0
_LEARNING_SECONDS = 30.0  # a key struck by accident shall not take a controller an hour later
_NEXT = frozenset({RIGHT, DOWN, "]", "+", "="})
_PREVIOUS = frozenset({LEFT, UP, "[", "-", "_"})
_LEARNED = (
    *("next_voice", "previous_voice", "wheel", "breath", "foot", "volume", "expression", "portamento_time"),
    *("panic", ITSELF),
)
"""What the key l offers to learn, one after the other."""
_EARLY_LINES = {"target": lines.target_line, "learned": lines.learned_line, "voice": lines.voice_line}


class PlainFace:
    """Runs one session to its end. `run` returns the exit code."""

    def __init__(self, session: Session, keys: bool, as_json: bool = False, quiet: bool = False) -> None:
        self._session = session
        self._keys = keys
        self._json = as_json
        self._quiet = quiet
        self._piano = Piano(session.remembered("octave", DEFAULT_OCTAVE))
        self._failed = False
        self._over = False
        self._said_limit = False
        self._learning = -1
        self._learning_ends = 0.0
        self._ready = False
        self._first: dict[str, Message] = {}
        self._early: list[Message] = []
        self._settled = Settled()

    def run(self) -> int:
        """Until Ctrl-C, Ctrl-D, the end of the player's time, or an error."""
        try:
            with single_keys(sys.stdin.fileno()) if self._keys else nullcontext() as keyboard:
                self._loop(keyboard)
        except KeyboardInterrupt:
            pass
        finally:
            self._session.close()
        self._show_waiting()
        self._tell_settled(math.inf)
        self._say_end()
        return 1 if self._failed else 0

    def _loop(self, keyboard: Keyboard | None) -> None:
        metered = time.monotonic()
        while not (self._over or self._session.ended.is_set()):
            if keyboard is not None:
                for key in read_keys(sys.stdin.fileno(), _TICK_SECONDS):
                    self._press(key)
                self._play(self._piano.tick(time.monotonic()))
                if self._learning >= 0 and time.monotonic() >= self._learning_ends:
                    self._stop_learning()
                if keyboard.stop_wanted:
                    self._play(self._piano.release())  # nobody would end them while we are stopped
                    keyboard.stop()
                self._show_waiting()
            elif (event := self._session.next_event(_TICK_SECONDS * 5)) is not None:
                self._show(event)
            self._tell_settled(time.monotonic())
            if self._json and self._ready and time.monotonic() - metered >= _METER_SECONDS:
                metered = time.monotonic()
                if self._session.meters:
                    self._print_json(self._session.meters)

    # ---- keys -----------------------------------------------------------------------

    def _press(self, key: str) -> None:
        plain, loud = unshifted(key)
        note = self._piano.note(plain)
        if key == END:
            self._over = True
        elif key in _NEXT or key in _PREVIOUS:
            self._session.step(1 if key in _NEXT else -1)
        elif key == ESCAPE and self._learning >= 0:
            self._stop_learning()
        elif key in (ESCAPE, "p"):
            self._piano.release()
            self._stop_learning()
            self._session.panic()
            self._say("panic   silence")
        elif key == " ":
            self._play(self._piano.toggle_latch())
            self._say(f"latch   {'on' if self._piano.latch else 'off'}")
        elif key in (",", "."):
            self._shift(1 if key == "." else -1)
        elif key == "k":
            self._turn_mono()
        elif key == "l":
            self._learn()
        elif key == "a":
            self._say(lines.meters_line(self._session.meters))
        elif key == "?":
            self._say(lines.HELP)
        elif note is not None:
            self._play(self._piano.strike(note, time.monotonic()), loud)

    def _turn_mono(self) -> None:
        """Mono or poly: of all parts, or of part 1 if they differ."""
        mono = [self._session.function("mono", channel) for channel in range(1, PARTS + 1)]
        self._session.set_function("mono", 1 - mono[0], None if len(set(mono)) == 1 else 1)

    def _learn(self) -> None:
        """The next thing that the controller which moves next shall do."""
        self._learning = (self._learning + 1) % len(_LEARNED)
        self._learning_ends = time.monotonic() + _LEARNING_SECONDS
        self._session.learn(_LEARNED[self._learning])

    def _stop_learning(self) -> None:
        if self._learning >= 0:
            self._learning = -1
            self._session.learn(None)

    def _shift(self, octaves: int) -> None:
        """Say where the octave is, and once that it goes no further."""
        before = self._piano.octave
        self._play(self._piano.shift(octaves))
        moved = self._piano.octave != before
        self._session.remember("octave", self._piano.octave)
        if moved or not self._said_limit:
            limit = "" if moved else f", and no {'higher' if octaves > 0 else 'lower'}"
            self._say(f"octave  from C{self._piano.octave}{limit}")
        self._said_limit = not moved

    def _play(self, messages: list[NoteMessage], loud: bool = False) -> None:
        play_on(self._session, messages, loud)

    # ---- events ---------------------------------------------------------------------

    def _show_waiting(self) -> None:
        while (event := self._session.next_event(0)) is not None:
            self._show(event)

    def _show(self, event: Message) -> None:
        kind = event["event"]
        self._failed = self._failed or kind == "error"
        if kind == "restart":
            self._piano.release()  # the next player holds no notes
        if self._json:
            self._print_json(event)
            if kind == "ready":
                self._ready = True
        elif kind == "error":
            print(f"sixop: {event['text']}", file=sys.stderr)
        elif kind in ("warning", "restart", "back"):
            if not self._quiet:
                print(f"sixop: {event['text']}", file=sys.stderr)
        elif kind == "function":
            self._settled.take(event, time.monotonic())
        elif not self._ready:
            self._introduce(event)
        elif kind == "target":
            self._say(lines.target_line(event))
        elif kind == "midi":
            self._say(*lines.midi_change_lines(event))
        elif kind == "mpe":
            self._say(lines.mpe_line(event))
        elif kind == "mts_esp":
            self._say(lines.master_line(event))
        elif kind == "learned":
            self._show_learned(event)
        elif kind == "bank":
            self._say(lines.bank_line(event))
        elif kind == "voice":
            self._say(lines.voice_line(event))
        elif kind == "audio":
            self._say(*lines.audio_lines(event))
        elif kind == "recorded_midi":
            self._say(f"record  {event['file']}")
        elif kind == "recorded":
            self._say(lines.recorded_line(event))

    def _show_learned(self, event: Message) -> None:
        if event["controller"] is not None:
            self._learning = -1
        self._say(lines.learned_line(event))

    def _tell_settled(self, now: float) -> None:
        if self._ready:
            self._say(*self._settled.lines(now))

    def _introduce(self, event: Message) -> None:
        """Collect the first events into the five lines; the first voice event is the one for all channels."""
        if event["event"] in ("target", "learned") or (event["event"] == "voice" and event["channel"] is not None):
            self._early.append(event)
            return
        if event["event"] != "ready":
            self._first.setdefault(event["event"], event)
            return
        self._ready = True
        self._say(
            *lines.audio_lines(self._first["audio"]),
            lines.midi_line(self._first["midi"]),
            lines.bank_line(self._first["bank"]),
            lines.voice_line(self._first["voice"]),
        )
        print("ready", flush=True)
        if self._keys:
            self._say("keys    z s x d c ... q 2 w 3 e ... play, arrows change the voice, ? for more")
        for early in self._early:
            self._say(_EARLY_LINES[early["event"]](early))

    def _say_end(self) -> None:
        if self._ready and not self._json:
            self._say(lines.summary_line(self._session.meters))
            if self._session.meters:
                self._say(lines.measured_line(self._session.meters))

    def _say(self, *sentences: str) -> None:
        if not self._quiet:
            for sentence in sentences:
                print(sentence, flush=True)

    def _print_json(self, event: Message) -> None:
        print(json.dumps(event), flush=True)
