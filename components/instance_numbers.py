"""`InstanceNumbers`: everything one instance declares, as one component."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pulumi
from pulumi.output import UNKNOWN

from ccc_numbers.declaration.model import (
    ContactFlowDeclaration,
    InstanceDeclaration,
    NumberDeclaration,
    SkillGroupDeclaration,
)
from ccc_numbers.numbers.plan_number import Part

from .resources import ContactFlow, InstanceLatch, InstanceRoster, PhoneNumber, SkillGroup, VendorOrder

_PROPERTIES: Mapping[str, str] = {Part.FLOW: "contactFlow"}
"""The parts of a binding that a stack file calls otherwise than the properties."""


class InstanceNumbers(pulumi.ComponentResource):
    """An instance's roster, the groups and flows managed here, then its numbers, then its latch.

    `others` are the stack's other instances: a number may move there, and from there. The numbers' logical names are the
    numbers themselves: together with the component's type they make the URN, which a move to another instance's component
    therefore keeps.

    The rosters of all instances have to agree before the first number is touched, so they come first: make the
    components in any order, then call `declare_numbers` on each with the `gate`, a roster that waits for the others.
    The roster itself waits for what it comes `after`.
    """

    def __init__(
        self,
        instance: InstanceDeclaration,
        others: Iterable[InstanceDeclaration] = (),
        opts: pulumi.ResourceOptions | None = None,
        after: Sequence[pulumi.Resource] = (),
        *,
        kind: str = "ccc:components:InstanceNumbers",
        name: str | None = None,
    ) -> None:
        super().__init__(kind, name or instance.id, None, opts)
        self.instance_id = instance.id
        self._instance = instance
        others = list(others)
        self._declared = numbers = [instance.numbers[number] for number in sorted(instance.numbers)]
        self.numbers: dict[str, PhoneNumber] = {}
        self.roster = InstanceRoster(
            f"{instance.id}-roster",
            instance_id=instance.id,
            numbers=[number.number for number in numbers],
            bindings=_bindings(numbers) or None,
            instances={other.id: other.removal_budget or "" for other in others} or None,
            declared_elsewhere=sorted(number for other in others for number in other.numbers) or None,
            kept=_kept(numbers),
            contact_flows=sorted({n.flow for n in numbers if n.flow} - instance.contact_flows.keys()) or None,
            skill_groups=sorted({g for n in numbers for g in n.skill_groups} - instance.skill_groups.keys())
            or None,
            managed_contact_flows=sorted(instance.contact_flows) or None,
            managed_skill_groups=sorted(instance.skill_groups) or None,
            removal_budget=instance.removal_budget,
            change_budget=instance.change_budget,
            protected=instance.protected,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )

    def declare_numbers(
        self, gate: InstanceRoster, orders: Mapping[str, VendorOrder], lines: Mapping[str, str]
    ) -> None:
        """Register the groups, flows, numbers and the latch, after this instance's roster and `gate`.

        A number waits for its order among `orders`. `lines`: by order, see `line_to_import`.
        """
        instance = self._instance
        rosters = [self.roster] if gate is self.roster else [self.roster, gate]
        after_rosters = pulumi.ResourceOptions(parent=self, depends_on=rosters)
        managed = [
            *(_skill_group(instance.id, group, after_rosters) for group in instance.skill_groups.values()),
            *(_contact_flow(instance.id, flow, after_rosters) for flow in instance.contact_flows.values()),
        ]
        before = [*rosters, *managed]
        self.numbers = {
            number.number: _number(
                instance.id,
                number,
                pulumi.ResourceOptions(parent=self, depends_on=[*before, *_order(number, orders)]),
                lines.get(number.order or "") if instance.self_service else None,
            )
            for number in self._declared
        }
        self.latch = InstanceLatch(
            f"{instance.id}-latch",
            instance_id=instance.id,
            numbers=list(self.numbers),
            kept=_kept(self._declared),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[self.roster, *self.numbers.values()], protect=instance.protected
            ),
        )

    @property
    def summary(self) -> pulumi.Output[dict[str, object]]:
        """What the stack exports of the instance: its numbers with status and bindings, unmanaged, pending."""
        return self.roster.unmanaged.apply(self._summary)

    async def _summary(self, unmanaged: Sequence[str] | None) -> dict[str, object]:
        """Unknown as a whole while anything of it is.

        Each output is waited for as it is. `Output.all` makes fifteen more for each number, a quarter of the
        program's time.
        """
        numbers: dict[str, object] = {}
        pending = []
        for number, resource in self.numbers.items():
            outputs = (resource.status, resource.province, resource.city)
            if not all([await output.is_known() for output in outputs]):
                return UNKNOWN  # type: ignore[return-value]  # it stands for a value of any type
            status, province, city = [await output.future() for output in outputs]
            numbers[number] = _row(self._instance.numbers[number], status, province, city)
            if status == "pending":
                pending.append(number)
        return {"numbers": numbers, "pending": pending, "unmanaged": list(unmanaged or ())}


def _bindings(numbers: Sequence[NumberDeclaration]) -> list[dict[str, object]]:
    """The numbers by how they are bound: a thousand numbers share a handful of bindings."""
    groups: dict[tuple[object, ...], list[NumberDeclaration]] = defaultdict(list)
    for each in numbers:
        binding = (each.usage, each.flow, frozenset(each.skill_groups), each.agent)
        groups[*binding, each.adopt, each.ignored, each.override].append(each)
    return [
        _without_blanks(
            usage=str(members[0].usage),
            contactFlow=members[0].flow,
            skillGroups=sorted(members[0].skill_groups),
            agent=members[0].agent,
            adopt=members[0].adopt,
            ignoreChanges=_ignored(members[0]),
            override=members[0].override or None,
            numbers=[each.number for each in members],
        )
        for members in groups.values()
    ]


def _ignored(number: NumberDeclaration) -> list[str] | None:
    """What others may change, by the names of the properties."""
    return sorted(_PROPERTIES.get(part, part) for part in number.ignored) or None


def _without_blanks(**values: object) -> dict[str, object]:
    # A blank agent says that nobody is to have the number.
    return {key: value for key, value in values.items() if value or value == ""}


def _kept(numbers: Iterable[NumberDeclaration]) -> list[str] | None:
    return [number.number for number in numbers if number.keep_on_removal] or None


def _skill_group(instance_id: str, group: SkillGroupDeclaration, opts: pulumi.ResourceOptions) -> SkillGroup:
    return SkillGroup(
        f"{instance_id}/{group.name}",
        instance_id=instance_id,
        name=group.name,
        display_name=group.display_name,
        description=group.description or None,
        media_type=str(group.media_type),
        opts=opts,
    )


def _contact_flow(
    instance_id: str, flow: ContactFlowDeclaration, opts: pulumi.ResourceOptions
) -> ContactFlow:
    return ContactFlow(
        f"{instance_id}/{flow.name}",
        instance_id=instance_id,
        name=flow.name,
        type=str(flow.type),
        definition=flow.definition,
        description=flow.description or None,
        opts=opts,
    )


def _number(
    instance_id: str, number: NumberDeclaration, opts: pulumi.ResourceOptions, line: str | None
) -> PhoneNumber:
    return PhoneNumber(
        number.number,
        number=number.number,
        instance_id=instance_id,
        usage=str(number.usage),
        contact_flow=number.flow,
        skill_groups=sorted(number.skill_groups) or None,
        order=number.order,
        agent=number.agent,
        adopt=number.adopt or None,
        keep_on_removal=number.keep_on_removal or None,
        ignore_changes=_ignored(number),
        override=number.override or None,
        self_service=line,
        opts=opts,
    )


def _order(number: NumberDeclaration, orders: Mapping[str, VendorOrder]) -> list[VendorOrder]:
    return [orders[number.order]] if number.order and number.order in orders else []


def _row(
    number: NumberDeclaration, status: str | None, province: str | None, city: str | None
) -> dict[str, object]:
    row = {
        "status": status,
        "usage": str(number.usage),
        "flow": number.flow,
        "skillGroups": sorted(number.skill_groups),
        "order": number.order,
        "province": province,
        "city": city,
    }
    return {key: value for key, value in row.items() if value not in (None, "")}
