"""What could not be looked at is told, ends with 2, and is never counted as clean."""

import os
import threading
import time
from pathlib import Path

import pytest

from tests.fleet.drift_world import INSTANCE, NUMBER, OTHER, World, instance, live, number
from tests.support.simulator import start_simulator

QUICK = {"timeouts": '{"connect": 0.3, "read": 2, "operation": 0.6}'}


def beta(world: World, **config: object) -> None:
    """A second stack, for the other instance, with one number as declared."""
    world.state["instances"][OTHER]["numbers"] = [live(number(50), usage="Inbound", skillGroups=[])]
    world.set()
    numbers = {number(50): {"usage": "inbound", "flow": "主流程"}}
    world.stack("beta", {"instances": {OTHER: {"numbers": numbers}}}, **config)


def test_half_written_yaml_is_reported_with_its_place_and_the_other_stacks_are_looked_at(
    world: World,
) -> None:
    beta(world)
    (world.root / "stacks" / "acme.yaml").write_text(
        'instances:\n  acme-support: {numbers: {"02180001001": {\n', "utf-8"
    )
    answer = world.drift()
    assert (answer.code, answer.report["verdict"]) == (2, "incomplete")
    (problem,) = answer.report["problems"]
    assert (problem["source"]["file"], problem["source"]["line"]) == ("stacks/acme.yaml", 3)
    assert problem["message"].startswith("is not valid YAML")
    assert [each["instance"] for each in answer.report["coverage"]] == [OTHER]
    table = world.run("drift")
    assert "unread  stacks/acme.yaml:3:1: is not valid YAML" in table.out
    assert "drift: incomplete" not in table.out
    assert "incomplete: 1 mistake in the files; of the rest: no findings" in table.out


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file_as_a_user(world: World) -> None:
    (world.root / "stacks" / "acme.yaml").chmod(0)
    answer = world.drift()
    assert (answer.code, answer.report["problems"][0]["message"]) == (2, "cannot be read: Permission denied")


def test_a_file_that_is_a_folder_cannot_be_read(world: World) -> None:
    (world.root / "stacks" / "acme.yaml").unlink()
    (world.root / "stacks" / "acme.yaml").mkdir()
    answer = world.drift()
    assert (answer.code, answer.report["problems"][0]["message"]) == (2, "is a folder, not a file")


def test_a_stack_that_does_not_exist_names_the_nearest(world: World) -> None:
    answer = world.run("drift", "acmee")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == 'ccc-numbers: no stack "acmee"; did you mean "acme"?\n'


def test_no_credentials(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "somebody")
    beta(world, endpoint="ccc.cn-shanghai.aliyuncs.com")
    answer = world.drift("beta")
    assert answer.code == 2
    assert answer.report["unseen"] == [
        {
            "stack": "beta",
            "instance": None,
            "reason": "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set, though its other half is",
            "detail": None,
        }
    ]


def test_a_wrong_secret_is_reported_once_for_all_instances(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    beta(world)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "simulator")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong-secret")
    answer = world.drift()
    assert (answer.code, len(answer.report["unseen"])) == (2, 2)
    assert "wrong-secret" not in answer.out
    table = world.run("drift").out
    unread = [line for line in table.splitlines() if line.startswith("unread")]
    assert len(unread) == 1
    assert f"acme › {INSTANCE}, beta › {OTHER}: " in unread[0]
    assert "wrong secret for this access key" in unread[0]


def test_a_setting_that_makes_no_sense(world: World) -> None:
    world.stack("acme", world.declared, region="cn-hangzhou")
    answer = world.drift()
    assert answer.code == 2
    [problem] = answer.report["problems"]
    assert problem["message"].startswith('"cn-hangzhou" is not a CCC region')
    assert problem["path"] == "config.ccc:region"


def test_an_instance_that_does_not_exist_names_the_nearest(world: World) -> None:
    world.declared["instances"]["acme-suport"] = world.declared["instances"].pop(INSTANCE)
    world.set()
    answer = world.drift()
    assert answer.code == 2
    (unseen,) = answer.report["unseen"]
    assert unseen["reason"] == f'no instance "acme-suport" in this account; did you mean "{INSTANCE}"?'
    assert answer.report["coverage"][0]["live"] is None


def test_one_instance_of_ten_that_fails_leaves_the_other_nine_judged(world: World) -> None:
    names = [f"customer-{index}" for index in range(10)]
    world.state = {
        "instances": {name: instance(live(f"021900000{index:02d}")) for index, name in enumerate(names)},
        "unassigned": [],
    }
    world.state["instances"]["customer-3"]["status"] = "STOPPED"
    world.state["instances"]["customer-5"]["numbers"][0]["skillGroups"] = ["vip"]
    defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
    world.declared = {
        "instances": {
            name: {"defaults": defaults, "numbers": {f"021900000{index:02d}": {}}}
            for index, name in enumerate(names)
        }
    }
    world.set()
    answer = world.drift()
    assert (answer.code, answer.kinds) == (2, [("wrong-groups", "02190000005")])
    assert [each["instance"] for each in answer.report["unseen"]] == ["customer-3"]
    assert sum(each["live"] is not None for each in answer.report["coverage"]) == 9
    assert (
        "incomplete: 1 place could not be looked at; of the rest: 1 finding: 1 error"
        in world.run("drift").out
    )
    metrics = world.run("drift", "--output", "prometheus").out
    assert 'ccc_numbers_live{instance="customer-2",stack="acme"} 1.0' in metrics
    assert 'ccc_numbers_live{instance="customer-3"' not in metrics


