"""The policy pack: what it says of numbers, and that the real engine heeds it.

The language host that is built here is older than the CLI and cannot start a pack written in Python; the CLI then runs
`pulumi-analyzer-policy-RUNTIME`. A launcher of two lines of that name starts the same program in its place.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

import pytest

from ccc_numbers.vendors.terms import Term
from tests.provider.conftest import Begin
from tests.support.stack import ROOT
from tests.support.worlds import declaration, number, seed
from tools.layout import Checkout
from tools.test_deps import POLICIES

sys.path.insert(0, str(ROOT / "policies"))
from rules import Number, Order, four_hundred, instance_protected, order_outlives, term_end, with_group

sys.path.pop(0)

UNTIL = date(2026, 12, 28)
ORDER = {"key": "o", "product": "landline-aftersales", "purchased": "2026-01-01", "term": "1y"}


def a_number(**properties: object) -> Number:
    return Number.of(
        {"number": "02180001001", "usage": "bidirectional", "skillGroups": ["sales"], **properties}
    )


@pytest.mark.parametrize(
    ("properties", "order", "said"),
    [
        ({"order": "o"}, ORDER, None),
        ({"order": "o"}, ORDER | {"purchased": "2025-12-01"}, "ends on 2026-12-01, before 2026-12-28"),
        ({"order": "o"}, ORDER | {"term": None}, "has no end"),
        ({"order": "other"}, ORDER, "which this stack does not declare"),
        ({}, ORDER, "names no order"),
        ({"usage": "outbound"}, ORDER, None),
    ],
)
def test_a_number_that_takes_calls_outlives_its_order(
    properties: dict[str, object], order: dict[str, object], said: str | None
) -> None:
    found = list(order_outlives(a_number(**properties), {"o": Order.of(order)}, UNTIL))
    assert len(found) == (said is not None)
    assert said is None or said in found[0]


@pytest.mark.parametrize("term", ["1y", "3y", "1m", "6m", "18m", "30d", "365d"])
@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2024, 2, 29), date(2026, 12, 1)])
def test_a_term_ends_when_the_ledger_says_so(day: date, term: str) -> None:
    assert term_end(day, term) == Term.parse(term).end(day)


def test_a_number_belongs_to_somebody_and_a_400_number_takes_calls() -> None:
    assert list(with_group(a_number(skillGroups=[]))) == ["02180001001 has no skill group and no agent"]
    assert not list(with_group(a_number(skillGroups=[], agent="li@acme")))
    hotline = a_number(number="4008001001", skillGroups=[], usage="inbound", order="o")
    assert not list(with_group(hotline))
    assert "is for landline-aftersales" in next(four_hundred(hotline, {"o": Order.of(ORDER)}))
    assert not list(four_hundred(hotline, {"o": Order.of(ORDER | {"product": "400"})}))
    assert "can only be inbound" in next(four_hundred(a_number(number="4008001001"), {}))
    assert "acme is not protected" in next(instance_protected({"instanceId": "acme", "protected": False}))


def test_the_engine_refuses_what_a_mandatory_policy_forbids(begin: Begin, tmp_path: Path) -> None:
    packages = POLICIES.home(Checkout(ROOT))
    if not packages.is_dir():
        pytest.fail("pulumi-policy is not there: `make test-deps` installs it")
    pack, starter = tmp_path / "pack", tmp_path / "starter"
    pack.mkdir()
    starter.mkdir()
    for file in ("__main__.py", "rules.py"):
        (pack / file).write_text((ROOT / "policies" / file).read_text("utf-8"), "utf-8")
    described = (ROOT / "policies" / "PulumiPolicy.yaml").read_text("utf-8")
    (pack / "PulumiPolicy.yaml").write_text(described.replace("name: python", "name: here"), "utf-8")
    launcher = starter / "pulumi-analyzer-policy-here"
    launcher.write_text(f'#!/bin/sh\nexec {packages}/bin/python -u -m pulumi.policy "$1" "$2"\n', "utf-8")
    launcher.chmod(0o755)
    config = tmp_path / "config.json"
    stack, simulator = begin(seed([number(1)]))
    stack.declare(declaration([number(1)]))
    stack.environment["PATH"] = f"{starter}{os.pathsep}{stack.environment['PATH']}"
    config.write_text(json.dumps({"order-outlives": "mandatory"}), "utf-8")
    refused = stack.up("--policy-pack", str(pack), "--policy-pack-config", str(config), preview=True)
    assert refused.code != 0
    assert f"{number(1)} takes calls and names no order" in refused.text
    assert simulator.unassigned() == [number(1)]
    config.write_text(json.dumps({"order-outlives": "disabled"}), "utf-8")
    done = stack.up("--policy-pack", str(pack), "--policy-pack-config", str(config))
    assert done.code == 0, done.text
    assert simulator.unassigned() == []
