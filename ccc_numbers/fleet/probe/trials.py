"""What only writing tells: trials on one number that its owner gives for it, each undone after.

The number is unassigned before and after. The instance gets a skill group for the time, and its flows are bound to that
one number alone; no other number, group or flow is written. Numbers and ids that a trial makes up belong to nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from ccc_numbers.api import wire
from ccc_numbers.api.rows import Usage
from ccc_numbers.fleet.probe.calls import Untold
from ccc_numbers.fleet.probe.reading import numbers_of
from ccc_numbers.fleet.probe.trial import GROUP, LAG, LOOKS, SECONDS, Trial, flow_of
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.numbers.number_text import is_400

Try = Callable[[Trial], Awaitable[Mapping[str, str]]]
Told = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One trial: the switches it is about, what it does (shown before it is done), and the doing."""

    switches: tuple[str, ...]
    does: str
    attempt: Try


async def _remove_absent(trial: Trial) -> Told:
    outcome = await trial.remove()
    if outcome.fine:
        return {"remove-absent": "failed" if trial.number in outcome.failed else "success"}
    return {"remove-absent": outcome.meaning({"NotExists.Number": "not-exists"})}


async def _empty_list(trial: Trial) -> Told:
    outcome = await trial.add()
    known = {"Parameter.Minimum": "minimum", "Parameter.Empty": "empty"}
    return {"empty-list": "no-op" if outcome.fine else outcome.meaning(known)}


async def _add_foreign(trial: Trial) -> Told:
    outcome = await trial.add(trial.unused[0])
    if outcome.fine:
        return {"add-foreign-number": "failed" if outcome.failed else outcome.unexpected()}
    return {"add-foreign-number": outcome.meaning({"NotExists.Number": "not-exists"})}


async def _list_limit(trial: Trial) -> Told:
    for count, limit in ((101, "unlimited"), (51, "100"), (21, "50")):
        outcome = await trial.add(*trial.unused[:count])
        if not outcome.refused("Parameter.Maximum"):
            return {"list-limit": limit}
    return {"list-limit": "20"}


async def _hotline(trial: Trial) -> Told:
    if not is_400(trial.number):
        raise Untold(tr("the number is not a 400 number"))
    outcome = await trial.add(trial.number, usage=Usage.BIDIRECTIONAL.wire)
    if outcome.fine:
        return {"usage-of-400": "failed" if trial.number in outcome.failed else outcome.unexpected()}
    return {"usage-of-400": outcome.meaning({"Parameter.Invalid": "refused"})}


async def _twice_in_a_list(trial: Trial) -> Told:
    outcome = await trial.add(trial.number, trial.number)
    if not outcome.fine:
        raise Untold(tr("it could not be added: {code}", code=outcome.code))
    told = {"duplicates": "failed" if outcome.failed else "dropped"}
    if not outcome.failed:
        data = outcome.body.get("Data")
        told["no-failures"] = "absent" if "Data" not in outcome.body else "null" if data is None else "list"
    for look in range(LOOKS):
        if any(wire.text(row, "Number") == trial.number for row in await numbers_of(trial.calls)):
            trial.lags = look > 0
            return told | {"reads": "stale" if look else "immediate"}
        await asyncio.sleep(SECONDS)
    raise Untold(tr("it was added, and is not shown after {seconds:.0f} s", seconds=LOOKS * SECONDS))


async def _add_present(trial: Trial) -> Told:
    outcome = await trial.add(trial.number)
    if outcome.fine:
        return {"add-present-number": "failed" if trial.number in outcome.failed else "upsert"}
    return {"add-present-number": outcome.meaning({"AlreadyExists.": "conflict"})}


async def _without_flow(trial: Trial) -> Told:
    outcome = await trial.modify()
    if not outcome.fine:
        outcome.unexpected()
    return {"modify-without-flow": "keep" if await trial.bound_flow() else "clear"}


async def _blank_flow(trial: Trial) -> Told:
    outcome = await trial.modify(flow="")
    if outcome.fine:
        return {"modify-with-blank-flow": "keep" if await trial.bound_flow() else "clear"}
    return {"modify-with-blank-flow": outcome.meaning({"Parameter.": "refused"})}


async def _outbound_with_flow(trial: Trial) -> Told:
    _calls_out(trial)
    outcome = await trial.modify(Usage.OUTBOUND.wire, trial.flow)
    return {"outbound-with-flow": "ignored" if outcome.fine else outcome.meaning({"Parameter.": "refused"})}


async def _to_outbound(trial: Trial) -> Told:
    _calls_out(trial)
    outcome = await trial.modify(Usage.OUTBOUND.wire)
    if not outcome.fine:
        outcome.unexpected()
    return {"modify-to-outbound": "keep" if await trial.bound_flow() else "drop"}


async def _unknown_flow(trial: Trial) -> Told:
    outcome = await trial.modify(flow=str(uuid4()))
    known = {"NotExists.": "refused", "Parameter.": "refused"}
    return {"unknown-flow": "stored" if outcome.fine else outcome.meaning(known)}


async def _unpublished_flow(trial: Trial) -> Told:
    flow = flow_of(trial.flows, "MAIN_FLOW", published=False)
    outcome = await trial.modify(flow=flow)
    return {"unpublished-flow": "accepted" if outcome.fine else outcome.meaning({"Parameter.": "refused"})}


async def _sub_flow(trial: Trial) -> Told:
    flow = flow_of(trial.flows, "SUB_FLOW", published=True)
    outcome = await trial.modify(flow=flow)
    return {"sub-flow": "accepted" if outcome.fine else outcome.meaning({"Parameter.": "refused"})}


