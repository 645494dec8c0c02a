"""Let a stack begin again where its settings lead now, after its endpoint, region or account was changed.

`up`, `preview`, `refresh` and `destroy` refuse such a stack: its state is about the numbers of another place. This shows
what the declaration would meet at the new place, and with --yes makes Pulumi forget the old one. CCC is not written,
neither here nor there: numbers at the old place stay bound as they are, and nobody manages them any more. The next
`pulumi up` takes over what is as declared, adds what is unassigned, and refuses everything else.

Examples: `ccc-numbers rebase acme` · `ccc-numbers rebase acme --yes`

Exit codes: 0 rebased, or nothing to rebase · 1 not rebased yet, --yes would · 2 could not look, or Pulumi failed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Exit, Option, echo

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.world import apart
from ccc_numbers.declaration import clock
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet import options
from ccc_numbers.fleet.answers import RebaseAnswer
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.drift.output.table import print_table
from ccc_numbers.fleet.drift.report import Verdict
from ccc_numbers.fleet.drift.run import DriftOptions, look
from ccc_numbers.fleet.engine.rebase import OldState, forget, read_state
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.project import chosen_stacks, commands_for, find_project
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed
from ccc_numbers.messages.problem import shown
from ccc_numbers.numbers.finding_kinds import FindingKind


def command(
    stack: Annotated[str, Argument(metavar="STACK", help="The stack whose settings lead elsewhere.")],
    form: Annotated[Literal["table", "json"], options.output()] = "table",
    yes: Annotated[bool, Option("--yes", "-y", help="Forget the old place.")] = False,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    (name,) = chosen_stacks(folder, [stack])
    file = stack_file(folder, name)
    if problems := (*file.problems, *file.refused):
        raise FleetError(*map(str, problems))
    try:
        now = Settings.parse(file.provider, base=folder).asked().place
    except CccError as error:
        raise FleetError(str(error)) from None
    state = read_state(folder, name)
    console = err() if form == "json" else out()

    def answer(kinds: Mapping[FindingKind, int] = {}, kept: Path | None = None) -> None:
        if form == "json":
            counts = {str(kind): count for kind, count in kinds.items() if count}
            said = RebaseAnswer(
                stack=name,
                made=state.places,
                now=now,
                resources=len(state.of_ccc),
                by_kind=counts,
                rebased=kept is not None,
                state=shown(kept) if kept else None,
            )
            echo(said.text())

    made = listed(state.places) or tr("a place that its state does not name")
    if nothing := _nothing_to_do(name, state, now, made):
        console.print(tr("nothing to rebase: {nothing}", nothing=nothing), soft_wrap=True)
        answer()
        return
    with InstanceProgress(err()) as progress:
        report = look(folder, [name], DriftOptions(), clock.today(), progress, "rebase").report
    print_table(console, report)
    if report.verdict is Verdict.INCOMPLETE:
        raise FleetError(tr("not rebased, since not everything could be looked at at {now}", now=now))
    forgets = trn(
        "{count:,} resource made at {made}; CCC is not written there, and nobody manages those numbers "
        "any more",
        "{count:,} resources made at {made}; CCC is not written there, and nobody manages those numbers "
        "any more",
        len(state.of_ccc),
        made=made,
    )
    if not yes:
        console.print(
            tr(
                "{name} leads to {now} now. --yes makes Pulumi forget {forgets}.",
                name=name,
                now=now,
                forgets=forgets,
            ),
            soft_wrap=True,
        )
        answer(report.by_kind)
        raise Exit(1)
    kept = forget(folder, name, state)
    console.print(
        tr(
            "rebased {name} to {now}: Pulumi has forgotten {forgets}. The old state is in {kept}. `{up}` "
            "takes over what is as declared",
            name=name,
            now=now,
            forgets=forgets,
            kept=shown(kept),
            up=commands_for(folder, name).up,
        ),
        soft_wrap=True,
    )
    answer(report.by_kind, kept)


def _nothing_to_do(name: str, state: OldState, now: str, made: str) -> str:
    """Why there is nothing to rebase; "" when there is."""
    if state.places and not any(apart(place, now) for place in state.places):
        return tr(
            "the state of {name} was made at {made}, and its settings lead there. If the keys are those of "
            "another account, name it: ccc:account",
            name=name,
            made=made,
        )
    return "" if state.of_ccc else tr("the state of {name} holds nothing of CCC", name=name)
