"""Numbers as the account sees them: unassigned ones, the import of own lines, where a number is from."""

from __future__ import annotations

import re

from ccc_numbers.simulator.area_codes import region_of
from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.common import Filter, paged, row
from ccc_numbers.simulator.parameters import String, StringList
from ccc_numbers.simulator.records import Number, find, insert

_PHONE_NUMBER = re.compile(r"[0-9]{3,20}")


@operation(account=True, reads=True, paged=True)
def list_unassigned_numbers(call: Call, search_pattern: String | None = None) -> Answer:
    found = Filter("number.account = ? AND number.instance IS NULL", call.account)
    found.search(call, search_pattern, "number.number")
    return paged(
        call,
        Number,
        found,
        "number.number",
        lambda numbers: (row(call, Number=n.number, City=n.city, Province=n.province) for n in numbers),
    )


@operation(account=True)
def import_corp_numbers(
    call: Call,
    number_list: StringList,
    provider: String,
    province: String | None = None,
    city: String | None = None,
    corp_name: String | None = None,
    tag_list: String | None = None,
) -> Answer:
    for number in dict.fromkeys(number_list):
        if not _PHONE_NUMBER.fullmatch(number):
            raise business("Parameter.Format", "NumberList", f"{number[:40]} is not a phone number")
        known = find(call.db, Number, number)
        if known and known.account != call.account:
            raise business("Parameter.Invalid", "NumberList", f"{number} belongs to another account")
        if not known:
            imported = (True, provider, province, city, tag_list, None)
            insert(call.db, Number.unassigned(number, call.account, *imported))
    return DONE


@operation(reads=True)
def get_number_location(call: Call, number: String) -> Answer:
    known = find(call.db, Number, number)
    if known and known.account == call.account and known.province:
        return {"Data": row(call, Number=number, Province=known.province, City=known.city)}
    province, city = region_of(number)
    return {"Data": row(call, Number=number, Province=province, City=city)}
