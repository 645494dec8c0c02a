"""Customers with accounts of their own: the roles that `access:` makes there, as STS and RAM then hold them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from ccc_numbers.declaration.grammar import AccessShape, IdentityProviderShape
from components.access import trust_policy
from tests.gitops.cloud import Role
from tests.gitops.team import staffed
from tests.support import worlds

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
    def provider(self) -> IdentityProviderShape:
        """The identity provider that is made in the account."""
        assert self.access.identity_provider is not None
        return self.access.identity_provider

    @property
    def provider_arn(self) -> str:
        """The identity provider's name in full."""
        return f"acs:ram::{self.account}:oidc-provider/{self.provider.name}"

    @property
    def roles(self) -> tuple[Role, Role]:
        """The one that writes and the one that reads, with exactly the trust policies that are made."""
        return self._role("deploy"), self._role("drift", *WRITES)

    def _role(self, purpose: str, *denied: str) -> Role:
        who = getattr(self.access, purpose)
        (name,) = who.roles
        trust = trust_policy(who, self.provider, self.provider_arn)
        return Role(name, denied=denied, account=self.account, trust=trust, sessions=SESSIONS)

    @property
    def settings(self) -> dict[str, object]:
        """What the stack's settings say of the account."""
        write, read = self.roles
        return {"account": self.account, "assumeRole": {"role": write.name, "readRole": read.name}}


def seed_of(customers: Iterable[Customer], *central: Role) -> worlds.Json:
    """All accounts: each with an instance of the customer's name, which is empty, and a number in no instance."""
    found = list(customers)
    roles = [role for each in found for role in each.roles]
    return {
        "accessKeys": [key for role in (*roles, *central) for key in role.keys],
        "instances": {each.name: staffed(worlds.instance()) | {"account": each.account} for each in found},
        "unassigned": [{"number": NUMBERS[each.name], "account": each.account} for each in found],
    }
