# SPDX-License-Identifier: Apache-2.0
"""Searching: words anywhere, mistyped, excluded; fields, ranges, orders; and any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.bank import Bank
from synth.library import Library, parse
from synth.library.query import SORTS
from synth.patch import Patch

NAMES = (
    "E.PIANO 1", "SILVERTINE", "WarmPad.09", "SynBass 1", "BRASS   1", "Brass Ens", "Rhodes.27", "MARIMBA",
    "50% WET", "O_O", "quote\"d", "INIT VOICE",
)  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("find")
    patches = []
    for number, name in enumerate(NAMES):
        patch = Patch(name)
        patch.algorithm = number
        patch.feedback = number % 8
        patches.append(patch)
    (folder / "Jazz Café").mkdir()
    Bank(patches).save(folder / "Jazz Café" / "evening.syx")
    with Library.open(folder / "library.db") as opened:  # accents are in the folder's name alone
        opened.scan([folder / "Jazz Café"])
        yield opened


def names(library: Library, query: str) -> list[str]:
    return [sound.name for sound in library.find(query, limit=None).sounds]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tine", ["SILVERTINE"]),
        ("e.pi", ["E.PIANO 1"]),
        ("piano", ["E.PIANO 1", "SILVERTINE", "Rhodes.27"]),  # two are electric pianos by category
        ('"e.piano 1"', ["E.PIANO 1"]),
        ("brass", ["Brass Ens", "BRASS   1"]),
        ("brass -ens", ["BRASS   1"]),
        ("w", ["50% WET", "WarmPad.09"]),
        ("br", ["Brass Ens", "BRASS   1"]),
        ("0%", []),
        ("50%", ["50% WET"]),
        ("o_", ["O_O"]),
        ('quote"d', ['quote"d']),
        ("evening marimba", ["MARIMBA"]),
        ("cafe tine", ["SILVERTINE"]),
        ("algorithm:2..3", ["SILVERTINE", "WarmPad.09"]),
        ("alg:2,4", ["SILVERTINE", "SynBass 1"]),
        ("al:>=11 al:<12", ["quote\"d"]),
        ("feedback:7", ["MARIMBA"]),
        ("category:bass", ["SynBass 1"]),
        ("cat:epiano -rhodes", ["E.PIANO 1", "SILVERTINE"]),
        ("name:rhodes.2", ["Rhodes.27"]),
        ("bank:evening in:jazz marimba", ["MARIMBA"]),
        ("in:café in:CAFE marimba", ["MARIMBA"]),
        ("in:ca_e", []),
        ("level:>-20", []),
        ("is:fav", []),
        ("tag:none marimba", ["MARIMBA"]),
    ],
)  # fmt: skip
def test_what_a_query_finds(library, query, expected):
    assert sorted(names(library, query)) == sorted(expected)
    assert parse(query).mistakes == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("silvertne", "SILVERTINE"),
        ("silvrtine", "SILVERTINE"),
        ("slivertine", "SILVERTINE"),
        ("rohdes", "Rhodes.27"),
        ("marinba", "MARIMBA"),
        ("wramp", "WarmPad.09"),
        ("pianno", "E.PIANO 1"),
    ],
)
def test_typing_errors_are_forgiven(library, typed, meant):
    found = library.find(typed)
    assert meant in [sound.name for sound in found.sounds]
    assert found.corrected == (typed,)


def test_what_is_nowhere_near_is_not_found(library):
    assert library.find("xylophone").total == 0
    assert library.find("zq").total == 0


def test_names_that_begin_so_come_first(library):
    assert names(library, "bra") == ["BRASS   1", "Brass Ens"]
    assert names(library, "pad")[0] == "WarmPad.09"


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_keeps_every_sound(library, sort):
    rising, falling = library.ids(f"sort:{sort}"), library.ids(f"sort:-{sort}")
    assert sorted(rising) == sorted(falling) == sorted(library.ids())


def test_orders(library):
    assert library.find("sort:-algorithm", limit=1).sounds[0].algorithm == 12
    assert library.find("sort:algorithm", limit=1).sounds[0].algorithm == 1
    assert library.ids("sort:random:1") == library.ids("sort:random:1") != library.ids("sort:random:2")


def test_pages_make_up_the_whole(library):
    whole = library.ids("sort:name")
    pages = [sound.id for first in range(0, len(whole), 5) for sound in library.find("sort:name", 5, first).sounds]
    assert pages == whole
    assert library.find("sort:name", 5).total == len(whole)


@pytest.mark.parametrize(
    ("query", "mistake"),
    [
        ("alg:", "waits for a value"),
        ("alg:many", "is no number or range"),
        ("cat:basss", "did you mean 'bass'"),
        ("sort:loudness", "nothing is sorted by 'loudness'"),
        ("is:nice", "there is no is:nice"),
        ("level:nan", "is no number or range"),
    ],
)
def test_what_cannot_be_understood_is_told_and_passed_over(library, query, mistake):
    assert mistake in parse(query).mistakes[0]
    assert names(library, f"marimba {query}") == ["MARIMBA"]


@given(st.text(max_size=60))
def test_any_text_is_a_query(library, text):
    found = library.find(text, limit=3)
    assert len(found.sounds) == min(3, found.total)


@given(st.text('abc:"-.<>=,%_\\*()^~ 19', max_size=30))
def test_any_punctuation_is_a_query(library, text):
    assert library.find(text).total == len(library.ids(text))
