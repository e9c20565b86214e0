# SPDX-License-Identifier: Apache-2.0
import os
import pickle
from concurrent.futures import ThreadPoolExecutor

import mido
import numpy as np
import pytest
from strategies import BANKS, random_bank, random_voices

from synth import sysex
from synth.errors import VoiceError
from synth.patch import Patch
from synth.sysex import Kind
from synth.voices import LARGEST_FILE, VoiceList, load_voices

BANK = random_bank(1)
MESSAGE = BANK.to_sysex()
PACKED = MESSAGE[6:-2]
PATCH = Patch("ALONE")
VOICE = PATCH.to_message()

needs_banks = pytest.mark.skipif(not BANKS.is_dir(), reason="no real banks here")


def told(voices: VoiceList) -> list[str]:
    return [f"{problem.severity}: {problem.what}" for problem in voices.problems]


def test_clean_files_have_no_problems(tmp_path):
    path = tmp_path / "bank.syx"
    path.write_bytes(MESSAGE)
    for source in (path, str(path), MESSAGE, bytearray(MESSAGE), memoryview(MESSAGE)):
        voices = load_voices(source)
        assert voices == list(BANK)
        assert voices.problems == []
    assert load_voices(path).source == str(path)


@pytest.mark.parametrize("channel", range(16))
def test_any_channel(channel):
    assert load_voices(BANK.to_sysex(channel)) == list(BANK)
    assert load_voices(PATCH.to_message(channel)).problems == []


def test_several_messages_of_several_kinds():
    supplement = sysex.bulk(5, bytes(49))
    voices = load_voices(VOICE + b"junk" + MESSAGE + supplement + VOICE)
    assert voices == [PATCH, *BANK, PATCH]
    assert told(voices) == [
        "ignored: 4 bytes outside any message (6A 75 6E 6B)",
        "ignored: DX7II voice supplement, not a DX7 voice",
    ]
    assert [(b.kind, b.offset, b.first, b.count) for b in voices.blocks] == [
        (Kind.VOICE, 0, 0, 1),
        (Kind.BANK, 167, 1, 32),
        (Kind.VOICE, 167 + 4104 + 57, 33, 1),
    ]


@pytest.mark.parametrize("banks", [1, 2, 5])
@pytest.mark.parametrize("extra", [0, 1, 2, 3])
def test_headerless_banks_with_up_to_three_bytes_more(banks, extra):
    voices = load_voices(PACKED * banks + b"\x1a" * extra)
    assert voices == list(BANK) * banks
    assert len(voices.problems) == (extra > 0)
    assert len(voices.blocks) == banks


def test_raw_single_voices():
    PATCH.operators_on = 5
    try:
        assert load_voices(PATCH.to_sysex()) == [PATCH]
    finally:
        PATCH.operators_on = 0x3F
    for data in (PATCH.to_bytes(), PATCH.to_packed(), VOICE[6:162]):
        voices = load_voices(data)
        assert voices == [PATCH]
        assert voices.problems == []


def test_wrong_checksum_is_loaded_and_named():
    broken = bytearray(MESSAGE)
    broken[4102] ^= 0x55
    voices = load_voices(broken)
    assert voices == list(BANK)
    (problem,) = voices.problems
    assert (problem.offset, problem.severity) == (4102, "repaired")
    assert f"wrong checksum {broken[4102]:02X}, should be {MESSAGE[4102]:02X}" in problem.what


def test_missing_f7():
    for data, expected in ((MESSAGE[:-1], list(BANK)), (VOICE[:-1], [PATCH])):
        voices = load_voices(data)
        assert voices == expected
        assert told(voices) == ["repaired: the F7 that ends a message is missing"]


def test_missing_checksum_and_f7():
    voices = load_voices(MESSAGE[:-2])
    assert voices == list(BANK)
    assert told(voices) == [
        "repaired: the F7 that ends a message is missing",
        "repaired: the checksum is missing",
    ]


def test_wrong_byte_count_in_the_header():
    broken = bytearray(MESSAGE)
    broken[5] = 1
    assert told(load_voices(broken)) == ["repaired: the header says 4097 bytes; a DX7 bank of 32 voices has 4096"]


