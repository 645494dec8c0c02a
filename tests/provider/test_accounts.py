"""One account for a stack: other keys write nothing, and a stack does not move to another account unseen."""

from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import CccError, WrongAccount
from ccc_numbers.api.settings import Settings
from ccc_numbers.provider.declared import Declarations
from tests.gitops.cloud import Cloud, Role, cloud
from tests.provider.conftest import Begin
from tests.support.plugin import Verbs, a_run
from tests.support.simulator import Simulator, start_simulator
from tests.support.stack import Result, Stack
from tests.support.worlds import INSTANCE, Json, bound, declaration, instance, number, numbers, seed

HERE, OTHER = "1570000000000001", "1570000000000002"
SECRET = "hush-hush"
WRITES = ("AddPhoneNumbers", "RemovePhoneNumbers", "ModifyPhoneNumber", "AddNumbersToSkillGroup")
STRANGER: Json = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "stranger", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"}


def two_accounts(*more: Json) -> Json:
    """An account with a number in its instance and one to add, and another account with an instance of its own."""
    world = seed([number(2)], support=instance([bound(number(1))]))
    world["instances"]["globex-support"] = instance() | {"account": OTHER}
    world["accessKeys"] = [
        {"id": "simulator", "secret": "simulator"},
        {"id": "stranger", "secret": "s", "account": OTHER},
        *more,
    ]
    return world


def test_keys_of_another_account_write_nothing(begin: Begin) -> None:
    stack, simulator = begin(two_accounts())
    stack.configure({"endpoint": simulator.url, "account": HERE})
    stack.declare(declaration(numbers(2)))
    held = simulator.state()
    for result in (stack.preview(**STRANGER), stack.up(**STRANGER)):
        assert result.code != 0
        (line,) = set(result.errors) - {"update failed", "preview failed"}
        assert f"the keys in use are of account {OTHER}, and ccc:account says {HERE}" in line
    assert simulator.state() == held
    assert simulator.count(*WRITES) == 0
    assert stack.up().code == 0, "its own keys will do"
    assert list(simulator.numbers(INSTANCE)) == numbers(2)


def verbs(stack: Stack, **environment: Any) -> Iterator[Result]:
    yield stack.preview(**environment)
    yield stack.up(**environment)
    yield stack.refresh(**environment)
    yield stack.destroy(**environment)


def test_another_account_in_the_settings_is_refused_by_every_verb(begin: Begin) -> None:
    stack, simulator = begin(two_accounts())
    stack.declare(declaration(numbers(2)))
    stack.configure({"endpoint": simulator.url, "account": HERE})
    assert stack.up().code == 0
    held, state = simulator.state(), stack.state()
    stack.configure({"endpoint": simulator.url, "account": OTHER})
    simulator.reset()
    for result in verbs(stack, **STRANGER):
        assert result.code != 0
        assert any(
            f"made at {simulator.endpoint} (cn-shanghai)" in line
            and f"account {HERE}, and its settings now lead to" in line
            for line in result.errors
        ), result.text
    assert simulator.calls() == {}
    assert (simulator.state(), stack.state().keys()) == (held, state.keys())


def test_a_stack_that_names_no_account_is_not_moved_to_another_either(begin: Begin) -> None:
    stack, simulator = begin(two_accounts())
    stack.declare(declaration(numbers(2)))
    assert stack.up().code == 0
    moved = deepcopy(simulator.state())
    for each in (moved["instances"][INSTANCE], *moved["instances"][INSTANCE]["numbers"]):
        each.pop("account", None)
    moved["instances"][INSTANCE]["account"] = OTHER
    simulator.put_state(moved)
    for result in (stack.up(**STRANGER), stack.refresh(**STRANGER)):
        assert result.code != 0
        assert any(f"account {HERE}, and its settings now lead to" in line for line in result.errors), (
            result.text
        )


