"""Pending numbers that the account imports by itself: asked for once, only when it may be, and pending when it fails."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.fleet.cli import main
from ccc_numbers.provider.resources.phone_number import PhoneNumber
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag
from tests.provider.conftest import Begin
from tests.provider.test_order_life import ORDER, PAID
from tests.support.plugin import EngineMessages, Verbs, a_run
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, bound, declaration, instance, number, numbers, seed

OWN: Bag = {
    "number": number(1),
    "instanceId": INSTANCE,
    "usage": "bidirectional",
    "contactFlow": "主流程",
    "skillGroups": ["sales"],
    "selfService": "某通信-上海线路",
}
IMPORT = "ImportCorpNumbers"


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """The account has no number yet but 21, which is in an instance; 31 is another account's."""
    world = seed([], support=instance([bound(number(21))]))
    world["unassigned"] = [{"number": number(31), "account": "1570000000000002"}]
    running.begin_anew(world)
    running.faults([])
    return running


@pytest.fixture
def lines(simulator: Simulator) -> Verbs:
    return Verbs(simulator.url, "PhoneNumber")


async def make(simulator: Simulator, *wanted: str) -> tuple[dict[str, Bag], EngineMessages]:
    """All at once, as an engine would; the properties of each."""
    shown = EngineMessages()
    async with a_run(simulator.url, shown) as run:
        made = [PhoneNumber().create(run, "urn", OWN | {"number": n}, preview=False) for n in wanted]
        return dict(await asyncio.gather(*made)), shown


async def test_pending_numbers_are_imported_in_batches_and_bound_at_once(simulator: Simulator) -> None:
    made, shown = await make(simulator, *numbers(21))
    assert {each["status"] for each in made.values()} == {"bound"}
    rows = simulator.numbers(INSTANCE)
    assert sorted(rows) == numbers(21)
    assert rows[number(20)]["provider"] == "某通信-上海线路"
    assert rows[number(21)]["provider"] == "A", "what the account has is not imported"
    assert (simulator.count(IMPORT), shown.warnings) == (1, [])


async def test_a_preview_says_what_would_be_imported_and_writes_nothing(
    simulator: Simulator, lines: Verbs
) -> None:
    before = simulator.state()
    _, outputs = await lines.create(OWN, preview=True)
    assert (outputs["status"], outputs["importAsked"]) == ("pending", "某通信-上海线路")
    assert lines.shown.remarks == [f"{number(1)} would be imported as one of 某通信-上海线路, then bound"]
    assert (simulator.state(), simulator.count(IMPORT)) == (before, 0)


async def test_what_ccc_took_but_does_not_show_is_not_asked_for_again(
    simulator: Simulator, lines: Verbs
) -> None:
    simulator.switch(import_numbers="later")
    _, outputs = await lines.create(OWN)
    assert outputs["status"] == "pending"
    for _ in range(2):
        seen = await lines.read(number(1), outputs, OWN)
        assert seen is not None
        assert lines.diff(seen.outputs, OWN) == {}
        outputs = await lines.update(number(1), seen.outputs, OWN)
    assert simulator.count(IMPORT) == 1
    assert "CCC was asked to import it" in lines.shown.warnings[-1]
    simulator.import_numbers(number(1))
    seen = await lines.read(number(1), outputs, OWN)
    assert seen is not None
    assert lines.diff(seen.outputs, OWN) == {"status": "UPDATE"}
    assert (await lines.update(number(1), seen.outputs, OWN))["status"] == "bound"
    assert simulator.count(IMPORT) == 1


async def test_an_account_that_may_not_keeps_them_pending_with_one_reason(
    simulator: Simulator, lines: Verbs
) -> None:
    simulator.switch(import_numbers="forbidden")
    made, shown = await make(simulator, *numbers(3))
    assert {each["status"] for each in made.values()} == {"pending"}
    (why,) = shown.warnings
    assert why.startswith("CCC did not import numbers of 某通信-上海线路: ")
    assert why.endswith("; they stay pending")
    assert "Own numbers are imported only for accounts" in why
    # The next update asks again: nothing was taken.
    outputs = made[number(1)]
    assert lines.diff(outputs, OWN) == {"status": "UPDATE"}
    simulator.switch(import_numbers="immediate")
    assert (await lines.update(number(1), outputs, OWN))["status"] == "bound"


