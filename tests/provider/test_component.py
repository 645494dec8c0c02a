"""`ccc:index:InstanceNumbers` from a program that has nothing of this project: the engine's own way to make it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.provider.conftest import Begin
from tests.provider.test_up import DEFAULT, free, held
from tests.support.simulator import Simulator
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

PROGRAM = """
import json
from pathlib import Path
import pulumi

SHOWN = "instanceId", "numbers", "pending", "unmanaged"

class InstanceNumbers(pulumi.ComponentResource):
    def __init__(self, name, said, opts=None):
        super().__init__("ccc:index:InstanceNumbers", name, {**dict.fromkeys(SHOWN), **said}, opts, remote=True)

InstanceNumbers.__annotations__ = {key: pulumi.Output[kind] for key, kind in zip(SHOWN, (str, dict, list, list))}
made = []
for name, said in json.loads(Path("components.json").read_text()).items():
    made.append(InstanceNumbers(name, said, pulumi.ResourceOptions(depends_on=made[-1:])))
    pulumi.export(name, {key: getattr(made[-1], key) for key in SHOWN})
"""
Component = dict[str, Any]
BeginProgram = Callable[..., tuple[Stack, Simulator]]


@pytest.fixture
def begin_program(begin: Begin) -> BeginProgram:
    """Starts a simulator from a seed, and a stack whose program is `PROGRAM`, or another."""

    def start(seed: dict[str, Any], program: str = PROGRAM) -> tuple[Stack, Simulator]:
        stack, simulator = begin(seed)
        (stack.folder / "__main__.py").unlink()
        (stack.folder / "__main__.py").write_text(program, "utf-8")
        return stack, simulator

    return start


def component(declared: list[str], *, of: str = INSTANCE, **settings: object) -> Component:
    defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
    return {"instanceId": of, "defaults": defaults, "numbers": {each: {} for each in declared}} | settings


def write(stack: Stack, **components: Component) -> None:
    (stack.folder / "components.json").write_text(json.dumps(components), "utf-8")


def test_a_component_binds_its_numbers_under_all_guards(begin_program: BeginProgram) -> None:
    stack, simulator = begin_program(seed(numbers(4), support=instance([bound(number(8)), bound(number(9))])))
    declared = [*numbers(4), number(8), "02199990000"]
    groups = {"night": {"displayName": "夜班组"}}
    write(stack, support=component(declared, skillGroups=groups))
    assert stack.preview().code == 0
    assert held(simulator).keys() == {number(8), number(9)}
    result = stack.up()
    assert result.code == 0, result.text
    assert held(simulator) == dict.fromkeys([*numbers(4), number(8), number(9)], DEFAULT)
    shown: Any = stack.outputs()["support"]
    assert (shown["instanceId"], shown["pending"], shown["unmanaged"]) == (
        INSTANCE,
        ["02199990000"],
        [number(9)],
    )
    assert shown["numbers"][number(1)] == {
        "status": "bound",
        "usage": "bidirectional",
        "flow": "主流程",
        "skillGroups": ["sales"],
        "province": "上海",
        "city": "上海",
    }
    simulator.import_numbers("02199990000")
    second = stack.up()
    assert second.ops() == {"02199990000": "update"}, second.text

    write(stack, support=component(declared[:2], skillGroups=groups))
    refused = stack.up()
    assert any("would take 4 of 6 numbers out of acme-support" in each for each in refused.errors), (
        refused.text
    )
    assert len(held(simulator)) == 7
    write(stack, support=component(declared[:5], skillGroups=groups))
    dropped = stack.up()
    assert dropped.code == 0, dropped.text
    assert free(simulator) == ["02199990000"]
    assert any("cannot be deleted" in each for each in stack.destroy().errors)
    assert len(held(simulator)) == 6


def test_a_component_that_is_wrong_names_the_properties(begin_program: BeginProgram) -> None:
    stack, simulator = begin_program(seed(numbers(2)))
    wrong = component([number(1)], numberz={}, removalBudget="many")
    wrong["numbers"][number(2)] = {"usage": "inbond", "order": "a-1"}
    wrong["orders"] = {"b": {"vendor": "A", "purchase": {}}}
    write(stack, support=wrong)
    result = stack.up()
    (said,) = [each for each in result.errors if "resource 'support' has a problem" in each]
    assert result.code != 0
    for line in (
        'numbers.02180000002.usage: "inbond" is not a usage; did you mean "inbound"?',
        'numberz: unknown key; did you mean "numbers"?',
        'removalBudget: "many"',
        "orders.b.stage: is missing",
        "orders.b.purchase: belongs to an order of a stack file",
    ):
        assert line in said
    assert held(simulator) == {}


def test_what_is_secret_or_not_known_is_refused_by_its_path(begin_program: BeginProgram) -> None:
    program = PROGRAM.partition("made = []")[0] + (
        "class Number(pulumi.CustomResource):\n"
        "    contactFlowId: pulumi.Output[str]\n"
        f"one = Number('ccc:index:PhoneNumber', '{number(1)}', dict(number='{number(1)}', instanceId='{INSTANCE}',\n"
        "    usage='inbound', contactFlow='主流程', contactFlowId=None))\n"
        f"said = dict(instanceId='{INSTANCE}', defaults=dict(usage='inbound', flow=one.contactFlowId),\n"
        f"    numbers={{'{number(2)}': dict(order=pulumi.Output.secret('o-1'))}})\n"
        "InstanceNumbers('support', said, pulumi.ResourceOptions(retain_on_delete=True))\n"
    )
    stack, _ = begin_program(seed(numbers(2)), program)
    result = stack.preview()
    (said,) = [each for each in result.errors if "resource 'support' has a problem" in each]
    for line in (
        "defaults.flow is not known before the update",
        f"numbers.{number(2)}.order is a secret",
        "the option retainOnDelete does not reach what a component declares; write `keepOnRemoval: true`",
    ):
        assert line in said
    assert "o-1" not in result.text


def test_two_components_of_one_instance_take_out_nothing(begin_program: BeginProgram) -> None:
    stack, simulator = begin_program(seed(numbers(4)))
    write(stack, all=component(numbers(4), protected=False))
    assert stack.up().code == 0
    half: dict[str, Any] = {"removalBudget": 4, "protected": False}
    write(stack, all=component(numbers(2), **half), other=component(numbers(2, start=3), **half))
    program = (stack.folder / "__main__.py").read_text("utf-8")
    (stack.folder / "__main__.py").write_text(program.replace("depends_on=made[-1:]", ""), "utf-8")
    result = stack.up()
    assert any("one component declares all numbers of an instance" in each for each in result.errors), (
        result.text
    )
    assert held(simulator) == dict.fromkeys(numbers(4), DEFAULT)


def test_a_number_moves_to_the_component_that_depends_on_its_own(begin_program: BeginProgram) -> None:
    stack, simulator = begin_program(seed(numbers(3)))
    write(
        stack,
        support=component(numbers(3)),
        billing=component([], of=OTHER, skillGroups={"a": {"displayName": "a"}}),
    )
    assert stack.up().code == 0
    groups = {"a": {"displayName": "a"}}
    write(stack, support=component(numbers(2)), billing=component([number(3)], of=OTHER, skillGroups=groups))
    result = stack.up(preview=True)
    assert result.code == 0, result.text
    assert (list(held(simulator)), list(held(simulator, OTHER))) == (numbers(2), [number(3)])
    assert result.ops() == {number(3): "update"}


def test_a_secret_property_stays_encrypted(begin_program: BeginProgram) -> None:
    """The plugin takes secrets marked, for the sake of components, and gives them back marked."""
    program = (
        "import pulumi\n"
        "said = dict(key='o', vendor='A', product='landline-aftersales', stage='intended', quantity=1,\n"
        "    notes=pulumi.Output.secret('a-secret-note'), contact=dict(name=pulumi.Output.secret('a-secret-name')))\n"
        "pulumi.CustomResource('ccc:index:VendorOrder', 'o', said)\n"
    )
    stack, _ = begin_program(seed([]), program)
    for verb in (stack.up, stack.refresh, stack.up):
        assert verb().code == 0
        kept = json.dumps(stack.resources())
        assert "a-secret" not in kept
        assert kept.count('"ciphertext"') == 4
    assert "a-secret" not in stack.preview(ALIBABA_CLOUD_ACCESS_KEY_ID="x").text


def test_a_component_imports_its_own_lines_and_gives_numbers_to_agents(begin_program: BeginProgram) -> None:
    stack, simulator = begin_program(seed([number(2)], support=instance(users=["wang"])))
    order = {"vendor": "A", "product": "landline-aftersales", "stage": "opened", "quantity": 1}
    paid = {"purchased": "2026-08-01", "term": "5y", "prepaid": 3000, "orderId": "2206600000001"}
    said = component([number(1)], selfService=True, orders={"own": order | paid})
    said["numbers"] = {number(1): {"order": "own"}, number(2): {"agent": "wang"}}
    write(stack, support=said)
    result = stack.up()
    assert result.code == 0, result.text
    rows = simulator.numbers(INSTANCE)
    assert (rows[number(1)]["provider"], rows[number(1)]["skillGroups"]) == ("优音", ["sales"])
    assert (rows[number(2)]["user"], rows[number(2)]["skillGroups"]) == ("wang", [])

    said["numbers"][number(2)] = {"agent": ""}
    write(stack, support=said)
    back = stack.up()
    assert back.ops() == {number(2): "update"}, back.text
    row = simulator.numbers(INSTANCE)[number(2)]
    assert (row.get("user"), row["skillGroups"]) == (None, ["sales"])
