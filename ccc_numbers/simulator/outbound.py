"""Number groups, campaigns and numbers that no agent is offered: between the state's form and the store."""

from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from uuid import NAMESPACE_URL, uuid5

from ccc_numbers.simulator.forms import Place
from ccc_numbers.simulator.records import Campaign, ContactFlow, insert, select
from ccc_numbers.simulator.state import CampaignForm, InstanceForm


def put_outbound(db: Connection, name: str, form: InstanceForm, flows: Mapping[str, ContactFlow]) -> None:
    """Store what an instance's form says of them. `flows` by name."""
    withheld = [(number.number,) for number in form.numbers if not number.offered]
    db.executemany("INSERT OR IGNORE INTO unoffered VALUES (?)", withheld)
    shared = [
        (name, group.id, f"{each}@{name}") for group in form.number_groups for each in group.skill_groups
    ]
    db.executemany("INSERT OR IGNORE INTO number_group_binding VALUES (?, ?, ?)", shared)
    insert(db, *(_campaign(name, each, flows) for each in form.campaigns))


def written_outbound(db: Connection, instance: str, flow_names: Mapping[str, str]) -> dict[str, object]:
    """The same, as the form has it; None where there is nothing."""
    groups: dict[str, list[str]] = {}
    sql = "SELECT number_group, skill_group FROM number_group_binding WHERE instance = ? ORDER BY 1, 2"
    for group, skill_group in db.execute(sql, (instance,)):
        groups.setdefault(group, []).append(skill_group.rpartition("@")[0])
    campaigns = [
        {
            "name": each.name,
            "id": each.id,
            "state": each.state,
            **({"contactFlow": flow} if (flow := flow_names.get(each.contact_flow or "")) else {}),
            **({"skillGroup": each.skill_group.rpartition("@")[0]} if each.skill_group else {}),
            "numbers": each.numbers.split(),
        }
        for each in select(db, Campaign, "instance = ?", instance, order="name")
    ]
    return {
        "number_groups": [{"id": id, "skillGroups": names} for id, names in groups.items()] or None,
        "campaigns": campaigns or None,
    }


def outbound_names(form: InstanceForm) -> Iterator[tuple[Place, str, str]]:
    """(place in the instance, collection, name) of everything that number groups and campaigns refer to."""
    for index, group in enumerate(form.number_groups):
        for name in group.skill_groups:
            yield ("numberGroups", index), "skillGroups", name
    for index, campaign in enumerate(form.campaigns):
        if campaign.contact_flow:
            yield ("campaigns", index), "contactFlows", campaign.contact_flow
        if campaign.skill_group:
            yield ("campaigns", index), "skillGroups", campaign.skill_group


def _campaign(instance: str, form: CampaignForm, flows: Mapping[str, ContactFlow]) -> Campaign:
    flow = flows.get(form.contact_flow or "")
    return Campaign(
        id=form.id or str(uuid5(NAMESPACE_URL, f"ccc:{instance}/campaign/{form.name}")),
        instance=instance,
        name=form.name,
        state=form.state,
        contact_flow=flow.id if flow else None,
        skill_group=f"{form.skill_group}@{instance}" if form.skill_group else None,
        numbers=" ".join(form.numbers),
    )
