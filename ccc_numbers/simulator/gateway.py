"""The API's front door: one ASGI application that answers every call as Alibaba Cloud's gateway does."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import struct
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.types import Receive, Scope, Send

from ccc_numbers.simulator.authentication import Nonces, authenticate, is_v3
from ccc_numbers.simulator.counters import Counters, Outcome
from ccc_numbers.simulator.dispatch import numbers_named, perform
from ccc_numbers.simulator.errors import Refused, commanded, gateway, missing
from ccc_numbers.simulator.limits import Limiter
from ccc_numbers.simulator.operation import Operation
from ccc_numbers.simulator.operations import OPERATIONS
from ccc_numbers.simulator.records import AccessKey, select
from ccc_numbers.simulator.request import Disconnected, Request, read_request
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.switches import Switches, switches_in

if TYPE_CHECKING:
    from ccc_numbers.simulator.faults import Fault

API_VERSION = "2020-07-01"
HOST = "ccc.cn-shanghai.aliyuncs.com"

_SUCCESS = b'{"RequestId":"%s","HttpStatusCode":200,"Code":"OK","Message":""'


@dataclass(slots=True)
class Reply:
    """The answer to one request. `cut` drops the connection instead: `close` politely, `reset` with a RST."""

    status: int
    body: bytes
    outcome: Outcome
    retry_after_ms: int | None = None
    cut: str = ""


@dataclass(slots=True)
class Latency:
    """How long a call takes on the way, in milliseconds: `base` and up to `jitter` more, reproducibly."""

    base: float = 0
    jitter: float = 0
    chance: random.Random = field(default_factory=lambda: random.Random(2020_07_01))  # noqa: S311

    def sample(self) -> float:
        return self.base + self.chance.uniform(0, self.jitter) if self.base or self.jitter else 0


@dataclass(slots=True)
class Gateway:
    """Everything one simulator process holds: the state, who may call, what goes wrong, what was counted.

    `ending` is set when the process is about to end: then no call is kept waiting. `released` is set when other faults
    are commanded: then no call is held.
    """

    store: Store
    latency: Latency = field(default_factory=Latency)
    limiter: Limiter = field(default_factory=Limiter)
    faults: list[Fault] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)
    nonces: Nonces = field(default_factory=Nonces)
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive)
        except Disconnected:
            return
        reply = await self.answer(request)
        if reply.cut:
            await cut(scope, receive, reply.cut)
        else:
            await send_reply(send, reply)

    @property
    def switches(self) -> Switches:
        """How the simulator behaves; the switches are part of the state."""

        def load() -> Switches:
            with self.store.read() as db:
                return switches_in(db)

        return self.store.remembered("switches", load)

    async def answer(self, request: Request) -> Reply:
        """The reply to one request; never raises for anything a client can send."""
        operation: Operation | None = None
        key: AccessKey | None = None
        switches = self.switches
        try:
            operation = self.operation_of(request)
            self.counters.arrived(operation.action)
            key = self._authorise(operation, request)
            self.limiter.check(operation.action, key.account, switches)
            await self._pass_time(self.latency.sample())
            reply = await self._perform(operation, request, key, switches)
        except Refused as refusal:
            reply = refusal_reply(refusal, switches)
        if operation:
            self.counters.answered(operation.action, reply.outcome, key.id if key else None)
        return reply

    def operation_of(self, request: Request) -> Operation:
        """The operation that a request names; Refused when there is none."""
        if request.method not in {"GET", "POST"}:
            raise gateway("UnsupportedHTTPMethod")
        fields: Mapping[str, str] = request.parameters
        action, version = "Action", "Version"
        if is_v3(request):
            fields, action, version = request.headers, "x-acs-action", "x-acs-version"
        if not fields.get(action):
            raise missing("Action")
        if not fields.get(version):
            raise missing("Version")
        if fields[version] != API_VERSION:
            raise gateway("InvalidVersion")
        operation = OPERATIONS.get(fields[action])
        if operation is None:
            raise gateway("InvalidApi.NotFound")
        return operation

    def _authorise(self, operation: Operation, request: Request) -> AccessKey:

        def load() -> dict[str, AccessKey]:
            with self.store.read() as db:
                return {key.id: key for key in select(db, AccessKey, "1")}

        key = authenticate(request, self.store.remembered("keys", load), self.nonces, time.time())
        if operation.action in key.denied.split():
            refusal = gateway("NoPermission")
            refusal.extra = {"AccessDeniedDetail": _denial(operation, key)}
            raise refusal
        return key

    def command(self, faults: list[Fault]) -> None:
        """These faults from now on; calls that earlier ones hold are answered."""
        self.faults = faults
        self.released.set()
        self.released = asyncio.Event()

    def fault_of(self, action: str, numbers: Collection[str]) -> Fault | None:
        """The first fault that hits this call, if any; counts it."""
        return next((fault for fault in self.faults if fault.strikes(action, numbers)), None)

    async def _perform(
        self, operation: Operation, request: Request, key: AccessKey, switches: Switches
    ) -> Reply:
        numbers = numbers_named(request) if self.faults else []
        fault = self.fault_of(operation.action, numbers)
        if fault is None:
            return self.play(operation, request, key)
        reply = Reply(200, _envelope(b"}"), "ok")
        if fault.performs:
            failing = fault.failing(numbers) if fault.fault == "partial" else ()
            reply = self.play(operation, request, key, failing)
        if fault.fault == "slow":
            await self._pass_time(fault.delay_ms)
        elif fault.fault == "hold":
            await self._hold()
        return _spoiled(fault, reply, switches)

    def play(
        self, operation: Operation, request: Request, key: AccessKey, failing: Collection[str] = ()
    ) -> Reply:
        """The reply of an operation that nothing hinders; `failing` numbers are left undone."""
        switches = self.switches
        try:
            return Reply(
                200, _envelope(perform(self.store, operation, request, key, switches, failing)), "ok"
            )
        except Refused as refusal:
            return refusal_reply(refusal, switches)

    async def _pass_time(self, milliseconds: float) -> None:
        if milliseconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.ending.wait(), milliseconds / 1000)

    async def _hold(self) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self.released, self.ending)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()


def _spoiled(fault: Fault, reply: Reply, switches: Switches) -> Reply:
    """The reply the client sees when a fault has hit its call."""
    match fault.fault:
        case "throttle":
            return refusal_reply(gateway("Throttling.User"), switches)
        case "unavailable":
            return refusal_reply(gateway("ServiceUnavailable"), switches)
        case "error":
            return refusal_reply(commanded(fault.code, fault.params), switches)
        case "lostResponse":
            return Reply(200, b"", "failed", cut="close")
        case "reset":
            return Reply(200, b"", "failed", cut="reset")
        case "hold" if not fault.performs:
            return Reply(200, b"", "failed", cut="reset")
        case "badJson":
            return Reply(200, reply.body[: len(reply.body) // 2], "failed")
    return reply


def _request_id() -> str:
    return str(uuid4()).upper()


def _envelope(rest: bytes) -> bytes:
    """`rest` is the answer's JSON object without its opening brace."""
    head = _SUCCESS % _request_id().encode()
    return head + rest if rest == b"}" else head + b"," + rest


