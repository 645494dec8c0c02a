"""What others changed on a number by hand, where `ignoreChanges` leaves it to them: never repaired, never hidden."""

from collections.abc import Iterator

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.declaration.model import NumberDeclaration
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.comparison import Comparison, listed
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.plan_number import Bound, Part, settled


def co_managed(here: Comparison, number: NumberDeclaration, row: PhoneNumber) -> Iterator[Finding]:
    """A finding for each part of the binding that is another one than declared, and is left like that."""
    said = number.declared_in(here.instance.id)
    declared, left = said.binding, settled(said, Bound(row)).binding
    parts = (
        (Part.USAGE, str(declared.usage), str(left.usage)),
        (Part.FLOW, declared.flow or texts.NONE, left.flow or texts.NONE),
        (Part.GROUPS, listed(declared.groups), listed(left.groups)),
    )
    for part, expected, actual in parts:
        if part in number.ignored and expected != actual:
            yield here.about(
                number,
                FindingKind.CO_MANAGED,
                here.look(tr("declare what is there if it is to stay")),
                field=part.value,
                expected=expected,
                actual=actual,
                cause=tr("left to others by ignoreChanges"),
            )
