"""CCC's rules for one number and its binding: what can be said without asking CCC.

Source: ccc OpenAPI 2020-07-01, AddPhoneNumbers ("must be Inbound if any number is a 400 number") and the
console, which offers flows to numbers that take calls and groups to numbers agents call out with.
"""

from collections.abc import Collection, Iterator

from ccc_numbers.api.rows import Usage
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.number_text import is_400


def unanswered(usage: Usage, flow: str | None) -> bool:
    """Whether a number takes calls and nothing answers them. `flow`: the name or id of one that is there."""
    return usage.takes_calls and not flow


def unusable(usage: Usage, skill_groups: Collection[object], agent: str | None) -> bool:
    """Whether a number is for calling out and nobody can: no skill group holds it, and no agent owns it."""
    return usage.makes_calls and not skill_groups and not agent


def binding_problems(
    number: str, usage: Usage, flow: str | None, skill_groups: Collection[str], agent: str | None = None
) -> Iterator[str]:
    """Everything wrong with how a number is to be used, one line each. `agent`: whose personal number it is."""
    if is_400(number) and usage is not Usage.INBOUND:
        yield tr(
            '{number} is a 400 number and cannot call out: usage must be "inbound", not "{usage}"',
            number=number,
            usage=usage,
        )
    if unanswered(usage, flow):
        yield tr(
            "{number} takes calls ({usage}) but has no contact flow: callers would reach nothing",
            number=number,
            usage=usage,
        )
    if unusable(usage, skill_groups, agent) and not is_400(number):
        yield tr(
            "{number} is for calling out ({usage}) but has no skill group: no agent could use it",
            number=number,
            usage=usage,
        )
    if agent and skill_groups:
        yield tr(
            "{number} is the personal number of agent {agent}: no skill group can share it",
            number=number,
            agent=agent,
        )
    if not usage.takes_calls and flow:
        yield tr(
            '{number} is {usage} only: the contact flow "{flow}" would never run',
            number=number,
            usage=usage,
            flow=flow,
        )
