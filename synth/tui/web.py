# SPDX-License-Identifier: Apache-2.0
"""The screen in a browser: textual-serve, kept to this machine and to one player.

Whoever reaches the page plays the instrument and writes files as its owner, so it listens on 127.0.0.1 alone, answers
only to its own address (another name may be another site's trick) and lets no other site's page open its socket. The
page itself may load nothing from elsewhere: textual-serve's asks for a font of Google's, which the browser then
refuses and its own copy replaces.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from aiohttp import web
from textual_serve.server import Server

from synth.tui.start import SERVER

HOST = "127.0.0.1"
_TAKEN = b"sixop plays in another tab or window. Close that one, and it can be started here."
_LEAVING_SECONDS = 5.0  # how long a page that is loaded again waits for its predecessor's player to end

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page(Server):
    """One screen at a time; `serve` returns when it is interrupted."""

    def __init__(self, play: Sequence[str], port: int) -> None:
        """`play` are the arguments of `sixop play`."""
        command = [sys.executable, "-m", "sixop", "play", "--face", "tui", *play]
        os.environ[SERVER] = str(os.getpid())
        super().__init__(f"exec {shlex.join(command)}", host=HOST, port=port, title="sixop")
        self._free = asyncio.Event()
        self._free.set()

    @property
    def _policy(self) -> str:
        here = f"'self' ws://{HOST}:{self.port}"
        return f"default-src {here} data:; script-src {here} 'unsafe-inline'; style-src {here} 'unsafe-inline'"

    def initialize_logging(self) -> None:
        """Nothing: what goes wrong is said on stderr."""

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002 - as its ancestor has it
        """Say where it is."""
        print(f"{self.public_url}   Ctrl-C ends it", flush=True)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._own_pages_only)
        app.on_response_prepare.append(self._add_policy)
        return app

    async def _add_policy(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = self._policy

    @web.middleware
    async def _own_pages_only(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        if request.host != f"{HOST}:{self.port}" or request.headers.get("Origin", self.public_url) != self.public_url:
            raise web.HTTPForbidden(text=f"sixop is at {self.public_url}, and answers to nobody else's pages.\n")
        return await handler(request)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A player from here to the end of the connection; beside another one, only the news that it plays."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._free.wait(), _LEAVING_SECONDS)
        if not self._free.is_set():  # still, or again
            return await self._tell_taken(request)
        self._free.clear()
        try:
            return await super().handle_websocket(request)
        finally:
            self._free.set()

    async def _tell_taken(self, request: web.Request) -> web.WebSocketResponse:
        """Until the other one ends, or the browser leaves."""
        socket = web.WebSocketResponse(heartbeat=15)
        await socket.prepare(request)
        await socket.send_bytes(_TAKEN)

        async def ignore() -> None:
            async for _ in socket:
                pass

        waiting = {asyncio.create_task(ignore()), asyncio.create_task(self._free.wait())}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        await socket.close()
        return socket
