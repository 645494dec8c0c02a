"""The simulator as one starlette application: the API at `/`, its own controls under `/_simulator/`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ccc_numbers.simulator.control import control_routes
from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.visitors import api_refusal


@dataclass(frozen=True, slots=True)
class _Root:
    """Every path that is nothing else is the API's; a browser without an Action gets the front page."""

    api: ASGIApp
    front: ASGIApp | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain_get = scope["method"] == "GET" and not scope["query_string"]
        if self.front and plain_get and b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            await self.front(scope, receive, send)
        elif why := api_refusal(scope):
            answer = JSONResponse({"Code": "SimulatorRefused", "Message": why}, status_code=403)
            await answer(scope, receive, send)
        else:
            await self.api(scope, receive, send)


def create_app(gateway: Gateway, pages: Sequence[BaseRoute] = (), front: ASGIApp | None = None) -> Starlette:
    """The application; `pages` are tried before the API, `front` is a browser's page at `/`."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        gateway.store.close()

    root = Route("/{path:path}", _Root(gateway, front), methods=None)
    return Starlette(routes=[*control_routes(gateway), *pages, root], lifespan=lifespan)
