# SPDX-License-Identifier: Apache-2.0
"""A storm of messages that are all wrong in one way is told in a line; another mistake is told, too."""

import time

from waiting import wait_until

from synth import Session

WRONG = bytes((0xF0, 0x43, *[1] * 500, 0xF7))
CUT = bytes((0xF0, 0x43, 1, 1))


def test_the_same_warning_comes_once_in_a_storm() -> None:
    heard = []
    with Session(audio="none", midi="none") as session:
        session.wait_ready()

        def number(text: str) -> int:
            while (event := session.next_event(0.01)) is not None:
                heard.append(event.get("text", ""))
            return sum(text in said for said in heard)

        for _ in range(200):
            session.midi(WRONG)
        session.midi(CUT)
        wait_until(lambda: number("cut short") == 1)
        assert 1 <= number("not understood") < 20  # a machine that stands still for a second tells it again
        time.sleep(1.5)  # somebody has looked, and tries again
        session.midi(CUT)
        wait_until(lambda: number("cut short") == 2)
