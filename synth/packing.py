# SPDX-License-Identifier: Apache-2.0
"""Between the two binary forms of a voice, for any number of voices at once.

All arrays are uint8: ``(n, 155)`` in VCED order, ``(n, 128)`` in VMEM order. Every function is
total: any bytes go in, nothing is raised, and what comes out of `clamp` is always a legal voice.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .parameters import PACKED_SIZE, PARAMETERS

Bytes: TypeAlias = NDArray[np.uint8]


def _column(values: list[int]) -> Bytes:
    return np.array(values, np.uint8)


MINIMA = _column([p.minimum for p in PARAMETERS])
MAXIMA = _column([p.maximum for p in PARAMETERS])
_BYTE = np.array([p.byte for p in PARAMETERS])
_SHIFT = _column([p.shift for p in PARAMETERS])
_MASK = _column([(1 << p.width) - 1 for p in PARAMETERS])
# Sorted by VMEM byte, the parameters that share one stand together; every byte has at least one.
_ORDER = np.argsort(_BYTE, kind="stable")
_STARTS = np.searchsorted(_BYTE[_ORDER], np.arange(PACKED_SIZE))
_USED = np.bitwise_or.reduceat((_MASK << _SHIFT)[_ORDER], _STARTS)


def unpack(packed: Bytes) -> Bytes:
    """VMEM to VCED: ``(n, 128)`` to ``(n, 155)``. Bits of no parameter are dropped; values are not clamped."""
    return (packed[:, _BYTE] >> _SHIFT) & _MASK


def pack(voices: Bytes) -> Bytes:
    """VCED to VMEM: ``(n, 155)`` to ``(n, 128)``. Bits that do not fit a parameter's field are dropped."""
    placed = (voices & _MASK) << _SHIFT
    return np.bitwise_or.reduceat(placed[:, _ORDER], _STARTS, axis=1)


def spare_bits(packed: Bytes) -> Bytes:
    """The bits of ``(n, 128)`` that belong to no parameter and are set; all zero in sound data."""
    return packed & ~_USED


def clamp(voices: Bytes) -> Bytes:
    """The nearest legal voices: bit 7 dropped, then each value limited to its range."""
    return np.clip(voices & 0x7F, MINIMA, MAXIMA)
