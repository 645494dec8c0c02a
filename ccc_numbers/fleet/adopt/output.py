"""Shows an adoption: the plan, the diff of the file, and the proof at the end; or all of it as JSON."""

from rich.console import Console

from ccc_numbers.fleet.adopt.look import Adoption
from ccc_numbers.fleet.adopt.plan import AdoptionPlan
from ccc_numbers.fleet.adopt.state import NAMES, TakenOver, counted
from ccc_numbers.fleet.answers import AdoptAnswer, AdoptedInstance, Waiting
from ccc_numbers.fleet.engine.resources import FLOW, GROUP, NUMBER
from ccc_numbers.fleet.file_diff import print_diff as print_file_diff
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import first_of, quoted, some
from ccc_numbers.messages.problem import shown
from ccc_numbers.messages.terminal import Text

_SHOWN = 20


def print_plan(console: Console, adoption: Adoption) -> None:
    """Show what is to be adopted, and what is left out with the reason."""
    for part in adoption.parts:
        _print_part(console, part.plan)
    for line in first_of(
        [tr("left alone: {each}", each=each) for each in adoption.skipped], _SHOWN, tr("left alone")
    ):
        console.print(Text(line, style="yellow"), soft_wrap=True)


def _print_part(console: Console, plan: AdoptionPlan) -> None:
    groups, flows = len(plan.managed.groups), len(plan.managed.flows)
    counts = {NUMBER: len(plan.adopted), GROUP: groups, FLOW: flows}
    heading = tr(
        "{instance}: {counted} to adopt",
        instance=plan.instance,
        counted=counted(counts) or trn("{count:,} number", "{count:,} numbers", 0),
    )
    console.print(Text(heading, style="bold"), soft_wrap=True)
    if plan.defaults is not None and plan.written:
        console.print(tr("  most common: {defaults}", defaults=plan.defaults), soft_wrap=True)
    if plan.already:
        console.print(
            trn("  {count:,} number declared already", "  {count:,} numbers declared already", plan.already)
        )
    if names := [quoted(name) for name in plan.vendors if name]:
        console.print("  " + tr("vendors, as CCC names them: {names}", names=some(names)), soft_wrap=True)
        console.print(
            "  " + tr("once they have an order, `ccc-numbers orders learn` keeps these names"), soft_wrap=True
        )
    if plan.coming:
        numbers = some([each.number for each in plan.coming], _SHOWN)
        count = trn("{count:,} number", "{count:,} numbers", len(plan.coming))
        console.print(
            tr(
                "  {count} not in the instance yet; the next `pulumi up` adds them: {numbers}",
                count=count,
                numbers=numbers,
            )
        )
    left_out = [
        tr("left out: {number} {reason}", number=number, reason=reason)
        for number, reason in plan.left_out.items()
    ]
    for line in first_of(left_out, _SHOWN, tr("left out")):
        console.print(Text(f"  {line}", style="yellow"), soft_wrap=True)


def print_diff(console: Console, adoption: Adoption) -> None:
    """Show the lines that would come into the stack file, and the definition files."""
    if adoption.text is None:
        console.print(tr("nothing to write"))
        return
    for path, text in adoption.definitions.items():
        console.print(
            trn(
                "{path}: {count:,} line",
                "{path}: {count:,} lines",
                len(text.splitlines()),
                path=shown(path),
            ),
            soft_wrap=True,
        )
    print_file_diff(console, adoption.path, adoption.before, adoption.text)


def print_taken(console: Console, stack: str, taken: TakenOver) -> None:
    """Show what the preview proved, and what is left for an `up`."""
    imported = (
        tr("{counted} imported", counted=counted(taken.imported))
        if taken.imported
        else tr("nothing new to import")
    )
    if taken.left.empty:
        line = tr(
            "{imported}; CCC was only read, and the next preview of {stack} is empty",
            imported=imported,
            stack=stack,
        )
        console.print(Text(line, style="bold green"))
        return
    console.print(Text(tr("{imported}; CCC was only read", imported=imported), style="bold"))
    if taken.left.others:
        line = tr(
            "the stack has other changes waiting: {changes}; look at them before the next up:",
            changes=taken.left.count_others(),
        )
        console.print(Text(line, style="yellow"), soft_wrap=True)
    if taken.left.joining:
        count = trn("{count:,} number", "{count:,} numbers", len(taken.left.joining))
        console.print(tr("the next `pulumi up` adds {count} to the instance", count=count))
    console.print(Text(f"  pulumi preview --stack {stack}", style="bold"))  # not translated: a command


def answer(stack: str, adoption: Adoption, taken: TakenOver | None, *, wrote: bool) -> AdoptAnswer:
    """The adoption for programs; `taken` is None when Pulumi was not run."""
    instances = (
        AdoptedInstance(
            instance=plan.instance,
            numbers=tuple(each.number for each in plan.adopted),
            coming=tuple(each.number for each in plan.coming),
            skill_groups=tuple(each.name for each in plan.managed.groups),
            contact_flows=tuple(each.row.name for each in plan.managed.flows),
            already=plan.already,
            left_out=dict(plan.left_out),
        )
        for plan in (part.plan for part in adoption.parts)
    )
    return AdoptAnswer(
        stack=stack,
        instances=tuple(instances),
        left_alone=adoption.skipped,
        wrote=tuple(map(shown, adoption.files)) if wrote else (),
        imported={word: taken.imported.get(kind, 0) for kind, word in NAMES.items()} if taken else None,
        left=Waiting.of(taken.left) if taken else None,
    )
