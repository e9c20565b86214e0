# SPDX-License-Identifier: Apache-2.0
"""What `sixop doctor` looks at beyond what is installed: servers, cables, settings, and whether blocks are missed."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

from synth.cli.finding import Finding
from synth.errors import ConfigError, SixopError

_SOCKETS = Path("/proc/net/unix")
_SEMAPHORES = Path("/dev/shm")  # noqa: S108  only looked at
_JACK_SOCKET = re.compile(r"jack_(.+)_\d+_0")
_SECONDS = 1.0  # of silence, to see whether blocks are missed
_USB_DEVICES = Path("/sys/bus/usb/devices")
_CH345 = "1a86:752d"
"""The chip in many cheap USB MIDI cables: long SysEx comes through it with bytes missing."""


def jack_servers(sockets: Path = _SOCKETS, semaphores: Path = _SEMAPHORES) -> list[str]:
    """The names of the JACK servers that run here; none where Linux does not tell.

    A server listens at a socket, as its clients do, and has a semaphore for its own driver, which stays when it is
    killed.
    """
    paths = [Path(line.split()[-1]).name for line in _text(sockets).splitlines()[1:]]
    listening = {name[1] for path in paths if (name := _JACK_SOCKET.fullmatch(path))}
    return sorted(name for name in listening if (semaphores / f"jack_sem.{os.getuid()}_{name}_system").exists())


def servers(own: str, hung: bool) -> list[Finding]:
    """JACK and PipeWire, as far as there is something to say about them; `own` is the JACK server we ask for."""
    names = jack_servers()
    found = []
    if hung:
        fix = f"end it (kill -9 $(pidof jackd) ends all there are) and start it again: jackd -n {own} -d alsa"
        found.append(Finding("JACK", "limited", f"the server {own!r} runs and answers nobody; it is left out", fix))
    elif len(names) > 1:
        detail = f"{len(names)} servers run: {', '.join(names)}; sixop asks for {own!r}"
        fix = "end all but one, or say which one: JACK_DEFAULT_SERVER=NAME sixop play"
        found.append(Finding("JACK", "limited", detail, fix))
    elif names and own not in names:
        fix = f"JACK_DEFAULT_SERVER={names[0]} sixop play"
        found.append(Finding("JACK", "limited", f"the server {names[0]!r} runs, and sixop asks for {own!r}", fix))
    elif names:
        found.append(Finding("JACK", "ok", f"the server {own!r} runs"))
    if Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"), "pipewire-0").is_socket():
        if shutil.which("pw-jack"):
            found.append(Finding("PipeWire", "ok", "runs; `pw-jack sixop play` plays on it as on JACK"))
        else:
            fix = "apt install pipewire-jack, then: pw-jack sixop play"
            found.append(Finding("PipeWire", "ok", "runs; sixop reaches it by ALSA, and more directly as JACK", fix))
    return found


def blocks() -> list[Finding]:
    """A second of silence on the device that `auto` takes: whether it opens, and how many blocks it misses."""
    from synth.audio.devices import outputs
    from synth.audio.stream import DeviceOutput, pick_rate
    from synth.engine import Engine

    try:
        found = outputs()
        if not found:
            return []
        device = found[0]
        engine = Engine(sample_rate=pick_rate(device, None))
        output = DeviceOutput(engine, device, None)
    except SixopError as error:
        fix = "end the program that has it, or choose another one: sixop play --audio NAME"
        return [Finding("audio blocks", "limited", str(error), fix)]
    time.sleep(_SECONDS)
    stats = engine.stats()
    if output.alive():
        output.stop()
    if not stats.blocks:
        return [
            Finding("audio blocks", "limited", f"{device.label} asked for none in {_SECONDS:g} s", "start it again")
        ]
    detail = f"{stats.underflows} of {stats.blocks} missed in {_SECONDS:g} s of silence on {device.label}"
    if not stats.underflows:
        return [Finding("audio blocks", "ok", detail)]
    fix = "larger buffers (--frames 512; on JACK: jackd -p 512), less work (--kernel clean), real-time priority"
    return [Finding("audio blocks", "limited", detail, fix)]


def cables(devices: Path = _USB_DEVICES) -> list[Finding]:
    """USB MIDI cables that are known to lose bytes."""
    numbers = [f"{_text(path / 'idVendor')}:{_text(path / 'idProduct')}" for path in sorted(devices.glob("*"))]
    if _CH345 not in numbers:
        return []
    fix = "receive banks by another interface; `sixop receive` tells each dump that is not whole"
    return [Finding("MIDI cable", "limited", f"a CH345 ({_CH345}): banks come through it with bytes missing", fix)]


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def settings() -> list[Finding]:
    """Devices that the user's settings name, and that are not there."""
    from synth.audio.devices import named, outputs
    from synth.config.stack import load_configuration
    from synth.midi.apis import Scanner
    from synth.midi.ports import wanted_sources

    try:
        configuration = load_configuration()
    except ConfigError as error:
        return [Finding("settings", "limited", str(error), "sixop config check")]
    missing = []
    device = configuration["audio.device"]
    if device not in (None, "none"):
        try:
            there = outputs()
        except SixopError:  # told by another look
            there = []
        if not named(device, there):
            known = ", ".join(other.label for other in there) or "none"
            missing.append((configuration.place("audio.device"), f"audio device {device!r} is not there; {known} is"))
    scanner = Scanner()
    try:
        sources = scanner.scan()
    finally:
        scanner.close()
    for name in configuration["midi.inputs"]:
        if name not in ("auto", "virtual", "none") and not wanted_sources([name], sources):
            known = ", ".join(source.name for source in sources) or "none"
            missing.append((configuration.place("midi.inputs"), f"MIDI input {name!r} is not there; {known} is"))
    fix = "plug it in, now or while sixop plays, or change the name: `sixop devices` lists them"
    problems = [
        Finding("settings", "limited", str(problem), "sixop config check") for problem in configuration.problems
    ]
    return problems[:1] + [Finding("settings", "limited", f"{place}: {text}", fix) for place, text in missing]
