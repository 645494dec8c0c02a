"""The proxy: one ASGI application in the API's place. It forwards a call as it came and answers as the endpoint did."""

import json
import os
import sqlite3
import ssl
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import httpx
from starlette.types import Receive, Scope, Send

from ccc_numbers.recording import Recorder
from ccc_numbers.simulator.counters import Outcome
from ccc_numbers.simulator.dispatch import numbers_named
from ccc_numbers.simulator.errors import GATEWAY, Refused
from ccc_numbers.simulator.gateway import Gateway, Reply, cut, refusal_reply, send_reply
from ccc_numbers.simulator.mistakes import Mistake, visible
from ccc_numbers.simulator.operation import Operation
from ccc_numbers.simulator.proxy.difference import Answer, Difference, differences
from ccc_numbers.simulator.proxy.learning import IDENTITIES, learn, rows_of
from ccc_numbers.simulator.proxy.target import check_action, check_forwardable, refused
from ccc_numbers.simulator.records import AccessKey, Number, find, select
from ccc_numbers.simulator.request import Disconnected, Request, read_request

_SECONDS = 60
_HEADERS = ("content-type", "accept", "user-agent", "authorization")
"""What is forwarded of a request's headers, beside `x-acs-*`."""
_UNFIT = (ValueError, OverflowError, RecursionError, OSError, sqlite3.Error)
"""What an answer that no state can hold, or a full disk, may raise: the client gets its answer all the same."""
_PAGE = ("PageNumber", "PageSize")


