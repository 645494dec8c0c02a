"""The JSON Schema that ships for editors says what the grammar says."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ccc_numbers.declaration.read import load_stack
from ccc_numbers.declaration.schema import SHIPPED, schema_text
from tests.declaration import test_example

ROOT = Path(__file__).parents[2]


def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SHIPPED.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_editors_read(text: str) -> object:
    """As YAML's own types, dates left as text, keys as text."""

    class Loader(yaml.SafeLoader): ...

    Loader.yaml_implicit_resolvers = {
        first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return json.loads(json.dumps(yaml.load(text, Loader=Loader)))


def test_the_shipped_schema_is_the_one_the_grammar_makes() -> None:
    assert SHIPPED.read_text("utf-8") == schema_text(), "run: ccc-numbers schema --write"


@pytest.mark.parametrize(
    "text",
    [
        test_example.STACK,
        (ROOT / "stacks/demo.yaml").read_text("utf-8"),
        "x-common: &c {usage: inbound, flow: f}\ninstances: {a: {numbers: {'95518': *c, '95519': }}}\n",
        "instances: {a: {removalBudget: 10%, numbers: {'95518': {usage: inbound, flow: 400, order: ~}}}}\n",
    ],
)
def test_what_the_grammar_takes_the_schema_takes(text: str) -> None:
    assert [error.message for error in validator().iter_errors(as_editors_read(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "instance: {}",
        "instances: {a: {numbers: {'02180001001': {usage: both}}}}",
        "instances: {a: {numbers: {'021-80001001': {}}}}",
        "instances: {a: {numbers: {'02180001001': {usge: inbound}}}}",
        "instances: {a: {skillGroups: {sales: {}}}}",
        "instances: {a: {protected: 'perhaps'}}",
        "orders: {o: {vendor: A}}",
        "orders: {o: {vendor: A, product: p, stage: payed, quantity: 1}}",
        "orders: {o: {vendor: A, product: p, stage: paid, quantity: 0}}",
        "orders: {o: {vendor: A, product: p, stage: paid, quantity: 1, term: 1 year}}",
    ],
)
def test_what_the_grammar_refuses_the_schema_refuses(text: str) -> None:
    assert list(validator().iter_errors(as_editors_read(text)))


def test_the_demo_names_the_schema_for_editors() -> None:
    first = (ROOT / "stacks/demo.yaml").read_text("utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (ROOT / "stacks" / named).resolve() == SHIPPED


def test_the_demo_declares_what_the_readme_promises() -> None:
    loaded = load_stack(ROOT, "demo")
    assert loaded.problems == ()
    assert loaded.declaration is not None
    numbers = [each for one in loaded.declaration.instances.values() for each in one.numbers.values()]
    seed = yaml.safe_load((ROOT / "stacks/demo.seed.yaml").read_text("utf-8"))
    flows = {flow["name"] for one in seed["instances"].values() for flow in one["contactFlows"]}
    groups = {group["name"] for one in seed["instances"].values() for group in one["skillGroups"]}
    assert len(loaded.declaration.instances) == 2
    assert len(numbers) >= 24
    assert {number.flow for number in numbers} - {None} == flows
    assert {group for number in numbers for group in number.skill_groups} == groups
    assert {len(flows), len(groups)} == {2, 3}
    assert {"0", "1", "4"} == {number.number[0] for number in numbers}
    known = {number["number"] for one in seed["instances"].values() for number in one.get("numbers", [])}
    for each in seed["unassigned"]:
        first, last = each.get("range", [each.get("number")] * 2)
        known |= {str(value).zfill(len(first)) for value in range(int(first), int(last) + 1)}
    assert [number.number for number in numbers if number.number not in known] == ["02180001009"]
