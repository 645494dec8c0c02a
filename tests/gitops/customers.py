"""Customers with accounts of their own: the roles that `access:` makes there, as STS and RAM then hold them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from ccc_numbers.declaration.grammar import AccessShape, IdentityProviderShape
from components.access import trust_policy
from tests.gitops.cloud import Cloud, Role
from tests.gitops.team import Team, staffed
from tests.support import worlds
from tests.support.simulator import Simulator

ACCOUNTS = {"one": "1570000000000001", "two": "1570000000000002", "three": "1570000000000003"}
NUMBERS = dict(zip(ACCOUNTS, worlds.numbers(3), strict=True))
WRITES = ("AddPhoneNumbers", "ModifyPhoneNumber", "RemovePhoneNumbers", "AddNumbersToSkillGroup")
SESSIONS = 40


@dataclass(frozen=True)
class Customer:
    """A customer's account, with the provider and the two roles that its stack file's `access:` makes."""

    name: str
    access: AccessShape

    @classmethod
    def read(cls, name: str, stack_file: str) -> Customer:
        """From the text of a stack file."""
        return cls(name, AccessShape.model_validate(yaml.safe_load(stack_file)["access"]))

    @property
    def account(self) -> str:
        """Its id."""
        return ACCOUNTS[self.name]

    @property
    def providers(self) -> dict[str, IdentityProviderShape]:
        """The identity provider that is made in the account, by its ARN."""
        made = self.access.identity_provider
        return {f"acs:ram::{self.account}:oidc-provider/{made.name}": made} if made else {}

    @property
    def roles(self) -> tuple[Role, Role]:
        """The one that writes and the one that reads, with exactly the trust policies that are made."""
        return self._role("deploy"), self._role("drift", *WRITES)

    def _role(self, purpose: str, *denied: str) -> Role:
        who = getattr(self.access, purpose)
        (name,) = who.roles
        trust = trust_policy(who, self.access.identity_provider, next(iter(self.providers), None))
        return Role(name, denied=denied, account=self.account, trust=trust, sessions=SESSIONS)

    @property
    def settings(self) -> dict[str, object]:
        """What the stack's settings say of the account."""
        write, read = self.roles
        made = self.access.identity_provider
        trusted = {"oidcProvider": made.name} if made else {}
        return {"account": self.account, "assumeRole": {"role": write.name, "readRole": read.name, **trusted}}


def seed_of(customers: Iterable[Customer], *central: Role) -> worlds.Json:
    """All accounts: each with an instance of the customer's name, which is empty, and a number in no instance."""
    found = list(customers)
    roles = [role for each in found for role in each.roles]
    return {
        "accessKeys": [key for role in (*roles, *central) for key in role.keys],
        "instances": {each.name: staffed(worlds.instance()) | {"account": each.account} for each in found},
        "unassigned": [{"number": NUMBERS[each.name], "account": each.account} for each in found],
    }


def declare(us: Team, customers: Iterable[Customer]) -> None:
    """Push a stack for each customer: its number, in its own account."""
    for each in customers:
        us.declare(each.name, {NUMBERS[each.name]: {}}, region="cn-shanghai", **each.settings)
    us.repository.commit("Declare the customers")
    us.push("main")


def judge(
    sts: Cloud, ccc: Simulator, environments: Iterable[Mapping[str, str]], customers: Iterable[Customer]
) -> None:
    """Hold the records of STS, of CCC and of the jobs against each other, after runs in which one session ended."""
    calls = ccc.callers()
    _each_saw_only_its_own(sts, calls, customers)
    assert _transcript(sts, calls).count("then it ended") == 1
    assert sts.refused == []
    _no_long_lived_key(environments)


def _each_saw_only_its_own(
    sts: Cloud, calls: Mapping[str, Mapping[str, int]], customers: Iterable[Customer]
) -> None:
    """Hold the simulator's record, outcomes by key, against the sessions that STS gave.

    Another account's instance does not exist for a key, and the role that reads may not write: such a call had failed.
    """
    given = {each.key: each for each in sts.given}
    for key, outcomes in calls.items():
        stack, verb = given[key].name.split("-")[2:]
        name = "ccc-deploy" if verb == "up" else "ccc-drift"
        assert given[key].role == f"acs:ram::{ACCOUNTS[stack]}:role/{name}"
        assert (outcomes["failed"], outcomes["throttled"]) == (0, 0), key
    assert {given[key].role.split(":")[3] for key in calls} == {each.account for each in customers}


def _no_long_lived_key(environments: Iterable[Mapping[str, str]]) -> None:
    """No process of a job had an access key, or one of a session."""
    seen = list(environments)
    assert seen
    for each in seen:
        keys = {name: value for name, value in each.items() if "ACCESS_KEY" in name}
        assert keys.keys() <= {"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"}
        assert keys.get("ALIBABA_CLOUD_ACCESS_KEY_ID", "STS.").startswith("STS.")
        assert "simulator" not in each.values(), "the key of an account itself"


def _transcript(sts: Cloud, calls: Mapping[str, Mapping[str, int]]) -> str:
    """The sessions that called CCC: name, role, who became it, calls; also for the file that CCC_TRANSCRIPT names."""
    text = "".join(
        f"{each.name:26} {each.role.removeprefix('acs:ram::'):33} {each.who:52} {calls[each.key]['ok']} calls"
        f"{', then it ended' if each.key in sts.late else ''}\n"
        for each in sts.given
        if each.key in calls
    )
    if path := os.environ.get("CCC_TRANSCRIPT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    return text