def test_naming_the_account_later_is_no_move_and_holds_at_once(begin: Begin) -> None:
    stack, simulator = begin(two_accounts())
    stack.declare(declaration(numbers(2)))
    assert stack.up().code == 0
    before = stack.state()
    stack.configure({"endpoint": simulator.url, "account": HERE})
    refreshed = stack.refresh(**STRANGER)
    assert refreshed.code != 0
    assert sum("ccc:account says" in line for line in refreshed.errors) == 1
    assert stack.state().keys() == before.keys(), "what other keys do not see is not forgotten"
    result = stack.up()
    assert (result.code, result.ops()) == (0, {}), result.text


def a_role(name: str, *denied: str) -> Role:
    return Role(name, (), denied, account=HERE, trusted=("LTAIci",), external_id=SECRET)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[tuple[Stack, Simulator, Cloud]]:
    """A stack whose roles have to be assumed to reach its account."""
    deploy, drift = a_role("ccc-deploy"), a_role("ccc-drift", *WRITES)
    with (
        start_simulator(two_accounts(deploy.key, drift.key)) as simulator,
        cloud(tmp_path / "cloud", simulator.url, deploy, drift) as running,
    ):
        (tmp_path / "project").mkdir()
        stack = Stack(tmp_path / "project", {})
        roles = {"role": "ccc-deploy", "readRole": "ccc-drift", "externalId": SECRET}
        stack.configure({"endpoint": simulator.url, "account": HERE, "assumeRole": roles})
        keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIci", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"}
        stack.environment |= running.environment | keys
        yield stack, simulator, running


def shown(result: Result) -> list[str]:
    """What a run prints and logs, but for the copy of the stack's file that the engine's log begins with."""
    return [result.text, *(str(event) for event in result.events if "preludeEvent" not in event)]


def test_an_external_id_in_plain_and_its_change_are_not_shown(there: tuple[Stack, Simulator, Cloud]) -> None:
    stack, simulator, _ = there
    stack.declare(declaration(numbers(1)))
    first = stack.up()
    assert first.code == 0, first.text
    assert [text for text in (*shown(first), str(stack.resources())) if SECRET in text] == []
    roles = {"role": "ccc-deploy", "readRole": "ccc-drift", "externalId": "hush-again"}
    stack.configure({"endpoint": simulator.url, "account": HERE, "assumeRole": roles})
    result = stack.preview()
    assert "cannot be assumed" in result.text, "the file's last word holds at once"
    assert [text for text in shown(result) if "hush" in text] == []


def test_each_verb_becomes_its_role_with_an_external_id_that_pulumi_decrypts(
    there: tuple[Stack, Simulator, Cloud],
) -> None:
    stack, simulator, sts = there
    roles = {"role": "ccc-deploy", "readRole": "ccc-drift"}
    stack.configure({"endpoint": simulator.url, "account": HERE, "assumeRole": roles})
    stack.declare(declaration(numbers(2)))
    kept = stack.pulumi("config", "set", "--secret", "--path", "ccc:assumeRole.externalId", SECRET)
    assert kept.returncode == 0, kept.stderr
    assert "secure:" in (stack.folder / "stacks" / "Pulumi.dev.yaml").read_text("utf-8")
    said = []
    for verb, role in (
        (stack.preview, "ccc-drift"),
        (stack.up, "ccc-deploy"),
        (stack.refresh, "ccc-drift"),
        (stack.destroy, "ccc-deploy"),
    ):
        sts.given.clear()
        result = verb()
        assert result.code == 0, result.text
        assert {name for name, _ in sts.assumed} == {role}
        assert set(sts.sessions) == {f"ccc-numbers-dev-{verb.__name__}"}
        said += [*shown(result), str(stack.resources())]
    assert [text for text in said if SECRET in text] == []
    assert list(simulator.numbers(INSTANCE)) == []


