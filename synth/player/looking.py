# SPDX-License-Identifier: Apache-2.0
"""Looking for an audio device from a process of its own.

PortAudio finds new devices only when it is started anew, which no process may
do that has a stream open, and a JACK server that has been stopped lets
everybody wait for ever who asks for it. So whoever plays asks another process:

    python -m synth.player.looking NAME [RATE]      NAME "" is any device

Its exit code is the answer.
"""

from __future__ import annotations

import glob
import os
import subprocess
import sys
from pathlib import Path

from synth.audio.devices import named, outputs, portaudio
from synth.audio.stream import opens
from synth.errors import SixopError
from synth.player.leaving import end_within
from synth.player.realtime import ordinary

HERE, ABSENT, HUNG = 0, 1, 2
"""The answers: it is there and opens; it is not; the audio system did not answer within `LOOK_SECONDS`."""

LOOK_SECONDS = 3.0

# JACK's sockets, sound servers' sockets, ALSA's cards and definitions: whatever comes or goes changes one of these.
_FOLDERS = "/dev/shm", "/tmp"  # noqa: S108  only looked at
_FILES = ("/etc/asound.conf", "~/.asoundrc", "$XDG_CONFIG_HOME/alsa/asoundrc", "~/.config/alsa/asoundrc")
_SOCKETS = ("$XDG_RUNTIME_DIR/pipewire-0", "$XDG_RUNTIME_DIR/pulse/native")
_CARDS, _PCMS = Path("/proc/asound/cards"), "card*/pcm*p/sub*/status"

# Of the moment when the program started: a player hides a server that hangs from itself, not from those who look.
_environment = dict(os.environ)


class Look:
    """One look that has been started. It ends by itself, answered or not."""

    def __init__(self, wanted: str | None, rate: int | None) -> None:
        command = [sys.executable, "-P", "-m", "synth.player.looking", wanted or ""]
        with ordinary():
            self._process = subprocess.Popen(
                command if rate is None else [*command, str(rate)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment,
            )

    def answer(self) -> int | None:
        """`HERE`, `ABSENT` or `HUNG`; None while it looks."""
        code = self._process.poll()
        return code if code in (None, HERE, HUNG) else ABSENT

    def close(self) -> None:
        """Look no longer."""
        self._process.kill()
        self._process.wait()


def leaves_traces() -> bool:
    """True where `traces` tells of every device that comes; elsewhere one has to look now and then."""
    return sys.platform == "linux"


def traces() -> str:
    """What changes when audio devices and servers come, go or become free; costs some file look-ups."""
    found = [_stamp(Path(os.path.expandvars(file)).expanduser()) for file in (*_FILES, *_SOCKETS)]
    server = glob.escape(_environment.get("JACK_DEFAULT_SERVER", "default"))
    found += [_stamp(path) for folder in _FOLDERS for path in sorted(Path(folder).glob(f"jack_{server}_*_0"))]
    if _CARDS.exists():
        found.append(_CARDS.read_text())
        found += [f"{path} {_first_line(path)}" for path in sorted(_CARDS.parent.glob(_PCMS))]
    return "\n".join(found)


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{path} {status.st_ino} {status.st_mtime_ns}"


def _first_line(path: Path) -> str:
    """`closed`, or that somebody plays; what follows moves all the time."""
    try:
        return path.read_text().partition("\n")[0]
    except OSError:
        return ""


def main() -> None:
    """Answer with the exit code."""
    end_within(LOOK_SECONDS, HUNG)
    wanted, *rate = sys.argv[1:]
    try:
        portaudio()
        found = named(wanted, outputs()) if wanted else outputs()
    except SixopError:
        found = []
    here = any(opens(device, int(rate[0]) if rate else None) for device in found)
    os._exit(HERE if here else ABSENT)


if __name__ == "__main__":
    main()