class Proxy:
    """Calls on their way to `target`. The gateway's state is the model's, and what passes teaches it.

    `writes` forwards calls that change something. `record` is a file for the calls without anybody's data.
    """

    def __init__(self, gateway: Gateway, target: str, record: Path | None, *, writes: bool) -> None:
        self._gateway = gateway
        self._target = target
        self._writes = writes
        self._recorder = Recorder()
        self._file = _begun(record) if record else None
        self._seen: dict[object, set[str]] = {}
        self._found: Counter[tuple[str, Difference]] = Counter()
        self._compared: Counter[str] = Counter()
        self._missed = 0
        abroad = target.startswith("https://ccc.")
        ca = os.environ.get("ALIBABA_CLOUD_CA_BUNDLE")
        self._client = httpx.AsyncClient(
            verify=ssl.create_default_context(cafile=ca) if ca else True,
            trust_env=abroad,  # the environment's proxies, and none to this machine
            timeout=_SECONDS,
            follow_redirects=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive)
        except Disconnected:
            return
        try:
            reply = await self._answer(request, scope["query_string"])
        except Refused as refusal:
            reply = refusal_reply(refusal, self._gateway.switches)
        if reply.cut:
            await cut(scope, receive, reply.cut)
        else:
            await send_reply(send, reply)

    def report(self) -> dict[str, object]:
        """How many calls were compared, and what differs: `{"compared": {…}, "differences": [{"action", "field", …}]}`."""
        return {
            "compared": dict(sorted(self._compared.items())),
            "differences": [
                {"action": action, **asdict(each), "calls": self._found[action, each]}
                for action, each in self._in_order()
            ],
        }

    async def close(self) -> None:
        """End the connections, and say what was found where somebody listens."""
        await self._client.aclose()
        lines = [
            f"{action} {each.field}: {each.live} live, {each.model} in the model"
            for action, each in self._in_order()
        ]
        missed = f", {self._missed} not, nor recorded" if self._missed else ""
        lines.append(f"{self._compared.total()} calls compared{missed}, {len(self._found)} differences")
        with suppress(BrokenPipeError):
            sys.stdout.write("".join(f"{visible(line)}\n" for line in lines))
            sys.stdout.flush()
        if self._file:
            self._file.close()

    def _in_order(self) -> list[tuple[str, Difference]]:
        return sorted(self._found, key=lambda one: (one[0], one[1].field))

    async def _answer(self, request: Request, query: bytes) -> Reply:
        check_action(request, query)
        operation = self._gateway.operation_of(request)
        check_forwardable(operation, request, urlsplit(self._target).netloc, writes=self._writes)
        self._gateway.counters.arrived(operation.action)
        response = await self._forward(request, query)
        outcome: Outcome = "failed"
        try:
            if response is None:
                return Reply(200, b"", "failed", cut="close")
            live = Answer(response.status_code, _object(response.content))
            throttled = live.code.startswith("Throttling")
            outcome = "ok" if live.code == "OK" else "throttled" if throttled else "failed"
            try:
                self._note(operation, request, live)
            except _UNFIT:
                self._missed += 1
            retry = response.headers.get("x-acs-retry-after", "")
            return Reply(live.status, response.content, outcome, int(retry) if retry.isdecimal() else None)
        finally:
            self._gateway.counters.answered(operation.action, outcome)

    async def _forward(self, request: Request, query: bytes) -> httpx.Response | None:
        """The endpoint's answer; None when it was lost on the way. Refused when the endpoint cannot be reached."""
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in _HEADERS or name.startswith("x-acs-")
        }
        url = httpx.URL(self._target).copy_with(raw_path=b"/?" + query if query else b"/")
        try:
            return await self._client.request(request.method, url, headers=headers, content=request.body)
        except httpx.ConnectError as error:
            raise refused(f"{self._target} cannot be reached: {error}") from None
        except httpx.TransportError:
            return None

    def _note(self, operation: Operation, request: Request, live: Answer) -> None:
        found = list(self._differences(operation, request, live))
        for each in found:
            self._found[operation.action, each] += 1
        if self._file:
            sent = self._sent(operation, request)
            call = self._recorder.call(operation.action, sent, live.status, live.code, live.body)
            call["differences"] = [[each.field, each.live, each.model] for each in found]
            _append(self._file, call)

    def _differences(self, operation: Operation, request: Request, live: Answer) -> list[Difference]:
        action, store = operation.action, self._gateway.store
        if live.code in GATEWAY or live.code.startswith("Throttling"):
            return []  # who is calling, and how often, is not the model's to say
        with store.write() as db:
            key = select(db, AccessKey, "1")[0]
            if operation.reads and live.code == "OK":
                learn(db, key.account, action, request.parameters.get("InstanceId", ""), live)
            unknown = not all(find(db, Number, number) for number in numbers_named(request))
        if not operation.reads and unknown:
            return []
        reply = self._gateway.play(operation, request, key)
        model = Answer(reply.status, _object(reply.body))
        if operation.reads and live.code == "OK" and model.code.startswith("NotExists."):
            return []  # it has not seen it
        self._compared[action] += 1
        identity = IDENTITIES.get(action, "")
        return list(differences(live, model, identity, whole=self._whole(operation, request, live, identity)))

    def _whole(self, operation: Operation, request: Request, live: Answer, identity: str) -> bool:
        """Whether every row of a listing has passed: then the model knows what it would show."""
        total, rows = live.data.get("TotalCount"), list(rows_of(live.data, "List"))
        if not (operation.paged and identity and isinstance(total, int)):
            return False
        asked = {**self._sent(operation, request), **dict.fromkeys(_PAGE)}
        seen = self._seen.setdefault((operation.action, str(sorted(asked.items(), key=str))), set())
        seen |= {str(row.get(identity)) for row in rows}
        return len(seen) >= total

    def _sent(self, operation: Operation, request: Request) -> Mapping[str, object]:
        """The operation's own parameters as they were sent: no key, no signature."""
        names = {parameter.name: parameter for parameter in operation.parameters}
        sent: dict[str, object] = {}
        for name in ("InstanceId", *names):
            if name in request.parameters:
                sent[name] = request.parameters[name]
                with suppress(Refused, KeyError):
                    sent[name] = names[name].parse(request.parameters, self._gateway.switches)
        return sent


def _object(text: bytes) -> Mapping[str, object]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _begun(path: Path) -> TextIO:
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise Mistake(f"{path}: {(error.strerror or 'cannot be written').lower()}") from error
    file.write("[\n]\n")
    file.flush()
    return file


def _append(file: TextIO, call: Mapping[str, object]) -> None:
    """One more element of the file's array, which is whole after each."""
    end = file.seek(0, os.SEEK_END)
    file.seek(end - len("\n]\n"))
    comma = "" if end == len("[\n]\n") else ","
    file.write(f"{comma}\n{json.dumps(call)}\n]\n")
    file.flush()
