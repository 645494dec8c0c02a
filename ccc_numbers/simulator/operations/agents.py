"""Agents: who is in a skill group, and the numbers that an agent may call out with."""

from ccc_numbers.simulator.errors import business, invalid
from ccc_numbers.simulator.operation import Answer, Call, operation
from ccc_numbers.simulator.operations.common import Filter, need, number_order, paged, row
from ccc_numbers.simulator.parameters import Flag, String, StringList
from ccc_numbers.simulator.records import Number, SkillGroup, User, select

_MARK = "-agent-"


@operation(reads=True, paged=True)
def list_users(call: Call, search_pattern: String | None = None) -> Answer:
    """Everybody who has a record: not the agents whom a skill group only counts."""
    found = Filter("user.instance = ?", call.instance.id)
    found.search(call, search_pattern, "user.login", "user.display_name")
    return paged(
        call,
        User,
        found,
        "user.id",
        lambda users: (
            row(
                call,
                UserId=user.id,
                LoginName=user.login,
                DisplayName=user.display_name,
                RoleId=f"{user.role}@{call.instance.id}",
                RoleName=user.role,
                WorkMode=user.work_mode,
                SkillLevelList=[],
                PersonalOutboundNumberList=[
                    row(
                        call,
                        Number=n.number,
                        Active=bool(n.active),
                        Usage=n.usage,
                        Province=n.province,
                        City=n.city,
                    )
                    for n in select(call.db, Number, "user = ?", user.id, order="number")
                ],
            )
            for user in users
        ),
    )


@operation(reads=True, paged=True)
def list_user_levels_of_skill_group(
    call: Call, skill_group_id: String, is_member: Flag, search_pattern: String | None = None
) -> Answer:
    """A group's agents have no records of their own: they are counted, `sales-agent-1@acme` being the first of `sales`."""
    group = need(call, SkillGroup, skill_group_id)
    logins = [f"{group.name}{_MARK}{n + 1}" for n in range(group.user_count)] if is_member else []
    found = [login for login in logins if (search_pattern or "").lower() in login.lower()]
    page, size = call.page
    rows = [
        row(
            call,
            UserId=f"{login}@{call.instance.id}",
            LoginName=login,
            DisplayName=login,
            RoleId=f"Agent@{call.instance.id}",
            RoleName="Agent",
            SkillGroupId=group.id,
            SkillGroupName=group.name,
            SkillLevel=5,
        )
        for login in found[(page - 1) * size : page * size]
    ]
    return {"Data": {"List": rows, "PageNumber": page, "PageSize": size, "TotalCount": len(found)}}


@operation(reads=True, paged=True)
def list_outbound_numbers_of_user(
    call: Call, user_id: String | None = None, skill_group_id_list: StringList | None = None
) -> Answer:
    if user_id is None:
        raise business("Parameter.Blank", "UserId")
    groups = _groups(call, user_id)
    if foreign := set(skill_group_id_list or ()) - groups:
        raise invalid("SkillGroupIdList", f"{user_id} is not in {', '.join(sorted(foreign))}")
    found = Filter("number.instance = ? AND number.usage <> 'Inbound'", call.instance.id)
    found.add("number.number NOT IN (SELECT number FROM unoffered)")
    if call.switches.offered_inactive == "left-out":
        found.equals("number.active", True)
    asked = sorted(skill_group_id_list or groups)
    places = ", ".join("?" * len(asked))
    held = (
        f"SELECT number FROM binding WHERE skill_group IN ({places}) UNION SELECT number FROM number "  # marks only
        f"JOIN number_group_binding USING (instance, number_group) WHERE skill_group IN ({places})"
    )
    found.add(f"(number.user = ? OR number.number IN ({held}))", user_id, *asked, *asked)
    return paged(
        call,
        Number,
        found,
        number_order(call),
        lambda numbers: (
            row(call, Number=n.number, City=n.city, Province=n.province, Provider=n.provider) for n in numbers
        ),
    )


def _groups(call: Call, user_id: str) -> set[str]:
    """The groups of an agent; those of a user who is not one of the counted agents are none."""
    login = user_id.removesuffix(f"@{call.instance.id}")
    name, mark, number = login.rpartition(_MARK)
    if mark and number.isdecimal():
        group = need(call, SkillGroup, f"{name}@{call.instance.id}")
        if 0 < int(number) <= group.user_count:
            return {group.id}
    need(call, User, user_id)
    return set()
