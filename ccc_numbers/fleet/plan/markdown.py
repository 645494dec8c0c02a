"""A stack's plan in a comment of a forge: what is wrong, then its changes instance by instance."""

from collections.abc import Iterator

from ccc_numbers.fleet.engine.changes import Effect
from ccc_numbers.fleet.plan.groups import ChangeGroup, places
from ccc_numbers.fleet.plan.result import Result
from ccc_numbers.fleet.plan.words import details, phrase
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.markdown import inline
from ccc_numbers.messages.names import first_of, others, some

_LINES = 200
_GROUPS = 200
_NAMES = 12
_LEAVING = 200
"""Names of lines that leave their instance: whoever reviews a plan sees which."""


def body(result: Result) -> str:
    """The Markdown below the stack's sentence."""
    said = [
        *(f"- ❌ {inline(error)}\n" for error in result.errors),
        *(f"- ⚠️ {inline(warning)}\n" for warning in first_of(result.warnings, _LINES, tr("warnings"))),
    ]
    return "".join((*said, *_places(result)))


def _places(result: Result) -> Iterator[str]:
    left = _GROUPS
    for place in places(result.changes):
        if left > 0:
            yield f"\n**{inline(place.instance or tr('vendor orders and the stack itself'))}**\n\n"
            yield tr("| | what | which | how |") + "\n|---|---|---|---|\n"
        yield from map(_row, place.groups[: max(left, 0)])
        left -= len(place.groups)
    if left < 0:
        yield f"\n{others(-left, tr('kinds of change'))}\n"


def _row(group: ChangeGroup) -> str:
    most = _LEAVING if group.effect in (Effect.REMOVE, Effect.MOVE) else _NAMES
    names = "" if group.effect is Effect.GUARD else some(group.names, most)
    return f"| {group.sign} | {inline(phrase(group))} | {inline(names)} | {inline(details(group))} |\n"
