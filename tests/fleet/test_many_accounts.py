"""A hundred customers with an account each, in one process: nobody's keys call for another, nobody spoils the rest."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet.accounts import open_accounts
from tests.fleet.drift_world import World, instance, live, number

CUSTOMERS = 100
CALLS = 5
OTHER_ACCOUNT = "1570000000000099"


def account(customer: int) -> str:
    return f"157{customer:013d}"


def key(customer: int) -> str:
    return f"LTAI{customer:03d}"


def name(customer: int) -> str:
    return f"customer-{customer:03d}"


@pytest.fixture
def fleet(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A stack for each account, by a profile of its own; every one is as declared."""
    monkeypatch.setenv("HOME", str(world.root))
    customers = range(1, CUSTOMERS + 1)
    for file in (world.root / "stacks").iterdir():
        file.unlink()
    profiles = [
        {"name": name(each), "mode": "AK", "access_key_id": key(each), "access_key_secret": "s"}
        for each in customers
    ]
    (world.root / ".aliyun").mkdir()
    (world.root / ".aliyun" / "config.json").write_text(json.dumps({"profiles": profiles}), "utf-8")
    world.state = {
        "accessKeys": [{"id": key(each), "secret": "s", "account": account(each)} for each in customers],
        "instances": {
            name(each): instance(live(number(each))) | {"account": account(each)} for each in customers
        },
        "unassigned": [],
    }
    world.simulator.put_state(world.state)
    for each in customers:
        world.stack(name(each), declared(each), account=account(each), profile=name(each))
    world.simulator.reset()
    return world


def declared(customer: int, **order: Any) -> dict[str, Any]:
    defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
    return {"instances": {name(customer): {"defaults": defaults, "numbers": {number(customer): order}}}}


def test_a_hundred_accounts_are_looked_at_each_with_its_own_keys(fleet: World) -> None:
    found = fleet.drift()
    assert (found.code, found.report["findings"]) == (0, [])
    callers = fleet.simulator.callers()
    assert callers.keys() == {key(each) for each in range(1, CUSTOMERS + 1)}
    for outcomes in callers.values():
        # An instance of another account does not exist for these keys: a call with wrong ones would have failed.
        assert outcomes["ok"] <= CALLS
        assert (outcomes["failed"], outcomes["throttled"]) == (0, 0)


def test_an_account_that_fails_is_named_and_spoils_nobody(fleet: World) -> None:
    fleet.stack(name(1), declared(1), account=account(1), profile="custmer-001")
    fleet.stack(name(2), declared(2), account=account(2), profile=name(3))
    fleet.stack(name(4), declared(4), account=account(4))
    fleet.state["instances"][name(5)]["numbers"][0]["contactFlow"] = "夜间流程"
    fleet.simulator.put_state(fleet.state)
    found = fleet.drift()
    assert found.code == 2
    assert found.kinds == [("wrong-flow", number(5))]
    reasons = {each["stack"]: each["reason"] for each in found.report["unseen"]}
    assert reasons.keys() == {name(1), name(2), name(4)}
    assert 'did you mean "customer-001"?' in reasons[name(1)]
    assert f"are of account {account(3)}, and ccc:account says {account(2)}" in reasons[name(2)]
    assert key(2) not in fleet.simulator.callers()
    assert fleet.run("drift", name(5), name(6)).code == 1, "those that can be looked at are judged as ever"


@pytest.mark.parametrize("verb", ["orders", "report"])
def test_every_reading_command_uses_each_accounts_own_keys(fleet: World, verb: str) -> None:
    words = ("report", "--out", str(fleet.root / "out")) if verb == "report" else ("orders",)
    assert fleet.run(*words).code == 0
    assert all(each["failed"] == 0 for each in fleet.simulator.callers().values())


def number_twice(fleet: World, **second: str) -> str:
    """What `check` says of a number that two stacks declare, the second of them with these settings."""
    for stack in (fleet.root / "stacks").iterdir():
        if name(1) not in stack.name:
            stack.unlink()
    other = {"instances": {"globex": declared(1)["instances"][name(1)]}}
    fleet.stack("globex", other, **second)
    return fleet.run("check").out


