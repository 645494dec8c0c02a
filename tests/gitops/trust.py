"""Reads RAM's trust policies as STS does: who may become a role."""

import fnmatch
import json
from collections.abc import Callable, Mapping, Sequence

_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringLike": fnmatch.fnmatchcase,
}


Conditions = Mapping[str, Mapping[str, Sequence[str]]]
"""By operator and condition key, the values of which one has to fit."""


def allows(policy: str, principal: tuple[str, str], facts: Mapping[str, str]) -> bool:
    """Whether a policy lets in `("RAM" or "Federated", ARN)`; `facts` are the values of condition keys (`oidc:sub`).

    A condition about a key that has no value does not hold. An element that is not known here is a KeyError.
    """
    document = json.loads(policy)
    assert document["Version"] == "1"
    kind, name = principal
    return any(
        name in statement["Principal"].get(kind, ()) and _holds(statement.get("Condition", {}), facts)
        for statement in document["Statement"]
        if (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRole")
    )


def policy(*statements: tuple[str, Sequence[str], Conditions]) -> str:
    """A policy as RAM keeps it, from rows of the principal's kind, names and conditions."""
    rows = [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {kind: list(names)},
            "Condition": condition,
        }
        for kind, names, condition in statements
    ]
    return json.dumps({"Version": "1", "Statement": rows})


def _holds(conditions: Conditions, facts: Mapping[str, str]) -> bool:
    return all(
        key in facts and any(_OPERATORS[operator](facts[key], each) for each in wanted)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )
