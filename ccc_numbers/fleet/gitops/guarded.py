"""Whether an environment of GitHub keeps out what it is for: other branches, and what nobody has allowed."""

from __future__ import annotations

from urllib.parse import quote

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import GitHub
from ccc_numbers.fleet.gitops.proposal import ALLOWED

_SETTINGS = "Settings, Environments"


def check_guarded(github: GitHub, environment: str) -> None:
    """Raises FleetError when a branch's own workflow could run in it, or nobody has to allow a job in `ALLOWED`.

    GitHub makes an environment that is not there, without any rule, when a job first names it.
    """
    found = github.api.call("GET", f"{github.path}/environments/{quote(environment, safe='')}")
    row = found if isinstance(found, dict) else {}
    if not row.get("deployment_branch_policy"):
        raise FleetError(
            f"the environment {environment} is open to every branch, and so to every branch's own workflow: "
            f"choose its deployment branches, main alone ({_SETTINGS})"
        )
    rules = row.get("protection_rules")
    reviewed = any(
        isinstance(rule, dict) and rule.get("type") == "required_reviewers" and rule.get("reviewers")
        for rule in (rules if isinstance(rules, list) else [])
    )
    if environment == ALLOWED and not reviewed:
        raise FleetError(
            f"the environment {environment} has no required reviewers, so nobody would have to allow what runs "
            f"in it: name them ({_SETTINGS})"
        )
