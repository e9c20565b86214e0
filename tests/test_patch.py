# SPDX-License-Identifier: Apache-2.0
import copy
import pickle

import numpy as np
import pytest

from synth.errors import VoiceError, VoiceWarning
from synth.parameters import INIT_VOICE, PARAMETERS
from synth.patch import LFO, Envelope, Operator, Patch, PitchEnvelope


@pytest.fixture
def patch() -> Patch:
    return Patch(name="Own Sound")


def test_defaults_are_those_of_dexed_py():
    p = Patch()
    assert p.name == "INIT VOICE"
    assert (p.algorithm, p.feedback, p.osc_key_sync, p.transpose, p.pitch_mod_sensitivity) == (0, 0, True, 24, 0)
    assert [op.output_level for op in p.op] == [99] * 6
    assert [op.breakpoint for op in p.op] == [39] * 6
    assert p.op[3].envelope == Envelope([99] * 4, [99, 99, 99, 0])
    assert p.pitch_envelope == PitchEnvelope([99] * 4, [50] * 4)
    assert (p.lfo.speed, p.lfo.sync, p.lfo.wave) == (35, False, "sine")
    assert p.operators_on == 0x3F


def test_init_voice_is_that_of_the_dx7():
    assert Patch.init_voice().to_bytes() == INIT_VOICE


def test_assignments_reach_the_bytes(patch):
    patch.algorithm = 15
    patch.op[0].envelope.levels = [97, 66, 12, 3]
    patch.op[0].envelope.rates = [91, 82, 43, 54]
    patch.op[0].output_level = 98
    patch.feedback = 5
    patch.lfo.wave = "square"
    raw = patch.to_raw()
    assert raw[134] == 15
    assert raw[135] == 5
    assert raw[105:113].tolist() == [91, 82, 43, 54, 97, 66, 12, 3]  # operator 1 comes last
    assert raw[121] == 98
    assert raw[142] == 3


def test_every_byte_is_reached_by_exactly_one_attribute():
    """Setting each value anew changes each byte; no attribute points at another's byte."""
    p = Patch.init_voice()
    changed = set()

    def put(section, name, index=None):
        before = p.to_raw()
        now = int(before[position])
        value = now + 1 if now < PARAMETERS[position].maximum else now - 1
        if index is None:
            setattr(section, name, value)
        else:
            getattr(section, name)[index] = value
        assert np.flatnonzero(p.to_raw() != before).tolist() == [position]
        changed.add(position)

    names = ["breakpoint", "left_depth", "right_depth", "left_curve", "right_curve", "rate_scaling"]
    names += ["amp_mod_sensitivity", "velocity_sensitivity", "output_level"]
    names += ["frequency_mode", "frequency_coarse", "frequency_fine", "detune"]
    for number in range(6):
        for i in range(4):
            position = (5 - number) * 21 + i
            put(p.op[number].envelope, "rates", i)
            position += 4
            put(p.op[number].envelope, "levels", i)
        for i, name in enumerate(names):
            position = (5 - number) * 21 + 8 + i
            put(p.op[number], name)
    for i in range(4):
        position = 126 + i
        put(p.pitch_envelope, "rates", i)
        position += 4
        put(p.pitch_envelope, "levels", i)
    for i, name in enumerate(("algorithm", "feedback", "osc_key_sync")):
        position = 134 + i
        put(p, name)
    for i, name in enumerate(("speed", "delay", "pitch_mod_depth", "amp_mod_depth", "sync", "wave")):
        position = 137 + i
        put(p.lfo, name)
    for i, name in enumerate(("pitch_mod_sensitivity", "transpose")):
        position = 143 + i
        put(p, name)
    assert changed == set(range(145))


@pytest.mark.parametrize(
    ("path", "value", "error", "says"),
    [
        ("algorithm", 32, ValueError, "ALGORITHM is 32; it goes from 0 to 31"),
        ("transpose", -1, ValueError, "TRANSPOSE is -1"),
        ("feedback", 2.0, TypeError, "whole number from 0 to 7"),
        ("feedback", float("nan"), TypeError, "FEEDBACK"),
        ("feedback", True, TypeError, "FEEDBACK"),
        ("feedback", "5", TypeError, "FEEDBACK"),
        ("feedback", None, TypeError, "FEEDBACK"),
        ("name", None, TypeError, "text"),
        ("operators_on", 64, ValueError, "0 to 63"),
        ("operators_on", 1.0, TypeError, "0 to 63"),
    ],
)
def test_wrong_values_are_refused_when_assigned(patch, path, value, error, says):
    before = patch.copy()
    with pytest.raises(error, match=says):
        setattr(patch, path, value)
    assert patch == before


def test_messages_name_operator_field_value_and_range(patch):
    with pytest.raises(ValueError, match=r"^OP2 OUTPUT LEVEL is 100; it goes from 0 to 99$"):
        patch.op[1].output_level = 100
    with pytest.raises(TypeError, match=r"OP1 FREQUENCY FINE .*50\.5.*round"):
        patch.op[0].frequency_fine = np.float32(50.5)


