# SPDX-License-Identifier: Apache-2.0
"""The program itself: global options, the groups of commands, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from synth.cli import bank, devices, doctor, play, render
from synth.cli.common import Options, fail

app = typer.Typer(
    name="sixop",
    help="A six-operator FM instrument that speaks Yamaha DX7. Without a command it plays.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("play")(play.play)
app.command("render")(render.render)
app.command("devices")(devices.devices)
app.command("doctor")(doctor.doctor)
app.add_typer(bank.app, name="bank")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"sixop {version('sixop')}")
        except PackageNotFoundError:
            print("sixop (not installed)")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _program(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what was asked for, and errors.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = Options(quiet=quiet)
    if context.invoked_subcommand is None:
        context.invoke(play.play, context)


def main() -> None:
    """Run the program; never a traceback, unless SIXOP_DEBUG is set."""
    from synth.errors import SixopError

    try:
        app()
    except SixopError as error:
        fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our answer has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("SIXOP_DEBUG"):
            raise
        fail(f"this should not have happened: {type(error).__name__}: {error} (SIXOP_DEBUG=1 tells where)")
