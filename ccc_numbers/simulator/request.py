"""One HTTP request to the API, read whole and decoded once."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

FORM = "application/x-www-form-urlencoded"


class Disconnected(Exception):
    """The client went away before its request was complete."""


@dataclass(frozen=True)
class Request:
    """`query` and `form` keep blank values; header names are lower case, values stripped."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Query and form together: a parameter is taken from either place."""
        return {**self.query, **self.form} if self.form else self.query


async def read_request(scope: Scope, receive: Receive) -> Request:
    """The request behind one ASGI scope, its body included."""
    headers = {name.decode("latin-1"): value.decode("latin-1").strip() for name, value in scope["headers"]}
    announced = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    body = await _read_body(receive) if announced else b""
    is_form = headers.get("content-type", "").startswith(FORM)
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=_pairs(scope["query_string"]),
        form=_pairs(body) if is_form else {},
        headers=headers,
        body=body,
    )


async def _read_body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _pairs(raw: bytes) -> dict[str, str]:
    """`+` and `%20` are both a space; what is not UTF-8 becomes U+FFFD and will not verify."""
    return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
