# SPDX-License-Identifier: Apache-2.0
"""`sixop web`: the screen in a browser of this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from synth.cli.common import fail
from synth.cli.values import whole

_PORT = 8066


def web(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(parser=whole("--port", 1, 65535), metavar="N", help=f"Where it listens: {_PORT} if not said.")
    ] = _PORT,
) -> None:
    """The screen in a browser of this machine, one tab at a time.

    All other arguments are those of `sixop play`: sixop web BANK.syx --xfm2
    """
    try:
        from synth.tui.web import HOST, Page
    except ImportError:
        fail("the screen in a browser needs the package textual-serve: pip install 'sixop[web]'")
    try:
        Page(context.args, port).serve()
    except OSError as error:
        fail(f"{HOST}:{port} is not free ({error.strerror}): --port N chooses another")
