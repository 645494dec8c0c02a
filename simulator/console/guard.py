"""Who may use the console, and what its answers allow a browser: it trusts the machine it runs on and nobody else."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""On every page: no script, nothing from elsewhere, in nobody's frame."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def refusal(request: Request) -> str | None:
    """Why a request is not answered; None when it may be.

    Another site's page must neither post here (its Origin says so), nor read here under a name of its own that
    it lets point to this machine (then the Host is not loopback).
    """
    host = request.headers.get("host", "")
    if _name(host) not in _LOOPBACK:
        return "The console answers on loopback names only, such as 127.0.0.1."
    if request.method in {"GET", "HEAD"}:
        return None
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{request.url.scheme}://{host}":
        return "This form was sent from another site, so nothing was done."
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return "This form was sent from another site, so nothing was done."
    return None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
