"""Small call centres for tests: a simulator's seed and the declaration that goes with it."""

from collections.abc import Sequence
from typing import Any

INSTANCE = "acme-support"
OTHER = "acme-billing"

Json = dict[str, Any]


def number(index: int) -> str:
    """The index-th landline of Shanghai."""
    return f"0218{index:07d}"


def numbers(count: int, start: int = 1) -> list[str]:
    """`count` landlines, in order."""
    return [number(index) for index in range(start, start + count)]


def instance(bound: Sequence[Json] = (), status: str = "RUNNING", users: Sequence[str] = ()) -> Json:
    """An instance with two published flows, an unpublished one and three skill groups."""
    return {
        "status": status,
        "users": [{"login": user} for user in users],
        "contactFlows": [
            {"name": "主流程", "type": "MAIN_FLOW", "published": True},
            {"name": "夜间流程", "type": "MAIN_FLOW", "published": True},
            {"name": "草稿", "type": "MAIN_FLOW", "published": False},
        ],
        "skillGroups": [
            {"name": "sales", "displayName": "销售组", "mediaType": "AUDIO"},
            {"name": "support", "displayName": "客服组", "mediaType": "AUDIO"},
            {"name": "vip", "displayName": "贵宾组", "mediaType": "AUDIO"},
        ],
        "numbers": list(bound),
    }


def bound(
    number: str, usage: str = "Bidirectional", flow: str | None = "主流程", groups: Sequence[str] = ("sales",)
) -> Json:
    """A number in an instance, as the seed has it. `usage` in CCC's own words."""
    return {
        "number": number,
        "usage": usage,
        "contactFlow": flow,
        "skillGroups": list(groups),
        "provider": "A",
    }


def seed(unassigned: Sequence[str], *, support: Json | None = None, billing: Json | None = None) -> Json:
    """Two instances and numbers of the account that are in neither."""
    free = [{"number": each, "province": "上海", "city": "上海", "provider": "A"} for each in unassigned]
    return {
        "instances": {INSTANCE: support or instance(), OTHER: billing or instance()},
        "unassigned": free,
    }


def declaration(
    numbers: Sequence[str] | dict[str, Json], *, instance: str = INSTANCE, **settings: object
) -> Json:
    """A stack of one instance, its numbers bidirectional with the main flow and the sales group by default."""
    listed = numbers if isinstance(numbers, dict) else {each: {} for each in numbers}
    defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
    return {"instances": {instance: {"protected": False, "defaults": defaults, "numbers": listed} | settings}}