def test_an_account_listing_that_fails_makes_the_instance_incomplete_not_pending(world: World) -> None:
    """Without ListUnassignedNumbers nobody knows whether the number is missing or was never imported."""
    world.numbers[number(4)] = {}
    world.set()
    world.stack("acme", world.declared, **QUICK)
    world.simulator.faults([{"action": "ListUnassignedNumbers", "fault": "unavailable"}])
    answer = world.drift()
    assert (answer.code, answer.kinds) == (2, [])
    assert [each["instance"] for each in answer.report["unseen"]] == [INSTANCE]


def test_an_endpoint_nobody_listens_at(world: World) -> None:
    world.stack("acme", world.declared, endpoint="http://127.0.0.1:9", **QUICK)
    answer = world.drift()
    assert answer.code == 2
    assert "127.0.0.1:9: no connection" in answer.report["unseen"][0]["reason"]


def test_an_endpoint_that_goes_down_in_the_middle(world: World) -> None:
    """The first listings are answered, the rest never: nothing is said about what was half read."""
    names = [f"customer-{index}" for index in range(6)]
    state = {"instances": {name: instance() for name in names}}
    with start_simulator(state, latency_ms=150) as dying:
        numbers = {f"0219000000{index}": {"usage": "inbound", "flow": "主流程"} for index in range(6)}
        declared = {
            "instances": {
                name: {"numbers": {each: numbers[each]}} for name, each in zip(names, numbers, strict=True)
            }
        }
        world.stack("acme", declared, endpoint=dying.url, **QUICK)

        def die() -> None:
            while not dying.process.poll() and not _answered(dying):
                time.sleep(0.01)
            dying.process.kill()

        killer = threading.Thread(target=die)
        killer.start()
        answer = world.drift()
        killer.join()
    assert answer.code == 2
    assert len(answer.report["unseen"]) == 6
    assert answer.kinds == []


def _answered(simulator: object) -> bool:
    return bool(simulator.count())  # type: ignore[attr-defined]


def test_throttled_to_one_call_a_second_the_answer_is_late_but_whole(world: World) -> None:
    state = {"instances": {f"customer-{index}": instance() for index in range(3)}}
    with start_simulator(state, rate=1) as slow:
        numbers = {"usage": "outbound", "skillGroups": ["sales"]}
        declared = {
            "instances": {
                f"customer-{index}": {"numbers": {f"0219000000{index}": numbers}} for index in range(3)
            }
        }
        world.stack("acme", declared, endpoint=slow.url)
        answer = world.drift()
        calls = slow.calls()
    assert sum(each["throttled"] for each in calls.values()) > 0
    assert (answer.code, answer.report["unseen"]) == (1, [])
    assert [kind for kind, _ in answer.kinds] == ["not-in-account"] * 3


def test_an_empty_project(world: World) -> None:
    for file in (world.root / "stacks").iterdir():
        file.unlink()
    answer = world.run("drift")
    assert (answer.code, answer.err) == (
        2,
        "ccc-numbers: no stacks: there is no stacks/Pulumi.<stack>.yaml\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "missin"], '--only "missin": no such kind of finding; did you mean "missing"?'),
        (["--only", "missing", "--skip", "missing"], "--only and --skip together leave no kind"),
        (["--output", "jsn"], '--output "jsn": no such form; did you mean "json"?'),
        (["--output", "json="], '--output "json=": names no file after ='),
        (["-o", "json", "-o", "html"], "--output: only one form can go to stdout"),
        (["-o", "json=no/such/folder/x"], "no/such/folder/x: cannot be written: No such file or directory"),
        (["--metrics", "no/such/folder/x"], "no/such/folder/x: cannot be written: No such file or directory"),
        (["--ignore", "nothing.yaml"], "nothing.yaml:1:1: "),
        (["--project", "nowhere"], 'there is no folder "nowhere"'),
    ],
)
def test_words_that_make_no_sense_are_one_line(world: World, words: list[str], said: str) -> None:
    answer = world.run("drift", *words)
    assert answer.code == 2
    assert answer.err.startswith(f"ccc-numbers: {said}")
    assert answer.err.count("\n") == 1


def test_a_broken_stack_that_was_not_asked_for_is_noted(world: World) -> None:
    beta(world)
    (world.root / "stacks" / "beta.yaml").write_text("instances: [", "utf-8")
    answer = world.drift("acme")
    assert answer.code == 0
    (note,) = answer.report["notes"]
    assert "stack beta cannot be read" in note
    assert "`ccc-numbers check beta`" in note


def test_a_catalogue_that_cannot_be_read_is_a_mistake_of_its_stack(world: World) -> None:
    world.declared["catalogue"] = "prices.yaml"
    world.set()
    (Path("stacks") / "prices.yaml").write_text("# Agreed in June\nvendor: [", "utf-8")
    answer = world.drift()
    (problem,) = answer.report["problems"]
    assert (answer.code, problem["source"]["file"], problem["source"]["line"]) == (2, "stacks/prices.yaml", 3)
    assert str(world.root) not in answer.out
    assert NUMBER not in answer.out


def test_an_instance_above_the_ceiling_is_never_taken_from_a_cut_list(world: World) -> None:
    declared = [number(index) for index in range(1, 202)]
    world.here["numbers"] = [
        *(live(each, created=1) for each in declared),
        *(live(f"0107{index:07}", created=2) for index in range(10_000)),
    ]
    numbers = world.declared["instances"][INSTANCE]["numbers"]
    numbers.update({each: {} for each in declared})
    world.set()
    world.simulator.switch(instance_numbers="ceiling", total_count="capped", search="prefix")
    answer = world.drift("--only", "missing,not-in-account,elsewhere")
    world.simulator.switch(instance_numbers="whole", total_count="true", search="substring")
    assert (answer.code, answer.kinds) == (0, [])
    assert answer.report["total"]["live"] == 10_201
