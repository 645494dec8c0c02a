"""Who may use the console, and what its answers allow a browser: it trusts the machine it runs on and nobody else."""

from __future__ import annotations

from starlette.requests import Request

from ccc_numbers.simulator import visitors

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""On every page: no script, nothing from elsewhere, in nobody's frame."""


def refusal(request: Request) -> str | None:
    """Why a request is not answered; None when it may be. A link from another site may lead to a page."""
    return visitors.refusal(request.scope, reading=request.method in {"GET", "HEAD"})
