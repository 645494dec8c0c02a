"""Show the order ledger: stage, numbers seen, cost, expiry; `request`, `next`, `advance` and `learn` beside it."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from ccc_numbers.declaration import clock
from ccc_numbers.declaration.account import neighbours
from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.file_diff import print_diff
from ccc_numbers.fleet.orders.advance import OPTIONS, advance
from ccc_numbers.fleet.orders.learn import changes, names_seen, write_changes
from ccc_numbers.fleet.orders.ledger_input import look
from ccc_numbers.fleet.orders.ledger_output import FailOn, LedgerForm, write_ledger
from ccc_numbers.fleet.orders.next_steps import heading_of, markdown_of, next_steps, print_steps
from ccc_numbers.fleet.orders.notify import notify, notify_of_stage
from ccc_numbers.fleet.orders.request import pack
from ccc_numbers.fleet.orders.usage import remarks, usage_of, with_usage
from ccc_numbers.fleet.project import chosen_stack, chosen_stacks, find_project
from ccc_numbers.fleet.stacks import sound_stack
from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.visible import visible
from ccc_numbers.vendors.ledger import LAPSING_DAYS, ledger
from ccc_numbers.vendors.orders import Stage
from ccc_numbers.vendors.platform_fee import Mode
from ccc_numbers.vendors.progress import PATIENCE

_COULD_NOT = 2
_DAY = ["%Y-%m-%d"]
_NOTIFY = mark("Post it: to the robot of a DingTalk group, or as JSON to any other webhook.")


def _note(line: str) -> None:
    """Say a line beside the answer, and who says it."""
    err().print("ccc-numbers: " + line, soft_wrap=True)


class LedgerByDefault(TyperGroup):
    """`orders`, `orders acme` and `orders --offline` are the ledger; other verbs are given by name."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put `ledger` in front of words that name no verb and do not ask for help."""
        if not args or (args[0] not in self.commands and args[0] not in {"--help", "-h"}):
            args.insert(0, "ledger")
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=LedgerByDefault,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a verb, the ledger: [bold]ccc-numbers orders acme[/bold] is "
    "[bold]ccc-numbers orders ledger acme[/bold].",
)


@app.command(
    "ledger",
    epilog="Examples: [bold]ccc-numbers orders[/bold] · [bold]ccc-numbers orders acme --offline[/bold] · "
    "[bold]ccc-numbers orders --output ics > renewals.ics[/bold]\n\n"
    "Exit codes: 0 nothing found · 1 something found (see --fail-on) · 2 could not look everywhere.",
)
def show(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    offline: Annotated[bool, options.offline("From the declarations only; do not call CCC.")] = False,
    form: Annotated[LedgerForm, options.output("ics is a calendar of renewals.")] = LedgerForm.TABLE,
    lapsing: Annotated[int, options.lapsing(0)] = LAPSING_DAYS,
    late: Annotated[
        int, typer.Option(min=1, help="Working days of a stage without a limit of its own.")
    ] = PATIENCE,
    fee: Annotated[
        Mode | None,
        typer.Option(
            "--platform-fee", help="How to read its tiers; without, as the stacks say, or graduated."
        ),
    ] = None,
    usage: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|WINDOW",
            help="Minutes really used, in place of those expected: a CSV, number,month,inbound,outbound; or of the calls of so long, such as 30d.",
        ),
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="The findings that make the exit code 1.")] = FailOn.ERROR,
    today: options.Today = None,
    project: options.Project = None,
) -> None:
    """Show every purchase of numbers: stage and days in it, numbers seen, cost, days to expiry.

    Problems are below the table: paid but unbound, bound but lapsed, wrong vendor, lapsing, late, over quantity,
    prepaid for nothing. Read-only; Pulumi's state and passphrase are not needed.
    """
    folder = find_project(project)
    at = clock.now(today)
    sound = [sound_stack(folder, name, at) for name in chosen_stacks(folder, stacks)]
    parts = [stack.orders for stack in sound]
    live, failed = ({}, {}) if offline else look(folder, sound)
    day, others = clock.today(today), neighbours(folder, parts)
    if usage is not None:
        minutes, before = usage_of(usage, folder, sound, at, offline=offline), [*parts, *others]
        parts, others = ([with_usage(part, minutes) for part in each] for each in (parts, others))
        for line in remarks(before, [*parts, *others], minutes):
            _note(line)
    book = ledger(parts, day, live, fee, lapsing, late, others)
    write_ledger(form, book, offline=offline)
    for stack, why in failed.items():
        _note(tr("{stack}: CCC was not read: {why}", stack=stack, why=why))
    for stack, why in book.unknown.items():
        _note(tr("{stack}: its orders have no cost: {why}", stack=stack, why=why))
    if failed or book.unknown:
        raise typer.Exit(_COULD_NOT)
    if fail_on.fails(book):
        raise typer.Exit(1)


