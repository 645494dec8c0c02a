import pulumi
from ccc_numbers.components.resources import PhoneNumber

hotline = PhoneNumber(
    "02180001001",
    number="02180001001",
    instance_id="acme-support",
    usage="bidirectional",
    contact_flow="主流程",
    skill_groups=["sales"],
)

pulumi.export("status", hotline.status)