def test_numpy_integers_and_bools_are_numbers(patch):
    patch.op[0].output_level = np.int64(42)
    assert patch.op[0].output_level == 42
    patch.osc_key_sync = np.bool_(False)
    patch.lfo.sync = 1
    assert patch.osc_key_sync is False
    assert patch.lfo.sync is True


@pytest.mark.parametrize("bad", [[1], [1, 2, 3, 4, 5], [1, 2, 3, 100], 5, "1234", [1, 2, 3, 4.0]])
def test_envelopes_take_four_legal_values_or_stay_as_they_are(patch, bad):
    before = patch.copy()
    with pytest.raises((TypeError, ValueError), match="OP1 EG"):
        patch.op[0].envelope.rates = bad
    assert patch == before


def test_envelope_items_and_slices_are_checked(patch):
    rates = patch.op[0].envelope.rates
    rates[-1] = 7
    rates[0:2] = (1, 2)
    assert rates == [1, 2, 99, 7]
    assert list(rates) == [1, 2, 99, 7]
    assert np.array(rates).tolist() == [1, 2, 99, 7]
    with pytest.raises(ValueError, match="EG RATE 2 is 120"):
        rates[1] = 120
    with pytest.raises(IndexError):
        rates[4] = 1
    patch.op[0].envelope.levels = np.array([4, 3, 2, 1])
    assert patch.op[0].envelope.levels == [4, 3, 2, 1]


def test_typos_name_the_nearest_attribute(patch):
    with pytest.raises(AttributeError, match="'algoritm'; did you mean 'algorithm'"):
        patch.algoritm = 5
    with pytest.raises(AttributeError, match="did you mean 'output_level'"):
        _ = patch.op[0].outputlevel
    with pytest.raises(AttributeError, match="did you mean 'levels'"):
        patch.op[0].envelope.level = [0, 0, 0, 0]
    assert not hasattr(patch, "nothing_like_it")


@pytest.mark.parametrize(
    ("spelling", "value", "reads"),
    [("tri", 0, "triangle"), ("saw", 1, "saw_down"), ("Square", 3, "square"), ("S/HOLD", 5, "s&h"), (4, 4, "sine")],
)
def test_waves_by_name_and_number(patch, spelling, value, reads):
    patch.lfo.wave = spelling
    assert patch.to_raw()[142] == value
    assert patch.lfo.wave == reads


@pytest.mark.parametrize(
    ("spelling", "value"), [("lin", 0), ("-LIN", 0), ("exp-", 1), ("+EXP", 2), ("log", 3), ("+lin", 3), ("lin+", 3)]
)
def test_curves_by_name(patch, spelling, value):
    patch.op[0].right_curve = spelling
    assert patch.to_raw()[105 + 12] == value


def test_unknown_names_are_refused_with_the_nearest(patch):
    with pytest.raises(ValueError, match="did you mean 'sine'"):
        patch.lfo.wave = "sime"
    with pytest.raises(ValueError, match="-LIN, -EXP, \\+EXP, \\+LIN"):
        patch.op[0].left_curve = "banana"


def test_operators_count_from_operator_1(patch):
    assert len(patch.op) == 6
    patch.op[-1].output_level = 1
    assert patch.op[5].output_level == 1
    assert patch.to_raw()[16] == 1
    with pytest.raises(IndexError, match="operator 6"):
        _ = patch.op[6]


def test_parts_are_copied_when_assigned(patch):
    envelope = Envelope(rates=[1, 2, 3, 4], levels=[5, 6, 7, 8])
    patch.op[2].envelope = envelope
    envelope.rates[0] = 50
    assert patch.op[2].envelope.rates == [1, 2, 3, 4]
    patch.op[0] = patch.op[2]
    assert patch.op[0] == patch.op[2]
    patch.lfo = LFO(speed=1, wave="s&h")
    assert patch.lfo == LFO(speed=1, wave=5)
    with pytest.raises(TypeError, match="expected LFO"):
        patch.lfo = envelope
    assert Operator().output_level == 99


def test_copies_are_independent(patch):
    alone = copy.copy(patch.op[0])
    for twin in (patch.copy(), copy.copy(patch), copy.deepcopy(patch), pickle.loads(pickle.dumps(patch))):
        assert twin == patch
        twin.op[0].output_level = 3
        assert twin != patch
    alone.output_level = 5
    assert patch.op[0].output_level == 99
    array = patch.to_raw()
    array[:] = 0
    assert patch.name == "Own Sound "


def test_equality_and_hash_are_by_content(patch):
    assert patch == Patch("Own Sound")
    assert patch != "Own Sound"
    assert hash(patch) == hash(Patch("Own Sound"))
    patch.operators_on = 1
    assert patch != Patch("Own Sound")
    assert len({patch, Patch("Own Sound"), patch.copy()}) == 2


