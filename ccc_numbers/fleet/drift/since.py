"""Since when others hold a number otherwise than declared: CCC keeps no history, so the project remembers what it saw.

A file that is not as it was written counts as absent; then all is seen for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import RootModel, ValidationError

from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.gather import InstanceKey, Snapshot
from ccc_numbers.fleet.files import keep_text
from ccc_numbers.messages.files import inside, read_bytes
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.finding_kinds import FindingKind

FILE = ".ccc-numbers/co-managed.json"
"""Below the project; git ignores it."""
_LARGEST = 16 * 1024 * 1024


class _Seen(RootModel[dict[str, dict[str, dict[str, tuple[str, date]]]]]):
    """By account, instance, and number with the part of its binding: the value, and the day it was first seen."""


def with_since(
    project: Path, snapshot: Snapshot, findings: Iterable[Finding], today: date
) -> Iterator[Finding]:
    """The findings, where those about co-managed numbers say since when. What was seen today is kept for the next run."""
    path = inside(project, FILE)
    before = _read(path) if isinstance(path, Path) else {}
    # Of instances that were read now, only what is still so is kept.
    now = {account: dict(of) for account, of in before.items()}
    for place in snapshot.views:
        now.setdefault(place.account, {}).pop(place.instance, None)
    for found in findings:
        if found.kind is not FindingKind.CO_MANAGED:
            yield found
            continue
        place = InstanceKey(snapshot.accounts[found.stack], str(found.instance))
        name, value = f"{found.subject} {found.field}", str(found.actual)
        was, since = before.get(place.account, {}).get(place.instance, {}).get(name, ("", today))
        since = since if was == value else today
        now[place.account].setdefault(place.instance, {})[name] = value, since
        yield replace(found, cause=tr("{cause}; seen since {day}", cause=found.cause, day=since))
    now = {account: of for account, of in now.items() if of}
    if isinstance(path, Path) and now != before:
        keep_text(path, _Seen(now).model_dump_json(indent=1))


def _read(path: Path) -> Mapping[str, dict[str, dict[str, tuple[str, date]]]]:
    data = read_bytes(path, _LARGEST) if path.exists() else b""
    try:
        return _Seen.model_validate_json(data).root if isinstance(data, bytes) else {}
    except ValidationError:
        return {}
