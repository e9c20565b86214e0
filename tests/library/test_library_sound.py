# SPDX-License-Identifier: Apache-2.0
"""What is heard of sounds: figures, categories, likeness, the map, and that work that is stopped goes on."""

from __future__ import annotations

import csv
import os
import signal
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import BANKS, patches, random_bank

from synth import Patch, algorithms, factory_bank, render
from synth.library import Library, LibraryError, analysis, heard, kinship
from synth.library.categories import CATEGORIES, from_name
from synth.library.content import as_rows, content
from synth.library.job import Job
from synth.loudness import voice_loudness_db
from synth.parameters import OPERATORS

FACTORY = factory_bank()


def bank_of(path: Path, patches_: list[Patch]) -> Path:
    path.write_bytes(b"".join(patch.to_message() for patch in patches_))
    return path


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The factory bank, analysed, and three voices with nothing or little to be heard."""
    folder = tmp_path_factory.mktemp("sound")
    FACTORY.save(folder / "factory.syx")
    silent, noise = Patch("SILENT"), Patch("ROAR")
    for operator in silent.op:
        operator.output_level = 0
    noise.algorithm, noise.feedback = 31, 7
    bank_of(folder / "odd.syx", [silent, noise, Patch.init_voice()])
    with Library.open(folder / "library.db") as opened:
        opened.scan([folder / "factory.syx", folder / "odd.syx"])
        assert opened.analyse().analysed == 35
        yield opened


def test_levels_are_those_of_the_loudness_meter(library):
    for number in (1, 8, 13, 23):
        assert library.get(number).level == pytest.approx(voice_loudness_db(FACTORY[number - 1], 60), abs=0.6)


def test_pictures_show_what_is_heard(library):
    of = {sound.name.strip(): sound for sound in library.find("is:all", limit=None).sounds}
    blank, full = chr(0x2800), chr(0x28FF)

    def drawn(name: str) -> tuple[list[str], list[str]]:
        lines = heard.pictures(library.thumbnail(of[name].id), 3)
        return [line[: heard.PICTURE_WIDTH] for line in lines], [line[-heard.PICTURE_WIDTH :] for line in lines]

    waveform, spectrum = drawn("INIT VOICE")
    assert all(line[:22] == full * 22 for line in waveform)  # to 1.4 of 2 seconds
    assert [line[-3:] == blank * 3 for line in waveform] == [True, False, True]  # a line in the middle
    place = int(np.log(261.6 / 40) / np.log(16000 / 40) * heard.PICTURE_WIDTH)
    assert [index for index, cell in enumerate(spectrum[0]) if cell != blank] == [place]
    partials = sum(cell != blank for cell in drawn("SILVERTINE")[1][1])
    assert partials > 3 * sum(cell != blank for cell in spectrum[1])
    _, none = drawn("SILENT")
    assert none == [blank * heard.PICTURE_WIDTH] * 2 + [chr(0x28C0) * heard.PICTURE_WIDTH]  # the lowest dots


def test_figures_tell_sounds_apart(library):
    of = {sound.name.strip(): sound for sound in library.find("is:all", limit=None).sounds}
    sine = of["INIT VOICE"]
    assert sine.attack < 0.01
    assert 1.45 < sine.length < 1.6  # the key is held for 1.5 seconds
    assert sine.harmonicity > 0.98
    assert sine.noise < 0.2
    assert of["SILENT"].level < -100
    assert of["SILENT"].length == of["SILENT"].brightness == of["SILENT"].harmonicity == 0
    assert of["NIGHT SURF"].noise > 0.9 > 0.3 > of["NIGHT SURF"].harmonicity
    assert of["BRONZEBELL"].harmonicity < of["ROCK ORGAN"].harmonicity
    assert of["FULL STRNG"].attack > of["SLAP BASS"].attack
    assert of["SLAP BASS"].brightness > of["ROUND BASS"].brightness > sine.brightness


def test_the_brightness_of_a_sine_is_its_pitch(library):
    assert library.resolve("INIT VOICE").brightness == pytest.approx(262, rel=0.25)


def test_figures_can_be_searched(library):
    assert {sound.name for sound in library.find("noise:>0.8").sounds} >= {"NIGHT SURF"}
    assert library.find("sort:level", limit=1).sounds[0].name == "SILENT"
    assert library.find("is:analysed").total == 35
    assert library.find("is:new").total == 0


def test_thumbnails(library):
    shown = library.thumbnail(library.resolve("INIT VOICE").id)
    assert (len(shown.waveform), len(shown.spectrum)) == (128, 64)
    wave = np.frombuffer(shown.waveform, np.int8).reshape(2, 64)
    assert np.abs(wave).max() == 127
    assert (wave[0, :48] < -100).all()
    assert (wave[1, :48] > 100).all()
    assert (np.abs(wave[:, 52:]) < 10).all()  # the key is up
    line = np.frombuffer(shown.spectrum, np.uint8)
    assert 40 * (16000 / 40) ** (line.argmax() / 64) == pytest.approx(262, rel=0.12)
    assert library.thumbnail(10**6) is None


def test_results_do_not_depend_on_company(library):
    alone = analysis.vectors([content(FACTORY[5])])
    together = analysis.vectors([content(voice) for voice in FACTORY])
    np.testing.assert_allclose(alone[0], together[5], atol=1e-4)


@settings(max_examples=15)
@given(st.lists(patches, min_size=1, max_size=3))
def test_any_voice_can_be_measured(voices):
    assert np.isfinite(analysis.vectors([content(voice) for voice in voices])).all()


def test_the_nearest_to_the_ear(library):
    strings = library.resolve("FULL STRNG").id
    near = library.similar(strings, 5)
    assert [far for _, far in near] == sorted(far for _, far in near)
    assert strings not in [sound.id for sound, _ in near]
    assert {sound.name for sound, _ in near} & {"LONG DAWN", "AH CHOIR", "DARK HORNS", "OAK CELLO"}
    assert len(library.similar(strings, 1000)) == 34
    with pytest.raises(LibraryError, match="no sound 999"):
        library.similar(999)


def test_hidden_sounds_are_not_alike(library):
    first, _ = library.similar(1, 1)[0]
    library.mark([first.id], "hidden")
    assert first.id not in [sound.id for sound, _ in library.similar(1, 34)]
    library.undo()


def test_the_map_is_always_the_same(library):
    ids, places = library.map()
    assert ids.tolist() == library.ids("sort:id")
    assert places.shape == (35, 2)
    assert np.abs(places).max() <= 1
    with Library.open(library.path) as again:
        assert (again.map()[1] == places).all()


def exchanged(patch: Patch, order: tuple[int, ...]) -> Patch:
    """The voice with its operators in another order."""
    twin = patch.copy()
    twin.op = [patch.op[index] for index in order]
    return twin


def symmetries(number: int) -> list[tuple[int, ...]]:
    """The orders of operators that leave an algorithm as it is."""
    algorithm = algorithms[number]
    return [
        order
        for order in permutations(range(OPERATORS))
        if {(order[a], order[b]) for a, b in algorithm.edges} == set(algorithm.edges)
        and {order[a] for a in algorithm.carriers} == set(algorithm.carriers)
        and tuple(order[a] for a in algorithm.feedback_edge) == algorithm.feedback_edge
    ]


def distance(ours: Patch, theirs: Patch) -> float:
    rows = [as_rows([content(patch)]) for patch in (ours, theirs)]
    (first,), second = kinship.operators(rows[0]), kinship.operators(rows[1]).transpose(2, 1, 0)
    norms = np.einsum("wjn,wjn->n", second, second)
    return float(kinship.distances(first, second, norms, ours.algorithm, theirs.algorithm)[0])


@given(patches, st.integers(0, 31), st.randoms())
def test_the_order_of_operators_does_not_matter(patch, number, chance):
    patch.algorithm = number
    orders = symmetries(number)
    twin = exchanged(patch, chance.choice(orders))
    assert distance(patch, twin) == pytest.approx(0, abs=1e-3)


def test_algorithm_32_has_all_orders_of_its_five_operators_without_feedback():
    assert len(symmetries(31)) == 120


def test_exchanged_operators_sound_the_same():
    """That what counts as the same is the same to the ear as well."""
    patch = FACTORY[12].copy()
    patch.algorithm = 31
    twin = exchanged(patch, (4, 3, 2, 1, 0, 5))
    ours, theirs = (render(voice, 60, 100, 0.3, 0.0, kernel="clean") for voice in (patch, twin))
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_the_nearest_by_parameters(tmp_path):
    patch = FACTORY[0]
    twin = exchanged(patch, symmetries(patch.algorithm)[-1])
    slightly = patch.copy()
    slightly.op[1].output_level -= 3
    bank_of(tmp_path / "kin.syx", [patch, *list(FACTORY)[1:], slightly, twin])
    with Library.open(tmp_path / "library.db") as library:
        library.scan([tmp_path / "kin.syx"])
        near = library.similar(1, 3, "parameters")
        assert [library.patch(sound.id) for sound, _ in near[:2]] == [twin, slightly]
        assert near[0][1] == pytest.approx(0, abs=0.02)
        with pytest.raises(LibraryError, match="lib analyse"):
            library.similar(1)


def test_a_stopped_analysis_goes_on(tmp_path):
    path = tmp_path / "library.db"
    for number in range(20):
        random_bank(number).save(tmp_path / f"{number}.syx")
    with Library.open(path) as library:
        library.scan([tmp_path])
        with Job.analyse(path) as job:
            first = next(iter(job))
            os.kill(job.pid, signal.SIGKILL)
        done = library.stats().analysed
        assert 0 < done < 640
        assert first["total"] == 640
        assert library.analyse().analysed == 640 - done
        assert library.analyse().analysed == 0
        assert library.stats().analysed == 640


def test_what_people_say_wins_over_guesses(tmp_path):
    with Library.open(tmp_path / "library.db") as library:
        FACTORY.save(tmp_path / "factory.syx")
        library.scan([tmp_path / "factory.syx"])
        library.categorise([1], "effect")
        named = {sound.id: sound.category for sound in library.find().sounds if sound.category}
        library.analyse()
        for number, category in named.items():
            assert library.get(number).category == category


NAMED = Path(__file__).with_name("named.tsv")


def test_names_tell_categories():
    with NAMED.open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {category for _, category in rows} == {*CATEGORIES, ""}
    wrong = [(name, category, from_name(name)) for name, category in rows if from_name(name) != category]
    assert len(wrong) <= 0.05 * len(rows), wrong


@given(st.text(max_size=12))
def test_any_name_is_of_a_category_or_none(name):
    assert from_name(name) in (*CATEGORIES, "")


@pytest.mark.skipif(not BANKS.is_dir(), reason="no folder of real banks")
def test_sounds_tell_categories_more_often_than_chance(tmp_path):
    """Names of real voices, which the guess by sound does not see."""
    with Library.open(tmp_path / "library.db") as library:
        library.scan([BANKS / "rom1a.syx", BANKS / "rom2b.syx"])
        named = {sound.id: sound.category for sound in library.find(limit=None).sounds if sound.category}
        with library._database.writing() as connection:
            connection.execute("UPDATE sounds SET category = '', category_by = ''")
        library.analyse()
        guessed = [(named[sound.id], sound.category) for sound in library.sounds(list(named)) if sound.category]
        assert len(guessed) > 8
        assert np.mean([name == sound for name, sound in guessed]) > 0.4
