"""Calls in the world of drift: thirty days of them, up to noon of one day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ccc_numbers.declaration.clock import CHINA
from tests.fleet.drift_world import INSTANCE, Answer, World, number

NOW = "2025-03-10T12:00"
LONG_AGO = 1_600_000_000_000
AUGUST = {
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "imported",
    "quantity": 1,
    "regions": ["上海"],
}
ORDER = {**AUGUST, "purchased": "2024-08-01", "term": "1y", "prepaid": 3000}
BUSY, SILENT, UNANSWERED, BLOCKED, UNUSED, NEW = (number(index) for index in range(1, 7))


def at(moment: str) -> int:
    """Unix milliseconds of a time in China."""
    return round(datetime.fromisoformat(moment).replace(tzinfo=CHINA).timestamp() * 1000)


def calls(line: str, count: int = 10, moment: str = "2025-02-20T10:00", **said: Any) -> Mapping[str, Any]:
    return {"number": line, "count": count, "at": at(moment), "every": 3_600_000, **said}


def begin(world: World) -> None:
    """Six numbers: five with something to say of their calls but one, and one that has just joined."""
    world.begin(6)
    for row in world.rows:
        row["created"] = at("2025-03-01T00:00") if row["number"] == NEW else LONG_AGO
    world.declared["orders"] = {"august": ORDER}
    world.numbers[UNUSED] = {"order": "august"}
    world.here["calls"] = [
        calls(BUSY, talk=60, agent="wang"),
        calls(BUSY, type="OUTBOUND", talk=60, agent="wang"),
        calls(BUSY, 4, disposition="AbandonedInQueue"),
        calls(SILENT, type="OUTBOUND", disposition="NoAnswer", earlyMedia="Busy"),
        calls(UNANSWERED, 5, disposition="AbandonedInIVR"),
        calls(UNANSWERED, 5, disposition="QueuingTimeout"),
        calls(BLOCKED, 3, talk=20),
        calls(BLOCKED, 3, type="BACK2BACK", disposition="NoAnswer", earlyMedia="Restricted"),
        # Too early by a minute, and by no line of the instance.
        calls(UNUSED, 1, "2025-02-07T23:59", talk=60),
        calls("02180009999", 7, talk=60),
    ]
    world.set()


def drift(world: World, *words: str, now: str = NOW) -> Answer:
    return world.drift("--traffic", "30d", "--today", now, "--lapsing-days", "1", *words)


def lines(answer: Answer) -> dict[str, dict[str, int]]:
    """The calls of each number in the answer's JSON form."""
    (instance,) = (each for each in answer.report["traffic"]["instances"] if each["instance"] == INSTANCE)
    return {row.pop("number"): row for row in instance["numbers"]}
