from ccc_numbers.components.resources import InstanceRoster

roster = InstanceRoster(
    "roster",
    instance_id="acme-support",
    numbers=["02180001001", "02180001002"],
    removal_budget="1",
    change_budget="50%",
)
