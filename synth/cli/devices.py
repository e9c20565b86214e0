# SPDX-License-Identifier: Apache-2.0
"""`sixop devices`: what `--audio` and `--midi` can name."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import note, silent_libraries

if TYPE_CHECKING:
    from synth.audio.devices import Device
    from synth.midi.apis import Source


def devices(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False
) -> None:
    """List audio outputs and MIDI inputs; `>` marks what `sixop play` takes by itself."""
    from synth.errors import SixopError

    audio: list[Device] = []
    problem = ""
    with silent_libraries():
        try:
            audio = _audio()
        except SixopError as error:
            problem = str(error)
        midi, systems = _midi()
    if problem:
        note(context, problem)
    if as_json:
        print(
            json.dumps(
                {
                    "audio": [asdict(device) for device in audio],
                    "midi": [{"name": source.name, "api": source.api_name} for source in midi],
                }
            )
        )
        return
    from synth.midi.ports import wanted_sources

    taken = wanted_sources(["auto"], midi)
    print("audio outputs")
    for index, device in enumerate(audio):
        print(f" {'>' if index == 0 else ' '} {device.label}, {device.channels} channels, {device.rate} Hz")
    if not audio:
        print("   none; `sixop doctor` says what can be done")
    print("MIDI inputs")
    for source in midi:
        print(f" {'>' if source in taken else ' '} {source.name} ({source.api_name})")
    if not midi:
        print(f"   none; MIDI systems running: {', '.join(systems) or 'none'}")


def _audio() -> list[Device]:
    from synth.audio.devices import outputs, portaudio

    portaudio()
    return outputs()


def _midi() -> tuple[list[Source], list[str]]:
    from synth.midi.apis import Scanner, api_name

    scanner = Scanner()
    try:
        sources = scanner.scan()
        systems = [api_name(api) for api in scanner.running]
    finally:
        scanner.close()
    return sources, systems
