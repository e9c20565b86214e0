# SPDX-License-Identifier: Apache-2.0
"""Plans of what to send: they lead where they should, in small windows, with hazards alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voices_for_boards import any_program

from bridge import pacing
from bridge.parameters import INIT_PROGRAM
from bridge.protocol import HAZARDS, LETTERS, VARIANTS
from bridge.virtual import Board

FENCE = b"g\xb4"  # parameter 180, as any fence reads one that stays as it is
PROGRAMS = st.integers(0, 2**32).map(any_program)
some = settings(max_examples=30)


@some
@given(old=PROGRAMS, new=PROGRAMS, slow=st.booleans(), variant=st.sampled_from(VARIANTS))
def test_a_plan_leads_from_one_program_to_the_other(old, new, slow, variant):
    board = Board(variant=variant)
    board.edit[1][:] = old
    for window in pacing.windows(pacing.differences(old, new, variant), variant, slow):
        answers = b"".join(board.receive(byte) for byte in window.frames + b"g\0")
        assert answers == b"\0"
    left = [n for n in range(512) if board.edit[1][n] != new[n]]
    assert left in ([], [pacing.NO_ADDRESS[variant]])


@some
@given(old=PROGRAMS, new=PROGRAMS, slow=st.booleans())
def test_windows_are_small_and_hazards_alone(old, new, slow):
    windows = list(pacing.windows(pacing.differences(old, new), slow=slow))
    for window in windows:
        assert window.size <= 60
        if window.hazardous or slow:
            assert len(window.changes) == 1
        if not window.hazardous:
            assert HAZARDS.isdisjoint(window.frames)
            assert not any(bytes((42, place)) in window.frames[1:] for place in (10, 11, 12))
        if not {49, 50}.isdisjoint(window.frames):
            assert len(window.changes) == 1, "a byte that could select a unit goes alone"
    assert [window.hazardous for window in windows] == sorted(window.hazardous for window in windows)


@some
@given(old=PROGRAMS, new=PROGRAMS, chance=st.randoms(use_true_random=False))
def test_no_lost_byte_of_a_harmless_window_can_erase_or_store(old, new, chance):
    board = Board()
    for window in pacing.windows(pacing.differences(old, new)):
        if window.hazardous:
            break
        sent = window.frames + FENCE
        lost = chance.randrange(len(sent))
        board.switch_on()
        for byte in sent[:lost] + sent[lost + 1 :]:
            board.receive(byte)
    assert not board.erased
    assert "w" not in {command.letter for command in board.executed}
    assert board.channels == {1: 0, 2: 0}
    assert not board.layer


@given(old=PROGRAMS, chance=st.randoms(use_true_random=False))
def test_a_fence_cannot_be_mistaken(old, chance):
    changes = [(chance.randrange(1, 255), 3) for _ in range(8)]
    number = pacing.fence_parameter(old, changes)
    assert number not in LETTERS
    assert number not in dict(changes)
    assert old[number] > 1


def test_a_buffer_of_zeros_has_no_telling_fence():
    assert pacing.fence_parameter(bytes(512)) == 0


def test_only_what_differs_is_sent():
    new = bytearray(INIT_PROGRAM)
    new[33], new[300] = 7, 8
    assert pacing.differences(INIT_PROGRAM, bytes(new)) == [(33, 7), (300, 8)]
    (window,) = pacing.windows(pacing.differences(INIT_PROGRAM, bytes(new)))
    assert window.frames == bytes((ord("s"), 33, 7, ord("s"), 0xFF, 44, 8))


def test_parameters_out_of_reach_are_left_alone():
    new = bytearray(INIT_PROGRAM)
    new[0], new[255] = 1, 1
    assert pacing.differences(INIT_PROGRAM, bytes(new)) == []


@pytest.mark.parametrize("change", [(35, 0), (36, 0), (86, 0), (116, 0), (119, 0), (1, 36), (292, 5), (42, 10)])
def test_hazardous_frames_are_known(change):
    (window,) = pacing.windows([change])
    assert window.hazardous


def test_time_counts_bytes_and_round_trips():
    plan = list(pacing.windows([(1, 1), (2, 2), (36, 0)]))
    assert pacing.seconds(plan, 0.001) == pytest.approx((8 + 5) * 20e-6 + 3 * 0.001)
