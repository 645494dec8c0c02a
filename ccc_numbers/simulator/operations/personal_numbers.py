"""Personal numbers: those bound to one agent instead of skill groups."""

from __future__ import annotations

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.common import Filter, failures, need, own, paged_numbers, unique
from ccc_numbers.simulator.parameters import Flag, String, StringList
from ccc_numbers.simulator.records import Number, User


@operation(reads=True, paged=True)
def list_personal_numbers_of_user(
    call: Call, user_id: String, is_member: Flag, search_pattern: String | None = None
) -> Answer:
    user = need(call, User, user_id)
    found = Filter("number.instance = ?", call.instance.id)
    if is_member:
        found.add("number.user = ?", user.id)
    else:
        found.add("number.user IS NULL AND number.number NOT IN (SELECT number FROM binding)")
    found.search(call, search_pattern, "number.number")
    return paged_numbers(call, found, "Usage", "UserId")


@operation()
def add_personal_numbers_to_user(call: Call, user_id: String, number_list: StringList) -> Answer:
    user = need(call, User, user_id)
    wanted, failed = unique(call, number_list)
    failed += [number for number in wanted if not _give(call, user, number)]
    return failures(call, failed)


@operation()
def remove_personal_numbers_from_user(call: Call, user_id: String, number_list: StringList) -> Answer:
    user = need(call, User, user_id)
    for number in dict.fromkeys(number_list):
        sql = "UPDATE number SET user = NULL WHERE number = ? AND user = ?"
        taken = call.db.execute(sql, (number, user.id)).rowcount
        if not taken and call.switches.unbind_absent == "refused":
            raise business(
                "Parameter.Invalid", "NumberList", f"{number} is not a personal number of {user.id}"
            )
    return DONE


def _give(call: Call, user: User, number: str) -> bool:
    record = own(call, Number, number)
    grouped = call.db.execute("SELECT 1 FROM binding WHERE number = ?", (number,)).fetchone()
    if record is None or grouped or record.user not in {None, user.id}:
        return False
    call.db.execute("UPDATE number SET user = ? WHERE number = ?", (user.id, number))
    return True
