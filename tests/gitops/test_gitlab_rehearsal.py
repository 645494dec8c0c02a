"""The whole way on GitLab: from a branch to its note, its merge, an apply by hand, drift and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gitops.fleet import edit_in_the_console
from tests.gitops.gitlab_rehearsal import (
    A1,
    A2,
    A3,
    B1,
    SUBJECT,
    Rehearsal,
    nothing_was_told,
    rehearsing,
)
from tests.gitops.services import needs_redis


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsing(tmp_path) as on_gitlab:
        yield on_gitlab


@needs_redis
def test_from_a_branch_to_its_note_its_merge_an_apply_by_hand_drift_and_back(rehearsal: Rehearsal) -> None:
    git, ccc, forge = rehearsal.team.repository.git, rehearsal.team.ccc, rehearsal.forge
    rehearsal.declare("beta", {B1: {}})
    rehearsal.team.repository.commit("Declare beta")
    rehearsal.team.push("main")

    # A merge request: one note on it, of what it touches, masked; a preview changes nothing.
    git("switch", "-q", "-c", "more")
    rehearsal.declare("acme", {A1: {}, A2: {}, A3: {"flow": "夜间流程", "skillGroups": ["sales", "vip"]}})
    rehearsal.team.repository.commit("Declare acme")
    rehearsal.team.push("more")
    empty = ccc.state()
    preview = rehearsal.merge_request(7)
    assert set(preview.results.values()) == {"success"}, preview.log
    (note,) = forge.notes[7]
    assert "| acme | ✅ done | 3 added | `stacks/Pulumi.acme.yaml` |" in note["body"]
    assert "beta" not in note["body"]
    # It does not promise what only GitHub's pipelines do.
    assert "After the merge it is planned again" in note["body"]
    assert ccc.state() == empty

    # Merged: planned on main, shown to who decides, and applied exactly so.
    before, _ = rehearsal.team.merge("Merge !7", "more")
    merged = rehearsal.main("push", before)
    deploy = merged.children["deploy"]
    assert deploy.results == {"plan acme": "success", "apply acme": "manual"}, merged.log
    assert "+ 1 added: 021****0003\n" in deploy.logs["plan acme"]
    assert "flow 夜间流程, skill groups sales, vip" in deploy.logs["plan acme"]
    assert ccc.state() == empty
    with pytest.raises(PermissionError, match="developer may not deploy to production"):
        deploy.play("apply acme", "developer")
    assert deploy.play("apply acme", "maintainer") == "success", deploy.log
    assert sorted(ccc.numbers("acme")) == [A1, A2, A3]
    assert ccc.numbers("acme")[A3]["skillGroups"] == ["sales", "vip"]
    assert deploy.runs["apply acme"].resource_group == "ccc-numbers-acme"

    # Planned by hand while all is clean. Before somebody applies it, the console is used; the morning's run sees that.
    by_hand = rehearsal.main("web", STACKS="acme").children["deploy"]
    assert by_hand.results == {"plan acme": "success", "apply acme": "manual"}
    edit_in_the_console(ccc, "acme", A2, flow="夜间流程")
    seen = rehearsal.main("schedule")
    assert seen.results == {"drift": "success"}, seen.log
    (issue,) = forge.issues.values()
    assert (issue["title"], issue["state"]) == ("Drift: acme is not as declared", "opened")
    assert "021****0002" in issue["description"].replace("\\", "")

    # The plan that waits would do more by now than it showed: it does nothing.
    edited = ccc.state()
    assert by_hand.play("apply acme", "maintainer") == "failed"
    assert "the plan no longer fits, nothing was changed" in by_hand.logs["apply acme"]
    assert ccc.state() == edited

    # Put right, as the issue says how (test_rehearsal.py does what it says); the next morning closes the issue.
    assert "ccc-numbers heal acme" in issue["description"]
    edit_in_the_console(ccc, "acme", A2, flow="主流程")
    clean = rehearsal.main("schedule")
    assert clean.results == {"drift": "success"}
    assert issue["state"] == "closed"

    nothing_was_told(rehearsal, preview, merged, by_hand, seen, clean)
    assert {role for role, _ in rehearsal.cloud.assumed} == {"preview", "deploy", "drift"}
    assert {subject for _, subject in rehearsal.cloud.assumed} == {SUBJECT}
    assert ccc.calls()["ListPhoneNumbers"]["throttled"] == 0
