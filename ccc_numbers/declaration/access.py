"""`access:` of a stack file: the RAM policies that the stack makes, and who may become the roles that get them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccc_numbers.declaration.model import Grantees, IdentityProvider, Purpose
from ccc_numbers.declaration.problem import Problem

if TYPE_CHECKING:
    from ccc_numbers.declaration.document import Document
    from ccc_numbers.declaration.grammar import AccessShape, IdentityProviderShape


def read_access(
    document: Document, shape: AccessShape | None
) -> tuple[dict[Purpose, Grantees], IdentityProvider | None]:
    """Who gets which policy, and the identity provider; what does not fit together goes into `document.problems`."""
    if shape is None:
        return {}, None
    provider = _provider(shape.identity_provider)
    granted = {}
    for purpose in Purpose:
        who = getattr(shape, purpose)
        if purpose not in shape.model_fields_set or who is None:
            continue
        granted[purpose] = Grantees(*(tuple(each) for each in (who.users, who.groups, who.roles, who.trusts)))
        for message in _faults(granted[purpose], provider):
            where = document.value(("access", purpose.value, "trusts"))
            document.problems.append(Problem.at(where, f"access.{purpose}.trusts", None, message, "trust"))
    return granted, provider


def subjects(who: Grantees) -> list[str]:
    """The OIDC tokens among those that are trusted, by their subject."""
    return [each for each in who.trusts if not each.startswith("acs:")]


def _faults(who: Grantees, provider: IdentityProvider | None) -> list[str]:
    found = []
    if who.trusts and not who.roles:
        found.append("names who may become a role, and there are no roles; add `roles: [ccc-deploy]`")
    if (named := subjects(who)) and provider is None:
        found.append(
            f"trusts tokens ({named[0]}), and nothing says whose; add `identityProvider: {{name: github, "
            "issuer: https://token.actions.githubusercontent.com}` under access"
        )
    return found


def _provider(shape: IdentityProviderShape | None) -> IdentityProvider | None:
    if shape is None:
        return None
    return IdentityProvider(shape.name, shape.issuer, tuple(shape.audiences), tuple(shape.fingerprints))
