# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2`: the board over its USB serial port."""

from __future__ import annotations

import typer

from bridge.cli import edit, look, memory, send, settings

app = typer.Typer(help="The XFM2 board: find it, load it, read it, keep its memory safe.")
app.command("ports")(look.ports)
app.command("info")(look.info)
app.command("send")(send.send)
app.command("dump")(edit.dump)
app.command("get")(edit.get)
app.command("set")(edit.set_)
app.command("init")(edit.init)
app.command("backup")(memory.backup)
app.command("restore")(memory.restore)
app.command("monitor")(look.monitor)
app.command("midi")(settings.midi)
app.command("layer")(settings.layer)
