"""Pulumi in Chinese: errors are in it, and a change of the language changes nothing else."""

import json

from tests.provider.conftest import Begin
from tests.support.worlds import declaration, number, numbers, seed

ORDER = {
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "imported",
    "quantity": 2,
    "regions": ["上海"],
    "purchased": "2026-08-01",
    "term": "1y",
    "prepaid": 3000,
}


def test_the_language_of_a_project_changes_its_errors_alone(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(3)))
    wanted = declaration({number(1): {"order": "youyin"}, number(2): {"order": "youyin"}}, changeBudget=1) | {
        "orders": {"youyin": ORDER}
    }
    stack.declare(wanted)
    assert stack.up().code == 0
    assert stack.up().code == 0  # the order has seen its numbers by now
    before = stack.state()

    project = stack.folder / "Pulumi.yaml"
    text = project.read_text("utf-8")
    project.unlink()
    project.write_text(f"{text}config:\n  ccc-numbers:lang: zh\n", "utf-8")
    again = stack.up(preview=True)
    assert (again.code, again.changes, again.warnings) == (0, {}, []), again.text
    after = stack.state()
    for name, resource in before.items():
        assert (after[name].get("inputs"), after[name].get("outputs")) == (
            resource.get("inputs"),
            resource.get("outputs"),
        ), name

    rebound = json.loads(json.dumps(wanted).replace("bidirectional", "inbound"))
    stack.declare(rebound)
    refused = stack.preview()
    assert refused.code != 0
    assert "本次更新会改绑 acme-support 的 2 条线路中的 2 条，超过单次改绑上限 1" in refused.text
    assert simulator.numbers("acme-support")[number(1)]["usage"] == "Bidirectional"
