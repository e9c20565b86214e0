# SPDX-License-Identifier: Apache-2.0
"""Voices written as text: every field arrives where it belongs, every mistake is told in one sentence."""

from __future__ import annotations

import pytest

from synth.errors import VoiceError
from synth.patch import Patch
from synth.voicetext import parse_voices

HEAD = '[[voice]]\nname = "TEST"\nplay = "C3"\nalgorithm = 5\n'


def parsed(lines: str) -> Patch:
    [voice] = parse_voices(HEAD + lines, "test.toml")
    return voice.patch


def test_a_whole_operator_row():
    op = parsed(
        "op2 = { ratio = 3.50, level = 77, detune = -4, rates = [90, 40, 30, 60], levels = [99, 80, 70, 0], "
        'velocity = 5, rate_scaling = 3, amp_mod = 2, breakpoint = "A2", left = "+EXP 12", right = "-LIN 34" }\n'
    ).op[1]
    assert (op.frequency_mode, op.frequency_ratio) == (0, 3.5)
    assert (op.output_level, op.detune, op.velocity_sensitivity) == (77, 3, 5)
    assert (op.rate_scaling, op.amp_mod_sensitivity) == (3, 2)
    assert (op.envelope.rates, op.envelope.levels) == ([90, 40, 30, 60], [99, 80, 70, 0])
    assert op.breakpoint == 36  # three semitones below C3, which is 39
    assert (op.left_curve, op.left_depth, op.right_curve, op.right_depth) == ("exp+", 12, "lin", 34)


def test_a_fixed_frequency():
    op = parsed("op6 = { fixed = 1413, level = 90 }\n").op[5]
    assert (op.frequency_mode, op.frequency_coarse, op.frequency_fine) == (1, 3, 15)


def test_the_fields_of_the_whole_voice():
    patch = parsed(
        "feedback = 6\ntranspose = -12\npitch_mod = 4\nkey_sync = false\n"
        "pitch_rates = [90, 80, 70, 60]\npitch_levels = [48, 50, 51, 50]\n"
        'lfo = { wave = "S/HOLD", speed = 46, delay = 12, pitch = 62, amp = 70, sync = false }\n'
    )
    assert (patch.name.strip(), patch.algorithm, patch.feedback) == ("TEST", 4, 6)
    assert (patch.transpose, patch.pitch_mod_sensitivity, patch.osc_key_sync) == (12, 4, False)
    assert (patch.pitch_envelope.rates, patch.pitch_envelope.levels) == ([90, 80, 70, 60], [48, 50, 51, 50])
    lfo = patch.lfo
    assert (lfo.wave, lfo.speed, lfo.delay, lfo.sync) == ("s&h", 46, 12, False)
    assert (lfo.pitch_mod_depth, lfo.amp_mod_depth) == (62, 70)


def test_what_is_not_written_is_silent_or_as_in_init_voice():
    patch = parsed("op3 = { level = 50 }\n")
    assert [op.output_level for op in patch.op] == [0, 0, 50, 0, 0, 0]
    init = Patch.init_voice()
    assert (patch.lfo, patch.pitch_envelope) == (init.lfo, init.pitch_envelope)


def test_the_key_it_is_played_on():
    [voice] = parse_voices(HEAD.replace("C3", "F#2"), "test.toml")
    assert voice.play == 54


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("op3 = { level = 120 }", "op3 level is 120; it goes from 0 to 99"),
        ("op3 = { level = 9.5 }", "op3 level must be a whole number from 0 to 99, not 9.5"),
        ("op3 = { detune = 9, level = 1 }", "op3 detune is 9; it goes from -7 to 7"),
        ("op3 = { ratio = 1.00 }", "op3 level is missing"),
        ("op3 = { levle = 3 }", "op3 there is no field 'levle'; did you mean 'level'?"),
        (
            "op3 = { level = 1, ratio = 3.05 }",
            "op3 ratio is 3.05, which the DX7 cannot set; the nearest it can is 3.06",
        ),
        ("op3 = { level = 1, ratio = 99.0 }", "op3 ratio is 99.0; the DX7 reaches 0.5 to 61.69"),
        ("op3 = { level = 1, fixed = 1000, ratio = 1.0 }", "op3 ratio and fixed exclude each other"),
        ("op3 = { level = 1, ratio = 'two' }", "op3 ratio must be a number, not 'two'"),
        ("op3 = { level = 1, rates = [1, 2, 3] }", "op3 rates: .*4 values, not 3"),
        ("op3 = { level = 1, levels = [1, 2, 3, 100] }", "op3 levels: OP3 EG LEVEL 4 is 100; it goes from 0 to 99"),
        ("op3 = { level = 1, left = 'LIN 3' }", 'op3 left must be a curve .* and a depth, as in "-LIN 30"'),
        ("op3 = { level = 1, left = '-LIN 100' }", "op3 left depth is 100; it goes from 0 to 99"),
        ("op3 = { level = 1, breakpoint = 'H2' }", "op3 breakpoint: 'H2' is no note"),
        ("op3 = { level = 1, breakpoint = 'C-2' }", "op3 breakpoint is C-2; it goes from A-1 to C8"),
        ("op3 = 5", "op3 must be a row of fields in braces"),
        ("lfo = { wave = 'SAW' }", "lfo wave must be one of TRIANGLE, SAW DOWN, .*, not 'SAW'"),
        ("lfo = { sync = 'yes' }", "lfo sync must be true or false, not 'yes'"),
        ("lfo = { rate = 3 }", "lfo there is no field 'rate'"),
        ("transpose = 25", "transpose is 25; it goes from -24 to 24"),
        ("feedback = true", "feedback must be a whole number from 0 to 7, not True"),
        ("pitch_levels = 50", "pitch_levels: .*not 50"),
        ("op7 = { level = 1 }", "there is no field 'op7'; did you mean 'op"),
    ],
)
def test_a_mistake_is_told_with_file_voice_and_field(lines: str, sentence: str):
    with pytest.raises(VoiceError, match=rf"^test\.toml, voice 'TEST': {sentence}") as caught:
        parsed(lines + "\n")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[voice]]\nname = ", "test.toml is not valid TOML: "),
        ("[voice]\nname = 'ONE'\n", r"must hold its voices as \[\[voice\]\] tables"),
        ("title = 'x'\n", "has 'title' outside any voice"),
        ("[[voice]]\nplay = 'C3'\n", "voice number 1: name is missing"),
        ("[[voice]]\nname = 'ELEVEN CHAR'\n", "name must be text of 1 to 10 characters, not 'ELEVEN CHAR'"),
        ("[[voice]]\nname = 'Café'\n", "name may hold ASCII characters only"),
        ("[[voice]]\nname = 'A'\nplay = 'C3'\n", "voice 'A': algorithm is missing"),
        ("[[voice]]\nname = 'A'\nplay = 'C3'\nalgorithm = 33\n", "algorithm is 33; it goes from 1 to 32"),
        ("[[voice]]\nname = 'A'\nalgorithm = 1\n", "voice 'A': play is missing"),
        ("[[voice]]\nname = 'A'\nalgorithm = 1\nplay = 'X'\n", "play: 'X' is no note"),
    ],
)
def test_a_text_that_is_no_list_of_voices(text: str, sentence: str):
    with pytest.raises(VoiceError, match=sentence):
        parse_voices(text, "test.toml")
