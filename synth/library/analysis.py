# SPDX-License-Identifier: Apache-2.0
"""Listening to all sounds that nobody has listened to yet: rendered in batches, measured, written at once.

Each batch is a transaction, so work that is stopped goes on where it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from synth.batch import render_batch
from synth.library import content, features, timbre
from synth.library.database import Database
from synth.library.importing import Progress, alone
from synth.loudness import SAMPLE_RATE
from synth.parameters import BY_KEY

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AT_ONCE: Final = 128  # sounds rendered together: 49 MB
_MEASURED: Final = 8  # sounds measured together, as many as a near cache holds
_THREADS: Final = 2
_TRANSPOSE: Final = BY_KEY["transpose"]
_PENDING: Final = (
    "SELECT id FROM sounds LEFT JOIN analyses ON sound = id WHERE version IS NOT ? ORDER BY id"  # NULL is not either
)


@dataclass(frozen=True, slots=True)
class Analysed:
    """What an analysis did."""

    analysed: int  #: sounds listened to
    categories: int  #: that got a category by their sound

    def as_dict(self) -> dict[str, int]:
        """As JSON has it."""
        return asdict(self)


def pending(connection: sqlite3.Connection) -> list[int]:
    """The sounds that have not been listened to, or were by an older version."""
    return [row[0] for row in connection.execute(_PENDING, (features.VERSION,))]


def analyse(database: Database, progress: Progress | None = None) -> Analysed:
    """Listen to all that are pending.

    Raises:
        LibraryError: another program is scanning or listening; the library cannot be written.
    """
    tell = progress or (lambda _what, _done, _total: None)
    guessed = 0
    memory = _memory()
    with alone(database.path), ThreadPoolExecutor(_THREADS) as pool:
        with database.reading() as connection:
            ids = pending(connection)
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            with database.reading() as connection:
                voices = _voices(connection, some)
            found = _listen(voices, pool, memory)
            with database.writing() as connection:
                guessed += _store(connection, some, found)
            tell("listening", first + len(some), len(ids))
    return Analysed(len(ids), guessed)


def vectors(sounds: list[bytes]) -> NDArray[np.float32]:
    """What is heard of sounds that need not be in any library, float32 (n, VECTOR)."""
    memory = _memory()
    with ThreadPoolExecutor(_THREADS) as pool:
        found = [
            group.vectors
            for first in range(0, len(sounds), _AT_ONCE)
            for group in _listen(sounds[first : first + _AT_ONCE], pool, memory)
        ]
    return np.concatenate(found)


def _memory() -> NDArray[np.float32]:
    return np.empty((_AT_ONCE, round((features.HOLD + features.TAIL) * SAMPLE_RATE)), np.float32)


def _voices(connection: sqlite3.Connection, ids: Sequence[int]) -> list[bytes]:
    rows = connection.execute(f"SELECT sound, content FROM voices WHERE sound IN ({','.join('?' * len(ids))})", ids)
    found = {row[0]: bytes(row[1]) for row in rows}
    return [found[number] for number in ids]


def _listen(voices: list[bytes], pool: ThreadPoolExecutor, memory: NDArray[np.float32]) -> list[features.Features]:
    """The features of at most `_AT_ONCE` sounds, in groups. memory: for their audio, because new memory is slow."""
    patches = [content.patch_of(voice, "") for voice in voices]
    audio = render_batch(
        patches,
        features.NOTE,
        features.VELOCITY,
        features.HOLD,
        features.TAIL,
        SAMPLE_RATE,
        "clean",
        threads=_THREADS,
        out=memory[: len(voices)],
    )
    transposed = np.array([voice[_TRANSPOSE.position] - _TRANSPOSE.default for voice in voices])
    groups = [slice(first, first + _MEASURED) for first in range(0, len(voices), _MEASURED)]
    return list(pool.map(lambda group: features.measure(audio[group], transposed[group]), groups))


def _store(connection: sqlite3.Connection, ids: Sequence[int], groups: list[features.Features]) -> int:
    """Write what was heard; how many sounds got a category by it."""
    heard = np.concatenate([group.vectors for group in groups])
    columns = ("level", "attack", "length", "brightness", "harmonicity", "noise")
    figures = [np.concatenate([getattr(group, column) for group in groups]).tolist() for column in columns]
    connection.executemany(
        "UPDATE sounds SET level = ?, attack = ?, length = ?, brightness = ?, harmonicity = ?, noise = ? WHERE id = ?",
        zip(*figures, ids, strict=True),
    )
    waveforms = np.concatenate([group.waveforms for group in groups])
    spectra = np.concatenate([group.spectra for group in groups])
    connection.executemany(
        "INSERT OR REPLACE INTO analyses VALUES (?, ?, ?, ?, ?)",
        [
            (number, features.VERSION, _packed(heard[row]), waveforms[row].tobytes(), spectra[row].tobytes())
            for row, number in enumerate(ids)
        ],
    )
    cursor = connection.executemany(
        "UPDATE sounds SET category = ?1, category_by = 'sound'"
        " WHERE id = ?2 AND category_by IN ('', 'sound') AND category != ?1",
        zip(timbre.categories(heard), ids, strict=True),
    )
    return cursor.rowcount


def _packed(vector: NDArray[np.float32]) -> bytes:
    return vector.astype("<f2").tobytes()


def unpacked(rows: Sequence[bytes]) -> NDArray[np.float32]:
    """Vectors as they are kept, as float32 (n, VECTOR)."""
    return np.frombuffer(b"".join(rows), "<f2").reshape(-1, features.VECTOR).astype(np.float32)
