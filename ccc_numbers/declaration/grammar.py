"""The shape of a stack file: its keys, and the kind of value each takes.

These models are the only list of keys; the JSON schema for editors is made from them. The rules between values (a flow
on an inbound number, an order that exists) are in `rules.py`.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from ccc_numbers.api.rows import FlowType, MediaType
from ccc_numbers.declaration.mapping import Shape
from ccc_numbers.declaration.order_grammar import OrderShape
from ccc_numbers.declaration.scalars import (
    Budget,
    Description,
    DisplayName,
    FilePath,
    Flag,
    FlowTypeText,
    Issuer,
    MediaTypeText,
    Name,
    PartText,
    Time,
    Trusted,
    UsageText,
)
from ccc_numbers.messages.yaml_document import BROKEN, Empty

_T = TypeVar("_T")


def _nothing_said(value: object) -> object:
    """`"02180001001":` alone declares the number with the defaults, like `{}`."""
    return {} if value is None or (isinstance(value, Empty) and value is not BROKEN) else value


def _nobody(value: object) -> object:
    """Blank for null: a program in YAML leaves a null out, and with it the key."""
    return None if value == "" else value


class _NullInSchema:
    """Allows null in the JSON schema."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        return {"anyOf": [handler(core), {"type": "null"}]}


OrNothing = Annotated[_T, BeforeValidator(_nothing_said), _NullInSchema()]


class DefaultsShape(Shape):
    """What every number of the instance has unless it says otherwise."""

    usage: UsageText | None = Field(None, description="inbound, outbound or bidirectional")
    flow: Name | None = Field(None, description="name of the contact flow that answers")
    skill_groups: tuple[Name, ...] | None = Field(
        None, description="names of the skill groups that call out with it and receive from it"
    )
    order: Name | None = Field(None, description="key of the vendor order the number came with")
    ignore_changes: tuple[PartText, ...] | None = Field(
        None, description="what others may change by hand: usage, flow, skillGroups"
    )


class NumberShape(DefaultsShape):
    """One number. What it says itself wins over the defaults."""

    agent: Annotated[Name | None, BeforeValidator(_nobody)] = Field(
        None, description="login or id of the one agent who has it as a personal number; null: nobody"
    )
    adopt: Flag = Field(False, description="take it over although it is bound otherwise or elsewhere now")
    keep_on_removal: Flag | None = Field(
        None, description="leave it in the instance when it is no longer declared"
    )


class SkillGroupShape(Shape):
    """A skill group managed here."""

    display_name: DisplayName = Field(description="1 to 64 characters, any script")
    description: Description = Field("", description="what the group is for")
    media_type: MediaTypeText = Field(MediaType.AUDIO, description="audio, chat or video")


class ContactFlowShape(Shape):
    """A contact flow managed here."""

    type: FlowTypeText = Field(FlowType.MAIN, description="main, sub or survey; numbers take main flows")
    definition: FilePath = Field(description="JSON file with the flow, from this file's folder")
    description: Description = Field("", description="note stored with each version")


class InstanceShape(Shape):
    """One call centre."""

    removal_budget: Budget | None = Field(
        None, description='how many numbers one update may take out: a count, or a share such as "10%"'
    )
    change_budget: Budget | None = Field(
        None,
        description='how many numbers one update may rebind: a count, or a share such as "50%"; by default 50 %, at least 10',
    )
    protected: Flag = Field(True, description="refuse destroy before the first number goes")
    self_service: Flag = Field(
        False,
        description="import pending numbers of an opened order; for accounts that CCC support has allowed to",
    )
    keep_on_removal: Flag = Field(False, description="the same for every number: forget it, leave it there")
    ignore_changes: tuple[PartText, ...] | None = Field(
        None, description="the same for every number: what others may change by hand"
    )
    skill_groups: dict[str, SkillGroupShape] = Field(
        default_factory=dict, description="skill groups managed here, by name; others are only referenced"
    )
    contact_flows: dict[str, ContactFlowShape] = Field(
        default_factory=dict, description="contact flows managed here, by name; others are only referenced"
    )
    defaults: OrNothing[DefaultsShape] = Field(
        default_factory=lambda: DefaultsShape.model_validate({}),
        description="what every number has unless it says otherwise",
    )
    numbers: dict[str, OrNothing[NumberShape]] = Field(
        default_factory=dict,
        description="numbers as CCC shows them: digits only, leading zero kept",
        json_schema_extra={"propertyNames": {"pattern": r"^\d{5,16}$"}},
    )
    numbers_file: FilePath | None = Field(
        None, description="CSV with more numbers: number,usage,flow,skillGroups,order"
    )


