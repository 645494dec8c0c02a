"""The simulator's own controls under `/_simulator/`, for tests and people. CCC has nothing like them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.records import Status
from ccc_numbers.simulator.switches import alternatives, change_switches
from ccc_numbers.simulator.visitors import refusal

if TYPE_CHECKING:
    from ccc_numbers.simulator.proxy.proxy import Proxy

Handler = Callable[[Request, Gateway], Awaitable[Response]]


def control_routes(gateway: Gateway, proxy: Proxy | None = None) -> list[Route]:
    """The routes of one simulator; a proxy has one more."""
    counters = gateway.counters
    handlers: list[tuple[str, str, Handler]] = [
        ("GET", "calls", _shown(counters.calls)),
        ("GET", "callers", _shown(counters.callers)),
        ("GET", "rates", _shown(counters.rates)),
        ("POST", "reset", _reset),
        ("GET", "identity", _get_identity),
        ("GET", "state", _get_state),
        ("PUT", "state", _put_state),
        ("POST", "support/import", _import),
        ("POST", "calls", _add_calls),
        ("PUT", "instances/{instance}/status", _put_status),
        ("GET", "switches", _get_switches),
        ("PUT", "switches", _put_switches),
        ("GET", "faults", _get_faults),
        ("PUT", "faults", _put_faults),
    ]
    if proxy:
        handlers.append(("GET", "differences", _shown(proxy.report)))
    return [
        Route(f"/_simulator/{path}", _guarded(handler, gateway), methods=[method])
        for method, path, handler in handlers
    ]


def _guarded(handler: Handler, gateway: Gateway) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if why := refusal(request.scope):
            return _problems(why, status=403)
        try:
            return await handler(request, gateway)
        except Mistake as mistake:
            return _problems(*mistake.problems)

    return endpoint


def _shown(count: Callable[[], dict[str, Any]]) -> Handler:
    async def handler(request: Request, gateway: Gateway) -> Response:
        return JSONResponse(count())

    return handler


async def _reset(request: Request, gateway: Gateway) -> Response:
    gateway.counters.reset()
    return Response(status_code=204)


async def _get_identity(request: Request, gateway: Gateway) -> Response:
    with gateway.store.read() as db:
        (identity,) = db.execute("SELECT id FROM identity").fetchone()
    return JSONResponse({"identity": identity})


async def _get_state(request: Request, gateway: Gateway) -> Response:
    from ccc_numbers.simulator.world import current_state

    with gateway.store.read() as db:
        return JSONResponse(current_state(db))


async def _put_state(request: Request, gateway: Gateway) -> Response:
    from ccc_numbers.simulator.world import read_state, replace_state

    state = read_state(await _text(request), "state")
    with gateway.store.write() as db:
        replace_state(db, state)
    return Response(status_code=204)


async def _import(request: Request, gateway: Gateway) -> Response:
    """Play support: `{"unassigned": [{"number": …}, {"range": […]}]}` arrives in the account."""
    from ccc_numbers.simulator.world import import_numbers, read_state

    state = read_state(await _text(request), "import")
    with gateway.store.write() as db:
        import_numbers(db, state)
    return Response(status_code=204)


async def _add_calls(request: Request, gateway: Gateway) -> Response:
    """Let calls take place: `{"calls": {"acme": [{"at": …, "number": …}]}}`."""
    from ccc_numbers.simulator.call_records import add_calls, read_calls

    form = read_calls(await _text(request), "calls")
    with gateway.store.write() as db:
        add_calls(db, form)
    return Response(status_code=204)


async def _put_status(request: Request, gateway: Gateway) -> Response:
    """Start or stop an instance, as its owner's bill would: `{"status": "STOPPED"}`."""
    values = await _json(request)
    status = values.get("status") if isinstance(values, dict) else None
    if status not in get_args(Status):
        return _problems(f"status: expected one of {', '.join(get_args(Status))}")
    name = request.path_params["instance"]
    with gateway.store.write() as db:
        sql = "UPDATE instance SET status = ?, polls_left = 0 WHERE id = ?"
        found = db.execute(sql, (status, name)).rowcount
    return Response(status_code=204) if found else _problems(f"instance {name}: does not exist")


async def _get_switches(request: Request, gateway: Gateway) -> Response:
    now = gateway.switches.as_mapping()
    known = alternatives()
    return JSONResponse({name: {"value": now[name], "alternatives": list(known[name])} for name in now})


async def _put_switches(request: Request, gateway: Gateway) -> Response:
    values = await _json(request)
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        return _problems("switches: expected an object of names and alternatives")
    try:
        change_switches(gateway.store, values)
    except Mistake as mistake:
        return _problems(f"switches: {mistake}")
    return Response(status_code=204)


async def _get_faults(request: Request, gateway: Gateway) -> Response:
    return JSONResponse({"faults": [fault.as_mapping() for fault in gateway.faults]})


async def _put_faults(request: Request, gateway: Gateway) -> Response:
    from ccc_numbers.simulator.faults import read_faults

    gateway.command(read_faults(await _text(request), "faults"))
    return Response(status_code=204)


async def _text(request: Request) -> str:
    return (await request.body()).decode("utf-8", "replace")


async def _json(request: Request) -> Any:
    try:
        return json.loads(await _text(request))
    except (ValueError, RecursionError):
        return None


def _problems(*lines: str, status: int = 400) -> Response:
    return JSONResponse({"problems": list(lines)}, status_code=status)
