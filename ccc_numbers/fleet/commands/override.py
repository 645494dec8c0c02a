"""Write another binding for a while into a stack file, or end one: who, why, and until when.

The lines ring elsewhere with the next `pulumi up` or `ccc-numbers heal` after its beginning, and come back with the
first one after its end. What `ccc-numbers check` would refuse is not written. All other lines of the file stay as
they are; the difference is shown.

Examples: `ccc-numbers override 4008001001 --flow 春节流程 --from 2027-02-05 --until 2027-02-12 --reason 春节放假 --owner
客服值班组 --stack acme` · `ccc-numbers override 4008001001 --end --stack acme`

Exit codes: 0 written · 2 nothing was written.
"""

from typing import Annotated

import typer

from ccc_numbers.api.rows import Usage
from ccc_numbers.declaration import clock
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.file_diff import print_diff
from ccc_numbers.fleet.files import read_text, write_text
from ccc_numbers.fleet.override_text import ended, with_override
from ccc_numbers.fleet.project import chosen_stack, find_project
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed


def command(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER", help="Numbers that the stack declares.")],
    stack: options.OneStack = None,
    flow: Annotated[str | None, typer.Option(help="The contact flow that answers meanwhile.")] = None,
    skill_groups: Annotated[
        str | None, typer.Option(metavar="NAMES", help="The skill groups meanwhile: sales,support.")
    ] = None,
    usage: Annotated[Usage | None, typer.Option(help="The usage meanwhile.")] = None,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Its first day, or a moment; without, now.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Its last day, or a moment.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, as the preview shows it.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for it.")] = None,
    end: Annotated[bool, typer.Option("--end", help="End the override that is in force, now.")] = False,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    name = chosen_stack(folder, stack)
    path, now = stack_file(folder, name).declaration, clock.now()
    numbers = list(dict.fromkeys(numbers))
    binding = {
        "flow": flow,
        "skillGroups": skill_groups and [each.strip() for each in skill_groups.split(",") if each.strip()],
        "usage": usage and str(usage),
    }
    binding = {key: value for key, value in binding.items() if value is not None}
    written = {"--until": until, "--reason": reason, "--owner": owner}
    if end and (binding or begin or any(written.values())):
        raise FleetError(tr("--end ends an override as it is; it takes no other option but --stack"))
    if not end and (lacking := [option for option, value in written.items() if not value]):
        raise FleetError(tr("an override needs {names}, or --end to end one", names=listed(lacking)))
    before = read_text(path)
    if end:
        after = ended(path, before, numbers, now)
    else:
        first = begin or now.astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M")
        said = {**binding, "from": first, "until": until, "reason": reason, "owner": owner}
        after = with_override(path, before, numbers, said)
    write_text(path, after)
    print_diff(out(), path, before, after)
