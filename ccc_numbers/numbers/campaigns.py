"""What a change takes from an outbound campaign that runs. Pure.

CCC lists a campaign's flow and skill group, but not its caller numbers: it may call with whatever its group holds.
"""

from collections.abc import Iterable, Mapping

from ccc_numbers.api.operations.campaigns import Campaign
from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.numbers.plan_number import Binding

ALLOW_CAMPAIGNS = "CCC_ALLOW_CAMPAIGNS"
"""Environment variable: from how many running campaigns of an instance one run may take something."""


def groups_lost(row: PhoneNumber, after: Binding | None) -> frozenset[str]:
    """The ids of the groups that could call out with a number and no longer can; `after` is None when it leaves."""
    if not row.usage.makes_calls or row.user_id:
        return frozenset()
    kept = after.groups if after and after.usage.makes_calls else frozenset()
    return frozenset(group.id for group in row.skill_groups if group.name not in kept)


def losing(campaigns: Iterable[Campaign], lost: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """The campaigns, by name, that may call with a number whose group is lost; the numbers of each."""
    found = {
        each.name or each.id: sorted(
            number for number, groups in lost.items() if each.skill_group_id in groups
        )
        for each in campaigns
    }
    return {name: numbers for name, numbers in found.items() if numbers}
