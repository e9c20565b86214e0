# SPDX-License-Identifier: Apache-2.0
"""The live instrument, as a face or a script drives it.

    with Session("bank.syx") as session:
        session.select(5)
        session.note_on(60, 100)
        time.sleep(1)
        session.note_off(60)

A session passes plain data to a player and gets plain data back. Where the player lives is one word:

    Session(bank)                   in a process of its own, which no busy program can delay. If the audio server dies,
                                    the player leaves, and the session starts another one with the same bank, voices
                                    and volume, which waits for the server to come back.
    Session(bank, in_process=True)  in a thread of this program (see `synth/live/inside.py` for what that costs).
    Session(bank, offline=True)     nowhere: without a device and a clock, `render` gives the sound, to the sample.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from synth.checks import checked_bool, checked_int, checked_seconds
from synth.errors import SixopError
from synth.functions import read_function
from synth.live.choices import (
    MOST,
    Voices,
    checked_bank,
    checked_choices,
    checked_curve,
    checked_decibels,
    checked_part_volume,
    checked_source,
    checked_target,
    checked_voice,
    checked_voice_number,
    checked_zones,
)
from synth.live.memory import Memory
from synth.live.snapshots import Snapshots
from synth.midi.sysex import BANK_FORM, VOICE_FORM
from synth.patch import Patch
from synth.player.settings import PARTS, Settings
from synth.producer import checked_pan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from synth.live.child import ChildPlayer
    from synth.live.inside import InsidePlayer
    from synth.live.keeper import Keeper
    from synth.live.offline import OfflinePlayer
    from synth.live.statefile import StateFile
    from synth.player.wire import Message

READY_SECONDS = 15.0
_LOOK_SECONDS = 0.1


class Session(Snapshots):
    """A running instrument. Channels (1..16) and voice numbers are 1-based, as on the instrument's front.

    Events are dictionaries with a key `event`: audio, midi, bank, bank_select, voice, function, part_volume, tuning,
    target, ready, meters, zones, mpe, mts_esp, learned, warning, recording, recorded, recording_midi, recorded_midi,
    restart, back, error, end. `next_event` gives them in order; meters, which come often, are kept in `meters`
    only, and empty until the first have come. Counters go on over restarts.

    Arguments out of range raise ValueError or TypeError that names the argument.
    """

    def __init__(
        self,
        voices: Voices = None,
        bank_name: str | None = None,
        *,
        in_process: bool = False,
        offline: bool = False,
        state: str | os.PathLike[str] | StateFile | None = None,
        **choices: Any,
    ) -> None:
        """Start a player on these voices.

        Args:
            voices: a list of patches, a bank, one patch, the path of a file of any kind, or None for the factory bank.
            bank_name: where they came from, for people; None for what is known of that.
            in_process: play in a thread of this program.
            offline: play only when `render` is called; at `rate`, or 48000 Hz.
            state: a file that remembers how the session stood: bank, voices, edited sounds, volumes, function
                parameters. A new session goes on there, where its other arguments do not say otherwise; it is written
                every second. None remembers nothing. A `StateFile` is written only: whoever has opened it has read it.
            choices: the other fields of `Settings` (`synth/player/settings.py`).

        Raises:
            ValueError, TypeError: a choice is out of range.
            VoiceError: the file of voices cannot be read or holds none.
            SixopError: another session remembers in that file, or nothing can be written there.
        """
        if in_process and offline:
            raise ValueError("in_process and offline exclude each other: offline, no player runs at all.")
        fields = checked_choices(choices)
        if voices is not None:
            fields["voices"], fields["bank_name"] = checked_bank(voices, bank_name)
        self._events: queue.Queue[Message] = queue.Queue()
        self._keeper: Keeper | None = None
        file: StateFile | None = None
        if state is not None:
            from synth.live.statefile import opened

            file, kept = opened(state, fields)
            fields = {**kept, **fields}
        if "voices" not in fields:
            fields["voices"], fields["bank_name"] = checked_bank(voices, bank_name)
        self._settings = Settings(**fields)
        self._memory = Memory(self._settings)
        self._offline: OfflinePlayer | None = None
        try:
            self._player = self._start(in_process, offline)
        except BaseException:
            if file is not None:
                file.release()
            raise
        if file is not None:
            from synth.live.keeper import Keeper

            self._keeper = Keeper(self._memory, file, self._events.put)

    def _start(self, in_process: bool, offline: bool) -> ChildPlayer | InsidePlayer | OfflinePlayer:
        if offline:
            from synth.live.offline import OfflinePlayer

            self._offline = OfflinePlayer(self._memory, self._events.put)
            return self._offline
        if in_process:
            from synth.live.inside import InsidePlayer

            return InsidePlayer(self._memory, self._events.put)
        from synth.live.child import ChildPlayer

        return ChildPlayer(self._memory, self._events.put)

    # ---- what to play ---------------------------------------------------------------

    def note_on(self, note: int, velocity: int = 100, channel: int = 1) -> None:
        """Press a key (0..127, 60 is C3)."""
        self._key(0x90, note, checked_int("velocity", velocity, 0, 127), channel)

    def note_off(self, note: int, channel: int = 1) -> None:
        """Let a key go."""
        self._key(0x80, note, 64, channel)

    def _key(self, status: int, note: int, velocity: int, channel: int) -> None:
        part = checked_int("channel", channel, 1, PARTS) - 1
        self.midi(bytes((status | part, checked_int("note", note, 0, 127), velocity)))

    def midi(self, message: bytes) -> None:
        """Any channel message, or one whole SysEx message."""
        if isinstance(message, int):
            raise TypeError(f"message must be bytes, as bytes((0x90, 60, 100)), not {message!r}.")
        self._command({"do": "midi", "data": bytes(message).hex()})

    def select(self, number: int, channel: int | None = None) -> None:
        """Voice `number` of the bank, counted around, for one channel or all of them."""
        part = None if channel is None else checked_int("channel", channel, 1, PARTS)
        self._command({"do": "select", "number": checked_voice_number(number), "channel": part})

    def step(self, by: int) -> None:
        """The next (1) or previous (-1) voice, for all channels; with zones, for the one that `Router.lead` names."""
        self._command({"do": "step", "by": checked_int("by", by, -MOST, MOST)})

    def load(self, voice: Patch, channel: int = 1) -> None:
        """A voice that need not be in the bank, for one channel."""
        number = checked_int("channel", channel, 1, PARTS)
        self._command({"do": "sound", "channel": number, "voice": checked_voice(voice)})

    def audition(self, voice: Patch, phrase: Sequence[tuple[float, int, int, float]] = (), channel: int = 1) -> None:
        """A voice for one channel, heard at once: the keys that are held there are struck again with it.

        Args:
            voice: need not be in the bank.
            phrase: played if no key is held: start in seconds, note, velocity (1..127), and seconds until it is let
                go, of each note. The next audition, or panic, ends it.
            channel: 1..16.
        """
        number = checked_int("channel", channel, 1, PARTS)
        notes = [
            (
                checked_seconds("start", start),
                checked_int("note", note, 0, 127),
                checked_int("velocity", velocity, 1, 127),
                checked_seconds("seconds", seconds),
            )
            for start, note, velocity, seconds in phrase
        ]
        self._command({"do": "audition", "channel": number, "voice": checked_voice(voice), "phrase": notes})

    def load_bank(self, voices: Voices, name: str | None = None) -> None:
        """Another bank, given as to a new session; every channel keeps its voice number."""
        packed, known = checked_bank(voices, name)
        self._command({"do": "bank", "voices": packed, "name": known})

    def set_function(self, name: str, value: int | str | bool, channel: int | None = None) -> None:
        """One of the DX7's function parameters, for one channel or all of them.

        Args:
            name: as in `synth.functions.FUNCTIONS`: mono, bend_range, portamento_time, wheel_assign...
            value: a number of 0 to its highest, or words: "mono", "pitch+amp", "442 Hz".
            channel: 1..16; None for all.
        """
        number = read_function(name, value)
        part = None if channel is None else checked_int("channel", channel, 1, PARTS)
        self._command({"do": "function", "name": name, "value": number, "channel": part})

    def set_zones(self, zones: Sequence[Mapping[str, Any]], curve: str | int | None = None) -> None:
        """Which keys of which MIDI inputs play which channel's part, and with what velocities; [] is the usual way.

        Held notes end where they began. What a zone may say stands in `synth/midi/zones.py`; its voice counts when a
        session starts. `curve` is that of zones that name none, None the one of before.
        """
        self._settings.zones, self._settings.zone_places = checked_zones(zones), []
        self._settings.curve = self._settings.curve if curve is None else checked_curve(curve)
        self._command({"do": "zones", "zones": self._settings.zones, "curve": self._settings.curve})

    def learn(self, target: str | int | None) -> None:
        """The next controller that moves on a MIDI input does this from now on, and on other evenings too.

        So does the next bend or aftertouch that goes more than half its way; it then does nothing else.

        Args:
            target: a controller by number or name (`synth.midi.control_targets.NAMES`), a function parameter as
                "bend_range", a command as "next_voice", or "itself" to forget. None waits no longer.

        The event `learned` tells which controller it was. Those that all players need (bank select, data entry,
        sustain, RPN, channel mode) are never taken.
        """
        self._command({"do": "learn", "target": None if target is None else checked_target(target)})

    def forget(self, controller: int | str | None = None) -> None:
        """Give this controller (0..119), "bend" or "aftertouch", or each, its own meaning back."""
        number = None if controller is None else checked_source(controller)
        self._command({"do": "forget", "controller": number})

    def send_voice(self, channel: int = 1) -> None:
        """Send this channel's voice as SysEx to every MIDI output: for the edit buffer of a DX7 on that channel."""
        self._send(VOICE_FORM, checked_int("channel", channel, 1, PARTS))

    def send_bank(self, channel: int = 1) -> None:
        """Send 32 voices as SysEx to every MIDI output: those of the bank that this channel has selected.

        A DX7 on that channel takes them into its 32 memories. A bank takes 1.3 seconds on a MIDI cable, and notes wait.
        """
        self._send(BANK_FORM, checked_int("channel", channel, 1, PARTS))

    def _send(self, form: int, channel: int) -> None:
        self._command({"do": "send", "form": form, "channel": channel})

    def set_volume(self, decibels: float) -> None:
        """Volume of the whole instrument; 0 dB is one full carrier at full scale."""
        self._settings.volume_db = checked_decibels("decibels", decibels)
        self._command({"do": "volume", "decibels": self._settings.volume_db})

    def set_limiter(self, on: bool) -> None:
        """Hold what is too loud just below full scale, smoothly, at a delay of 1.5 ms at most; or no longer."""
        self._settings.limiter = checked_bool("on", on)
        self._command({"do": "limiter", "on": self._settings.limiter})

    def set_part_volume(self, decibels: float, channel: int) -> None:
        """Volume of one channel's part, -96 to 12 dB, besides its controllers 7 and 11; 0 dB is as it is."""
        part = checked_int("channel", channel, 1, PARTS)
        value = checked_part_volume(decibels)
        self._settings.part_volumes = {**self._settings.part_volumes, str(part - 1): value}
        self._command({"do": "part_volume", "decibels": value, "channel": part})

    def set_pan(self, pan: float, channel: int) -> None:
        """Where one channel's part stands: -1 is left, 0 the middle, 1 right. Controller 10 moves the same."""
        part = checked_int("channel", channel, 1, PARTS)
        value = checked_pan(pan)
        self._settings.pans = {**self._settings.pans, str(part - 1): value}
        self._command({"do": "pan", "pan": value, "channel": part})

    def panic(self) -> None:
        """Silence, at once."""
        self._command({"do": "panic"})

    # ---- what happens ---------------------------------------------------------------

    def next_event(self, timeout: float | None = None) -> Message | None:
        """The next event, or None if none came within `timeout` seconds (None: wait for one; offline, nobody waits)."""
        try:
            return self._events.get(timeout=0 if self._offline else timeout)
        except queue.Empty:
            return None

    def events(self) -> Iterator[Message]:
        """Events as they come, until the player has ended; offline, those that are there."""
        while True:
            over = self._offline is not None or self._player.ended.is_set()
            event = self.next_event(0 if over else _LOOK_SECONDS)
            if event is not None:
                yield event
            elif over:
                return

    def wait_ready(self, timeout: float = READY_SECONDS) -> list[Message]:
        """The events up to and with `ready`.

        Raises:
            SixopError: the player could not start, with its reason, or took too long.
        """
        events: list[Message] = []
        deadline = time.monotonic() + timeout
        while not events or events[-1]["event"] != "ready":
            event = self.next_event(max(0.0, deadline - time.monotonic()))
            if event is None:
                raise SixopError(f"the player was not ready after {timeout:g} s; `sixop doctor` may know why")
            if event["event"] == "error":
                raise SixopError(event["text"])
            events.append(event)
        return events

    # ---- sound ----------------------------------------------------------------------

    def render(self, frames: int | None = None, *, seconds: float | None = None) -> NDArray[np.float32]:
        """The next sound of an offline session, given in frames or in seconds: float32 (n, 2), 1.0 being full scale.

        What has been commanded so far takes effect on the first of the frames, in its order. Fewer frames come at the
        end of a song, or of the session's `seconds`; then none.

        Raises:
            ValueError: the session is not offline, or the length is none.
        """
        if self._offline is None:
            raise ValueError("render is for sessions with offline=True; this one plays by itself.")
        if (frames is None) == (seconds is None):
            raise ValueError("render takes either frames or seconds.")
        if frames is None:
            frames = round(checked_seconds("seconds", seconds) * self._memory.audio["rate"])
        return self._offline.render(checked_int("frames", frames, 0, MOST))

    # ---- the player -----------------------------------------------------------------

    @property
    def player_pid(self) -> int:
        """Process id of the player of the moment: this one's, unless it has a process of its own."""
        return getattr(self._player, "pid", os.getpid())

    @property
    def ended(self) -> threading.Event:
        """Set once the player has ended and no other follows."""
        return self._player.ended

    @property
    def exit_code(self) -> int | None:
        """Of the player that ended last."""
        return self._player.exit_code

    def close(self) -> None:
        """End the player: notes are released, the recording is closed, the state is written. Twice is fine."""
        self._player.close()
        if self._keeper is not None:
            self._keeper.close()

    def remember(self, name: str, value: int) -> None:
        """Keep a number of a face's own, as its octave, in the file of the state."""
        self._settings.face = {**self._settings.face, name: checked_int(name, value, -MOST, MOST)}

    def remembered(self, name: str, otherwise: int) -> int:
        """What `remember` was told last, on whatever evening; `otherwise` if that was nothing."""
        return self._settings.face.get(name, otherwise)

    def _command(self, command: Message) -> None:
        self._player.send(command)

    def __reduce__(self) -> str:
        raise TypeError("A session is a running instrument and cannot be copied or pickled: start another one.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
