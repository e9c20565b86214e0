# SPDX-License-Identifier: Apache-2.0
"""A virtual XFM2: the board's side of the serial protocol on a pty, with faults on demand."""

from bridge.virtual.board import Board, Executed
from bridge.virtual.faults import Faults
from bridge.virtual.server import VirtualXfm2

__all__ = ["Board", "Executed", "Faults", "VirtualXfm2"]
