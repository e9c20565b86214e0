# SPDX-License-Identifier: Apache-2.0
"""Bytes of a terminal become keys."""

from __future__ import annotations

import os

from synth.face.terminal import END, ESCAPE, read_keys, split_keys


def test_characters_arrows_and_escape() -> None:
    assert split_keys("zX\x1b[A\x1bOD\x1b") == ["z", "X", "up", "left", ESCAPE]


def test_unknown_sequences_are_dropped_whole() -> None:
    assert split_keys("\x1b[3~a\x1b[1;5Cb") == ["a", "right", "b"]


def test_an_arrow_that_arrives_in_pieces_is_one_key() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"\x1b")
    os.write(writing, b"[B")
    assert read_keys(reading, 1.0) == ["down"]
    os.write(writing, b"\x1b")
    assert read_keys(reading, 1.0) == [ESCAPE]
    os.close(writing)
    assert read_keys(reading, 1.0) == [END]
    os.close(reading)
