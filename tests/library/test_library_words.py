# SPDX-License-Identifier: Apache-2.0
"""Words people write about their sounds, found again: accents, short words, names with blanks; and what edits take."""

from __future__ import annotations

import json
import sqlite3

import pytest

from synth import factory_bank
from synth.cli.main import run
from synth.library import Library, LibraryError, parse, schema

HUGE = 10**30
NOT_TEXT = "pad\udcff"  # how a byte that is no UTF-8 comes from a command line


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    (folder / "dx 7").mkdir()
    factory_bank().save(folder / "dx 7" / "saturday.syx")
    with Library.open(folder / "library.db") as opened:
        opened.scan([folder / "dx 7"])
        yield opened


@pytest.fixture
def library(scanned):
    while scanned.undo():
        pass
    return scanned


@pytest.fixture
def sixop(library, capsys):
    """Runs a command on the library; exit code, answer, and what was told besides."""

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = run(["lib", *arguments, "--db", str(library.path)])
        except SystemExit as end:
            code = int(end.code or 0)
        done = capsys.readouterr()
        return code, done.out, done.err

    return call


def test_accents_of_tags_and_notes_are_as_those_of_queries(library):
    library.note([6], "schön für Bläser")
    library.tag([7], "Café")
    for query, sound in (("schön", 6), ("schon", 6), ("BLÄSER", 6), ("café", 7), ("cafe", 7)):
        found = library.find(query)
        assert ([one.id for one in found.sounds], found.corrected) == ([sound], ())
    library.note([6], "")
    library.untag([7], "Café")
    assert library.find("bläser").total == library.find("café").total == 0
    library.undo()
    assert library.ids("café") == [7]


