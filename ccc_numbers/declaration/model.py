"""A stack's declaration, resolved and typed: the only form the other rooms see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ccc_numbers.api.rows import FlowType, MediaType, Usage
from ccc_numbers.declaration.grammar import GranteesShape, IdentityProviderShape
from ccc_numbers.declaration.order_grammar import PurchaseShape
from ccc_numbers.declaration.override import Override
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.numbers.plan_number import Binding, Declared, Part
from ccc_numbers.vendors.orders import Order


@dataclass(frozen=True, slots=True)
class SkillGroupDeclaration:
    """A skill group managed by this stack; any other group is only referenced."""

    name: str
    display_name: str
    description: str
    media_type: MediaType
    source: Source


@dataclass(frozen=True, slots=True)
class ContactFlowDeclaration:
    """A contact flow managed by this stack. `definition` is the JSON text of `definition_file`."""

    name: str
    type: FlowType
    description: str
    definition_file: Path
    definition: str = field(repr=False)
    source: Source


@dataclass(frozen=True, slots=True)
class NumberDeclaration:
    """One number, defaults and numbersFile already applied.

    `flow` is None on outbound-only numbers, `agent` names the one agent of a personal number (instead of skill
    groups; "" says that nobody is to have it, None nothing), `order` the key of its vendor order. `ignored` are the parts of its binding that others may change by hand,
    `overrides` those in force, already applied: see `declared_at`.
    """

    number: str
    usage: Usage
    flow: str | None
    skill_groups: tuple[str, ...]
    order: str | None
    adopt: bool
    keep_on_removal: bool
    agent: str | None
    source: Source
    ignored: frozenset[Part] = frozenset()
    overrides: tuple[Override, ...] = ()

    @property
    def override(self) -> str:
        """Until when its overrides are in force, and why; "" for none."""
        return "; ".join(map(str, self.overrides))

    def declared_in(self, instance_id: str) -> Declared:
        """The number for a plan."""
        binding = Binding(self.usage, self.flow, frozenset(self.skill_groups))
        return Declared(
            self.number,
            instance_id,
            binding,
            adopt=self.adopt,
            agent=self.agent,
            ignored=self.ignored,
            override=self.override,
        )


@dataclass(frozen=True, slots=True)
class InstanceDeclaration:
    """One call centre's share of a stack.

    `removal_budget` and `change_budget` are a count of numbers (`"3"`), a share of those declared (`"10%"`), or None
    for the default. `keep_on_removal` is already applied to the numbers. `self_service`: see `line_to_import`.
    """

    id: str
    removal_budget: str | None
    change_budget: str | None
    protected: bool
    keep_on_removal: bool
    skill_groups: Mapping[str, SkillGroupDeclaration]
    contact_flows: Mapping[str, ContactFlowDeclaration]
    numbers: Mapping[str, NumberDeclaration]
    source: Source
    self_service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDeclaration(Order):
    """A vendor order with what only the stack file says.

    `purchase` is the opt-in to buy it on the marketplace, `materials_bucket` the OSS bucket for its papers.
    `positions` has the place of each written key by its name in the file (`scene`, `materials.script`, `regions[0]`).
    """

    purchase: PurchaseShape | None = None
    materials_bucket: str | None = None
    source: Source
    positions: Mapping[str, Source] = field(repr=False)

    def at(self, key: str) -> Source:
        """Where `key` is written, or the order itself when it is not."""
        return self.positions.get(key, self.source)


class Purpose(StrEnum):
    """The purpose of a RAM policy."""

    DEPLOY = "deploy"
    DRIFT = "drift"
    PURCHASE = "purchase"
    TRAFFIC = "traffic"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A whole stack file.

    `catalogue` names the stack's own prices and products, when it has such a file; `access` the RAM policies
    this stack makes, and for whom; `identity_provider` whose tokens the roles among them trust. `overrides` are all of
    them; the numbers have the binding that they ordinarily have, or with `declared_at` the one of a moment.
    """

    file: Path
    instances: Mapping[str, InstanceDeclaration]
    orders: Mapping[str, OrderDeclaration]
    catalogue: Path | None = None
    access: Mapping[Purpose, GranteesShape] = field(default_factory=dict)
    identity_provider: IdentityProviderShape | None = None
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of reading a stack file.

    `declaration` is None when anything at all is wrong. `sound` holds the parts without a problem, for checks that
    go on to find more; never declare resources from it.
    """

    declaration: Declaration | None
    problems: tuple[Problem, ...]
    sound: Declaration
