# SPDX-License-Identifier: Apache-2.0
"""Bytes to whole MIDI messages."""

from __future__ import annotations

from typing import Final

# Status bytes; a channel message's low four bits are its channel.
NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
POLY_PRESSURE: Final = 0xA0
CONTROL: Final = 0xB0
PROGRAM: Final = 0xC0
PRESSURE: Final = 0xD0
BEND: Final = 0xE0
SYSEX: Final = 0xF0

LENGTHS: Final = {NOTE_OFF: 3, NOTE_ON: 3, POLY_PRESSURE: 3, CONTROL: 3, PROGRAM: 2, PRESSURE: 2, BEND: 3}
"""Bytes of a whole channel message, by its status without the channel."""


def split_messages(data: bytes) -> list[bytes]:
    """Whole MIDI messages as a list; ValueError where a byte belongs to none. Running status is understood."""
    messages = []
    at = 0
    running = 0
    while at < len(data):
        status = data[at]
        if status >= 0x80:
            at += 1
        elif running:
            status = running
        else:
            raise ValueError(f"Byte {at} is 0x{status:02X}, where a MIDI status byte (0x80 or more) is expected.")
        if status == SYSEX:
            end = data.find(0xF7, at)
            if end < 0:
                raise ValueError("A system exclusive message has no end (0xF7).")
            length = end + 1 - at
        else:
            length = data_length(status)
        body = data[at : at + length]
        if len(body) < length or (status != SYSEX and any(b >= 0x80 for b in body)):
            raise ValueError(f"The MIDI message 0x{status:02X} has fewer than its {length} data bytes.")
        if status < SYSEX:
            running = status
        elif status < 0xF8:
            running = 0
        messages.append(bytes((status,)) + body)
        at += length
    return messages


def data_length(status: int) -> int:
    """How many data bytes follow a status byte other than system exclusive."""
    if status < SYSEX:
        return 1 if status & 0xE0 == 0xC0 else 2
    return {0xF1: 1, 0xF2: 2, 0xF3: 1}.get(status, 0)
