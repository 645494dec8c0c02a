"""The one line by which an update says how it changes an instance."""

from collections.abc import Sequence

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed, sentences, some
from ccc_numbers.numbers.guards import Outlook
from ccc_numbers.provider.wire import Bag, Plain

_GUARDS = ("protected", "removalBudget", "changeBudget")


def update_line(instance_id: str, old: Bag, new: Bag, seen: Outlook, leaving: Sequence[str]) -> str:
    """`acme-support: protected true → false; 3 to add, 40 to rebind (flow 主流程 → 夜间流程), 1 to remove`."""
    guards = [
        f"{key} {_said(old.get(key))} → {_said(new.get(key))}"
        for key in _GUARDS
        if old and (old.get(key) or None) != (new.get(key) or None)
    ]
    going = tr("{count} to remove ({numbers})", count=len(leaving), numbers=some(sorted(leaving)))
    work = listed(part for part in (str(seen), going if leaving else "") if part)
    said = sentences(part for part in (listed(guards), work) if part)
    only_pending = not guards and not leaving and not (seen.add or seen.rebind or seen.move or seen.take_over)
    return "" if not said or only_pending else f"{instance_id}: {said}"


def _said(value: Plain) -> str:
    return (
        tr("default")
        if value in (None, "")
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
