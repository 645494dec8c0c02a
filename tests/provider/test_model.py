"""A property is written once: a change of the model is a change of the checks, the diff, the schema and the classes."""

import inspect
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from ccc_numbers.api.rows import PhoneNumber, Usage
from ccc_numbers.provider import generate
from ccc_numbers.provider.model import TEXT, TEXTS, Compared, Model, Property
from ccc_numbers.provider.model.phone_number import MODEL
from ccc_numbers.provider.properties import Change
from ccc_numbers.provider.resources import resource
from ccc_numbers.provider.wire import UNKNOWN, Bag, Plain
from tests.support.stack import ROOT
from tests.support.worlds import INSTANCE, number

DECLARED: Bag = {"number": number(1), "instanceId": INSTANCE, "usage": "inbound"}
ROW = PhoneNumber(
    number(1), INSTANCE, Usage.INBOUND, "f-1", "主流程", (), None, None, "A", None, None, "vip", None
)


def with_tags(**how: Any) -> Model[PhoneNumber]:
    """Phone numbers with one property more: `tags`."""
    tags = Property[PhoneNumber]("tags", how.pop("type", TEXT), "Words about it.", **how)
    return replace(MODEL, properties=(*MODEL.properties, tags))


def described(model: Model[PhoneNumber]) -> dict[str, Any]:
    resources: dict[str, Any] = generate.schema([model])["resources"]
    return dict(resources["ccc:index:PhoneNumber"])


def typed(model: Model[PhoneNumber]) -> Any:
    """The typed class of the model."""
    made: dict[str, Any] = {}
    exec(generate.classes([model]), made)
    return made["PhoneNumber"]


def test_a_new_input_is_taken_described_and_compared() -> None:
    was, now = MODEL, with_tags()
    (problem,) = was.problems(DECLARED | {"tags": "vip"}, "it")
    assert problem.startswith('it: unknown property "tags"')
    assert list(now.problems(DECLARED | {"tags": "vip"}, "it")) == []
    assert list(now.problems(DECLARED | {"tags": ["vip"]}, "it")) == [
        "it: \"tags\" must be a string, not ['vip']"
    ]
    assert now.changes(DECLARED, DECLARED | {"tags": "vip"}) == {"tags": Change.ADD}
    for listed in ("inputProperties", "properties"):
        assert "tags" not in described(was)[listed]
        assert described(now)[listed]["tags"] == {"type": "string", "description": "Words about it."}
    assert "tags" not in described(now)["requiredInputs"]
    taken = inspect.signature(typed(now)).parameters
    assert (taken["tags"].default, taken["tags"].annotation) == (None, taken["order"].annotation)
    assert "tags: Words about it." in typed(now).__init__.__doc__


def test_a_required_input_is_asked_for() -> None:
    now = with_tags(required=True)
    assert list(now.problems(DECLARED, "it")) == ['it: "tags" is required']
    assert list(now.problems(DECLARED | {"tags": UNKNOWN}, "it")) == []
    assert "tags" in described(now)["requiredInputs"]
    assert "tags" in described(now)["required"]
    with pytest.raises(TypeError, match="required keyword-only argument: 'tags'"):
        typed(now)("x", number=number(1), instance_id=INSTANCE, usage="inbound")


@pytest.mark.parametrize(
    ("how", "before", "after", "changes"),
    [
        (Compared.YES, ["a", "b"], ["b", "a"], {"tags": Change.UPDATE}),
        (Compared.AS_SET, ["a", "b"], ["b", "a"], {}),
        (Compared.AS_SET, ["a", "b"], ["b"], {"tags": Change.UPDATE}),
        (Compared.BY_ITEM, ["a", "b"], ["b", "c"], {"tags[0]": Change.DELETE, "tags[1]": Change.ADD}),
        (Compared.REPLACES, ["a"], ["b"], {"tags": Change.REPLACE}),
        (Compared.NO, ["a"], ["b"], {}),
    ],
)
def test_an_input_is_compared_as_the_model_says(
    how: Compared, before: Plain, after: Plain, changes: dict[str, Change]
) -> None:
    now = with_tags(type=TEXTS, compared=how)
    assert now.changes(DECLARED | {"tags": before}, DECLARED | {"tags": after}) == changes


