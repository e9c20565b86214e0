# SPDX-License-Identifier: Apache-2.0
"""The real `sixop send` and the real `sixop receive`, with JACK MIDI between them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rtmidi
from listening import bank, bank_message, voice, voice_message

pytestmark = pytest.mark.live

PATIENCE = 20.0
CLOCK, ACTIVE_SENSING, START, END = 0xF8, 0xFE, 0xF0, 0xF7


def sixop(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sixop", *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def receiving(*arguments: str) -> subprocess.Popen[str]:
    """`sixop receive` that listens by now, on a port of its own."""
    process = sixop("receive", "--midi", "virtual", *arguments)
    assert process.stderr is not None
    line = process.stderr.readline()
    assert "listening to sixop-midi:in" in line, line
    return process


def send(*arguments: str) -> str:
    process = sixop("send", "--midi", "sixop-midi", *arguments)
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    return output


def connected(keyboard: rtmidi.MidiOut, port: str = "sixop-midi:in") -> rtmidi.MidiOut:
    for _ in range(200):
        names = keyboard.get_ports()
        if port in names:
            keyboard.open_port(names.index(port), "out")
            return keyboard
        time.sleep(0.02)
    raise AssertionError(f"{port} never appeared")


@pytest.fixture
def bank_file(tmp_path: Path) -> Path:
    path = tmp_path / "bank.syx"
    path.write_bytes(bank_message(bank()))
    return path


@pytest.fixture
def voice_file(tmp_path: Path) -> Path:
    path = tmp_path / "voice.syx"
    path.write_bytes(voice_message(voice(3, "ALONE")))
    return path


def test_what_is_sent_is_received_byte_for_byte(jackd: object, bank_file: Path, voice_file: Path) -> None:
    out = bank_file.with_name("received.syx")
    receiver = receiving("-o", str(out), "--json")
    send(str(bank_file), "--yes")
    send(str(voice_file), "--set", "op1.output_level=80")
    assert "sent TEST 7 to the edit buffer: channel 5, 163 bytes" in send(
        str(bank_file), "--voice", "7", "--channel", "5"
    )
    sent = bank_file.read_bytes() + voice_file.read_bytes() + voice_message(bank()[6], 5)
    deadline = time.monotonic() + PATIENCE
    while out.stat().st_size < len(sent) and time.monotonic() < deadline:
        time.sleep(0.05)
    receiver.send_signal(signal.SIGINT)
    answer, _ = receiver.communicate(timeout=PATIENCE)
    assert receiver.returncode == 0
    assert out.read_bytes() == sent
    received = json.loads(answer)
    assert [len(message["voices"]) for message in received["messages"]] == [32, 1, 1]
    assert received["messages"][2]["channel"] == 5
    assert received["ignored"] == 1, "the parameter change"
    assert received["damaged"] == []


def test_dumps_among_other_messages_and_in_the_middle_of_a_clock(
    keyboard: rtmidi.MidiOut, tmp_path: Path, bank_file: Path
) -> None:
    out = tmp_path / "received.syx"
    receiver = receiving("-o", str(out))
    connected(keyboard)
    message = bank_file.read_bytes()
    for one in ([CLOCK], [0x90, 60, 100], message, [ACTIVE_SENSING], [0x80, 60, 0]):
        keyboard.send_message(one)
    keyboard.send_message(message[:100] + bytes((CLOCK, ACTIVE_SENSING)) + message[100:])
    deadline = time.monotonic() + PATIENCE
    while not (out.exists() and out.stat().st_size == 2 * len(message)) and time.monotonic() < deadline:
        time.sleep(0.05)
    receiver.send_signal(signal.SIGINT)
    assert "2 dumps, 64 voices" in receiver.communicate(timeout=PATIENCE)[0]
    assert receiver.returncode == 0
    assert out.read_bytes() == message * 2


def test_a_broken_dump_is_told_and_not_kept(keyboard: rtmidi.MidiOut, tmp_path: Path, bank_file: Path) -> None:
    out = tmp_path / "received.syx"
    receiver = receiving("-o", str(out), "--count", "1")
    connected(keyboard)
    message = bank_file.read_bytes()
    keyboard.send_message(message[:1000] + message[-1:])
    keyboard.send_message(message[:1000] + bytes([message[1000] ^ 1]) + message[1001:])
    keyboard.send_message(message)
    _, errors = receiver.communicate(timeout=PATIENCE)
    assert receiver.returncode == 1
    assert "cut short: 1001 of 4104 bytes; not kept" in errors
    assert "checksum" in errors
    assert out.read_bytes() == message


def test_a_request_is_sent_and_an_instrument_that_stays_silent_is_told(jackd: object, tmp_path: Path) -> None:
    out = tmp_path / "received.syx"
    instrument = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="test-instrument")
    instrument.ignore_types(sysex=False)
    instrument.open_virtual_port("in")
    try:
        silent = receiving("-o", str(out), "--request", "bank", "--midi-out", "instrument", "--seconds", "1")
        _, errors = silent.communicate(timeout=PATIENCE)
        assert silent.returncode == 1
        assert "the first DX7 answers no request" in errors
        assert not out.exists()
        message, _ = instrument.get_message()
        assert bytes(message) == bytes.fromhex("f0 43 20 09 f7")
    finally:
        instrument.close_port()
        instrument.delete()


def test_ports_are_told_by_name_and_never_guessed(jackd: object, tmp_path: Path, voice_file: Path) -> None:
    twins = []
    for name in ("test-left", "test-right"):
        port = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=name)
        port.open_virtual_port("keys")
        twins.append(port)
    try:
        for arguments, words in (
            (["--midi", "keys"], "several MIDI outputs could be 'keys': test-left:keys, test-right:keys"),
            (["--midi", "organ"], "no MIDI output is called 'organ'; there are test-left:keys, test-right:keys"),
        ):
            process = sixop("send", str(voice_file), *arguments)
            output, errors = process.communicate(timeout=PATIENCE)
            assert (process.returncode, output) == (1, "")
            assert words in errors
        process = sixop("send", str(voice_file), "--midi", "LEFT keys", "--quiet")
        assert process.wait(PATIENCE) == 0
        received = sixop("receive", "-o", str(tmp_path / "x.syx"), "--midi", "organ")
        _, errors = received.communicate(timeout=PATIENCE)
        assert received.returncode == 1
        assert "no MIDI input is called 'organ'" in errors
    finally:
        for port in twins:
            port.close_port()
            port.delete()


def test_an_input_that_goes_away_ends_it_with_what_came_before(jackd: object, tmp_path: Path, voice_file: Path) -> None:
    out = tmp_path / "received.syx"
    instrument = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="test-synth")
    instrument.open_virtual_port("out")
    process = sixop("receive", "-o", str(out), "--midi", "test-synth")
    assert process.stderr is not None
    assert "listening" in process.stderr.readline()
    instrument.send_message(voice_file.read_bytes())
    assert "ALONE" in process.stderr.readline()
    instrument.close_port()
    instrument.delete()
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "went away" in errors
    assert out.read_bytes() == voice_file.read_bytes()
