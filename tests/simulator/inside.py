"""A simulator without its process: requests go straight to the gateway, signed as ever.

Thousands of calls a second, for property tests and for walking through every switch.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.request import Request
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.switches import change_switches
from ccc_numbers.simulator.world import current_state, read_state, replace_state
from tests.simulator.calling import Answer
from tests.support.simulator import signed_query


@dataclass
class Inside:
    """One gateway on a temporary store."""

    gateway: Gateway
    runner: asyncio.Runner
    key: tuple[str, str] = ("simulator", "simulator")

    def __call__(self, action: str, /, **parameters: Any) -> Answer:
        query = signed_query("POST", action, parameters, *self.key)
        return self.send(query_request(query))

    def send(self, request: Request) -> Answer:
        reply = self.runner.run(self.gateway.answer(request))
        return Answer(reply.status, json.loads(reply.body))

    def switch(self, **values: str) -> None:
        changed = {name.replace("_", "-"): value for name, value in values.items()}
        change_switches(self.gateway.store, changed)

    def put(self, state: Mapping[str, Any]) -> None:
        form = read_state(json.dumps(state), "state")
        with self.gateway.store.write() as db:
            replace_state(db, form)

    def state(self) -> dict[str, Any]:
        with self.gateway.store.read() as db:
            return dict(current_state(db))


def query_request(query: str, method: str = "POST") -> Request:
    """A request whose parameters are all in the query."""
    return Request(method, "/", dict(parse_qsl(query, keep_blank_values=True)), {}, {}, b"")


@contextmanager
def inside(state: Mapping[str, Any]) -> Iterator[Inside]:
    """A simulator that holds this state, for the length of a block."""
    store = Store(None)
    with closing(store), asyncio.Runner() as runner:
        world = Inside(Gateway(store), runner)
        world.put(state)
        yield world
