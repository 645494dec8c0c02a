"""A TCP server that answers CCC calls with exactly the bytes a test wants, good or odd."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

Query = Mapping[str, str]

CLOSE = b""
"""Close the connection without a word."""


class _Hang:
    pass


HANG = _Hang()
"""Never answer, until the test is over."""

Answer = Callable[[Query], bytes | _Hang]


def response(body: object, status: int = 200, reason: str = "OK") -> bytes:
    """An HTTP answer with a JSON body, or with `body` itself when it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def ok(data: object = None) -> bytes:
    """A successful envelope."""
    return response({"RequestId": "R-1", "HttpStatusCode": 200, "Code": "OK", "Message": "", "Data": data})


def refused(code: str, message: str = "no", status: int = 400) -> bytes:
    """An error envelope."""
    return response({"RequestId": "R-2", "HttpStatusCode": status, "Code": code, "Message": message}, status)


def page(query: Query, rows: list[dict[str, object]], total: int | None = None) -> bytes:
    """The page of `rows` a listing asked for."""
    number, size = int(query["PageNumber"]), int(query["PageSize"])
    return ok(
        {
            "List": rows[(number - 1) * size : number * size],
            "PageNumber": number,
            "PageSize": size,
            "TotalCount": len(rows) if total is None else total,
        }
    )


@dataclass
class RawServer:
    """Where it listens, the calls it saw, the heads of their requests, and how many connections there were."""

    url: str = ""
    calls: list[Query] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    connections: int = 0

    @property
    def actions(self) -> list[str]:
        return [call["Action"] for call in self.calls]


@asynccontextmanager
async def serving(
    answer: Answer, *, close_after: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """A server on a port of the system's choice; `close_after` ends each connection after its first answer."""
    server = RawServer()
    over = asyncio.Event()
    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        server.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                query = dict(parse_qsl(head.split(" ", 2)[1].partition("?")[2], keep_blank_values=True))
                server.heads.append(head)
                server.calls.append(query)
                said = answer(query)
                if isinstance(said, _Hang):
                    await over.wait()
                    return
                if said == CLOSE:
                    return
                writer.write(said)
                await writer.drain()
                if close_after:
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            handlers.discard(task)
            writer.close()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    host, port = listener.sockets[0].getsockname()[:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        over.set()
        listener.close()
        for task in list(handlers):
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
