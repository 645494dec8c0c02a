"""The simulator as one starlette application: the API at `/`, its own controls under `/_simulator/`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from simulator.control import control_routes
from simulator.dispatch import Dispatcher
from simulator.gateway import Gateway, Latency
from simulator.limits import Limiter
from simulator.operations import OPERATIONS
from simulator.store import Store


def new_gateway(store: Store, latency: Latency | None = None, rate: float | None = None) -> Gateway:
    """A gateway with every operation, on one store."""
    return Gateway(store, Dispatcher(store), OPERATIONS, latency=latency or Latency(), limiter=Limiter(rate))


def create_app(gateway: Gateway, pages: Sequence[BaseRoute] = ()) -> Starlette:
    """The application; `pages` are further routes (the console), tried before the API's catch-all."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        gateway.store.close()

    api = Route("/{path:path}", gateway, methods=None)
    return Starlette(routes=[*control_routes(gateway), *pages, api], lifespan=lifespan)
