# SPDX-License-Identifier: Apache-2.0
"""A bank: the 32 voices of a DX7 cartridge or bulk dump.

bank = Bank.load("rom1a.syx")
bank["E.PIANO 1"], bank[0], len(bank)     # by name, by index from 0, always 32
bank.save("mine.syx")                     # 4104 bytes that a DX7 accepts
"""

import difflib
import operator
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Self, TextIO

import numpy as np

from . import packing, sysex
from .errors import VoiceError, VoiceNotFoundError
from .files import Source, replacing, why_not_written
from .parameters import VOICE_SIZE
from .patch import Patch
from .sysex import BANK_VOICES, Kind
from .voices import Problem, VoiceList, load_voices

_MOST_COUNTED = 100_000  # voices, of something that may have no end


class Bank:
    """32 voices, with where they came from (`source`) and what was wrong there (`problems`).

    Raises:
        VoiceError: more than 32 patches are given. Fewer are filled up with INIT VOICE.
        TypeError: one of them is no Patch.
    """

    __slots__ = ("__weakref__", "_slots", "problems", "source")

    def __init__(self, patches: Iterable[Patch] = (), source: str = "", problems: Iterable[Problem] = ()) -> None:
        if isinstance(patches, Patch) or not isinstance(patches, Iterable):
            raise TypeError(f"a bank is made of a list of patches, not of {patches!r}")
        self._slots = [_patch(patch) for patch in islice(patches, _MOST_COUNTED)]
        if len(self._slots) > BANK_VOICES:
            raise VoiceError(f"a bank holds {BANK_VOICES} voices, not {len(self._slots)}; write several banks")
        self._slots += [Patch.init_voice() for _ in range(BANK_VOICES - len(self._slots))]
        self.source = source
        self.problems = list(problems)

    @classmethod
    def load(cls, source: Source) -> Self:
        """The first 32 voices of a file of any kind, or of bytes.

        A file with fewer is filled up with INIT VOICE; fewer, more, and every repair is told in `problems`.

        Raises:
            VoiceError: there is no DX7 voice in it.
        """
        voices = load_voices(source)
        problems = list(voices.problems)
        if len(voices) > BANK_VOICES:
            what = f"{len(voices) - BANK_VOICES} voices more than a bank holds; Bank.load_all gives them too"
            problems.append(Problem(what, "ignored", _offset(voices, BANK_VOICES)))
        return cls._filled(voices[:BANK_VOICES], voices.source, problems)

    @classmethod
    def load_all(cls, source: Source) -> list[Self]:
        """All voices of a file as banks: one for each bank in it, and single voices gathered by 32.

        Raises:
            VoiceError: there is no DX7 voice in it.
        """
        voices = load_voices(source)
        groups: list[range] = []
        gathering = False  # the last group consists of single voices and may take more
        for block in voices.blocks:
            single = block.kind is Kind.VOICE
            if single and gathering and len(groups[-1]) < BANK_VOICES:
                groups[-1] = range(groups[-1].start, block.first + block.count)
            else:
                groups.append(range(block.first, block.first + block.count))
            gathering = single
        return [cls._group(voices, group, number) for number, group in enumerate(groups)]

    @classmethod
    def _group(cls, voices: VoiceList, group: range, number: int) -> Self:
        # Problems of a voice go with its bank; those of the file as a whole with the first one.
        own = [
            problem
            for problem in voices.problems
            if (number == 0 if problem.voice is None else problem.voice - 1 in group)
        ]
        return cls._filled(voices[group.start : group.stop], voices.source, own)

    @classmethod
    def _filled(cls, patches: list[Patch], source: str, problems: list[Problem]) -> Self:
        missing = BANK_VOICES - len(patches)
        if missing:
            what = f"{len(patches)} of {BANK_VOICES} voices; the other {missing} slots hold INIT VOICE"
            problems = [*problems, Problem(what, "repaired", 0)]
        return cls(patches, source, problems)

    # -- voices ------------------------------------------------------------------

    def __len__(self) -> int:
        return BANK_VOICES

    def __iter__(self) -> Iterator[Patch]:
        return iter(self._slots)

    def __contains__(self, voice: object) -> bool:
        """True if the bank holds this Patch, or a voice of this name."""
        if isinstance(voice, str):
            return self._find(voice) is not None
        return voice in self._slots

    def __getitem__(self, key: int | str) -> Patch:
        return self._slots[self.index(key)]

    def __setitem__(self, key: int | str, patch: Patch) -> None:
        self._slots[self.index(key)] = _patch(patch)

    def index(self, key: int | str) -> int:
        """The slot, 0..31, of a voice's name or of a number (negative ones count from the end).

        A name matches exactly or, failing that, without regard to case; blanks at its ends do not count.

        Raises:
            VoiceNotFoundError: no voice of that name; the nearest one is suggested.
            IndexError: no such slot.
            TypeError: neither a name nor a number; slices are not taken.
        """
        if isinstance(key, str):
            found = self._find(key)
            if found is None:
                raise VoiceNotFoundError(self._missing(key))
            return found
        if isinstance(key, bool) or not hasattr(key, "__index__"):
            raise TypeError(f"a bank takes a voice's name or a slot from 0 to {BANK_VOICES - 1}, not {key!r}")
        slot = operator.index(key)
        if not -BANK_VOICES <= slot < BANK_VOICES:
            raise IndexError(f"slot {slot} does not exist; a bank has slots 0 to {BANK_VOICES - 1}")
        return slot % BANK_VOICES

    @property
    def names(self) -> list[str]:
        """The 32 names without blanks at their ends."""
        return [patch.name.strip() for patch in self._slots]

    def _find(self, name: str) -> int | None:
        wanted, names = name.strip(), self.names
        for candidates, key in ((names, wanted), ([n.lower() for n in names], wanted.lower())):
            if key in candidates:
                return candidates.index(key)
        return None

    def _missing(self, name: str) -> str:
        lowered = {known.lower(): known for known in reversed(self.names) if known}
        near = difflib.get_close_matches(name.strip().lower(), lowered, 1)
        hint = f"did you mean {lowered[near[0]]!r}?" if near else "its names are in bank.names"
        return f"{self.source or 'the bank'} has no voice {name!r}; {hint}"

    # -- writing -----------------------------------------------------------------

    def to_sysex(self, channel: int = 0) -> bytes:
        """The bank as a message of 4104 bytes that a DX7 accepts. channel: 0..15."""
        voices = np.frombuffer(b"".join(patch.to_bytes() for patch in self._slots), np.uint8)
        return sysex.bank_message(packing.pack(voices.reshape(BANK_VOICES, VOICE_SIZE)).tobytes(), channel)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the bank to a file. An existing file is replaced whole, or left as it was if anything fails.

        A device or a pipe is written into.

        Raises:
            VoiceError: the file cannot be written.
        """
        target = Path(path)
        try:
            with replacing(target) as place:
                place.write_bytes(self.to_sysex())
        except (OSError, ValueError) as error:
            raise VoiceError(f"{target} cannot be written: {why_not_written(error)}.") from error

    def to_csv(self, target: "str | os.PathLike[str] | TextIO") -> None:
        """Write the bank as a table, a row a voice and a column a parameter (see `synth.table`). Nothing is lost.

        target: a file's path, or an open text file.

        Raises:
            VoiceError: the file cannot be written.
        """
        from .table import write_table

        write_table(self._slots, target)

    @classmethod
    def from_csv(cls, source: "str | os.PathLike[str] | TextIO") -> Self:
        """A bank from a table of up to 32 voices; `synth.table.read_table` takes any number.

        Raises:
            VoiceError: it cannot be read, or something in it is wrong, with its row and column; more than 32 voices.
        """
        from .table import read_table

        path = str(source) if isinstance(source, str | os.PathLike) else ""
        return cls(read_table(source), path)

    def __eq__(self, other: object) -> bool:
        """Equal if the voices are; the hash goes with that. Do not change a bank while it is a key."""
        if not isinstance(other, Bank):
            return NotImplemented
        return self._slots == other._slots

    def __hash__(self) -> int:
        return hash(tuple(self._slots))

    def copy(self) -> Self:
        """An independent bank with the same voices."""
        return type(self)([patch.copy() for patch in self._slots], self.source, self.problems)

    __copy__ = copy

    def _repr_html_(self) -> str:
        from .notebook import bank_html

        return bank_html(self)

    def __repr__(self) -> str:
        return f"<Bank {self.source or 'of 32 voices'}: {', '.join(self.names[:3])}, ...>"


def _patch(patch: object) -> Patch:
    if not isinstance(patch, Patch):
        raise TypeError(f"a bank holds patches, not {type(patch).__name__}")
    return patch


def _offset(voices: VoiceList, index: int) -> int:
    """The byte where the block of a voice starts."""
    return next(block.offset for block in voices.blocks if index < block.first + block.count)
