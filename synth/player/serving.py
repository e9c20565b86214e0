# SPDX-License-Identifier: Apache-2.0
"""The process of a target (see `synth/player/targets.py`): it obeys the lines of a socket until that ends."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Protocol

from synth.player.wire import Message, Wire


class Target(Protocol):
    """What obeys."""

    def run(self, commands: list[Message]) -> None:
        """Obey these, then what else comes."""


def serve(target: Callable[[Wire, Message], Target]) -> None:
    """Make a target of the options in the first line of the socket that we inherited, and let it run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the player, which ends the socket when it is through
    wire = Wire(socket.socket(fileno=int(sys.argv[1])))
    commands = wire.first()
    if commands is None:
        return
    target(wire, commands[0]["options"]).run(commands[1:])
    os._exit(0)  # without the exit handlers of audio systems, which may wait for ever