@pytest.mark.parametrize(
    ("given", "stored", "shown"),
    [
        ("BRASS", "BRASS     ", "BRASS"),
        ("a name too long", "a name too", "a name too"),
        ("É.PIANO", "E.PIANO   ", "E.PIANO"),
        ("→ 5¥ ←", "~ 5\\ \x7f    ", "→ 5¥ ←"),
        ("鐘\n", "??        ", "??"),
    ],
)
def test_names(patch, given, stored, shown):
    patch.name = given
    assert patch.name == stored
    assert patch.display_name == shown


@pytest.mark.parametrize(
    ("coarse", "fine", "mode", "ratio"), [(0, 0, 0, 0.5), (1, 41, 0, 1.41), (2, 75, 0, 3.5), (3, 0, 1, 1000.0)]
)
def test_frequency_ratio(patch, coarse, fine, mode, ratio):
    op = patch.op[0]
    op.frequency_mode, op.frequency_coarse, op.frequency_fine = mode, coarse, fine
    assert op.frequency_ratio == pytest.approx(ratio)
    op.frequency_coarse = op.frequency_fine = 0
    op.frequency_ratio = ratio
    assert op.frequency_ratio == pytest.approx(ratio)


@pytest.mark.parametrize("ratio", [0, -2, 0.1, 70, float("nan"), float("inf")])
def test_unreachable_ratios_are_refused(patch, ratio):
    with pytest.raises(ValueError, match=r"the DX7 reaches 0\.5 to 61\.69"):
        patch.op[0].frequency_ratio = ratio


def test_single_voice_as_155_156_and_163_bytes(patch):
    patch.operators_on = 0b101010
    assert Patch.from_sysex(patch.to_bytes()).to_bytes() == patch.to_bytes()
    assert Patch.from_sysex(patch.to_sysex()) == patch
    message = patch.to_message(channel=3)
    assert message[:6] == bytes.fromhex("F0 43 03 00 01 1B")
    assert len(message) == 163
    assert sum(message[6:162]) % 128 == 0
    assert message[-1] == 0xF7
    assert Patch.from_sysex(message).to_bytes() == patch.to_bytes()


def test_a_checksum_is_not_taken_for_operator_switches(patch):
    for level in range(100):
        patch.op[0].output_level = level
        message = patch.to_message()
        assert Patch.from_sysex(message[6:162]).operators_on == 0x3F
        for switches in range(64):
            patch.operators_on = switches
            assert Patch.from_sysex(patch.to_sysex()).operators_on == switches


def test_repairs_are_told(patch):
    raw = patch.to_raw()
    raw[16] = 127
    with pytest.warns(VoiceWarning, match="OP6 OUTPUT LEVEL 127 to 99"):
        assert Patch.from_raw(raw).op[5].output_level == 99
    packed = bytearray(patch.to_packed())
    packed[11] |= 0x40
    with pytest.warns(VoiceWarning, match="belong to no parameter"):
        assert Patch.from_packed(packed) == patch
    message = bytearray(patch.to_message())
    message[-2] ^= 1
    with pytest.warns(VoiceWarning, match="wrong checksum"):
        assert Patch.from_sysex(message) == patch


@pytest.mark.parametrize(
    ("make", "data", "says"),
    [
        (Patch.from_sysex, bytes(154), "not 154"),
        (Patch.from_sysex, bytes(128), "from_packed"),
        (Patch.from_sysex, bytes(4096), "Bank.load"),
        (Patch.from_sysex, b"\xf0\x43\x00\x09\x20\x00" + bytes(4098), "bank of 32 voices"),
        (Patch.from_sysex, b"\xf0\x41\x10\xf7", "Roland"),
        (Patch.from_sysex, b"\xf0\x43\x00\x00\x01\x1b\x00", "163 bytes"),
        (Patch.from_packed, bytes(129), "128 bytes, not 129"),
        (Patch.from_raw, np.full(155, 0.5), "whole numbers"),
        (Patch.from_raw, [300] * 155, "beyond 0 to 255"),
        (Patch.from_raw, "x" * 155, "whole numbers"),
    ],
)
def test_other_bytes_are_refused_with_what_they_are(make, data, says):
    with pytest.raises(VoiceError, match=says):
        make(data)


def test_channel_is_checked(patch):
    with pytest.raises(ValueError, match="0 to 15"):
        patch.to_message(16)


def test_raw_array(patch):
    raw = patch.to_raw()
    assert raw.dtype == np.uint8
    assert raw.shape == (155,)
    assert raw.tobytes() == bytes(patch)
    assert Patch.from_raw(list(raw)) == patch


def test_quick_start_banks(tmp_path, patch):
    path = tmp_path / "my_bank.syx"
    Patch.save_to_bank(path, [patch] * 32)
    assert path.stat().st_size == 4104
    assert Patch.load_bank(path) == [patch] * 32
    assert Patch.from_sysex(patch.to_message()[6:162]) == patch
