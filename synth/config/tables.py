# SPDX-License-Identifier: Apache-2.0
"""Settings that are lists of tables: those that are right count, the others are told one by one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from synth.config.kinds import Kind
from synth.midi.keyed import TableError


@dataclass(frozen=True)
class Tables(Kind):
    """A list of tables; there may be none."""

    each: ClassVar[str]  #: what one of them is called

    @abstractmethod
    def problems(self, tables: Sequence[object]) -> Mapping[int, TableError]:
        """What is wrong with which of them. The others are right."""
