"""`--output json` of every verb that reports is as `ccc-numbers schema VERB` says."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.fleet.adopt_world import existing
from tests.fleet.drift_world import INSTANCE, World
from tests.fleet.real_world import pulumi


def validated(world: World, verb: str, *words: str, code: int = 0) -> Any:
    """The answer of a verb, which its schema allows."""
    schema = json.loads(world.run("schema", verb.replace(" ", "-")).out)
    Draft202012Validator.check_schema(schema)
    answer = world.run(*verb.split(), *words, "--output", "json")
    assert answer.code == code, answer.out + answer.err
    found = json.loads(answer.out)
    errors = list(Draft202012Validator(schema).iter_errors(found))
    assert errors == []
    return found


def test_answers_without_pulumi_fit_their_schemas(world: World) -> None:
    existing(world)
    assert validated(world, "check")["stacks"][0]["stack"] == "acme"
    assert validated(world, "orders", "--offline")["orders"][0]["order"] == "o1"
    assert validated(world, "orders next", "--offline")["unread"] == {}
    assert validated(world, "vendors")
    assert validated(world, "matrix", "--all")["stacks"] == [
        {"stack": "acme", "reason": "all stacks", "account": None, "role": None, "readRole": None}
    ]
    assert validated(world, "report", "--out", "site", "--offline")["page"] == "site/index.html"
    (found,) = validated(world, "adopt", INSTANCE, "--stack", "acme", "--files-only")["instances"]
    assert (found["numbers"], found["already"]) == (["02180001004", "02180001005"], 3)
    healed = validated(world, "heal")
    assert (healed["ran"], healed["left"], healed["verdict"]) == (False, [], "clean")
    Path("stacks/acme.yaml").write_text("instances: {a: {numbers: 1}}\n", "utf-8")
    assert validated(world, "check", code=2)["errors"] == 1
    healed = validated(world, "heal", code=2)
    assert (healed["verdict"], healed["problems"][0].partition(": ")[0]) == (
        "incomplete",
        "stacks/acme.yaml:1:26",
    )
    outputs = {"instances": {"a": {"numbers": {"02180001001": {"status": "bound", "usage": "inbound"}}}}}
    Path("outputs.json").write_text(json.dumps(outputs), "utf-8")
    found = validated(world, "numbers", "--stack", "acme", "--outputs", "outputs.json")
    assert found["numbers"][0]["number"] == "02180001001"
    Path("requirements.txt").write_text("ccc-numbers==0.0.1\n", "utf-8")
    assert validated(world, "upgrade", "--to", "0.0.2")["differing"] is None


def test_answers_with_pulumi_fit_their_schemas(project: World) -> None:
    project.begin(2)
    pulumi("stack", "init", "acme", "--no-select")
    adopted = validated(project, "adopt", INSTANCE, "--stack", "acme", "--with", "groups")
    assert adopted["imported"] == {"number": 2, "skill group": 2, "contact flow": 0}
    assert adopted["left"] == {"bookkeeping": [], "joining": [], "others": []}
    project.stack("beta", "instances:\n  acme-billing:\n    numbers: {}\n")
    pulumi("stack", "init", "beta", "--no-select")
    shown = validated(project, "move", INSTANCE, "--from", "acme", "--to", "beta", code=1)
    assert (shown["moved"], shown["from"], shown["sourceEnds"]) == (False, "acme", True)
    assert validated(project, "rebase", "acme")["rebased"] is False
    (planned,) = validated(project, "plan", "acme")
    assert planned["outcome"] == "done"
