"""Which set of numbers a stack reaches: the one place that decides what "the same account" is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

_SIMULATOR = ", simulator "
_IN_ACCOUNT = ", account "


@dataclass(frozen=True, slots=True)
class World:
    """One account in one region. Two stacks are in the same one when this is equal, however they spell it.

    `simulator` is "" for CCC itself; else where a simulator (anything on this machine) is: each is a world of its own.
    `account` is its id, None where no setting names it; then `host` and `identity` (a profile or a role, "" for the
    environment's) stand for it.
    """

    simulator: str
    region: str
    account: str | None = None
    host: str = ""
    identity: str = ""

    def __str__(self) -> str:
        where = f"{self.simulator or self.host or 'CCC'}{f' ({self.region})' if self.region else ''}"
        who = f"account {self.account}" if self.account else self.identity  # not translated: compared
        return f"{where}, {who}" if who else where

    @property
    def everywhere(self) -> Self:
        """The account in all its regions, which pays for its orders as one."""
        return replace(self, region="", host="")

    def shares(self, other: World) -> bool:
        """Whether both are one account by their settings: two profiles or roles are two accounts.

        A world without account, profile and role may be any.
        """
        named = bool(self.identity and other.identity)
        return self.may_be(other) and not (named and self.identity != other.identity)

    def may_be(self, other: World) -> bool:
        """Whether both may be one account: they are not certainly different.

        This decides whether a number may be removed: a stack that is not certainly elsewhere may still declare it.
        """
        if (self.simulator, self.region) != (other.simulator, other.region):
            return False
        return self.account is None or other.account is None or self.account == other.account


def place_of(place: str, account: str | None) -> str:
    """`place` (see `Settings.place`) with the account that it is in, where that is known."""
    where, _, known = place.partition(_IN_ACCOUNT)
    return f"{where}{_IN_ACCOUNT}{known or account}" if known or account else where


def apart(made: str, now: str) -> bool:
    """Whether two places differ. An account that only one of them names is not a difference."""
    where, _, account = made.partition(_IN_ACCOUNT)
    here, _, known = now.partition(_IN_ACCOUNT)
    return not _same(where, here) or bool(account and known and account != known)


def at_simulator(where: str, identity: str | None) -> str:
    """`where`, which names no account, with the identity of the simulator there, where that is known."""
    return f"{where}{_SIMULATOR}{identity}" if identity else where


def readdressed(made: str, now: str) -> bool:
    """Whether two places that are not apart are one simulator at two addresses."""
    return made.partition(_SIMULATOR)[0] != now.partition(_SIMULATOR)[0] and _SIMULATOR in made


def _same(where: str, here: str) -> bool:
    """The same address, or the same simulator and region: a simulator may have moved to another port."""
    address, _, simulator = where.partition(_SIMULATOR)
    another, _, found = here.partition(_SIMULATOR)
    regions = {each.rpartition(" (")[2] for each in (address, another)}
    return address == another or (bool(simulator) and simulator == found and len(regions) == 1)
