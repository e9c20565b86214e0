# SPDX-License-Identifier: Apache-2.0
"""`sixop devices`: what `--audio`, `--midi`, `--midi-out` and `--xfm2-midi` can name."""

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
    """List audio outputs, MIDI inputs and MIDI outputs; `>` marks what `sixop play` takes by itself.

    Audio outputs stand in the order in which `--audio auto` tries them: JACK, then ASIO, Core Audio, ALSA, WASAPI,
    WDM-KS, DirectSound, MME and OSS; the default of each before its others.
    """
    from synth.errors import SixopError
    from synth.player.looking import hide_jack, jack_hangs

    audio: list[Device] = []
    problem = ""
    if jack_hangs():
        hide_jack()
        problem = "the JACK server does not answer, and is left out: start it again"
    with silent_libraries():
        try:
            audio = _audio()
        except SixopError as error:
            problem = str(error)
        midi, systems = _midi()
        midi_outputs = _midi_outputs()
    if problem:
        note(context, problem)
    if as_json:
        print(
            json.dumps(
                {
                    "audio": [{**asdict(device), "label": device.label} for device in audio],
                    "midi": [{"name": source.name, "api": source.api_name} for source in midi],
                    "midi_outputs": [{"name": source.name, "api": source.api_name} for source in midi_outputs],
                }
            )
        )
        return
    from synth.midi.ports import wanted_sources

    taken = wanted_sources(["auto"], midi)
    print("audio outputs, in the order in which auto tries them")
    for index, device in enumerate(audio):
        print(f" {'>' if index == 0 else ' '} {device.label}, {device.channels} channels, {device.rate} Hz")
    if not audio:
        print("   none; `sixop doctor` says what can be done")
    print("MIDI inputs")
    for source in midi:
        print(f" {'>' if source in taken else ' '} {source.name} ({source.api_name})")
    if not midi:
        print(f"   none; MIDI systems running: {', '.join(systems) or 'none'}")
    if midi_outputs:
        print("MIDI outputs")
    for source in midi_outputs:
        print(f"   {source.name} ({source.api_name})")


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


def _midi_outputs() -> list[Source]:
    from synth.midi.apis import Scanner, new_output

    scanner = Scanner(new_output)
    try:
        return scanner.scan()
    finally:
        scanner.close()
