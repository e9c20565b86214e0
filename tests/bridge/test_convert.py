# SPDX-License-Identifier: Apache-2.0
"""Whole voices: algorithms, frequencies, envelopes, vibrato, what a DX7 lacks, and the report."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import patches

from bridge.convert import Conversion, convert
from bridge.parameters import BY_NAME, INIT_PROGRAM
from bridge.parameters import PARAMETERS as XFM2_PARAMETERS
from bridge.profile import load_profile
from bridge.purpose import purposes
from bridge.report import Row
from bridge.rules import ENTRIES
from synth.parameters import PARAMETERS
from synth.patch import Patch

# ALGO1..6 of all algorithms, with the loops of 4 and 6.
LOOPED = """
5 0 17 32 64 64 | 5 4 17 32 64 0 | 5 8 0 33 64 64 | 5 8 0 33 64 16 | 5 0 17 0 65 64 | 5 0 17 0 65 32
5 0 49 0 64 64 | 5 0 49 16 64 0 | 5 4 49 0 64 0 | 5 8 8 97 0 0 | 5 8 0 97 0 64 | 5 4 113 0 0 0
5 0 113 0 0 64 | 5 0 17 96 0 64 | 5 4 17 96 0 0 | 45 0 16 0 64 64 | 45 4 16 0 64 0 | 29 0 8 32 64 0
5 8 0 65 65 64 | 9 9 8 97 0 0 | 9 9 8 65 65 0 | 5 0 65 65 65 64 | 1 9 0 65 65 64 | 1 1 65 65 65 64
1 1 1 65 65 64 | 1 9 0 97 0 64 | 1 9 8 97 0 0 | 5 0 17 32 32 1 | 1 1 17 0 65 64 | 1 1 17 32 32 1
1 1 1 1 65 64 | 1 1 1 1 1 65
"""
ALGORITHMS = [[int(byte) for byte in row.split()] for row in LOOPED.strip().replace("\n", "|").split("|")]
FEEDBACK_OPERATORS = [6, 2, 6, 6, 6, 6, 6, 4, 2, 3, 6, 2, 6, 6, 2, 6, 2, 3, 6, 3, 3, 6, 6, 6, 6, 6, 3, 5, 6, 5, 6, 6]


def row_of(done: Conversion, key: str) -> Row:
    return next(row for row in done.report if row.parameter == key)


def fixed(coarse: int, fine: int, detune: int = 7) -> Patch:
    voice = Patch.init_voice()
    voice.op[0].frequency_mode = 1
    voice.op[0].frequency_coarse = coarse
    voice.op[0].frequency_fine = fine
    voice.op[0].detune = detune
    return voice


# ---- algorithms ----


@pytest.mark.parametrize("algorithm", range(32))
def test_algorithm(algorithm: int) -> None:
    voice = Patch()
    voice.algorithm = algorithm
    voice.feedback = 7
    looped, plain = (convert(voice, alg46=reading).program for reading in ("loop", "self"))
    assert list(looped[1:7]) == ALGORITHMS[algorithm]
    without_loop = [*ALGORITHMS[algorithm][:5], 64] if algorithm + 1 in (4, 6) else ALGORITHMS[algorithm]
    assert list(plain[1:7]) == without_loop
    assert plain[7:] == looped[7:]
    assert [number - 6 for number in range(7, 13) if plain[number]] == [FEEDBACK_OPERATORS[algorithm]]
    assert plain[6 + FEEDBACK_OPERATORS[algorithm]] == 255


def test_algorithms_are_those_of_the_reference(shared_dir: Path) -> None:
    with (shared_dir / "facts" / "xfm2_dx7_algorithms.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [[int(row[f"ALGO{operator}"]) for operator in range(1, 7)] for row in rows] == ALGORITHMS


def test_both_readings_of_4_and_6_are_reported() -> None:
    voice = Patch()
    voice.algorithm = 3
    voice.feedback = 5
    for reading, kinds in (("self", ("approximated", "approximated")), ("loop", ("approximated", "approximated"))):
        done = convert(voice, alg46=reading)
        assert (row_of(done, "algorithm").kind, row_of(done, "feedback").kind) == kinds
    voice.feedback = 0
    assert row_of(convert(voice), "algorithm").kind == "exact"
    assert row_of(convert(voice, alg46="loop"), "feedback").kind == "lost"  # LEVEL4 keeps the loop going


# ---- frequency ----


@pytest.mark.parametrize(
    ("coarse", "fine", "ratio", "ratio_fine", "cents"),
    [
        (1, 52, 1, 5, -1.9),
        (1, 99, 2, 148, 1.4),
        (2, 0, 3, 7, 0.2),
        (2, 10, 3, 92, 0.4),
        (2, 99, 29, 11, 0.3),
        (3, 0, 30, 7, 0.2),
        (3, 10, 38, 5, -1.0),
        (3, 99, 255, 59, -2.0),
        (1, 50, 0, 244, None),  # 31.62 Hz: half of 32.70 Hz, and up
    ],
)
@pytest.mark.parametrize("more", [0, 4, 28])  # of coarse, only the last two bits count
def test_fixed_frequency(coarse: int, fine: int, ratio: int, ratio_fine: int, cents: float | None, more: int) -> None:
    done = convert(fixed((coarse + more) % 32, fine))
    assert (done.program[14], done.program[15], done.program[21]) == (1, ratio, ratio_fine)
    if cents is not None:
        assert done.program[27] == 128 + round(cents)
    row = row_of(done, "op1.frequency_fine")
    assert (row.kind, row.unit) == ("approximated", "cents")
    assert row.error is not None
    assert row.error <= 0.5


def test_every_fixed_frequency_is_hit_within_half_a_cent() -> None:
    import math

    for coarse in range(4):
        for fine in range(100):
            program = convert(fixed(coarse, fine)).program
            multiple = program[15] or 0.5
            made = 32.7032 * multiple * 2 ** (program[21] / 256) * 2 ** ((program[27] - 128) / 1200)
            wanted = 10 ** (coarse + fine / 100)
            if wanted >= 32.7032 / 2:
                assert abs(1200 * math.log2(made / wanted)) <= 0.501
            else:
                assert list(program[15:16] + program[21:22] + program[27:28]) == [0, 0, 128]


@pytest.mark.parametrize(
    ("coarse", "fine", "kind", "error", "unit"),
    [(0, 0, "lost", 4.03, "octaves"), (1, 0, "lost", 0.71, "octaves"), (1, 21, "approximated", 14.2, "cents")],
)
def test_frequencies_below_the_lowest_are_told(coarse: int, fine: int, kind: str, error: float, unit: str) -> None:
    done = convert(fixed(coarse, fine, detune=14))
    assert (done.program[15], done.program[21], done.program[27]) == (0, 0, 128)
    row = row_of(done, "op1.frequency_coarse")
    assert (row.kind, row.unit) == (kind, unit)
    assert row.error == pytest.approx(error, abs=1.0 if unit == "cents" else 0.01)


def test_fixed_frequencies_are_detuned_upwards_only() -> None:
    assert convert(fixed(3, 0, 0)).program[27] == convert(fixed(3, 0, 7)).program[27] == 128
    assert convert(fixed(3, 0, 14)).program[27] == 135  # 0.2 + 7 * 0.96 cents


def test_fine_and_detune_share_the_cents() -> None:
    voice = Patch.init_voice()
    voice.op[0].frequency_fine = 10
    voice.op[0].detune = 14
    program = convert(voice).program
    assert (program[21], program[27]) == (35, 136)


# ---- pitch envelope ----


@pytest.mark.parametrize(
    ("levels", "octaves", "becomes"),
    [
        ((50, 50, 50, 50), 0, (128, 128, 128, 128)),
        ((51, 49, 50, 50), 1, (132, 124, 128, 128)),
        ((18, 81, 50, 50), 1, (0, 252, 128, 128)),  # -32 and 31 of 1/32 octave
        ((82, 50, 50, 50), 2, (192, 128, 128, 128)),  # a whole octave up would be 256
        ((17, 50, 50, 50), 2, (62, 128, 128, 128)),
        ((7, 92, 50, 51), 2, (6, 244, 128, 130)),  # -61, 58, 1
        ((93, 50, 50, 50), 4, (193, 128, 128, 128)),
        ((0, 99, 50, 0), 4, (0, 255, 128, 0)),
    ],
)
def test_pitch_envelope_and_its_range(levels: tuple[int, ...], octaves: int, becomes: tuple[int, ...]) -> None:
    voice = Patch.init_voice()
    voice.pitch_envelope.levels = levels
    program = convert(voice).program
    assert program[138] == octaves
    assert tuple(program[130:134]) == becomes
    assert program[205] == program[207] == becomes[3]


def test_pitch_envelope_levels_are_exact_in_their_range() -> None:
    voice = Patch.init_voice()
    for level in range(100):
        voice.pitch_envelope.levels = [level, 50, 50, 50]
        assert row_of(convert(voice), "pitch_envelope.level1").kind == "exact"


# ---- vibrato ----

WEIGHTS = (0, 10, 20, 33, 55, 92, 153, 255)


def test_depth_and_sensitivity_keep_their_product() -> None:
    voice = Patch.init_voice()
    for depth in range(100):
        for sensitivity, weight in enumerate(WEIGHTS):
            voice.lfo.pitch_mod_depth = depth
            voice.pitch_mod_sensitivity = sensitivity
            program = convert(voice).program
            assert len(set(program[222:228])) == 1
            if depth <= 48:
                assert (program[149], program[222]) == (round(5.23 * depth), weight)
            else:
                assert (program[149], program[222]) == (255, min(255, round(5.23 * depth * weight / 255)))


def test_vibrato_beyond_the_board_is_told_in_cents() -> None:
    voice = Patch.init_voice()
    voice.lfo.pitch_mod_depth = 99
    voice.pitch_mod_sensitivity = 7
    row = row_of(convert(voice), "lfo.pitch_mod_depth")
    assert (row.kind, row.unit) == ("approximated", "cents")
    assert row.error == pytest.approx(605, abs=1)  # 1192 of the DX7, 587 of the board
    voice.pitch_mod_sensitivity = 2
    voice.lfo.pitch_mod_depth = 17
    assert (row_of(convert(voice), "lfo.pitch_mod_depth").error or 0) < 0.1


# ---- LFO ----

HZ = {0: 0.0625, 10: 1.56, 20: 3.19, 30: 4.81, 35: 5.62, 40: 6.43, 50: 7.99, 60: 9.61, 63: 10.1, 66: 12.6, 70: 16.4,
      75: 20.8, 80: 25.7, 90: 38.2, 99: 49.3}  # fmt: skip


@pytest.mark.parametrize("speed", HZ)
def test_lfo_speed_is_clamped_and_never_wraps(speed: int) -> None:
    voice = Patch()
    voice.lfo.speed = speed
    voice.lfo.pitch_mod_depth = 50
    voice.pitch_mod_sensitivity = 3
    done = convert(voice)
    assert done.program[151] == pytest.approx(min(255, HZ[speed] / 0.0445), abs=1)
    row = row_of(done, "lfo.speed")
    assert row.error == pytest.approx(max(0, HZ[speed] - 11.35), abs=0.1)
    assert row.unit == "Hz"


def test_lfo_speed_never_falls() -> None:
    voice = Patch()
    speeds = []
    for speed in range(100):
        voice.lfo.speed = speed
        speeds.append(convert(voice).program[151])
    assert speeds == sorted(speeds)


# ---- what a DX7 lacks ----


def test_what_a_dx7_lacks_is_set_on_purpose() -> None:
    program = convert(Patch()).program
    zero = [139, 146, 156, 157, 158, *range(187, 193), 206, *range(209, 217), 220, 228, 229, 230, 244, 245, 251]
    zero += [301, 311, 361, 370, 380, 391, 412, 450]  # effects and arpeggiator
    assert all(program[number] == 0 for number in zero)
    assert list(program[199:205]) == [255] * 6
    assert program[208] == 255
    assert list(program[217:220]) == [128] * 3
    assert (program[172], program[173], program[174], program[180], program[221], program[411]) == (
        2,
        2,
        24,
        200,
        127,
        200,
    )
    assert list(program[256:268]) == [255] * 12
    assert program[155] == 255  # the wheel gives vibrato, as in the engine
    assert program[154] == 255  # no delay: the LFO is there at once


def test_every_known_parameter_is_governed_by_a_rule_or_a_purpose() -> None:
    by_rule = {number for entry in ENTRIES for number in entry.numbers}
    by_purpose = {number for numbers, _values, _reason in purposes(load_profile()) for number in numbers}
    assert not by_rule & by_purpose
    known = {parameter.number for parameter in XFM2_PARAMETERS if parameter.documented}
    assert known - {0, 255} == (by_rule | by_purpose) - {0, 255}


def test_unknown_bytes_stay_as_the_board_initialises_them() -> None:
    program = convert(Patch()).program
    for parameter in XFM2_PARAMETERS:
        if not parameter.documented:
            assert program[parameter.number] == INIT_PROGRAM[parameter.number]


# ---- operators that are off ----


def test_a_switched_off_operator_is_silent() -> None:
    voice = Patch()
    voice.operators_on = 0b011111  # without operator 1
    done = convert(voice)
    assert list(done.program[33:39]) == [0, 255, 255, 255, 255, 255]
    assert row_of(done, "op1.output_level").kind == "exact"


def test_what_a_silent_operator_cannot_do_is_no_loss() -> None:
    voice = fixed(0, 0)
    assert convert(voice).lost == 2
    voice.op[0].output_level = 0
    done = convert(voice)
    assert done.lost == 0
    assert row_of(done, "op1.frequency_coarse").reason == "no effect: the operator is silent"
    voice.op[0].right_depth = 50
    voice.op[0].right_curve = "+LIN"  # higher keys are heard again
    assert convert(voice).lost == 2


# ---- report ----


def test_a_plain_voice_does_not_look_alarming() -> None:
    done = convert(Patch.init_voice())
    assert (done.lost, done.approximated) == (0, 3)
    assert {row.parameter for row in done.report if row.kind != "exact"} == {"op1.rate1", "op1.rate4", "lfo.speed"}


def test_the_wait_between_silent_levels_is_lost_with_its_time() -> None:
    voice = Patch.init_voice()
    voice.op[0].envelope.levels = [0, 99, 99, 0]
    for rate, seconds in ((0, 39.96), (20, 5.0), (40, 0.5), (60, 0.052)):
        voice.op[0].envelope.rates = [rate, 99, 99, 99]
        row = row_of(convert(voice), "op1.rate1")
        assert (row.kind, row.unit) == ("lost", "s")
        assert row.error == pytest.approx(seconds, rel=0.01)
    voice.op[0].envelope.rates = [99, 99, 99, 99]
    assert row_of(convert(voice), "op1.rate1").kind == "exact"


def test_a_voice_that_never_falls_silent_is_told() -> None:
    voice = Patch.init_voice()
    voice.op[0].envelope.levels = [99, 99, 99, 60]
    row = row_of(convert(voice), "op1.level4")
    assert row.kind == "approximated"
    assert "never falls silent" in row.reason
    assert row.values == (155, 155, 155)


@given(patches, st.sampled_from(["default", "dx2xfm"]), st.sampled_from(["self", "loop"]))
@settings(max_examples=60)
def test_any_voice_converts_into_range_and_says_what_it_did(patch: Patch, profile: str, reading: str) -> None:
    before = patch.to_sysex()
    done = convert(patch, profile, reading)
    assert patch.to_sysex() == before
    assert done == convert(patch, profile, reading)
    assert len(done.program) == len(bytes(done)) == 512
    assert all(parameter.accepts(done.program[parameter.number]) for parameter in XFM2_PARAMETERS)
    assert done.name == patch.name.rstrip()

    assert [row.parameter for row in done.report] == [parameter.key for parameter in PARAMETERS]
    assert (done.exact, done.approximated, done.lost) == tuple(
        sum(row.kind == kind for row in done.report) for kind in ("exact", "approximated", "lost")
    )
    for row, value in zip(done.report, patch.to_bytes(), strict=True):
        assert row.value == value
        assert list(row.numbers) == sorted(set(row.numbers))
        assert [done.program[number] for number in row.numbers] == list(row.values)
        assert row.reason
        assert (row.error is None) == (row.unit == "")
        assert row.error is None or row.error >= 0
        assert not (row.kind == "exact" and row.error)
        loops = row.parameter == "algorithm" or (row.parameter == "feedback" and "loop" in row.reason)
        assert row.kind != "approximated" or row.error is not None or loops, "by how much"


def test_the_report_is_plain_data() -> None:
    import json

    done = convert(Patch.init_voice())
    told = json.loads(json.dumps(done.as_dict()))
    assert bytes(told["program"]) == done.program
    assert told["report"][0]["parameter"] == "op6.rate1"
    assert (told["name"], told["exact"], told["lost"]) == ("INIT VOICE", 152, 0)


# ---- the readme's rules ----


def test_dx2xfm_follows_the_readme() -> None:
    voice = Patch.init_voice()
    voice.op[0].breakpoint = 39
    program = convert(voice, "dx2xfm").program
    assert program[45] == 60
    assert program[151] == round(5.62 / 0.046)
    assert program[154] == 0


@pytest.mark.parametrize(
    ("coarse", "fine", "ratio", "ratio_fine"),
    [(1, 50, 1, 187), (1, 99, 2, 148), (2, 0, 3, 7), (2, 10, 5, 53), (2, 99, 29, 11), (3, 0, 30, 7), (3, 10, 57, 4)],
)
def test_dx2xfm_follows_the_readmes_table_of_fixed_frequencies(
    coarse: int, fine: int, ratio: int, ratio_fine: int
) -> None:
    program = convert(fixed(coarse, fine), "dx2xfm").program
    assert (program[15], program[21]) == (ratio, ratio_fine)


def test_dx2xfm_corrects_the_readmes_slips() -> None:
    assert convert(fixed(3, 99), "dx2xfm").program[15] == 255  # where the readme has 298
    assert convert(fixed(1, 0), "dx2xfm").program[15] == 0  # and here a question mark
    voice = Patch.init_voice()
    voice.op[0].envelope.levels = [1, 99, 50, 7]  # levels 2 and 3 of operator 1
    voice.op[0].frequency_fine = 10
    voice.pitch_envelope.levels = [0, 99, 50, 50]
    program = convert(voice, "dx2xfm").program
    assert (program[75], program[82], program[89], program[96], program[181]) == (3, 255, 129, 18, 18)
    assert program[21] == 35
    assert (program[130], program[131], program[138]) == (0, 255, 4)
    assert program[27] == 129  # never -128 cents


# ---- mistakes ----


def test_mistakes() -> None:
    with pytest.raises(TypeError, match=r"takes a Patch, not bytes; Patch\.from_sysex"):
        convert(bytes(155))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="alg46 must be self or loop, not 'both'"):
        convert(Patch(), alg46="both")  # type: ignore[arg-type]


def test_numbers_are_those_of_the_names() -> None:
    assert BY_NAME["LFO_FADE"].number == 154
    for entry in ENTRIES:
        for name, number in zip(entry.rule.names, entry.numbers, strict=True):
            assert BY_NAME[name.replace("#", str(entry.parameter.operator))].number == number
