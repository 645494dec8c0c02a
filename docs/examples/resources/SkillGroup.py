from ccc_numbers.components.resources import SkillGroup

sales = SkillGroup(
    "sales",
    instance_id="acme-support",
    name="sales",
    display_name="销售组",
    description="Calls about orders",
)
