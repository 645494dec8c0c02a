"""What CCC answers, as frozen rows: the wire's capitalised keys end here.

CCC leaves unset fields away, sends them as null or as "" (undocumented which): all three mean None. Numbers
are digit strings exactly as CCC shows them. Times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from ccc.errors import CccError

Wire = Mapping[str, object]
MediaType = Literal["AUDIO", "CHAT", "VIDEO"]
MEDIA_TYPES: tuple[MediaType, ...] = ("AUDIO", "CHAT", "VIDEO")


class Usage(StrEnum):
    """What a number is for; its value is the declaration's word, `wire` CCC's (`Bidirection`)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    BIDIRECTIONAL = "bidirectional"

    @property
    def wire(self) -> str:
        return {Usage.INBOUND: "Inbound", Usage.OUTBOUND: "Outbound", Usage.BIDIRECTIONAL: "Bidirection"}[
            self
        ]

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
        for usage in cls:
            if usage.wire == value:
                return usage
        raise CccError(f"CCC answered the usage {value!r}, which this version does not know")


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


@dataclass(frozen=True, slots=True)
class SkillGroupRef:
    """A skill group as a number's row names it. `id` looks like `Name@InstanceId`; never build it."""

    id: str
    name: str
    display_name: str

    @classmethod
    def from_wire(cls, row: Wire) -> SkillGroupRef:
        name = _text(row, "Name") or _text(row, "SkillGroupName")
        return cls(_required(row, "SkillGroupId"), name or "", _text(row, "DisplayName") or name or "")


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
    def from_wire(cls, row: Wire) -> PhoneNumber:
        groups = (SkillGroupRef.from_wire(group) for group in _rows(row, "SkillGroups"))
        return cls(
            number=_required(row, "Number"),
            instance_id=_text(row, "InstanceId") or "",
            usage=Usage.from_wire(row.get("Usage")),
            contact_flow_id=_text(row, "ContactFlowId"),
            contact_flow_name=_text(row, "ContactFlowName"),
            skill_groups=tuple(sorted(groups, key=lambda group: group.id)),
            active=_flag(row, "Active", default=True),
            user_id=_text(row, "UserId"),
            provider=_text(row, "Provider"),
            province=_text(row, "Province"),
            city=_text(row, "City"),
            tags=_text(row, "Tags"),
            created=_moment(row, "CreateTime"),
        )


@dataclass(frozen=True, slots=True)
class BriefNumber:
    """A number as the listings of a skill group or of an agent show it: without its bindings to groups."""

    number: str
    instance_id: str
    active: bool
    usage: Usage | None
    contact_flow_id: str | None
    province: str | None
    city: str | None

    @classmethod
    def from_wire(cls, row: Wire) -> BriefNumber:
        return cls(
            number=_required(row, "Number"),
            instance_id=_text(row, "InstanceId") or "",
            active=_flag(row, "Active", default=True),
            usage=Usage.from_wire(row["Usage"]) if _text(row, "Usage") else None,
            contact_flow_id=_text(row, "ContactFlowId"),
            province=_text(row, "Province"),
            city=_text(row, "City"),
        )


@dataclass(frozen=True, slots=True)
class UnassignedNumber:
    """A number of the account that is in no instance yet. Source: ListUnassignedNumbers."""

    number: str
    province: str | None
    city: str | None

    @classmethod
    def from_wire(cls, row: Wire) -> UnassignedNumber:
        return cls(_required(row, "Number"), _text(row, "Province"), _text(row, "City"))


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """A skill group. The counts are None where CCC does not tell them (Get, Create)."""

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
        name = _text(row, "SkillGroupName") or _text(row, "Name") or ""
        return cls(
            id=_required(row, "SkillGroupId"),
            name=name,
            display_name=_text(row, "DisplayName") or name,
            description=_text(row, "Description") or "",
            instance_id=_text(row, "InstanceId") or "",
            media_type=_text(row, "MediaType") or "AUDIO",
            number_count=_count(row, "PhoneNumberCount"),
            user_count=_count(row, "UserCount"),
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
            id=_required(row, "ContactFlowId"),
            name=_text(row, "Name") or "",
            type=FlowType.from_wire(row.get("Type")),
            published=_flag(row, "Published", default=False),
            draft_id=_text(row, "DraftId"),
            editor=_text(row, "Editor"),
            description=_text(row, "Description") or "",
            definition=_text(row, "Definition") or "",
            numbers=tuple(str(number) for number in _items(row, "NumberList")),
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

    @classmethod
    def from_wire(cls, row: Wire) -> Instance:
        return cls(
            id=_text(row, "Id") or _required(row, "DomainName"),
            name=_text(row, "Name") or "",
            description=_text(row, "Description") or "",
            status=_text(row, "Status") or "",
            console_url=_text(row, "ConsoleUrl"),
            numbers=tuple(_required(number, "Number") for number in _rows(row, "NumberList")),
        )


@dataclass(frozen=True, slots=True)
class NumberLocation:
    """Where a number is from. Source: GetNumberLocation."""

    number: str
    province: str | None
    city: str | None

    @classmethod
    def from_wire(cls, row: Wire) -> NumberLocation:
        return cls(_required(row, "Number"), _text(row, "Province"), _text(row, "City"))


def _text(row: Wire, key: str) -> str | None:
    value = row.get(key)
    return None if value is None or value == "" else str(value)


def _required(row: Wire, key: str) -> str:
    value = _text(row, key)
    if value is None:
        raise CccError(f"CCC answered a row without {key}: it has {', '.join(sorted(row)) or 'no keys'}")
    return value


def _flag(row: Wire, key: str, *, default: bool) -> bool:
    value = row.get(key)
    if value is None or value == "":
        return default
    return value is True or str(value).lower() == "true"


def _count(row: Wire, key: str) -> int | None:
    value = _text(row, key)
    return int(value) if value is not None else None


def _moment(row: Wire, key: str) -> datetime | None:
    """Unix milliseconds, which CCC sends as text in one operation and as an integer in another."""
    value = _text(row, key)
    return datetime.fromtimestamp(int(value) / 1000, UTC) if value is not None else None


def _items(row: Wire, key: str) -> Iterable[object]:
    value = row.get(key)
    return value if isinstance(value, list) else ()


def _rows(row: Wire, key: str) -> Iterable[Wire]:
    return (item for item in _items(row, key) if isinstance(item, Mapping))
