"""Commanded faults and rate limits: exactly the calls they name, exactly as often, countable."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.simulator.faults import Fault, read_faults
from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.limits import Limiter
from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.switches import Switches
from tests.simulator.calling import TeaSdk
from tests.support.simulator import Simulator, start_simulator, wait_until

SEED = {
    "instances": {"acme": {"skillGroups": [{"name": "sales"}]}},
    "unassigned": [{"range": ["02180001001", "02180001009"]}],
}
ADD = {"InstanceId": "acme", "Usage": "Inbound"}


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.begin_anew(SEED)
    return running


def add(simulator: Simulator, *numbers: str) -> dict[str, Any]:
    return simulator.api("AddPhoneNumbers", **ADD, NumberList=list(numbers))


def test_a_throttled_call_is_not_done(simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "after": 1, "times": 2, "fault": "throttle"}])
    codes = [add(simulator, f"0218000100{last}")["Code"] for last in range(1, 5)]
    assert codes == ["OK", "Throttling.User", "Throttling.User", "OK"]
    assert sorted(simulator.numbers("acme")) == ["02180001001", "02180001004"]
    assert simulator.calls() == {"AddPhoneNumbers": {"ok": 2, "throttled": 2, "failed": 0}}


def test_an_unavailable_service_may_have_done_it_or_not(simulator: Simulator) -> None:
    simulator.faults(
        [
            {"fault": "unavailable", "times": 1},
            {"fault": "unavailable", "times": 1, "done": True},
        ]
    )
    for number in ("02180001001", "02180001002"):
        status, answer = simulator.signed("POST", "AddPhoneNumbers", ADD | {"NumberList": [number]})
        assert (status, answer["Code"]) == (503, "ServiceUnavailable")
    assert list(simulator.numbers("acme")) == ["02180001002"]


def test_a_lost_response_was_nevertheless_done(simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "times": 1, "fault": "lostResponse"}])
    with pytest.raises(RemoteDisconnected):
        add(simulator, "02180001001")
    assert list(simulator.numbers("acme")) == ["02180001001"]
    assert simulator.calls() == {"AddPhoneNumbers": {"ok": 0, "throttled": 0, "failed": 1}}


def test_a_reset_connection_has_done_nothing(simulator: Simulator) -> None:
    simulator.faults([{"fault": "reset", "times": 1}])
    with pytest.raises(ConnectionResetError):
        add(simulator, "02180001001")
    assert simulator.numbers("acme") == {}


@pytest.mark.parametrize("done", [True, False])
def test_a_held_write_is_answered_when_it_is_released(simulator: Simulator, done: bool) -> None:
    simulator.faults([{"writes": True, "after": 1, "fault": "hold", "done": done}])
    add(simulator, "02180001001")
    with ThreadPoolExecutor() as threads:
        held = threads.submit(add, simulator, "02180001002")
        wait_until(lambda: simulator.struck())
        simulator.api("ListPhoneNumbers", InstanceId="acme", PageNumber=1, PageSize=100)
        assert ("02180001002" in simulator.numbers("acme")) is done
        assert not held.done()
        simulator.faults([])
        if done:
            assert held.result()["Code"] == "OK"
        else:
            assert isinstance(held.exception(), ConnectionResetError)
    assert ("02180001002" in simulator.numbers("acme")) is done


def test_a_bad_answer_is_cut_in_half(simulator: Simulator) -> None:
    simulator.faults([{"fault": "badJson", "times": 1}])
    with pytest.raises(json.JSONDecodeError):
        add(simulator, "02180001001")
    assert list(simulator.numbers("acme")) == ["02180001001"]


def test_a_slow_call_is_done_at_once_and_answered_late(simulator: Simulator) -> None:
    simulator.faults([{"fault": "slow", "times": 1, "delayMs": 200}])
    started = time.monotonic()
    assert add(simulator, "02180001001")["Code"] == "OK"
    assert time.monotonic() - started >= 0.2


def test_a_batch_fails_for_the_named_numbers(simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "numbers": ["02180001002"], "fault": "partial"}])
    assert add(simulator, "02180001001")["Data"] == []
    assert add(simulator, "02180001002", "02180001003")["Data"] == ["02180001002"]
    assert sorted(simulator.numbers("acme")) == ["02180001001", "02180001003"]


def test_a_batch_without_a_failure_list_fails_silently(simulator: Simulator) -> None:
    add(simulator, "02180001001", "02180001002")
    simulator.faults([{"action": "AddNumbersToSkillGroup", "times": 1, "fault": "partial"}])
    numbers = ["02180001001", "02180001002"]
    answer = simulator.api(
        "AddNumbersToSkillGroup", InstanceId="acme", SkillGroupId="sales@acme", NumberList=numbers
    )
    assert answer["Code"] == "OK"
    assert [simulator.numbers("acme")[number]["skillGroups"] for number in numbers] == [[], ["sales"]]


def test_a_single_numbers_change_fails_silently(simulator: Simulator) -> None:
    add(simulator, "02180001001")
    simulator.faults([{"action": "ModifyPhoneNumber", "times": 1, "fault": "partial"}])
    change = {"InstanceId": "acme", "Number": "02180001001", "Usage": "Outbound"}
    assert simulator.api("ModifyPhoneNumber", **change)["Code"] == "OK"
    assert simulator.numbers("acme")["02180001001"]["usage"] == "Inbound"
    assert simulator.api("ModifyPhoneNumber", **change)["Code"] == "OK"
    assert simulator.numbers("acme")["02180001001"]["usage"] == "Outbound"


def test_faults_are_tried_in_order_and_counted(simulator: Simulator) -> None:
    with closing(Store(None)) as store:
        gateway = Gateway(store)
        gateway.faults = [Fault(fault="throttle", action="A", times=1), Fault(fault="reset", after=1)]
        struck = [gateway.fault_of(action, []) for action in "BAAB"]
    assert [fault.fault if fault else None for fault in struck] == [None, "throttle", "reset", "reset"]
    shown = [fault.as_mapping() for fault in gateway.faults]
    assert [(fault["seen"], fault["struck"]) for fault in shown] == [(2, 1), (3, 2)]


def test_a_faults_file_is_checked(tmp_path: Path) -> None:
    text = (
        "faults:\n"
        "  - {action: AddPhoneNumber, fault: throttle}\n"
        "  - {fault: trottle}\n"
        "  - {fault: reset, tims: 2}\n"
    )
    with pytest.raises(Mistake) as error:
        read_faults(text, "faults.yaml")
    assert [problem.partition(": ")[0] for problem in error.value.problems] == [
        "faults.yaml:3",
        "faults.yaml:4",
    ]
    assert 'did you mean "throttle"?' in str(error.value)
    assert 'unknown key; did you mean "times"?' in str(error.value)
    with pytest.raises(Mistake, match=r'f.yaml:2: .*unknown action "Add"'):
        read_faults("faults:\n  - {action: Add, fault: throttle}", "f.yaml")
    with pytest.raises(Mistake, match=r'unknown code "InUse\.SkilGroup"; did you mean "InUse\.SkillGroup"'):
        read_faults("faults: [{fault: error, code: InUse.SkilGroup}]", "f.yaml")
    file = tmp_path / "faults.yaml"
    file.write_text("faults: [{fault: throttle, times: 1}]")
    with start_simulator(SEED, faults=file) as simulator:
        assert simulator.api("GetInstance", InstanceId="acme")["Code"] == "Throttling.User"
        assert simulator.api("GetInstance", InstanceId="acme")["Code"] == "OK"


def test_published_quotas_hold_over_time() -> None:
    """300 at once, then 300 a second; the clock is the test's."""
    now = 0.0
    limiter = Limiter(clock=lambda: now)
    switches = Switches(rate_limit="user")
    passed = 0
    for tick in range(2_000):
        now = tick / 1000
        passed += _passes(limiter, "GetInstance", switches)
        passed += _passes(limiter, "GetInstance", switches)
    assert 300 + 590 <= passed <= 300 + 600