class WhereShape(Shape):
    """The numbers an override is for, by what is declared of them; with both, by both."""

    instance: Name | None = Field(None, description="the numbers of this instance")
    flow: Name | None = Field(None, description="the numbers that this flow ordinarily answers")


class OverrideShape(Shape):
    """Another binding for a while. What it says wins over the number and its defaults."""

    numbers: tuple[Name, ...] | None = Field(None, description="the numbers it is for; or use where")
    where: WhereShape | None = Field(None, description="the numbers of an instance or a flow")
    usage: UsageText | None = Field(None, description="inbound, outbound or bidirectional")
    flow: Name | None = Field(None, description="name of the contact flow that answers meanwhile")
    skill_groups: tuple[Name, ...] | None = Field(None, description="names of the skill groups meanwhile")
    from_: Time = Field(alias="from", description="its first day, or the moment at which it begins")
    until: Time = Field(description="its last day, or the moment at which it ends")
    reason: Name = Field(description="why, as the preview shows it")
    owner: Name = Field(description="who answers for it")


class GranteesShape(Shape):
    """Who gets a policy, by their names in RAM."""

    users: tuple[Name, ...] = Field(default_factory=tuple, description="RAM users")
    groups: tuple[Name, ...] = Field(default_factory=tuple, description="RAM user groups")
    roles: tuple[Name, ...] = Field(default_factory=tuple, description="RAM roles")
    trusts: tuple[Trusted, ...] = Field(
        default_factory=tuple,
        description="who may become the roles, which are then made here: ARNs of roles, or subjects of OIDC tokens",
    )
    audiences: tuple[Name, ...] = Field(
        default_factory=tuple,
        description="which of the provider's client ids the tokens must be for; without, any",
    )

    @property
    def subjects(self) -> list[str]:
        """The OIDC tokens among those that are trusted, by their subject."""
        return [each for each in self.trusts if not each.startswith("acs:")]

    def audiences_of(self, provider: IdentityProviderShape) -> tuple[str, ...]:
        """Whom the tokens of the provider must be for, one of these."""
        return self.audiences or provider.audiences


class IdentityProviderShape(Shape):
    """An OIDC identity provider of the account, made here: whose tokens roles may trust."""

    name: Name = Field(description="its name in RAM, which ccc:assumeRole.oidcProvider says")
    issuer: Issuer = Field(description="address of the issuer, as the tokens have it")
    audiences: tuple[Name, ...] = Field(
        ("sts.aliyuncs.com",), description="client ids that tokens may be for"
    )
    fingerprints: tuple[Name, ...] = Field(
        default_factory=tuple, description="SHA-1 fingerprints of the issuer's certificate authorities"
    )


class AccessShape(Shape):
    """Least-privilege RAM policies of the account; each one written is made."""

    deploy: OrNothing[GranteesShape] = Field(default_factory=GranteesShape, description="for `pulumi up`")
    drift: OrNothing[GranteesShape] = Field(
        default_factory=GranteesShape,
        description="read only: drift, orders, adopt, preview",
    )
    purchase: OrNothing[GranteesShape] = Field(
        default_factory=GranteesShape,
        description="to buy on the marketplace; besides deploy",
    )
    traffic: OrNothing[GranteesShape] = Field(
        default_factory=GranteesShape,
        description="to read call detail records (`drift --traffic`); besides drift",
    )
    identity_provider: IdentityProviderShape | None = None


class StackShape(Shape):
    """What a Pulumi stack of ccc-numbers declares. Top-level keys beginning with x- hold anchors."""

    instances: dict[str, InstanceShape] = Field(default_factory=dict, description="call centres, by id")
    overrides: tuple[OverrideShape, ...] = Field(
        default_factory=tuple, description="other bindings for a while, such as over a holiday"
    )
    orders: dict[str, OrderShape] = Field(default_factory=dict, description="vendor orders, by key")
    catalogue: FilePath | None = Field(
        None, description="the stack's own prices and products: a file of the catalogue's form"
    )
    access: AccessShape | None = None