def test_duplicates_are_counted_by_account(fleet: World) -> None:
    told = f'is declared by stack "{name(1)}" as well'
    assert told not in number_twice(fleet, account=account(2), profile=name(1))
    assert told in number_twice(fleet, account=account(1), profile=name(2))
    assert told in number_twice(fleet), "keys of the environment may be those of any account"


def test_a_region_that_ccc_does_not_have_is_found_by_check(world: World) -> None:
    world.stack("acme", world.declared, region="cn-shangai")
    said = world.run("check")
    assert said.code == 2
    assert "stacks/Pulumi.acme.yaml:3:" in said.out
    assert 'did you mean "cn-shanghai"?' in said.out


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"account": "acme"}, 'config.ccc:account: "acme" is not an account id'),
        ({"profile": "a", "assumeRole": {"role": "acs:ram::1:role/b"}}, "config.ccc:profile: stands beside"),
        (
            {"account": "2", "assumeRole": {"role": "acs:ram::1:role/b"}},
            'config.ccc:assumeRole: role: "acs:ram::1:role/b" is of account 1, and the stack is of account 2',
        ),
    ],
)
def test_a_mistake_in_a_stacks_identity_is_one_line_of_check(
    world: World, settings: dict[str, Any], line: str
) -> None:
    world.stack("acme", world.declared, **settings)
    said = world.run("check")
    assert said.code == 2
    (found,) = [each for each in said.out.splitlines() if each.startswith("stacks/")]
    assert found.startswith("stacks/Pulumi.acme.yaml:")
    assert line in found


def test_check_advises_to_name_the_account_of_a_real_endpoint(world: World) -> None:
    world.stack(
        "real", {"instances": {"acme": {"numbers": {"4008001001": {"usage": "inbound", "flow": "f"}}}}}
    )
    own = Path("stacks/Pulumi.real.yaml")
    own.write_text("config:\n  ccc:region: cn-shanghai\n", "utf-8")
    said = world.run("check")
    assert said.code == 0
    assert "advice: name the account" in said.out
    assert ": real" in said.out
    own.write_text('config:\n  ccc:account: "1"\n', "utf-8")
    assert "advice" not in world.run("check").out


def test_the_shared_rate_budget_has_a_bucket_for_each_account(
    fleet: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = fleet.root / "budget.sqlite3"
    monkeypatch.setenv("CCC_RATE_BUDGET_URL", f"file://{budget}")
    assert fleet.drift(name(1), name(2)).code == 0
    with closing(sqlite3.connect(budget)) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM bucket")]
    assert {found.partition(":")[0] for found in keys} == {account(1), account(2)}


def test_two_ways_to_one_account_share_its_quota(fleet: World) -> None:
    profiles = json.loads((fleet.root / ".aliyun" / "config.json").read_text("utf-8"))
    profiles["profiles"].append({**profiles["profiles"][0], "name": "same"})
    (fleet.root / ".aliyun" / "config.json").write_text(json.dumps(profiles), "utf-8")
    fleet.stack("same", declared(1), account=account(1), profile="same")

    async def budgets() -> int:
        files = [stack_file(fleet.root, each) for each in (name(1), name(2), "same")]
        async with open_accounts(fleet.root, files, "drift") as accounts:
            return len({id(each.client.rate_limit) for each in accounts.by_stack.values()})

    assert asyncio.run(budgets()) == 2


def test_one_embedded_simulator_serves_stacks_that_name_an_account_and_those_that_do_not(
    world: World,
) -> None:
    seed = world.root / "seed.json"
    seed.write_text(json.dumps(world.state), "utf-8")
    for stack, said in (("acme", {}), ("globex", {"account": OTHER_ACCOUNT, "profile": "nobody"})):
        world.stack(stack, world.declared, endpoint="embedded", simulatorSeed="seed.json", **said)
    found = world.drift()
    assert found.report["unseen"] == []
    assert {kind for kind, _ in found.kinds} == {"duplicate"}
