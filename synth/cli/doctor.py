# SPDX-License-Identifier: Apache-2.0
"""`sixop doctor`: what is missing on this computer, and the exact fix."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from synth.cli import checkup
from synth.cli.common import silent_libraries
from synth.cli.finding import Finding

_OLDEST_PYTHON = (3, 11)
_NEEDED = "engine", "PortAudio", "MIDI"  # to look at settings and blocks


def doctor(as_json: Annotated[bool, typer.Option("--json", help="As one JSON list.")] = False) -> None:
    """Look for everything that playing needs. Exit code 1 if something essential is missing."""
    with silent_libraries():
        findings = _all()
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            print(f"{finding.state:8}{finding.subject:16}{finding.detail}")
            if finding.fix:
                print(f"{'':24}fix: {finding.fix}")
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)


def _all() -> list[Finding]:
    from synth.player.looking import hide_jack, jack_hangs

    server = os.environ.get("JACK_DEFAULT_SERVER", "default")
    if hung := jack_hangs():
        hide_jack()
    findings = [look() for look in _LOOKS]
    findings += checkup.servers(server, hung) + checkup.cables()
    if all(finding.state == "ok" for finding in findings if finding.subject in _NEEDED):
        findings += checkup.settings() + checkup.blocks()
    return findings


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if tuple(sys.version_info) < _OLDEST_PYTHON:  # pip refuses these, a copied folder does not
        return Finding("Python", "missing", version, "install Python 3.11 or newer")
    return Finding("Python", "ok", version)


def _engine() -> Finding:
    fix = "pip install . in the source folder (needs a C compiler: apt install gcc libc6-dev)"
    try:
        from synth.engine import Engine

        engine = Engine(sample_rate=48000)
        engine.note_on(60, 100)
        loudest = float(abs(engine.render(4800)).max())
    except ImportError as error:
        return Finding("engine", "missing", f"not built: {error}", fix)
    if not loudest > 0:
        return Finding("engine", "missing", "it renders silence", fix)
    return Finding("engine", "ok", "built, and a note sounds")


def _portaudio() -> Finding:
    from synth.audio.devices import portaudio
    from synth.errors import SixopError

    try:
        version = portaudio().get_portaudio_version()[1].split(",")[0]
    except SixopError as error:
        return Finding("PortAudio", "limited", "no sound without it", str(error).partition(": ")[2])
    return Finding("PortAudio", "ok", version)


def _device() -> Finding:
    from synth.audio.devices import outputs
    from synth.errors import SixopError

    try:
        devices = outputs()
    except SixopError:
        devices = []
    if devices:
        return Finding("audio device", "ok", f"{devices[0].label}, {devices[0].rate} Hz")
    fix = "connect a sound card, start a server (jackd -d alsa; pw-jack sixop play), or play with --record OUT.wav"
    if not Path("/dev/snd").exists():
        return Finding("audio device", "limited", "none: this system has no sound card (/dev/snd is missing)", fix)
    fix = "give yourself access: sudo usermod -aG audio $USER, then log in again"
    return Finding("audio device", "limited", "none that may be opened", fix)


def _midi() -> Finding:
    try:
        from synth.midi.apis import Scanner, api_name, compiled_apis
    except ImportError as error:
        return Finding("MIDI", "limited", f"python-rtmidi is not installed: {error}", "pip install python-rtmidi")
    scanner = Scanner()
    try:
        sources = scanner.scan()
        running = [api_name(api) for api in scanner.running]
        problems = dict(scanner.problems)
    finally:
        scanner.close()
    if running:
        names = ", ".join(source.name for source in sources) or "no inputs connected"
        return Finding("MIDI", "ok", f"{' and '.join(running)}: {names}")
    tried = ", ".join(sorted({api_name(api) for api in compiled_apis() + list(problems)})) or "ALSA"
    fix = "load the ALSA sequencer (sudo modprobe snd-seq) or start JACK (jackd -d alsa)"
    return Finding("MIDI", "limited", f"no MIDI system is running (tried {tried})", fix)


def _realtime() -> Finding:
    from synth.player.realtime import permitted

    if permitted():
        return Finding("real-time", "ok", "threads may have real-time priority")
    fix = "sudo usermod -aG audio $USER with 'rtprio 95' for @audio in /etc/security/limits.d, then log in again"
    return Finding("real-time", "limited", "not permitted: clicks and delays when the computer is busy", fix)


def _files() -> Finding:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        return Finding("sound files", "limited", f"cannot be written: {error}", "apt install libsndfile1")
    return Finding("sound files", "ok", str(soundfile.__libsndfile_version__))


_LOOKS: list[Callable[[], Finding]] = [_python, _engine, _portaudio, _device, _midi, _realtime, _files]
