"""`access:`: the policies allow what the code calls, and nothing else."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.declaration.model import Purpose
from components.access import AGENTS, BUY, CALLS, CHANGE, IMPORT, LOOK, policy_name
from tests.components.mocked import Made, run

ROOT = Path(__file__).parents[2]
POLICY = "alicloud:ram/policy:Policy"
ROLE = "alicloud:ram/role:Role"
TWO = "identityProvider: {name: gitlab, issuer: 'https://gitlab.example', audiences: [write, read]}"
OPERATION = re.compile(
    r"(Add|Commit|Create|Delete|Discard|Get|Import|List|Modify|Publish|Remove|Start)[A-Z]\w+"
)


def sources(*folders: str) -> Iterator[ast.Module]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield ast.parse(file.read_text("utf-8"))


def operations() -> dict[str, str]:
    """Method of the client -> the operation of CCC it calls."""
    found = {}
    for module in sources("ccc_numbers/api/operations"):
        for method in (node for node in ast.walk(module) if isinstance(node, ast.AsyncFunctionDef)):
            for call in (node for node in ast.walk(method) if isinstance(node, ast.Call) and node.args):
                name = call.args[0]
                if isinstance(name, ast.Constant) and OPERATION.fullmatch(str(name.value)):
                    found[method.name] = str(name.value)
    return found


def called(modules: Iterable[ast.Module]) -> set[str]:
    """The RAM actions of every operation that these modules call."""
    known = operations()
    attributes = (
        node.attr for module in modules for node in ast.walk(module) if isinstance(node, ast.Attribute)
    )
    return {f"ccc:{known[name]}" for name in attributes if name in known}


def plugin() -> Iterator[ast.Module]:
    yield from sources("ccc_numbers/provider", "ccc_numbers/numbers")


def inventory() -> Iterator[ast.Module]:
    yield ast.parse((ROOT / "ccc_numbers/numbers/inventory.py").read_text("utf-8"))
    yield from sources("ccc_numbers/fleet")


def test_deploying_needs_every_operation_the_plugin_calls() -> None:
    assert len(operations()) > 20
    assert called(plugin()) == set(LOOK + CHANGE + IMPORT)


def test_looking_needs_what_the_commands_list_and_changes_nothing() -> None:
    assert called(inventory()) == set(LOOK + AGENTS + CALLS)
    assert all(action.startswith(("ccc:List", "ccc:Get")) for action in LOOK + AGENTS + CALLS)


def allowed(made: Made, purpose: str) -> dict[str, tuple[str, ...]]:
    """Action -> the resources it is allowed on."""
    document = json.loads(made[POLICY, f"ccc-numbers-acme-{purpose}"].inputs["policyDocument"])
    assert document["Version"] == "1"
    assert {row["Effect"] for row in document["Statement"]} == {"Allow"}
    return {action: tuple(row["Resource"]) for row in document["Statement"] for action in row["Action"]}


def test_each_purpose_written_is_one_policy(project: Path) -> None:
    made = run(project, "access: {drift: , purchase: {}, traffic: }\n")
    assert made.errors == []
    assert made.of(POLICY) == [f"ccc-numbers-acme-{each}" for each in ("drift", "purchase", "traffic")]
    assert allowed(made, "traffic") == dict.fromkeys(CALLS, ("*",))
    assert allowed(made, "drift") == dict.fromkeys(LOOK + AGENTS, ("*",))
    assert allowed(made, "purchase") == dict.fromkeys(BUY, ("*",))
    assert made.of("alicloud:ram/*") == made.of(POLICY)
    assert made.exports["access"] == {
        "drift": "ccc-numbers-acme-drift",
        "purchase": "ccc-numbers-acme-purchase",
        "traffic": "ccc-numbers-acme-traffic",
    }
    policy = made[POLICY, "ccc-numbers-acme-drift"]
    assert policy.inputs["policyName"] == "ccc-numbers-acme-drift"
    assert policy.parent == "ccc:components:Access::acme"


@pytest.mark.parametrize(("said", "more"), [("false", ()), ("true", IMPORT)])
def test_only_a_stack_that_imports_by_itself_may_import(
    project: Path, said: str, more: tuple[str, ...]
) -> None:
    here = f"instances: {{acme: {{selfService: {said}, numbers: {{'02180001001': {{usage: inbound, flow: f}}}}}}}}\n"
    made = run(project, here + "access: {deploy: }\n")
    assert made.errors == []
    assert set(allowed(made, "deploy")) == set(LOOK + CHANGE + more)


def test_a_policy_is_given_to_those_named(project: Path) -> None:
    made = run(project, "access: {deploy: {users: [ci], groups: [ops, oncall], roles: [ccc-deploy]}}\n")
    given = {
        (kind.rsplit(":", 1)[-1], each.inputs.get("userName") or each.inputs.get("groupName") or each.inputs.get("roleName"))
        for (kind, _), each in made.resources.items()
        if kind.endswith("Attachment")
    }  # fmt: skip
    assert given == {
        ("UserPolicyAttachment", "ci"),
        ("GroupPolicyAttachment", "ops"),
        ("GroupPolicyAttachment", "oncall"),
        ("RolePolicyAttachment", "ccc-deploy"),
    }
    assert {
        (each.inputs["policyName"], each.inputs["policyType"])
        for (kind, _), each in made.resources.items()
        if kind.endswith("Attachment")
    } == {("ccc-numbers-acme-deploy", "Custom")}


def trust(made: Made, role: str) -> list[dict[str, Any]]:
    document = json.loads(made[ROLE, role].inputs["assumeRolePolicyDocument"])
    assert {(row["Effect"], row["Action"]) for row in document["Statement"]} == {("Allow", "sts:AssumeRole")}
    return list(document["Statement"])


def test_the_example_makes_roles_that_trust_the_pipeline_alone(project: Path) -> None:
    made = run(project, (ROOT / "docs/examples/access/stacks/acme.yaml").read_text("utf-8"))
    assert made.errors == []
    assert made.of(ROLE) == ["ccc-deploy", "ccc-drift"]
    provider = "acs:ram::1570000000000002:oidc-provider/github"
    exactly = {"oidc:iss": ["https://token.actions.githubusercontent.com"], "oidc:aud": ["sts.aliyuncs.com"]}
    (deploy,) = trust(made, "ccc-deploy")
    assert deploy["Principal"] == {"Federated": [provider]}
    subject = "repo:ORG/REPO:environment:production"
    assert deploy["Condition"] == {"StringEquals": exactly | {"oidc:sub": [subject]}}
    roles, tokens = trust(made, "ccc-drift")
    assert roles["Principal"] == {"RAM": ["acs:ram::1570000000000001:role/numbers-drift"]}
    assert "repo:ORG/REPO:environment:preview" in tokens["Condition"]["StringEquals"]["oidc:sub"]
    assert "*" not in json.dumps([deploy, roles, tokens])


def test_the_example_for_gitlab_keeps_jobs_that_read_from_writing(project: Path) -> None:
    made = run(project, (ROOT / "docs/examples/access/stacks/gitlab.yaml").read_text("utf-8"))
    assert made.errors == []
    (deploy,), (drift,) = trust(made, "ccc-deploy"), trust(made, "ccc-drift")
    assert deploy["Condition"]["StringEquals"]["oidc:aud"] == ["sts.aliyuncs.com"]
    assert "ccc-numbers-preview" in drift["Condition"]["StringEquals"]["oidc:aud"]


def test_roles_that_trust_nobody_here_are_not_made(project: Path) -> None:
    made = run(project, "access: {deploy: {roles: [ccc-deploy]}}\n")
    assert made.of(ROLE) == made.of("alicloud:ims/*") == []


def test_audiences_tell_jobs_of_one_subject_apart(project: Path) -> None:
    drift = "drift: {roles: [s], trusts: ['p:x'], audiences: [read]}"
    deploy = "deploy: {roles: [r], trusts: ['p:x'], audiences: [write]}"
    made = run(project, f"access: {{{TWO}, {deploy}, {drift}}}\n")
    assert made.errors == []
    said = {role: trust(made, role)[0]["Condition"]["StringEquals"]["oidc:aud"] for role in ("r", "s")}
    assert said == {"r": ["write"], "s": ["read"]}


@pytest.mark.parametrize(
    ("access", "place", "word"),
    [
        ("{deploy: {roles: [r], trusts: ['repo:a/b:*']}}", "deploy.trusts[0]", "has named"),
        ("{deploy: {roles: [r], trusts: ['repo:a/b:pull_request']}}", "deploy.trusts[0]", "reviewed"),
        ("{deploy: {roles: [r], trusts: ['acs:ram::1:user/x']}}", "deploy.trusts[0]", "ARN"),
        ("{deploy: {roles: [r], trusts: [production]}}", "deploy.trusts[0]", "subject"),
        ("{deploy: {roles: [r], trusts: ['repo:a/b:environment:p']}}", "deploy.trusts", "identityProvider"),
        ("{drift: {trusts: ['acs:ram::1:role/x']}}", "drift.trusts", "roles"),
        (
            f"{{{TWO}, deploy: {{roles: [r], trusts: ['p:x'], audiences: [wirte]}}}}",
            "deploy.audiences[0]",
            '"write"',
        ),
        (
            f"{{{TWO}, deploy: {{roles: [r], trusts: ['p:x']}}, drift: {{roles: [s], trusts: ['p:x']}}}}",
            "deploy.trusts",
            "a job that only reads could write",
        ),
        ("{identityProvider: {name: github, issuer: 'http://x'}}", "identityProvider.issuer", "https://"),
    ],
)
def test_a_trust_that_is_too_wide_or_incomplete_is_refused(
    project: Path, access: str, place: str, word: str
) -> None:
    made = run(project, f"access: {access}\n")
    (error,) = made.errors
    assert error.startswith("stacks/acme.yaml:1:")
    assert f"access.{place}" in error
    assert word in error
    assert made.resources == {}


def test_who_deploys_may_write_the_stacks_own_bucket_alone(project: Path) -> None:
    order = (
        "orders: {o: {vendor: A, product: '400', stage: intended, quantity: 1, materialsBucket: papers-1}}\n"
    )
    rights = allowed(run(project, f"access: {{deploy: }}\n{order}"), "deploy")
    assert {action for action, where in rights.items() if where == ("*",)} == set(LOOK + CHANGE)
    assert {where for action, where in rights.items() if action.startswith("oss:")} == {
        ("acs:oss:*:*:papers-1",),
        ("acs:oss:*:*:papers-1/*",),
    }
    assert not [action for action in rights if "Delete" in action and not action.startswith("ccc:")]


def test_names_are_such_as_ram_takes() -> None:
    assert policy_name("acme_eu.prod", Purpose.DRIFT) == "ccc-numbers-acme-eu-prod-drift"
