"""One simulator process: the application, a socket, a ready line, and an end with SIGTERM or with its parent.

The API is at `/`, its own controls under `/_simulator/`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ccc_numbers.simulator.console import Console
from ccc_numbers.simulator.control import control_routes
from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.visitors import api_refusal

if TYPE_CHECKING:
    from ccc_numbers.simulator.proxy.proxy import Proxy

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class _Root:
    """Every path that is nothing else is the API's; a browser without an Action gets the console."""

    api: ASGIApp
    console: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain_get = scope["method"] == "GET" and not scope["query_string"]
        if plain_get and b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            await self.console(scope, receive, send)
        elif why := api_refusal(scope):
            answer = JSONResponse({"Code": "SimulatorRefused", "Message": why}, status_code=403)
            await answer(scope, receive, send)
        else:
            await self.api(scope, receive, send)


def create_app(gateway: Gateway, proxy: Proxy | None = None) -> Starlette:
    """The application; the console's pages are under `/console` and what a browser sees at `/`.

    A proxy answers in the API's place and has no console: nobody shall take the model for the account.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        if proxy:
            await proxy.close()
        gateway.store.close()

    console: ASGIApp = Starlette() if proxy else Console(gateway)
    root = Route("/{path:path}", _Root(proxy or gateway, console), methods=None)
    routes = [*control_routes(gateway, proxy), Mount("/console", console), root]
    return Starlette(routes=routes, lifespan=lifespan)


class _Protocol(HttpToolsProtocol):
    """Lets the application reach its connection, which a commanded reset must cut."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["simulator.transport"] = self.transport  # type: ignore[typeddict-unknown-key]


class _Server(uvicorn.Server):
    """Says where it listens once it does, and says when it begins to end."""

    def __init__(self, config: uvicorn.Config, ending: asyncio.Event) -> None:
        super().__init__(config)
        self.ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            sys.stdout.write(f"http://{HOST}:{listener.getsockname()[1]}\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.ending.set()
        await super().shutdown(sockets)


def serve(app: Starlette, port: int, ending: asyncio.Event, *, exit_with_stdin: bool) -> None:
    """Answer requests on loopback until SIGTERM, SIGINT or, when asked, the end of standard input.

    `ending` is set when that comes. Port 0 takes a free one. OSError when the port is taken.
    """
    listener = socket.create_server((HOST, port), backlog=1024)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    config = uvicorn.Config(
        app,
        http=_Protocol,
        loop="uvloop",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
    )
    server = _Server(config, ending)
    if exit_with_stdin:
        threading.Thread(target=_exit_with_stdin, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _exit_with_stdin(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
