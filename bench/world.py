"""The call centre that is measured: one instance, `count` numbers, every number with a flow and one skill group."""

INSTANCE = "bench"
FLOW, FLOW_ID = "主流程", "flow-main"
GROUP, GROUP_ID = "sales", f"sales@{INSTANCE}"


def numbers(count: int) -> list[str]:
    """`count` landlines of Shanghai, in order."""
    return [f"0218{index:07d}" for index in range(1, count + 1)]


def seed(count: int) -> dict[str, object]:
    """The simulator's seed: all numbers imported, none in the instance."""
    first, *_, last = numbers(max(count, 2))
    return {
        "instances": {
            INSTANCE: {
                "status": "RUNNING",
                "contactFlows": [{"id": FLOW_ID, "name": FLOW, "type": "MAIN_FLOW", "published": True}],
                "skillGroups": [{"name": GROUP, "displayName": "销售组", "mediaType": "AUDIO"}],
                "numbers": [],
            }
        },
        "unassigned": [{"range": [first, last], "province": "上海", "city": "上海", "provider": "A"}],
    }


def declaration(count: int) -> str:
    """The stack file, in the shape people write: defaults, and one line a number."""
    lines = [
        "instances:",
        f"  {INSTANCE}:",
        "    protected: false",
        f"    defaults: {{usage: bidirectional, flow: {FLOW}, skillGroups: [{GROUP}]}}",
        "    numbers:",
        *(f'      "{number}": {{}}' for number in numbers(count)),
    ]
    return "\n".join(lines) + "\n"
