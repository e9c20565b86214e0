# SPDX-License-Identifier: Apache-2.0
"""`sixop lib` as people and scripts use it."""

from __future__ import annotations

import json

import pytest

from synth import Bank, factory_bank
from synth.cli.main import run


@pytest.fixture
def sixop(capsys, tmp_path):
    """Runs a command on a library of the factory bank; exit code, answer, and what was told besides."""
    factory_bank().save(tmp_path / "factory.syx")

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = run(["lib", *arguments, "--db", str(tmp_path / "library.db")])
        except SystemExit as end:
            code = int(end.code or 0)
        done = capsys.readouterr()
        return code, done.out, done.err

    assert call("scan", str(tmp_path / "factory.syx"))[0] == 0
    return call


def answer(done: tuple[int, str, str]):
    assert done[0] == 0, done[2]
    return json.loads(done[1])


def test_scan(sixop, tmp_path):
    counts = answer(sixop("scan", str(tmp_path / "factory.syx"), "--json"))
    assert (counts["files"], counts["voices"]) == (1, 0)
    (tmp_path / "text").write_text("words")
    code, out, err = sixop("scan", str(tmp_path / "text"))
    assert code == 0
    assert "1 without a DX7 voice" in out
    assert "sixop lib files" in err
    assert [file["status"] for file in answer(sixop("files", "--json"))] == ["foreign"]


def test_find(sixop):
    assert [sound["name"] for sound in answer(sixop("find", "silver", "--json"))] == ["SILVERTINE"]
    assert [sound["name"] for sound in answer(sixop("find", "silvertne", "--json"))] == ["SILVERTINE"]
    assert answer(sixop("find", "--algorithm", "5", "--json"))[0]["algorithm"] == 5
    assert len(answer(sixop("find", "--json", "--limit", "0"))) == 32
    assert len(answer(sixop("find", "brass", "-five", "--json"))) == len(answer(sixop("find", "brass", "--json"))) - 1
    code, _, err = sixop("find", "--category", "basss")
    assert (code, err.count("\n")) == (2, 1)
    assert "did you mean 'bass'" in err


def test_show(sixop):
    shown = answer(sixop("show", "SILVERTINE", "--json"))
    assert shown["voice"]["name"] == "SILVERTINE"
    assert shown["slots"][0]["position"] == 1
    assert "algorithm" in sixop("show", "#1")[1]
    assert "no sound is called 'NOBODY'" in sixop("show", "NOBODY")[2]


def test_marks_and_undo(sixop):
    assert [sound["id"] for sound in answer(sixop("fav", "1", "SILVERTINE", "2", "--json"))] == [1, 2]
    assert len(answer(sixop("fav", "--json"))) == 2
    answer(sixop("hide", "--where", "category:bass", "--json"))
    assert answer(sixop("find", "category:bass", "--json")) == []
    assert sixop("undo")[1].startswith("undone: hidden")
    assert answer(sixop("find", "category:bass", "--json"))
    assert sixop("redo")[0] == 0
    answer(sixop("tag", "live", "3", "4", "--json"))
    assert answer(sixop("tag", "--json")) == {"live": 2}
    answer(sixop("tag", "live", "3", "--remove", "--json"))
    assert [sound["id"] for sound in answer(sixop("tag", "live", "--json"))] == [4]
    assert answer(sixop("rate", "5", "4", "--json"))[0]["rating"] == 5
    assert answer(sixop("note", "warm", "4", "--json"))[0]["notes"] == "warm"
    assert answer(sixop("category", "bell", "4", "--json"))[0]["category"] == "bell"
    assert len(answer(sixop("history", "--json"))) == 7


def test_a_list_becomes_a_bank(sixop, tmp_path):
    answer(sixop("list", "Friday", "7", "3", "--set", "--json"))
    answer(sixop("list", "Friday", "9", "--at", "1", "--title", "1", "INTRO", "--json"))
    assert answer(sixop("list", "--json")) == [{"name": "Friday", "kind": "set", "size": 3}]
    out = tmp_path / "friday.syx"
    assert answer(sixop("export", "--list", "Friday", "-o", str(out), "--json"))[0]["voices"] == 3
    bank, factory = Bank.load(out), factory_bank()
    assert bank.names[:3] == ["INTRO", factory.names[6], factory.names[2]]
    assert out.stat().st_size == 4104
    assert "is there already" in sixop("export", "--list", "Friday", "-o", str(out))[2]
    assert sixop("export", "brass", "-o", str(out), "--force")[0] == 0
    assert sixop("export", "nothing-fits", "-o", str(tmp_path / "none.syx"))[0] == 1
    assert not (tmp_path / "none.syx").exists()


def test_searches_are_kept(sixop):
    assert answer(sixop("search", "low", "category:bass", "--json")) == {"low": "category:bass"}
    expected = answer(sixop("find", "category:bass", "--json"))
    assert answer(sixop("find", "--saved", "low", "--json")) == expected