@pytest.mark.parametrize("model", generate.all_models(), ids=lambda model: model.name)
def test_each_type_compares_by_its_model(model: Model[Any]) -> None:
    values: dict[type, tuple[Plain, Plain]] = {
        str: ("a", "b"),
        bool: (False, True),
        float: (1.0, 2.0),
        list: (["a"], ["b"]),
        dict: ({"x": "a"}, {"x": "b"}),
    }
    for name, each in model.inputs.items():
        before, after = values[each.type.wire]
        wanted = model.changes({name: before}, {name: after})
        assert bool(wanted) is (each.compared is not Compared.NO)
        assert resource(model.token).diff({name: before}, {name: after}).changes.items() >= wanted.items()


@pytest.mark.parametrize(
    ("how", "said", "live"),
    [
        ({"live": lambda row: row.tags}, {}, {"tags": "vip"}),
        ({"live": lambda row: row.tags, "absent": "vip"}, {}, {}),
        ({"live": lambda row: row.tags, "absent": "vip"}, {"tags": "old"}, {"tags": "vip"}),
        ({"said": True}, {"tags": "old"}, {"tags": "old"}),
        ({"said": True}, {}, {}),
    ],
)
def test_a_refresh_reads_an_input_from_ccc_or_keeps_the_programs_word(
    how: dict[str, Any], said: Bag, live: Bag
) -> None:
    inputs = with_tags(**how).live_inputs(ROW, DECLARED | said)
    assert {key: value for key, value in inputs.items() if key == "tags"} == live
    assert inputs.keys() - {"tags"} == {*DECLARED, "contactFlow"}


def test_an_output_is_read_described_and_cannot_be_given() -> None:
    now = with_tags(output=True, live=lambda row: row.tags)
    assert now.live_outputs(ROW) == MODEL.live_outputs(ROW) | {"tags": "vip"}
    (problem,) = now.problems(DECLARED | {"tags": "vip"}, "it")
    assert problem.startswith('it: unknown property "tags"')
    assert now.changes(DECLARED | {"tags": "vip"}, DECLARED) == {}
    assert "tags" not in described(now)["inputProperties"]
    assert "tags" in described(now)["properties"]
    assert "tags" not in inspect.signature(typed(now)).parameters
    assert inspect.get_annotations(typed(now))["tags"] == pulumi.Output[str | None]


def test_a_secret_is_one_in_the_schema_and_in_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = with_tags(secret=True)
    assert described(now)["inputProperties"]["tags"]["secret"] is True
    registered: list[Any] = []
    monkeypatch.setattr(pulumi.CustomResource, "__init__", lambda self, *args: registered.append(args))
    monkeypatch.setattr(pulumi.Output, "secret", lambda value: f"secret {value}")
    typed(now)("x", number=number(1), instance_id=INSTANCE, usage="inbound", tags="vip")
    _, _, inputs, opts = registered[0]
    assert inputs["tags"] == "secret vip"
    assert opts.additional_secret_outputs == ["tags"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The generated files alone."""
    for file in (
        "ccc_numbers/provider/schema.json",
        "components/resources.py",
        "docs/examples/typescript/ccc.ts",
    ):
        (tmp_path / file).parent.mkdir(parents=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_the_generated_files_are_what_the_model_says(checkout: Path) -> None:
    assert generate.main(["--check"], checkout) == 0


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        ("ccc_numbers/provider/schema.json", lambda text: text.replace('"usage"', '"use"', 1)),
        ("components/resources.py", lambda text: text.replace("contact_flow", "flow")),
        ("docs/examples/typescript/ccc.ts", lambda text: text.replace("contactFlow", "flow")),
    ],
)
def test_a_file_edited_by_hand_is_reported_and_written_again(
    checkout: Path, file: str, spoil: Callable[[str], str]
) -> None:
    there = checkout / file
    written = there.read_text("utf-8")
    there.write_text(spoil(written), "utf-8")
    assert generate.main(["--check"], checkout) == (
        f"{file}: not what ccc_numbers/provider/model/ says; run: make generate"
    )
    assert generate.main([], checkout) == 0
    assert there.read_text("utf-8") == written
