"""The console (控制台): pages on which a person does by hand what an operator does in CCC's own workbench.

It shows how drift comes about: no stack file knows of a click here. Every change is an operation of the API in its
own transaction, under CCC's rules. A person makes it and not the API: it is not counted, limited or struck by faults.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from ccc_numbers.simulator.gateway import Gateway


class Console:
    """The console of one simulator, made when somebody first looks: the API's start does not wait for it."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            from ccc_numbers.simulator.console.pages import console_app

            self._app = console_app(self._gateway)
        await self._app(scope, receive, send)
