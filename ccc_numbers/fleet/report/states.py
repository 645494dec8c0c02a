"""The words for where a number, a stack and an order stand."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where one number stands, the gravest first. `ACCEPTED` differs, and somebody said that it may."""

    DEAD = "dead"
    ELSEWHERE = "elsewhere"
    MISSING = "missing"
    NOT_IN_ACCOUNT = "not in account"
    DIFFERS = "differs"
    NOT_READ = "not read"
    UNMANAGED = "unmanaged"
    PENDING = "pending"
    ACCEPTED = "accepted"
    AS_DECLARED = "as declared"
    NOT_ASKED = "not asked"


MEANS: Mapping[State, str] = MappingProxyType(
    {
        State.DEAD: "nobody can reach it, or call out with it",
        State.ELSEWHERE: "declared for one instance, but in another",
        State.MISSING: "in the account, but in no instance",
        State.NOT_IN_ACCOUNT: "declared, but the account does not have it",
        State.DIFFERS: "bound otherwise than declared",
        State.NOT_READ: "nothing is known: its instance could not be read",
        State.UNMANAGED: "in an instance, but declared by no stack",
        State.PENDING: "still to be imported by CCC support, as its order says",
        State.ACCEPTED: "differs, and an ignore rule or the baseline accepts it",
        State.AS_DECLARED: "in CCC as the stack file says",
        State.NOT_ASKED: "declared; CCC was not asked (--offline)",
    }
)
"""What each state means, in one line."""


class Status(StrEnum):
    """What a stack, or the fleet, comes to."""

    INCOMPLETE = "incomplete"
    DIFFERS = "differs"
    AS_DECLARED = "as declared"
    NOT_ASKED = "not asked"
