"""CCC's answers as frozen rows: the wire's capitalised keys end here.

CCC leaves unset fields away, sends them as null or as "" (undocumented which): all three mean None. Numbers
are digit strings exactly as CCC shows them. Times are aware datetimes in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ccc_numbers.api import wire
from ccc_numbers.api.errors import CccError
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr


class MediaType(StrEnum):
    """The medium of a skill group; numbers need `audio`."""

    AUDIO = "audio"
    CHAT = "chat"
    VIDEO = "video"

    @property
    def wire(self) -> str:
        return self.value.upper()


class Usage(StrEnum):
    """The usage of a number; its value is the declaration's word, `wire` CCC's (`Bidirection`)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    BIDIRECTIONAL = "bidirectional"

    @property
    def wire(self) -> str:
        return "Bidirection" if self is Usage.BIDIRECTIONAL else self.value.title()

    @property
    def takes_calls(self) -> bool:
        """Callers reach it, so a contact flow has to answer."""
        return self is not Usage.OUTBOUND

    @property
    def makes_calls(self) -> bool:
        """Agents call out with it, so a skill group has to hold it."""
        return self is not Usage.INBOUND

    @classmethod
    def from_wire(cls, value: object) -> Usage:
        usage = _USAGES.get(value)
        if usage is None:
            raise CccError(
                tr("CCC answered the usage {usage!r}, which this version does not know", usage=value)
            )
        return usage


_USAGES: Mapping[object, Usage] = {usage.wire: usage for usage in Usage}


class FlowType(StrEnum):
    """Kind of contact flow; only `main` can be bound to a number. `other` is one newer than this code."""

    MAIN = "main"
    SUB = "sub"
    SURVEY = "survey"
    OTHER = "other"

    @property
    def wire(self) -> str:
        return f"{self.value.upper()}_FLOW"

    @classmethod
    def from_wire(cls, value: object) -> FlowType:
        return next((kind for kind in cls if kind.wire == value), cls.OTHER)


FLOW_TYPES = (FlowType.MAIN, FlowType.SUB, FlowType.SURVEY)
"""Those that can be declared."""


SKILL_GROUP_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
LONGEST_NAME = 64
"""Characters of a flow's name and of a skill group's display name."""


@dataclass(frozen=True, slots=True)
class SkillGroupRef:
    """A skill group as a number's row names it. `id` looks like `Name@InstanceId`; never build it."""

    id: str
    name: str
    display_name: str

    @classmethod
    def from_wire(cls, row: Wire) -> SkillGroupRef:
        name = wire.text(row, "Name") or wire.text(row, "SkillGroupName")
        return cls(
            wire.required(row, "SkillGroupId"), name or "", wire.text(row, "DisplayName") or name or ""
        )


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in an instance, with all its bindings. Source: ListPhoneNumbers.

    `user_id` is set on an agent's personal number. `created` is when it joined the instance, not when it was
    bought. `provider`, `province`, `city`, `tags` and `active` cannot be changed through the API; `active` is
    None for a number that this run has added and not listed since.
    """

    number: str
    instance_id: str
    usage: Usage
    contact_flow_id: str | None
    contact_flow_name: str | None
    skill_groups: tuple[SkillGroupRef, ...]
    active: bool | None
    user_id: str | None
    provider: str | None
    province: str | None
    city: str | None
    tags: str | None
    created: datetime | None

    @classmethod
    def from_wire(cls, row: Wire, flow_names: Mapping[str, str] = {}) -> PhoneNumber:
        """`flow_names` has names by id, for an answer that leaves them out."""
        flow = wire.text(row, "ContactFlowId")
        groups = (SkillGroupRef.from_wire(group) for group in wire.rows(row, "SkillGroups"))
        return cls(
            number=wire.required(row, "Number"),
            instance_id=wire.text(row, "InstanceId") or "",
            usage=Usage.from_wire(row.get("Usage")),
            contact_flow_id=flow,
            contact_flow_name=wire.text(row, "ContactFlowName") or flow_names.get(flow or ""),
            skill_groups=tuple(sorted(groups, key=lambda group: group.id)),
            active=wire.flag(row, "Active", default=True),
            user_id=wire.text(row, "UserId"),
            provider=wire.text(row, "Provider"),
            province=wire.text(row, "Province"),
            city=wire.text(row, "City"),
            tags=wire.text(row, "Tags"),
            created=wire.moment(row, "CreateTime"),
        )


@dataclass(frozen=True, slots=True)
class UnassignedNumber:
    """A number of the account that is in no instance yet. Source: ListUnassignedNumbers."""

    number: str
    province: str | None
    city: str | None

    @classmethod
    def from_wire(cls, row: Wire) -> UnassignedNumber:
        return cls(wire.required(row, "Number"), wire.text(row, "Province"), wire.text(row, "City"))


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """A skill group. The counts are None where CCC does not return them (Get, Create)."""

    id: str
    name: str
    display_name: str
    description: str
    instance_id: str
    media_type: str
    number_count: int | None
    user_count: int | None

    @classmethod
    def from_wire(cls, row: Wire) -> SkillGroup:
        name = wire.text(row, "SkillGroupName") or wire.text(row, "Name") or ""
        return cls(
            id=wire.required(row, "SkillGroupId"),
            name=name,
            display_name=wire.text(row, "DisplayName") or name,
            description=wire.text(row, "Description") or "",
            instance_id=wire.text(row, "InstanceId") or "",
            media_type=wire.text(row, "MediaType") or "AUDIO",
            number_count=wire.count(row, "PhoneNumberCount"),
            user_count=wire.count(row, "UserCount"),
        )


@dataclass(frozen=True, slots=True)
class ContactFlow:
    """An IVR flow (IVR 流程). `published` means it was published once; an open edit shows as `draft_id`.

    `definition` is CCC's JSON text as it is; `numbers` are those bound to it; `editor` is who holds its lock.
    """

    id: str
    name: str
    type: FlowType
    published: bool
    draft_id: str | None
    editor: str | None
    description: str
    definition: str
    numbers: tuple[str, ...]

    @classmethod
    def from_wire(cls, row: Wire) -> ContactFlow:
        return cls(
            id=wire.required(row, "ContactFlowId"),
            name=wire.text(row, "Name") or "",
            type=FlowType.from_wire(row.get("Type")),
            published=wire.flag(row, "Published", default=False),
            draft_id=wire.text(row, "DraftId"),
            editor=wire.text(row, "Editor"),
            description=wire.text(row, "Description") or "",
            definition=wire.text(row, "Definition") or "",
            numbers=tuple(str(number) for number in wire.items(row, "NumberList")),
        )


@dataclass(frozen=True, slots=True)
class Instance:
    """A call centre. `status` is CCC's word: CREATING, RUNNING, STOPPED or RELEASED.

    `numbers` come with the instance and may be cut short for a large one: plan with list_phone_numbers.
    """

    id: str
    name: str
    description: str
    status: str
    console_url: str | None
    numbers: tuple[str, ...]

    @property
    def running(self) -> bool:
        """Whether its numbers can be listed and changed."""
        return self.status == "RUNNING"

    @classmethod
    def from_wire(cls, row: Wire) -> Instance:
        return cls(
            id=wire.text(row, "Id") or wire.required(row, "DomainName"),
            name=wire.text(row, "Name") or "",
            description=wire.text(row, "Description") or "",
            status=wire.text(row, "Status") or "",
            console_url=wire.text(row, "ConsoleUrl"),
            numbers=tuple(wire.required(number, "Number") for number in wire.rows(row, "NumberList")),
        )
