"""Plans and outcomes on a terminal: a sentence for each stack, and the changes that are alike on a line or two."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from ccc_numbers.fleet.engine.changes import Effect
from ccc_numbers.fleet.hints import pasted
from ccc_numbers.fleet.plan.groups import ChangeGroup, places
from ccc_numbers.fleet.plan.result import Outcome, Result, summary_line
from ccc_numbers.fleet.plan.words import details, headline, phrase
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import first_of, others, some
from ccc_numbers.messages.terminal import Text

_COLOURS = {
    Effect.GUARD: "bold red",
    Effect.ADD: "green",
    Effect.IMPORT: "green",
    Effect.WAIT: "yellow",
    Effect.CHANGE: "yellow",
    Effect.MOVE: "magenta",
    Effect.REMOVE: "red",
    Effect.REPLACE: "red",
    Effect.TAKE_OVER: "cyan",
    Effect.FORGET: "cyan",
}
_STYLES = {Outcome.DONE: "bold", Outcome.FAILED: "bold red", Outcome.REFUSED: "bold red"}
_NAMES = 4
_LEAVING = 24
"""Names of lines that leave their instance: whoever reviews a plan sees which."""
_GROUPS = 40
_LINES = 20


def print_results(results: Sequence[Result], console: Console) -> None:
    """Every stack with something to say; of several, one line of counts in the end."""
    for result in results:
        if len(results) == 1 or result.changes or result.errors or result.warnings:
            for line in result_lines(result):
                console.print(line, soft_wrap=True)
    if len(results) != 1:
        console.print(Text(summary_line(results), "bold"), soft_wrap=True)


def result_lines(result: Result) -> Iterator[Text]:
    """A stack: what happens in one sentence, what is wrong, then its changes instance by instance."""
    head = Text(headline(result), _STYLES.get(result.outcome, "bold yellow"))
    head.append("  " + tr("{seconds:.1f} s", seconds=result.seconds), "not bold dim")
    yield head
    for lines, colour in ((result.errors, "red"), (result.warnings, "yellow")):
        for line in first_of(lines, _LINES, tr("(--output json has all)")):
            yield Text(f"  {pasted(line)}", colour)
    if result.outcome is Outcome.FAILED and result.verb != "plan":
        return  # the sentence has what was done; what was planned is in the plan
    left = _GROUPS
    for place in places(result.changes):
        if left > 0:
            yield Text(f"  {place.instance or tr('vendor orders and the stack itself')}", "bold")
        for group in place.groups[: max(left, 0)]:
            yield from _group(group)
        left -= len(place.groups)
    if left < 0:
        yield Text(f"  {others(-left, tr('kinds of change (--output json has all)'))}")


def _group(group: ChangeGroup) -> Iterator[Text]:
    most = _LEAVING if group.effect in (Effect.REMOVE, Effect.MOVE) else _NAMES
    line = Text(f"    {group.sign} ", _COLOURS[group.effect])
    line.append(phrase(group), "not bold")
    said = details(group)
    if group.effect is Effect.GUARD:
        line.append(tr(": ") + said)
    else:
        line.append(tr(": ") + some(group.names, most), "not bold dim")
    yield line
    if said and group.effect is not Effect.GUARD:
        yield Text(f"        {said}")


def closing_lines(results: Sequence[Result]) -> Iterator[str]:
    """What is to know after an update, and what to do."""
    removed = sum(
        each.effect is Effect.REMOVE and each.is_number and each.done is True
        for result in results
        for each in result.changes
    )
    if removed:
        yield trn(
            "{count} number is unassigned now; its vendor contract goes on.",
            "{count:,} numbers are unassigned now; their vendor contracts go on.",
            removed,
        )
    if any(each.outcome is Outcome.FAILED for each in results):
        yield tr("Mend what is named above and run it again: it does what is missing, and nothing twice.")


def next_lines(results: Sequence[Result], do: str) -> Iterator[str]:
    """What to do after a plan. `do`: the command that does it."""
    if not all(each.well for each in results):
        yield tr("Nothing was changed. Mend what is named above, then plan again.")
        return
    if changes := [each for result in results for each in result.changes]:
        if not any(each.writes for each in changes):
            yield tr("This changes nothing in CCC. To take note of it: {do}", do=do)
            return
        yield trn(
            "Nothing is changed yet. To make this change: {do}",
            "Nothing is changed yet. To make these {count:,} changes: {do}",
            len(changes),
            do=do,
        )
