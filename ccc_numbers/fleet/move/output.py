"""Shows a move: what it will do, the diffs of the files, and what was proven; or all of it as JSON."""

from rich.console import Console

from ccc_numbers.fleet.answers import MoveAnswer, Waiting
from ccc_numbers.fleet.file_diff import print_diff
from ccc_numbers.fleet.move.run import Moved, Ready
from ccc_numbers.messages.names import plural, some
from ccc_numbers.messages.problem import shown
from ccc_numbers.messages.terminal import Text


def print_plan(console: Console, ready: Ready) -> None:
    choice = ready.choice
    source, target = choice.source.name, choice.target.name
    heading = f"{source} → {target}: {plural(len(choice.numbers), 'number')}"
    whole = f", all of {some(choice.instances)}" if choice.instances else f": {some(list(choice.numbers))}"
    console.print(Text(heading + whole, style="bold"), soft_wrap=True)
    lines = [
        f"order {some(choice.orders)} moves along" if choice.orders else "",
        f"{plural(ready.handed.count, 'resource')} in Pulumi's state",
        f"say more of their own there, where the defaults are others: {some(ready.files.spelt_out)}"
        if ready.files.spelt_out
        else "",
        "CCC is not written: each line stays in its instance, bound as it is",
    ]
    for line in filter(None, lines):
        console.print(f"  {line}", soft_wrap=True)
    shared = sorted({id for id, _ in choice.alone} - choice.target.declaration.instances.keys())
    if shared:
        warning = (
            f"  {some(shared)} is declared by both stacks then, which `ccc-numbers check` reports: each shows the other's "
            "numbers as unmanaged. Moving the instance moves all of it"
        )
        console.print(Text(warning, style="yellow"), soft_wrap=True)
    if ready.source_ends:
        console.print(f"  {source} declares nothing any more: its two files are removed", soft_wrap=True)
    for path, after in ready.files.after.items():
        print_diff(console, path, ready.files.before[path], after)


def print_moved(console: Console, ready: Ready, moved: Moved) -> None:
    choice = ready.choice
    line = f"moved {plural(moved.count, 'resource')} to {choice.target.name}; CCC was only read"
    if all(each.empty for each in moved.left.values()):
        proof = " and ".join(f"the next preview of {stack}" for stack in moved.left)
        verb = "is" if len(moved.left) == 1 else "are"
        console.print(Text(f"{line}; {proof} {verb} empty", style="bold green"), soft_wrap=True)
    else:
        console.print(Text(line, style="bold"), soft_wrap=True)
        for stack, left in moved.left.items():
            if not left.empty:
                what = left.count_others() or "nothing that reaches a line that moved"
                console.print(
                    f"{stack} has other changes waiting: {what}; look at them before the next up",
                    soft_wrap=True,
                )
    if ready.source_ends:
        console.print(
            f"{choice.source.name} declares nothing any more; its empty state: pulumi stack rm {choice.source.name}",
            soft_wrap=True,
        )
    console.print(f"the states of before: {some(list(map(shown, moved.kept)))}", soft_wrap=True)


def answer(ready: Ready, moved: Moved | None) -> MoveAnswer:
    """The move for programs; `moved` is None when it was only shown."""
    choice = ready.choice
    return MoveAnswer(
        source=choice.source.name,
        target=choice.target.name,
        moved=moved is not None,
        instances=choice.instances,
        numbers=dict(sorted(choice.numbers.items())),
        orders=choice.orders,
        spelt_out=ready.files.spelt_out,
        resources=moved.count if moved else ready.handed.count,
        files=tuple(map(shown, ready.files.after)),
        source_ends=ready.source_ends,
        left={stack: Waiting.of(left) for stack, left in moved.left.items()} if moved else {},
        states=tuple(map(shown, moved.kept)) if moved else (),
    )
