# SPDX-License-Identifier: Apache-2.0
"""Where zones split the keyboard, as the strip of keys shows it."""

from __future__ import annotations

from pathlib import Path

from stories import Screen, run_story

from synth.tui.split import split
from synth.tui.strip import KeyStrip

SPLIT = [{"high": "B2", "part": 2}, {"low": "C3", "part": 1}]


def below(strip: KeyStrip) -> list[tuple[str, str | None]]:
    """What stands under each key: the character, and the colour behind it."""
    return [
        (letter, segment.style.bgcolor.name if segment.style and segment.style.bgcolor else None)
        for segment in strip.render_line(1)
        for letter in segment.text
    ]


def test_keys_are_told_apart_by_the_parts_they_play() -> None:
    keys = split(SPLIT, [])
    assert keys == (frozenset({2}),) * 60 + (frozenset({1}),) * 68
    layered = split([*SPLIT, {"low": "C2", "high": "C4", "part": 3, "channel": 5}], [])
    assert [layered[key] for key in (47, 48, 60, 72, 73)] == [{2}, {2, 3}, {1, 3}, {1, 3}, {1}]
    assert split([{"low": "C2"}], [])[47:49] == (frozenset(), frozenset({0}))


def test_a_keyboard_that_plays_the_same_everywhere_is_not_split() -> None:
    layer = [{"part": 3}, {"part": 4, "transpose": -12}, {"part": 5, "softest": 100}]
    for zones in ([], layer, [{"low": "C3", "part": 1, "transpose": 12}, {"high": "B2", "part": 1}]):
        assert split(zones, []) == ()


def test_of_several_inputs_the_one_that_is_split_counts() -> None:
    zones = [{"port": "keylab", **zone} for zone in SPLIT]
    assert split(zones, ["a pedal board", "KeyLab mkII"])[59:61] == (frozenset({2}), frozenset({1}))
    assert split(zones, ["a pedal board"]) == split(zones, []) == ()
    assert split([*SPLIT, {"port": "keylab"}], ["keylab"]) == ()


def test_the_strip_shows_a_split_when_it_comes_and_no_longer_when_it_goes(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        strip = screen.app.query_one(KeyStrip)
        left = (strip.size.width - 128) // 2
        whole = below(strip)
        assert {colour for _, colour in whole[left : left + 128]} == {None}
        screen.session.set_zones([*SPLIT, {"low": "C5", "part": 3}])
        await screen.until(lambda: below(strip) != whole)
        shown = below(strip)
        assert [letter for letter, _ in shown] == [letter for letter, _ in whole]
        colours = [colour for _, colour in shown[left : left + 128]]
        assert len({colours[0], colours[60], colours[84]}) == 3
        assert None not in colours
        assert colours == [colours[0]] * 60 + [colours[60]] * 24 + [colours[84]] * 44
        assert (shown[0][1], shown[-1][1]) == (None, None)
        screen.session.set_zones([{"high": "B5"}])
        await screen.until(lambda: below(strip)[left + 127][1] is None)
        assert below(strip)[left][1] == colours[0]
        screen.session.set_zones([])
        await screen.until(lambda: below(strip) == whole)

    run_story(tmp_path, story)


def test_a_split_that_is_there_from_the_beginning_is_shown(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        strip = screen.app.query_one(KeyStrip)
        await screen.until(lambda: None not in {colour for _, colour in below(strip)})
        await screen.press("space", "z")
        await screen.until(lambda: strip.tint(60) != strip.tint(62))
        assert "C3" in screen.text()

    run_story(tmp_path, story, size=(61, 24), zones=SPLIT)
