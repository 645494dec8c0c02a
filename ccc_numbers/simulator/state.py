"""The documented form of seed and state, and its checks. `docs/simulator.md` describes every key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from ccc_numbers.simulator.records import (
    DEFAULT_ACCOUNT,
    DEFAULT_KEY,
    CallKind,
    FlowKind,
    Media,
    Status,
    is_hotline,
)

MOST_IN_A_RANGE = 1_000_000
EMPTY_DEFINITION = '{"activities":[],"description":""}'

PhoneNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,20}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
NonBlank = Annotated[str, StringConstraints(min_length=1)]
# The configuration's word is accepted beside the wire's, and is what a state is written with.
Usage = Annotated[
    Literal["Inbound", "Outbound", "Bidirectional"],
    BeforeValidator(lambda value: "Bidirectional" if value == "Bidirection" else value),
]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


class KeyForm(_Form):
    """An access key. Without `user` it is the account's own; `denied` are actions RAM refuses it."""

    id: NonBlank
    secret: NonBlank
    account: NonBlank = DEFAULT_ACCOUNT
    user: str = ""
    security_token: str = ""
    token_expired: bool = False
    active: bool = True
    denied: tuple[Identifier, ...] = ()


class DraftForm(_Form):
    """An open draft; `editor` holds its lock."""

    id: str | None = None
    definition: str | None = None
    description: str | None = None
    editor: str | None = None


class FlowForm(_Form):
    """A contact flow. An unpublished one always has a draft. Times are Unix milliseconds."""

    name: NonBlank
    id: NonBlank | None = None
    type: FlowKind = "MAIN_FLOW"
    published: bool = True
    definition: str = EMPTY_DEFINITION
    description: str = ""
    draft: DraftForm | None = None
    polls_left: int = 0
    created: int | None = None
    updated: int | None = None


class GroupForm(_Form):
    """A skill group; `users` is how many agents it has."""

    name: Identifier
    display_name: NonBlank | None = None
    description: str = ""
    media_type: Media = "AUDIO"
    user_count: int = Field(default=0, ge=0, alias="users")


class UserForm(_Form):
    """A CCC user of an instance."""

    login: NonBlank
    display_name: str | None = None
    email: str = ""
    mobile: str = ""
    extension: str = ""
    role: Literal["Admin", "Manager", "Agent"] = "Agent"
    work_mode: Literal["ON_SITE", "OFF_SITE", "OFFICE_PHONE"] = "ON_SITE"


class ImportedForm(_Form):
    """The fields that are fixed when support imports a number."""

    active: bool = True
    provider: str | None = None
    province: str | None = None
    city: str | None = None
    tags: str | None = None
    number_group: str | None = None


class NumberForm(ImportedForm):
    """A number of an instance, bound by names; `created` is when it joined, in Unix milliseconds."""

    number: PhoneNumber
    usage: Usage
    contact_flow: NonBlank | None = None
    skill_groups: tuple[NonBlank, ...] = ()
    user: NonBlank | None = None
    created: int | None = None

    @model_validator(mode="after")
    def _a_400_number_is_inbound(self) -> NumberForm:
        if is_hotline(self.number) and self.usage != "Inbound":
            raise ValueError(f"the 400 number {self.number} can only be Inbound")
        return self


class UnassignedForm(ImportedForm):
    """A number in no instance, or a `range` of them, both ends included."""

    number: PhoneNumber | None = None
    range: tuple[PhoneNumber, PhoneNumber] | None = None
    account: NonBlank = DEFAULT_ACCOUNT

    @model_validator(mode="after")
    def _one_of_number_and_range(self) -> UnassignedForm:
        if (self.number is None) == (self.range is None):
            raise ValueError("give either number or range")
        if self.range and (len(self.range[0]) != len(self.range[1]) or self.range[0] > self.range[1]):
            raise ValueError(f"the range {self.range[0]} to {self.range[1]} does not run upwards")
        if self.range and int(self.range[1]) - int(self.range[0]) >= MOST_IN_A_RANGE:
            raise ValueError(f"a range holds at most {MOST_IN_A_RANGE} numbers")
        return self

    @property
    def numbers(self) -> list[str]:
        """Every number this entry stands for."""
        if self.range is None:
            return [self.number or ""]
        first, last = self.range
        return [str(number).zfill(len(first)) for number in range(int(first), int(last) + 1)]


class CallForm(_Form):
    """A call of an instance, or `count` of them, one `every` so many milliseconds from `at` on (Unix milliseconds).

    `number` is the instance's line, `other` the number at the other end. `talk` is seconds with an agent.
    """

    at: int = Field(ge=0)
    number: PhoneNumber
    other: PhoneNumber = "13800138000"
    type: CallKind = "INBOUND"
    disposition: NonBlank = "Success"
    early_media: NonBlank | None = None
    agent: str = ""
    talk: int = Field(default=0, ge=0)
    count: int = Field(default=1, ge=1, le=MOST_IN_A_RANGE)
    every: int = Field(default=60_000, ge=1)


class InstanceForm(_Form):
    """A call centre and everything in it."""

    name: NonBlank | None = None
    description: str = ""
    status: Status = "RUNNING"
    account: NonBlank = DEFAULT_ACCOUNT
    polls_left: int = 0
    created: int | None = None
    contact_flows: tuple[FlowForm, ...] = ()
    skill_groups: tuple[GroupForm, ...] = ()
    users: tuple[UserForm, ...] = ()
    numbers: tuple[NumberForm, ...] = ()
    calls: tuple[CallForm, ...] = ()


class State(_Form):
    """Everything the simulator knows. Without `accessKeys` there is one: simulator / simulator.

    `identity` names the simulator; without it, it stays the one it was.
    """

    identity: Identifier | None = None
    access_keys: tuple[KeyForm, ...] = (KeyForm(id=DEFAULT_KEY.id, secret=DEFAULT_KEY.secret),)
    switches: dict[str, str] = Field(default_factory=dict)
    instances: dict[Identifier, InstanceForm] = Field(default_factory=dict)
    unassigned: tuple[UnassignedForm, ...] = ()


class CallsForm(_Form):
    """Calls that take place in instances, beside those before them."""

    calls: dict[Identifier, tuple[CallForm, ...]]
