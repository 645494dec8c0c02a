"""One number under trial: what is done to it, and how everything is put back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from ccc_numbers.api import wire
from ccc_numbers.api.rows import Usage
from ccc_numbers.api.wire import Wire
from ccc_numbers.fleet.probe.calls import Calls, Outcome, Untold
from ccc_numbers.fleet.probe.reading import flows_of, numbers_of
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.number_text import is_400

GROUP = "ccc-numbers-probe"
"""The name of the skill group that is made for the time."""
LOOKS, SECONDS = 50, 0.2
"""How often something just written is looked for, and how long in between."""
LAG = 0.5
"""Seconds between a write and a look where reads were seen to lag."""


@dataclass(slots=True)
class Trial:
    """One number in one instance under trial: `flow` is bound to it between trials, `group` made for the time."""

    calls: Calls
    number: str
    flow: str
    unused: tuple[str, ...]
    """Numbers of nobody."""
    flows: tuple[Wire, ...]
    group: str = ""
    lags: bool = False

    @property
    def usage(self) -> str:
        """What the number is used for between trials; a 400 number only takes calls."""
        return Usage.INBOUND.wire if is_400(self.number) else Usage.BIDIRECTIONAL.wire

    async def add(self, *numbers: str, usage: str | None = None) -> Outcome:
        return await self.calls.to_instance(
            "AddPhoneNumbers", NumberList=numbers, Usage=usage or self.usage, ContactFlowId=self.flow
        )

    async def modify(self, usage: str | None = None, flow: str | None = None) -> Outcome:
        return await self.calls.to_instance(
            "ModifyPhoneNumber", Number=self.number, Usage=usage or self.usage, ContactFlowId=flow
        )

    async def bind(self, *groups: str) -> Outcome:
        return await self.calls.to_instance(
            "AddPhoneNumberToSkillGroups", Number=self.number, SkillGroupIdList=groups
        )

    async def unbind(self) -> Outcome:
        return await self.calls.to_instance(
            "RemovePhoneNumberFromSkillGroups", Number=self.number, SkillGroupIdList=(self.group,)
        )

    async def remove(self, *, force: bool = False) -> Outcome:
        return await self.calls.to_instance(
            "RemovePhoneNumbers", NumberList=(self.number,), Force=True if force else None
        )

    async def row(self) -> Wire:
        """The number as the instance shows it. Untold where it does not."""
        if self.lags:
            await asyncio.sleep(LAG)
        for row in await numbers_of(self.calls, SearchPattern=self.number):
            if wire.text(row, "Number") == self.number:
                return row
        raise Untold(tr("the number is not shown"))

    async def bound_flow(self) -> str | None:
        return wire.text(await self.row(), "ContactFlowId")

    async def grouped(self) -> bool:
        groups = (await self.row()).get("SkillGroups")
        return isinstance(groups, list) and bool(groups)

    async def reset(self) -> None:
        """The number as it is between trials, once it is in the instance."""
        if self.group:
            await self.modify(flow=self.flow)
            await self.unbind()


@asynccontextmanager
async def trial_of(calls: Calls, number: str) -> AsyncIterator[Trial]:
    """The number ready for trials. At the end it is unassigned and the group is gone; Untold says what is not."""
    flows = tuple(await flows_of(calls))
    trial = Trial(
        calls, number, flow_of(flows, "MAIN_FLOW", published=True), await _numbers_of_nobody(calls), flows
    )
    try:
        yield trial
    finally:
        await _undo(trial)


async def make_group(trial: Trial) -> None:
    """Make the skill group that the trials inside need."""
    outcome = await trial.calls.to_instance(
        "CreateSkillGroup", Name=GROUP, DisplayName=GROUP, Description="for a probe"
    )
    if not outcome.fine:
        raise Untold(tr("the skill group {group} could not be made: {code}", group=GROUP, code=outcome.code))
    trial.group = wire.required(wire.mapping(outcome.body, "Data"), "SkillGroupId")


async def is_unassigned(calls: Calls, number: str) -> bool:
    """Whether the account has the number, in no instance."""
    outcome = await calls.call("ListUnassignedNumbers", SearchPattern=number, PageNumber=1, PageSize=100)
    return number in (wire.text(row, "Number") for row in outcome.rows)


async def _undo(trial: Trial) -> None:
    """Every step is made, whatever became of the others; then it is looked at what came of them."""
    with suppress(Untold):
        if trial.group:
            await trial.unbind()
    with suppress(Untold):
        await trial.remove(force=True)
    if trial.group:
        outcome = await trial.calls.to_instance("DeleteSkillGroup", SkillGroupId=trial.group, Force=True)
        if not outcome.fine:
            raise Untold(
                tr("the skill group {group} could not be deleted: {code}", group=GROUP, code=outcome.code)
            )
    for _ in range(LOOKS):
        if await is_unassigned(trial.calls, trial.number):
            return
        await asyncio.sleep(SECONDS)
    raise Untold(tr("{number} is not unassigned again: look at it in the console", number=trial.number))


async def _numbers_of_nobody(calls: Calls) -> tuple[str, ...]:
    """101 numbers that nobody has: a local number never begins with 0. The account is asked all the same."""
    for start in ("0100000", "0210000", "0200000"):
        outcome = await calls.call("ListUnassignedNumbers", SearchPattern=start, PageNumber=1, PageSize=10)
        if outcome.fine and not outcome.rows:
            return tuple(f"{start}{index:04d}" for index in range(101))
    raise Untold(tr("no number could be made up that the account does not have"))


def flow_of(flows: tuple[Wire, ...], kind: str, *, published: bool) -> str:
    """The id of a flow of this kind. Untold where there is none."""
    for row in flows:
        if wire.text(row, "Type") == kind and wire.flag(row, "Published", default=False) is published:
            return wire.required(row, "ContactFlowId")
    raise Untold(tr("the instance has no such flow"))
