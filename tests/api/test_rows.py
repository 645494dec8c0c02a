"""The wire's rows become ours, whatever CCC leaves out."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from ccc_numbers.api import wire
from ccc_numbers.api.errors import CccError, api_error
from ccc_numbers.api.rows import (
    ContactFlow,
    FlowType,
    Instance,
    PhoneNumber,
    SkillGroup,
    SkillGroupRef,
    UnassignedNumber,
    Usage,
)
from tests.messages.hostile import NAMES
from tests.messages.rules import invisible

ROW = {
    "Number": "01012345678",
    "InstanceId": "ccc-test",
    "Usage": "Bidirection",
    "Active": True,
    "ContactFlowId": "a3fb6c62",
    "ContactFlowName": "welcome",
    "CreateTime": "1617958538000",
    "UserId": "",
    "Provider": "alicom",
    "Province": "北京",
    "City": "北京",
    "Tags": "",
    "SkillGroups": [
        {"SkillGroupId": "vip@ccc-test", "Name": "vip", "DisplayName": "VIP"},
        {"SkillGroupId": "sales@ccc-test", "Name": "sales", "DisplayName": "Sales", "InstanceId": "ccc-test"},
    ],
}
OPTIONAL = (
    "ContactFlowId",
    "ContactFlowName",
    "CreateTime",
    "UserId",
    "Provider",
    "Province",
    "City",
    "Tags",
)


def test_a_number_row_in_full() -> None:
    assert PhoneNumber.from_wire(ROW) == PhoneNumber(
        number="01012345678",
        instance_id="ccc-test",
        usage=Usage.BIDIRECTIONAL,
        contact_flow_id="a3fb6c62",
        contact_flow_name="welcome",
        skill_groups=(
            SkillGroupRef("sales@ccc-test", "sales", "Sales"),
            SkillGroupRef("vip@ccc-test", "vip", "VIP"),
        ),
        active=True,
        user_id=None,
        provider="alicom",
        province="北京",
        city="北京",
        tags=None,
        created=datetime(2021, 4, 9, 8, 55, 38, tzinfo=UTC),
    )


def test_blank_null_and_absent_mean_the_same() -> None:
    blank = PhoneNumber.from_wire({**ROW, **dict.fromkeys(OPTIONAL, ""), "SkillGroups": []})
    null = PhoneNumber.from_wire({**ROW, **dict.fromkeys(OPTIONAL, None), "SkillGroups": None})
    absent = PhoneNumber.from_wire({k: v for k, v in ROW.items() if k not in (*OPTIONAL, "SkillGroups")})
    assert blank == null == absent
    assert blank.contact_flow_id is None
    assert blank.skill_groups == ()
    assert blank.created is None


def test_a_time_comes_as_text_or_as_a_number() -> None:
    assert PhoneNumber.from_wire({**ROW, "CreateTime": 1617958538000}) == PhoneNumber.from_wire(ROW)


@pytest.mark.parametrize(("wire", "active"), [(False, False), ("false", False), ("True", True), (None, True)])
def test_activity_in_every_spelling(wire: object, active: bool) -> None:
    assert PhoneNumber.from_wire({**ROW, "Active": wire}).active is active


def test_usage_knows_its_wire_name_and_what_it_does() -> None:
    assert [usage.wire for usage in Usage] == ["Inbound", "Outbound", "Bidirection"]
    assert [Usage.from_wire(usage.wire) for usage in Usage] == list(Usage)
    assert [usage.takes_calls for usage in Usage] == [True, False, True]
    assert [usage.makes_calls for usage in Usage] == [False, True, True]


def test_a_usage_nobody_knows_is_an_error_not_a_guess() -> None:
    with pytest.raises(CccError, match="'Sideways', which this version does not know"):
        PhoneNumber.from_wire({**ROW, "Usage": "Sideways"})


def test_a_row_without_its_number_is_an_error() -> None:
    with pytest.raises(CccError, match="row without Number"):
        UnassignedNumber.from_wire({"Province": "上海"})


def test_a_flow_of_a_newer_kind_does_not_hide_the_others() -> None:
    flow = ContactFlow.from_wire(
        {"ContactFlowId": "f", "Name": "x", "Type": "VIDEO_FLOW", "Published": "true"}
    )
    assert flow.type is FlowType.OTHER
    assert flow.published
    assert [kind.wire for kind in FlowType][:3] == ["MAIN_FLOW", "SUB_FLOW", "SURVEY_FLOW"]


def test_a_flow_may_have_been_published_and_have_a_draft() -> None:
    row = {
        "ContactFlowId": "f",
        "Type": "MAIN_FLOW",
        "Published": True,
        "DraftId": "d",
        "NumberList": ["4001234567"],
    }
    flow = ContactFlow.from_wire(row)
    assert flow == ContactFlow.from_wire(
        {**row, "NumberList": '["4001234567"]'}
    )  # as the docs of 2021 have it
    assert (flow.type, flow.published, flow.draft_id, flow.numbers) == (
        FlowType.MAIN,
        True,
        "d",
        ("4001234567",),
    )


def test_a_skill_group_is_named_differently_by_each_operation() -> None:
    listed = SkillGroup.from_wire({"SkillGroupId": "s@i", "SkillGroupName": "s", "PhoneNumberCount": "3"})
    gotten = SkillGroup.from_wire({"SkillGroupId": "s@i", "Name": "s", "MediaType": "CHAT"})
    assert (listed.name, listed.number_count, listed.user_count, listed.media_type) == ("s", 3, None, "AUDIO")
    assert (gotten.name, gotten.number_count, gotten.media_type) == ("s", None, "CHAT")


def test_an_instance_lists_its_numbers_as_objects() -> None:
    instance = Instance.from_wire(
        {"Id": "ccc-test", "Status": "RUNNING", "NumberList": [{"Number": "4001234567"}]}
    )
    assert (instance.id, instance.status, instance.numbers) == ("ccc-test", "RUNNING", ("4001234567",))


def test_rows_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        PhoneNumber.from_wire(ROW).number = "1"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize("value", ["9" * 5_000, "²", "-1", "1e3", 10**18])
def test_a_count_or_time_beyond_all_sense_is_none(value: object) -> None:
    assert wire.count({"Total": value}, "Total") is None
    assert wire.moment({"Time": value}, "Time") is None
    assert wire.moment({"Time": "9" * 18}, "Time") is None


@pytest.mark.parametrize("value", ["[1, 2", "[" * 100_000])
def test_an_array_as_text_that_is_none_is_one_line(value: str) -> None:
    with pytest.raises(CccError, match="a row whose Numbers is text, and not a JSON array"):
        list(wire.items({"Numbers": value}, "Numbers"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83d\ude00"', "😀"),
        (r'"a\ud800b"', "a\ufffdb"),
        (r'"\udc00\ud800"', "\ufffd\ufffd"),
        (r'"\ud800\ud83d\ude00"', "\ufffd😀"),
        (r'"\\ud800"', r"\ud800"),
        (r'"\u4e3b\u6d41\u7a0b"', "主流程"),
    ],
)
def test_half_a_surrogate_pair_becomes_the_replacement_character(text: str, value: str) -> None:
    assert wire.parsed(text) == value
    assert str(wire.parsed(text)).encode()


def test_a_name_is_compared_and_sent_as_ccc_has_it() -> None:
    for name in NAMES:
        row = ContactFlow.from_wire({"ContactFlowId": name, "Name": name})
        assert (row.id, row.name) == (name, name)


def test_an_error_of_ccc_is_one_visible_line() -> None:
    for name in NAMES:
        error = api_error("GetInstance", f"X.{name}", name, http_status=400, request_id=name)
        assert invisible(str(error), "") == []
        assert invisible(error.detail + error.code, "") == []