def test_bytes_too_many_before_f7():
    voices = load_voices(MESSAGE[:-1] + b"\0\0\0\xf7")
    assert voices == list(BANK)
    assert told(voices) == ["ignored: 3 bytes too many before F7"]


@pytest.mark.parametrize("extra", [1, 2, 3])
def test_trailing_bytes_are_ignored_and_told(extra):
    voices = load_voices(MESSAGE + b"\0" * extra)
    assert voices == list(BANK)
    assert [(p.offset, p.severity) for p in voices.problems] == [(4104, "ignored")]


def test_truncated_bank_gives_its_whole_voices():
    voices = load_voices(MESSAGE[: 6 + 17 * 128 + 100])
    assert voices == list(BANK)[:17]
    assert "17 whole voices, 15 missing" in voices.problems[0].what
    assert voices.problems[0].severity == "refused"


def test_truncated_single_voice_is_refused_but_not_its_neighbours():
    voices = load_voices(VOICE[:100] + VOICE)
    assert voices == [PATCH]
    assert told(voices) == ["refused: a DX7 voice cut short after 94 of 155 bytes"]


def test_macbinary_header():
    header = bytearray(128)
    header[1:9] = b"\x07bank.sy"
    header[65:69] = b"SysX"
    header[83:87] = len(MESSAGE).to_bytes(4, "big")
    header[91:95] = b"\xf0\xf7\xf0\x43"  # a date that looks like messages
    padding = bytes(-len(MESSAGE) % 128)
    voices = load_voices(bytes(header) + MESSAGE + padding)
    assert voices == list(BANK)
    assert told(voices) == ["ignored: a MacBinary header of 128 bytes"]
    assert voices.blocks[0].offset == 128
    header[83:87] = len(PACKED).to_bytes(4, "big")
    assert load_voices(bytes(header) + PACKED) == list(BANK)


def midi_file(tmp_path, *messages: bytes) -> bytes:
    track = mido.MidiTrack([mido.MetaMessage("track_name", name="dump"), mido.Message("note_on", note=60)])
    track += [mido.Message("sysex", data=message[1:-1], time=480) for message in messages]
    track += [mido.Message("note_on", note=60, velocity=0), mido.Message("program_change", program=3)]
    path = tmp_path / "dump.mid"
    mido.MidiFile(tracks=[mido.MidiTrack(), track]).save(path)
    return path.read_bytes()


def test_midi_file(tmp_path):
    data = midi_file(tmp_path, MESSAGE, VOICE)
    voices = load_voices(data)
    assert voices == [*BANK, PATCH]
    assert voices.problems == []


def test_midi_file_with_a_message_in_pieces():
    pieces = b"\0\xf0\x81\x00" + MESSAGE[1:129] + b"\0\xf7\x9f\x07" + MESSAGE[129:]
    track = b"\0\xff\x03\x01x" + pieces + b"\0\xff\x2f\0"
    header = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0"
    voices = load_voices(header + b"MTrk" + len(track).to_bytes(4, "big") + track)
    assert voices == list(BANK)


def test_truncated_midi_file_gives_what_is_whole(tmp_path):
    data = midi_file(tmp_path, VOICE, MESSAGE)
    voices = load_voices(data[: data.index(MESSAGE[1:20]) + 2000])
    assert voices[:16] == [PATCH, *list(BANK)[:15]]
    assert any("MIDI file is damaged" in text for text in told(voices))


def test_midi_file_without_voices(tmp_path):
    with pytest.raises(VoiceError, match="MIDI file without system exclusive"):
        load_voices(midi_file(tmp_path))


