"""What the stand-ins of the forges share: JSON over HTTP on a port of its own, and pages of a listing."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any]
"""Status and JSON."""
Query = dict[str, list[str]]
Answering = Callable[[str, str, Query, Any, Mapping[str, str]], Answer]
"""method, path, query, body, headers."""


@contextmanager
def serving(answering: Answering) -> Iterator[str]:
    """Answer calls on loopback; what is yielded is the server's URL."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, data = answering(self.command, parts.path, parse_qs(parts.query), body, headers)
            text = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_PUT = _do

        def log_message(self, format: str, *args: Any) -> None: ...

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Run a server of such handlers; its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(rows: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    """The page of a listing that was asked for; both forges page alike."""
    size, number = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
    return rows[(number - 1) * size : number * size]
