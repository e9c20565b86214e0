# SPDX-License-Identifier: Apache-2.0
"""The commands of the bridge: `sixop convert` and `sixop xfm2 ...`. Heavy imports happen inside them."""

from __future__ import annotations

import typer

from bridge.cli import convert, table, virtual, xfm2


def join(app: typer.Typer) -> None:
    """Add the bridge's commands to the program."""
    app.command("convert")(convert.convert)
    xfm2.app.command("table")(table.table)
    xfm2.app.command("virtual")(virtual.virtual)
    app.add_typer(xfm2.app, name="xfm2")
