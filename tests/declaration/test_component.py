"""Properties of a component, read as a stack file is; a problem is at the property's path."""

from pathlib import Path
from typing import Any

from ccc_numbers.declaration.component import read_component
from tests.support.worlds import number

ORDER = {"vendor": "A", "product": "landline-aftersales", "stage": "paid", "quantity": 2.0, "prepaid": 3000.5}


def said(**more: Any) -> dict[str, Any]:
    defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
    return {"instanceId": "acme-support", "defaults": defaults, "numbers": {number(1): {}}} | more


def problems(project: Path, **more: Any) -> list[str]:
    return [str(each) for each in read_component("support", said(**more), project).problems]


def test_values_as_programs_have_them_are_those_of_a_stack_file(tmp_path: Path) -> None:
    declared = {number(1): {"adopt": True}, number(2): None}
    loaded = read_component(
        "support", said(removalBudget=3.0, numbers=declared, orders={"o": ORDER}), tmp_path
    )
    assert loaded.declaration
    (instance,) = loaded.declaration.instances.values()
    assert (instance.removal_budget, instance.numbers[number(1)].adopt) == ("3", True)
    assert instance.numbers[number(2)].flow == "主流程"
    assert str(loaded.declaration.orders["o"].prepaid) == "3000.5"


def test_a_problem_is_at_the_resource_and_the_property(tmp_path: Path) -> None:
    assert problems(tmp_path, numbers={"2180000001": {}}) == [
        "InstanceNumbers support: numbers.2180000001: has lost its leading zero; write 02180000001"
    ]
    (line,) = problems(tmp_path, instanceId="a b")
    assert line.startswith("InstanceNumbers support: instanceId: is not an instance id")
    assert problems(tmp_path, instanceId="")[0].startswith("InstanceNumbers support: instanceId: is missing")


def test_an_order_may_be_declared_elsewhere_unless_orders_are_given(tmp_path: Path) -> None:
    declared = {number(1): {"order": "o"}}
    assert problems(tmp_path, numbers=declared) == []
    (line,) = problems(tmp_path, numbers=declared, orders={"p": ORDER})
    assert line.startswith(f'InstanceNumbers support: numbers.{number(1)}.order: "o" is not an order')


def test_overrides_and_what_others_may_change_are_those_of_a_stack_file(tmp_path: Path) -> None:
    holiday = {"numbers": [number(1)], "flow": "夜间流程", "reason": "春节放假", "owner": "值班组"}
    holiday |= {"from": "2027-02-05", "until": "2027-02-12"}
    loaded = read_component("support", said(overrides=[holiday], ignoreChanges=["skillGroups"]), tmp_path)
    assert loaded.declaration, loaded.problems
    (override,) = loaded.declaration.overrides
    assert (override.numbers, override.until) == (frozenset({number(1)}), "2027-02-12")
    (instance,) = loaded.declaration.instances.values()
    assert instance.numbers[number(1)].ignored == {"skillGroups"}
    (line,) = problems(tmp_path, overrides=[holiday | {"numbers": [number(9)]}])
    assert line.startswith(f'InstanceNumbers support: overrides[0].numbers[0]: "{number(9)}" is not a number')


def test_a_file_is_read_from_the_projects_folder(tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text(f"number,usage\n{number(2)},inbond\n", "utf-8")
    (line,) = problems(tmp_path, numbersFile="more.csv")
    assert "more.csv:2" in line
    (line,) = problems(tmp_path, numbersFile="../more.csv")
    assert line.startswith("InstanceNumbers support: numbersFile:")


def test_a_number_that_yaml_leaves_out_is_reported_where_it_stands(tmp_path: Path) -> None:
    """Pulumi drops a key without a value on its way here: the number would lose its declaration without a word."""
    program = f'name: p\nruntime: yaml\nvariables:\n  mine:\n    "{number(1)}": {{}}\n    "{number(2)}":\n'
    (tmp_path / "Pulumi.yaml").write_text(program, "utf-8")
    (line,) = problems(tmp_path)
    assert "Pulumi.yaml:6:5" in line
    assert number(2) in line
    (tmp_path / "Pulumi.yaml").write_text(program.replace("yaml\nv", "nodejs\nv"), "utf-8")
    assert problems(tmp_path) == []
