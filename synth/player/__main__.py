# SPDX-License-Identifier: Apache-2.0
"""`python -m synth.player FD`: the player at the other end of a face's socket."""

from __future__ import annotations

import os
import signal
import socket
import sys

from synth.player.wire import Wire


def main() -> None:
    """Serve the face on the inherited socket, and leave without ceremony.

    PortAudio's and JACK's exit handlers wait for a server that may have died,
    and all that must be closed has been.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the face's to understand
    if not os.environ.get("SIXOP_DEBUG"):
        _silence_libraries()
    wire = Wire(socket.socket(fileno=int(sys.argv[1])))
    try:
        from synth.player.process import serve

        code = serve(wire)
    except Exception as error:
        if os.environ.get("SIXOP_DEBUG"):
            sys.excepthook(*sys.exc_info())
        wire.send({"event": "error", "text": f"the player failed: {type(error).__name__}: {error}"})
        code = 1
    wire.drain(1.0)
    os._exit(code)


def _silence_libraries() -> None:
    """ALSA, JACK and PortAudio print from C, on a terminal that is the face's."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


if __name__ == "__main__":
    main()
