# SPDX-License-Identifier: Apache-2.0
"""What is known of the bytes of a voice before they are a Patch, and how to tell what is wrong with them."""

from typing import Any

import numpy as np

from . import sysex
from .errors import VoiceError
from .packing import Bytes
from .parameters import ALL_OPERATORS_ON, NAME, PACKED_SIZE, PARAMETERS, VOICE_SIZE


def describe_repairs(given: Bytes, legal: Bytes, most: int = 4) -> str:
    """What changed between two voices of 155 bytes: ``OP2 EG LEVEL 3 127 to 99, ... and 5 more``."""
    changed = [int(place) for place in np.flatnonzero(given != legal)]
    shown = [f"{PARAMETERS[place].label} {given[place]} to {legal[place]}" for place in changed[:most]]
    more = [f"and {len(changed) - most} more"] if len(changed) > most else []
    return ", ".join(shown + more)


def as_bytes(values: Any, what: str) -> bytes:
    """Bytes, an array or any sequence of whole numbers, which may come as floats, as bytes.

    Raises:
        VoiceError: anything else, and numbers beyond 0 to 255.
    """
    if isinstance(values, bytes | bytearray | memoryview):
        return bytes(values)
    array = np.asarray(values)
    whole = array.dtype.kind in "iu" or (array.dtype.kind == "f" and np.array_equal(array, np.rint(array)))
    if not whole or array.ndim != 1:
        raise VoiceError(f"{what} is made of whole numbers from 0 to 255 in one row, not {type(values).__name__}")
    if array.size and (array.min() < 0 or array.max() > 255):
        raise VoiceError(f"{what} is made of bytes; {array.min():g} to {array.max():g} go beyond 0 to 255")
    return array.astype(np.uint8).tobytes()


def read_switches(data: bytes) -> int:
    """The operator switches in a 156th byte; all on if it is the checksum or no set of switches at all."""
    last, total = data[VOICE_SIZE], sysex.checksum(data[:VOICE_SIZE])
    if last == total | 0x40 and total <= ALL_OPERATORS_ON:
        return total  # marked by to_sysex as switches that only look like the checksum
    return ALL_OPERATORS_ON if last == total or last > ALL_OPERATORS_ON else last


def remedy(size: int) -> str:
    """What to do with so many bytes, where a single voice was expected."""
    if size == PACKED_SIZE:
        return "; 128 bytes are a packed voice: use Patch.from_packed"
    if size >= 4096:
        return "; this looks like a bank: use Bank.load or load_voices"
    return "; load_voices reads files of every kind"


def name_in(voice: Bytes) -> str:
    """The name in the 155 bytes of a voice, without blanks at its end."""
    return voice[NAME:].tobytes().decode("ascii").rstrip()
