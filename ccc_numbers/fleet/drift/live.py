"""What CCC holds, as one drift run saw it. Data alone: `gather` fills it, `compare` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccc_numbers.api.errors import ApiError, CccError
from ccc_numbers.api.rows import ContactFlow, PhoneNumber, SkillGroup
from ccc_numbers.numbers.plan_number import Standing


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An instance of one account: ids are only unique within their account."""

    account: str
    instance: str


@dataclass(frozen=True, slots=True)
class InstanceView:
    """Everything of one instance: numbers by number, flows and skill groups by name."""

    place: Place
    numbers: Mapping[str, PhoneNumber]
    flows: Mapping[str, ContactFlow]
    groups: Mapping[str, SkillGroup]


@dataclass(frozen=True, slots=True)
class Unread:
    """Why something could not be read: `reason` is the same wherever the cause is, `detail` is about this call."""

    reason: str
    detail: str

    @classmethod
    def of(cls, error: CccError) -> Unread:
        """Of an answer of CCC: its words and code; which call it was, and its request id, are detail."""
        reason = f"{error.detail.rstrip('.')} ({error.code})" if isinstance(error, ApiError) else str(error)
        return cls(reason, str(error))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was seen: instances, why others could not be read, and where the numbers are that they lack.

    `accounts` has the account's name by stack, `failed` why a stack has none. `where` is keyed by account and
    number, and knows every declared number that is not in its instance.
    """

    accounts: Mapping[str, str]
    failed: Mapping[str, str]
    views: Mapping[Place, InstanceView]
    unread: Mapping[Place, Unread]
    where: Mapping[tuple[str, str], Standing] = field(default_factory=dict)


NOTHING = Snapshot({}, {}, {}, {})
"""Nobody has looked."""
