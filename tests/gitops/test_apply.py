"""`plan` and `apply` with the real CLI: two stacks, one account."""

import json
from pathlib import Path

from tests.gitops.fleet import Fleet, edit_in_the_console, seed
from tests.support import worlds
from tests.support.simulator import start_simulator

A1, A2, A3 = worlds.numbers(3)
B1, B2 = worlds.numbers(2, start=11)


def test_what_was_reviewed_is_applied_and_nothing_else(tmp_path: Path) -> None:
    fleet = Fleet.new(tmp_path)
    plans = str(tmp_path / "plans")
    with start_simulator(seed({"acme": [A1, A2, A3], "beta": [B1, B2]})) as simulator:
        fleet.stack("acme", simulator.url, {A1: {}, A2: {}})
        fleet.stack("beta", simulator.url, {B1: {}, B2: {"flow": "没有"}})

        # Planning tells both stacks, the sound one and the one that cannot be, and changes nothing.
        planned = fleet.run("plan", "--save", plans, "--summary", str(tmp_path / "summary.md"), "--mask")
        assert planned.returncode == 1, planned.stderr
        assert "2 stacks: 1 done, 1 failed; +2" in planned.stdout
        assert 'no contact flow "没有" in beta; there are: 主流程, 夜间流程, 草稿' in planned.stdout
        assert A1 not in planned.stdout + planned.stderr + (tmp_path / "summary.md").read_text()
        assert "021****0001" in planned.stdout
        assert simulator.numbers("acme") == {}
        assert "Traceback" not in planned.stdout + planned.stderr

        # The plan of the sound one is applied; the other has none to apply.
        refused = fleet.run("apply", "--plan", plans)
        assert refused.returncode == 2
        assert (
            "stack beta: there is no plan to apply, because its planning failed: no contact flow"
            in refused.stderr
        )
        applied = fleet.run("apply", "acme", "--plan", plans, "--output", "json")
        assert applied.returncode == 0, applied.stderr
        assert json.loads(applied.stdout)[0]["outcome"] == "done"
        assert list(simulator.numbers("acme")) == [A1, A2]

        # Somebody changes a number in the console after the next plan was reviewed.
        fleet.stack("acme", simulator.url, {A1: {}, A2: {}, A3: {"skillGroups": ["vip"]}})
        assert fleet.run("plan", "acme", "--save", plans).returncode == 0
        edit_in_the_console(simulator, "acme", A1, flow="夜间流程")
        late = fleet.run("apply", "--plan", plans, "acme")
        assert late.returncode == 1
        assert "the plan no longer fits, nothing was changed; CCC or the state changed" in late.stdout
        assert f"{A1}: update of contactFlow, which was not reviewed" in late.stdout
        assert A3 not in simulator.numbers("acme")


def test_a_locked_state_says_by_whom_and_what_to_do(tmp_path: Path) -> None:
    fleet = Fleet.new(tmp_path)
    with start_simulator(seed({"acme": [A1]})) as simulator:
        fleet.stack("acme", simulator.url, {A1: {}})
        lock = tmp_path / "state/.pulumi/locks/organization/ccc-numbers/acme/x.json"
        lock.parent.mkdir(parents=True)
        lock.write_text(
            '{"pid": 7, "username": "runner", "hostname": "h7", "timestamp": "2026-11-23T10:00:00Z"}'
        )
        done = fleet.run("apply", "acme")
    assert done.returncode == 1
    assert (
        "the state is locked by runner@h7 since 2026-11-23T10:00:00Z: wait for it to end and run this again; "
        "if nothing runs there any more: pulumi cancel --stack acme"
    ) in done.stdout
    assert "Traceback" not in done.stderr
