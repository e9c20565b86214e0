# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 midi` and `layer`: what belongs to no program."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bridge import protocol
from bridge.cli import frames
from bridge.cli.board import opened
from bridge.cli.options import DryRunOption, JsonOption, PortOption, UnitOption
from synth.cli.common import usage

_OMNI = "omni"


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        usage(f"layer mode is on or off, not {text!r}")
    return text == "on"


def midi(
    context: typer.Context,
    channel: Annotated[str, typer.Option("--channel", metavar="N|omni", help="1..16, or omni for all of them.")],
    port: PortOption = None,
    unit: UnitOption = 1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let a unit listen to one MIDI channel, or to all."""
    number = _channel(channel)
    if dry_run:
        frame = frames.Frame(protocol.midi_channel(unit, number).frame, f"unit {unit} listens to {_listened(number)}")
        frames.show(context, as_json, [frames.selecting(unit), frame])
    with opened(context, port, unit) as board:
        board.midi_channel(unit, number)
        where = board.port
    if as_json:
        print(json.dumps({"port": where, "unit": unit, "channel": number or _OMNI}))
    else:
        print(f"unit {unit} listens to {_listened(number)}")


def layer(
    context: typer.Context,
    on: Annotated[bool, typer.Argument(parser=_switch, metavar="on|off")],
    port: PortOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let both units play together, or not."""
    switch = "on" if on else "off"
    if dry_run:
        frame = frames.Frame(protocol.layer_mode(on).frame, f"layer mode {switch}")
        frames.show(context, as_json, [frames.selecting(1), frame])
    with opened(context, port, 1) as board:
        board.layer_mode(on)
        where = board.port
    if as_json:
        print(json.dumps({"port": where, "layer": on}))
    else:
        print(f"layer mode is {switch}")


def _channel(text: str) -> int:
    """1..16, or 0 for all."""
    if text.strip().lower() == _OMNI:
        return 0
    number = int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 9 else 0
    if not 1 <= number <= 16:
        usage(f"--channel must be a whole number of 1 to 16 or {_OMNI}, not {text!r}")
    return number


def _listened(channel: int) -> str:
    return f"MIDI channel {channel}" if channel else "all MIDI channels"