@app.command(
    "request",
    epilog="Example: [bold]ccc-numbers orders request youyin-2026-08 --stack acme --out requests[/bold]\n\n"
    "Exit codes: 0 written · 2 something is missing or forbidden; nothing is written.",
)
def request(
    key: Annotated[str, typer.Argument(help="The order's key in the stack file.")],
    stack: options.OneStack = None,
    folder: Annotated[Path, typer.Option("--out", help="The folder for the zip.")] = Path(),
    accept: Annotated[
        list[str] | None,
        typer.Option(help="A forbidden business the script may name; written into the application."),
    ] = None,
    today: options.Today = None,
    project: options.Project = None,
) -> None:
    """Check an order and its papers, and pack the application: papers, cover sheet, manifest, DingTalk message.

    The order must break no rule of `ccc-numbers check`. One that is only intended has no papers yet: the message is
    written that confirms the purchase with CCC support. The papers must exist, be of the type that their names say, and be in the stack's folder; the script is searched
    for words that the vendor forbids (加微信, 加QQ, 抖音, the catalogue's business). The same input gives the same
    bytes. The message to paste into the DingTalk group is printed.
    """
    day = clock.today(today)
    root = find_project(project)
    made, file = pack(root, chosen_stack(root, stack), key, folder, accept or (), day)
    typer.echo("\n".join(map(visible, made.message.split("\n"))))
    note = trn(
        "{zip}  {bytes:,} bytes, {count:,} file, SHA-256 {digest}",
        "{zip}  {bytes:,} bytes, {count:,} files, SHA-256 {digest}",
        len(made.names),
        zip=file,
        bytes=len(made.data),
        digest=made.sha256,
    )
    err().print(note, soft_wrap=True)


class StepsForm(StrEnum):
    """A form of what is due."""

    TABLE = "table"
    JSON = "json"


@app.command(
    "next",
    epilog="Examples: [bold]ccc-numbers orders next[/bold] · [bold]ccc-numbers orders next --within 90 --notify "
    '"$DINGTALK_WEBHOOK"[/bold]\n\n'
    "Exit codes: 0 shown · 2 could not look everywhere, or could not notify.",
)
def due_steps(
    stacks: Annotated[list[str] | None, options.stacks()] = None,
    offline: Annotated[bool, options.offline("From the declarations only; do not call CCC.")] = False,
    within: Annotated[int, options.lapsing(0, "--within")] = LAPSING_DAYS,
    form: Annotated[StepsForm, options.output()] = StepsForm.TABLE,
    notify_url: Annotated[str | None, typer.Option("--notify", metavar="URL", help=_NOTIFY)] = None,
    today: options.Today = None,
    project: options.Project = None,
) -> None:
    """Show what is due for the orders of all stacks, and by whom: next steps, later rents and packages, renewals.

    An order in use is shown once its renewal is near. With --notify it is posted too, unless nothing is due: as
    Markdown to the robot of a DingTalk group, as the JSON of --output json to any other address. Read-only.
    """
    folder = find_project(project)
    sound = [sound_stack(folder, name, clock.now(today)) for name in chosen_stacks(folder, stacks)]
    parts = [stack.orders for stack in sound]
    live, failed = ({}, {}) if offline else look(folder, sound)
    answer = next_steps(ledger(parts, clock.today(today), live), within, failed)
    if form is StepsForm.JSON:
        typer.echo(answer.text())
    else:
        print_steps(out(), answer)
    for stack, why in failed.items():
        _note(tr("{stack}: CCC was not read: {why}", stack=stack, why=why))
    if notify_url and (answer.steps or failed):
        notify(notify_url, heading_of(answer), markdown_of(answer), answer.text())
    if failed:
        raise typer.Exit(_COULD_NOT)


