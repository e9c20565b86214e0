# SPDX-License-Identifier: Apache-2.0
"""Looking for an audio device from a process of its own.

PortAudio finds new devices only when it is started anew, which no process may
do that has a stream open, and a JACK server that has been stopped lets
everybody wait for ever who asks for it. So whoever plays asks another process:

    python -m synth.player.looking NAME [RATE]      NAME "" is any device

Its exit code is the answer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from synth.audio.devices import named, outputs, portaudio
from synth.audio.stream import opens
from synth.audio.traces import jack_socket
from synth.errors import SixopError
from synth.player.leaving import end_within
from synth.player.realtime import ordinary

HERE, ABSENT, HUNG = 0, 1, 2
"""The answers: it is there and opens; it is not; the audio system did not answer within `LOOK_SECONDS`."""

LOOK_SECONDS = 3.0
_POLL_SECONDS = 0.02
_NO_SERVER = {"JACK_DEFAULT_SERVER": "sixop-nobody", "JACK_NO_START_SERVER": "1"}

# Of the moment when the program started: a player hides a server that hangs from itself, not from those who look.
_environment = dict(os.environ)


class Look:
    """One look that has been started; it ends by itself, answered or not. Without `jack` that server is left alone."""

    def __init__(self, wanted: str | None, rate: int | None, jack: bool = True) -> None:
        command = [sys.executable, "-P", "-m", "synth.player.looking", wanted or ""]
        with ordinary():
            self._process = subprocess.Popen(
                command if rate is None else [*command, str(rate)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment if jack else {**_environment, **_NO_SERVER},
            )

    def answer(self) -> int | None:
        """`HERE`, `ABSENT` or `HUNG`; None while it looks."""
        code = self._process.poll()
        return code if code in (None, HERE, HUNG) else ABSENT

    def close(self) -> None:
        """Look no longer."""
        self._process.kill()
        self._process.wait()


def hide_jack() -> None:
    """No JACK server is seen from now on, by us and those we start; but a `Look` still does."""
    os.environ.update(_NO_SERVER)


def jack_hangs() -> bool:
    """True if there is a JACK server that answers nobody: who asks for it would wait for ever."""
    if not jack_socket():
        return False
    look = Look(None, None)
    while (answer := look.answer()) is None:
        time.sleep(_POLL_SECONDS)
    return answer == HUNG


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
    if found:
        portaudio()._terminate()  # so that a JACK server need not find out by itself that we have left
    os._exit(HERE if here else ABSENT)


if __name__ == "__main__":
    main()
