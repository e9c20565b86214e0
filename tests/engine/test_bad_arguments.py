# SPDX-License-Identifier: Apache-2.0
"""Bad arguments are refused in one sentence that names the argument and what it may be."""

import math
import re

import numpy as np
import pytest

from synth import Engine, EngineError, Patch, Preset, Score, render, render_native, render_native_events

OUT_OF_RANGE = [
    ({"sample_rate": 7999}, "sample_rate must be 8000 to 192000"),
    ({"sample_rate": 192_001}, "sample_rate must be 8000 to 192000"),
    ({"sample_rate": -1}, "sample_rate"),
    ({"sample_rate": 44_100.5}, "sample_rate must be a whole number"),
    ({"voices": 0}, "voices must be 1 to 256"),
    ({"voices": 257}, "voices must be 1 to 256"),
    ({"parts": 0}, "parts must be 1 to 16"),
    ({"parts": 17}, "parts must be 1 to 16"),
    ({"kernel": "analog"}, "kernel must be one of chip, clean"),
    ({"output": "dx9"}, "output must be one of clean, dx7"),
    ({"volume_db": 24.1}, "volume must be at most 24 dB"),
    ({"volume_db": math.nan}, "volume must be at most 24 dB"),
    ({"record_seconds": -1.0}, "record_seconds must be 0 to 5592"),
    ({"record_seconds": math.inf}, "record_seconds must be 0 to 5592"),
    ({"record_seconds": math.nan}, "record_seconds must be 0 to 5592"),
]
WRONG_KIND = [
    {"limiter": "no"},
    {"steal": None},
    {"sample_rate": [48000]},
    {"sample_rate": "48000"},
    {"voices": True},
    {"parts": None},
]


def refusal(error, call, *arguments, **options):
    """The message, which is one sentence."""
    with pytest.raises(error) as caught:
        call(*arguments, **options)
    message = str(caught.value)
    assert re.fullmatch(r"[^\n]+\.", message)
    return message


@pytest.mark.parametrize(("options", "sentence"), OUT_OF_RANGE)
def test_engine_out_of_range(options, sentence):
    assert sentence in refusal(ValueError, Engine, **options)


@pytest.mark.parametrize("options", WRONG_KIND)
def test_engine_of_the_wrong_kind(options):
    assert next(iter(options)) in refusal(TypeError, Engine, **options)


@pytest.fixture(scope="module")
def engine():
    return Engine()


CALLS = [
    ("note_on", (-1, 100), {}, "note must be 0 to 127"),
    ("note_on", (128, 100), {}, "note must be 0 to 127"),
    ("note_on", (60, 128), {}, "velocity must be 0 to 127"),
    ("note_on", (60, -1), {}, "velocity must be 0 to 127"),
    ("note_on", (60, 100), {"part": 16}, "part must be 0 to 15"),
    ("note_on", (60, 100), {"frame": -1}, "frame must be 0 to"),
    ("note_on", (60, 100), {"frame": 2**63}, "frame must be 0 to"),
    ("note_off", (128,), {}, "note must be 0 to 127"),
    ("note_off", (60,), {"part": -1}, "part must be 0 to 15"),
    ("load", (bytes(154),), {}, "155 bytes, not 154"),
    ("load", (bytes(155),), {"part": 16}, "part must be 0 to 15"),
    ("set_function", ("flanger", 1), {}, "one of mono, bend_range"),
    ("set_function", ("bend_range", 13), {}, "bend_range must be 0 to 12"),
    ("set_function", ("master_tune", 512), {}, "master_tune must be 0 to 511"),
    ("set_function", ("mono", 1), {"part": 16}, "part must be 0 to 15"),
    ("set_volume", (25.0,), {}, "volume must be at most 24 dB"),
    ("set_volume", (math.nan,), {}, "volume must be at most 24 dB"),
    ("render", (-1,), {}, "frames must be 0 to"),
    ("render_native", (-1,), {}, "frames must be 0 to"),
    ("record_read", (-1,), {}, "max_frames must be 0 to"),
    ("set_channels", (0,), {}, "channels must be 1 to"),
    ("midi", (b"\x40",), {}, "MIDI status byte"),
    ("midi", (b"\x90\x40",), {}, "0x90 has fewer"),
    ("midi", (b"\x90\x40\x90",), {}, "0x90 has fewer"),
    ("midi", (b"\xf0\x43",), {}, "no end"),
]


@pytest.mark.parametrize(("method", "arguments", "options", "sentence"), CALLS)
def test_method_out_of_range(engine, method, arguments, options, sentence):
    assert sentence in refusal(ValueError, getattr(engine, method), *arguments, **options)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [("note_on", (60.0, 100)), ("note_on", ("C3", 100)), ("note_off", (None,)), ("render", (1.5,)),
     ("set_function", ("mono", True)), ("record_read", ("all",))],
)  # fmt: skip
def test_method_of_the_wrong_kind(engine, method, arguments):
    assert "whole number" in refusal(TypeError, getattr(engine, method), *arguments)


