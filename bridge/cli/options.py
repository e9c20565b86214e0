# SPDX-License-Identifier: Apache-2.0
"""The options that the commands of a board share."""

from __future__ import annotations

from typing import Annotated

import typer

from synth.cli.common import usage
from synth.cli.values import whole


def _port(text: str) -> str:
    """What a variable that is not set leaves behind would be a part of any port's name."""
    return text if text.strip() else usage("--port needs a path, a name or a URL; `sixop xfm2 ports` lists them")


PortOption = Annotated[
    str | None,
    typer.Option(
        "--port",
        parser=_port,
        metavar="PATH|NAME|URL",
        help="Where the board is. [default: the one that is found]",
    ),
]
UnitOption = Annotated[
    int, typer.Option("--unit", parser=whole("--unit", 1, 2), metavar="1|2", help="Which half of the board.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Answer all questions with yes.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print the bytes that would be sent; needs no board.")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]
