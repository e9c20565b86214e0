# SPDX-License-Identifier: Apache-2.0
"""Devices are found by the names people type."""

from __future__ import annotations

from types import SimpleNamespace as Namespace

import pytest

from synth.errors import SixopError
from synth.matching import clean, find, number_duplicates
from synth.midi.apis import Source
from synth.midi.ports import Inputs, wanted_sources
from synth.notes import note_name, parse_note

ALSA, JACK = 2, 3


def test_alsas_moving_numbers_are_not_part_of_a_name() -> None:
    assert clean("USB Keys:USB Keys MIDI 1 20:0") == "USB Keys:USB Keys MIDI 1"
    assert clean("system:midi_capture_1") == "system:midi_capture_1"


def test_a_name_commands_no_terminal() -> None:
    assert clean("evil\x1b[31mX:out 20:0") == "evil?[31mX:out"


def test_equal_names_are_numbered() -> None:
    assert number_duplicates(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]


def test_the_exact_name_wins_over_words_in_a_name() -> None:
    names = ["Big Keys Pro", "Keys", "My USB keys"]
    assert find("Keys", names) == 1
    assert find("usb KEYS", names) == 2
    assert find("pro big", names) == 0
    assert find("organ", names) is None
    assert find(" ", names) is None


def test_auto_takes_the_keyboards_of_one_system_so_that_none_is_heard_twice() -> None:
    through = Source(ALSA, "Midi Through:Port-0", "Midi Through:Port-0 14:0")
    keys = Source(ALSA, "Keys", "Keys 20:0")
    bridged = Source(JACK, "system:midi_capture_1", "system:midi_capture_1")
    assert wanted_sources(["auto"], [through, keys, bridged]) == [keys]
    assert wanted_sources(["auto"], [through, bridged]) == [bridged]
    assert wanted_sources(["none"], [keys]) == []
    assert wanted_sources(["through", "keys", "Keys"], [through, keys, bridged]) == [through, keys]


def test_a_name_that_means_several_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Source(JACK, f"kbd-{letter}:keys", f"kbd-{letter}:keys") for letter in "ab")
    bridged = Source(JACK + 1, "kbd-b:bridged", "kbd-b:bridged")
    inputs = Inputs(["kbd", "kbd-b", "auto"])
    monkeypatch.setattr(inputs.scanner, "scan", lambda: [first, second, bridged])
    monkeypatch.setattr("synth.midi.ports.open_source", lambda source: Namespace(source=source, api=source.api))
    inputs.refresh()
    inputs.refresh()
    (doubt,) = inputs.doubts
    assert "'kbd' may be 'kbd-a:keys' or 'kbd-b:keys': the first one plays" in doubt
    assert [port.source for port in inputs.ports] == [first, second]


def test_notes_are_named_as_on_the_dx7() -> None:
    assert parse_note("C3") == parse_note("60") == 60
    assert parse_note("f#2") == 54
    assert parse_note("Bb-1") == 22
    assert [note_name(note) for note in (0, 60, 127)] == ["C-2", "C3", "G8"]
    for wrong in ("H3", "128", "G#8", "", "C"):
        with pytest.raises(SixopError):
            parse_note(wrong)
