"""The resources of package `ccc` as Python classes; `ccc_numbers/provider/schema.json` is what they agree with.

Property names are the schema's (camelCase), so that state, schema and program speak of the same thing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi


class PhoneNumber(pulumi.CustomResource):
    """One number's place in an instance, its usage, contact flow and skill groups. Its id is the number.

    Inputs as in the schema: `number`, `instanceId`, `usage` ("inbound", "outbound", "bidirectional"),
    `contactFlow` and `skillGroups` by name, `order`, `agent`, `adopt`, `keepOnRemoval`, `removeOnDelete`.
    """

    number: pulumi.Output[str]
    instanceId: pulumi.Output[str]
    usage: pulumi.Output[str]
    contactFlow: pulumi.Output[str | None]
    skillGroups: pulumi.Output[Sequence[str] | None]
    order: pulumi.Output[str | None]
    agent: pulumi.Output[str | None]
    adopt: pulumi.Output[bool | None]
    keepOnRemoval: pulumi.Output[bool | None]
    removeOnDelete: pulumi.Output[bool | None]
    status: pulumi.Output[str]
    contactFlowId: pulumi.Output[str | None]
    skillGroupIds: pulumi.Output[Sequence[str] | None]
    province: pulumi.Output[str | None]
    city: pulumi.Output[str | None]
    provider: pulumi.Output[str | None]
    active: pulumi.Output[bool | None]

    def __init__(
        self,
        resource_name: str,
        *,
        number: pulumi.Input[str],
        instance_id: pulumi.Input[str],
        usage: pulumi.Input[str],
        contact_flow: pulumi.Input[str] | None = None,
        skill_groups: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        order: pulumi.Input[str] | None = None,
        agent: pulumi.Input[str] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        keep_on_removal: pulumi.Input[bool] | None = None,
        remove_on_delete: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "number": number,
            "instanceId": instance_id,
            "usage": usage,
            "contactFlow": contact_flow,
            "skillGroups": skill_groups,
            "order": order,
            "agent": agent,
            "adopt": adopt,
            "keepOnRemoval": keep_on_removal,
            "removeOnDelete": remove_on_delete,
        }
        computed = ("status", "contactFlowId", "skillGroupIds", "province", "city", "provider", "active")
        super().__init__("ccc:index:PhoneNumber", resource_name, inputs | dict.fromkeys(computed), opts)


class InstanceRoster(pulumi.CustomResource):
    """Every number of an instance with its binding, registered before them: guards against doing too much at once."""

    instanceId: pulumi.Output[str]
    numbers: pulumi.Output[Sequence[str]]
    bindings: pulumi.Output[Sequence[Mapping[str, Any]] | None]
    instances: pulumi.Output[Mapping[str, str] | None]
    declaredElsewhere: pulumi.Output[Sequence[str] | None]
    kept: pulumi.Output[Sequence[str] | None]
    contactFlows: pulumi.Output[Sequence[str] | None]
    skillGroups: pulumi.Output[Sequence[str] | None]
    removalBudget: pulumi.Output[str | None]
    changeBudget: pulumi.Output[str | None]
    protected: pulumi.Output[bool | None]
    place: pulumi.Output[str]
    differing: pulumi.Output[Sequence[str]]
    gone: pulumi.Output[Sequence[str]]
    foreseen: pulumi.Output[Mapping[str, Any] | None]
    instanceName: pulumi.Output[str]
    status: pulumi.Output[str]
    unmanaged: pulumi.Output[Sequence[str]]
    missing: pulumi.Output[Sequence[str]]
    pending: pulumi.Output[Sequence[str]]

    def __init__(
        self,
        resource_name: str,
        *,
        instance_id: pulumi.Input[str],
        numbers: Sequence[str],
        bindings: Sequence[Mapping[str, object]] = (),
        instances: Mapping[str, str] | None = None,
        declared_elsewhere: Sequence[str] = (),
        kept: Sequence[str] = (),
        contact_flows: Sequence[str] = (),
        skill_groups: Sequence[str] = (),
        removal_budget: str | None = None,
        change_budget: str | None = None,
        protected: bool | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "instanceId": instance_id,
            "numbers": list(numbers),
            "bindings": list(bindings) or None,
            "instances": dict(instances) if instances else None,
            "declaredElsewhere": list(declared_elsewhere) or None,
            "kept": list(kept) or None,
            "contactFlows": list(contact_flows) or None,
            "skillGroups": list(skill_groups) or None,
            "removalBudget": removal_budget,
            "changeBudget": change_budget,
            "protected": protected,
        }
        computed = (
            *("instanceName", "status", "place", "unmanaged", "missing", "differing", "pending", "gone"),
            "foreseen",
        )
        super().__init__("ccc:index:InstanceRoster", resource_name, inputs | dict.fromkeys(computed), opts)


class InstanceLatch(pulumi.CustomResource):
    """Registered after an instance's numbers and protected: refuses `destroy`, and removes what was dropped."""

    instanceId: pulumi.Output[str]
    numbers: pulumi.Output[Sequence[str] | None]
    kept: pulumi.Output[Sequence[str] | None]

    def __init__(
        self,
        resource_name: str,
        *,
        instance_id: pulumi.Input[str],
        numbers: Sequence[str] = (),
        kept: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"instanceId": instance_id, "numbers": list(numbers), "kept": list(kept) or None}
        super().__init__("ccc:index:InstanceLatch", resource_name, inputs, opts)