def refusal_reply(refusal: Refused, switches: Switches) -> Reply:
    """The reply to a call that is refused."""
    request_id = _request_id()
    body: dict[str, object] = {"RequestId": request_id, "HostId": HOST}
    status = refusal.status
    if refusal.params is not None:
        body["HttpStatusCode"] = refusal.status
        status = 200 if switches.error_status == "ok" else status
    body |= {"Code": refusal.code, "Message": refusal.message}
    if refusal.params is not None:
        body["Params"] = list(refusal.params)
    else:
        query = f"q={refusal.code}&product=CCC&requestId={request_id}"
        body["Recommend"] = f"https://api.aliyun.com/troubleshoot?{query}"
    outcome: Outcome = "throttled" if refusal.code.startswith("Throttling") else "failed"
    text = json.dumps({**body, **refusal.extra}, ensure_ascii=False, separators=(",", ":"))
    return Reply(status, text.encode(), outcome, refusal.retry_after_ms)


def _denial(operation: Operation, key: AccessKey) -> dict[str, str]:
    return {
        "AuthAction": f"ccc:{operation.action}",
        "AuthPrincipalType": "SubUser",
        "AuthPrincipalOwnerId": key.account,
        "AuthPrincipalDisplayName": key.user,
        "NoPermissionType": "ImplicitDeny",
        "PolicyType": "AccountLevelIdentityBasedPolicy",
        "EncodedDiagnosticMessage": "",
    }


async def send_reply(send: Send, reply: Reply) -> None:
    """Answer with the reply."""
    headers = [
        (b"content-type", b"application/json;charset=utf-8"),
        (b"content-length", str(len(reply.body)).encode()),
    ]
    if reply.retry_after_ms is not None:
        headers.append((b"x-acs-retry-after", str(reply.retry_after_ms).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def cut(scope: Scope, receive: Receive, how: str) -> None:
    """Drop the connection without an answer; the server's protocol class puts its transport in the scope."""
    transport: asyncio.Transport = scope["simulator.transport"]
    if how == "reset":
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