def test_values_out_of_range_are_clamped_and_told():
    broken = bytearray(PACKED)
    broken[128 + 14] = 120  # voice 2, operator 6, output level
    broken[256 + 12] = 0x7B  # voice 3, operator 6, detune 15
    broken[384 + 20] |= 0x80  # voice 4, bit 7
    broken[512 + 11] |= 0x40  # voice 5, a bit of no parameter
    broken[640 + 116] |= 0x0E  # voice 6, LFO wave 7
    voices = load_voices(sysex.bank_message(bytes(broken)))
    assert voices[1].op[5].output_level == 99
    assert voices[2].op[5].detune == 14
    assert voices[3:5] == list(BANK)[3:5]
    assert voices[5].lfo.wave == "s&h"
    numbered = [problem for problem in voices.problems if problem.voice]
    assert [(p.voice, p.offset) for p in numbered] == [(n + 1, 6 + 128 * n) for n in range(1, 6)]
    assert "OP6 OUTPUT LEVEL 120 to 99" in numbered[0].what
    assert "bit 7 set in 1 bytes" in numbered[2].what
    assert str(numbered[0]).startswith("voice 2, byte 134: ")


def test_bit_7_in_a_single_voice_is_masked_and_told():
    broken = bytearray(VOICE)
    broken[6] |= 0x80
    voices = load_voices(broken)
    assert voices == [PATCH]
    assert "OP6 EG RATE 1 227 to 99" in voices.problems[0].what


def four_operator_bank() -> bytes:
    """A bank as a TX81Z makes it: small values, the name at byte 57, nothing at the end."""
    rng = np.random.default_rng(4)
    records = np.zeros((32, 128), np.uint8)
    records[:, :57] = rng.integers(0, 32, (32, 57))
    records[:, 57:67] = np.frombuffer(b"LatelyBass", np.uint8)
    return records.tobytes()


TEXT = (b"A bank is a list of 32 voices, and this is a story about one of them. " * 100)[:4096]
NOISE = np.random.default_rng(5).integers(0, 128, 4096).astype(np.uint8).tobytes()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (TEXT, "byte 0: text"),
        (TEXT.upper(), "text"),
        (b"0123456789ABCDEF" * 256, "text"),
        (TEXT[:155], "text"),
        (TEXT[:128], "text"),
        (bytes(4096), "4096 times the byte 00"),
        (bytes(155), "155 times the byte 00"),
        (b"\xff" * 4096, "4096 times the byte FF"),
        (NOISE, "unknown data"),
        (NOISE[:128], "unknown data"),
        (NOISE[:155], "unknown data"),
        (NOISE[:1000], "1000 bytes of unknown data"),
        (four_operator_bank(), "4-operator bank"),
        (sysex.bulk(4, four_operator_bank()), "4-operator bank"),
        (sysex.bulk(9, four_operator_bank()), "4-operator bank .* in the envelope of a DX7 bank"),
        (sysex.bulk(9, TEXT), "text in the envelope"),
        (sysex.bulk(3, bytes(93)), "4-operator voice"),
        (sysex.bulk(0x7E, b"LM  8952PE" + bytes(100)), "TX802 performance"),
        (bytes.fromhex("F0 41 10 42 12 F7") * 3, "3 times message of another maker .Roland, 41"),
        (bytes.fromhex("F0 43 10 01 06 05 F7") * 9, "9 times parameter change"),
        (VOICE[:100], "cut short after 94 of 155"),
        (MESSAGE[:100], "0 whole voices"),
        (b"\x70" + MESSAGE[1:], "first byte is 70, not F0"),
        (b"ab\x70" + VOICE[1:] + b"\xf0\x43\x00\x00\x01", "cut short|first byte is not F0"),
        (b"PK\x03\x04" + NOISE[:500], "ZIP"),
        (b"RIFF\0\0\0\0WAVEfmt ", "RIFF"),
        (b"\xf0", "broken message"),
    ],
)
def test_what_is_no_dx7_voice_is_named(data, says):
    with pytest.raises(VoiceError, match=says) as caught:
        load_voices(data)
    assert "DX7 bank (4104 bytes)" in str(caught.value)


@pytest.mark.parametrize("pairs", [512, 513, 300])
@pytest.mark.parametrize("ending", [b"\xf7", b""])
def test_programs_of_the_xfm2_are_no_voices(pairs, ending):
    data = bytes.fromhex("f04300") + b"\0\0" + bytes.fromhex("017f") * (pairs - 1) + ending
    with pytest.raises(VoiceError, match="program of an XFM2"):
        load_voices(data)


