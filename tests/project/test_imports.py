# SPDX-License-Identifier: Apache-2.0
"""`import synth` costs next to nothing, and knows what it offers."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import synth

ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT / "configs" / "factory.syx"

#: libraries for audio, MIDI, boards, screens, pictures and learning: nobody pays for these who does not use them
HEAVY = {
    "sounddevice", "soundfile", "cffi", "mido", "rtmidi", "serial", "rich", "typer", "click", "platformdirs",
    "jax", "jaxlib", "matplotlib", "scipy", "pandas", "pyarrow", "IPython", "dexed", "bridge", "hypothesis", "pytest",
}  # fmt: skip

#: parts of Python and NumPy that take longer to import than all of ours
SLOW = {"ssl", "socket", "urllib.request", "http", "xml", "tempfile", "tomllib", "numpy.random", "asyncio"}

#: what scripts do every day
ORDINARY = f"""
from synth import *
import synth
voices = load_voices({str(BANK)!r})
bank = Bank.load({str(BANK)!r})
render(voices[0], hold=0.05, tail=0.0)
render_batch(bank, hold=0.01, tail=0.0)
factory_bank()
"""


def loaded_after(code: str) -> set[str]:
    """The modules of a fresh interpreter that has run `code`."""
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("code", ["import synth", ORDINARY], ids=["import", "ordinary work"])
def test_nothing_heavy_is_loaded(code):
    assert not {name.partition(".")[0] for name in loaded_after(code)} & HEAVY


def test_every_name_comes_without_what_is_slow_to_import():
    assert not loaded_after("from synth import *") & SLOW


def test_importing_alone_loads_no_module_of_its_own_and_not_even_numpy():
    loaded = loaded_after("import synth")
    assert {name for name in loaded if name.startswith("synth")} == {"synth"}
    assert "numpy" not in loaded


def test_type_checkers_see_what_there_is():
    tree = ast.parse(Path(synth.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        (node.module.removeprefix("synth."), alias.asname)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {(home, name) for name, home in synth._HOMES.items()}


def test_each_name_is_there_and_described():
    for name in synth.__all__:
        assert name in dir(synth)
        if not isinstance(getattr(synth, name), int | float | str | tuple | dict):
            assert getattr(synth, name).__doc__, name


def test_modules_that_users_name_are_reached_through_the_package():
    code = "import synth; print(synth.vectors.VECTOR_SIZE, synth.patch.Patch is synth.Patch, synth.__version__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    size, same, version = done.stdout.split()
    assert (size, same) == ("145", "True")
    assert version[0].isdigit()


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'rendr'"):
        synth.rendr  # noqa: B018
    with pytest.raises(ImportError, match="rendr"):
        from synth import rendr  # noqa: F401
