"""The behaviours that CCC does not document, each a switch. They are a part of the state.

The number beside a switch is its row in section 7 of the project's CCC contract and in docs/simulator.md, which
says what each is about. The first alternative is the default; defaults expose a careless client. On the command
line and in state files a switch is written with dashes: `--switch modify-without-flow=keep`.
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

    error_status: Literal["documented", "ok"] = "documented"  # 7.1
    list_limit: Literal["100", "20", "50", "unlimited"] = "100"  # 7.2
    empty_list: Literal["minimum", "empty", "no-op"] = "minimum"  # 7.3
    duplicates: Literal["dropped", "failed"] = "dropped"  # 7.4
    add_foreign_number: Literal["failed", "not-exists"] = "failed"  # 7.5
    add_present_number: Literal["failed", "conflict", "upsert"] = "failed"  # 7.6
    usage_of_400: Literal["refused", "failed"] = "refused"  # 7.7
    outbound_with_flow: Literal["ignored", "refused"] = "ignored"  # 7.8
    unknown_flow: Literal["refused", "stored"] = "refused"  # 7.9
    modify_without_flow: Literal["clear", "keep"] = "clear"  # 7.10
    modify_with_blank_flow: Literal["clear", "keep", "refused"] = "clear"  # 7.11
    modify_to_outbound: Literal["drop", "keep"] = "drop"  # 7.12
    unpublished_flow: Literal["refused", "accepted"] = "refused"  # 7.13
    sub_flow: Literal["refused", "accepted"] = "refused"  # 7.14
    list_and_group: Literal["refused", "union"] = "refused"  # 7.15
    bind_again: Literal["no-op", "conflict"] = "no-op"  # 7.16
    unbind_absent: Literal["refused", "no-op"] = "refused"  # 7.17
    unknown_group: Literal["refused", "partial"] = "refused"  # 7.18
    bind_absent_number: Literal["refused", "ignored"] = "refused"  # 7.19
    bind_personal_number: Literal["refused", "cleared"] = "refused"  # 7.20
    bind_mismatch: Literal["accepted", "refused"] = "accepted"  # 7.21
    remove_bound: Literal["failed", "refused"] = "failed"  # 7.22
    remove_absent: Literal["failed", "not-exists", "success"] = "failed"  # 7.23
    list_order: Literal["newest", "insertion", "random"] = "newest"  # 7.24
    search: Literal["substring", "prefix", "like"] = "substring"  # 7.25
    unset: Literal["absent", "null", "blank"] = "absent"  # 7.26
    no_failures: Literal["list", "absent", "null"] = "list"  # 7.27
    reads: Literal["immediate", "stale"] = "immediate"  # 7.28
    missing_parameter: Literal["gateway", "blank", "null"] = "gateway"  # 7.29
    blank_parameter: Literal["blank", "empty"] = "blank"  # 7.30
    modify_group_without_description: Literal["clear", "keep"] = "clear"  # 7.31
    duplicate_display_name: Literal["accepted", "refused"] = "accepted"  # 7.32
    delete_unknown_group: Literal["refused", "success"] = "refused"  # 7.33
    list_draft_id: Literal["open", "always"] = "open"  # 7.34
    get_flow_draft: Literal["required", "any"] = "required"  # 7.35
    start_edit_again: Literal["same", "new"] = "same"  # 7.36
    publish: Literal["immediate", "later", "unreliable"] = "immediate"  # 7.37
    delete_used_flow: Literal["refused", "accepted"] = "refused"  # 7.38
    duplicate_flow_name: Literal["refused", "accepted"] = "refused"  # 7.39
    abnormal_instance: Literal["closed", "readable"] = "closed"  # 7.40
    foreign_instance: Literal["hidden", "forbidden"] = "hidden"  # 7.41
    create_instance: Literal["creating", "immediate", "bare"] = "creating"  # 7.42
    page_past_end: Literal["empty", "refused"] = "empty"  # 7.43
    rate_limit: Literal["off", "user", "api", "retry-after"] = "off"  # 7.44
    misplaced_parameter: Literal["accepted", "refused"] = "accepted"  # 7.45
    enumeration_case: Literal["exact", "any"] = "exact"  # 7.46
    add_inactive_number: Literal["accepted", "failed"] = "accepted"  # 7.47
    instance_numbers: Literal["whole", "cut"] = "whole"  # 7.48
    total_count: Literal["true", "capped"] = "true"  # 7.49
    call_window: Literal["inclusive", "half-open"] = "inclusive"  # 7.50
    call_line: Literal["calling", "broker"] = "calling"  # 7.51
    call_numbers: Literal["plain", "masked"] = "plain"  # 7.52
    offered_inactive: Literal["left-out", "listed"] = "left-out"  # 7.53
    number_group_rows: Literal["shown", "hidden"] = "shown"  # 7.54
    unbind_number_group: Literal["refused", "ignored"] = "refused"  # 7.55
    used_by_campaign: Literal["accepted", "refused"] = "accepted"  # 7.56
    give_held_number: Literal["failed", "moved"] = "failed"  # 7.57
    import_numbers: Literal["immediate", "later", "forbidden"] = "immediate"  # 7.58
    import_foreign_number: Literal["refused", "ignored"] = "refused"  # 7.59

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
