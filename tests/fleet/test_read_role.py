"""A stack that is only looked at, and one whose external id only Pulumi can read, in the commands beside Pulumi."""

import pytest

from tests.fleet.drift_world import World

ACCOUNT = "1570000000000001"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIci")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s")


@pytest.mark.parametrize("words", [("heal", "--yes"), ("apply", "acme"), ("apply", "--all")])
def test_a_stack_that_is_only_looked_at_is_refused_before_the_first_call(
    world: World, words: tuple[str, ...]
) -> None:
    world.stack("acme", world.declared, account=ACCOUNT, assumeRole={"readRole": "ccc-drift"})
    world.simulator.reset()
    said = world.run(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("ccc-numbers: stack acme: ccc:assumeRole: names only readRole")
    assert f"`{words[0]}` writes to CCC" in said.err
    assert said.err.count("\n") == 1
    assert world.simulator.calls() == {}


def test_a_stack_with_a_read_role_alone_is_checked_and_selected(world: World) -> None:
    world.stack("acme", world.declared, account=ACCOUNT, assumeRole={"readRole": "ccc-drift"})
    assert world.run("check").code == 0
    matrix = world.run("matrix", "--all", "-o", "github")
    assert f'"readRole":"acs:ram::{ACCOUNT}:role/ccc-drift"' in matrix.out
    assert '"role"' not in matrix.out


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("verb", ["drift", "orders"])
def test_an_encrypted_external_id_is_one_line_with_the_way_on(world: World, verb: str) -> None:
    declared = world.declared | {
        "orders": {"o": {"vendor": "A", "product": "mobile", "stage": "intended", "quantity": "10"}}
    }
    for number in declared["instances"]["acme-support"]["numbers"].values():
        number["order"] = "o"
    roles = {"role": "ccc-deploy", "externalId": {"secure": "v1:hush:hush"}}
    world.stack("acme", declared, account=ACCOUNT, assumeRole=roles)
    assert "assumeRole" not in world.run("check").out
    said = world.run(verb)
    assert said.code == 2
    (line,) = [line for line in (said.out + said.err).splitlines() if "externalId" in line]
    assert "is encrypted in the stack's file" in line
    assert "CCC_EXTERNAL_ID" in said.out + said.err
    assert "hush" not in said.out + said.err