RENDERS = [
    ({"note": 128}, "note must be 0 to 127"),
    ({"velocity": 128}, "velocity must be 0 to 127"),
    ({"hold": -0.1}, "hold must be 0 to 3600"),
    ({"hold": math.nan}, "hold must be 0 to 3600"),
    ({"tail": math.inf}, "tail must be 0 to 3600"),
    ({"tail": 3601.0}, "tail must be 0 to 3600"),
    ({"sample_rate": 100}, "sample_rate must be 8000 to 192000"),
    ({"kernel": "none"}, "kernel must be one of"),
    ({"output": "tape"}, "output must be one of"),
]


@pytest.mark.parametrize(("options", "sentence"), RENDERS)
def test_render_out_of_range(options, sentence):
    assert sentence in refusal(ValueError, render, Patch.init_voice(), **options)


NATIVE = [
    ((60, 100, -1, 100), "hold_frames must be 0 to"),
    ((60, 100, 10, -1), "total_frames must be 0 to"),
    ((128, 100, 10, 10), "note must be 0 to 127"),
    ((60, 128, 10, 10), "velocity must be 0 to 127"),
]


@pytest.mark.parametrize(("arguments", "sentence"), NATIVE)
def test_render_native_out_of_range(arguments, sentence):
    assert sentence in refusal(ValueError, render_native, Patch.init_voice(), *arguments)


EVENTS = [
    ([(5, "on", 60, 100), (4, "off", 60, 0)], "order of their frames"),
    ([(0, "hit", 60, 100)], "kind of an event must be one of on, off"),
    ([(0, "on", 200, 100)], "note must be 0 to 127"),
    ([(-1, "on", 60, 100)], "frame of an event must be 0 to"),
]


@pytest.mark.parametrize(("events", "sentence"), EVENTS)
def test_render_native_events_out_of_range(events, sentence):
    assert sentence in refusal(ValueError, render_native_events, Patch.init_voice(), events, 100)


@pytest.mark.parametrize(
    ("voice", "words"), [(Preset(), "155 bytes, not Preset; its to_patch() is one."), (np.zeros(145), "not ndarray.")]
)
def test_what_is_no_patch_is_told_by_its_kind(engine, voice, words):
    for play in (engine.load, lambda given: render_native(given, 60, 100, 10, 10)):
        with pytest.raises(TypeError, match=re.escape(words)):
            play(voice)


def test_score():
    score = Score()
    assert "frame must be 0 to" in refusal(ValueError, score.midi, -1, b"\x90\x40\x40")
    assert "90 40 is not one MIDI channel message" in refusal(ValueError, score.midi, 0, b"\x90\x40")
    assert "f0 43 f7 is not one" in refusal(ValueError, score.midi, 0, b"\xf0\x43\xf7")
    assert "part must be 0 to 15" in refusal(ValueError, score.load, 0, 16, bytes(155))
    assert "155 bytes, not 3" in refusal(ValueError, score.load, 0, 0, bytes(3))


def test_score_is_played_once():
    score = Score()
    Engine().play(score)
    assert "played already" in refusal(ValueError, Engine().play, score)
    assert "played already" in refusal(ValueError, score.midi, 0, b"\x90\x40\x40")


def test_only_chip_renders_natively():
    assert "kernel is chip, not clean" in refusal(ValueError, Engine(kernel="clean").render_native, 10)


def test_engine_survives_refusals(engine):
    engine.note_on(60, 100)
    assert np.abs(engine.render(4800)).max() > 0.1


# ---- full queues ---------------------------------------------------------------------


WHEEL = b"\xb0\x01\x00"


def fill(engine, frame):
    """Send until the engine refuses; returns how many it took, and the refusal."""
    for sent in range(100_000):
        try:
            engine.midi(WHEEL, frame=frame)
        except EngineError as error:
            return sent, str(error)
    raise AssertionError("never full")


def test_a_full_ring_says_so_and_takes_more_once_rendered():
    engine = Engine()
    sent, refused = fill(engine, frame=10)
    assert sent == 4096
    assert "queue is full" in refused
    engine.render(64)
    engine.midi(WHEEL)
    engine.render(64)
    assert engine.stats().events == sent + 1


def test_too_many_patches_on_their_way():
    engine = Engine()
    for _ in range(64):
        engine.load(Patch.init_voice())
    with pytest.raises(EngineError, match="full"):
        engine.load(Patch.init_voice())
    engine.render(64)
    engine.load(Patch.init_voice())


def test_events_far_ahead_fill_the_queue_without_losing_any():
    engine = Engine()
    sent = 0
    for _ in range(10):
        sent += fill(engine, frame=100_000)[0]
        engine.render(16)
    assert sent == 16_384 - 4096 + 4096  # the queue but for what it reserves for live events, and the ring
    for _ in range(3):
        engine.render(60_000)
    assert engine.stats().events == sent


def test_a_queue_full_of_events_for_later_still_takes_live_ones():
    engine = Engine()
    later = engine.producer()
    for _ in range(10):
        fill(later, frame=2**39)
        engine.render(16)
    engine.note_on(60, 100)
    engine.render(16)
    assert engine.stats().notes_on == 1
    engine.panic()
    engine.render(4800)
    assert engine.stats().voices_sounding == 0


def test_eight_producers_at_most():
    engine = Engine()
    producers = [engine.producer() for _ in range(7)]
    assert "8 producers at most" in refusal(EngineError, engine.producer)
    for producer in producers:
        producer.note_on(60, 100)
    engine.render(16)
    assert engine.stats().notes_on == 7
