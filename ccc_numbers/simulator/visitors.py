"""Who is answered: programs of this machine and the simulator's own pages, not a page of another site in a browser.

Such a page can post here, or let a name of its own point to this machine (DNS rebinding) and read as well. A browser says
so in Host, Origin and Sec-Fetch-Site, which a page cannot change; other clients send no Origin and are not held up. The
access key protects nothing: everybody knows it.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.types import Scope

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OF_CCC = ".aliyuncs.com"
_OWN_SITE = frozenset({"same-origin", "none"})
_LOOKED_AT = frozenset({b"host", b"origin", b"sec-fetch-site"})
_ELSEWHERE = "This request was sent by a page of another site, so nothing was done."


def refusal(scope: Scope, *, reading: bool = False) -> str | None:
    """Why a request to the console or the controls is not answered; None when it may be.

    `reading` lets a link from another site lead here.
    """
    headers, port = _headers(scope), (scope.get("server") or ("", None))[1]
    host = headers.get("host", "")
    name, given = _place(host)
    if name not in _LOOPBACK or (port is not None and given != port):
        shown = f"127.0.0.1:{port}" if port is not None else "127.0.0.1"
        return f"The simulator answers on loopback names and its own port only, such as {shown}."
    if reading:
        return None
    return _page_elsewhere(headers, f"{scope['scheme']}://{host}")


def api_refusal(scope: Scope) -> str | None:
    """The same for a call of the API, which may come through a proxy under CCC's own name."""
    headers = _headers(scope)
    host = headers.get("host")
    name = None if host is None else _place(host)[0] or ""
    if not (name is None or name in _LOOPBACK or name.endswith(_OF_CCC)):
        return "The simulator answers under loopback names and CCC's own only."
    return _page_elsewhere(headers, f"{scope['scheme']}://{host}")


def _page_elsewhere(headers: Mapping[str, str], own: str) -> str | None:
    foreign = headers.get("origin", own) != own
    return _ELSEWHERE if foreign or headers.get("sec-fetch-site", "none") not in _OWN_SITE else None


def _headers(scope: Scope) -> dict[str, str]:
    """The headers that count; one sent twice is joined, which is not a loopback name."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name in _LOOKED_AT:
            key, text = name.decode("latin-1"), value.decode("latin-1").strip()
            found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _place(host: str) -> tuple[str | None, int | None]:
    """Name and port of a Host header; a port that is left out is HTTP's own."""
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname, parts.port or 80) if parts.username is None else (None, None)
    except ValueError:
        return None, None
