"""The sentences several pages share."""

from __future__ import annotations

from ccc_numbers.fleet.report.model import Part
from ccc_numbers.fleet.report.states import Status
from ccc_numbers.messages.names import plural


def headline(part: Part) -> str:
    """What it comes to, in one line. What was not seen is said first."""
    found = _found(part)
    if part.status is Status.INCOMPLETE:
        files = len({each.where for each in part.blind if each.in_file})
        places = len({each.where for each in part.blind if not each.in_file})
        blind = [
            *([f"{plural(places, 'place')} could not be looked at"] if places else []),
            *([f"{plural(files, 'mistake')} in the stack files"] if files else []),
        ]
        return f"Incomplete: {' and '.join(blind) or 'not everything was read'}. Of the rest: {found}."
    if part.status is Status.NOT_ASKED:
        return f"Only what is declared: CCC was not asked. In the files: {found}."
    if part.status is Status.AS_DECLARED:
        return "Everything is as declared." if not part.findings else f"As declared; {found}."
    return f"{found[0].upper()}{found[1:]}."


def scope(part: Part) -> str:
    """How much was looked at: `598 of 600 numbers in CCC are declared, 12 of 13 instances read`."""
    read = len(part.instances) - part.unread
    if part.live is None:
        return f"{plural(part.declared, 'number')} declared for {plural(len(part.instances), 'instance')}"
    instances = f"{read} of {plural(len(part.instances), 'instance')} read"
    if part.unread == 0:
        instances = f"{plural(read, 'instance')} read"
    return f"{part.managed:,} of {plural(part.live, 'number')} in CCC declared ({share(part)}), {instances}"


def share(part: Part) -> str:
    """How much of what is in CCC is declared. 99.96 % is not 100 %: rounding must not hide the last number."""
    if not part.live:
        return "none there"
    if part.managed == part.live:
        return "100 %"
    return f"{min(100 * part.managed / part.live, 99.9):.1f} %"


def _found(part: Part) -> str:
    parts = [
        f"{count:,} {severity if count == 1 or severity == 'info' else f'{severity}s'}"
        for severity, count in part.severities.items()
        if count
    ]
    return ", ".join(parts) if parts else "nothing found"