@pytest.mark.parametrize("foreign", ["refused", "ignored"])
async def test_another_accounts_number_stays_pending_and_the_others_come(
    simulator: Simulator, foreign: str
) -> None:
    simulator.switch(import_foreign_number=foreign)
    made, shown = await make(simulator, *numbers(4), number(31))
    assert {n for n, each in made.items() if each["status"] == "pending"} == {number(31)}
    assert sorted(simulator.numbers(INSTANCE)) == [*numbers(4), number(21)]
    assert number(31) in simulator.unassigned()
    if foreign == "refused":
        assert f"{number(31)} belongs to another account" in "".join(shown.warnings)


@pytest.mark.parametrize("fault", ["lostResponse", "badJson", "throttle", "unavailable"])
async def test_a_lost_answer_is_not_asked_twice_for_what_came(simulator: Simulator, fault: str) -> None:
    simulator.faults([{"action": IMPORT, "times": 1, "fault": fault}])
    made, shown = await make(simulator, *numbers(4))
    assert ({each["status"] for each in made.values()}, shown.warnings) == ({"bound"}, [])
    assert simulator.count(IMPORT) == (1 if fault in ("lostResponse", "badJson") else 2)


async def test_a_number_that_was_bound_and_is_gone_is_not_imported(
    simulator: Simulator, lines: Verbs
) -> None:
    for status in ("bound", "gone"):
        with pytest.raises(CccError, match="no longer in the account"):
            await lines.update(number(1), OWN | {"status": status}, OWN)
    assert lines.diff(OWN | {"status": "unassigned"}, OWN) == {"status": "UPDATE"}
    assert (await lines.update(number(1), OWN | {"status": "unassigned"}, OWN))["status"] == "pending"
    assert simulator.count(IMPORT) == 0


@pytest.mark.parametrize("wrong", ["", "instances: {broken"])
async def test_a_number_that_another_stack_declares_is_not_imported(
    simulator: Simulator, tmp_path: Path, wrong: str
) -> None:
    """Whatever the other stack's account, and whether its file can be read or not."""
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n", "utf-8")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.globex.yaml").write_text(
        yaml.safe_dump({"config": {"ccc:region": "cn-shanghai", "ccc:account": "1570000000000009"}}), "utf-8"
    )
    theirs = declaration([number(1)], instance="globex-support")
    (tmp_path / "stacks" / "globex.yaml").write_text(
        wrong or yaml.safe_dump(theirs, allow_unicode=True), "utf-8"
    )
    shown = EngineMessages()
    run = Run(Settings.parse({"endpoint": simulator.url}), {}, shown, tmp_path, "acme")  # type: ignore[arg-type]
    try:
        _, outputs = await PhoneNumber().create(run, "urn", OWN, preview=False)
    finally:
        run.journal.close(saved=False)
        await run.client.close()
    assert (outputs["status"], simulator.count(IMPORT)) == ("pending", 0)
    (why,) = shown.warnings
    assert 'stack "globex"' in why


def test_an_opened_order_is_imported_by_up_and_not_before(
    begin: Begin, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, simulator = begin(seed([]))

    def declare(stage: str, **more: object) -> None:
        order = ORDER | PAID | {"stage": stage} | more
        defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"], "order": "own"}
        said = declaration(numbers(2), defaults=defaults, selfService=True)
        said["instances"][INSTANCE]["numbers"][number(3)] = {"order": None}
        stack.declare(said | {"orders": {"own": order}})

    def run(*words: str) -> Any:
        capsys.readouterr()
        main([*words, "--output", "json"])
        return json.loads(capsys.readouterr().out)

    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(stack.folder)

    declare("submitted")
    assert stack.up().code == 0
    assert (simulator.count(IMPORT), simulator.numbers(INSTANCE)) == (0, {})

    declare("opened")
    preview = stack.preview()
    would = [f"{each} would be imported as one of 优音, then bound" for each in numbers(2)]
    assert sorted(each for each in preview.messages("info") if "would be imported" in each) == would
    (result,) = run("plan", "dev")
    planned = {each["name"]: each["effect"] for each in result["changes"] if each["kind"] == "PhoneNumber"}
    assert planned == dict.fromkeys(numbers(2), "import")
    drift = run("drift", "dev")
    assert {each["kind"] for each in drift["findings"]} >= {"pending", "not-in-account"}
    assert simulator.count(IMPORT) == 0

    up = stack.up()
    assert up.code == 0, up.text
    rows = simulator.numbers(INSTANCE)
    assert {n: (row["provider"], row["skillGroups"]) for n, row in rows.items()} == dict.fromkeys(
        numbers(2), ("优音", ["sales"])
    )
    assert simulator.count(IMPORT) == 1

    # The stage goes on, and that is not a change of the numbers.
    declare("imported")
    assert stack.up().ops() == {}
    assert simulator.count(IMPORT) == 1
