# SPDX-License-Identifier: Apache-2.0
"""The README keeps its promises: its Python runs, its commands and pictures exist."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^sixop (.+?)(?:\s{2,}#.*)?$", README, re.MULTILINE)


def test_the_python_examples_run(monkeypatch):
    one, many, more, live = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(ROOT)
    names = {}
    exec(one, names)  # the README is ours
    assert names["audio"].shape == (72_000,)
    assert abs(names["block"]).max() > 0.1
    exec(many, names)
    assert names["audio"].shape == (32, 120_000)
    exec(more, names)
    assert names["stems"].shape == (7, 176_400)
    assert abs(names["audio"]).max() > 0.1
    exec(live, names)
    assert names["session"].meters["notes_on"] == 1
    assert names["svg"] == (ROOT / "docs" / "graph.svg").read_text(encoding="utf-8"), "python tools/pictures.py"


@pytest.fixture(scope="module")
def program():
    """The whole command, which takes seconds to put together."""
    from typer.main import get_command

    from bridge.cli import join
    from synth.cli.main import app

    join(app)
    return get_command(app)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_options_exist(command, program):
    words = shlex.split(command)
    group = program.commands[words[0]]
    if hasattr(group, "commands"):
        group = group.commands[words[1]]
    passed_on = program.commands["play"].params if words[0] == "web" else []
    known = {option for parameter in [*program.params, *group.params, *passed_on] for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_there_are_commands_to_check():
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_what_it_links_to_exists(target):
    assert (ROOT / target).exists()
