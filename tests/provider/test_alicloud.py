"""Buying, papers and policies through pulumi-alicloud with the real CLI.

A stand-in for the plugin says yes to everything, unless the real one is on this machine: that one is only asked for a
preview, since anything more would pay.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.provider.conftest import Begin
from tests.support import alicloud
from tests.support.stack import Stack
from tests.support.worlds import seed

PURCHASE = {"iUnderstandThisPays": True, "productCode": "cmgj00012345", "packageVersion": "yuncode6"}
ORDER: dict[str, Any] = {
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "intended",
    "quantity": 2,
    "regions": ["上海"],
    "prepaid": 3000,
    "materials": {"script": "script.txt"},
    "materialsBucket": "acme-papers",
    "purchase": PURCHASE,
}
PAID = {"stage": "paid", "purchased": "2025-03-03", "term": "9y", "orderId": alicloud.ORDER_ID}
MADE = {
    "alicloud:marketplace/order:Order youyin",
    "alicloud:oss/bucket:Bucket acme-papers",
    "alicloud:oss/bucketAcl:BucketAcl acme-papers",
    "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock acme-papers",
    "alicloud:oss/bucketObject:BucketObject youyin/script.txt",
    "alicloud:ram/policy:Policy ccc-numbers-dev-deploy",
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment ccc-numbers-dev-deploy/role/ccc-deploy",
}
WITH_CHECKPOINTS = {"PULUMI_SKIP_CHECKPOINTS": "false"}


def real_plugin() -> bool:
    """Whether the real plugin is where the engine looks for it."""
    homes = [
        Path(os.environ.get("PULUMI_HOME", Path.home() / ".pulumi")),
        Path(__file__).parents[2] / ".pulumi/home",
    ]
    installed = any(list((home / "plugins").glob("resource-alicloud-v*")) for home in homes)
    return installed or shutil.which("pulumi-resource-alicloud") is not None


def declare(stack: Stack, **changes: object) -> None:
    (stack.file.parent / "script.txt").write_text("您好", "utf-8")
    stack.declare({"access": {"deploy": {"roles": ["ccc-deploy"]}}, "orders": {"youyin": ORDER | changes}})


@pytest.fixture
def log(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return alicloud.install(tmp_path_factory.mktemp("alicloud") / "bin")


def calls(environment: dict[str, str]) -> list[str]:
    """The calls that changed something since last asked."""
    file = Path(environment[alicloud.LOG])
    lines = file.read_text("utf-8").splitlines()
    file.write_text("", "utf-8")
    return lines


@pytest.mark.skipif(real_plugin(), reason="the real plugin is here, and would pay")
def test_an_order_is_bought_once_whatever_happens_to_the_state(begin: Begin, log: dict[str, str]) -> None:
    stack, _ = begin(seed([]))
    stack.environment.update(log, PATH=f"{log['PATH']}:{stack.environment['PATH']}")
    empty = stack.pulumi("stack", "export", check=True).stdout

    # Bought, with its papers in a bucket of their own, by somebody whose rights are declared too.
    declare(stack)
    first = stack.up(PULUMI_SKIP_CHECKPOINTS="false")
    assert first.code == 0, first.text
    assert {line.removeprefix("create ") for line in calls(log)} == MADE
    exported: Any = stack.outputs()
    assert exported["orders"]["youyin"]["orderId"] == alicloud.ORDER_ID
    assert exported["access"] == {"deploy": "ccc-numbers-dev-deploy"}
    assert exported["orders"]["youyin"]["nextStep"].startswith(
        "you: it is bought on the marketplace as 2206600000009"
    )

    # Another package would be another order: nothing is bought, nothing given back.
    declare(stack, purchase=PURCHASE | {"packageVersion": "yuncode7"})
    other = stack.up(PULUMI_SKIP_CHECKPOINTS="false")
    assert other.code != 0
    assert any("marked for protection" in error for error in other.errors), other.text
    assert calls(log) == []

    # Written down as paid, with the state lost: it is found again by its id, not bought again.
    declare(stack, **PAID)
    (stack.folder / "empty.json").write_text(empty, encoding="utf-8")
    stack.pulumi("stack", "import", "--file", "empty.json", check=True)
    again = stack.up(PULUMI_SKIP_CHECKPOINTS="false")
    assert again.code == 0, again.text
    made = calls(log)
    assert "read alicloud:marketplace/order:Order youyin" in made
    assert not [line for line in made if line.startswith("create alicloud:marketplace")]
    assert stack.up().changes == {}


@pytest.mark.skipif(not real_plugin(), reason="pulumi-resource-alicloud is not on this machine")
def test_the_real_plugin_takes_what_is_declared(begin: Begin) -> None:
    stack, _ = begin(seed([]))
    declare(stack)
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "simulator", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "simulator"}
    region = {"ALICLOUD_REGION": "cn-shanghai", "ALIBABA_CLOUD_REGION": "cn-shanghai"}
    preview = stack.preview(**WITH_CHECKPOINTS, **keys, **region)
    assert preview.code == 0, preview.text
    assert {
        f"{kind} {name}" for kind in {each.split()[0] for each in MADE} for name in preview.ops(kind)
    } == MADE
