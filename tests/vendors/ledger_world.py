"""The ledger's answer, and a simulated CCC behind the project's stack."""

import json
from pathlib import Path

from tests.support.simulator import Simulator
from tests.vendors.conftest import Run


def orders(run: Run, *words: str) -> tuple[int, dict[str, object], list[str]]:
    """Exit code, the stack's one order, kinds of findings."""
    code, out, err = run("orders", "acme", "--output", "json", "--today", "2026-11-23", *words)
    assert out, err
    data = json.loads(out)
    return code, data["orders"][0], [finding["kind"] for finding in data["findings"]]


def connect(project: Path, url: str) -> None:
    (project / "stacks/Pulumi.acme.yaml").write_text(
        f"config:\n  ccc:region: cn-shanghai\n  ccc:endpoint: {url}\n"
        "  ccc:timeouts: {connect: 1, read: 2, operation: 2}\n"
    )


def seed() -> dict[str, object]:
    flows = [{"name": "主流程", "type": "MAIN_FLOW", "published": True}]
    groups = [{"name": "sales", "displayName": "销售组", "mediaType": "AUDIO"}]
    instance = {"status": "RUNNING", "contactFlows": flows, "skillGroups": groups, "numbers": []}
    return {"instances": {"acme-support": instance, "acme-other": instance}, "unassigned": []}


def bind(simulator: Simulator, number: str, instance: str = "acme-support") -> None:
    """What `pulumi up` does for a number that support imported."""
    (flow,) = simulator.api("ListContactFlows", InstanceId=instance, PageNumber=1, PageSize=10)["Data"][
        "List"
    ]
    simulator.api(
        "AddPhoneNumbers",
        InstanceId=instance,
        Usage="Bidirection",
        ContactFlowId=flow["ContactFlowId"],
        NumberList=[number],
    )