async def _group_again(trial: Trial) -> Told:
    outcome = await trial.calls.to_instance(
        "CreateSkillGroup", Name=f"{GROUP}-2", DisplayName=GROUP, Description="again"
    )
    if outcome.fine:
        made = wire.required(wire.mapping(outcome.body, "Data"), "SkillGroupId")
        await trial.calls.to_instance("DeleteSkillGroup", SkillGroupId=made)
    known = {"AlreadyExists.": "refused"}
    return {"duplicate-display-name": "accepted" if outcome.fine else outcome.meaning(known)}


async def _group_without_description(trial: Trial) -> Told:
    await trial.calls.to_instance("ModifySkillGroup", SkillGroupId=trial.group, DisplayName=GROUP)
    if trial.lags:
        await asyncio.sleep(LAG)
    outcome = await trial.calls.to_instance("GetSkillGroup", SkillGroupId=trial.group)
    if not outcome.fine:
        outcome.unexpected()
    kept = wire.text(wire.mapping(outcome.body, "Data"), "Description")
    return {"modify-group-without-description": "keep" if kept else "clear"}


async def _unknown_group_deleted(trial: Trial) -> Told:
    group = f"{uuid4().hex}@{trial.calls.instance}"
    outcome = await trial.calls.to_instance("DeleteSkillGroup", SkillGroupId=group)
    return {"delete-unknown-group": "success" if outcome.fine else outcome.meaning({"NotExists.": "refused"})}


async def _bind_again(trial: Trial) -> Told:
    await trial.bind(trial.group)
    outcome = await trial.bind(trial.group)
    return {"bind-again": "no-op" if outcome.fine else outcome.meaning({"AlreadyExists.": "conflict"})}


async def _unknown_group(trial: Trial) -> Told:
    outcome = await trial.bind(trial.group, f"{uuid4().hex}@{trial.calls.instance}")
    if await trial.grouped():
        return {"unknown-group": "partial"}
    return {"unknown-group": outcome.meaning({"NotExists.": "refused"})}


async def _absent_number_bound(trial: Trial) -> Told:
    outcome = await trial.calls.to_instance(
        "AddNumbersToSkillGroup", SkillGroupId=trial.group, NumberList=(trial.unused[0],)
    )
    return {"bind-absent-number": "ignored" if outcome.fine else outcome.meaning({"NotExists.": "refused"})}


async def _unbind_absent(trial: Trial) -> Told:
    outcome = await trial.unbind()
    return {"unbind-absent": "no-op" if outcome.fine else outcome.meaning({"Parameter.": "refused"})}


async def _bind_mismatch(trial: Trial) -> Told:
    await trial.modify(Usage.INBOUND.wire, trial.flow)
    outcome = await trial.bind(trial.group)
    return {"bind-mismatch": "accepted" if outcome.fine else outcome.meaning({"Parameter.": "refused"})}


async def _remove_bound(trial: Trial) -> Told:
    outcome = await trial.remove()
    if outcome.fine:
        return {"remove-bound": "failed" if trial.number in outcome.failed else outcome.unexpected()}
    return {"remove-bound": outcome.meaning({"InUse.": "refused"})}


def _calls_out(trial: Trial) -> None:
    if is_400(trial.number):
        raise Untold(tr("a 400 number never calls out"))


OUTSIDE: Sequence[Step] = (
    Step(("remove-absent",), mark("take the number out of the instance, which it is not in"), _remove_absent),
    Step(("empty-list",), mark("add no number at all"), _empty_list),
    Step(("add-foreign-number",), mark("add a number of nobody"), _add_foreign),
    Step(("list-limit",), mark("add 101 numbers of nobody, then 51, then 21"), _list_limit),
    Step(("usage-of-400",), mark("add a 400 number that shall call out"), _hotline),
    Step(
        ("duplicates", "no-failures", "reads"),
        mark("add the number, named twice, and look for it"),
        _twice_in_a_list,
    ),
)
"""Trials with the number outside the instance; the last one adds it."""

INSIDE: Sequence[Step] = (
    Step(("add-present-number",), mark("add the number again"), _add_present),
    Step(("modify-without-flow",), mark("change its usage and name no flow"), _without_flow),
    Step(("modify-with-blank-flow",), mark("change its usage with a blank flow"), _blank_flow),
    Step(("outbound-with-flow",), mark("make it call out only, with a flow"), _outbound_with_flow),
    Step(("modify-to-outbound",), mark("make it call out only, without a flow"), _to_outbound),
    Step(("unknown-flow",), mark("bind it to a flow of nobody"), _unknown_flow),
    Step(("unpublished-flow",), mark("bind it to an unpublished flow"), _unpublished_flow),
    Step(("sub-flow",), mark("bind it to a sub-flow"), _sub_flow),
    Step(
        ("duplicate-display-name",), mark("make a second skill group of the same display name"), _group_again
    ),
    Step(
        ("modify-group-without-description",),
        mark("change the skill group and name no description"),
        _group_without_description,
    ),
    Step(("delete-unknown-group",), mark("delete a skill group of nobody"), _unknown_group_deleted),
    Step(("unbind-absent",), mark("take it out of a skill group that it is not in"), _unbind_absent),
    Step(("bind-again",), mark("bind it to the skill group twice"), _bind_again),
    Step(("unknown-group",), mark("bind it to the skill group and to one of nobody"), _unknown_group),
    Step(("bind-absent-number",), mark("bind a number of nobody to the skill group"), _absent_number_bound),
    Step(("bind-mismatch",), mark("bind it to the skill group while it only takes calls"), _bind_mismatch),
    Step(("remove-bound",), mark("take it out of the instance while it is bound"), _remove_bound),
)
"""Trials with the number inside; after each it is as before."""
