# SPDX-License-Identifier: Apache-2.0
"""Which audio device a name means."""

from __future__ import annotations

import pytest

from synth.audio.devices import Device, choose, named
from synth.errors import SixopError


def device(index: int, name: str, api: str = "ALSA") -> Device:
    return Device(index, name, api, 48000, 2, default=False)


JACK = device(0, "system", "JACK Audio Connection Kit")
HDMI = [device(1 + port, f"HDA Intel: HDMI {port} (hw:0,{3 + port})") for port in range(2)]
USB, SECOND = device(3, "USB Audio"), device(4, "USB Audio (2)")
BRIDGED = device(5, "USB Audio", "OSS")
ALL = [JACK, *HDMI, USB, SECOND, BRIDGED]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("system", JACK),
        ("system (JACK)", JACK),
        ("jack", JACK),
        ("USB Audio", USB),
        ("usb audio (2)", SECOND),
        ("usb audio (alsa)", USB),
        ("USB Audio (OSS)", BRIDGED),
        ("hdmi 1", HDMI[1]),
    ],
)
def test_a_name_means_one_device(wanted: str, meant: Device) -> None:
    assert choose(ALL, wanted) is meant


def test_the_best_comes_first_if_none_is_named() -> None:
    assert choose(ALL) is JACK
    assert choose([]) is None


def test_several_are_told_with_the_remedy() -> None:
    with pytest.raises(SixopError) as told:
        choose(ALL, "hdmi")
    assert str(told.value) == (
        "several audio devices could be 'hdmi': HDA Intel: HDMI 0 (hw:0,3) (ALSA), "
        "HDA Intel: HDMI 1 (hw:0,4) (ALSA); give more of the name"
    )
    assert named("hdmi", ALL) == HDMI


def test_a_name_that_nobody_has_is_told_with_all_there_are() -> None:
    with pytest.raises(SixopError, match=r"no audio device is called 'Scarlett'; there are: system \(JACK\), HDA"):
        choose(ALL, "Scarlett")
