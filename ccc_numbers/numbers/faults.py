"""What is wrong with how a number is bound, by the names that drift reports it under. Pure."""

from collections.abc import Iterator

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.plan_number import Binding, Part
from ccc_numbers.numbers.rules import unanswered, unusable


def binding_faults(row: PhoneNumber, due: Binding, *, flow_there: bool) -> Iterator[tuple[FindingKind, Part]]:
    """Each part of a live number's binding that is not as it is due, and the kind of finding that this is.

    `due` is what is declared, with what is left to others (see `settled`); `flow_there`: the instance has the flow that
    CCC names. A number that takes no calls has no flow: then its usage is wrong, and that is reported.
    """
    live = Binding.of(row)
    dead = unanswered(row.usage, row.contact_flow_id if flow_there else None)
    if live.usage is not due.usage:
        yield FindingKind.WRONG_USAGE, Part.USAGE
    if due.flow and live.usage.takes_calls and (dead or live.flow != due.flow):
        yield FindingKind.DEAD_INBOUND if dead else FindingKind.WRONG_FLOW, Part.FLOW
    if not row.user_id and due.groups != live.groups:
        nobody = unusable(live.usage, live.groups, None)
        yield FindingKind.DEAD_OUTBOUND if nobody else FindingKind.WRONG_GROUPS, Part.GROUPS
