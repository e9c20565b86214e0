# SPDX-License-Identifier: Apache-2.0
"""Scala's files: scales and keyboard mappings to hertz, and what is said about files that are wrong."""

import math
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from synth.errors import TuningError
from synth.tuning import HIGHEST_HERTZ, LOWEST_HERTZ, Tuning, equal_hertz

C3 = equal_hertz(60)
JUST = b"""! just.scl
!
Just major
 7
!
 9/8
 5/4   the third
 4/3
 3/2
 5/3
! a comment within
 15/8
 2
"""
WHITE_KEYS = b"""! white.kbm
 12
 0
 127
 60
 69
 440.0
 7
 0
 x
 1
 x
 2
 3
 x
 4
 x
 5
 x
 6
"""


def mapping(size=0, first=0, last=127, middle=60, reference=60, hertz="300", octave=0, degrees=()):
    return "\n".join(map(str, (size, first, last, middle, reference, hertz, octave, *degrees))).encode()


def test_degrees_go_on_in_both_directions_from_c3():
    hertz = Tuning.from_scl(JUST).hertz
    expected = [1, 9 / 8, 5 / 4, 4 / 3, 3 / 2, 5 / 3, 15 / 8]
    for key in range(40, 80):
        octave, step = divmod(key - 60, 7)
        assert hertz[key] == pytest.approx(C3 * 2.0**octave * expected[step], rel=1e-12)
    assert Tuning.from_scl(JUST).name == "Just major"


def test_the_last_degree_is_where_a_scale_repeats():
    hertz = Tuning.from_scl(b"Bohlen-Pierce\n13\n" + b"".join(b"%.6f\n" % (n * 146.304231) for n in range(1, 14))).hertz
    assert hertz[73] == pytest.approx(3 * C3, rel=1e-6)
    assert hertz[47] == pytest.approx(C3 / 3, rel=1e-6)


@pytest.mark.parametrize(
    ("note", "cents"),
    [
        (b"100.0", 100),
        (b"  100. cents", 100),
        (b".5", 0.5),
        (b"-5.0", -5),
        (b"+7.25", 7.25),
        (b"3/2", 701.955001),
        (b"2", 1200),
        (b"2 // the octave", 1200),
        (b"\t81/80\tcomma", 21.506290),
        (b"2/1!octave", None),
    ],
)
def test_notes_are_cents_with_a_point_or_ratios(note, cents):
    scale = b"name\n2\n" + note + b"\n1200.\n"
    if cents is None:
        with pytest.raises(TuningError, match="line 3"):
            Tuning.from_scl(scale)
    else:
        assert 1200 * math.log2(Tuning.from_scl(scale).hertz[61] / C3) == pytest.approx(cents, abs=1e-6)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_system(ending):
    assert Tuning.from_scl(JUST.replace(b"\n", ending)) == Tuning.from_scl(JUST)


@pytest.mark.parametrize("written", ["Café".encode(), "\ufeffCafé".encode(), "Café".encode("latin-1")])
def test_names_are_read_in_the_letters_of_any_system(written):
    assert Tuning.from_scl(written + b"\n1\n2/1\n").name == "Café"


def test_a_name_commands_no_terminal():
    assert Tuning.from_scl(b"evil\x1b[31m\x07\n1\n2/1\n").name == "evil [31m "


def test_a_name_may_be_empty_or_in_any_letters():
    assert Tuning.from_scl(b"\n1\n2/1\n").name == ""
    assert Tuning.from_scl("Stürmer\n1\n2/1\n".encode("latin-1")).name == "Stürmer"


def test_equal_temperament_from_a_file_is_exact_and_the_dx7s_own_is_another():
    equal = Tuning.from_scl(None)
    assert equal.frequencies == pytest.approx(Tuning.equal().frequencies, rel=1e-12)
    assert equal != Tuning.equal()
    assert {equal: 1}[Tuning.from_scl(None)] == 1


def test_a_mapping_says_which_key_plays_which_degree():
    tuning = Tuning.from_scl(JUST, WHITE_KEYS)
    assert tuning.hertz[69] == pytest.approx(440)
    assert tuning.hertz[60] == pytest.approx(440 * 3 / 5)
    assert tuning.hertz[72] == pytest.approx(440 * 6 / 5)
    assert tuning.hertz[61] == tuning.hertz[63] == 0.0
    assert tuning.cents[61] is None


def test_keys_outside_the_range_stay_the_dx7s():
    hertz = Tuning.from_scl(JUST, mapping(first=50, last=70)).hertz
    assert [key for key in range(128) if hertz[key] is None] == [*range(50), *range(71, 128)]
    assert hertz[60] == pytest.approx(300)


def test_degrees_left_out_at_the_end_are_mute_and_octave_0_is_the_last_degree():
    hertz = Tuning.from_scl(JUST, mapping(size=4, degrees=(0, 2))).hertz
    assert hertz[60:68] == pytest.approx([300, 375, 0, 0, 600, 750, 0, 0])