def test_two_banks_beside_each_other(sixop, tmp_path, capsys):
    bank = factory_bank()
    bank[0].name = "RENAMED"
    bank[1].feedback = 7 - bank[1].feedback
    bank[2], bank[3] = bank[3].copy(), bank[2].copy()
    bank[4] = Bank()[0]
    bank.save(tmp_path / "other.syx")
    assert run(["lib", "compare", str(tmp_path / "factory.syx"), str(tmp_path / "other.syx"), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    verdicts = [row["verdict"] for row in rows]
    assert verdicts[:6] == ["renamed", "edited", "moved", "moved", "new", "same"]
    assert rows[0]["theirs"] == "RENAMED"
    (tmp_path / "few.syx").write_bytes(factory_bank()[0].to_message())
    assert run(["lib", "compare", str(tmp_path / "factory.syx"), str(tmp_path / "few.syx")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines] == ["same", *["gone"] * 31]


def test_likeness_needs_ears(sixop):
    assert "has not been listened to yet" in sixop("similar", "SILVERTINE")[2]
    assert answer(sixop("analyse", "--json"))["analysed"] == 32
    assert sixop("analyse")[1].startswith("0 sounds")
    near = answer(sixop("similar", "SILVERTINE", "--limit", "3", "--json"))
    assert len(near) == 3
    assert near[0]["distance"] <= near[1]["distance"] <= near[2]["distance"]
    assert len(answer(sixop("similar", "1", "--by", "parameters", "--limit", "0", "--json"))) == 31
    assert sixop("similar", "1", "--by", "feel")[0] == 2
    places = answer(sixop("map", "--json"))
    assert len(places) == 32
    assert all(-1 <= place["x"] <= 1 for place in places)
    assert answer(sixop("show", "1", "--json"))["level"] < 0
    assert "brightness" in sixop("show", "1")[1]
    assert answer(sixop("find", "sort:-brightness", "--limit", "1", "--json"))[0]["brightness"] > 5000


def test_what_is_gone_is_forgotten_when_asked(sixop, tmp_path):
    (tmp_path / "factory.syx").unlink()
    (tmp_path / "other.syx").write_bytes(factory_bank()[0].to_message())
    assert answer(sixop("scan", str(tmp_path), "--json"))["missing"] == 1
    assert len(answer(sixop("files", "--missing", "--json"))) == 1
    assert sixop("forget")[0] == 1
    assert answer(sixop("forget", "--yes", "--json")) == {"files": 1, "sounds": 31}


def test_counts(sixop, tmp_path):
    (tmp_path / "again.syx").write_bytes(factory_bank()[0].to_message())
    answer(sixop("scan", str(tmp_path / "again.syx"), "--json"))
    stats = answer(sixop("stats", "--json"))
    assert (stats["sounds"], stats["slots"], stats["files"]) == (32, 33, 2)
    dupes = answer(sixop("dupes", "--json"))
    assert [(sound["name"], len(sound["slots"])) for sound in dupes] == [("SILVERTINE", 2)]


@pytest.mark.parametrize(
    "arguments", [["find"], ["dupes"], ["stats"], ["files"], ["fav"], ["tag"], ["list"], ["history"]]
)
def test_listings_are_text_too(sixop, arguments):
    assert sixop(*arguments)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["rate", "6", "1"], 2),
        (["rate", "3"], 2),
        (["tag", "live", "--remove"], 2),
        (["list", "Frday"], 1),
        (["export", "brass"], 2),
        (["export", "-o", "x.syx"], 2),
        (["files", "--status", "odd"], 2),
        (["find", "--saved", "none"], 1),
        (["fav", "1000"], 1),
        (["scan", "nowhere-at-all"], 1),
        (["undo"], 1),
    ],
)
def test_what_is_wrong_is_one_sentence(sixop, arguments, code):
    ended, out, err = sixop(*arguments)
    assert (ended, out) == (code, "")
    assert err.startswith("sixop: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize(
    ("out", "why"), [("/", "names no file"), (".", "names no file"), ("", "names no file"), ("x" * 300, "too long")]
)
def test_export_into_what_can_be_no_file(sixop, out, why, force):
    code, _, err = sixop("export", "silver", "-o", out, *force)
    assert (code, err.count("\n")) == (1, 1), err
    assert why in err


def test_a_home_folder_that_nobody_has(sixop):
    code, _, err = sixop("scan", "~nosuch/voices")
    assert (code, err.count("\n")) == (1, 1)
    assert "nobody's folder is '~nosuch'" in err


def test_scan_from_a_folder_that_is_gone(sixop, tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code, _, err = sixop("scan", "voices")
    assert (code, err.count("\n")) == (1, 1)
    assert "working directory is gone" in err