def test_errors_name_the_file(tmp_path):
    path = tmp_path / "story.syx"
    path.write_bytes(TEXT)
    with pytest.raises(VoiceError, match=r"story\.syx holds no DX7 voice; byte 0: text"):
        load_voices(path)
    with pytest.raises(VoiceError, match=r"nothing\.syx cannot be read: No such file"):
        load_voices(tmp_path / "nothing.syx")
    with pytest.raises(VoiceError, match="cannot be read: Is a directory"):
        load_voices(tmp_path)
    with pytest.raises(VoiceError, match="cannot be read"):
        load_voices("a\0b")
    with pytest.raises(TypeError, match="path or its bytes"):
        load_voices(42)


def test_huge_files_are_not_read(tmp_path):
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(VoiceError, match="beyond 64 MB"):
        load_voices(path)


def test_files_without_end_are_not_read_to_it():
    with pytest.raises(VoiceError, match="beyond 64 MB"):
        load_voices("/dev/zero")


def test_a_pipe_is_read(tmp_path):
    pipe = tmp_path / "pipe.syx"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as writer:
        writer.submit(pipe.write_bytes, VOICE)
        assert load_voices(pipe) == [PATCH]


def test_a_pipe_that_sends_nothing_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("synth.files._PATIENCE_SECONDS", 0.05)
    os.mkfifo(tmp_path / "pipe.syx")
    with pytest.raises(VoiceError, match="no ordinary file, and sent nothing for"):
        load_voices(tmp_path / "pipe.syx")


def test_a_foreign_voice_in_a_good_bank_keeps_its_place_and_is_told():
    foreign = bytearray(PACKED)
    foreign[128:256] = four_operator_bank()[:128]
    voices = load_voices(bytes(foreign))
    assert len(voices) == 32
    assert voices[2] == BANK[2]
    (problem,) = voices.problems
    assert problem.voice == 2
    assert "hardly a DX7 voice" in problem.what


def test_random_legal_voices_are_never_taken_for_something_else():
    for voice in random_voices(7, 300):
        patch = Patch.from_raw(voice)
        for data in (patch.to_packed(), patch.to_bytes(), patch.to_message()):
            loaded = load_voices(data)
            assert loaded == [patch]
            assert loaded.problems == []


@needs_banks
@pytest.mark.parametrize("name", [f"rom{n}{side}" for n in range(1, 5) for side in "ab"])
def test_factory_banks(name):
    data = (BANKS / f"{name}.syx").read_bytes()
    voices = load_voices(data)
    assert len(voices) == 32
    # Three of the eight dumps carry a few stray values; nothing worse, and the others none.
    assert all(problem.severity == "repaired" and problem.voice for problem in voices.problems)
    assert len(voices.problems) == {"rom3a": 5, "rom3b": 3, "rom4a": 1}.get(name, 0)
    for index, patch in enumerate(voices):
        if index + 1 not in {problem.voice for problem in voices.problems}:
            assert patch.to_packed() == data[6 + 128 * index : 134 + 128 * index]


@needs_banks
def test_2048_voices_from_the_wild():
    data = (BANKS / "corpus-2048.bin").read_bytes()
    voices = load_voices(data)
    assert len(voices) == 2048
    assert all(problem.voice for problem in voices.problems)
    changed = [problem for problem in voices.problems if not problem.what.endswith("all values are the same")]
    damaged = {problem.voice for problem in changed}
    assert len(damaged) == len(changed)
    for index, patch in enumerate(voices):
        same = patch.to_packed() == data[128 * index : 128 * index + 128]
        assert same == (index + 1 not in damaged)
    foreign = [problem for problem in voices.problems if "hardly" in problem.what]
    assert 10 <= len(foreign) <= 60


def test_a_file_that_is_not_there_is_what_python_calls_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.syx cannot be read") as caught:
        load_voices(tmp_path / "nowhere.syx")
    assert isinstance(caught.value, VoiceError)
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), FileNotFoundError)
