# SPDX-License-Identifier: Apache-2.0
"""Commands and events cross the socket whole and in order, and nobody waits for a reader."""

from __future__ import annotations

import socket

from synth.player.wire import Wire


def test_messages_arrive_whole_and_in_order() -> None:
    left, right = (Wire(end) for end in socket.socketpair())
    sent = [{"number": number, "text": "é" * number} for number in range(200)]
    for message in sent:
        left.send(message)
    received = []
    while len(received) < len(sent):
        received += right.receive(1.0) or []
        left.flush()
    assert received == sent


def test_a_reader_that_sleeps_holds_nobody_up_and_misses_the_newest() -> None:
    left, right = (Wire(end) for end in socket.socketpair())
    for number in range(20_000):
        left.send({"number": number, "padding": "x" * 100})
    numbers: list[int] = []
    while messages := right.receive(0.05):
        numbers += [message["number"] for message in messages]
        left.flush()
    assert numbers == list(range(len(numbers)))
    assert 1000 < len(numbers) < 20_000


def test_a_line_of_megabytes_arrives_and_so_does_what_comes_behind_it() -> None:
    left, right = (Wire(end) for end in socket.socketpair())
    sent = [{"voices": ["00" * 156] * 20_000}, {"event": "ready"}, {"voices": ["11" * 156] * 20_000}]
    for message in sent[:2]:
        left.send(message)
    received: list[dict[str, object]] = []
    while len(received) < 2:
        received += right.receive(1.0) or []
        left.flush()
    left.send(sent[2])
    while len(received) < 3:
        received += right.receive(1.0) or []
        left.flush()
    assert received == sent


def test_the_other_end_closing_is_noticed_after_its_last_words() -> None:
    left, right = (Wire(end) for end in socket.socketpair())
    left.send({"last": "words"})
    left.close()
    assert right.receive(1.0) == [{"last": "words"}]
    assert right.receive(1.0) is None
    right.send({"into": "nothing"})  # no error: `receive` has said it
