"""One simulator process: a socket, a ready line, and an end with SIGTERM or with its parent."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HOST = "127.0.0.1"


class _Protocol(HttpToolsProtocol):
    """Lets the application reach its connection, which a commanded reset must cut."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["simulator.transport"] = self.transport  # type: ignore[typeddict-unknown-key]


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            sys.stdout.write(f"http://{HOST}:{listener.getsockname()[1]}\n")
        sys.stdout.flush()


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one. OSError when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(1024)
    return listener


def serve(app: Starlette, listener: socket.socket, *, exit_with_stdin: bool) -> None:
    """Answer requests until SIGTERM, SIGINT or, when asked, the end of standard input."""
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
    server = _Server(config)
    if exit_with_stdin:
        threading.Thread(target=_exit_with_stdin, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _exit_with_stdin(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
