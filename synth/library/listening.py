# SPDX-License-Identifier: Apache-2.0
"""What a library knows by ear: the analysis, what is alike, the map, the small pictures."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from synth.library import importing, rows
from synth.library.database import Database, LibraryError
from synth.library.records import Sound, Thumbnail

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from synth.library.analysis import Analysed
    from synth.library.neighbours import Neighbours
    from synth.library.relatives import Relatives

Likeness = Literal["ear", "parameters"]
LIKENESSES: Final[tuple[Likeness, ...]] = ("ear", "parameters")


class Listening:
    """The part of a `Library` that compares sounds. Sounds are given by their numbers."""

    _database: Database

    @cached_property
    def _neighbours(self) -> Neighbours:
        from synth.library.neighbours import Neighbours

        return Neighbours(self._database)

    @cached_property
    def _relatives(self) -> Relatives:
        from synth.library.relatives import Relatives

        return Relatives(self._database)

    def analyse(self, progress: importing.Progress | None = None) -> Analysed:
        """Listen to all sounds that nobody has listened to yet, in this process. `Job.analyse` does it elsewhere.

        progress: called with "listening", how many sounds are done, of how many.

        Raises:
            LibraryError: another program is scanning or listening, or the library cannot be written.
        """
        from synth.library.analysis import analyse

        return analyse(self._database, progress)

    def similar(self, sound: int, count: int = 20, by: Likeness = "ear") -> list[tuple[Sound, float]]:
        """The sounds most like another, nearest first, with their distances.

        by: "ear" compares what is heard (distance 1 is hardly to be told, 5 is another instrument), "parameters" what
        is set, whatever the order of the operators (0 is the same). Hidden sounds are left out.

        Raises:
            LibraryError: there is no such sound, or it has not been listened to yet.
        """
        if by not in LIKENESSES:
            raise LibraryError(f"sounds are alike by ear or by parameters, not by {by!r}")
        with self._database.reading() as connection:
            if not connection.execute("SELECT 1 FROM sounds WHERE id = ?", (sound,)).fetchone():
                raise LibraryError(f"the library has no sound {sound}; `sixop lib find` lists their numbers")
            hidden = {row[0] for row in connection.execute("SELECT id FROM sounds WHERE mark = -1")}
        source = self._neighbours if by == "ear" else self._relatives
        near = [(one, far) for one, far in source.nearest(sound, count + len(hidden)) if one not in hidden][:count]
        with self._database.snapshot() as connection:
            known = {found.id: found for found in rows.sounds(connection, [one for one, _ in near])}
        return [(known[one], far) for one, far in near if one in known]

    def map(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The numbers of all analysed sounds (n,), and their places on a map (n, 2) of -1..1; what is near is alike."""
        return self._neighbours.places()

    def thumbnail(self, sound: int) -> Thumbnail | None:
        """Waveform and spectrum of a sound as small pictures; None if it has not been listened to yet."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT waveform, spectrum FROM analyses WHERE sound = ?", (sound,)).fetchone()
        return None if row is None else Thumbnail(bytes(row[0]), bytes(row[1]))
