"""Write into a stack file what an instance holds, and import it into Pulumi's state; CCC is only read.

The most common binding becomes the defaults; a number has only what differs, with city and vendor as a comment.
Numbers that no call could use, and those that other stacks declare, are left out with the reason. At the end a
preview proves that the next `pulumi up` has nothing to do.

Examples: `ccc-numbers adopt acme-support --stack acme` · `ccc-numbers adopt acme-support --stack acme --dry-run` ·
`ccc-numbers adopt acme-support --stack acme --csv 优音.csv --order youyin-2026-08`

Exit codes: 0 adopted, and the next preview is empty · 1 adopted, but `pulumi up` has other work waiting · 2 nothing
was adopted.
"""

from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option

from ccc_numbers.declaration import clock
from ccc_numbers.fleet import options
from ccc_numbers.fleet.adopt.look import Request, look, stack_settings
from ccc_numbers.fleet.adopt.output import print_diff, print_plan, print_taken
from ccc_numbers.fleet.adopt.plan import Wanted
from ccc_numbers.fleet.adopt.state import take_over
from ccc_numbers.fleet.adopt.vendor_csv import read_delivered
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.engine.pulumi import pulumi_path
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.project import find_project
from ccc_numbers.messages.names import plural
from ccc_numbers.messages.problem import shown

_LEFT = 1


def command(
    instance: Annotated[str, Argument(metavar="INSTANCE", help="The instance's id in CCC.")],
    stack: Annotated[str, options.stack("The stack to declare it in; may be new.")],
    csv: Annotated[Path | None, Option("--csv", help="Only the numbers of this vendor's list.")] = None,
    order: Annotated[str | None, Option(help="The stack's vendor order to put the numbers on.")] = None,
    region: Annotated[str | None, Option(help="A new stack's region: cn-shanghai.")] = None,
    endpoint: Annotated[str | None, Option(help="A new stack's endpoint, if not the region's own.")] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Show the changes; write nothing.")] = False,
    files_only: Annotated[bool, Option("--files-only", help="Write the stack file only.")] = False,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    delivered = read_delivered(csv) if csv is not None else None
    if delivered is not None and delivered.mended:
        err().print(f"{csv}: {plural(delivered.mended, 'number')} corrected to CCC's form")
    file, settings = stack_settings(folder, stack, region, endpoint)
    wanted = Wanted(delivered.numbers if delivered else None, order)
    typed = f"ccc-numbers adopt {instance} --stack {stack}"
    adoption = look(folder, Request(instance, file, wanted, typed), clock.today())
    print_plan(out(), adoption)
    if dry_run:
        print_diff(out(), adoption)
        return
    if settings is not None:
        _write(settings.path, settings.text(adoption.account))
    if adoption.draft is not None:
        _write(adoption.path, adoption.draft.text)
    if files_only:
        return
    if not adoption.as_declared and adoption.draft is None:
        raise FleetError(f"{stack} declares no number of {instance}, so there is nothing to import")
    pulumi_path()
    coming = {each.number for each in adoption.plan.coming}
    taken = take_over(folder, stack, instance, adoption.as_declared, coming, _report)
    print_taken(out(), stack, taken)
    if not taken.left.empty:
        raise Exit(_LEFT)


def _write(path: Path, text: str) -> None:
    write_text(path, text, folders=True)
    out().print(f"wrote {shown(path)}", soft_wrap=True)


def _report(line: str) -> None:
    err().print(f"{line} …", soft_wrap=True)
