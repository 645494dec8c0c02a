import pulumi
from ccc_numbers.components.resources import InstanceLatch

latch = InstanceLatch(
    "latch",
    instance_id="acme-support",
    numbers=["02180001001", "02180001002"],
    opts=pulumi.ResourceOptions(protect=True),
)
