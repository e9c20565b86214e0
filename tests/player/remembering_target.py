# SPDX-License-Identifier: Apache-2.0
"""A target that writes what it is told into a file, one JSON object a line, and does what its options say.

Options: `log`, the file; `crash`, a MIDI message (hexadecimal) on which it dies;
`sleep`, seconds until it begins to read.
"""

import json
import os
import socket
import sys
import time
from pathlib import Path

from synth.player.wire import Wire

wire = Wire(socket.socket(fileno=int(sys.argv[1])))
options = {}
while (commands := wire.receive(1.0)) is not None:
    for command in commands:
        if "options" in command:
            options = command["options"]
            wire.send({"event": "target", "name": "test", "text": "here"})
            time.sleep(options.get("sleep", 0))
        with Path(options["log"]).open("a") as log:
            log.write(json.dumps(command) + "\n")
        if command.get("data") == options.get("crash", "none"):
            os._exit(1)
with Path(options["log"]).open("a") as log:
    log.write('{"do": "end"}\n')
