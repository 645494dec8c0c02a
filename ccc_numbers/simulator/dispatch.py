"""From an authenticated call to its answer: present, instance, parameters, operation — in CCC's order."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ccc_numbers.simulator.authentication import AccessKey
from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, Answer, Call, Operation
from ccc_numbers.simulator.parameters import Parameter, String, declared
from ccc_numbers.simulator.records import Instance, find
from ccc_numbers.simulator.request import Request
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.switches import Switches


def _instance_id(call: Call, instance_id: String) -> None:
    """Declares the parameter that almost every operation has."""


INSTANCE_ID: Parameter = declared(_instance_id)[0]


@dataclass(slots=True)
class Dispatcher:
    """Runs operations against the state. `perform` is synchronous: one call, one transaction."""

    store: Store

    def perform(
        self,
        operation: Operation,
        request: Request,
        key: AccessKey,
        switches: Switches,
        failing: Collection[str] = (),
    ) -> bytes:
        """The answer's JSON without its opening brace; `failing` numbers are left undone. Raises Refused."""
        values = _values(operation, request, switches)
        if not operation.reads or failing:
            with self.store.write() as db:
                return self._run(operation, values, Call(db, switches, key, _now(), frozenset(failing)))
        if switches.reads == "stale" or switches.list_order == "random":
            return self._read(operation, values, switches, key)
        remember = (operation.action, key.id, tuple(sorted(self._own(operation, values).items())))
        return self.store.remembered(remember, lambda: self._read(operation, values, switches, key))

    def _own(self, operation: Operation, values: Mapping[str, str]) -> dict[str, str]:
        """The parameters an answer depends on, without signature, nonce and the like."""
        names = ["InstanceId", *(parameter.name for parameter in operation.parameters)]
        return {name: values[name] for name in names if name in values}

    def _read(
        self, operation: Operation, values: Mapping[str, str], switches: Switches, key: AccessKey
    ) -> bytes:
        with self.store.read(stale=switches.reads == "stale") as db:
            call = Call(db, switches, key, _now())
            answer = self._run(operation, values, call)
        if call.later:
            with self.store.write() as db:
                for step in call.later:
                    step(db)
        return answer

    def _run(self, operation: Operation, values: Mapping[str, str], call: Call) -> bytes:
        arguments = _arguments(operation, values, call)
        answer = _partly(operation, arguments, call)
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()[1:]


def numbers_named(request: Request) -> list[str]:
    """The numbers a call is about, as far as they can be read."""
    text = request.parameters.get("NumberList")
    try:
        listed = json.loads(text) if text else []
    except (ValueError, RecursionError):
        listed = []
    single = request.parameters.get("Number")
    texts = [number for number in listed if isinstance(number, str)] if isinstance(listed, list) else []
    return [*texts, single] if single else texts


def _values(operation: Operation, request: Request, switches: Switches) -> Mapping[str, str]:
    if switches.misplaced_parameter == "refused":
        return request.form if operation.form else request.query
    return request.parameters


def _arguments(operation: Operation, values: Mapping[str, str], call: Call) -> dict[str, Any]:
    required = operation.parameters if operation.account else (INSTANCE_ID, *operation.parameters)
    for parameter in required:
        parameter.check_present(values, call.switches)
    if not operation.account:
        call.found_instance = _instance(operation, values, call)
    arguments = {}
    for parameter in operation.parameters:
        value = parameter.parse(values, call.switches)
        if value is not None:
            arguments[parameter.argument] = value
    return arguments


def _instance(operation: Operation, values: Mapping[str, str], call: Call) -> Instance:
    name = str(INSTANCE_ID.parse(values, call.switches))
    instance = find(call.db, Instance, name)
    if instance is None or (instance.account != call.account and call.switches.foreign_instance == "hidden"):
        raise business("NotExists.InstanceId", name)
    if instance.account != call.account:
        raise business("Permission.Common", f"Instance {name} belongs to another account.")
    readable = operation.any_status or (operation.reads and call.switches.abnormal_instance == "readable")
    if not readable and instance.status == "CREATING":
        raise business("AbnormalService.Creating", name)
    if not readable and instance.status != "RUNNING":
        raise business("AbnormalService.Ceased", name)
    return instance


def _partly(operation: Operation, arguments: dict[str, Any], call: Call) -> Answer:
    """The operation without the failing numbers, which `failures` names where CCC would."""
    if arguments.get("number") in call.failing:
        return DONE
    if numbers := arguments.get("number_list"):
        kept = tuple(number for number in numbers if number not in call.failing)
        arguments = {**arguments, "number_list": kept}
    return operation.function(call, **arguments)


def _now() -> int:
    return time.time_ns() // 1_000_000
