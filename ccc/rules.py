"""CCC's rules for one number and its binding: what can be said without asking CCC.

Source: ccc OpenAPI 2020-07-01, AddPhoneNumbers ("must be Inbound if any number is a 400 number") and the
console, which offers flows to numbers that take calls and groups to numbers agents call out with.
"""

import re
from collections.abc import Collection, Iterator

from .rows import Usage

_DIGITS = re.compile(r"[0-9]{3,20}")


def is_400(number: str) -> bool:
    """Whether it is a 400 number: nationwide, shared-cost, inbound only."""
    return len(number) == 10 and number.startswith("400")


def number_problem(number: str) -> str | None:
    """Why this is no number as CCC writes it; None when it is one."""
    if _DIGITS.fullmatch(number):
        return None
    digits = re.sub(r"[^0-9]", "", number)
    if number.startswith(("+86", "0086")):
        digits = digits.removeprefix("0086").removeprefix("86")
        digits = digits if digits.startswith(("1", "400", "95")) else "0" + digits
    hint = f'; write "{digits}"' if _DIGITS.fullmatch(digits) else ""
    return f'"{number}" is not a number as CCC writes it: 3 to 20 digits, leading zero kept{hint}'


def binding_problems(
    number: str, usage: Usage, flow: str | None, skill_groups: Collection[str]
) -> Iterator[str]:
    """Everything wrong with how a number is to be used, one line each."""
    if is_400(number) and usage is not Usage.INBOUND:
        yield f'{number} is a 400 number and cannot call out: usage must be "inbound", not "{usage}"'
    if usage.takes_calls and not flow:
        yield f"{number} takes calls ({usage}) but has no contact flow: callers would reach nothing"
    if usage.makes_calls and not skill_groups and not is_400(number):
        yield f"{number} is for calling out ({usage}) but has no skill group: no agent could use it"
    if not usage.takes_calls and flow:
        yield f'{number} is {usage} only: the contact flow "{flow}" would never run'
