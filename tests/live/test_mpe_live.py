# SPDX-License-Identifier: Apache-2.0
"""An MPE keyboard on real JACK MIDI ports: it says what it is, bends one note of two, and is pulled out."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import rtmidi
from listening import RATE, bank, bank_message
from playing import SixopPlay
from probe import Probe

pytestmark = pytest.mark.live

SAYS_MPE = ([0xB0, 101, 0], [0xB0, 100, 6], [0xB0, 6, 15])


def tones(sound: np.ndarray) -> list[float]:
    """The two strongest tones as MIDI notes, lowest first."""
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    found = []
    for _ in range(2):
        at = int(spectrum.argmax())
        found.append(69 + 12 * np.log2(at * RATE / size / 440))
        spectrum[max(0, at - 200) : at + 200] = 0
    return sorted(found)


def test_one_note_of_two_bends_and_unplugging_ends_both(probe: Probe, keyboard: rtmidi.MidiOut, tmp_path: Path) -> None:
    (tmp_path / "own.syx").write_bytes(bank_message(bank()))
    with SixopPlay(str(tmp_path / "own.syx"), "--face", "none") as play:
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        keyboard.open_virtual_port("keys")
        while "test-keyboard:keys" not in play.wait_for("midi")["opened"]:
            pass
        for message in SAYS_MPE:
            keyboard.send_message(message)
        said = play.wait_for("mpe")
        assert (said["input"], said["lower"], said["upper"]) == ("test-keyboard:keys", 15, 0)
        probe.record(20.0)
        for channel, note in ((1, 57), (2, 81)):
            keyboard.send_message([0x90 | channel, note, 100])
        keyboard.send_message([0xE2, 0, 0x40 - 8])  # 6 of 48 semitones down
        time.sleep(1.0)
        keyboard.close_port()
        while "test-keyboard:keys" not in play.wait_for("midi")["gone"]:
            pass
        time.sleep(0.3)
        sound = probe.recording()[:, 0]
        start = int(np.flatnonzero(np.abs(sound) > 1e-3)[0])
        assert tones(sound[start + RATE // 4 : start + RATE * 3 // 4]) == pytest.approx([57, 75], abs=0.05)
        assert not sound[-RATE // 20 :].any(), "nothing sounds on"
        assert play.interrupt() == 0