def test_an_older_library_learns_to_find_accents(tmp_path):
    path = tmp_path / "older.db"
    with Library.open(path) as library:
        factory_bank().save(tmp_path / "bank.syx")
        library.scan([tmp_path / "bank.syx"])
    new = len(schema.STEPS) - 1
    with sqlite3.connect(path) as connection:  # as the first version left it
        connection.create_function("folded", 1, lambda text: text)
        for trigger in ("words_tag_insert", "words_tag_delete", "words_sound_update"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("DROP INDEX sounds_noted")
        for statement in schema.STEPS[0]:
            if any(f"TRIGGER {name}" in statement for name in ("words_tag_", "words_sound_update")):
                connection.execute(statement)
        connection.execute("INSERT INTO sound_tags VALUES (3, 'Café')")
        connection.execute("UPDATE sounds SET notes = 'schön' WHERE id = 4")
        connection.execute(f"PRAGMA user_version = {new}")
    with Library.open(path) as library:
        assert library.ids("café") == [3]
        assert library.ids("schön") == [4]


def test_short_words_stand_by_themselves_anywhere(library):
    library.tag([3, 4], "ok")
    library.tag([5], "good to go")
    library.tag([9], "token")
    library.note([6], "dé, wie A-B")
    assert set(library.ids("ok")) == {3, 4}
    assert library.ids("go") == [5]
    assert library.ids("de") == library.ids("dé") == [6]
    assert library.ids("ok -go") == library.ids("ok")
    assert len(library.ids("7")) == len(factory_bank())  # the folder
    assert library.ids("[] *") == []
    library.tag([7], "x")
    assert 7 not in library.ids("x")  # a letter is somebody's first: names alone


def test_titles_of_banks_forgive_typing_errors(library):
    found = library.find("satrday")
    assert (found.total, found.corrected) == (len(factory_bank()), ("satrday",))


@pytest.mark.parametrize("query", ["-list:x", "-tag:all", "tag:all", "bank:hidden", "-is:hidden", "name:decided"])
def test_hidden_sounds_come_back_only_when_they_are_asked_for(library, query):
    library.mark([3], "hidden")
    library.tag([3], "all")
    assert 3 not in library.ids(query)


def test_names_of_lists_are_one_however_their_blanks_and_accents_are_typed(library, sixop):
    assert sixop("list", "my  list", "1")[0] == 0
    assert sixop("list", " My list ", "2")[0] == 0
    library.add_to_list("my   list", [3])
    assert [item.sound for item in library.items("my\tlist")] == [1, 2, 3]
    assert library.ids('list:"my  list"') == [1, 2, 3]
    assert library.has_list("my  LIST")
    library.rename_list("my  list", "Fu\u0308r  Freitag")
    assert library.rename_list("F\u00fcr Freitag", "für  freitag") == "für freitag"
    code, out, _ = sixop("list", "für  freitag", "--delete", "--json")
    assert (code, json.loads(out)) == (0, {"deleted": "für  freitag"})
    assert library.lists() == []
    library.save_search("my  bass", "category:bass")
    assert sixop("find", "--saved", "my  bass")[0] == 0


@pytest.mark.parametrize(
    "command",
    [["hide"], ["fav"], ["rate", "5"], ["note", "x"], ["category", "bell"], ["tag", "live"], ["list", "new"]],
)
def test_edits_take_words_as_they_are_typed(library, sixop, command):
    def refused(where: str) -> str:
        before = library.stamp
        code, out, err = sixop(*command, "--where", where)
        assert (code > 0, out, err.count("\n"), library.stamp) == (True, "", 1, before)
        return err

    assert "nothing holds 'strngs'; did you mean 'strings'?" in refused("strngs")
    assert "no sound fits 'zzqqzz'" in refused("zzqqzz")
    for where in ("", " ", '""', "sort:name"):
        assert "--where says nothing of the sounds that are meant" in refused(where)


def test_banks_hold_what_was_typed(sixop, tmp_path):
    out = tmp_path / "out.syx"
    assert "did you mean 'strings'" in sixop("export", "strngs", "-o", str(out))[2]
    assert sixop("export", "", "-o", str(out))[0] == 2
    assert not out.exists()


def test_a_search_without_result_says_so(sixop, tmp_path, capsys):
    assert sixop("find", "zzqqzz") == (0, "", "sixop: no sound fits\n")
    assert run(["lib", "find", "--db", str(tmp_path / "empty.db")]) == 0
    assert "`sixop lib scan FOLDER`" in capsys.readouterr().err


def test_states_that_are_none_are_refused(library, sixop):
    for minus in ("", "-"):
        assert "there is no is:none; known are favourite, hidden" in parse(f"{minus}is:none").mistakes[0]
        assert len(library.ids(f"{minus}is:none")) == len(factory_bank())
    assert sixop("search", "odd", "is:none")[0] == 2
    assert library.searches() == {}
    assert parse("category:none").mistakes == ()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["find", NOT_TEXT], 0),
        (["find", f"bank:{NOT_TEXT}"], 0),
        (["note", NOT_TEXT, "1"], 0),
        (["banks", NOT_TEXT], 0),
        (["list", NOT_TEXT, "1"], 0),
        (["search", "odd", NOT_TEXT], 0),
        (["find", "--saved", NOT_TEXT], 1),
        (["tag", NOT_TEXT, "1"], 0),
        (["list", "new", "1", "--title", "1", NOT_TEXT], 0),
        (["show", NOT_TEXT], 1),
        (["show", "9" * 5000], 1),
        (["dupes", "--limit", str(HUGE)], 0),
        (["find", "--limit", str(HUGE)], 0),
        (["find", "strings", "--limit", str(HUGE)], 0),
        (["history", "--limit", str(HUGE)], 0),
        (["scan", "~nobody-of-this-name/x"], 1),
    ],
)
def test_no_argument_is_a_surprise(sixop, arguments, code):
    done = sixop(*arguments)
    assert done[0] == code
    assert "should not have happened" not in done[2]
    assert "stopped" not in done[2]


def test_numbers_beyond_those_of_sqlite(library):
    with pytest.raises(LibraryError, match="no sound"):
        library.resolve("9" * 5000)
    assert library.duplicates(HUGE) == []
    assert isinstance(library.edits(HUGE), list)
    assert library.find("", 10, offset=HUGE).sounds == ()
    for ask in (library.slots, library.similar, library.thumbnail, lambda sound: library.patches([sound])):
        with pytest.raises(LibraryError, match="no number as large"):
            ask(HUGE)


def test_homes_of_nobody(capsys, monkeypatch):
    path = "~nobody-of-this-name/library.db"
    assert run(["lib", "stats", "--db", path]) == 1
    assert "nobody's folder is '~nobody-of-this-name'" in capsys.readouterr().err
    monkeypatch.setenv("SIXOP_LIBRARY", path)
    with pytest.raises(LibraryError, match="nobody's folder is"):
        Library.open()
