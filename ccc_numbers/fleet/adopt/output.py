"""Shows an adoption: the plan, the diff of the file, and the proof at the end; or all of it as JSON."""

from rich.console import Console

from ccc_numbers.fleet.adopt.look import Adoption
from ccc_numbers.fleet.adopt.plan import AdoptionPlan
from ccc_numbers.fleet.adopt.state import WORDS, TakenOver, counted
from ccc_numbers.fleet.answers import AdoptAnswer, AdoptedInstance, Waiting
from ccc_numbers.fleet.engine.resources import FLOW, GROUP, NUMBER
from ccc_numbers.fleet.file_diff import print_diff as print_file_diff
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import first_of, plural, quoted, some
from ccc_numbers.messages.problem import shown
from ccc_numbers.messages.terminal import Text

_SHOWN = 20


def print_plan(console: Console, adoption: Adoption) -> None:
    """Show what is to be adopted, and what is left out with the reason."""
    for part in adoption.parts:
        _print_part(console, part.plan)
    for line in first_of([f"left alone: {each}" for each in adoption.skipped], _SHOWN, "left alone"):
        console.print(Text(line, style="yellow"), soft_wrap=True)


def _print_part(console: Console, plan: AdoptionPlan) -> None:
    groups, flows = len(plan.managed.groups), len(plan.managed.flows)
    counts = {NUMBER: len(plan.adopted), GROUP: groups, FLOW: flows}
    heading = f"{plan.instance}: {counted(counts) or plural(0, 'number')} to adopt"
    console.print(Text(heading, style="bold"), soft_wrap=True)
    if plan.defaults is not None and plan.written:
        console.print(f"  most common: {plan.defaults}", soft_wrap=True)
    if plan.already:
        console.print(f"  {plural(plan.already, 'number')} declared already")
    if names := [quoted(name) for name in plan.vendors if name]:
        console.print("  " + tr("vendors, as CCC names them: {names}", names=some(names)), soft_wrap=True)
        console.print(
            "  " + tr("once they have an order, `ccc-numbers orders learn` keeps these names"), soft_wrap=True
        )
    if plan.coming:
        numbers = some([each.number for each in plan.coming], _SHOWN)
        count = plural(len(plan.coming), "number")
        console.print(f"  {count} not in the instance yet; the next `pulumi up` adds them: {numbers}")
    left_out = [f"left out: {number} {reason}" for number, reason in plan.left_out.items()]
    for line in first_of(left_out, _SHOWN, "left out"):
        console.print(Text(f"  {line}", style="yellow"), soft_wrap=True)


def print_diff(console: Console, adoption: Adoption) -> None:
    """Show the lines that would come into the stack file, and the definition files."""
    if adoption.text is None:
        console.print("nothing to write")
        return
    for path, text in adoption.definitions.items():
        console.print(f"{shown(path)}: {plural(len(text.splitlines()), 'line')}", soft_wrap=True)
    print_file_diff(console, adoption.path, adoption.before, adoption.text)


def print_taken(console: Console, stack: str, taken: TakenOver) -> None:
    """Show what the preview proved, and what is left for an `up`."""
    imported = f"{counted(taken.imported)} imported" if taken.imported else "nothing new to import"
    if taken.left.empty:
        line = f"{imported}; CCC was only read, and the next preview of {stack} is empty"
        console.print(Text(line, style="bold green"))
        return
    console.print(Text(f"{imported}; CCC was only read", style="bold"))
    if taken.left.others:
        line = f"the stack has other changes waiting: {taken.left.count_others()}; look at them before the next up:"
        console.print(Text(line, style="yellow"), soft_wrap=True)
    if taken.left.joining:
        count = plural(len(taken.left.joining), "number")
        console.print(f"the next `pulumi up` adds {count} to the instance")
    console.print(Text(f"  pulumi preview --stack {stack}", style="bold"))


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
        imported={word: taken.imported.get(kind, 0) for kind, word in WORDS.items()} if taken else None,
        left=Waiting.of(taken.left) if taken else None,
    )
