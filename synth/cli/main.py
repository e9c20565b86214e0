# SPDX-License-Identifier: Apache-2.0
"""The program itself: global options, the groups of commands, and what becomes of errors."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from synth.cli import bank, bench, config, devices, doctor, lib, play, receive, render, send, tune, web
from synth.cli.common import Options, tell, usage
from synth.errors import SixopError
from synth.files import why_not_written

_TAKING_VALUES = {
    "--config": "a file of settings",
    "--profile": "the name of a profile; `sixop config show` lists them",
}
_CONFIGURED = {"play", "render", "config"}  # the commands that use settings


class _Program(TyperGroup):
    """Ends quietly when the reader of an answer has seen enough, before Typer calls that a failure."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return _forget_answer()


app = typer.Typer(
    name="sixop",
    cls=_Program,
    help="A six-operator FM instrument that speaks Yamaha DX7. Without a command it plays.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("play")(play.play)
app.command("web", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})(web.web)
app.command("render")(render.render)
app.command("send")(send.send)
app.command("receive")(receive.receive)
app.command("devices")(devices.devices)
app.command("doctor")(doctor.doctor)
app.command("bench")(bench.bench)
app.add_typer(bank.app, name="bank")
app.add_typer(lib.app, name="lib")
app.add_typer(config.app, name="config")
app.add_typer(tune.app, name="tune")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"sixop {version('sixop')}")
        except PackageNotFoundError:
            print("sixop (not installed)")
        raise typer.Exit


@app.callback()
def _program(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what was asked for, and errors.")] = False,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings that win over your own.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="NAME", help="A profile of the settings: stage, studio, pi or one of yours."),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = Options(quiet=quiet, config=config_file, profile=profile)


def run(arguments: Sequence[str]) -> int:
    """Run the program; its exit code. Never a traceback, unless SIXOP_DEBUG is set."""
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # names may have letters that a terminal has not
    try:
        code = app(_complete(arguments), prog_name="sixop", standalone_mode=False)
        sys.stdout.flush()
        return code or 0
    except SixopError as error:
        return tell(str(error))
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        return _forget_answer()
    except OSError as error:
        if error.filename is None:  # nothing but the answer is written without a name
            _forget_answer()
            return tell(f"the answer cannot be written: {why_not_written(error)}")
        return tell(f"{error.filename}: {error.strerror}")
    except Exception as error:
        if explain := getattr(error, "format_message", None):  # the command line was not understood
            sentence = str(explain()).rstrip(".").replace("argument(s)", "argument")
            return tell(f"{sentence[:1].lower()}{sentence[1:]}; -h lists what can be asked for", 2)
        if os.environ.get("SIXOP_DEBUG"):
            raise
        return tell(f"this should not have happened: {type(error).__name__}: {error} (SIXOP_DEBUG=1 tells where)")


def _complete(arguments: Sequence[str]) -> list[str]:
    """The arguments with the global ones in front, wherever they were, and `play` where no command is named.

    A bare `--xfm2` gets the port that it leaves out.
    """
    leading, rest = _without_globals(arguments)
    rest = _with_port(rest)
    first = rest[0] if rest else ""
    if first in ("-h", "--help", "--version"):
        return leading + rest
    plays = not first or first.startswith("-") or Path(first).suffix or Path(first).exists()
    return [*leading, "play", *rest] if plays and first not in _commands() else leading + rest


def _without_globals(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The global options, and what is left. Behind a command that knows no settings, `--profile` is its own."""
    taken: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        option, equals, value = word.partition("=")
        own = option == "--profile" and rest and rest[0] in _commands() - _CONFIGURED
        if word == "--":
            rest += [word, *words]
        elif word == "--quiet":
            taken.append(word)
        elif option in _TAKING_VALUES and not own:
            value = value if equals else next(words, "-")
            if not value.strip() or (value.startswith("-") and not equals):
                usage(f"{option} needs {_TAKING_VALUES[option]}")
            taken.append(f"{option}={value}")
        else:
            rest.append(word)
    return taken, rest


def _commands() -> set[str]:
    names = [command.name for command in app.registered_commands] + [group.name for group in app.registered_groups]
    return {name for name in names if name}


def _with_port(arguments: list[str]) -> list[str]:
    """The word after `--xfm2` is its port unless it is an option or a file of voices; a port is no regular file."""
    complete = []
    for argument, following in zip(arguments, [*arguments, "-"][1:], strict=True):
        bare = argument == "--xfm2" and (following.startswith("-") or Path(following).is_file())
        complete.append(f"--xfm2={play.AUTO}" if bare else argument)
    return complete


def _open_missing_streams() -> None:
    """Something to read from and write to, if we were started without; else the next file would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open to the end


def _forget_answer() -> int:
    """What is still to be written goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