class SkillGroup(pulumi.CustomResource):
    """A skill group of an instance. Its id is CCC's, usually `Name@InstanceId`."""

    instanceId: pulumi.Output[str]
    name: pulumi.Output[str]
    displayName: pulumi.Output[str]
    description: pulumi.Output[str | None]
    mediaType: pulumi.Output[str | None]
    adopt: pulumi.Output[bool | None]
    forceRemoval: pulumi.Output[bool | None]
    skillGroupId: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        instance_id: pulumi.Input[str],
        name: pulumi.Input[str],
        display_name: pulumi.Input[str],
        description: pulumi.Input[str] | None = None,
        media_type: pulumi.Input[str] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        force_removal: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "instanceId": instance_id,
            "name": name,
            "displayName": display_name,
            "description": description,
            "mediaType": media_type,
            "adopt": adopt,
            "forceRemoval": force_removal,
        }
        super().__init__("ccc:index:SkillGroup", resource_name, inputs | {"skillGroupId": None}, opts)


class ContactFlow(pulumi.CustomResource):
    """An IVR flow out of a definition (JSON text), always published. Its id is CCC's flow id."""

    instanceId: pulumi.Output[str]
    name: pulumi.Output[str]
    type: pulumi.Output[str | None]
    definition: pulumi.Output[str]
    description: pulumi.Output[str | None]
    adopt: pulumi.Output[bool | None]
    forceRemoval: pulumi.Output[bool | None]
    published: pulumi.Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        instance_id: pulumi.Input[str],
        name: pulumi.Input[str],
        definition: pulumi.Input[str],
        type: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        force_removal: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "instanceId": instance_id,
            "name": name,
            "type": type,
            "definition": definition,
            "description": description,
            "adopt": adopt,
            "forceRemoval": force_removal,
        }
        super().__init__("ccc:index:ContactFlow", resource_name, inputs | {"published": None}, opts)


class VendorOrder(pulumi.CustomResource):
    """One purchase of numbers from a vendor, with its metadata, materials, stage and term.

    `about` are the inputs of the schema by their names there (camelCase); amounts of money are decimals as text.
    """

    key: pulumi.Output[str]
    vendor: pulumi.Output[str]
    product: pulumi.Output[str]
    stage: pulumi.Output[str]
    quantity: pulumi.Output[int]
    orderId: pulumi.Output[str | None]
    declaredCount: pulumi.Output[int]
    pendingCount: pulumi.Output[int]
    importedCount: pulumi.Output[int]
    boundCount: pulumi.Output[int]
    observedStage: pulumi.Output[str]
    expires: pulumi.Output[str]
    nextStep: pulumi.Output[str]

    COMPUTED = (
        "declaredCount",
        "pendingCount",
        "importedCount",
        "boundCount",
        "observedStage",
        "expires",
        "nextStep",
    )

    def __init__(
        self, resource_name: str, about: Mapping[str, object], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(
            "ccc:index:VendorOrder", resource_name, {**about, **dict.fromkeys(self.COMPUTED)}, opts
        )