def test_buckets_are_per_action_and_account() -> None:
    limiter = Limiter(rate=1, clock=lambda: 0.0)
    assert [_passes(limiter, action, Switches()) for action in ("A", "A", "B")] == [True, False, True]


def _passes(limiter: Limiter, action: str, switches: Switches) -> bool:
    from ccc_numbers.simulator.errors import Refused

    try:
        limiter.check(action, "1", switches)
    except Refused:
        return False
    return True


def test_a_rate_on_the_command_line_is_in_force_and_seen() -> None:
    with start_simulator(SEED, rate=5) as simulator:
        codes = [simulator.api("GetInstance", InstanceId="acme")["Code"] for _ in range(20)]
        assert codes[:5] == ["OK"] * 5
        assert "Throttling.User" in codes
        calls = simulator.calls()["GetInstance"]
        assert calls["ok"] + calls["throttled"] == 20
        assert 5 < simulator.rates()["GetInstance"] <= 20


def test_the_newer_sdk_is_told_when_to_come_back() -> None:
    with start_simulator(SEED, rate=1, switches={"rate-limit": "retry-after"}) as simulator:
        call = TeaSdk(simulator.endpoint)
        throttled = [call("GetInstance", InstanceId="acme") for _ in range(3)][-1]
        assert throttled.code == "Throttling.User"
        assert throttled.retry_after_ms
        assert 0 < throttled.retry_after_ms <= 1_001


def test_latency_is_added_to_every_call() -> None:
    with start_simulator(SEED, latency_ms=50, jitter_ms=10) as simulator:
        started = time.monotonic()
        simulator.api("GetInstance", InstanceId="acme")
        assert time.monotonic() - started >= 0.05
