"""Shows a move: what it will do, the diffs of the files, and what was proven; or all of it as JSON."""

from rich.console import Console

from ccc_numbers.fleet.answers import MoveAnswer, Waiting
from ccc_numbers.fleet.file_diff import print_diff
from ccc_numbers.fleet.move.run import Moved, Ready
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed, some
from ccc_numbers.messages.problem import shown
from ccc_numbers.messages.terminal import Text


def print_plan(console: Console, ready: Ready) -> None:
    choice = ready.choice
    source, target = choice.source.name, choice.target.name
    counted = {"source": source, "target": target, "numbers": some(list(choice.numbers))}
    heading = (
        trn(
            "{source} → {target}: {count:,} number, all of {instances}",
            "{source} → {target}: {count:,} numbers, all of {instances}",
            len(choice.numbers),
            **{**counted, "instances": some(choice.instances)},
        )
        if choice.instances
        else trn(
            "{source} → {target}: {count:,} number: {numbers}",
            "{source} → {target}: {count:,} numbers: {numbers}",
            len(choice.numbers),
            **counted,
        )
    )
    console.print(Text(heading, style="bold"), soft_wrap=True)
    lines = [
        tr("order {orders} moves along", orders=some(choice.orders)) if choice.orders else "",
        trn(
            "{count:,} resource in Pulumi's state",
            "{count:,} resources in Pulumi's state",
            ready.handed.count,
        ),
        tr(
            "say more of their own there, where the defaults are others: {spelt_out}",
            spelt_out=some(ready.files.spelt_out),
        )
        if ready.files.spelt_out
        else "",
        tr("CCC is not written: each line stays in its instance, bound as it is"),
    ]
    for line in filter(None, lines):
        console.print(f"  {line}", soft_wrap=True)
    shared = sorted({id for id, _ in choice.alone} - choice.target.declaration.instances.keys())
    if shared:
        warning = tr(
            "  {shared} is declared by both stacks then, which `ccc-numbers check` reports: each shows the "
            "other's numbers as unmanaged. Moving the instance moves all of it",
            shared=some(shared),
        )
        console.print(Text(warning, style="yellow"), soft_wrap=True)
    if ready.source_ends:
        console.print(
            tr("  {source} declares nothing any more: its two files are removed", source=source),
            soft_wrap=True,
        )
    for path, after in ready.files.after.items():
        print_diff(console, path, ready.files.before[path], after)


def print_moved(console: Console, ready: Ready, moved: Moved) -> None:
    choice = ready.choice
    line = trn(
        "moved {count:,} resource to {name}; CCC was only read",
        "moved {count:,} resources to {name}; CCC was only read",
        moved.count,
        name=choice.target.name,
    )
    if all(each.empty for each in moved.left.values()):
        console.print(
            Text(
                trn(
                    "{line}; the next preview of {stacks} is empty",
                    "{line}; the next previews of {stacks} are empty",
                    len(moved.left),
                    line=line,
                    stacks=listed(moved.left),
                ),
                style="bold green",
            ),
            soft_wrap=True,
        )
    else:
        console.print(Text(line, style="bold"), soft_wrap=True)
        for stack, left in moved.left.items():
            if not left.empty:
                what = left.count_others() or tr("nothing that reaches a line that moved")
                console.print(
                    tr(
                        "{stack} has other changes waiting: {what}; look at them before the next up",
                        stack=stack,
                        what=what,
                    ),
                    soft_wrap=True,
                )
    if ready.source_ends:
        console.print(
            tr(
                "{name} declares nothing any more; its empty state: pulumi stack rm {name}",
                name=choice.source.name,
            ),
            soft_wrap=True,
        )
    console.print(tr("the states of before: {list}", list=some(list(map(shown, moved.kept)))), soft_wrap=True)


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
