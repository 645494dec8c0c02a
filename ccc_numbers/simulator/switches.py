"""The behaviours that CCC does not document, each a switch. They are a part of the state.

The number above a switch is its row in section 7 of the project's CCC contract. The first alternative is the
default; defaults expose a careless client. On the command line and in state files a switch is written with
dashes: `--switch modify-without-flow=keep`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from sqlite3 import Connection
from typing import Any, Literal, get_args, get_type_hints

from ccc_numbers.simulator.mistakes import Mistake, nearest
from ccc_numbers.simulator.store import Store


@dataclass(frozen=True, slots=True)
class Switches:
    """How the simulator behaves where the documentation is silent."""

    # 1. HTTP status of business errors: as documented, or always 200
    error_status: Literal["documented", "ok"] = "documented"
    # 2. Longest NumberList or SkillGroupIdList
    list_limit: Literal["100", "20", "50", "unlimited"] = "100"
    # 3. `[]`: Parameter.Minimum, Parameter.Empty, or accepted
    empty_list: Literal["minimum", "empty", "no-op"] = "minimum"
    # 4. A number twice in one list: dropped, or answered as failed
    duplicates: Literal["dropped", "failed"] = "dropped"
    # 5. Adding a number that is not owned or in another instance
    add_foreign_number: Literal["failed", "not-exists"] = "failed"
    # 6. Adding a number this instance already has
    add_present_number: Literal["failed", "conflict", "upsert"] = "failed"
    # 7. A 400 number that is not Inbound: call refused, or number failed
    usage_of_400: Literal["refused", "failed"] = "refused"
    # 8. Usage Outbound together with a ContactFlowId
    outbound_with_flow: Literal["ignored", "refused"] = "ignored"
    # 9. Binding a contact flow that does not exist
    unknown_flow: Literal["refused", "stored"] = "refused"
    # 10. ModifyPhoneNumber without ContactFlowId
    modify_without_flow: Literal["clear", "keep"] = "clear"
    # 11. ModifyPhoneNumber with a blank ContactFlowId
    modify_with_blank_flow: Literal["clear", "keep", "refused"] = "clear"
    # 12. The flow of a number that becomes Outbound
    modify_to_outbound: Literal["drop", "keep"] = "drop"
    # 13. Binding a flow that was never published
    unpublished_flow: Literal["refused", "accepted"] = "refused"
    # 14. Binding a SUB_FLOW or SURVEY_FLOW to a number
    sub_flow: Literal["refused", "accepted"] = "refused"
    # 15. NumberList together with a number group
    list_and_group: Literal["refused", "union"] = "refused"
    # 16. Binding a number to a skill group that has it
    bind_again: Literal["no-op", "conflict"] = "no-op"
    # 17. Taking a number from a skill group that lacks it
    unbind_absent: Literal["refused", "no-op"] = "refused"
    # 18. An unknown id in SkillGroupIdList
    unknown_group: Literal["refused", "partial"] = "refused"
    # 19. Skill-group calls with a number of no or another instance
    bind_absent_number: Literal["refused", "ignored"] = "refused"
    # 20. Binding an agent's personal number to a skill group
    bind_personal_number: Literal["refused", "cleared"] = "refused"
    # 21. A number in a non-AUDIO group; an Inbound number in a group
    bind_mismatch: Literal["accepted", "refused"] = "accepted"
    # 22. RemovePhoneNumbers without Force on a bound number
    remove_bound: Literal["failed", "refused"] = "failed"
    # 23. RemovePhoneNumbers on a number not in the instance
    remove_absent: Literal["failed", "not-exists", "success"] = "failed"
    # 24. Order of numbers: CreateTime descending, then number
    list_order: Literal["newest", "insertion", "random"] = "newest"
    # 25. SearchPattern; `like` takes `%` and `_` as wildcards
    search: Literal["substring", "prefix", "like"] = "substring"
    # 26. String fields of a row that have no value
    unset: Literal["absent", "null", "blank"] = "absent"
    # 27. Data when no number failed
    no_failures: Literal["list", "absent", "null"] = "list"
    # 28. Reads after a write: at once, or up to 300 ms late
    reads: Literal["immediate", "stale"] = "immediate"
    # 29. An absent required parameter: `Missing<Name>` or Parameter.*
    missing_parameter: Literal["gateway", "blank", "null"] = "gateway"
    # 30. A blank required string: Parameter.Blank or Parameter.Empty
    blank_parameter: Literal["blank", "empty"] = "blank"
    # 31. ModifySkillGroup without Description
    modify_group_without_description: Literal["clear", "keep"] = "clear"
    # 32. Two skill groups with one DisplayName
    duplicate_display_name: Literal["accepted", "refused"] = "accepted"
    # 33. DeleteSkillGroup on an unknown id
    delete_unknown_group: Literal["refused", "success"] = "refused"
    # 34. DraftId in ListContactFlows: while a draft is open, or always
    list_draft_id: Literal["open", "always"] = "open"
    # 35. DraftId of GetContactFlow: must be the open one, or anything
    get_flow_draft: Literal["required", "any"] = "required"
    # 36. StartEditContactFlow twice by one user: the same draft id, or a new one
    start_edit_again: Literal["same", "new"] = "same"
    # 37. PublishContactFlow: at once; after two polls; or never when the definition is not a JSON object
    publish: Literal["immediate", "later", "unreliable"] = "immediate"
    # 38. DeleteContactFlow without Force while numbers use it
    delete_used_flow: Literal["refused", "accepted"] = "refused"
    # 39. Two contact flows with one name
    duplicate_flow_name: Literal["refused", "accepted"] = "refused"
    # 40. Reads of an instance that is not RUNNING
    abnormal_instance: Literal["closed", "readable"] = "closed"
    # 41. An instance of another account: 404 or 403
    foreign_instance: Literal["hidden", "forbidden"] = "hidden"
    # 42. CREATING for two polls, then RUNNING with group `default` and flow `welcome`; at once; or without them
    create_instance: Literal["creating", "immediate", "bare"] = "creating"
    # 43. A page beyond the last row
    page_past_end: Literal["empty", "refused"] = "empty"
    # 44. Token buckets: off; Throttling.User; Throttling.Api; or Throttling.User with `x-acs-retry-after`
    rate_limit: Literal["off", "user", "api", "retry-after"] = "off"
    # 45. A parameter in the form that belongs in the query, or reverse
    misplaced_parameter: Literal["accepted", "refused"] = "accepted"
    # 46. `inbound` for `Inbound`
    enumeration_case: Literal["exact", "any"] = "exact"
    # 47. AddPhoneNumbers with a number that is not active
    add_inactive_number: Literal["accepted", "failed"] = "accepted"
    # 48. NumberList of an instance: all its numbers, or the first alone
    instance_numbers: Literal["whole", "cut"] = "whole"

    def changed(self, values: Mapping[str, str]) -> Switches:
        """These switches with `values` (dashed names) set; Mistake names the nearest."""
        known = alternatives()
        for name, value in values.items():
            if name not in known:
                raise Mistake(f'unknown switch "{name}"{nearest(name, known)}')
            if value not in known[name]:
                raise Mistake(f'switch {name}: "{value}" is none of {", ".join(known[name])}')
        checked: dict[str, Any] = {name.replace("-", "_"): value for name, value in values.items()}
        return replace(self, **checked)

    def as_mapping(self) -> dict[str, str]:
        """Every switch by its dashed name."""
        return {name.replace("_", "-"): value for name, value in asdict(self).items()}

    def deviations(self) -> dict[str, str]:
        """The switches that are not at their default."""
        return {name: value for name, value in self.as_mapping().items() if value != alternatives()[name][0]}


@cache
def alternatives() -> Mapping[str, tuple[str, ...]]:
    """Dashed name -> the values a switch can have, the default first; in the order of section 7."""
    return {name.replace("_", "-"): get_args(hint) for name, hint in get_type_hints(Switches).items()}


def switches_in(db: Connection) -> Switches:
    """The switches stored with the state."""
    return Switches().changed(dict(db.execute("SELECT name, value FROM switch").fetchall()))


def put_switches(db: Connection, switches: Switches) -> None:
    """Store the switches that are not at their default."""
    db.execute("DELETE FROM switch")
    db.executemany("INSERT INTO switch VALUES (?, ?)", switches.deviations().items())


def change_switches(store: Store, values: Mapping[str, str]) -> None:
    """Set some switches and keep the others; Mistake says what is wrong."""
    with store.write() as db:
        put_switches(db, switches_in(db).changed(values))
