# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 ...` as people and scripts run it, on a virtual board behind a real port."""

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

import sixop
from bridge.convert import convert
from bridge.names import Names, differing
from bridge.parameters import INIT_PROGRAM
from bridge.virtual import VirtualXfm2
from synth.factory import factory_bank

COMMAND = [sys.executable, "-m", "sixop", "xfm2"]
KEYS = ["name", "verified", "mismatches", "bytes_sent", "ms", "exact", "approximated", "lost", "program"]


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "bank.syx"
    factory_bank().save(path)
    return path


@pytest.fixture
def virtual(tmp_path):
    with VirtualXfm2(link=tmp_path / "xfm2") as board:
        board.port = tmp_path / "xfm2"
        yield board
        assert not board.erased


def run(*arguments):
    """The command without a terminal; its exit code, answer and what it says on stderr."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def answer(*arguments):
    """What it answers; it must have done what was asked."""
    code, out, err = run(*arguments)
    assert code == 0, err
    return out


@pytest.fixture
def here(monkeypatch, capsys):
    """As `run`, in this process, for commands that end before there is a board."""

    def run_here(arguments):
        monkeypatch.setattr(sys, "argv", ["sixop", "xfm2", *arguments])
        with pytest.raises(SystemExit) as ended:
            sixop.main()
        return ended.value.code, *capsys.readouterr()

    return run_here


def wanted(index) -> bytes:
    return convert(factory_bank()[index]).program


def remembered_backup(board):
    """So that nobody asks for one."""
    names = Names.load(str(board.port))
    names.backed_up(board.port)
    names.save()


# -- send -----------------------------------------------------------------------


def test_the_first_voice_is_on_the_board_verified(virtual, bank):
    told = json.loads(answer("send", bank, "--port", virtual.port, "--unit", 2, "--json"))
    (voice,) = told["voices"]
    assert list(told) == ["port", "unit", "voices"]
    assert (told["port"], told["unit"]) == (str(virtual.port), 2)
    assert list(voice) == KEYS
    assert voice["name"] == factory_bank()[0].name.strip()
    assert (voice["verified"], voice["program"]) == (True, None)
    assert voice["exact"] + voice["approximated"] + voice["lost"] == 155
    assert differing(bytes(virtual.board.edit[2]), wanted(0)) == []
    assert virtual.board.edit[1] == INIT_PROGRAM
    assert virtual.misread == 0


@pytest.mark.parametrize("faults", ["loss=0.002,seed=3", "rx_buffer=64", "delay_ms=3"])
def test_a_bad_line_ends_verified_or_with_one_sentence(virtual, bank, faults):
    virtual.set_faults(faults)
    code, out, err = run("send", bank, "--voice", 5, "--port", virtual.port)
    if code == 0:
        assert "verified" in out
        assert differing(bytes(virtual.board.edit[1]), wanted(4)) == []
    else:
        assert (code, out) == (1, "")
        assert err.splitlines()[-1].startswith("sixop: ")
    assert "write" not in {command.word for command in virtual.executed}


def test_a_whole_bank_is_stored_verified_and_named(virtual, bank):
    remembered_backup(virtual)
    virtual.board.programs[96][33] = 7
    told = json.loads(answer("send", bank, "--store", 97, "--yes", "--port", virtual.port, "--json"))
    assert [voice["program"] for voice in told["voices"]] == list(range(97, 129))
    assert all(voice["verified"] for voice in told["voices"])
    for index in range(32):
        assert differing(bytes(virtual.board.programs[96 + index]), wanted(index)) == []
    assert all(program == INIT_PROGRAM for program in virtual.board.programs[:96])
    assert [command.program for command in virtual.executed if command.word == "write"] == list(range(97, 129))
    assert virtual.misread == 0
    info = json.loads(answer("info", "--port", virtual.port, "--json"))
    assert (info["name"], info["programs"]) == (factory_bank()[31].name.strip(), [128])


def test_the_first_store_saves_the_board_before(virtual, bank):
    code, out, err = run("send", bank, "--voice", 2, "--store", 10, "--yes", "--port", virtual.port)
    assert code == 0, err
    assert out.startswith("program 10: ")
    assert "INIT becomes" in err
    path = Names.load(str(virtual.port)).backup_path
    assert str(path) in err
    assert json.loads(path.read_text())["programs"]["10"] == INIT_PROGRAM.hex()
    code, _, err = run("send", bank, "--voice", 3, "--store", 10, "--yes", "--port", virtual.port)
    assert str(path) not in err
    assert f"{factory_bank()[1].name.strip()} becomes {factory_bank()[2].name.strip()}" in err
    told = json.loads(answer("restore", path, "--port", virtual.port, "--yes", "--json"))
    assert [row["place"] for row in told["differing"]] == ["program 10", "edit buffer of unit 1"]
    assert virtual.board.programs[9] == INIT_PROGRAM


def test_without_a_place_for_names_it_is_stored_all_the_same(virtual, bank, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SIXOP_HOME", str(tmp_path / "file"))
    storing = ["send", bank, "--voice", 2, "--store", 10, "--yes", "--port", virtual.port]
    code, out, err = run(*storing)
    assert (code, out) == (1, "")
    assert "nothing was stored" in err.splitlines()[-1]
    assert "--no-backup" in err.splitlines()[-1]
    assert virtual.board.programs[9] == INIT_PROGRAM
    code, out, err = run(*storing, "--no-backup")
    assert (code, out[:12]) == (0, "program 10: ")
    assert "cannot be kept" in err


def test_ctrl_c_while_storing_tells_what_is_stored(virtual, bank):
    remembered_backup(virtual)
    command = [*COMMAND, "send", str(bank), "--store", "1", "--yes", "--port", str(virtual.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while not any(entry.word == "write" for entry in virtual.executed) and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    told = next(line for line in err.splitlines() if "interrupted: " in line)
    assert "stored and verified" in told
    assert told.endswith("the edit buffer was put back")
    assert virtual.board.edit[1] == INIT_PROGRAM


def test_storing_needs_a_yes(virtual, bank):
    code, out, err = run("send", bank, "--store", 1, "--port", virtual.port)
    assert (code, out) == (1, "")
    assert "--yes" in err
    assert virtual.executed == []


def test_an_unplug_while_storing_stores_whole_programs_only(virtual, bank):
    remembered_backup(virtual)
    virtual.set_faults("unplug_after=4000")
    code, out, err = run("send", bank, "--store", 1, "--yes", "--port", virtual.port)
    assert (code, out) == (1, "")
    assert "went away" in err.splitlines()[-1]
    assert "is stored and verified" in err or "are stored and verified" in err or "no program is stored" in err
    for index, program in enumerate(virtual.board.programs):
        assert program == INIT_PROGRAM or differing(bytes(program), wanted(index)) == []


def test_programs_of_the_xfm2_go_as_they_are(virtual, tmp_path):
    program = bytearray(wanted(3))
    program[81] = 77  # of unknown meaning
    path = tmp_path / "mine.prg"
    path.write_bytes(program)
    answer("send", path, "--port", virtual.port)
    assert differing(bytes(virtual.board.edit[1]), bytes(program)) == []


# -- without a board ------------------------------------------------------------


def test_a_dry_run_prints_the_bytes(bank):
    lines = answer("send", bank, "--voice", 4, "--store", 6, "--dry-run").splitlines()
    assert lines[0] == "31           select unit 1"
    compare = ["72 05        load program 6 into the edit buffer", "64           read the edit buffer"]
    assert lines[1:4] == [compare[1], *compare]
    assert lines[-4:] == [compare[1], "77 05        store the edit buffer as program 6", *compare]
    values = [int(line[:12].split()[-1], 16) for line in lines[4:-4]]
    program = wanted(3)
    assert bytes(values) == program[1:255] + program[256:]
    frames = json.loads(answer("set", "level1=9", "--dry-run", "--json"))
    assert frames[1] == {"bytes": "73 21 09", "meaning": "LEVEL1 = 9"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["send", "{bank}", "--store", "98"], "begin at 97"),
        (["send", "{bank}", "--store", "129"], "1 to 128"),
        (["send", "{bank}", "--store", "0", "--voice", "1"], "1 to 128"),
        (["send", "{foreign}"], "XFM2"),
        (["restore", "{bank}"], "DX7"),
        (["restore", "{bank}.missing"], "cannot be read"),
        (["dump", "--program", "200"], "1 to 128"),
        (["get", "LEVEL7"], "LEVEL"),
        (["set", "LEVEL1=256"], "0 to 255"),
        (["set", "81=1"], "nobody has told"),
        (["set", "255=1"], "cannot be set"),
        (["info", "--port", "{bank}.missing"], "missing"),
        (["backup", "{bank}.b", "--port", "{bank}"], "bank.syx"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(bank, tmp_path, here, arguments, words):
    foreign = tmp_path / "foreign.syx"
    foreign.write_bytes(bytes.fromhex("f0410016120102f7"))
    code, out, err = here(argument.format(bank=bank, foreign=foreign) for argument in arguments)
    assert (code, out) == (1, "")
    assert words in err
    assert err.count("\n") == 1


def test_a_dry_run_tells_what_is_not_printed():
    _, out, err = run("dump", "--program", 3, "--dry-run")
    assert [line[:5] for line in out.splitlines()] == ["31   ", "64   ", "72 02", "64   "]
    assert "(67)" in err
    assert "gets back what it held" in err


def test_what_is_hardly_a_program_is_asked_about(tmp_path, here):
    noise = tmp_path / "noise.prg"
    noise.write_bytes(bytes(1) + bytes([201, 202, 203] * 160)[:479] + bytes(32))
    code, out, err = here(["send", str(noise)])
    assert (code, out) == (1, "")
    assert "values are outside their ranges" in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty; choose another file\n"), (bytes(5 << 20), "programs or")]
)
def test_a_file_of_no_use_is_one_clean_sentence(tmp_path, here, content, words):
    path = tmp_path / "x.syx"
    path.write_bytes(content)
    code, _, err = here(["send", str(path)])
    assert code == 1
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "LEVEL1"],
        ["set", "LEVEL1=1", "33=2"],
        ["info", "--unit", "3"],
        ["info", "--port", ""],
        ["midi", "--channel", "17"],
        ["dump", "--format", "syx"],
    ],
)
def test_what_was_asked_in_a_wrong_way_ends_with_2(here, arguments):
    code, out, err = here(arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


# -- the edit buffer ------------------------------------------------------------


def test_parameters_one_by_one(virtual, tmp_path):
    rows = json.loads(answer("set", "LEVEL1=12", "level_l2=3", "--port", virtual.port, "--json"))
    assert rows[0] == {"number": 33, "name": "LEVEL1", "old": 255, "new": 12}
    assert (virtual.board.edit[1][33], virtual.board.edit[1][258]) == (12, 3)
    assert answer("get", "33", "--port", virtual.port).split()[:3] == ["33", "LEVEL1", "12"]
    out = tmp_path / "x.prg"
    answer("dump", "-o", out, "--port", virtual.port)
    assert out.read_bytes() == virtual.board.edit[1]
    answer("init", "--port", virtual.port)
    assert virtual.board.edit[1] == INIT_PROGRAM


def test_a_stored_program_is_shown_and_the_edit_buffer_stays(virtual):
    virtual.board.programs[6][:] = wanted(6)
    virtual.board.edit[1][:] = wanted(1)
    told = json.loads(answer("dump", "--program", 7, "--port", virtual.port, "--json"))
    assert bytes(told["parameters"]) == wanted(6)
    assert differing(bytes(virtual.board.edit[1]), wanted(1)) == []


def test_channels_and_layers(virtual):
    answer("midi", "--channel", 5, "--unit", 2, "--port", virtual.port)
    answer("layer", "on", "--port", virtual.port)
    assert virtual.board.channels == {1: 0, 2: 5}
    assert virtual.board.layer


# -- the board comes and goes ---------------------------------------------------


def test_an_unplug_in_mid_dump_is_one_sentence(virtual):
    virtual.set_faults("unplug_after=1200")
    for _ in range(8):
        code, out, err = run("dump", "--program", 3, "--port", virtual.port)
        if code:
            break
    assert (code, out) == (1, "")
    assert "went away" in err


def test_a_backup_waits_for_a_board_that_goes_away_while_connecting(virtual, tmp_path):
    virtual.set_faults("unplug_after=300,replug_ms=1000")
    code, out, err = run("backup", tmp_path / "x.json", "--port", virtual.port)
    assert code == 0, err
    assert "128 programs" in out
    assert "waiting 60 s" in err


@contextmanager
def monitoring(virtual):
    process = subprocess.Popen(
        [*COMMAND, "monitor", "--json", "--port", str(virtual.port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "watching" in process.stderr.readline()
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 0


def test_the_monitor_shows_changes_and_the_cable(virtual):
    with monitoring(virtual) as process:
        virtual.board.edit[1][33] = 5
        assert json.loads(process.stdout.readline()) == {"number": 33, "name": "LEVEL1", "old": 255, "new": 5}
        virtual.unplug()
        assert json.loads(process.stdout.readline())["event"] == "gone"
        virtual.plug()
        assert json.loads(process.stdout.readline())["event"] == "back"


def test_ports_lists_what_is_named(virtual):
    rows = json.loads(answer("ports", "--port", virtual.port, "--json"))
    assert [row["path"] for row in rows if row["taken"]] == [str(virtual.port)]
