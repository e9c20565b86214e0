# SPDX-License-Identifier: Apache-2.0
"""Tell DX7 voices from other data that merely has their size.

A raw bank is 4096 bytes without a header, so its content has to speak for itself. Voices from the
wild have a handful of values out of range at most; text, 4-operator banks and noise have dozens.
"""

import numpy as np
from numpy.typing import NDArray

from . import packing
from .packing import Bytes
from .parameters import NAME, PACKED_SIZE

# In 2048 voices collected from the wild nothing that is a DX7 voice with a readable name exceeds this; an all-zero
# name (10 values below the blank) is allowed for. Random bytes have about 38 values out of range.
MOST_OUT_OF_RANGE = 12

_FOUR_OP_NAME = slice(57, 67)  # VMEM bytes of a 4-operator voice's name; on a DX7 they are inside operator 3
_NAME = slice(118, 128)

_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive: unpack it and load the files inside"),
    (b"\x1f\x8b", "a gzip archive: unpack it and load the file inside"),
    (b"RIFF", "a RIFF file, such as a WAV recording"),
    (b"FORM", "an IFF file, such as an AIFF recording"),
    (b"fLaC", "a FLAC recording"),
    (b"OggS", "an Ogg recording"),
    (b"\x89PNG", "a PNG picture"),
    (b"%PDF", "a PDF document"),
)


def out_of_range(voices: Bytes) -> NDArray[np.intp]:
    """For ``(n, 155)`` bytes as found: how many values of each voice are illegal."""
    return np.asarray(np.count_nonzero(voices != packing.clamp(voices), axis=1))


def is_foreign(voices: Bytes, spare: Bytes | None = None) -> NDArray[np.bool_]:
    """For ``(n, 155)`` bytes as found: which of them are hardly DX7 voices.

    spare: for packed voices the bits that belong to no parameter, ``(n, 128)``; each byte with any counts as one.
    """
    wrong = out_of_range(voices)
    if spare is not None:
        wrong = wrong + np.count_nonzero(spare, axis=1)
    constant = (voices[:, :NAME] == voices[:, :1]).all(axis=1)
    return np.asarray((wrong > MOST_OUT_OF_RANGE) | constant)


def is_four_operator(packed: Bytes) -> NDArray[np.bool_]:
    """For ``(n, 128)`` packed bytes: which carry a name where 4-operator voices have theirs, and none at the end."""
    name = packed[:, _FOUR_OP_NAME]
    readable = ((name >= 32) & (name < 127)).all(axis=1) & (name != 32).any(axis=1)
    return np.asarray(readable & (packed[:, _NAME] < 32).all(axis=1))


def is_text(data: bytes) -> bool:
    """True if nearly all bytes are printable ASCII or white space."""
    if not data:
        return False
    values = np.frombuffer(data, np.uint8)
    printable = ((values >= 32) & (values < 127)) | ((values >= 9) & (values <= 13))
    return bool(np.mean(printable) > 0.95)


def signature(data: bytes) -> str:
    """What a file that starts so is, if its first bytes tell that it holds no voices; else nothing."""
    return next((what for start, what in _SIGNATURES if data.startswith(start)), "")


def describe(data: bytes) -> str:
    """What some bytes that are no voices seem to be, in a few words."""
    if known := signature(data):
        return known
    if is_text(data):
        return "text"
    if data.count(data[:1]) == len(data):
        return f"{len(data)} times the byte {data[0]:02X}"
    whole = len(data) // PACKED_SIZE * PACKED_SIZE
    if whole and is_four_operator(np.frombuffer(data[:whole], np.uint8).reshape(-1, PACKED_SIZE)).mean() > 0.5:
        return "a 4-operator bank (DX21, TX81Z and kin)"
    return f"{len(data)} bytes of unknown data"
