# SPDX-License-Identifier: Apache-2.0
"""What a learned controller moved goes back when it forgets."""

from __future__ import annotations

from synth.midi.router import Router
from synth.midi.routing import Routing

SLIDER, VOLUME = 20, 7


def learned() -> tuple[Router, Routing]:
    router = Router(learned={SLIDER: "volume"})
    return router, Routing(router.table(""))


def forget(router: Router, routing: Routing) -> list[object]:
    router.learn(SLIDER, None)
    return list(routing.use(router.table("")))


def test_a_volume_goes_back_to_full():
    router, routing = learned()
    assert routing.route(bytes((0xB2, SLIDER, 30))) == [bytes((0xB2, VOLUME, 30))]
    assert forget(router, routing) == [bytes((0xB2, VOLUME, 127))]
    assert routing.use(router.table("")) == [], "once"


def test_a_volume_goes_back_to_where_the_keyboard_had_put_it():
    router, routing = learned()
    routing.route(bytes((0xB2, VOLUME, 90)))
    routing.route(bytes((0xB2, SLIDER, 30)))
    routing.route(bytes((0xB2, SLIDER, 20)))
    assert forget(router, routing) == [bytes((0xB2, VOLUME, 90))]


def test_a_volume_that_the_keyboard_moved_last_stays():
    router, routing = learned()
    routing.route(bytes((0xB2, SLIDER, 30)))
    routing.route(bytes((0xB2, VOLUME, 90)))
    assert forget(router, routing) == []


def test_a_volume_stays_while_the_controller_still_moves_it():
    router, routing = learned()
    routing.route(bytes((0xB0, SLIDER, 30)))
    router.learn(21, "breath")
    assert routing.use(router.table("")) == []
    assert forget(router, routing) == [bytes((0xB0, VOLUME, 127))]
