# SPDX-License-Identifier: Apache-2.0
"""The life of a player: open, play, obey, end.

Usually it has a process of its own (`__main__.py`); in a thread of another program (`synth/live/inside.py`) it leaves
that process and its interpreter as they are.

The main thread keeps house: it takes the face's commands, drains the recording,
looks for keyboards that came or went, and sends meters. Nothing it does can
delay a note (`playing.py`) or a sample (the engine's callback).
"""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING

from synth.audio.devices import leave_portaudio, one_at_a_time
from synth.errors import SixopError
from synth.midi.gear import VIRTUAL
from synth.midi.ports import Inputs, OpenPort
from synth.patch import Patch
from synth.player import realtime
from synth.player.beginning import begin
from synth.player.instrument import Instrument
from synth.player.leaving import end_within
from synth.player.meters import Meters, Pace
from synth.player.mts_esp import Master
from synth.player.obeying import obey
from synth.player.opening import Sound, open_sound
from synth.player.outputs import Outputs
from synth.player.period import Period
from synth.player.playing import Playing
from synth.player.recordings import Recordings
from synth.player.returning import Returning
from synth.player.routes import Routes
from synth.player.settings import AUDIO_BACK, AUDIO_LOST, Settings, unpack_voices
from synth.player.targets import Target, TargetProcess
from synth.player.tunings import Tunings
from synth.player.watchdog import Watchdog
from synth.player.wire import Line, Message, Wire

if TYPE_CHECKING:
    from synth.producer import Producer

_TICK_SECONDS = 0.02
_METER_SECONDS = 0.05  # as often as a level meter wants
_SCAN_SECONDS = 0.5
_FIRST_BLOCK_SECONDS = 2.0
_STORM_SECONDS = 1.0  # the same warning so soon again is of the same storm; nobody sends a dump anew as quickly
_FADE_SECONDS = 0.02  # a panic fades for 3 ms of sound; the device's buffers come on top
_TARGET_SECONDS = 1.0  # for a target to let go of what it holds
_LAST_RESORT_SECONDS = 2.0


