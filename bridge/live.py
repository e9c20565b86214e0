# SPDX-License-Identifier: Apache-2.0
"""A board kept on the voice of the moment, whether it is there or not.

It is waited for until it is plugged in, and again after it was pulled out. Of the voices that come meanwhile, and of
those that come faster than the line carries them, only the newest goes to the board.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from bridge.algorithms import Alg46
from bridge.convert import Conversion, convert
from bridge.device import Event, Xfm2
from bridge.errors import BridgeError, LinkError, ProfileError
from bridge.owner import QUIET
from bridge.ports import boards
from bridge.profile import DEFAULT, Profile, load_profile
from bridge.report import KINDS, Kind, Row
from synth.patch import Patch

Tell = Callable[[dict[str, Any]], None]

_LOOK_SECONDS = 0.5  # between looks for a board that is not there
_PACE_SECONDS = 0.01  # between two voices: a turned knob needs no more, and the sound wants the processor
_WARN_SECONDS = 60.0  # until the same warning is worth a line again
_IDLE_SECONDS = 1.0  # without a voice until we ask whether the board is still there
_NAMED = 3  # parameters that a line of the report names; of more it tells how many
# What answered, but not as an XFM2, is not pestered.
_NONSENSE_SECONDS = 5.0


class LiveBoard(threading.Thread):
    """Converts and sends on this thread. `load` may be called from any other, `tell` is called from several."""

    def __init__(self, tell: Tell, port: str | None, unit: int, profile: str, alg46: Alg46) -> None:
        super().__init__(name="live board", daemon=True)
        self._tell = tell
        self._port = port
        self._unit = unit
        self._alg46 = alg46
        self._change = threading.Condition()
        self._newest: Patch | None = None  # not sent yet
        self._last: Patch | None = None
        self._over = False
        self._away = False
        self._given_up = False
        self._sent: tuple[Conversion, float] | None = None
        self._reported: Conversion | None = None
        self._warned: dict[str, float] = {}
        self._problem = ""
        self._profile = self._find_profile(profile)

    def _find_profile(self, name: str) -> Profile:
        try:
            return load_profile(name)
        except ProfileError as error:
            self._warn(f"{error}; voices are converted with the default profile")
            return load_profile(DEFAULT)

    def load(self, patch: Patch) -> None:
        """Have the board play this voice soon."""
        with self._change:
            self._newest = self._last = patch
            self._change.notify()

    def close(self) -> None:
        """Let go of the board, on its latest voice if it can be helped. Twice is fine."""
        with self._change:
            self._over = True
            self._change.notify()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        """Wait for the board, then for voices, until `close`."""
        while (xfm2 := self._find()) is not None:
            with xfm2:
                while not (self._over or self._given_up):
                    patch = self._wait()
                    if patch is not None:
                        self._send(xfm2, patch)
                        time.sleep(_PACE_SECONDS)
                    elif not (self._over or self._away):
                        with suppress(BridgeError):  # a board pulled out while nothing is sent: `_hear` is told
                            xfm2.get(1)

    def _find(self) -> Xfm2 | None:
        """The board, as soon as there is one; None at the end."""
        with self._change:
            self._away = self._given_up = False
            self._newest = self._last
        while not self._over:
            pause = _LOOK_SECONDS
            try:
                xfm2 = Xfm2.open(self._port, self._unit, self._hear, reconnect=True)
            except LinkError as error:
                self._miss(error)
                pause = _NONSENSE_SECONDS
            except BridgeError as error:
                self._miss(error)
            else:
                self._problem = ""
                self._tell({"state": "connected", "port": xfm2.port, "text": f"{xfm2.port}: connected"})
                return xfm2
            with self._change:
                self._change.wait_for(lambda: self._over, pause)
        return None

    def _miss(self, error: BridgeError) -> None:
        """Say once why there is no board."""
        if self._port is None and not boards():
            problem = "no board found; it is used as soon as it is plugged in"
        else:
            problem = f"{str(error).replace('--port', '--xfm2')} (it is tried again and again)"
        if problem != self._problem:
            self._problem = problem
            if self._port is None:
                self._tell({"state": "waiting", "text": problem})
            else:
                self._warn(problem)

    def _wait(self) -> Patch | None:
        """The newest voice, if one comes within a moment."""
        with self._change:
            self._change.wait_for(lambda: self._newest is not None or self._over or self._given_up, _IDLE_SECONDS)
            newest, self._newest = self._newest, None
            return newest

    def _send(self, xfm2: Xfm2, patch: Patch) -> None:
        began = time.monotonic()
        try:
            conversion = convert(patch, self._profile, self._alg46)
            self._sent = conversion, began
            xfm2.want(conversion.program)
        except BridgeError as error:
            self._warn(f"{patch.name.rstrip()}: {error}")
        except Exception as error:  # one bad voice must not end the music
            self._warn(f"{patch.name.rstrip()} could not be converted: {type(error).__name__}: {error}")

    def _warn(self, text: str) -> None:
        """Warn, but not again and again of the same."""
        now = time.monotonic()
        if now - self._warned.get(text, -_WARN_SECONDS) >= _WARN_SECONDS:
            self._warned[text] = now
            self._tell({"event": "warning", "text": f"XFM2: {text}"})

    def _hear(self, event: Event) -> None:
        """What happens on the link, on the link's thread."""
        match event.kind:
            case "lost":
                self._away = True
                self._tell({"state": "lost", "text": event.text})
            case "back":
                self._away = self._given_up = False
                self._reported = None
                self._tell({"state": "connected", "text": event.text})
            case "verified":
                self._report()
            case "warning":
                self._warn(event.text)
                if self._away:  # what came back is not the board that went; we look for it in our own way
                    with self._change:
                        self._given_up = True
                        self._change.notify()

    def _report(self) -> None:
        """How well the voice on the board was converted."""
        if self._sent is None or self._sent[0] is self._reported:
            return
        conversion, began = self._sent
        seconds = time.monotonic() - began
        if seconds < QUIET:  # the one before was verified; this one will be
            return
        self._reported = conversion
        counts = {"exact": conversion.exact, "approximated": conversion.approximated, "lost": conversion.lost}
        said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        self._tell(
            {
                "state": "loaded",
                "voice": conversion.name,
                "verified": True,
                **counts,
                "ms": round(1000 * seconds),
                "text": f"{conversion.name}: verified, {said}",
                "report": _told(conversion.report),
            }
        )


def _told(report: Iterable[Row]) -> list[str]:
    """What became of the parameters that did not come over as they are, reason by reason, the worst first."""
    reasons: dict[tuple[Kind, str], list[str]] = {}
    for row in report:
        if row.kind != "exact":
            reasons.setdefault((row.kind, row.reason), []).append(row.label)
    worst = sorted(reasons.items(), key=lambda item: (-KINDS.index(item[0][0]), -len(item[1])))
    return [
        f"{kind}: {', '.join(labels) if len(labels) <= _NAMED else f'{len(labels)} parameters'}: {reason}"
        for (kind, reason), labels in worst
    ]
