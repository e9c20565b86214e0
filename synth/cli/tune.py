# SPDX-License-Identifier: Apache-2.0
"""`sixop tune`: what a file of Scala makes of the keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from synth.tuning import Tuning

app = typer.Typer(help="Look into files of scales.")


@app.callback()
def _tune() -> None:
    """So that `show` stays a word of its own, whatever else may come beside it."""


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE.scl", help="A scale of Scala.")],
    keyboard: Annotated[
        Path | None, typer.Option(metavar="FILE.kbm", help="Which key plays which degree. [default: from C3 on]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """List what every key sounds, in hertz, and in cents from equal temperament at A3 = 440 Hz."""
    from synth.notes import note_name
    from synth.tuning import Tuning

    tuning = Tuning.from_scl(file, keyboard)
    if as_json:
        print(json.dumps({"name": tuning.name, "keys": _rows(tuning)}))
        return
    print(tuning.name)
    for key, (hertz, cents) in enumerate(zip(tuning.frequencies, tuning.cents, strict=True)):
        sound = "mute" if cents is None else f"{hertz:12.4f} Hz {cents:+10.3f} cents"
        own = "  as on a DX7" if tuning.hertz[key] is None else ""
        print(f"{key:3d} {note_name(key):<4} {sound}{own}")


def _rows(tuning: Tuning) -> list[dict[str, object]]:
    from synth.notes import note_name

    return [
        {"key": key, "name": note_name(key), "hertz": hertz, "cents": cents, "tuned": tuning.hertz[key] is not None}
        for key, (hertz, cents) in enumerate(zip(tuning.frequencies, tuning.cents, strict=True))
    ]