@app.command(
    "advance",
    epilog="Example: [bold]ccc-numbers orders advance youyin-2026-08 --to submitted --stack acme[/bold]\n\n"
    "Exit codes: 0 written · 2 something is missing or wrong; nothing is written.",
)
def advance_order(
    key: Annotated[str, typer.Argument(help="The order's key in the stack file.")],
    to: Annotated[Stage, typer.Option("--to", help="The stage it has reached.")],
    stack: options.OneStack = None,
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, metavar="DAY", help="The day it did; today without.")
    ] = None,
    purchased: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, metavar="DAY", help="Day of purchase; the term runs from here."),
    ] = None,
    term: Annotated[str | None, typer.Option(help="How long the purchase lasts: 1y, 6m, 30d.")] = None,
    prepaid: Annotated[str | None, typer.Option(metavar="CNY", help="What was paid in advance.")] = None,
    order_id: Annotated[str | None, typer.Option(help="The marketplace's order id.")] = None,
    back: Annotated[
        bool, typer.Option("--back", help="The step was undone: go back, and say reopen: true.")
    ] = False,
    notify_url: Annotated[str | None, typer.Option("--notify", metavar="URL", help=_NOTIFY)] = None,
    today: options.Today = None,
    project: options.Project = None,
) -> None:
    """Write into the stack file that an order has reached a stage, and what that stage asks for.

    Stages go forward only. A paid order has a day of purchase, a term, and the package where the product is sold by
    packages: what is not there is asked for at a terminal. The file keeps its comments, and every number its binding;
    what `ccc-numbers check` calls an error is not written. The difference is shown.
    """
    day = clock.today(today)
    given = {
        "purchased": purchased and str(purchased.date()),
        "term": term,
        "prepaid": prepaid,
        "orderId": order_id,
    }
    said = {name: value for name, value in given.items() if value}
    ask = _ask if sys.stdin.isatty() else None
    folder = find_project(project)
    name = chosen_stack(folder, stack)
    done = advance(folder, name, key, to, said, since.date() if since else day, back, ask, day)
    print_diff(out(), done.path, done.old, done.new)
    if notify_url:
        notify_of_stage(notify_url, name, done)


@app.command(
    "learn",
    epilog="Examples: [bold]ccc-numbers orders learn --stack acme[/bold] · "
    "[bold]ccc-numbers orders learn --stack acme --write[/bold]\n\n"
    "Exit codes: 0 nothing new, or written · 1 names that are not written · 2 could not look, nothing is written.",
)
def learn_names(
    stack: options.OneStack = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write them into the stack's catalogue file.")
    ] = False,
    today: options.Today = None,
    project: options.Project = None,
) -> None:
    """Show what CCC calls the vendors of a stack's orders, where the catalogue does not know it.

    With --write the names go into the stack's own catalogue file, as `providers`; from then on any other name of that
    vendor is an error. Look at them first: a name on numbers of another vendor would be taken for this one's.
    """
    folder = find_project(project)
    name = chosen_stack(folder, stack)
    sound = sound_stack(folder, name, clock.now(today))
    live, failed = look(folder, [sound])
    if failed:
        raise FleetError(tr("{stack}: CCC was not read: {why}", stack=name, why=failed[name]))
    learned = names_seen(sound, live[name])
    if not learned:
        out().print(tr("CCC says no name of a vendor that the catalogue does not know."))
        return
    for each in learned:
        out().print(str(each), soft_wrap=True)
    made = changes(sound, learned, clock.today(today))
    if write:
        write_changes(made)
    for change in made:
        print_diff(out(), change.path, change.before, change.after)
    if not write:
        out().print(tr("Nothing was written; --write does."))
        raise typer.Exit(1)


def _ask(name: str) -> str:
    """What somebody at the terminal says."""
    return str(typer.prompt(OPTIONS[name].removeprefix("--"), err=True)).strip()
