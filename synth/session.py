# SPDX-License-Identifier: Apache-2.0
"""The live instrument, as a face or a script drives it.

A `Session` starts a player process and talks to it in plain data. The player
holds engine, audio and MIDI; this side may be as slow as it likes:

    with Session(bank) as session:
        session.select(5)
        session.note_on(60, 100)
        time.sleep(1)
        session.note_off(60)

If the audio server dies the player leaves, and the session starts another one
with the same bank, voices and volume, which waits for the server to come back.
"""

from __future__ import annotations

import math
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from synth.checks import checked_choice, checked_int
from synth.engine import KERNELS
from synth.errors import SixopError
from synth.midi.control_targets import HIGHEST_CONTROLLER, control_target
from synth.midi.learned import ITSELF
from synth.midi.zones import read_curve, read_zones
from synth.patch import Patch
from synth.player.settings import AUDIO_LOST, COUNTERS, PARTS, Settings, pack_voices
from synth.player.wire import Message, Wire
from synth.tuning import checked_tuning

READY_SECONDS = 15.0
_STOP_SECONDS = 4.0
# A player that crashes this often within so many seconds is not started again.
_CRASHES, _CRASH_SECONDS = 5, 60.0
_MOST = 2**31 - 1


def _checked(choices: dict[str, Any]) -> dict[str, Any]:
    """The choices with their numbers looked at, as plain ones; the rest as it is."""
    checked = dict(choices)
    if choices.get("frames") is not None:
        checked["frames"] = checked_int("frames", choices["frames"], 1, _MOST)
    if choices.get("rate") is not None:
        checked["rate"] = checked_int("rate", choices["rate"], 1, _MOST)
    if "number" in choices:
        checked["number"] = _checked_number(choices["number"])
    if "kernel" in choices:
        checked["kernel"] = checked_choice("kernel", choices["kernel"], KERNELS)
    if "volume_db" in choices:
        checked["volume_db"] = _checked_volume("volume_db", choices["volume_db"])
    if choices.get("tuning") is not None:
        checked["tuning"] = list(checked_tuning(choices["tuning"]).hertz)
    if "zones" in choices:
        checked["zones"] = _checked_zones(choices["zones"])
    if "curve" in choices:
        checked["curve"] = _checked_curve(choices["curve"])
    return checked


