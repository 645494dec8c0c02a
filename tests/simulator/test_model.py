"""Random days in a call centre: whatever is called in whatever order, the simulator and the plain model agree.

`HYPOTHESIS_PROFILE=nightly` walks at least 20,000 steps.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.simulator.calling import Answer
from tests.simulator.inside import Inside, inside
from tests.simulator.model import OK, Model, ModelNumber
from tests.support.effort import effort

OWNED = ["021001", "021002", "021003", "021004", "4008001001"]
INSTANCES = ["acme", "other"]
BEGINNING = {"acme": ["021001", "021002", "021003"]}
SEED: dict[str, Any] = {
    "instances": {
        name: {
            "users": [{"login": "li"}],
            "skillGroups": [{"name": "sales"}, {"name": "support"}],
            "contactFlows": [{"name": "main", "id": f"main-{name}"}],
            "numbers": [{"number": text, "usage": "Inbound"} for text in BEGINNING.get(name, [])],
        }
        for name in INSTANCES
    },
    "unassigned": [{"number": text} for text in OWNED if text not in BEGINNING["acme"]],
}
PAGE = {"PageNumber": 1, "PageSize": 100}

instances = st.sampled_from(INSTANCES)
numbers = st.lists(st.sampled_from([*OWNED, "021999"]), min_size=1, max_size=3)
usages = st.sampled_from(["Inbound", "Outbound", "Bidirection"])
group = st.sampled_from(["sales", "sales", "support", "late"])
groups = st.lists(group, min_size=1, max_size=2)
flow = st.sampled_from(["main", "main", "main", "night"])
force = st.booleans()

Place = tuple[str, list[str]]


def _mostly_members(machine: CallCentre) -> st.SearchStrategy[Place]:
    """An instance and numbers that are nearly always in it: most of what is tried should be possible."""
    held = {name: [n for n in OWNED if machine.model.inside(name, n)] for name in INSTANCES}
    possible = [
        st.tuples(st.just(name), st.lists(st.sampled_from(members), min_size=1, max_size=3))
        for name, members in held.items()
        if members
    ]
    return st.one_of(*possible * 3, st.tuples(instances, numbers))


members = st.runner().flatmap(_mostly_members)


class CallCentre(RuleBasedStateMachine):
    """Each rule does one thing to both and compares their answers; the whole state is compared after it."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.call: Inside = self.stack.enter_context(inside(SEED))
        self.flow_ids = {(name, "main"): f"main-{name}" for name in INSTANCES}

    @initialize()
    def opens(self) -> None:
        self.model = Model(
            numbers={text: ModelNumber() for text in OWNED}
            | {text: ModelNumber("acme", "Inbound") for text in BEGINNING["acme"]},
            groups={name: {"sales", "support"} for name in INSTANCES},
            flows={name: {"main": True} for name in INSTANCES},
        )

    def teardown(self) -> None:
        self.stack.close()

    def flow_id(self, instance: str, name: str | None) -> dict[str, str]:
        return {} if name is None else {"ContactFlowId": self.flow_ids.get((instance, name), "unknown")}

    def draft_id(self, flow_id: str) -> str:
        for instance in self.call.state()["instances"].values():
            for row in instance["contactFlows"]:
                if row["id"] == flow_id:
                    return str(row.get("draft", {}).get("id", "none"))
        return "none"

    @rule(instance=instances, numbers=numbers, usage=usages, flow=st.none() | flow)
    def add(self, instance: str, numbers: list[str], usage: str, flow: str | None) -> None:
        answer = self.call(
            "AddPhoneNumbers",
            InstanceId=instance,
            NumberList=numbers,
            Usage=usage,
            **self.flow_id(instance, flow),
        )
        same_batch(answer, *self.model.add(instance, numbers, usage, flow))

    @rule(place=members, usage=usages, flow=st.none() | flow)
    def modify(self, place: Place, usage: str, flow: str | None) -> None:
        instance, (number, *_) = place
        answer = self.call(
            "ModifyPhoneNumber",
            InstanceId=instance,
            Number=number,
            Usage=usage,
            **self.flow_id(instance, flow),
        )
        assert answer.code == self.model.modify(instance, number, usage, flow)

    @rule(place=members, force=force)
    def remove(self, place: Place, force: bool) -> None:
        instance, numbers = place
        answer = self.call("RemovePhoneNumbers", InstanceId=instance, NumberList=numbers, Force=force)
        same_batch(answer, *self.model.remove(instance, numbers, force))

    @rule(place=members, groups=groups)
    def bind_number(self, place: Place, groups: list[str]) -> None:
        instance, (number, *_) = place
        answer = self.call(
            "AddPhoneNumberToSkillGroups",
            InstanceId=instance,
            Number=number,
            SkillGroupIdList=ids(instance, groups),
        )
        assert answer.code == self.model.bind_number(instance, number, groups)

    @rule(place=members, group=group)
    def bind_group(self, place: Place, group: str) -> None:
        instance, numbers = place
        answer = self.call(
            "AddNumbersToSkillGroup",
            InstanceId=instance,
            SkillGroupId=f"{group}@{instance}",
            NumberList=numbers,
        )
        assert answer.code == self.model.bind_group(instance, group, numbers)

    @rule(place=members, groups=groups)
    def unbind_number(self, place: Place, groups: list[str]) -> None:
        instance, (number, *_) = place
        answer = self.call(
            "RemovePhoneNumberFromSkillGroups",
            InstanceId=instance,
            Number=number,
            SkillGroupIdList=ids(instance, groups),
        )
        assert answer.code == self.model.unbind_number(instance, number, groups)

    @rule(place=members)
    def give(self, place: Place) -> None:
        instance, numbers = place
        answer = self.call(
            "AddPersonalNumbersToUser", InstanceId=instance, UserId=f"li@{instance}", NumberList=numbers
        )
        same_batch(answer, *self.model.give(instance, numbers))

    @rule(instance=instances, group=group)
    def create_group(self, instance: str, group: str) -> None:
        answer = self.call("CreateSkillGroup", InstanceId=instance, Name=group, DisplayName=group)
        assert answer.code == self.model.create_group(instance, group)

    @rule(instance=instances, group=st.sampled_from(["late", "late", "late", "sales"]), force=force)
    def delete_group(self, instance: str, group: str, force: bool) -> None:
        answer = self.call(
            "DeleteSkillGroup", InstanceId=instance, SkillGroupId=f"{group}@{instance}", Force=force
        )
        assert answer.code == self.model.delete_group(instance, group, force)

    @rule(instance=instances, flow=flow)
    def create_flow(self, instance: str, flow: str) -> None:
        text = {"Type": "MAIN_FLOW", "Definition": "{}", "Description": "x"}
        answer = self.call("CreateContactFlow", InstanceId=instance, Name=flow, **text)
        assert answer.code == self.model.create_flow(instance, flow)
        if answer.code == OK:
            self.flow_ids[instance, flow] = answer.data

    @rule(instance=instances, flow=flow)
    def publish(self, instance: str, flow: str) -> None:
        names = {"InstanceId": instance, **self.flow_id(instance, flow)}
        answer = self.call("PublishContactFlow", **names, DraftId=self.draft_id(names["ContactFlowId"]))
        known = self.model.flows[instance].get(flow)
        assert answer.code == {None: "NotExists.ContactFlowId", True: "NotExists.DraftId", False: OK}[known]
        if known is False:
            self.model.flows[instance][flow] = True

    @rule(instance=instances, flow=st.sampled_from(["night", "night", "night", "main"]), force=force)
    def delete_flow(self, instance: str, flow: str, force: bool) -> None:
        answer = self.call(
            "DeleteContactFlow", InstanceId=instance, **self.flow_id(instance, flow), Force=force
        )
        assert answer.code == self.model.delete_flow(instance, flow, force)

    @rule()
    def listed_as_stored(self) -> None:
        """What both listings say is what the model says, however much of it was remembered."""
        for instance in INSTANCES:
            rows = self.call("ListPhoneNumbers", InstanceId=instance, **PAGE).data["List"]
            listed = {row["Number"]: {group["Name"] for group in row["SkillGroups"]} for row in rows}
            known = self.model.numbers.items()
            assert listed == {text: one.groups for text, one in known if one.instance == instance}
        rows = self.call("ListUnassignedNumbers", **PAGE).data["List"]
        free = sorted(text for text, one in self.model.numbers.items() if one.instance is None)
        assert [row["Number"] for row in rows] == free

    @precondition(lambda self: hasattr(self, "model"))
    @invariant()
    def agree(self) -> None:
        state = self.call.state()
        found = {row["number"]: ModelNumber() for row in state["unassigned"]}
        for name, instance in state["instances"].items():
            for row in instance["numbers"]:
                found[row["number"]] = ModelNumber(
                    name,
                    "Bidirection" if row["usage"] == "Bidirectional" else row["usage"],
                    row.get("contactFlow"),
                    set(row["skillGroups"]),
                    row.get("user"),
                )
            assert {row["name"] for row in instance["skillGroups"]} == self.model.groups[name]
            flows = {row["name"]: row["published"] for row in instance["contactFlows"]}
            assert flows == self.model.flows[name]
        assert found == self.model.numbers


def ids(instance: str, groups: list[str]) -> list[str]:
    return [f"{group}@{instance}" for group in groups]


def same_batch(answer: Answer, code: str, failed: list[str]) -> None:
    assert answer.code == code
    assert sorted(answer.data or []) == sorted(failed)


TestCallCentre = CallCentre.TestCase
TestCallCentre.settings = effort(quick=20, nightly=600)