def test_a_stack_that_is_only_looked_at_is_never_written(there: tuple[Stack, Simulator, Cloud]) -> None:
    stack, simulator, sts = there
    stack.declare(declaration(numbers(2)))
    said: Json = {"endpoint": simulator.url, "account": HERE}
    roles = {"readRole": "ccc-drift", "externalId": SECRET}
    stack.configure(said | {"assumeRole": roles})
    assert stack.preview().code == 0
    simulator.reset()
    sts.given.clear()
    result = stack.up()
    assert result.code != 0
    (line,) = set(result.errors) - {"update failed", "preview failed"}
    assert "names only readRole, so this stack is only looked at, and `up` writes to CCC" in line
    assert (simulator.calls(), sts.assumed) == ({}, [])
    stack.configure(said | {"assumeRole": roles | {"role": "ccc-deploy"}})
    assert stack.up().code == 0
    stack.configure(said | {"assumeRole": roles})
    simulator.reset()
    result = stack.destroy()
    assert "`destroy` writes to CCC" in result.text
    assert simulator.calls() == {}
    assert list(simulator.numbers(INSTANCE)) == numbers(2)


CALLS: dict[str, Callable[[Client], Awaitable[object]]] = {
    "write": lambda client: client.remove_phone_numbers(INSTANCE, [number(1)], force=True),
    "read": lambda client: client.count_phone_numbers(INSTANCE),
    "list": lambda client: client.list_phone_numbers(INSTANCE),
    "list instances": lambda client: client.list_instances(),
}


@pytest.mark.parametrize("call", CALLS)
async def test_nothing_is_asked_about_an_account_before_its_keys_are_known(call: str) -> None:
    with start_simulator(two_accounts()) as simulator:
        async with a_run(simulator.url, account=OTHER) as run:
            with pytest.raises(WrongAccount, match=f"are of account {HERE}, and ccc:account says {OTHER}"):
                await CALLS[call](run.client)
        assert simulator.calls() == {"ListInstances": {"ok": 1, "throttled": 0, "failed": 0}}
        assert list(simulator.numbers(INSTANCE)) == [number(1)]


async def test_a_roster_made_in_another_account_is_refused_before_its_numbers() -> None:
    with start_simulator(two_accounts()) as simulator:
        roster, said = Verbs(simulator.url, "InstanceRoster"), {"instanceId": INSTANCE, "numbers": numbers(2)}
        made = said | {"place": f"{simulator.endpoint} (cn-shanghai), account {OTHER}"}
        with pytest.raises(
            CccError, match=f"account {OTHER}, and its settings now lead to .* account {HERE}"
        ):
            await roster.update(INSTANCE, made, said, preview=True)
        assert simulator.calls().keys() == {"GetInstance"}


async def test_keys_whose_account_cannot_be_seen_write_nothing() -> None:
    with start_simulator({"unassigned": [{"number": number(1)}]}) as simulator:
        async with a_run(simulator.url, account=HERE) as run:
            with pytest.raises(WrongAccount, match="show no instance of CCC"):
                await run.client.list_unassigned_numbers()


@pytest.mark.parametrize(
    ("other", "declares"),
    [
        ({"account": HERE}, True),
        ({}, True),
        ({"profile": "globex"}, True),
        ({"account": OTHER}, False),
        ({"assumeRole": {"role": f"acs:ram::{OTHER}:role/deploy"}}, False),
    ],
)
def test_a_stack_that_may_be_of_the_account_still_declares_its_numbers(
    tmp_path: Path, other: Json, *, declares: bool
) -> None:
    """Whoever drops a number asks here: removed is only what is certainly declared by nobody else."""
    (tmp_path / "stacks").mkdir()
    config = {f"ccc:{key}": value for key, value in {"endpoint": "127.0.0.1:8080", **other}.items()}
    (tmp_path / "stacks" / "Pulumi.globex.yaml").write_text(yaml.safe_dump({"config": config}), "utf-8")
    text = yaml.safe_dump(declaration(numbers(1), instance="globex-support"), allow_unicode=True)
    (tmp_path / "stacks" / "globex.yaml").write_text(text, "utf-8")
    mine = Settings.parse({"endpoint": "127.0.0.1:8080", "account": HERE}, environ={})
    declared = Declarations(tmp_path, "acme", mine, {}, lambda number, instance: False)
    assert (declared.owner(number(1)) is not None) == declares
