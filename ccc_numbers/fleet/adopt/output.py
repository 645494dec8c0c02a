"""Shows an adoption: the plan, the diff of the file, and the proof at the end."""

from difflib import unified_diff

from rich.console import Console
from rich.syntax import Syntax

from ccc_numbers.fleet.adopt.look import Adoption
from ccc_numbers.fleet.adopt.state import TakenOver
from ccc_numbers.messages.names import first_of, plural, some
from ccc_numbers.messages.problem import shown
from ccc_numbers.messages.terminal import Text
from ccc_numbers.messages.visible import visible

_SHOWN = 20


def print_plan(console: Console, adoption: Adoption) -> None:
    """Show the numbers to adopt, and those left out with the reason."""
    plan = adoption.plan
    heading = f"{plan.instance}: {plural(len(plan.adopted), 'number')} to adopt"
    console.print(Text(heading, style="bold"), soft_wrap=True)
    if plan.defaults is not None and adoption.draft is not None:
        console.print(f"  most common: {plan.defaults}", soft_wrap=True)
    if plan.already:
        console.print(f"  {plural(plan.already, 'number')} declared already")
    if plan.coming:
        numbers = some([each.number for each in plan.coming], _SHOWN)
        count = plural(len(plan.coming), "number")
        console.print(f"  {count} not in the instance yet; the next `pulumi up` adds them: {numbers}")
    left_out = [f"left out: {number} {reason}" for number, reason in plan.left_out.items()]
    for line in first_of(left_out, _SHOWN, "left out"):
        console.print(Text(f"  {line}", style="yellow"), soft_wrap=True)


def print_diff(console: Console, adoption: Adoption) -> None:
    if adoption.draft is None:
        console.print("nothing to write")
        return
    name = shown(adoption.path)
    before, after = adoption.before.splitlines(keepends=True), adoption.draft.text.splitlines(keepends=True)
    lines = unified_diff(before, after, name if adoption.before else "/dev/null", name)
    diff = "\n".join(visible(line.removesuffix("\n")) for line in lines)
    console.print(Syntax(diff, "diff", background_color="default", word_wrap=True))


def print_taken(console: Console, stack: str, taken: TakenOver) -> None:
    """Show what the preview proved, and what is left for an `up`."""
    imported = f"{plural(taken.imported, 'number')} imported" if taken.imported else "nothing new to import"
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
