"""The changes an operator makes: each step is one operation of the API, in its own transaction, under CCC's own rules.

These raise Refused, as CCC answers it. Support's import, which is not of the API, raises Mistake.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccc_numbers.simulator.dispatch import perform
from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.language import tr
from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.operations import OPERATIONS
from ccc_numbers.simulator.records import AccessKey, Instance, Number
from ccc_numbers.simulator.request import Request
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.world import import_numbers, read_state

_FORM = re.compile(r"[0-9]{3,20}(-[0-9]{3,20})?")
_PLACE = re.compile(r"^import: (unassigned\[\d+\]\S*: )?|; first at import: .*$")  # not translated: a pattern
_RANGE = re.compile(r"\s*[-–—~～至]+\s*")

OPERATOR = "console"
"""The name under which CCC knows the operator, in edit locks and the like."""


@dataclass(frozen=True, slots=True)
class Binding:
    """How to bind a number: `usage` in the wire's words, flow and groups by id, "" for no flow."""

    usage: str
    flow: str
    groups: Sequence[str]


def add(
    gateway: Gateway, instance: Instance, numbers: Sequence[str], binding: Binding
) -> tuple[list[str], list[str]]:
    """Add unassigned numbers to an instance and bind them. The numbers added, and those CCC did not add."""
    flow = {"ContactFlowId": binding.flow} if binding.flow else {}
    answer = _call(gateway, "AddPhoneNumbers", instance, NumberList=numbers, Usage=binding.usage, **flow)
    added, failed = _outcome(answer, numbers)
    for group in binding.groups if added else ():
        _call(gateway, "AddNumbersToSkillGroup", instance, SkillGroupId=group, NumberList=added)
    return added, failed


def bind(gateway: Gateway, instance: Instance, number: Number, now: Sequence[str], binding: Binding) -> bool:
    """Bind a number that is in the groups `now`; only what differs changes, groups are added first. Whether any did."""
    flow = binding.flow if binding.usage != "Outbound" else ""
    rebound = (binding.usage, flow) != (number.usage, number.contact_flow or "")
    named = {"Number": number.number}
    if rebound:
        _call(gateway, "ModifyPhoneNumber", instance, **named, Usage=binding.usage, ContactFlowId=flow)
    more = [group for group in binding.groups if group not in now]
    less = [group for group in now if group not in binding.groups]
    if more:
        _call(gateway, "AddPhoneNumberToSkillGroups", instance, **named, SkillGroupIdList=more)
    if less:
        _call(gateway, "RemovePhoneNumberFromSkillGroups", instance, **named, SkillGroupIdList=less)
    return rebound or bool(more or less)


def remove(
    gateway: Gateway, instance: Instance, numbers: Sequence[str], *, force: bool
) -> tuple[list[str], list[str]]:
    """Remove numbers from an instance, bound ones only with `force`. The numbers removed, and those CCC did not."""
    return _outcome(_call(gateway, "RemovePhoneNumbers", instance, NumberList=numbers, Force=force), numbers)


def _call(gateway: Gateway, action: str, instance: Instance, **parameters: object) -> Mapping[str, Any]:
    texts = {
        name: json.dumps(value) if isinstance(value, list) else str(value)
        for name, value in parameters.items()
    }
    request = Request("POST", "/", {"InstanceId": instance.id, **texts}, {}, {}, b"")
    key = AccessKey(OPERATOR, "", instance.account, user=OPERATOR)
    rest = perform(gateway.store, OPERATIONS[action], request, key, gateway.switches)
    answer: Mapping[str, Any] = json.loads(b"{" + rest)
    return answer


def _outcome(answer: Mapping[str, Any], numbers: Sequence[str]) -> tuple[list[str], list[str]]:
    failed = set(answer.get("Data") or ())
    done = [number for number in numbers if number not in failed]
    return done, [number for number in numbers if number in failed]


def support_import(store: Store, text: str, **origin: str) -> tuple[int, int]:
    """Import the numbers of a text, one or one range (`02180002000-02180002999`) a line or word.

    `origin`: account, provider, province and city, blank where unknown. Returns how many numbers the text names
    and how many of them are new. Raises Mistake.
    """
    joined = _RANGE.sub("-", text)
    words = [word for word in dict.fromkeys(re.split(r"[\s,;，；、]+", joined)) if word]
    if not words:
        raise Mistake(tr("Write at least one number."))
    wrong = [word[:40] for word in words if not _FORM.fullmatch(word)]
    if wrong:
        raise Mistake(
            *(
                tr("“{word}” is neither a number (3 to 20 digits) nor a range of them", word=word)
                for word in wrong
            )
        )
    given = {name: value for name, value in origin.items() if value}
    entries = [
        {**given, **({"range": word.split("-")} if "-" in word else {"number": word})} for word in words
    ]
    try:
        state = read_state(json.dumps({"unassigned": entries}), "import")
    except Mistake as mistake:
        # The place in the form that was made here says nothing to the person who typed.
        raise Mistake(*(_PLACE.sub("", problem) for problem in mistake.problems)) from None
    with store.write() as db:
        new = import_numbers(db, state)
    return sum(len(entry.numbers) for entry in state.unassigned), new
