# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2`: the board over its USB serial port."""

from __future__ import annotations

import typer

app = typer.Typer(help="The XFM2 board: find it, load it, read it, keep its memory safe.")
