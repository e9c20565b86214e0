# SPDX-License-Identifier: Apache-2.0
"""Files of XFM2 programs: every format there and back, told apart by content, and nothing crashes."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import Dx7FileError, ProgramError
from bridge.files import FORMATS, SUFFIXES, encode, encode_bank, read_programs, write_programs
from bridge.parameters import INIT_PROGRAM, PARAMETERS
from bridge.program import Program, xva1_name
from bridge.protocol import PROGRAMS, SIZE
from synth.bank import Bank
from synth.patch import Patch

SEVERAL = [Program(INIT_PROGRAM[:-1] + bytes((n,)), f"PROGRAM {n}") for n in range(5)]

# As the board has them: byte 0 is zero, all others are anything.
datas = (
    st.binary(min_size=SIZE - 1, max_size=SIZE - 1).map(lambda rest: b"\0" + rest).filter(lambda d: not xva1_name(d))
)
names = st.text(max_size=30)
programs = st.builds(Program, datas, names)
small_files = st.builds(encode, programs, st.sampled_from([form for form in FORMATS if form != "bank"]))


def named(data, number, byte):
    changed = bytearray(data)
    changed[number] = byte
    return bytes(changed)


def reading(data):
    """Programs, or None after a clear refusal; everything else is a defect."""
    try:
        found = read_programs(data)
    except ProgramError as error:
        assert str(error)
        assert "\n" not in str(error)
        return None
    assert found
    assert found.format in FORMATS
    assert all(isinstance(problem, str) and problem for problem in found.problems)
    return found


# -- there and back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@given(program=programs)
@settings(max_examples=60)
def test_every_format_gives_back_every_byte(form, program):
    found = read_programs(encode(program, form))
    assert found.format == form
    assert found[0].data == program.data
    assert found[0].name == (program.name if form == "json" else "")


@given(st.lists(datas, min_size=1, max_size=4))
@settings(max_examples=20)
def test_banks_and_dumps_hold_several(given_datas):
    given_programs = [Program(data) for data in given_datas]
    bank = read_programs(encode_bank(given_programs))
    assert len(bank) == PROGRAMS
    assert bank[: len(given_datas)] == given_programs
    assert all(program.data == INIT_PROGRAM for program in bank[len(given_datas) :])
    assert read_programs(b"".join(encode(program, "syx") for program in given_programs)) == given_programs


@pytest.mark.parametrize("form", FORMATS)
def test_written_files_are_read_whatever_they_are_called(tmp_path, form):
    for suffix in SUFFIXES.values():
        path = tmp_path / f"Bass{suffix}"
        write_programs(path, [Program(INIT_PROGRAM)], form)
        found = read_programs(path)
        assert found.format == form
        assert found[0].data == INIT_PROGRAM
        assert found[0].name == ("" if form == "bank" else "Bass")
        assert not found.problems
        assert str(found.source) == os.fspath(path)


def test_sizes_of_what_is_written():
    program = Program.init()
    assert len(encode(program, "prg")) == 512
    assert len(encode(program, "bank")) == 65_536
    assert len(encode(program, "syx")) == 1028
    assert encode(program, "xfm2").count(b"\n") == 512


def test_json_is_valid_and_complete():
    content = json.loads(encode(Program(INIT_PROGRAM, 'Büro "1"'), "json"))
    assert content["Short_Name"] == 'Büro "1"'
    assert content["hash"] == Program.init().hash
    assert content["parameters"] == [{"Par#": row.number, "Value": row.init} for row in PARAMETERS]


def test_a_dump_is_laid_out_as_the_board_sends_it():
    data = encode(Program(named(INIT_PROGRAM, 511, 130)), "syx")
    assert data[:5] == bytes.fromhex("F0 43 00 00 00")
    assert data[5:7] == bytes((0, 1))  # parameter 1
    assert data[-3:] == bytes((1, 2, 0xF7))  # parameter 511


@pytest.mark.parametrize("form", ["json", "prg", "xfm2"])
@pytest.mark.parametrize("count", [0, 2])
def test_formats_for_one_program_take_no_other_number(tmp_path, form, count):
    with pytest.raises(ProgramError, match="holds one program"):
        write_programs(tmp_path / "out", SEVERAL[:count], form)
    assert not list(tmp_path.iterdir())


def test_writing_refuses_what_it_cannot_do(tmp_path):
    with pytest.raises(ProgramError, match="1 to 128 programs, not 129"):
        write_programs(tmp_path / "out", [Program.init()] * 129, "bank")
    with pytest.raises(ProgramError, match="no format 'mid'; there are json"):
        write_programs(tmp_path / "out", [Program.init()], "mid")
    with pytest.raises(ProgramError, match="no such folder"):
        write_programs(tmp_path / "absent" / "out", [Program.init()], "prg")
    assert not list(tmp_path.iterdir())


# -- what others write --------------------------------------------------------------------------------------------


def test_json_with_commas_too_many():
    text = '\ufeff{"Short_Name": "Soft, }Pad,]", "x": [1,],\n "parameters": [{"Par#": 33, "Value": 7,}, ], \n}'
    found = read_programs(text.encode())
    assert found[0].name == "Soft, }Pad,]"
    assert found[0].differences(INIT_PROGRAM) == [33]
    assert [problem for problem in found.problems if "missing" not in problem] == []


def test_json_in_latin_1():
    found = read_programs('{"Short_Name": "Flöte", "parameters": [{"Par#": 33, "Value": 7}]}'.encode("latin-1"))
    assert found[0].name == "Flöte"


def test_json_is_repaired_and_says_so():
    rows = (
        '{"Par#":33,"Value":300},{"Par#":34,"Value":-1},{"Par#":512,"Value":1},{"Par#":35},3,{"Par#":"36","Value":9.0}'
    )
    found = read_programs(f'{{"parameters":[{rows},{{"Par#":36,"Value":8}}]}}'.encode())
    assert list(found[0].data[33:37]) == [255, 0, 255, 8]
    told = "; ".join(found.problems)
    for part in ("LEVEL1 300 to 255", "LEVEL2 -1 to 0", "left out: 512", "2 of 7 entries", "LEVEL4", "missing"):
        assert part in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "breaks off or is damaged in line 1"),
        ('{"parameters": [{"Par#": 1,\n "Val', "line 2"),
        ("{}", "without a list of 'parameters'"),
        ("[]", "not an object"),
        ('{"parameters": []}', "none of the parameters"),
        ('{"parameters": [{"Par#": 600, "Value": 1}]}', "none of the parameters"),
        ('{"format": "sixop xfm2 backup"}', "`sixop xfm2 restore`"),
        ("[" * 100_000, "JSON"),
        ('{"parameters": [{"Par#": 1, "Value": ' + "9" * 5000 + "}]}", "JSON"),
        ('{"a": "' + '\\"' * 200_000, "JSON"),
    ],
)
def test_json_without_a_program(text, reason):
    with pytest.raises(ProgramError, match=reason):
        read_programs(text.encode())


def test_lines_of_text():
    found = read_programs(b"\r\n 33 : 7 \r\n# what\r\n34:8\r\n34:9\r\n")
    assert found.format == "xfm2"
    assert list(found[0].data[33:35]) == [7, 9]
    told = "; ".join(found.problems)
    assert "line 3" in told
    assert "named twice, the last value counts: LEVEL2" in told


def test_dumps_with_a_pair_too_many():
    dump = encode(SEVERAL[3], "syx")
    long = dump[:-1] + b"\0\0" + dump[-1:]
    assert len(long) == 1030
    assert read_programs(long)[0].data == SEVERAL[3].data
    assert not read_programs(long).problems


@pytest.mark.parametrize("unit", [0x00, 0x01, 0x7F])
def test_dumps_of_every_unit(unit):
    assert read_programs(named(encode(SEVERAL[2], "syx"), 2, unit))[0].data == SEVERAL[2].data


def test_dumps_among_other_things():
    dump = encode(SEVERAL[1], "syx")
    data = b"\x90\x40" + dump[:300] + b"\xf8" + dump[300:] + Patch().to_message() + dump[:-1]
    found = read_programs(data)
    assert [program.data for program in found] == [SEVERAL[1].data] * 2
    told = "; ".join(found.problems)
    for part in ("2 bytes", "1 x DX7 voice", "F7 that ends a dump is missing"):
        assert part in told


def test_damaged_dumps_are_refused():
    dump = encode(SEVERAL[1], "syx")
    with pytest.raises(ProgramError, match="1024 bytes of data, this one has 896"):
        read_programs(dump[:899])
    with pytest.raises(ProgramError, match="values beyond 255"):
        read_programs(named(dump, 101, 2))
    with pytest.raises(ProgramError, match="command to an XFM2"):
        read_programs(bytes.fromhex("F0 43 00 00 21 00 07 F7"))
    assert len(read_programs(dump + dump[:700] + b"\xf7")) == 1


def test_values_beyond_the_documented_range_are_kept_and_told():
    found = read_programs(encode(Program(named(INIT_PROGRAM, 13, 200)), "prg"))
    assert found[0].data[13] == 200
    assert found.problems == ["beyond the documented range, kept as they are: SYNC 200 (up to 63)"]
    bank = read_programs(encode_bank([Program.init(), Program(named(INIT_PROGRAM, 13, 200))]))
    assert bank.problems[0].startswith("program 2: ")


# -- what is no XFM2 program --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        Patch().to_message(),
        Patch().to_message()[:100],
        Patch().to_sysex(),
        Patch().to_packed(),
        Bank([Patch()]).to_sysex(),
        Bank([Patch()]).to_sysex() * 3,
        Bank([Patch()]).to_sysex()[6:-2],
        Bank([Patch()]).to_sysex()[6:-2] * 16,  # as large as a bank of the XFM2
    ],
    ids=lambda data: str(len(data)),
)
def test_dx7_files_are_named_with_what_takes_them(data):
    with pytest.raises(Dx7FileError, match=r"DX7 file .*`sixop convert`.*`sixop xfm2 send`"):
        read_programs(data)


@pytest.mark.parametrize("form", FORMATS)
def test_programs_of_the_xva1_are_refused(form):
    data = INIT_PROGRAM[:480] + b"Warm Pad".ljust(25) + INIT_PROGRAM[505:]
    with pytest.raises(ProgramError, match=r"XVA1.*'Warm Pad'"):
        read_programs(encode(Program(data), form))


def test_the_xfm2s_own_bytes_are_no_name():
    assert xva1_name(INIT_PROGRAM) == ""
    assert xva1_name(bytes(SIZE)) == ""
    assert xva1_name(b" " * SIZE) == ""


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"", "empty"),
        (b"hello", "text"),
        (b"Dear all, " * 52, "text"),
        (b"12:30 we met", "text"),
        (b"\xff" * SIZE, "512 times the byte FF"),
        (b"\x89PNG" + bytes(508), "PNG"),
        (b"PK\x03\x04" + bytes(100), "ZIP"),
        (bytes(range(200)), "200 bytes of unknown data"),
    ],
)
def test_other_files_are_named(data, seen):
    with pytest.raises(ProgramError, match=seen):
        read_programs(data)


def test_files_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "absent", tmp_path, "a\0b"):
        with pytest.raises(ProgramError, match="cannot be read"):
            read_programs(path)
    with pytest.raises(ProgramError, match="beyond 4 MB"):
        read_programs("/dev/zero")
    with pytest.raises(ProgramError, match="beyond 4 MB"):
        read_programs(bytes(5 << 20))
    with pytest.raises(TypeError, match="int"):
        read_programs(3)


# -- nothing crashes ----------------------------------------------------------------------------------------------


@given(st.binary(max_size=2000) | st.binary(min_size=SIZE, max_size=SIZE))
def test_any_bytes_are_read_or_refused(data):
    reading(data)


@given(st.text(max_size=300), st.sampled_from(["", "{", "[", '{"parameters":[', "33:1\n", "\ufeff{"]))
def test_any_text_is_read_or_refused(text, start):
    reading((start + text).encode("utf-8", "surrogatepass"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["Par#", "Value", "parameters", "Short_Name", "format"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(content):
    reading(json.dumps(content).encode())
    reading(json.dumps({"parameters": content}).encode())


@given(data=small_files, at=st.floats(0, 1))
@settings(max_examples=60)
def test_truncated_files_are_read_or_refused(data, at):
    reading(data[: int(at * len(data))])


@given(data=small_files, flips=st.lists(st.integers(0, 2**24), min_size=1, max_size=8))
@settings(max_examples=100)
def test_files_with_flipped_bits_are_read_or_refused(data, flips):
    damaged = bytearray(data)
    for flip in flips:
        damaged[flip // 8 % len(damaged)] ^= 1 << flip % 8
    reading(bytes(damaged))


# -- a program ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", bytes(511), bytes(513), [0] * 512, "x" * 512, None])
def test_a_program_has_512_bytes(data):
    with pytest.raises(ProgramError, match="512 bytes"):
        Program(data)


def test_a_program_is_its_bytes_and_its_name():
    program = Program(bytearray(INIT_PROGRAM), " a\tb\x1b[2J\n")
    assert program.name == "a b [2J"
    assert bytes(program) == INIT_PROGRAM
    assert program == Program(INIT_PROGRAM, "a b [2J")
    assert program != Program.init()
    with pytest.raises(AttributeError):
        program.name = "other"


def test_differences_are_told_by_name():
    other = named(named(INIT_PROGRAM, 33, 200), 511, 1)
    assert Program.init().differences(other) == [33, 511]
    assert Program.init().describe_differences(Program(other)) == ["LEVEL1 255 to 200", "RESERVED511 0 to 1"]
    assert Program.init().differences(INIT_PROGRAM) == []


def test_the_hash_is_javas():
    """Arrays.hashCode of 512 zeros is 31^512 in 32 bits; each byte adds its signed value times a power of 31."""
    zeros = pow(31, SIZE, 1 << 32)
    assert Program(bytes(SIZE)).hash == f"{zeros:x}"
    assert Program(named(bytes(SIZE), 511, 255)).hash == f"{zeros - 1:x}"
    assert Program(named(bytes(SIZE), 510, 2)).hash == f"{zeros + 62:x}"
