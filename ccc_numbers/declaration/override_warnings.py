"""What somebody should look at in `overrides:` although nothing is wrong with it: time goes by."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ccc_numbers.declaration.model import Declaration, InstanceDeclaration
from ccc_numbers.declaration.override import Override
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem
from ccc_numbers.numbers.guards import change_limit

ENDING = timedelta(days=3)
"""How long before its end an override is reported: time to prolong it in a pull request."""


def override_warnings(declaration: Declaration, at: datetime) -> Iterator[Problem]:
    """Overrides that have ended or end soon, and those whose beginning or end a change budget would stop."""
    for index, override in enumerate(declaration.overrides):
        path = f"overrides[{index}]"
        if override.ends <= at:
            message = tr("has ended: the next `up` brings the lines back, if none has yet; take it out then")
            yield _warning(override, f"{path}.until", override.until, message, "override-ended")
            continue
        if override.in_force(at) and override.ends - at <= ENDING:
            message = tr(
                "ends soon ({reason}, {owner}); the next `up` after that brings the lines back",
                reason=override.reason,
                owner=override.owner,
            )
            yield _warning(override, f"{path}.until", override.until, message, "override-ending")
        for instance in declaration.instances.values():
            yield from _over_budget(override, path, instance)


def _over_budget(override: Override, path: str, instance: InstanceDeclaration) -> Sequence[Problem]:
    count, numbers = len(override.numbers & instance.numbers.keys()), len(instance.numbers)
    limit = change_limit(instance.change_budget, numbers, {})
    if count <= limit:
        return ()
    message = tr(
        "rebinds {count} of {all} lines of {instance}, whose change budget allows {limit}: `up` would refuse its beginning "
        "and its end; write `changeBudget: {count}` on {instance}, or plan to allow it then",
        count=count,
        all=numbers,
        instance=instance.id,
        limit=limit,
    )
    return [_warning(override, path, None, message, "override-budget")]


def _warning(override: Override, path: str, value: str | None, message: str, rule: str) -> Problem:
    return Problem.at(override.source, path, value, message, rule, "warning")