def _checked_zones(tables: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    _, wrong = read_zones(tables)
    for index, error in wrong:
        raise ValueError(f"zones[{index}]: {error}.")
    return [dict(table) for table in tables]


def _checked_curve(curve: str | int) -> str | int:
    try:
        return read_curve(curve)
    except ValueError as error:
        raise ValueError(f"curve {error}.") from error


def _checked_target(target: str | int) -> str:
    if target != ITSELF:
        try:
            control_target(target)
        except ValueError as error:
            raise ValueError(f"target {error}.") from error
    return str(target)


def _checked_bank(voices: Sequence[Patch]) -> list[str]:
    if not len(voices):
        raise ValueError("voices must hold at least one voice.")
    return pack_voices(voices)


def _checked_number(number: int) -> int:
    return checked_int("number", number, 1, _MOST)


def _checked_volume(name: str, decibels: float) -> float:
    if isinstance(decibels, (str, bytes)):
        raise TypeError(f"{name} must be a number of decibels, not {decibels!r}.")
    value = float(decibels)
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, not {value}.")
    return value


class Session:
    """A running instrument. Channels (1..16) and voice numbers are 1-based, as on the instrument's front.

    Events are dictionaries with a key `event`: audio, midi, bank, voice, tuning, target, ready,
    meters, zones, learned, warning, recording, recorded, restart, back, error, end. `next_event`
    gives them in order; meters, which come ten times a second, are kept in `meters`
    only, and empty until the first have come. Counters go on over restarts.

    Arguments out of range raise ValueError or TypeError that names the argument.
    """

    def __init__(self, voices: Sequence[Patch], bank_name: str = "", **choices: Any) -> None:
        """Start a player on these voices; `choices` are the other fields of `Settings`.

        Raises:
            ValueError, TypeError: a choice is out of range.
        """
        self._settings = Settings(voices=_checked_bank(voices), bank_name=bank_name, **_checked(choices))
        self._events: queue.Queue[Message] = queue.Queue()
        self._stopping = False
        self._was_ready = False
        self._said_why = False
        self._device: str | None = None
        self._crashes: list[float] = []
        self._lock = threading.Lock()
        self.meters: Message = {}
        self.learned: dict[int, str] = {}  #: controllers, with what they have learned to do
        self._earlier: Message = {}  # the counters of the players before this one
        self._rate = 0
        self._restarting = False
        self.ended = threading.Event()
        self.exit_code: int | None = None
        self._spawn()
        self._reader = threading.Thread(target=self._read, name="session", daemon=True)
        self._reader.start()

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
        self._command({"do": "midi", "data": bytes(message).hex()})

    def select(self, number: int, channel: int | None = None) -> None:
        """Voice `number` of the bank, counted around, for one channel or all of them."""
        part = None if channel is None else checked_int("channel", channel, 1, PARTS)
        self._command({"do": "select", "number": _checked_number(number), "channel": part})

    def step(self, by: int) -> None:
        """The next (1) or previous (-1) voice, for all channels; with zones, for the one that `Router.lead` names."""
        self._command({"do": "step", "by": checked_int("by", by, -_MOST, _MOST)})

    def load(self, voice: Patch, channel: int = 1) -> None:
        """A voice that need not be in the bank, for one channel."""
        number = checked_int("channel", channel, 1, PARTS)
        self._command({"do": "sound", "channel": number, "voice": pack_voices([voice])[0]})

    def load_bank(self, voices: Sequence[Patch], name: str) -> None:
        """Another bank; every channel keeps its voice number."""
        self._command({"do": "bank", "voices": _checked_bank(voices), "name": name})

    def set_zones(self, zones: Sequence[Mapping[str, Any]], curve: str | int | None = None) -> None:
        """Which keys of which MIDI inputs play which channel's part, and with what velocities; [] is the usual way.

        Held notes end where they began. What a zone may say stands in `synth/midi/zones.py`; its voice counts when a
        session starts. `curve` is that of zones that name none, None the one of before.
        """
        self._settings.zones = _checked_zones(zones)
        self._settings.curve = self._settings.curve if curve is None else _checked_curve(curve)
        self._command({"do": "zones", "zones": self._settings.zones, "curve": self._settings.curve})

    def learn(self, target: str | int | None) -> None:
        """The next controller that moves on a MIDI input does this from now on, and on other evenings too.

        Args:
            target: a controller by number or name (`synth.midi.control_targets.NAMES`), a function parameter as
                "bend_range", a command as "next_voice", or "itself" to forget. None waits no longer.

        The event `learned` tells which controller it was. Those that all players need (bank select, data entry,
        sustain, RPN, channel mode) are never taken.
        """
        self._command({"do": "learn", "target": None if target is None else _checked_target(target)})

    def forget(self, controller: int | None = None) -> None:
        """Give this controller (0..119), or each, its own meaning back."""
        number = None if controller is None else checked_int("controller", controller, 0, HIGHEST_CONTROLLER)
        self._command({"do": "forget", "controller": number})

    def set_volume(self, decibels: float) -> None:
        """Volume of the whole instrument; 0 dB is one full carrier at full scale."""
        self._settings.volume_db = _checked_volume("decibels", decibels)
        self._command({"do": "volume", "decibels": self._settings.volume_db})

    def panic(self) -> None:
        """Silence, at once."""
        self._command({"do": "panic"})

    # ---- what happens ---------------------------------------------------------------

    def next_event(self, timeout: float | None = None) -> Message | None:
        """The next event, or None if none came within `timeout` seconds (None: wait for one)."""
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None

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

    # ---- the player's process -------------------------------------------------------

    @property
    def player_pid(self) -> int:
        """Process id of the player of the moment."""
        return self._process.pid

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        environment = dict(os.environ)
        home = str(Path(__file__).resolve().parent.parent)  # so that the player runs the same code as we do
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [home, environment.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "synth.player", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        self._wire = Wire(ours)
        self._wire.send({"settings": asdict(self._settings)})

    def _command(self, command: Message) -> None:
        with self._lock:
            self._wire.send(command)

    def _read(self) -> None:
        while True:
            messages = self._wire.receive(0.5)
            if messages is None:
                if not self._replace_player():
                    break
                continue
            for message in messages:
                self._take(message)
        self.ended.set()

    def _take(self, event: Message) -> None:
        """Remember what a next player would have to know, and pass the event on."""
        settings = self._settings
        match event["event"]:
            case "meters":
                self.meters = self._total(event)
                return
            case "end":
                event = self._total(event)
            case "ready":
                self._was_ready = True
                if self._restarting:
                    self._restarting = False
                    self._events.put({"event": "back", "text": f"back: {self._device or 'no audio device'}"})
            case "learned":
                self.learned = {int(number): target for number, target in event["controllers"].items()}
            case "recording":
                settings.record = event["file"]
            case "error":
                self._said_why = True
            case "audio":
                self._device = f"{event['device']} ({event['api']})" if event["api"] else None
                self._rate = event["rate"]
            case "bank":
                settings.voices, settings.bank_name = event.pop("data"), event["name"]
            case "voice":
                self._remember_voice(event)
            case "tuning":
                for channel in event["channels"]:
                    settings.retuned.setdefault(str(channel - 1), {}).update(event["keys"])
        self._events.put(event)

    def _total(self, event: Message) -> Message:
        """The same with the counts of earlier players added."""
        total = {name: event[name] + self._earlier.get(name, 0) for name in COUNTERS}
        return {**event, **total, "peak": max(event["peak"], self._earlier.get("peak", 0.0))}

    def _remember_position(self) -> None:
        """Where a next player goes on counting, playing a song and measuring time."""
        frames = self.meters.get("frames", 0) - self._earlier.get("frames", 0)
        self._settings.elapsed_seconds += frames / self._rate if self._rate else 0.0
        self._earlier = dict(self.meters)

    def _remember_voice(self, event: Message) -> None:
        channel, sound = event["channel"], event.pop("data", None)
        if channel is None:
            self._settings.number = event["number"]
            self._settings.numbers.clear()
            self._settings.sounds.clear()
            return
        part = str(channel - 1)
        assert 0 <= channel - 1 < PARTS
        if event["followed"] and not self._restarting:  # else the player tells what we told it
            self._settings.followed = channel - 1
        self._settings.numbers[part] = event["number"]
        if sound is None:
            self._settings.sounds.pop(part, None)
        else:
            self._settings.sounds[part] = sound

    def _replace_player(self) -> bool:
        """After the player has gone: start another if it should not have, and say so. False to end."""
        code = self._process.wait()
        self._wire.close()
        self.exit_code = code
        if self._stopping or code == 0:
            return False
        now = time.monotonic()
        self._crashes = [crash for crash in self._crashes if now - crash < _CRASH_SECONDS]
        if code != AUDIO_LOST:
            self._crashes.append(now)
        if not self._was_ready or len(self._crashes) >= _CRASHES:
            if code < 0 or not self._said_why:
                self._events.put({"event": "error", "text": f"the player ended unexpectedly (code {code})"})
            return False
        if code == AUDIO_LOST:
            text = "the audio server has gone; waiting for it to return"
        else:
            text = f"the player crashed (code {code}); starting again"
        self._events.put({"event": "restart", "text": text})
        self._restarting = True
        self._remember_position()
        self._settings.resume = True
        if self._device is not None:
            self._settings.audio = self._device
        with self._lock:
            self._spawn()
        return True

    def close(self) -> None:
        """End the player: notes are released, the recording is closed. Twice is fine."""
        self._stopping = True
        self._command({"do": "stop"})
        if not self.ended.wait(_STOP_SECONDS):
            self._process.kill()
            self.ended.wait(1.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
