# SPDX-License-Identifier: Apache-2.0
"""Marks, tags, notes, lists and saved searches, and how each is undone and done again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth import factory_bank
from synth.library import Library, LibraryError


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edits")
    factory_bank().save(folder / "factory.syx")
    with Library.open(folder / "library.db") as opened:
        opened.scan([folder / "factory.syx"])
        yield opened


@pytest.fixture
def library(scanned):
    while scanned.undo():
        pass
    return scanned


def state(library: Library) -> tuple[object, ...]:
    """All that people can change."""
    lists = [(listing, library.items(listing.name)) for listing in library.lists()]
    return library.sounds(library.ids("is:all")), library.tags(), lists, library.searches()


def test_marks(library):
    library.mark([1, 2], "favourite")
    library.mark([3], "hidden")
    assert library.ids("is:favourite sort:id") == [1, 2]
    assert 3 not in library.ids()
    assert library.ids("is:hidden") == [3]
    assert library.find("is:undecided").total == 29
    assert library.stats().favourites == 2


def test_ratings_notes_tags(library):
    library.rate([5], 4)
    library.note([5], "for the bridge")
    library.tag([5, 6], "Live")
    assert library.ids("rating:>=4") == [5]
    assert library.ids("bridge") == [5]
    assert library.ids("tag:live sort:id") == [5, 6]
    assert library.ids("live sort:id") == [5, 6]
    library.untag([6], "live")
    assert library.tags() == {"Live": 1}
    library.categorise([5], "bell")
    assert library.get(5).category == "bell"
    assert 5 in library.ids("category:bell")


def test_lists_keep_their_order(library):
    library.make_list("Friday", "set")
    library.add_to_list("friday", [9, 3, 7])
    library.add_to_list("Friday", [5], position=2)
    library.move_in_list("Friday", 4, 1)
    assert [item.sound for item in library.items("Friday")] == [7, 9, 5, 3]
    assert library.ids("list:Friday") == [7, 9, 5, 3]
    library.annotate_item("Friday", 2, title="INTRO", note="capo 3")
    library.remove_from_list("Friday", [1, 4])
    assert [(item.sound, item.name, item.note) for item in library.items("Friday")] == [
        (9, "INTRO", "capo 3"),
        (5, factory_bank()[4].name.strip(), ""),
    ]
    library.rename_list("Friday", "Saturday")
    assert library.lists()[0].name == "Saturday"
    library.delete_list("Saturday")
    assert library.lists() == []
    library.undo()
    assert [item.sound for item in library.items("Saturday")] == [9, 5]


def test_hidden_sounds_stay_in_lists(library):
    library.make_list("all")
    library.add_to_list("all", [1, 2])
    library.mark([1], "hidden")
    assert library.ids("list:all") == [1, 2]


def test_a_search_is_kept(library):
    library.save_search("basses", "category:bass rating:>3")
    assert library.searches() == {"basses": "category:bass rating:>3"}
    with pytest.raises(LibraryError, match="did you mean 'bass'"):
        library.save_search("wrong", "category:basss")
    library.save_search("basses", "")
    assert library.searches() == {}


def test_a_new_edit_ends_what_could_be_redone(library):
    library.tag([1], "a")
    library.undo()
    library.tag([1], "b")
    assert library.redo() is None
    assert library.tags() == {"b": 1}


def test_edits_that_change_nothing_are_none(library):
    library.tag([1], "a")
    library.tag([1], "a")
    library.mark([1], "undecided")
    library.undo()
    assert library.tags() == {}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda library: library.mark([99], "hidden"), "no sound 99"),
        (lambda library: library.mark([2**70], "hidden"), "no sound"),
        (lambda library: library.mark([1], "good"), "not 'good'"),
        (lambda library: library.rate([1], 6), "from 1 to 5"),
        (lambda library: library.tag([1], " "), "a tag has a name"),
        (lambda library: library.categorise([1], "pianos"), "did you mean 'piano'"),
        (lambda library: library.items("Frday"), "there is no list 'Frday'"),
        (lambda library: library.get(0), "no sound 0"),
        (lambda library: library.resolve("nobody"), "no sound is called 'nobody'"),
        (lambda library: library.patch(1000), "no sound 1000"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(library, wrong, sentence):
    before = state(library)
    with pytest.raises(LibraryError, match=sentence):
        wrong(library)
    assert state(library) == before


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), st.lists(st.integers(1, 5), max_size=3), st.sampled_from(["favourite", "hidden"])),
        st.tuples(st.just("rate"), st.lists(st.integers(1, 5), max_size=3), st.integers(0, 5)),
        st.tuples(st.just("note"), st.lists(st.integers(1, 5), max_size=3), st.text(max_size=5)),
        st.tuples(st.sampled_from(["tag", "untag"]), st.lists(st.integers(1, 5), max_size=3), st.sampled_from("ab")),
        st.tuples(st.sampled_from(["make_list", "delete_list"]), st.sampled_from("xy")),
        st.tuples(st.just("add_to_list"), st.sampled_from("xy"), st.lists(st.integers(1, 5), max_size=3)),
        st.tuples(st.just("move_in_list"), st.sampled_from("xy"), st.integers(1, 4), st.integers(1, 4)),
        st.tuples(st.just("remove_from_list"), st.sampled_from("xy"), st.lists(st.integers(1, 4), max_size=2)),
        st.tuples(st.just("save_search"), st.sampled_from("xy"), st.sampled_from(["", "brass"])),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(EDITS)
def test_all_can_be_undone_and_done_again(scanned, edits):
    while scanned.undo():
        pass
    states = [state(scanned)]
    for name, *arguments in edits:
        try:
            getattr(scanned, name)(*arguments)
        except LibraryError:
            continue
        if state(scanned) != states[-1]:
            states.append(state(scanned))
    for expected in reversed(states[:-1]):
        assert scanned.undo()
        assert state(scanned) == expected
    for expected in states[1:]:
        assert scanned.redo()
        assert state(scanned) == expected
