"""Every undocumented behaviour, under each of its alternatives."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.switches import Switches, alternatives
from tests.simulator.inside import Inside, inside
from tests.simulator.switch_checks import (
    PAGE,
    SEED,
    Check,
    add,
    add_group,
    bind,
    calls,
    campaign_minds,
    create_instance,
    description_after,
    draft_listed,
    foreign,
    gives,
    gives_held,
    imports,
    leaves,
    lists,
    misplaced,
    modify,
    names,
    offered,
    published_after,
    raw_data,
    remove,
    shares,
    shuffles,
    stale,
    throttles,
    total,
    unbind,
    unbind_shared,
    unset,
)

MAIN = {"ContactFlowId": "{main}"}
LONG = [f"0210{number:04}" for number in range(101)]

CASES: list[tuple[str, str, Check]] = [
    ("error-status", "documented", lambda world: world("GetInstance", InstanceId="x").status == 404),
    ("error-status", "ok", lambda world: world("GetInstance", InstanceId="x").status == 200),
    ("list-limit", "100", add("Parameter.Maximum", LONG)),
    ("list-limit", "20", add("Parameter.Maximum", LONG[:21])),
    ("list-limit", "50", add("Parameter.Maximum", LONG[:51])),
    ("list-limit", "unlimited", add(LONG, LONG)),
    ("empty-list", "minimum", add("Parameter.Minimum", [])),
    ("empty-list", "empty", add("Parameter.Empty", [])),
    ("empty-list", "no-op", add([], [])),
    ("duplicates", "dropped", add([], ["021010", "021010"])),
    ("duplicates", "failed", add(["021010"], ["021010", "021010"])),
    ("add-foreign-number", "failed", add(["1"], ["1", "021010"])),
    ("add-foreign-number", "not-exists", add("NotExists.Number", ["021010", "1"])),
    ("add-present-number", "failed", add(["021001"], ["021001"])),
    ("add-present-number", "conflict", add("AlreadyExists.PhoneNumber", ["021001"])),
    (
        "add-present-number",
        "upsert",
        leaves("021001", "Usage", "Inbound", "AddPhoneNumbers", Usage="Inbound", NumberList=["021001"]),
    ),
    ("usage-of-400", "refused", add("Parameter.Invalid", ["021010", "4008001001"])),
    ("usage-of-400", "failed", add(["4008001001"], ["021010", "4008001001"])),
    ("outbound-with-flow", "ignored", add([], Usage="Outbound", ContactFlowId="none")),
    ("outbound-with-flow", "refused", add("Parameter.Invalid", Usage="Outbound", ContactFlowId="none")),
    ("unknown-flow", "refused", add("NotExists.ContactFlowId", ContactFlowId="none")),
    (
        "unknown-flow",
        "stored",
        leaves(
            "021001",
            "ContactFlowId",
            "none",
            "ModifyPhoneNumber",
            Number="021001",
            Usage="Inbound",
            ContactFlowId="none",
        ),
    ),
    ("modify-without-flow", "clear", modify(None, Usage="Inbound")),
    ("modify-without-flow", "keep", modify("main", Usage="Inbound")),
    ("modify-with-blank-flow", "clear", modify(None, Usage="Inbound", ContactFlowId="")),
    ("modify-with-blank-flow", "keep", modify("main", Usage="Inbound", ContactFlowId="")),
    (
        "modify-with-blank-flow",
        "refused",
        gives("Parameter.Blank", "ModifyPhoneNumber", Number="021001", Usage="Inbound", ContactFlowId=""),
    ),
    ("modify-to-outbound", "drop", modify(None, Usage="Outbound")),
    ("modify-to-outbound", "keep", modify("main", Usage="Outbound")),
    ("unpublished-flow", "refused", add("Parameter.Invalid", ContactFlowId="new")),
    ("unpublished-flow", "accepted", add([], ContactFlowId="new")),
    ("sub-flow", "refused", add("Parameter.Invalid", ContactFlowId="sub")),
    ("sub-flow", "accepted", add([], ContactFlowId="sub")),
    ("list-and-group", "refused", add_group("Parameter.Invalid", NumberList=["021011"])),
    ("list-and-group", "union", add_group([], NumberList=["021011"])),
    ("bind-again", "no-op", bind("OK", "021001", "sales@acme")),
    ("bind-again", "conflict", bind("AlreadyExists.PhoneNumber", "021001", "sales@acme")),
    ("unbind-absent", "refused", unbind("Parameter.Invalid", "021003")),
    ("unbind-absent", "no-op", unbind("OK", "021003")),
    ("unknown-group", "refused", bind("NotExists.SkillGroupId", "021003", "sales@acme", "x")),
    ("unknown-group", "partial", bind("OK", "021003", "sales@acme", "x")),
    ("bind-absent-number", "refused", bind("NotExists.Number", "021010", "sales@acme")),
    ("bind-absent-number", "ignored", bind("OK", "021010", "sales@acme")),
    ("bind-personal-number", "refused", bind("Parameter.Invalid", "021002", "sales@acme")),
    (
        "bind-personal-number",
        "cleared",
        leaves(
            "021002",
            "UserId",
            None,
            "AddNumbersToSkillGroup",
            SkillGroupId="sales@acme",
            NumberList=["021002"],
        ),
    ),
    ("bind-mismatch", "accepted", bind("OK", "021003", "web@acme")),
    ("bind-mismatch", "refused", bind("Parameter.Invalid", "021003", "sales@acme")),
    ("bind-mismatch", "refused", bind("Parameter.Invalid", "021001", "web@acme")),
    ("remove-bound", "failed", remove(["021001"], "021001")),
    ("remove-bound", "refused", remove("InUse.Number", "021001")),
    ("remove-absent", "failed", remove(["1"], "1")),
    ("remove-absent", "not-exists", remove("NotExists.Number", "1")),
    ("remove-absent", "success", remove([], "1")),
    ("list-order", "newest", lists("021001", "021003", "021002")),
    ("list-order", "insertion", lists("021001", "021002", "021003")),
    ("list-order", "random", shuffles),
    ("search", "substring", lists("021003", SearchPattern="3")),
    ("search", "prefix", lists(SearchPattern="3")),
    ("search", "like", lists("021003", SearchPattern="0%3")),
    ("unset", "absent", unset("absent")),
    ("unset", "null", unset(None)),
    ("unset", "blank", unset("")),
    ("no-failures", "list", raw_data([])),
    ("no-failures", "absent", raw_data("absent")),
    ("no-failures", "null", raw_data(None)),
    ("reads", "immediate", stale(False)),
    ("reads", "stale", stale(True)),
    ("missing-parameter", "gateway", gives("MissingNumber", "GetNumberLocation")),
    ("missing-parameter", "blank", gives("Parameter.Blank", "GetNumberLocation")),
    ("missing-parameter", "null", gives("Parameter.Null", "GetNumberLocation")),
    ("blank-parameter", "blank", gives("Parameter.Blank", "GetNumberLocation", Number="")),
    ("blank-parameter", "empty", gives("Parameter.Empty", "GetNumberLocation", Number="")),
    ("modify-group-without-description", "clear", description_after("")),
    ("modify-group-without-description", "keep", description_after("first line")),
    (
        "delete-unknown-group",
        "refused",
        gives("NotExists.SkillGroupId", "DeleteSkillGroup", SkillGroupId="x"),
    ),
    ("delete-unknown-group", "success", gives("OK", "DeleteSkillGroup", SkillGroupId="x")),
    (
        "duplicate-display-name",
        "accepted",
        lambda world: (
            world("CreateSkillGroup", InstanceId="acme", Name="s2", DisplayName="Sales").code == "OK"
        ),
    ),
    (
        "duplicate-display-name",
        "refused",
        gives("AlreadyExists.SkillGroupId", "CreateSkillGroup", Name="s2", DisplayName="Sales"),
    ),
    ("list-draft-id", "open", draft_listed("main", False)),
    ("list-draft-id", "always", draft_listed("main", True)),
    (
        "get-flow-draft",
        "required",
        gives("NotExists.DraftId", "GetContactFlow", ContactFlowId="sub", DraftId="x"),
    ),
    ("get-flow-draft", "any", gives("OK", "GetContactFlow", ContactFlowId="sub", DraftId="x")),
    ("start-edit-again", "same", gives("d", "StartEditContactFlow", ContactFlowId="edited")),
    (
        "start-edit-again",
        "new",
        lambda world: not gives("d", "StartEditContactFlow", ContactFlowId="edited")(world),
    ),
    ("publish", "immediate", published_after(True, "new")),
    ("publish", "later", published_after(False, "new", polls=1)),
    ("publish", "later", published_after(True, "new", polls=2)),
    ("publish", "unreliable", published_after(True, "bad")),
    ("delete-used-flow", "refused", gives("InUse.ContactFlow", "DeleteContactFlow", **MAIN)),
    ("delete-used-flow", "accepted", gives("OK", "DeleteContactFlow", **MAIN)),
    (
        "duplicate-flow-name",
        "refused",
        gives(
            "AlreadyExists.ContactFlow",
            "CreateContactFlow",
            Name="main",
            Type="MAIN_FLOW",
            Definition="{}",
            Description="x",
        ),
    ),
    (
        "duplicate-flow-name",
        "accepted",
        gives("OK", "CreateContactFlow", Name="main", Type="MAIN_FLOW", Definition="{}", Description="x"),
    ),
    (
        "abnormal-instance",
        "closed",
        gives("AbnormalService.Ceased", "ListSkillGroups", **{**PAGE, "InstanceId": "stopped"}),
    ),
    ("abnormal-instance", "readable", gives("OK", "ListSkillGroups", **{**PAGE, "InstanceId": "stopped"})),
    ("foreign-instance", "hidden", foreign("NotExists.InstanceId")),
    ("foreign-instance", "forbidden", foreign("Permission.Common")),
    ("create-instance", "creating", create_instance("CREATING", 1)),
    ("create-instance", "immediate", create_instance("RUNNING", 1)),
    ("create-instance", "bare", create_instance("CREATING", 0)),
    ("page-past-end", "empty", lists(PageNumber=2)),
    ("page-past-end", "refused", gives("Parameter.Maximum", "ListPhoneNumbers", **{**PAGE, "PageNumber": 2})),
    ("rate-limit", "off", throttles("OK")),
    ("rate-limit", "user", throttles("Throttling.User")),
    ("rate-limit", "api", throttles("Throttling.Api")),
    ("rate-limit", "retry-after", throttles("Throttling.User", hint=True)),
    ("misplaced-parameter", "accepted", misplaced("OK")),
    ("misplaced-parameter", "refused", misplaced("MissingInstanceId")),
    (
        "enumeration-case",
        "exact",
        gives("Parameter.Enumeration", "ListPhoneNumbers", **PAGE, Usage="inbound"),
    ),
    ("enumeration-case", "any", gives("OK", "ListPhoneNumbers", **PAGE, Usage="inbound")),
    ("add-inactive-number", "accepted", add([], ["021012"])),
    ("add-inactive-number", "failed", add(["021012"], ["021012"])),
    ("instance-numbers", "whole", names("021001", "021003", "021002")),
    ("instance-numbers", "cut", names("021001")),
    ("total-count", "true", total("10005")),
    ("total-count", "capped", total("10000")),
    ("call-window", "inclusive", calls("021001", "021001", EndTime=2000)),
    ("call-window", "half-open", calls("021001", EndTime=2000)),
    ("call-line", "calling", calls("021001", "021001")),
    ("call-line", "broker", calls("li", "li")),
    ("call-numbers", "plain", calls("021001", "021001")),
    ("call-numbers", "masked", calls("02****", "02****")),
    ("offered-inactive", "left-out", offered()),
    ("offered-inactive", "listed", offered("021001")),
    ("number-group-rows", "shown", shares("web@acme")),
    ("number-group-rows", "hidden", shares()),
    ("unbind-number-group", "refused", unbind_shared("Parameter.Invalid")),
    ("unbind-number-group", "ignored", unbind_shared("OK")),
    ("used-by-campaign", "accepted", campaign_minds([], "OK")),
    ("used-by-campaign", "refused", campaign_minds(["021001"], "InUse.SkillGroup")),
    ("give-held-number", "failed", gives_held(["021001"], 1)),
    ("give-held-number", "moved", gives_held([], 0)),
    ("import-numbers", "immediate", imports("OK", "021099", numbers=["021099"])),
    ("import-numbers", "later", imports("OK", numbers=["021099"])),
    ("import-numbers", "forbidden", imports("Permission.Common", numbers=["021099"])),
    ("import-foreign-number", "refused", imports("Parameter.Invalid")),
    ("import-foreign-number", "ignored", imports("OK", "021099")),
]


@pytest.fixture
def world() -> Iterator[Inside]:
    with inside(SEED) as world:
        yield world


@pytest.mark.parametrize(("name", "value", "check"), CASES)
def test_a_switch(world: Inside, name: str, value: str, check: Check) -> None:
    world.switch(**{name: value})
    assert check(world)


def test_every_alternative_is_tried() -> None:
    assert {(name, value) for name, value, _ in CASES} == {
        (name, value) for name, values in alternatives().items() for value in values
    }


def test_every_row_of_the_contract_has_its_switch() -> None:
    assert len(alternatives()) == 59


def test_the_first_alternative_is_the_default() -> None:
    default = Switches().as_mapping()
    assert {name: values[0] for name, values in alternatives().items()} == default


def test_a_wrong_switch_names_the_nearest() -> None:
    with pytest.raises(Mistake, match='did you mean "modify-without-flow"'):
        Switches().changed({"modify-without-flaw": "keep"})
    with pytest.raises(Mistake, match="none of clear, keep"):
        Switches().changed({"modify-without-flow": "maybe"})


def test_the_documentation_lists_every_switch() -> None:
    text = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text("utf-8")
    for row, (name, (default, *others)) in enumerate(alternatives().items(), 1):
        assert f"| 7.{row} | `{name}` | {' · '.join([f'**{default}**', *others])} |" in text
