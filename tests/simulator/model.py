"""The rules of numbers, groups and flows, written down once more, as plainly as possible.

Nothing here is shared with the simulator: sets and dictionaries, the default behaviours only. Each method
answers as the API should: the code, and for batches the failed numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

OK = "OK"


@dataclass
class ModelNumber:
    """A number; without an instance it has nothing else."""

    instance: str | None = None
    usage: str | None = None
    flow: str | None = None
    groups: set[str] = field(default_factory=set)
    agent: str | None = None


@dataclass
class Model:
    """`groups` and `flows` by instance; a flow's value says whether it was published."""

    numbers: dict[str, ModelNumber]
    groups: dict[str, set[str]]
    flows: dict[str, dict[str, bool]]

    def inside(self, instance: str, number: str) -> bool:
        return number in self.numbers and self.numbers[number].instance == instance

    def flow_problem(self, instance: str, usage: str, flow: str | None) -> str | None:
        if usage == "Outbound" or flow is None:
            return None
        if flow not in self.flows[instance]:
            return "NotExists.ContactFlowId"
        return None if self.flows[instance][flow] else "Parameter.Invalid"

    def add(
        self, instance: str, numbers: Sequence[str], usage: str, flow: str | None
    ) -> tuple[str, list[str]]:
        if usage != "Inbound" and any(number.startswith("400") for number in numbers):
            return "Parameter.Invalid", []
        if problem := self.flow_problem(instance, usage, flow):
            return problem, []
        failed = []
        for number in dict.fromkeys(numbers):
            if number in self.numbers and self.numbers[number].instance is None:
                bound = None if usage == "Outbound" else flow
                self.numbers[number] = ModelNumber(instance, usage, bound)
            else:
                failed.append(number)
        return OK, failed

    def modify(self, instance: str, number: str, usage: str, flow: str | None) -> str:
        if usage != "Inbound" and number.startswith("400"):
            return "Parameter.Invalid"
        if not self.inside(instance, number):
            return "NotExists.Number"
        if problem := self.flow_problem(instance, usage, flow):
            return problem
        self.numbers[number].usage = usage
        self.numbers[number].flow = None if usage == "Outbound" else flow
        return OK

    def remove(self, instance: str, numbers: Sequence[str], force: bool) -> tuple[str, list[str]]:
        failed = []
        for number in dict.fromkeys(numbers):
            known = self.numbers.get(number, ModelNumber())
            if known.instance != instance or ((known.groups or known.flow or known.agent) and not force):
                failed.append(number)
            else:
                self.numbers[number] = ModelNumber()
        return OK, failed

    def bind_number(self, instance: str, number: str, groups: Sequence[str]) -> str:
        if not self.inside(instance, number):
            return "NotExists.Number"
        if not set(groups) <= self.groups[instance]:
            return "NotExists.SkillGroupId"
        return self._bind([number], groups)

    def bind_group(self, instance: str, group: str, numbers: Sequence[str]) -> str:
        if group not in self.groups[instance]:
            return "NotExists.SkillGroupId"
        if not all(self.inside(instance, number) for number in numbers):
            return "NotExists.Number"
        return self._bind(numbers, [group])

    def _bind(self, numbers: Sequence[str], groups: Sequence[str]) -> str:
        if any(self.numbers[number].agent for number in numbers):
            return "Parameter.Invalid"
        for number in numbers:
            self.numbers[number].groups |= set(groups)
        return OK

    def unbind_number(self, instance: str, number: str, groups: Sequence[str]) -> str:
        if not self.inside(instance, number):
            return "NotExists.Number"
        if not set(groups) <= self.groups[instance]:
            return "NotExists.SkillGroupId"
        if not set(groups) <= self.numbers[number].groups:
            return "Parameter.Invalid"
        self.numbers[number].groups -= set(groups)
        return OK

    def create_group(self, instance: str, group: str) -> str:
        if group in self.groups[instance]:
            return "AlreadyExists.SkillGroupId"
        self.groups[instance].add(group)
        return OK

    def delete_group(self, instance: str, group: str, force: bool) -> str:
        if group not in self.groups[instance]:
            return "NotExists.SkillGroupId"
        members = [known for known in self.numbers.values() if known.instance == instance]
        if not force and any(group in member.groups for member in members):
            return "InUse.SkillGroup"
        self.groups[instance].remove(group)
        for member in members:
            member.groups.discard(group)
        return OK

    def create_flow(self, instance: str, flow: str) -> str:
        if flow in self.flows[instance]:
            return "AlreadyExists.ContactFlow"
        self.flows[instance][flow] = False
        return OK

    def delete_flow(self, instance: str, flow: str, force: bool) -> str:
        if flow not in self.flows[instance]:
            return "NotExists.ContactFlowId"
        users = [
            known for known in self.numbers.values() if known.instance == instance and known.flow == flow
        ]
        if users and not force:
            return "InUse.ContactFlow"
        del self.flows[instance][flow]
        for known in users:
            known.flow = None
        return OK

    def give(self, instance: str, numbers: Sequence[str]) -> tuple[str, list[str]]:
        failed = []
        for number in dict.fromkeys(numbers):
            if self.inside(instance, number) and not self.numbers[number].groups:
                self.numbers[number].agent = "li"
            else:
                failed.append(number)
        return OK, failed
