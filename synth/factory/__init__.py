# SPDX-License-Identifier: Apache-2.0
"""The factory bank: 32 voices of sixop's own, written as text in `configs/factory/`.

The texts are read when the bank is asked for, one file per family in the order of their names, so an
edited text is heard at the next start. `configs/factory.syx` is the same bank as a bulk dump, for a DX7
or another program; ``python -m synth.factory FILE`` writes it anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from synth.bank import Bank
from synth.errors import VoiceError
from synth.resources import config_path
from synth.sysex import BANK_VOICES
from synth.voicetext import WrittenVoice, parse_voices


def read_factory(folder: Path | None = None) -> list[WrittenVoice]:
    """The 32 factory voices with the key around which each is played, from the texts of a folder.

    Raises:
        VoiceError: a text cannot be read, has an error, or all together do not make 32 different names.
    """
    folder = folder or config_path("factory")
    voices: list[WrittenVoice] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise VoiceError(f"{path.name} cannot be read: {error}") from error
        voices += parse_voices(text, path.name)
    if len(voices) != BANK_VOICES:
        raise VoiceError(f"the texts in {folder} hold {len(voices)} voices; the factory bank has {BANK_VOICES}")
    names = [voice.patch.name for voice in voices]
    for name in names:
        if names.count(name) > 1:
            raise VoiceError(f"two factory voices are called {name.strip()!r}; rename one of them")
    return voices


@cache
def _factory_voices() -> tuple[WrittenVoice, ...]:
    return tuple(read_factory())


def factory_bank() -> Bank:
    """The factory bank, a copy of its own for each caller.

    Raises:
        VoiceError: see `read_factory`.
    """
    return Bank((voice.patch.copy() for voice in _factory_voices()), source="factory")
