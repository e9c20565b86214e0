# SPDX-License-Identifier: Apache-2.0
"""What diagrams draw: operators, edges, feedback and carriers, and nothing of where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: How musicians count operators, for `labels`.
OP_LABELS: Final = tuple(f"OP{number}" for number in range(1, 33))


@dataclass(frozen=True)
class Wiring:
    """A graph of operators, counted from 0.

    edges: (source, target, amount), without a cycle. feedback: (source, target, level), the level None where it is
    not known. carriers: the operators that are heard.
    """

    operators: int
    edges: tuple[tuple[int, int, float], ...]
    feedback: tuple[tuple[int, int, int | None], ...]
    carriers: tuple[int, ...]
    title: str

    def labels(self, labels: Sequence[str] | None) -> Sequence[str]:
        """The given names of the operators, or their numbers.

        Raises:
            ValueError: fewer names than operators, or one that cannot be shown in a line.
            TypeError: no texts.
        """
        if labels is None:
            return [str(operator) for operator in range(self.operators)]
        if not isinstance(labels, Sequence) or not all(isinstance(label, str) for label in labels):
            raise TypeError(f"labels are a list of texts, one for each operator, not {labels!r}")
        if len(labels) < self.operators:
            raise ValueError(f"labels must name all {self.operators} operators, not {len(labels)}")
        for label in labels:
            if not label.strip() or not label.isprintable():
                raise ValueError(f"labels are printable text, not {label!r}")
        return labels


def number(amount: float) -> str:
    """An amount as people write it, to six digits: ``1``, ``0.3``, ``0.333333``."""
    return f"{amount:.6g}"