class Player:
    """One player. `run` returns its exit code."""

    def __init__(self, wire: Line, settings: Settings, commands: list[Message], owns_process: bool = True) -> None:
        self._wire = wire
        self._owns_process = owns_process
        self._settings = settings
        self._events: deque[Message] = deque()
        self._commands = commands
        self._ending = False
        self._last_warning = ("", 0.0)  # its text, and when it came

    def run(self) -> int:
        """Play until told to stop, the face goes, the time is up or the audio server dies."""
        settings = self._settings
        voices = unpack_voices(settings.voices)
        realtime.claim(realtime.AUDIO_PRIORITY)  # inherited by the threads of the audio system
        with one_at_a_time:
            sound = open_sound(settings, voices, self._wait)
        realtime.claim(realtime.HOUSE_PRIORITY)
        self._assemble(sound, sound.engine.producer(), voices, Playing)
        self._watchdog = Watchdog(sound.engine, sound.output, self._owns_process)
        waiting_for = sound.waiting_for if self._owns_process and not settings.demo else None
        self._on_jack = sound.output.report().api == "JACK"
        self._returning = waiting_for and Returning(waiting_for, settings.rate, sound.traces, self._on_jack)
        self._came = False
        self._master = self._join_master()
        self._wait_for_first_blocks()
        self._watchdog.start()
        self._start()
        if self._owns_process:
            realtime.quicken()
        self._emit({"event": "ready", "realtime": self._playing.realtime})
        self._keep_house()
        if self._watchdog.lost.is_set():
            self._send_meters()
            return AUDIO_LOST
        return self._end()

    # ---- starting -------------------------------------------------------------------

    def _assemble(self, sound: Sound, producer: Producer, voices: list[Patch], playing: type[Playing]) -> None:
        """All that goes around a sounding engine."""
        settings = self._settings
        self._sound = sound
        self._meters, self._pace = Meters(sound.engine, sound.output, sound.start), Pace()
        self._period = Period(sound.output.report().buffer_frames)
        self._recordings = Recordings(settings, sound, producer, voices, self._meters, self._emit)
        self._outputs = Outputs(settings.outputs, VIRTUAL in settings.midi, self._warn)
        self._targets: list[Target] = [TargetProcess(**target) for target in settings.targets]
        self._targets += self._outputs.processes
        if self._recordings.tape is not None:
            self._targets.append(self._recordings.tape)
        self._instrument = Instrument(producer, voices, settings.bank_name, self._events.append, self._targets)
        self._instrument.tunings = Tunings(settings.tuning)
        self._playing = playing(self._instrument, self._events.append)
        self._inputs = Inputs(settings.midi, patient=settings.resume, own_output=self._outputs.has_virtual)
        self._routes = Routes(self._playing, self._emit, settings.mpe, settings.mpe_zones)
        if settings.zones or settings.curve != "linear":
            self._routes.use_zones(settings.zones, settings.curve, settings.zone_places)

    def _wait(self, seconds: float) -> bool:
        """Between attempts to open audio: keep what the face chooses for later, but no notes; False to give up."""
        commands = self._wire.receive(seconds)
        if commands is None or any(command["do"] == "stop" for command in commands):
            self._ending = True
            return False
        self._commands += [command for command in commands if command["do"] not in ("midi", "panic")]
        return True

    def _warn(self, text: str) -> None:
        self._emit({"event": "warning", "text": text})

    def _wait_for_first_blocks(self) -> None:
        """On JACK for two of them: how far they are apart is the server's buffer."""
        deadline = time.monotonic() + _FIRST_BLOCK_SECONDS
        counts: set[int] = set()
        while len(counts) < (2 if self._on_jack else 1) and time.monotonic() < deadline:
            counts |= {self._sound.engine.stats().frames - self._sound.start.frames} - {0}
            time.sleep(0.001)
        if self._on_jack:
            self._period = Period(math.gcd(*counts))

    def _start(self) -> None:
        self._describe_audio()
        opened, _ = self._inputs.refresh()
        self._tell_doubts()
        self._routes.use_ports(self._inputs.ports, opened)
        self._describe_inputs(opened, [])
        self._instrument.describe_bank()
        begin(self._instrument, self._settings, self._routes, load=not self._sound.scored)
        self._recordings.begin()
        self._playing.start()
        self._playing.use_ports(self._inputs.ports, [])

    def _describe_audio(self) -> None:
        if self._sound.doubt:
            self._warn(self._sound.doubt)
        if not self._settings.resume:
            for doubt in self._sound.song.doubts:
                self._warn(doubt)
        wanted = self._settings.frames
        if wanted is not None and wanted != self._period.frames:
            self._warn(f"the audio server runs {self._period.frames} frames a buffer, not the {wanted} asked for")
        self._tell_audio()

    def _tell_audio(self) -> None:
        report = self._sound.output.report()
        meters = self._meters.read()
        self._emit(
            {
                "event": "audio",
                "device": report.device,
                "api": report.api,
                "rate": report.rate,
                "frames": self._period.frames,
                "channels": self._settings.channels,
                "latency_seconds": self._meters.output_seconds(),
                "group_delay_seconds": self._sound.engine.group_delay_seconds,
                "load": meters["load"],
                "underflows": meters["underflows"],
                "waiting_for": self._sound.waiting_for,
            }
        )

    # ---- running --------------------------------------------------------------------

    def _keep_house(self) -> None:
        metered = scanned = time.monotonic()
        panics = self._instrument.panics
        while not self._ending and not self._watchdog.lost.is_set():
            commands = self._wire.receive(_TICK_SECONDS)
            if commands is None:  # the face has gone
                return
            for command in self._commands + commands:
                self._obey(command)
            self._commands.clear()
            if panics != self._instrument.panics:
                panics = self._instrument.panics
                self._inputs.end_sysex()
            self._routes.tend()
            self._look_at_master()
            self._send_dumps()
            self._events.extend(event for target in self._targets for event in target.tend())
            self._events.extend(self._outputs.tend())
            self._forward_events()
            now = time.monotonic()
            self._recordings.drain()
            if now - metered >= _METER_SECONDS:
                metered = now
                if self._pace.wants(meters := self._read_meters(), now):
                    self._wire.send(meters)
            if self._on_jack and self._period.has_changed(self._sound.engine.stats(), now):
                self._tell_audio()
            if now - scanned >= _SCAN_SECONDS:
                scanned = now
                self._look_for_keyboards()
                self._cut_loops()
            if self._returning and self._returning.has_come(now):
                self._came = True
                return
            if self._sound.limit is not None and self._sound.engine.stats().frames >= self._sound.limit:
                return

    def _obey(self, command: Message) -> None:
        if command["do"] == "stop":
            self._ending = True
        elif not obey(command, self._instrument, self._playing.post, self._routes, self._now()):
            self._warn(f"the player knows no command {command!r}")

    def _now(self) -> float:
        """Seconds of the clock that phrases go by."""
        return time.monotonic()

    def _join_master(self) -> Master | None:
        if not self._settings.mts_esp:
            return None
        try:
            master = Master()
        except SixopError as error:
            self._warn(str(error))
            return None
        if master.missing:
            self._warn(master.missing)
        return master

    def _look_at_master(self) -> None:
        if self._master is not None and self._master.look():
            self._playing.post(self._instrument.follow_master, self._master.tables)
            self._emit({"event": "mts_esp", "master": self._master.tables is not None, "scale": self._master.scale})

    def _send_dumps(self) -> None:
        """What somebody has asked for since the last call."""
        while self._instrument.asked:
            asked = self._instrument.asked.popleft()
            port = next((port for port in self._inputs.ports if port.routing is asked.source), None)
            self._outputs.send(asked, port)

    def _look_for_keyboards(self) -> None:
        self._close_left()
        opened, gone = self._inputs.refresh()
        self._tell_doubts()
        for port in self._inputs.pulled():
            self._playing.post(self._playing.let_go, port, "has lost its last cable")
        if not opened and not gone:
            return
        self._routes.use_ports(self._inputs.ports, opened)
        self._playing.use_ports(self._inputs.ports, gone)
        self._describe_inputs(opened, gone)

    def _close_left(self) -> None:
        if not self._playing.left:
            return
        while self._playing.left:
            self._playing.left.popleft().close()
        if self._owns_process:
            realtime.tidy()

    def _cut_loops(self) -> None:
        for sentence in self._inputs.cut_loops(self._outputs.jack_names):
            self._warn(sentence)

    def _tell_doubts(self) -> None:
        while self._inputs.doubts:
            self._warn(self._inputs.doubts.pop(0))

    def _describe_inputs(self, opened: list[OpenPort], gone: list[OpenPort]) -> None:
        self._emit(
            {
                "event": "midi",
                "inputs": [{"name": port.name, "api": port.api_name} for port in self._inputs.ports],
                "opened": [port.name for port in opened],
                "gone": [port.name for port in gone],
                "missing": self._inputs.missing(),
                "requests": self._inputs.requests,
            }
        )

    def _send_meters(self) -> None:
        self._wire.send(self._read_meters())

    def _read_meters(self) -> Message:
        heard = {port.name: port.heard for port in self._inputs.ports}
        return {"event": "meters", **self._meters.read(), "inputs": heard}

    def _forward_events(self) -> None:
        while self._events:
            event = self._events.popleft()
            if not self._has_just_been_told(event):
                self._wire.send(event)

    def _has_just_been_told(self, event: Message) -> bool:
        """A storm of messages that are wrong in one way is told once: its lines would push all else off the screen."""
        if event["event"] != "warning":
            return False
        now = time.monotonic()
        last, self._last_warning = self._last_warning, (event["text"], now)
        return last[0] == event["text"] and now - last[1] < _STORM_SECONDS

    def _emit(self, event: Message) -> None:
        self._events.append(event)
        self._forward_events()

    # ---- ending ---------------------------------------------------------------------

    def close_recording(self) -> None:
        """Finish what is recorded; a dead audio server does not matter to it."""
        recordings = getattr(self, "_recordings", None)
        if recordings is not None:
            recordings.close()

    def abandon_audio(self) -> None:
        """After an error: end the callbacks, unless that could hang because the server has gone."""
        sound = getattr(self, "_sound", None)
        if sound is not None and sound.output.alive():
            if self._owns_process:
                end_within(_LAST_RESORT_SECONDS, 1)
            sound.output.stop()

    def strand(self) -> None:
        """The audio server has died, and this process goes on: let the thread that plays end, and leave all else be."""
        self._playing.stop()
        leave_portaudio()

    def _end(self) -> int:
        """Let every note go, hear that out, and leave audio and MIDI in order."""
        if self._owns_process:
            end_within(_LAST_RESORT_SECONDS, AUDIO_BACK if self._came else 0)
        if self._returning:
            self._returning.close()
        self._playing.call(self._instrument.panic)
        self._close_left()
        self._playing.use_ports([], self._inputs.ports)
        time.sleep(_FADE_SECONDS + 2 * self._buffer_seconds())
        self._watchdog.stop()
        self._playing.stop()
        self.close_recording()
        self._send_meters()
        if not self._came:
            self._emit({"event": "end", **self._meters.read()})
        self._inputs.close()
        if self._master is not None:
            self._master.close()
        self._sound.output.stop()
        for target in self._targets:
            target.close(_TARGET_SECONDS)
        self._outputs.close(_TARGET_SECONDS)
        return AUDIO_BACK if self._came else 0

    def _buffer_seconds(self) -> float:
        return self._period.frames / self._sound.engine.sample_rate


# Players in this process whose audio server died: what freed their ports and streams would wait for it for ever.
_stranded: list[Player] = []


def serve(wire: Wire, owns_process: bool = True) -> int:
    """Read the settings and be the player they ask for; its exit code."""
    first = wire.first()
    if first is None:
        return 1
    player = Player(wire, Settings(**first[0]["settings"]), first[1:], owns_process)
    try:
        code = player.run()
    except SixopError as error:
        wire.send({"event": "error", "text": str(error)})
        player.abandon_audio()
        code = 1
    except BaseException:
        player.abandon_audio()
        raise
    finally:
        player.close_recording()
    if code == AUDIO_LOST and not owns_process:
        _stranded.append(player)
        player.strand()
    return code
