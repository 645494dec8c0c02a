"""What an operator does: each step one operation of the API, in its own transaction, under CCC's own rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccc_numbers.simulator.authentication import AccessKey
from ccc_numbers.simulator.console.looking import groups_of
from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.records import Instance, Number
from ccc_numbers.simulator.request import Request

OPERATOR = "console"
"""Who CCC thinks it was, in edit locks and the like."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a number shall be bound: `usage` in the wire's words, flow and groups by id, "" for no flow."""

    usage: str
    flow: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a batch: the numbers it was done for, and those CCC answered as failed."""

    done: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operator:
    """Acts on the state of one simulator. Every verb raises Refused, as CCC answers it."""

    gateway: Gateway

    def add(self, instance: Instance, numbers: Sequence[str], wish: Wish) -> Done:
        """Take unassigned numbers into an instance and bind them."""
        flow = {"ContactFlowId": wish.flow} if wish.flow else {}
        answer = self._call("AddPhoneNumbers", instance, NumberList=list(numbers), Usage=wish.usage, **flow)
        outcome = _outcome(answer, numbers)
        for group in wish.groups if outcome.done else ():
            self._call("AddNumbersToSkillGroup", instance, SkillGroupId=group, NumberList=list(outcome.done))
        return outcome

    def bind(self, instance: Instance, number: Number, wish: Wish) -> bool:
        """Bind a number as wished, touching only what differs; groups are added first. Whether anything did."""
        with self.gateway.store.read() as db:
            before = groups_of(db, number.number)
        flow = wish.flow if wish.usage != "Outbound" else ""
        rebound = (wish.usage, flow) != (number.usage, number.contact_flow or "")
        if rebound:
            self._call(
                "ModifyPhoneNumber", instance, Number=number.number, Usage=wish.usage, ContactFlowId=flow
            )
        more = [group for group in wish.groups if group not in before]
        less = [group for group in before if group not in wish.groups]
        for action, groups in (
            ("AddPhoneNumberToSkillGroups", more),
            ("RemovePhoneNumberFromSkillGroups", less),
        ):
            if groups:
                self._call(action, instance, Number=number.number, SkillGroupIdList=groups)
        return rebound or bool(more or less)

    def remove(self, instance: Instance, numbers: Sequence[str], *, force: bool) -> Done:
        """Take numbers out of an instance; those that are bound only with `force`."""
        answer = self._call("RemovePhoneNumbers", instance, NumberList=list(numbers), Force=force)
        return _outcome(answer, numbers)

    def _call(self, action: str, instance: Instance, **parameters: object) -> Mapping[str, Any]:
        texts = {name: _text(value) for name, value in parameters.items()}
        request = Request("POST", "/", {"InstanceId": instance.id, **texts}, {}, {}, b"")
        key = AccessKey(OPERATOR, "", instance.account, user=OPERATOR)
        operation = self.gateway.operations[action]
        rest = self.gateway.dispatcher.perform(operation, request, key, self.gateway.switches)
        answer: Mapping[str, Any] = json.loads(b"{" + rest)
        return answer


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, list) else str(value)


def _outcome(answer: Mapping[str, Any], numbers: Sequence[str]) -> Done:
    failed = set(answer.get("Data") or ())
    return Done(
        tuple(number for number in numbers if number not in failed),
        tuple(number for number in numbers if number in failed),
    )
