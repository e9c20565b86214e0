# SPDX-License-Identifier: Apache-2.0
"""MIDI outputs that come and go and say nothing, as lines on stdin ask: `+NAME` and `-NAME`.

A program of its own, because a process can be a client of one JACK server only.
"""

from __future__ import annotations

import sys

import rtmidi


def main() -> None:
    ports: dict[str, rtmidi.MidiOut] = {}
    for line in sys.stdin:
        sign, name = line[0], line[1:].strip()
        if sign == "+":
            ports[name] = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=name)
            ports[name].open_virtual_port("keys")
        else:
            port = ports.pop(name)
            port.close_port()
            port.delete()


if __name__ == "__main__":
    main()
