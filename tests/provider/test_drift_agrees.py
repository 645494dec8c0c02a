"""Every standing × every declaration, through drift and then through the provider: they say the same of each number.

Each cell is a number of its own in one call centre, so that a whole scenario is two drift runs and one `up`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.run import DriftOptions, look
from ccc_numbers.numbers.finding_kinds import FindingKind, Heal
from ccc_numbers.provider.resources.phone_number import PhoneNumber
from ccc_numbers.provider.run import Run
from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, seed

Row = dict[str, Any]

_BOUND: list[Row] = [
    bound("", usage, flow, groups)
    for usage, flow, groups in (
        ("Bidirectional", "主流程", ("sales",)),
        ("Bidirectional", "主流程", ()),
        ("Bidirectional", "主流程", ("sales", "vip")),
        ("Bidirectional", "夜间流程", ("sales",)),
        ("Inbound", "主流程", ()),
        ("Outbound", None, ("sales", "support")),
        ("Outbound", None, ()),
        ("Inbound", None, ()),
        ("Bidirectional", None, ()),
    )
] + [
    bound("", "Bidirectional", flow, ()) | {"user": user}
    for flow, user in (("主流程", "agent"), ("夜间流程", "agent"), ("主流程", "li@corp"))
]
STANDINGS: list[tuple[str, Row | None]] = [
    ("not imported", None),
    ("unassigned", None),
    *product((INSTANCE, OTHER), _BOUND),
]
_DECLARED: list[Row] = [
    {"usage": usage, "flow": flow, "skillGroups": groups, "agent": agent}
    for usage, flow, groups, agent in (
        ("bidirectional", "主流程", ["sales"], None),
        ("bidirectional", "夜间流程", ["vip", "support"], None),
        ("inbound", "主流程", [], None),
        ("outbound", None, ["sales"], None),
        ("bidirectional", "主流程", ["sales"], ""),
        ("bidirectional", "夜间流程", [], "agent"),
        *(("bidirectional", "主流程", [], agent) for agent in ("agent", "li", "li@corp")),
        ("bidirectional", "主流程", [], f"agent@{INSTANCE}"),
    )
]
DECLARED = [
    each | {"adopt": adopt, "ignoreChanges": ignored}
    for each, adopt in product(_DECLARED, (False, True))
    for ignored in ([], ["usage", "flow", "skillGroups"])
    if not ignored or each["agent"] is None
]
CELLS = {
    number(index): (standing, said)
    for index, (standing, said) in enumerate(product(STANDINGS, DECLARED), start=1)
}
# What drift may say of a number that stands in a place.
KINDS = {
    "not imported": {FindingKind.NOT_IN_ACCOUNT},
    "unassigned": {FindingKind.MISSING},
    OTHER: {FindingKind.ELSEWHERE},
    INSTANCE: {
        *(FindingKind.PERSONAL, FindingKind.WRONG_USAGE, FindingKind.WRONG_FLOW, FindingKind.WRONG_GROUPS),
        *(FindingKind.DEAD_INBOUND, FindingKind.DEAD_OUTBOUND, FindingKind.CO_MANAGED),
    },
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start_simulator(seed([])) as running:
        yield running


def put(simulator: Simulator) -> None:
    places: dict[str, list[Row]] = defaultdict(list)
    for each, ((place, row), _) in CELLS.items():
        places[place].append((row or {}) | {"number": each})
    users = ("agent", "li", "li@corp")
    here, there = (instance(places[place], users=users) for place in (INSTANCE, OTHER))
    free = [str(row["number"]) for row in places["unassigned"]]
    simulator.put_state(seed(free, support=here, billing=there))


def stack(root: Path, name: str, endpoint: str, declared: Row) -> None:
    own = {"config": {"ccc:endpoint": endpoint}}
    (root / "stacks" / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump(own), "utf-8")
    (root / "stacks" / f"{name}.yaml").write_text(
        yaml.safe_dump({"instances": declared}, allow_unicode=True), "utf-8"
    )


def findings(root: Path) -> dict[str, list[Finding]]:
    """What drift says of each number."""
    report = look(root, ["acme"], DriftOptions(), date.today()).report
    assert not report.unseen, report.unseen
    assert not report.problems, report.problems
    found = defaultdict(list)
    for finding in report.findings:
        found[finding.subject].append(finding)
    return found


async def up(root: Path, url: str, *, in_state: bool) -> dict[str, str]:
    """Bring every number as the engine would; the status of each, "refused" for one the provider stops at."""
    run, numbers = Run(Settings.parse({"endpoint": url}), {}, None, root, "acme"), PhoneNumber()

    async def bring(each: str) -> str:
        said = CELLS[each][1]
        ignored = ["contactFlow" if part == "flow" else part for part in said["ignoreChanges"]]
        inputs = {"number": each, "instanceId": INSTANCE, "contactFlow": said["flow"], **said}
        inputs["ignoreChanges"] = ignored
        inputs = {key: value for key, value in inputs.items() if value not in (None, []) and key != "flow"}
        urn = f"urn:pulumi:acme::p::ccc:index:PhoneNumber::{each}"
        try:
            if in_state:
                old = inputs | {"status": "pending"}
                return str((await numbers.update(run, urn, each, old, inputs, False))["status"])
            return str((await numbers.create(run, urn, inputs, False))[1]["status"])
        except CccError:
            return "refused"

    try:
        return dict(zip(CELLS, await asyncio.gather(*map(bring, CELLS)), strict=True))
    finally:
        run.journal.close(saved=False)
        await run.client.close()


def rows(simulator: Simulator) -> dict[str, Row]:
    """How each number is bound, with its instance."""
    return {
        row["number"]: row | {"place": place}
        for place, each in simulator.state()["instances"].items()
        for row in each["numbers"]
    }


@pytest.mark.parametrize("neighbour", ["none", "gives away", "declares them too"])
@pytest.mark.parametrize("names", ["whole", "cut"])
def test_drift_says_of_each_number_what_up_does(
    simulator: Simulator, tmp_path: Path, neighbour: str, names: str
) -> None:
    put(simulator)
    simulator.switch(instance_numbers=names)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n", "utf-8")
    mine = {
        each: {
            key: value or None if key == "agent" else value
            for key, value in said.items()
            if value is not None
        }
        for each, (_, said) in CELLS.items()
    }
    stack(tmp_path, "acme", simulator.url, {INSTANCE: {"numbers": mine}})
    theirs = {each: {"usage": "inbound", "flow": "主流程"} for each in CELLS}
    if neighbour != "none":
        declared = theirs if neighbour == "declares them too" else {}
        endpoint = simulator.url.removeprefix("http://")
        stack(tmp_path, "beta", endpoint, {"acme-archive": {"numbers": declared}, OTHER: {"numbers": {}}})

    first, before = findings(tmp_path), rows(simulator)
    done = asyncio.run(up(tmp_path, simulator.url, in_state=neighbour != "declares them too"))
    second, after = findings(tmp_path), rows(simulator)

    wrong = []
    for each, ((place, row), said) in CELLS.items():
        heals = {finding.heal for finding in first[each]}
        kinds = {finding.kind for finding in first[each]} - {FindingKind.DUPLICATE}
        agree = {
            "kinds": kinds <= KINDS[place] and (place == INSTANCE or bool(kinds)),
            "refuses": (Heal.REFUSES in heals) == (done[each] == "refused"),
            "repairs": (Heal.REPAIRS in heals) == (before.get(each) != after.get(each)),
            "one of the two": not {Heal.REFUSES, Heal.REPAIRS} <= heals,
            "repaired": all(finding.heal is not Heal.REPAIRS for finding in second[each]),
            "pending": (place == "not imported") == (done[each] == "pending"),
        }
        shown = [(str(finding.kind), str(finding.heal)) for finding in first[each]]
        wrong += [(name, place, row, said, shown, done[each]) for name, holds in agree.items() if not holds]
    assert wrong == []
