# SPDX-License-Identifier: Apache-2.0
"""`sixop config`: the settings, and who set them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from synth.cli.common import fail, options, usage
from synth.cli.configured import configured
from synth.config.kinds import toml_text
from synth.config.layer import Layer, Place, Problem, Value, read_layer
from synth.config.schema import SETTINGS, Setting
from synth.config.stack import read_layers, shipped, user_file
from synth.config.user_file import make_user_file
from synth.errors import ConfigError

app = typer.Typer(help="The settings of play and render: files in TOML, profiles in them.")

_AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


@app.command("show")
def show(context: typer.Context, as_json: _AsJson = False) -> None:
    """Print every setting, with the file that set it, as TOML; with --profile NAME as that profile has it."""
    configuration = configured(context, {})
    if as_json:
        rows = [_row(setting, configuration.values[setting.key]) for setting in SETTINGS]
        print(json.dumps({"settings": rows, "profiles": configuration.profiles}))
        return
    section = ""
    for setting in SETTINGS:
        if setting.section == setting.key:
            _show_tables(setting, configuration.values[setting.key])
            continue
        if setting.section != section:
            print(f"{chr(10) if section else ''}[{setting.section}]")
            section = setting.section
        value = configuration.values[setting.key]
        print(f"{f'{setting.name} = {toml_text(value.written)}':31} # {_where(value.place)}")
    print(f"\n# profiles: {', '.join(configuration.profiles)}")


def _show_tables(setting: Setting, value: Value) -> None:
    """A list of tables that is no part of a section."""
    for table in value.written if isinstance(value.written, list) else []:
        print(f"\n{f'[[{setting.key}]]':31} # {_where(value.place)}")
        for key, written in table.items():
            print(f"{key} = {toml_text(written)}")


@app.command("path")
def path(context: typer.Context, as_json: _AsJson = False) -> None:
    """Print where the files of settings are, and whether they are there; later ones win."""
    files = {"shipped": shipped().file, "yours": user_file()}
    if named := options(context).config:
        files["--config"] = named
    if as_json:
        print(
            json.dumps([{"whose": whose, "file": str(file), "exists": file.exists()} for whose, file in files.items()])
        )
        return
    for whose, file in files.items():
        absent = "; `sixop config init` writes one" if whose == "yours" else ""
        print(f"{whose:9} {file}{'' if file.exists() else f'  (not there{absent})'}")


@app.command("check")
def check(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A file of settings; yours, and that of --config, if none.")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """List all that is wrong with a file of settings. Exit code 1 if anything is."""
    layers = _layers(context, file)
    problems = [problem for layer in layers for problem in layer.problems]
    if as_json:
        print(json.dumps([_problem_row(problem) for problem in problems]))
    else:
        for problem in problems:
            print(problem)
        for layer in layers:
            if not layer.problems:
                print(f"{layer.file}: all is well")
        if not layers:
            print(f"{user_file()} is not there: nothing to check")
    if problems:
        raise typer.Exit(1)


@app.command("init")
def init() -> None:
    """Write a file of your own settings, every one explained and none set; never over one that is there."""
    try:
        print(make_user_file())
    except ConfigError as error:
        fail(str(error))


def _layers(context: typer.Context, file: Path | None) -> list[Layer]:
    """What is to be checked."""
    if file is not None:
        layer = read_layer(file)
        return [layer] if layer is not None else fail(f"{file}: there is no such file; check the path")
    try:
        layers = read_layers(options(context).config)
    except ConfigError as error:
        usage(str(error))
    return layers.all[1:]


def _where(place: Place) -> str:
    line = "" if place.line is None else f":{place.line}"
    profile = "" if place.profile is None else f", profile {place.profile}"
    return f"{place.file}{line}{profile}"


def _row(setting: Setting, value: Value) -> dict[str, Any]:
    return {
        "key": setting.key,
        "value": value.written,
        "file": str(value.place.file),
        "line": value.place.line,
        "profile": value.place.profile,
        "option": setting.option,
        "allowed": setting.kind.allowed,
        "what": setting.what,
    }


def _problem_row(problem: Problem) -> dict[str, Any]:
    return {"file": str(problem.place.file), "line": problem.place.line, "problem": problem.text}
