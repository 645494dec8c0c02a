"""Drift, heal, report and orders on one fleet with one of everything, at one moment: they say the same."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from ccc_numbers.fleet.report.build import ReportOptions, build
from ccc_numbers.fleet.report.model import Status
from ccc_numbers.fleet.report.number_rows import State
from ccc_numbers.fleet.report.render import headline, scope
from ccc_numbers.numbers.finding_kinds import FindingKind, Heal
from tests.fleet.drift_world import OTHER, World, instance, live, number

TODAY = date.today()
STATES = {
    1: State.AS_DECLARED,
    2: State.DIFFERS,  # another flow
    3: State.DEAD,  # no flow
    4: State.MISSING,  # unassigned
    5: State.ELSEWHERE,
    6: State.NOT_IN_ACCOUNT,
    7: State.PENDING,
    8: State.DEAD,  # switched off by the carrier
    9: State.DIFFERS,  # an agent's own
    10: State.DIFFERS,  # of another vendor than its order
    11: State.ACCEPTED,  # another usage, which a rule accepts
    12: State.UNMANAGED,
    13: State.NOT_READ,  # of an instance that is closed
    14: State.AS_DECLARED,  # on an order that has ended
}


BOUGHT = {
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "imported",
    "quantity": 12,
    "term": "1y",
    "purchased": str(TODAY - timedelta(days=90)),
    "scene": "售后回访",
    "regions": ["上海"],
    "prepaid": 3000,
}


def one_of_everything(world: World) -> None:
    """Two stacks; acme has an instance of each sort and beta one that is closed."""
    ended = BOUGHT | {"purchased": str(TODAY - timedelta(days=400)), "quantity": 1}
    opened = BOUGHT | {"stage": "opened", "since": str(TODAY), "purchased": str(TODAY), "quantity": 1}
    declared = [index for index in STATES if index not in (12, 13)]
    world.begin(0)
    world.numbers.update({number(index): {"order": "bought"} for index in declared})
    world.numbers[number(7)], world.numbers[number(14)] = {"order": "opened"}, {"order": "ended"}
    world.declared["orders"] = {"bought": BOUGHT, "opened": opened, "ended": ended}
    rows = {index: live(number(index)) for index in (1, 2, 3, 8, 9, 10, 11, 12, 14)}
    rows[2]["contactFlow"] = "夜间流程"
    del rows[3]["contactFlow"]
    rows[8]["active"] = False
    rows[9] |= {"user": "wang", "skillGroups": []}
    rows[10]["provider"] = "B"
    rows[11]["usage"] = "Inbound"
    world.here["numbers"] = list(rows.values())
    world.state["unassigned"] = [{"number": number(4), "provider": "A"}]
    world.state["instances"][OTHER]["numbers"] = [live(number(5))]
    world.state["instances"]["closed"] = instance() | {"status": "STOPPED"}
    world.set()
    binding = {"usage": "inbound", "flow": "主流程"}
    world.stack("beta", {"instances": {"closed": {"numbers": {number(13): binding}}}})
    rule = f'{{subject: "{number(11)}", reason: r, owner: o, until: {TODAY + timedelta(days=9)}}}'
    Path("drift-ignore.yaml").write_text(f"rules: [{rule}]\n", "utf-8")


def test_drift_heal_report_and_orders_agree_on_every_number(world: World) -> None:
    one_of_everything(world)
    drift = world.drift()
    site = build(world.root, ("acme", "beta"), ReportOptions(), TODAY)
    heal = world.run("heal")
    orders = {
        each["order"]: each for each in json.loads(world.run("orders", "acme", "-o", "json").out)["orders"]
    }

    # The verdict: drift could not see all, and so says nobody that all is well, or all was looked at.
    assert (drift.code, drift.report["verdict"], site.fleet.status) == (2, "incomplete", Status.INCOMPLETE)
    assert heal.code == 2
    assert "1 place could not be looked at" in headline(site.fleet)

    # Each number: the report's word for it is drift's finding about it.
    assert {row.number: row.state for row in site.fleet.numbers} == {
        number(index): state for index, state in STATES.items()
    }
    kinds: dict[str, list[str]] = {number(index): [] for index in STATES}
    for kind, subject in drift.kinds:
        kinds.get(subject, []).append(kind)
    assert {row.number: sorted(row.kinds) for row in site.fleet.numbers} == {
        subject: sorted(found) for subject, found in kinds.items()
    }
    well = {
        number(index)
        for index, state in STATES.items()
        if state in (State.AS_DECLARED, State.ACCEPTED, State.NOT_READ)
    }
    assert {subject for subject, found in kinds.items() if not found} == well

    # Coverage: what is declared and not there is said wherever a share is.
    (acme,) = [each for each in drift.report["coverage"] if each["stack"] == "acme"]
    assert (acme["live"], acme["managed"], acme["absent"]) == (9, 8, 4)
    assert (site.fleet.live, site.fleet.managed, site.fleet.absent) == (9, 8, 4)
    assert "4 declared numbers are not there" in scope(site.fleet)
    # Heal stops at what drift says `up` stops at, and counts as left what drift calls an error.
    by_heal = Counter(each["heal"] for each in drift.report["findings"])
    assert by_heal[Heal.REPAIRS] == 3  # the flow, the dead line, the unassigned one
    assert "acme: 1 dead-inbound, 1 missing, 1 wrong-flow to repair" in heal.out
    for kind in (FindingKind.ELSEWHERE, FindingKind.PERSONAL):
        assert f"stops at {kind}" in heal.out
    for kind in ("not-in-account", "inactive", "vendor-mismatch", "order-lapsed"):
        assert f"cannot repair {kind}" in heal.out
    assert f"repaired as well, though ignored: wrong-usage: {number(11)}" in heal.out
    # Orders: in CCC is what drift has not missed, bound what it has not found elsewhere or unassigned.
    assert (orders["bought"]["declared"], orders["bought"]["imported"], orders["bought"]["bound"]) == (
        10,
        9,
        7,
    )
    rows = {row.order.key: row for row in site.fleet.orders}
    assert {key: (row.counts.imported, row.counts.bound) for key, row in rows.items() if row.counts} == {
        key: (each["imported"], each["bound"]) for key, each in orders.items()
    }


def test_money_alone_is_not_a_difference(world: World) -> None:
    world.declared["orders"] = {"bought": BOUGHT | {"quantity": 9}}
    for settings in world.numbers.values():
        settings["order"] = "bought"
    world.set()
    assert world.drift().report["verdict"] == "clean"
    part = build(world.root, ("acme",), ReportOptions(), TODAY).fleet
    assert [each.kind for each in part.findings] == ["paid-unbound"]
    assert (part.status, headline(part)) == (Status.AS_DECLARED, "As declared; 1 warning.")
