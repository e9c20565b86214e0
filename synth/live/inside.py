# SPDX-License-Identifier: Apache-2.0
"""A player in this very process: no second interpreter, and no second life either.

Sound is made by the audio system's own thread in C, as ever. Notes pass through a thread of this program, so whatever
keeps the interpreter busy delays them. And PortAudio never lets go of a JACK server that has died: who plays on here
is told so, and this program can reach no audio device again.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import asdict
from typing import Final

from synth.live.wired import WiredPlayer
from synth.player.settings import AUDIO_LOST
from synth.player.wire import Wire

_LOST: Final = (
    "the audio server has gone, and a program that played on it cannot reach it again: start the program anew "
    "(a session without in_process=True goes on by itself)"
)


class InsidePlayer(WiredPlayer):
    """Runs the player in a thread. It is never replaced: when it ends, the session does."""

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        self._wire = Wire(ours)
        self._wire.send({"settings": asdict(self._memory.settings)})
        self._thread = threading.Thread(target=self._run, args=(Wire(theirs),), name="player", daemon=True)
        self._thread.start()

    def _run(self, wire: Wire) -> None:
        from synth.player.process import serve

        try:
            self.exit_code = serve(wire, owns_process=False)
        except Exception as error:
            wire.send({"event": "error", "text": f"the player failed: {type(error).__name__}: {error}"})
            self.exit_code = 1
        wire.drain(1.0)
        wire.close()

    def _replace(self) -> bool:
        self._thread.join()
        self._wire.close()
        if self.exit_code == AUDIO_LOST and not self._stopping:
            self._tell({"event": "error", "text": _LOST})
        return False

    def _give_up(self) -> None:
        self._tell({"event": "error", "text": "the player does not end; its audio server may have died"})
        self.ended.set()
