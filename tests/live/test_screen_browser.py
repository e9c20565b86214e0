# SPDX-License-Identifier: Apache-2.0
"""`sixop web` in a real browser: arrow keys sound through JACK, and nothing is asked of any other machine."""

from __future__ import annotations

import asyncio
import base64
import itertools
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from listening import CENTS, bank, bank_message, cents, frequency, pitch
from probe import Probe
from waiting import wait_until

aiohttp = pytest.importorskip("aiohttp", reason="no textual-serve here: pip install 'sixop[web]'")
pytest.importorskip("textual_serve", reason="no textual-serve here: pip install 'sixop[web]'")

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE = 30.0  # seconds

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser here: apt-get install chromium"),
]


@pytest.fixture
def address(jackd: object, tmp_path: Path) -> Iterator[str]:
    """Where `sixop web` shows a bank of four pitches."""
    voices = tmp_path / "own.syx"
    voices.write_bytes(bank_message(bank()))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "sixop", "web", "--port", port, str(voices), "--midi", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[0]
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == 0
    assert "sixop:out_0" not in subprocess.run(["jack_lsp"], capture_output=True, text=True, check=True).stdout


class Browser:
    """A tab of headless Chromium, through its debugging protocol."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.asked: dict[str, str] = {}  # request -> address
        self.refused: dict[str, str] = {}  # request -> why the browser itself did not send it
        self.drawn = ""
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            told = message.json()
            about = told.get("params", {})
            match told.get("method"):
                case None:
                    self._answers.pop(told["id"]).set_result(told.get("result", {}))
                case "Network.requestWillBeSent":
                    self.asked[about["requestId"]] = about["request"]["url"]
                case "Network.loadingFailed":
                    self.refused[about["requestId"]] = about.get("blockedReason", "")
                case "Network.webSocketFrameReceived" if about["response"]["opcode"] == 2:
                    text = base64.b64decode(about["response"]["payloadData"]).decode(errors="replace")
                    self.drawn += re.sub(r"\x1b\[[0-9;?$]*[a-zA-Z]", " ", text)

    async def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command, and its result."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        return await asyncio.wait_for(self._answers[number], PATIENCE)

    async def press(self, key: str, code: int, text: str = "") -> None:
        """One key, by its name, its number in Windows and what it types."""
        about = {"key": key, "windowsVirtualKeyCode": code}
        await self.do("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
        await self.do("Input.dispatchKeyEvent", type="keyUp", **about)

    async def until(self, true: Callable[[], object], why: str) -> None:
        """Return once this is true."""
        async with asyncio.timeout(PATIENCE):
            try:
                while not true():
                    await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                print(f"{why} did not happen; drawn: {self.drawn[-1500:]}; asked: {self.asked}")
                raise


def in_browser(story: Callable[[Browser], Awaitable[None]], profile: Path) -> None:
    """Tell a story in a browser of its own."""

    async def tell() -> None:
        quiet = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        quiet += " --disable-component-update --disable-sync --window-size=1200,800 --remote-debugging-port=0"
        browser = await asyncio.create_subprocess_exec(
            str(CHROMIUM), *quiet.split(), f"--user-data-dir={profile}", "about:blank", stderr=subprocess.DEVNULL
        )
        try:
            where = profile / "DevToolsActivePort"
            async with asyncio.timeout(PATIENCE):
                while not (where.exists() and where.read_text().endswith("browser/" + where.read_text()[-36:])):
                    await asyncio.sleep(0.05)
            port = where.read_text().split()[0]
            async with aiohttp.ClientSession() as http:
                async with http.get(f"http://127.0.0.1:{port}/json") as tabs:
                    tab = next(tab for tab in await tabs.json() if tab["type"] == "page")
                async with http.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    await story(Browser(socket))
        finally:
            browser.terminate()
            await browser.wait()

    asyncio.run(tell())


def test_arrow_keys_in_a_browser_sound_and_nothing_leaves_this_machine(
    address: str, probe: Probe, tmp_path: Path
) -> None:
    async def story(browser: Browser) -> None:
        await browser.do("Network.enable")
        await browser.do("Page.enable")
        await browser.do("Emulation.setFocusEmulationEnabled", enabled=True)
        await browser.do("Page.navigate", url=address)
        await browser.until(lambda: "TEST 20" in browser.drawn, "the table")
        await asyncio.to_thread(probe.must, "audio sixop:out_")

        title = {"x": 30, "y": 8, "button": "left", "clickCount": 1}
        await browser.do("Input.dispatchMouseEvent", type="mousePressed", **title)
        await browser.do("Input.dispatchMouseEvent", type="mouseReleased", **title)
        await browser.press(" ", 32, " ")
        await browser.press("n", 78, "n")

        async def sounds(hertz: float) -> None:
            for _ in range(100):
                probe.record(0.5)
                await asyncio.sleep(0.2)
                if cents(pitch(probe.recording()[:, 0]), hertz) < CENTS:
                    return
            raise AssertionError(f"{hertz} Hz were not heard")

        await sounds(frequency(69))
        await browser.press("ArrowDown", 40)
        await sounds(frequency(69, 2))
        await browser.press("ArrowDown", 40)
        await sounds(frequency(69, 3))
        picture = await browser.do("Page.captureScreenshot", format="png")
        (tmp_path / "screen.png").write_bytes(base64.b64decode(picture["data"]))

        async with aiohttp.ClientSession() as http, http.ws_connect(f"{address}/ws") as second:
            assert b"another tab" in await second.receive_bytes(timeout=PATIENCE)
        with pytest.raises(HTTPError) as stranger:
            await asyncio.to_thread(urlopen, Request(f"{address}/ws", headers={"Origin": "http://elsewhere.example"}))
        assert stranger.value.code == 403

        strange = {number: url for number, url in browser.asked.items() if not url.startswith((address, "data:"))}
        assert all(browser.refused.get(number) == "csp" for number in strange), strange

        browser.drawn = ""
        await browser.do("Page.reload")
        await browser.until(lambda: "TEST 20" in browser.drawn, "the table after the page was loaded again")

    in_browser(story, tmp_path / "profile")


def test_a_port_in_use_is_told(address: str) -> None:
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "sixop", "web", "--port", port]
    second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert second.returncode == 1
    assert f"127.0.0.1:{port} is not free" in second.stderr


def test_a_server_that_is_killed_leaves_no_player(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "sixop", "web", "--port", port, "--audio", "none", "--midi", "none"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)

    def running() -> str:
        return subprocess.run(["ps", "-s", str(server.pid), "-o", "pid="], capture_output=True, text=True).stdout

    async def open_and_kill() -> None:
        assert server.stdout is not None
        address = server.stdout.readline().split()[0]
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{address}/ws") as screen:
            assert await screen.receive_bytes(timeout=PATIENCE)
            server.kill()
            server.wait(PATIENCE)

    asyncio.run(open_and_kill())
    wait_until(lambda: not running().strip())
