# SPDX-License-Identifier: Apache-2.0
"""What is sent: each parameter by its name, and messages no faster than their cable."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import rtmidi

from synth.engine import FUNCTIONS
from synth.errors import SixopError
from synth.midi import gear, raw_device
from synth.midi.apis import Source
from synth.midi.outgoing import bank_for, change_for, request_for
from synth.midi.sysex import FUNCTION_NAMES, FunctionChange, ParameterChange, read_sysex
from synth.parameters import PARAMETERS
from synth.patch import Patch


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_every_parameter_of_a_voice_arrives_as_it_was_meant(parameter: object) -> None:
    for value in (parameter.minimum, parameter.maximum):
        written = value + 1 if parameter.key == "algorithm" else value
        message = change_for(f"{parameter.key}={written}", 6).data
        assert read_sysex(message) == ParameterChange(5, parameter.position, value)


def test_every_function_parameter_arrives_as_it_was_meant() -> None:
    for name in FUNCTION_NAMES.values():
        highest = FUNCTIONS[name].highest
        assert read_sysex(change_for(f"{name} = {highest}", 1).data) == FunctionChange(0, {name: highest})


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("op6.rate1=99", "f0 43 10 00 00 63 f7"),
        ("op1.output_level=80", "f0 43 10 00 79 50 f7"),
        ("algorithm=32", "f0 43 10 01 06 1f f7"),
        ("lfo.wave=sine", "f0 43 10 01 0e 04 f7"),
        ("osc_key_sync=off", "f0 43 10 01 08 00 f7"),
        ("operators_on=101111", "f0 43 10 01 1b 2f f7"),
        ("mono=on", "f0 43 10 08 40 01 f7"),
        ("mono=poly", "f0 43 10 08 40 00 f7"),
        ("wheel_assign=pitch+bias", "f0 43 10 08 47 05 f7"),
        ("bend_range=12", "f0 43 10 08 41 0c f7"),
        ("aftertouch_assign=7", "f0 43 10 08 4d 07 f7"),
    ],
)
def test_changes_are_the_bytes_of_the_manual(setting: str, message: str) -> None:
    assert change_for(setting, 1).data == bytes.fromhex(message)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("op1.output_level", "KEY=VALUE"),
        ("=3", "KEY=VALUE"),
        ("op1.output_level=100", "0 to 99"),
        ("op1.output_level=loud", "whole number"),
        ("op1.outputlevel=3", "did you mean 'op1.output_level'?"),
        ("bendrange=3", "did you mean 'bend_range'?"),
        ("zzz=3", "keys are like 'op1.output_level'"),
        ("algorithm=0", "algorithm must be 1 to 32, not 0"),
        ("algorithm=33", "algorithm must be 1 to 32, not 33"),
        ("lfo.wave=sawwtooth", "did you mean 'sawtooth'?"),
        ("bend_range=13", "bend_range must be a whole number of 0 to 12 semitones, not 13"),
        ("bend_range=on", "bend_range must be a whole number of 0 to 12"),
        ("mono=perhaps", "mono must be"),
        ("master_tune=3", "no parameter 'master_tune'"),
        ("operators_on=3", "six digits"),
        ("name=EPIANO", "name1 to name10"),
    ],
)
def test_what_no_dx7_understands_is_refused_in_words(setting: str, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        change_for(setting, 1)


def test_a_short_bank_is_filled_up_and_says_so() -> None:
    message = bank_for([Patch()], 16)
    assert "31 times INIT VOICE" in message.meaning
    assert (len(message.data), message.data[2]) == (4104, 15)


def test_requests_are_the_bytes_of_the_relatives() -> None:
    assert request_for(9, 2) == bytes.fromhex("f0 43 21 09 f7")


class _Cable:
    """An outlet that notes what it gets, and a clock that only sleeping moves."""

    name = "test"

    def __init__(self, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
        self.now = 100.0
        self.got: list[tuple[float, bytes]] = []
        self._size = size
        monkeypatch.setattr(gear.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(gear.time, "sleep", self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def pieces(self, message: bytes) -> list[bytes]:
        size = self._size or len(message)
        return [message[at : at + size] for at in range(0, len(message), size)]

    def write(self, piece: bytes) -> None:
        self.got.append((self.now - 100.0, piece))


@pytest.mark.parametrize("size", [0, 32])
def test_messages_go_no_faster_than_a_midi_cable(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    cable = _Cable(monkeypatch, size)
    shown: list[tuple[int, int]] = []
    messages = [bytes(4104), bytes(163), bytes(7)]
    gear.send_paced(cable, messages, 0.25, lambda done, total: shown.append((done, total)))
    assert b"".join(piece for _, piece in cable.got) == b"".join(messages)
    sent = 0
    for moment, piece in cable.got:  # when a piece goes out, all before it must have passed at 3125 bytes a second
        gaps = 0.25 * sum(sent >= end for end in (4104, 4104 + 163))
        assert moment == pytest.approx(sent / 3125 + gaps)
        sent += len(piece)
    assert cable.now - 100.0 == pytest.approx(4274 / 3125 + 0.5)
    assert shown[-1] == (4274, 4274)
    assert [done for done, _ in shown] == sorted(done for done, _ in shown)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, SixopError])
def test_an_interrupted_message_has_an_end(monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]) -> None:
    cable = _Cable(monkeypatch, 32)

    def progress(done: int, _total: int) -> None:
        if done > 1000:
            raise failure

    with pytest.raises(failure):
        gear.send_paced(cable, [bytes(4104)], 0, progress)
    assert cable.got[-1][1] == b"\xf7"


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("USB MIDI:USB MIDI MIDI 1 20:0", "midiC1D0"),
        ("USB MIDI:USB MIDI MIDI 2 20:1", None),
        ("Built-in:Built-in MIDI 16:0", None),  # card 0 has no raw device here
        ("Midi Through:Midi Through Port-0 14:0", None),
        ("FLUID Synth (123):Synth input port 128:0", None),
        ("system:midi_playback_1", None),
    ],
)
def test_a_bank_takes_the_raw_device_behind_a_port_of_alsa(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, device: str | None
) -> None:
    os.mkfifo(tmp_path / "midiC1D0")
    monkeypatch.setattr(raw_device, "_FOLDER", tmp_path)
    assert raw_device.behind(name) == (device and str(tmp_path / device))


def test_a_raw_device_that_is_busy_leaves_the_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = Source(rtmidi.API_LINUX_ALSA, "USB MIDI", "USB MIDI 20:0")
    opened: list[str] = []

    class Client:
        def get_ports(self) -> list[str]:
            return [source.raw]

        def open_port(self, number: int, name: str) -> None:
            opened.append(self.get_ports()[number])

    class Scanner:
        scan = staticmethod(lambda: [source])
        close = staticmethod(lambda: None)

    os.mkfifo(tmp_path / "midiC1D0")
    monkeypatch.setattr(raw_device, "_FOLDER", tmp_path)
    monkeypatch.setattr(gear, "Scanner", lambda new_client: Scanner)
    monkeypatch.setattr(gear, "new_output", lambda api, name: Client())
    assert gear.open_outlet("usb", 4104).name == "USB MIDI"
    assert opened == [source.raw], "nobody reads the pipe, so it cannot be opened"
    reader = os.open(tmp_path / "midiC1D0", os.O_RDONLY | os.O_NONBLOCK)
    try:
        outlet = gear.open_outlet("usb", 4104)
        assert (outlet.name, len(outlet.pieces(bytes(4104)))) == ("USB MIDI", 129)
        outlet.write(b"\xf0\xf7")
        outlet.close()
        assert os.read(reader, 10) == b"\xf0\xf7"
        assert gear.open_outlet("usb", 163).pieces(bytes(163)) == [bytes(163)], "a short message goes to the port"
    finally:
        os.close(reader)


def test_a_port_is_meant_by_its_whole_name_or_by_words_that_fit_only_one() -> None:
    alsa, jack = 2, 3
    sources = [Source(alsa, name, name) for name in ("USB MIDI 1", "USB MIDI 11", "Blofeld")]
    sources.append(Source(jack, "a2j:Blofeld (playback)", "a2j:Blofeld (playback)"))
    assert gear.chosen("usb midi 1", sources, "output").name == "USB MIDI 1"
    assert gear.chosen("blo", sources, "output").api == alsa, "the bridge to a port is that port once more"
    assert gear.chosen("playback", sources, "output").api == jack
    with pytest.raises(SixopError, match="several MIDI outputs could be 'midi': USB MIDI 1, USB MIDI 11; give more"):
        gear.chosen("midi", sources, "output")
    with pytest.raises(SixopError, match="no MIDI input is called 'organ'; there are USB MIDI 1, USB MIDI 11"):
        gear.chosen("organ", sources, "input")
    with pytest.raises(SixopError, match="sixop doctor"):
        gear.chosen("organ", [], "input")
