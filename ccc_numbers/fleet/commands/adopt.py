"""Write into a stack file what instances hold, and import it into Pulumi's state; CCC is only read.

The most common binding becomes the defaults; a number has only what differs, with city and vendor as a comment.
Numbers that no call could use, and those that other stacks declare, are left out with the reason. With --with, skill
groups and published contact flows are managed too, each flow by a file in flows/; without, numbers only refer to
them. Numbers that a filter leaves out stay as they are. At the end a preview proves that the next `pulumi up` has
nothing to do.

Examples: `ccc-numbers adopt acme-support --stack acme` · `ccc-numbers adopt acme-support --stack acme --dry-run` ·
`ccc-numbers adopt --all --stack acme --with groups,flows` · `ccc-numbers adopt acme-support --stack acme --number
'021*'` · `ccc-numbers adopt acme-support --stack acme --csv 优音.csv --order youyin-2026-08`

Exit codes: 0 adopted, and the next preview is empty · 1 adopted, but `pulumi up` has other work waiting · 2 nothing
was adopted.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Exit, Option, echo

from ccc_numbers.declaration import clock
from ccc_numbers.fleet import options
from ccc_numbers.fleet.adopt.look import Adoption, Request, look
from ccc_numbers.fleet.adopt.output import answer, print_diff, print_plan, print_taken
from ccc_numbers.fleet.adopt.plan import Wanted
from ccc_numbers.fleet.adopt.settings import stack_settings
from ccc_numbers.fleet.adopt.state import TakenOver, take_over
from ccc_numbers.fleet.adopt.vendor_csv import read_delivered
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.engine.pulumi import pulumi_path
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.project import find_project
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import quoted, some, suggestion
from ccc_numbers.messages.problem import shown

_LEFT = 1
_KINDS = ("groups", "flows")


@dataclass(frozen=True)
class Filters:
    """What of the instances to adopt."""

    with_: Annotated[list[str] | None, Option("--with", metavar="groups,flows", help="Manage these too.")] = (
        None
    )
    number: Annotated[list[str] | None, Option(metavar="PATTERN", help="Only such numbers: '021*'.")] = None
    group: Annotated[list[str] | None, Option(metavar="PATTERN", help="Manage such skill groups.")] = None
    flow: Annotated[list[str] | None, Option(metavar="PATTERN", help="Manage such contact flows.")] = None
    csv: Annotated[Path | None, Option("--csv", help="Only the numbers of this vendor's list.")] = None
    order: Annotated[str | None, Option(help="The stack's vendor order to put the numbers on.")] = None

    def wanted(self) -> Wanted:
        """Raises FleetError."""
        delivered = read_delivered(self.csv) if self.csv is not None else None
        if delivered is not None and delivered.mended:
            err().print(
                trn(
                    "{csv}: {count:,} number corrected to CCC's form",
                    "{csv}: {count:,} numbers corrected to CCC's form",
                    delivered.mended,
                    csv=self.csv,
                )
            )
        kinds = [kind.strip() for each in self.with_ or () for kind in each.split(",")]
        if wrong := [kind for kind in kinds if kind not in _KINDS]:
            raise FleetError(
                tr("--with {wrong}: {hint}", wrong=quoted(wrong[0]), hint=suggestion(wrong[0], _KINDS))
            )
        return Wanted(
            delivered.numbers if delivered else None,
            self.order,
            tuple(self.number or ("*",)),
            tuple(self.group or (("*",) if "groups" in kinds else ())),
            tuple(self.flow or (("*",) if "flows" in kinds else ())),
        )


def command(
    instances: Annotated[list[str] | None, Argument(metavar="INSTANCE", help="Their ids in CCC.")] = None,
    *,
    stack: Annotated[str, options.stack("The stack to declare them in; may be new.")],
    everything: Annotated[bool, Option("--all", help="All instances of the account.")] = False,
    filters: Filters,
    region: Annotated[str | None, Option(help="A new stack's region: cn-shanghai.")] = None,
    endpoint: Annotated[str | None, Option(help="A new stack's endpoint, if not the region's own.")] = None,
    form: Annotated[Literal["table", "json"], options.output()] = "table",
    dry_run: Annotated[bool, Option("--dry-run", help="Show the changes; write nothing.")] = False,
    files_only: Annotated[bool, Option("--files-only", help="Write the stack file only.")] = False,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    names = tuple(dict.fromkeys(instances or ()))
    if bool(names) == everything:
        raise FleetError(tr("say which instances: their ids, or --all"))
    if filters.csv is not None and len(names) != 1:
        raise FleetError(tr("--csv goes into one instance: name it"))
    wanted = filters.wanted()
    file, settings = stack_settings(folder, stack, region, endpoint)
    typed = f"ccc-numbers adopt {' '.join(names) or '--all'} --stack {stack}"  # not translated: a command
    adoption = look(folder, Request(names, file, wanted, typed), clock.today())
    console = err() if form == "json" else out()
    print_plan(console, adoption)
    if dry_run:
        print_diff(console, adoption)
    else:
        new = {settings.path: settings.text(adoption.account)} if settings is not None else {}
        for path, text in {**new, **adoption.files}.items():
            write_text(path, text, folders=True)
            console.print(tr("wrote {path}", path=shown(path)), soft_wrap=True)
    taken = None if dry_run or files_only else _taken(folder, stack, adoption)
    if taken is not None:
        print_taken(console, stack, taken)
    if form == "json":
        echo(answer(stack, adoption, taken, wrote=not dry_run).text())
    if taken is not None and not taken.left.empty:
        raise Exit(_LEFT)


def _taken(folder: Path, stack: str, adoption: Adoption) -> TakenOver:
    parts = {part.plan.instance: part.imports for part in adoption.parts if part.imports}
    if not parts and adoption.text is None:
        looked = some([part.plan.instance for part in adoption.parts]) or tr("the account's instances")
        raise FleetError(
            tr(
                "{stack} declares no number of {looked}, so there is nothing to import",
                stack=stack,
                looked=looked,
            )
        )
    pulumi_path()
    coming = {each.number for part in adoption.parts for each in part.plan.coming}
    return take_over(folder, stack, parts, coming, _report)


def _report(line: str) -> None:
    err().print(f"{line} …", soft_wrap=True)
