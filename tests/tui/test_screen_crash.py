# SPDX-License-Identifier: Apache-2.0
"""A screen that fails says so to whoever started it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from functools import partial

import pytest

from synth.factory import factory_bank
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.shelf import BankShelf
from synth.tui.start import _ENDS, _shown


@pytest.fixture
def signals() -> Iterator[None]:
    before = {name: signal.getsignal(getattr(signal, name)) for name in _ENDS}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


class Failing(SixopApp):
    def begin(self) -> None:
        raise RuntimeError("a defect")


class Leaving(SixopApp):
    def begin(self) -> None:
        self.call_later(self.action_quit)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize(("kind", "code"), [(Failing, 1), (Leaving, 0)])
def test_the_exit_code_tells_of_a_crash(
    kind: type[SixopApp], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = list(factory_bank())
    with Session(bank, "factory", audio="none", midi=["none"]) as session:
        app = kind(session, [BankShelf(bank, "factory")])
        monkeypatch.setattr(app, "run_async", partial(app.run_async, headless=True))
        assert asyncio.run(_shown(app)) == code
    assert ("a defect" in capsys.readouterr().err) == bool(code)
