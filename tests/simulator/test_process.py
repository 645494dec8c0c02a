"""The process: it starts, says where, keeps its state and ends as told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.simulator import start_simulator

SEED = {
    "instances": {"acme": {"skillGroups": [{"name": "sales"}]}},
    "unassigned": [{"number": "02180001001", "province": "上海"}],
}


def test_a_seeded_number_can_be_added_to_its_instance() -> None:
    with start_simulator(SEED) as simulator:
        added = simulator.api(
            "AddPhoneNumbers", InstanceId="acme", Usage="Inbound", NumberList=["02180001001"]
        )
        assert added["Data"] == []
        assert simulator.numbers("acme")["02180001001"]["usage"] == "Inbound"
        assert simulator.unassigned() == []
        assert simulator.calls() == {"AddPhoneNumbers": {"ok": 1, "throttled": 0, "failed": 0}}


def test_a_state_file_is_reopened_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with start_simulator(SEED, state=file) as simulator:
        simulator.api("AddPhoneNumbers", InstanceId="acme", Usage="Inbound", NumberList=["02180001001"])
        before = simulator.state()
    with start_simulator(SEED, state=file) as simulator:
        assert simulator.state() == before


def test_a_killed_simulator_has_kept_every_write(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with start_simulator(SEED, state=file) as simulator:
        simulator.api("AddPhoneNumbers", InstanceId="acme", Usage="Inbound", NumberList=["02180001001"])
        simulator.process.kill()
    with start_simulator(SEED, state=file) as simulator:
        assert "02180001001" in simulator.numbers("acme")


def test_a_bad_seed_is_one_line_with_its_place(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("instances:\n  acme:\n    numbers:\n      - {number: '021', usgae: Inbound}\n")
    message = r'seed.yaml:4: .*usgae: unknown key; did you mean "usage"'
    with pytest.raises(RuntimeError, match=message), start_simulator(seed):
        pass