def test_degrees_may_repeat_go_down_and_reach_beyond_the_scale():
    hertz = Tuning.from_scl(JUST, mapping(size=4, octave=4, degrees=(0, 8, -1, 0))).hertz
    assert hertz[60:65] == pytest.approx([300, 300 * 9 / 4, 300 * 15 / 16, 300, 450])


def test_a_mapping_alone_moves_equal_temperament():
    tuning = Tuning.from_scl(None, mapping(reference=69, hertz="415"))
    assert all(cents == pytest.approx(-101.27, abs=0.01) for cents in tuning.cents if cents is not None)


def test_what_cannot_be_heard_is_mute():
    hertz = Tuning.from_scl(b"wide\n1\n4/1\n").hertz
    assert hertz[60] == pytest.approx(C3)
    assert hertz[70] == hertz[127] == hertz[0] == 0.0


@pytest.mark.parametrize(
    ("scale", "sentence"),
    [
        (b"", "the file ends where the scale's name should follow"),
        (b"name\n", "the file ends where the number of notes should follow"),
        (b"! c\nname\nmany\n", "line 3: the number of notes must be a whole number of 0 to 10000, not 'many'"),
        (b"name\n0\n", "line 2: a scale of no notes"),
        (b"name\n2\n!\n9/8\n", "the file ends where note 2 of 2 should follow"),
        (
            b"name\n2\n9/8\nx\n",
            "line 4: note 2 of 2 must be cents with a point, as 701.955, or a ratio, as 3/2, not 'x'",
        ),
        (b"name\n1\n3 / 2\n", "line 3: note 1 of 1 has blanks beside its slash, '3 / 2': it is written as 3/2"),
        (b"name\n1\n3/ 2\n", "line 3: note 1 of 1 has blanks"),
        (b"name\n1\n3/0\n", "line 3"),
        (b"name\n1\n0\n", "line 3"),
        (b"name\n1\n-3/2\n", "line 3"),
        (b"name\n1\n\n", "line 3: note 1 of 1 must be .* not ''"),
    ],
)
def test_a_wrong_scale_is_told_by_its_line(scale, sentence, tmp_path):
    with pytest.raises(TuningError, match=sentence):
        Tuning.from_scl(scale)
    (tmp_path / "wrong.scl").write_bytes(scale)
    with pytest.raises(TuningError, match=r"wrong\.scl"):
        Tuning.from_scl(tmp_path / "wrong.scl")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"size": "x"}, "line 1: the size of the mapping"),
        ({"size": -1}, "line 1: the size of the mapping"),
        ({"first": 128}, "line 2: the first key must be a whole number of 0 to 127, not '128'"),
        ({"first": 60, "last": 59}, "line 3: the last key must not be below the first, which is 60"),
        ({"middle": 1.5}, "line 4: the middle key"),
        ({"reference": -5}, "line 5: the reference key"),
        ({"hertz": "0"}, "line 6: the frequency must be a number of 1 to 24000 Hz, not '0'"),
        ({"hertz": "nan"}, "line 6: the frequency"),
        ({"octave": "o"}, "line 7: the degree of the octave"),
        ({"size": 2, "degrees": (0, "y")}, "line 9: the degree of key 2 of 2 must be a whole number, or x for none"),
        ({"size": 2, "degrees": ("x", 0)}, "key 60 has a frequency but no degree"),
    ],
)
def test_a_wrong_mapping_is_told_by_its_line(changed, sentence):
    with pytest.raises(TuningError, match=sentence):
        Tuning.from_scl(JUST, mapping(**changed))


def test_a_missing_file_is_told():
    with pytest.raises(TuningError, match=r"nowhere\.scl cannot be read"):
        Tuning.from_scl("nowhere.scl")


LINES = st.lists(
    st.sampled_from(["!", "12", "0", "60", "127", "440.0", "x", "9/8", "2/1", "1e9", "9" * 400, "-1", "."])
)


@given(st.one_of(st.binary(max_size=200), LINES.map(lambda lines: "\n".join(lines).encode())), st.booleans())
@example(b"n\n1\n" + b"9" * 300 + b"/1\n", True)
@example(b"n\n1\n" + b"9" * 400 + b".0\n", True)
def test_any_bytes_are_a_tuning_or_one_sentence(data, is_scale):
    with suppress(TuningError):
        tuning = Tuning.from_scl(data) if is_scale else Tuning.from_scl(None, data)
        for hertz in tuning.hertz:
            assert hertz is None or hertz == 0.0 or LOWEST_HERTZ <= hertz * (1 + 1e-9) <= HIGHEST_HERTZ * (1 + 2e-9)
        assert len(tuning.cents) == len(tuning.frequencies) == 128


@pytest.mark.parametrize("keys", [(), (440.0,) * 127, (-1.0,) * 128, (math.nan,) * 128, (24001,) * 128, ("a",) * 128])
def test_a_tuning_has_128_keys_that_can_be_heard(keys):
    with pytest.raises(TuningError):
        Tuning(keys)
