# SPDX-License-Identifier: Apache-2.0
"""What a session remembers of its player: all that the next one has to know to go on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth.patch import Patch
from synth.player.settings import COUNTERS, PARTS, PEAKS, Settings, unpack_voices

if TYPE_CHECKING:
    from synth.player.wire import Message


class Memory:
    """Settings that follow the events. One thread calls `take`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.meters: Message = {}  #: the newest, counted over all players; empty until the first have come
        self.learned: dict[int | str, str] = {}  #: controllers and other sources, with what they have learned to do
        self.device: str | None = None  #: the audio device's name and host API; None without one
        self.waiting_for: str | None = None  #: the device to go over to when it is there
        self.audio: Message = {}  #: the event `audio`; empty until the player has opened its output
        self.inputs: list[str] = []  #: names of the open MIDI inputs
        self.ready = False  #: the player of the moment has told all that it was started with
        self.restarting = False  #: a next player has been started and is not ready yet
        self._earlier: Message = {}  # the counters of the players before this one
        self._rate = 0

    def take(self, event: Message) -> Message | None:
        """Remember what counts of it; the event as people should see it, None for meters."""
        settings = self.settings
        match event["event"]:
            case "meters":
                self.meters = self._total(event)
                return None
            case "end":
                return self._total(event)
            case "ready":
                self.ready = True
            case "learned":
                self.learned = {
                    int(name) if name.isdecimal() else name: target for name, target in event["controllers"].items()
                }
            case "recording":
                settings.record = event["file"]
            case "recording_midi":
                settings.record_midi = event["file"]
            case "audio":
                self.audio = event
                self.device = f"{event['device']} ({event['api']})" if event["api"] else None
                self.waiting_for = event.get("waiting_for")
                self._rate = settings.last_rate = event["rate"]
                if self.device is not None and self.waiting_for is None:
                    settings.device = self.device
            case "midi":
                self.inputs = [port["name"] for port in event["inputs"]]
            case "zones":
                settings.zones, settings.curve = event["zones"], event["curve"]
            case "bank":
                settings.voices, settings.bank_name = event.pop("data"), event["name"]
                if self.ready:  # else they are about to be told again
                    settings.banks.clear()
            case "bank_select":
                settings.banks[str(event["channel"] - 1)] = event["bank"] - 1
            case "function":
                for part in range(PARTS) if event["channel"] is None else [event["channel"] - 1]:
                    settings.functions.setdefault(str(part), {})[event["name"]] = event["value"]
            case "part_volume":
                settings.part_volumes[str(event["channel"] - 1)] = event["decibels"]
            case "mpe":
                settings.mpe_zones[event["input"]] = [event["lower"], event["upper"]]
            case "voice":
                self._take_voice(event)
            case "tuning":
                for channel in event["channels"]:
                    settings.retuned.setdefault(str(channel - 1), {}).update(event["keys"])
        return event

    def _total(self, event: Message) -> Message:
        """The same with the counts of earlier players added."""
        total = {name: event[name] + self._earlier.get(name, 0) for name in COUNTERS}
        highest = {name: max(event[name], self._earlier.get(name, 0.0)) for name in PEAKS}
        return {**event, **total, **highest}

    def _take_voice(self, event: Message) -> None:
        channel, sound = event["channel"], event.pop("data", None)
        if channel is None:
            self.settings.number = event["number"]
            self.settings.numbers.clear()
            self.settings.sounds.clear()
            return
        part = str(channel - 1)
        assert 0 <= channel - 1 < PARTS
        if event["followed"] and self.ready:  # else the player tells what we told it
            self.settings.followed = channel - 1
        self.settings.numbers[part] = event["number"]
        if sound is None:
            self.settings.sounds.pop(part, None)
        else:
            self.settings.sounds[part] = sound

    def number(self, part: int) -> int:
        """Number of the voice that is selected for a part (0..15), from 1 on."""
        return self.settings.numbers.get(str(part), self.settings.number)

    def edited(self, part: int) -> bool:
        """Whether a part plays something else than the voice that is selected for it."""
        return str(part) in self.settings.sounds

    def patch(self, part: int) -> Patch:
        """What a part plays."""
        voices = self.settings.voices
        text = self.settings.sounds.get(str(part), voices[(self.number(part) - 1) % len(voices)])
        return unpack_voices([text])[0]

    def prepare_restart(self) -> None:
        """The next player waits for the same device, and goes on counting, playing a song and measuring time."""
        self.restarting, self.ready = True, False
        frames = self.meters.get("frames", 0) - self._earlier.get("frames", 0)
        self.settings.elapsed_seconds += frames / self._rate if self._rate else 0.0
        self._earlier = dict(self.meters)
        self.settings.resume = True

    def where(self) -> str:
        """What the player that took over plays on, as a sentence."""
        if self.waiting_for is None:
            return f"back: {self.device or 'no audio device'}"
        return f"playing {f'on {self.device}' if self.device else 'by the clock'} until there is {self.waiting_for}"
