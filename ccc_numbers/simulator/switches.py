"""The behaviours CCC does not document, each a switch with the suggested default.

The number beside each switch is its row in section 7 of the project's CCC contract. The first alternative is
the default; defaults lean to what exposes a careless client. On the command line and in state files a switch
is written with dashes: `--switch modify-without-flow=keep`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_type_hints

from ccc_numbers.simulator.forms import nearest


class SwitchError(ValueError):
    """An unknown switch or alternative; the message names the nearest."""


@dataclass(frozen=True, slots=True)
class Switches:
    """How the simulator behaves where the documentation is silent."""

    error_status: Annotated[
        Literal["documented", "ok"], "7.1", "HTTP status of business errors: as documented, or always 200"
    ] = "documented"
    list_limit: Annotated[
        Literal["100", "20", "50", "unlimited"], "7.2", "longest NumberList or SkillGroupIdList"
    ] = "100"
    empty_list: Annotated[
        Literal["minimum", "empty", "no-op"], "7.3", "`[]`: Parameter.Minimum, Parameter.Empty, or accepted"
    ] = "minimum"
    duplicates: Annotated[
        Literal["dropped", "failed"], "7.4", "a number twice in one list: dropped, or answered as failed"
    ] = "dropped"
    add_foreign_number: Annotated[
        Literal["failed", "not-exists"], "7.5", "adding a number that is not owned or in another instance"
    ] = "failed"
    add_present_number: Annotated[
        Literal["failed", "conflict", "upsert"], "7.6", "adding a number this instance already has"
    ] = "failed"
    usage_of_400: Annotated[
        Literal["refused", "failed"],
        "7.7",
        "a 400 number that is not Inbound: call refused, or number failed",
    ] = "refused"
    outbound_with_flow: Annotated[
        Literal["ignored", "refused"], "7.8", "Usage Outbound together with a ContactFlowId"
    ] = "ignored"
    unknown_flow: Annotated[
        Literal["refused", "stored"], "7.9", "binding a contact flow that does not exist"
    ] = "refused"
    modify_without_flow: Annotated[
        Literal["clear", "keep"], "7.10", "ModifyPhoneNumber without ContactFlowId"
    ] = "clear"
    modify_with_blank_flow: Annotated[
        Literal["clear", "keep", "refused"], "7.11", "ModifyPhoneNumber with a blank ContactFlowId"
    ] = "clear"
    modify_to_outbound: Annotated[
        Literal["drop", "keep"], "7.12", "the flow of a number that becomes Outbound"
    ] = "drop"
    unpublished_flow: Annotated[
        Literal["refused", "accepted"], "7.13", "binding a flow that was never published"
    ] = "refused"
    sub_flow: Annotated[
        Literal["refused", "accepted"], "7.14", "binding a SUB_FLOW or SURVEY_FLOW to a number"
    ] = "refused"
    list_and_group: Annotated[
        Literal["refused", "union"], "7.15", "NumberList together with a number group"
    ] = "refused"
    bind_again: Annotated[
        Literal["no-op", "conflict"], "7.16", "binding a number to a skill group that has it"
    ] = "no-op"
    unbind_absent: Annotated[
        Literal["refused", "no-op"], "7.17", "taking a number from a skill group that lacks it"
    ] = "refused"
    unknown_group: Annotated[Literal["refused", "partial"], "7.18", "an unknown id in SkillGroupIdList"] = (
        "refused"
    )
    bind_absent_number: Annotated[
        Literal["refused", "ignored"], "7.19", "skill-group calls with a number of no or another instance"
    ] = "refused"
    bind_personal_number: Annotated[
        Literal["refused", "cleared"], "7.20", "binding an agent's personal number to a skill group"
    ] = "refused"
    bind_mismatch: Annotated[
        Literal["accepted", "refused"], "7.21", "a number in a non-AUDIO group; an Inbound number in a group"
    ] = "accepted"
    remove_bound: Annotated[
        Literal["failed", "refused"], "7.22", "RemovePhoneNumbers without Force on a bound number"
    ] = "failed"
    remove_absent: Annotated[
        Literal["failed", "not-exists", "success"],
        "7.23",
        "RemovePhoneNumbers on a number not in the instance",
    ] = "failed"
    list_order: Annotated[
        Literal["newest", "insertion", "random"],
        "7.24",
        "order of numbers: CreateTime descending, then number",
    ] = "newest"
    search: Annotated[
        Literal["substring", "prefix", "like"], "7.25", "SearchPattern; `like` takes `%` and `_` as wildcards"
    ] = "substring"
    unset: Annotated[
        Literal["absent", "null", "blank"], "7.26", "string fields of a row that have no value"
    ] = "absent"
    no_failures: Annotated[Literal["list", "absent", "null"], "7.27", "Data when no number failed"] = "list"
    reads: Annotated[
        Literal["immediate", "stale"], "7.28", "reads after a write: at once, or up to 300 ms late"
    ] = "immediate"
    missing_parameter: Annotated[
        Literal["gateway", "blank", "null"],
        "7.29",
        "an absent required parameter: `Missing<Name>` or Parameter.*",
    ] = "gateway"
    blank_parameter: Annotated[
        Literal["blank", "empty"], "7.30", "a blank required string: Parameter.Blank or Parameter.Empty"
    ] = "blank"
    modify_group_without_description: Annotated[
        Literal["clear", "keep"], "7.31", "ModifySkillGroup without Description"
    ] = "clear"
    duplicate_display_name: Annotated[
        Literal["accepted", "refused"], "7.32", "two skill groups with one DisplayName"
    ] = "accepted"
    delete_unknown_group: Annotated[
        Literal["refused", "success"], "7.33", "DeleteSkillGroup on an unknown id"
    ] = "refused"
    list_draft_id: Annotated[
        Literal["open", "always"], "7.34", "DraftId in ListContactFlows: while a draft is open, or always"
    ] = "open"
    get_flow_draft: Annotated[
        Literal["required", "any"], "7.35", "DraftId of GetContactFlow: must be the open one, or anything"
    ] = "required"
    start_edit_again: Annotated[
        Literal["same", "new"],
        "7.36",
        "StartEditContactFlow twice by one user: the same draft id, or a new one",
    ] = "same"
    publish: Annotated[
        Literal["immediate", "later", "unreliable"],
        "7.37",
        "PublishContactFlow: at once; after two polls; or never when the definition is not a JSON object",
    ] = "immediate"
    delete_used_flow: Annotated[
        Literal["refused", "accepted"], "7.38", "DeleteContactFlow without Force while numbers use it"
    ] = "refused"
    duplicate_flow_name: Annotated[
        Literal["refused", "accepted"], "7.39", "two contact flows with one name"
    ] = "refused"
    abnormal_instance: Annotated[
        Literal["closed", "readable"], "7.40", "reads of an instance that is not RUNNING"
    ] = "closed"
    foreign_instance: Annotated[
        Literal["hidden", "forbidden"], "7.41", "an instance of another account: 404 or 403"
    ] = "hidden"
    create_instance: Annotated[
        Literal["creating", "immediate", "bare"],
        "7.42",
        "CREATING for two polls, then RUNNING with group `default` and flow `welcome`; at once; or without them",
    ] = "creating"
    page_past_end: Annotated[Literal["empty", "refused"], "7.43", "a page beyond the last row"] = "empty"
    rate_limit: Annotated[
        Literal["off", "user", "api", "retry-after"],
        "7.44",
        "token buckets: off; Throttling.User; Throttling.Api; or Throttling.User with `x-acs-retry-after`",
    ] = "off"
    misplaced_parameter: Annotated[
        Literal["accepted", "refused"],
        "7.45",
        "a parameter in the form that belongs in the query, or reverse",
    ] = "accepted"
    enumeration_case: Annotated[Literal["exact", "any"], "7.46", "`inbound` for `Inbound`"] = "exact"
    add_inactive_number: Annotated[
        Literal["accepted", "failed"], "7.47", "AddPhoneNumbers with a number that is not active"
    ] = "accepted"
    instance_numbers: Annotated[
        Literal["whole", "cut"], "7.48", "NumberList of an instance: all its numbers, or the first alone"
    ] = "whole"

    def changed(self, values: Mapping[str, str]) -> Switches:
        """These switches with `values` (dashed names) set; SwitchError names what is wrong."""
        known = alternatives()
        for name, value in values.items():
            if name not in known:
                raise SwitchError(f'unknown switch "{name}"{nearest(name, known)}')
            if value not in known[name]:
                raise SwitchError(f'switch {name}: "{value}" is none of {", ".join(known[name])}')
        checked: dict[str, Any] = {name.replace("-", "_"): value for name, value in values.items()}
        return replace(self, **checked)

    def as_mapping(self) -> dict[str, str]:
        """Every switch by its dashed name."""
        return {field.name.replace("_", "-"): getattr(self, field.name) for field in fields(self)}

    def deviations(self) -> dict[str, str]:
        """The switches that are not at their default."""
        default = Switches().as_mapping()
        return {name: value for name, value in self.as_mapping().items() if value != default[name]}


@dataclass(frozen=True, slots=True)
class Description:
    """One switch as the documentation shows it."""

    row: str
    name: str
    alternatives: tuple[str, ...]
    about: str


def descriptions() -> Iterator[Description]:
    """All switches in the order of section 7."""
    hints = get_type_hints(Switches, include_extras=True)
    for field in fields(Switches):
        literal, row, about = get_args(hints[field.name])
        yield Description(row, field.name.replace("_", "-"), get_args(literal), about)


@cache
def alternatives() -> Mapping[str, tuple[str, ...]]:
    """Dashed name -> what the switch may be set to, the default first."""
    return {switch.name: switch.alternatives for switch in descriptions()}
