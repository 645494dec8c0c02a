"""The whole way on GitHub: from a branch to its comment, its merge, an apply that is allowed, drift and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gitops.fleet import edit_in_the_console
from tests.gitops.github_rehearsal import A1, A2, A3, B1, B2, PASSPHRASE, SUBJECT, Rehearsal, rehearsing
from tests.gitops.services import needs_redis
from tests.gitops.workflow import needs_act


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsing(tmp_path) as on_github:
        yield on_github


@needs_redis
@needs_act
def test_from_a_branch_to_its_comment_its_merge_drift_and_back(rehearsal: Rehearsal) -> None:
    git, ccc = rehearsal.team.repository.git, rehearsal.team.ccc

    # Day one: main is deployed by hand; it plans, somebody approves, it applies.
    rehearsal.declare("acme", {A1: {}, A2: {}})
    rehearsal.declare("beta", {B1: {}, B2: {}})
    rehearsal.team.repository.commit("Declare acme and beta")
    rehearsal.team.push("main")
    first = rehearsal.run("deploy.yml", "workflow_dispatch", stacks="acme", environment="production")
    assert first.results == {"select": "success", "plan": "success", "apply": "success"}, first.logs
    assert sorted(ccc.numbers("acme")) == [A1, A2]

    # A pull request: one more number, another flow. Its comment says so, masked, and only of acme.
    git("switch", "-q", "-c", "more")
    rehearsal.declare("acme", {A1: {"flow": "夜间流程"}, A2: {}, A3: {"skillGroups": ["sales", "vip"]}})
    rehearsal.team.repository.commit("Add a number to acme")
    rehearsal.team.push("more")
    before_preview = ccc.state()
    preview = rehearsal.preview(7)
    assert preview.results.pop("waits") == "skipped", "stack files alone wait for nobody"
    assert set(preview.results.values()) == {"success"}, preview.logs
    (comment,) = rehearsal.github.comments[7]
    assert (
        "| acme | ✅ done | 1 added, 1 rebound (主流程 → 夜间流程) | `stacks/acme.yaml` |" in comment["body"]
    )
    assert "| flow 主流程 → 夜间流程 |" in comment["body"]
    assert "beta" not in comment["body"]
    assert ccc.state() == before_preview, "a preview changes nothing"
    for number in (A1, A2, A3):
        assert number not in comment["body"] + preview.logs + preview.summaries
    assert PASSPHRASE not in preview.logs

    # From a fork the same change is checked and nothing else: no secret, no identity, no comment.
    fork = rehearsal.preview(8, repository="somebody/fork")
    skipped = dict.fromkeys(("waits", "plan", "comment"), "skipped")
    assert fork.results == {"check": "success", **skipped}, fork.logs
    assert 8 not in rehearsal.github.comments

    # Merged: exactly that is applied.
    rehearsal.github.runs["preview.yml"].pop()
    before, _ = rehearsal.merge(7, "more")
    deploy = rehearsal.run("deploy.yml", "push", before)
    assert deploy.results == {"select": "success", "plan": "skipped", "apply": "success"}, deploy.logs
    assert ccc.numbers("acme")[A1]["contactFlow"] == "夜间流程"
    assert ccc.numbers("acme")[A3]["skillGroups"] == ["sales", "vip"]

    # Somebody binds a number to another flow in the console. (Clean, with no issue: test_accounts_on_github.py.)
    edit_in_the_console(ccc, "acme", A2, flow="夜间流程")
    seen = rehearsal.run("drift.yml", "schedule")
    assert seen.conclusion == "success", seen.logs
    (issue,) = rehearsal.github.issues.values()
    assert (issue["title"], issue["state"]) == ("Drift: acme is not as declared", "open")
    assert "主流程" in issue["body"]
    assert A2 not in issue["body"]
    assert "021****0002" in issue["body"].replace("\\", "")

    # Whoever is on call runs the command the issue names; the next morning closes the issue.
    assert "ccc-numbers heal acme" in issue["body"]
    secrets = {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
    rehearsal.team.on_call(rehearsal.runner, secrets, "ccc-numbers", "heal", "acme", "--yes")
    assert ccc.numbers("acme")[A2]["contactFlow"] == "主流程"
    assert rehearsal.run("drift.yml", "schedule").conclusion == "success"
    assert issue["state"] == "closed"
    assert ccc.calls()["ListPhoneNumbers"]["throttled"] == 0
    who = {"preview": f"{SUBJECT}preview", "deploy": f"{SUBJECT}production", "drift": f"{SUBJECT}preview"}
    assert set(rehearsal.cloud.assumed) == set(who.items())
    assert rehearsal.cloud.refused == []
