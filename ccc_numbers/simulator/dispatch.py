"""From an authenticated call to its answer: present, instance, parameters, operation — in CCC's order."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, INSTANCE_ID, Answer, Call, Operation
from ccc_numbers.simulator.records import AccessKey, Instance, find
from ccc_numbers.simulator.request import Request
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.switches import Switches


def perform(
    store: Store,
    operation: Operation,
    request: Request,
    key: AccessKey,
    switches: Switches,
    failing: Collection[str] = (),
) -> bytes:
    """Run an operation, synchronously and in one transaction; `failing` numbers are left undone.

    Returns the answer's JSON without its opening brace. Raises Refused.
    """
    values: Mapping[str, str] = request.parameters
    if switches.misplaced_parameter == "refused":
        values = request.form if operation.form else request.query

    def read() -> bytes:
        with store.read(stale=switches.reads == "stale") as db:
            call = Call(db, switches, key)
            answer = _run(operation, values, call)
        if call.later:
            with store.write() as db:
                for step in call.later:
                    step(db)
        return answer

    if not operation.reads or failing:
        with store.write() as db:
            return _run(operation, values, Call(db, switches, key, frozenset(failing)))
    if switches.reads == "stale" or switches.list_order == "random":
        return read()
    # An answer depends on these parameters, not on signature, nonce and the like.
    names = [parameter.name for parameter in (INSTANCE_ID, *operation.parameters)]
    own = tuple((name, values[name]) for name in names if name in values)
    return store.remembered((operation.action, key.id, own), read)


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


def _run(operation: Operation, values: Mapping[str, str], call: Call) -> bytes:
    required = operation.parameters if operation.account else (INSTANCE_ID, *operation.parameters)
    for parameter in required:
        parameter.check_present(values, call.switches)
    if not operation.account:
        call.found_instance = _instance(operation, values, call)
    arguments = {
        parameter.argument: value
        for parameter in operation.parameters
        if (value := parameter.parse(values, call.switches)) is not None
    }
    answer = _partly(operation, arguments, call)
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()[1:]


def _instance(operation: Operation, values: Mapping[str, str], call: Call) -> Instance:
    name = str(INSTANCE_ID.parse(values, call.switches))
    instance = find(call.db, Instance, name)
    if instance is None or (instance.account != call.account and call.switches.foreign_instance == "hidden"):
        raise business("NotExists.InstanceId", name)
    if instance.account != call.account:
        raise business("Permission.Common", f"Instance {name} belongs to another account.")
    readable = operation.any_status or (operation.reads and call.switches.abnormal_instance == "readable")
    if not readable and instance.status != "RUNNING":
        code = "AbnormalService.Creating" if instance.status == "CREATING" else "AbnormalService.Ceased"
        raise business(code, name)
    return instance


def _partly(operation: Operation, arguments: dict[str, Any], call: Call) -> Answer:
    """The operation without the failing numbers, which `failures` names where CCC would."""
    if arguments.get("number") in call.failing:
        return DONE
    if numbers := arguments.get("number_list"):
        kept = tuple(number for number in numbers if number not in call.failing)
        arguments = {**arguments, "number_list": kept}
    if operation.paged:
        call.page = arguments.pop("page_number"), arguments.pop("page_size")
    return operation.function(call, **arguments)
