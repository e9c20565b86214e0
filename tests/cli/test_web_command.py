# SPDX-License-Identifier: Apache-2.0
"""`sixop web` without what it needs."""

from __future__ import annotations

import sys

import pytest

from synth.cli.main import run


def test_without_its_package_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    monkeypatch.delitem(sys.modules, "synth.tui.web", raising=False)
    with pytest.raises(SystemExit) as ended:
        run(["web"])
    assert ended.value.code == 1
    needed = "the screen in a browser needs the package textual-serve: pip install 'sixop[web]'"
    assert capsys.readouterr().err == f"sixop: {needed}\n"


@pytest.mark.parametrize("port", ["0", "65536", "x"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["web", "--port", port])
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"sixop: --port must be a whole number of 1 to 65535, not {port!r}\n"
