# SPDX-License-Identifier: Apache-2.0
"""The accuracy that is promised of the `clean` kernel: notes as the DX7 plays them, tones purer than it could."""

import pytest
from accuracy_notes import own_notes, reference_notes
from accuracy_players import Kernel
from accuracy_table import distances, rows_of_notes, rows_of_rates, rows_of_tones

CLEAN = Kernel("clean")


def assert_kept(rows):
    missed = [
        f"{row.section}: {row.measure} is {row.measured:g} {row.unit}, promised {row.goal:g}"
        for row in rows
        if not row.met
    ]
    assert not missed, "\n".join(missed)


@pytest.mark.skipif(not reference_notes(), reason="no reference renders")
def test_notes_of_the_reference_renders():
    assert_kept(rows_of_notes("reference renders", distances(CLEAN, reference_notes())))


def test_notes_of_our_own_voices_as_the_chip_plays_them():
    assert_kept(rows_of_notes("own voices", distances(CLEAN, own_notes())))


def test_tones():
    assert_kept(rows_of_tones(CLEAN))


def test_sample_rates():
    assert_kept(rows_of_rates(CLEAN))
