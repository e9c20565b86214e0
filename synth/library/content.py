# SPDX-License-Identifier: Apache-2.0
"""What makes a sound: the parameters of a voice without its name, and a key by which equal sounds are one.

Two voices are the same sound if all that is heard is equal byte for byte: 145 parameters in VCED order, and the
operator switches if any is off, as a 146th byte. Names belong to the places where a sound is found.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from synth.algorithm_table import algorithms
from synth.parameters import ALL_OPERATORS_ON, NAME, NAME_LENGTH, VOICE_SIZE
from synth.patch import Patch

if TYPE_CHECKING:
    from synth.packing import Bytes

KEY_SIZE: Final = 16  # bytes; two of a thousand million sounds share one with a chance of 1e-21
CARRIERS: Final = tuple(len(algorithms[number].carriers) for number in range(32))
ALGORITHM: Final = 134  # positions in VCED order
FEEDBACK: Final = 135
_BLANK: Final = b" " * NAME_LENGTH


def content(patch: Patch) -> bytes:
    """The 145 bytes of a sound, or 146 with the operator switches if one is off."""
    sound = patch.to_bytes()[:NAME]
    return sound if patch.operators_on == ALL_OPERATORS_ON else sound + bytes([patch.operators_on])


def key(sound: bytes) -> bytes:
    """What stands for a sound's content in an index."""
    return blake2b(sound, digest_size=KEY_SIZE).digest()


def patch_of(sound: bytes, name: str) -> Patch:
    """A voice of a sound's content and a name.

    Raises:
        VoiceError: another number of bytes, which a library never holds.
    """
    patch = Patch.from_raw(sound[:NAME] + _BLANK)
    patch.operators_on = sound[NAME] if len(sound) > NAME else ALL_OPERATORS_ON
    patch.name = name
    return patch


def as_rows(sounds: list[bytes]) -> Bytes:
    """Voices as uint8 (n, 155) with blank names, for the engine and for features; switches are left out."""
    import numpy as np

    return np.frombuffer(b"".join(sound[:NAME] + _BLANK for sound in sounds), np.uint8).reshape(-1, VOICE_SIZE)
