"""An order's next stage, written into its stack file: the same rules as `check`, and nothing else of the file changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.declaration.model import Declaration, OrderDeclaration
from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.vendor_rules import vendor_problems
from ccc_numbers.fleet.check.across import clashes
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.essence import essence, essence_of_order, sound_text
from ccc_numbers.fleet.files import read_text, rewrite
from ccc_numbers.fleet.stacks import Stack, read_fleet, sound_stack
from ccc_numbers.fleet.yaml_text import put
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import listed, quoted, suggestion
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.vendors.orders import Order, Stage, refuse_move

OPTIONS: Mapping[str, str] = {
    "purchased": "--purchased",
    "term": "--term",
    "prepaid": "--prepaid",
    "orderId": "--order-id",
}
"""What a stage may ask for, by its key in the stack file, and the option that says it."""

Said = Mapping[str, str]
Ask = Callable[[str], str] | None


@dataclass(frozen=True, slots=True)
class Advanced:
    """An order before and after, its file, and the file's text before and after."""

    before: OrderDeclaration
    after: OrderDeclaration
    path: Path
    old: str
    new: str


def advance(
    project: Path, stack: str, key: str, to: Stage, said: Said, since: date, back: bool, ask: Ask, today: date
) -> Advanced:
    """Write the stage.

    `said` are values for the keys of OPTIONS; `ask` gets one that is needed and not there, None where nobody can be
    asked. Raises FleetError; then nothing is written.
    """
    found = sound_stack(project, stack)
    path = found.file.declaration
    text = read_text(path)
    declared = sound_text(path, text)
    order = declared.orders.get(key)
    if order is None:
        hint = suggestion(key, declared.orders, "its orders are")
        raise FleetError(
            tr("stack {stack} declares no order {key}; {hint}", stack=stack, key=quoted(key), hint=hint)
        )
    _refuse(order, to, back)
    values = {"stage": str(to), "since": str(since), **said}
    lacking = list(_lacking(found, order, to, said))
    if ask is not None:
        values |= {name: ask(name) for name in lacking}
    elif lacking:
        options = listed(OPTIONS[name] for name in lacking)
        raise FleetError(
            tr("order {key} is not {stage} without these: {options}", key=key, stage=to, options=options)
        )
    scalars = {name: _scalar(name, value) for name, value in values.items()}
    made = put(text, ("orders", key), scalars | ({"reopen": True} if back else {}))
    after = sound_text(path, made)
    _refuse_more(declared, after, order, path)
    _refuse_faults(project, found, after, key, today)
    rewrite(path, text, made)
    return Advanced(order, after.orders[key], path, text, made)


def _scalar(name: str, written: str) -> object:
    """As people write it: days and amounts bare, the marketplace's id in quotes. What is not one is the check's to say."""
    if name == "orderId":
        return DoubleQuotedScalarString(written)
    if name == "prepaid":
        return int(written) if written.isascii() and written.isdigit() else written
    try:
        return date.fromisoformat(written) if name in ("since", "purchased") else written
    except ValueError:
        return written


def _refuse(order: Order, to: Stage, back: bool) -> None:
    if order.stage is to:
        raise FleetError(tr("order {key} is {stage} already", key=order.key, stage=to))
    if refuse_move(order.key, order.stage, to, back):
        steps = " → ".join(Stage)
        raise FleetError(
            tr(
                "order {key} is {stage}, and stages go forward ({steps}); --back if the step really was undone",
                key=order.key,
                stage=order.stage,
                steps=steps,
            )
        )
    if back and to.reached(order.stage):
        raise FleetError(tr("{stage} comes after {now}: leave --back out", stage=to, now=order.stage))


def _lacking(stack: Stack, order: OrderDeclaration, to: Stage, said: Said) -> Iterator[str]:
    """The keys without which the ledger could not say what a paid order costs and when it ends."""
    entry = stack.catalogue.find(order.vendor, order.product)
    if not to.reached(Stage.PAID):
        return
    if order.purchased is None and "purchased" not in said:
        yield "purchased"
    if order.term is None and "term" not in said:
        yield "term"
    by_package = entry is not None and entry.price.prepaid is not None
    if by_package and order.prepaid is None and "prepaid" not in said:
        yield "prepaid"
    # Without it, `up` would buy what was paid for once more.
    if order.purchase is not None and order.order_id is None and "orderId" not in said:
        yield "orderId"


def _refuse_more(before: Declaration, after: Declaration, order: OrderDeclaration, path: Path) -> None:
    """Whatever the form of the file: this order changes, and of it nothing but what was asked for."""
    old, new = essence(before), essence(after)
    own = ("order", order.key)
    changed = [name for name in {*old, *new} if old.get(name) != new.get(name) and name != own]
    now = after.orders.get(order.key)
    if changed or now is None or _asked_for(now) != _asked_for(order):
        raise FleetError(
            tr(
                "{file}: order {key} shares what it says with others: change it in the file; nothing was written",
                file=shown(path),
                key=order.key,
            )
        )


def _asked_for(order: OrderDeclaration) -> OrderDeclaration:
    """The order without what `advance` may change."""
    return replace(
        essence_of_order(order),
        stage=Stage.INTENDED,
        since=None,
        reopen=False,
        purchased=None,
        term=None,
        prepaid=None,
        order_id=None,
    )


def _refuse_faults(project: Path, stack: Stack, after: Declaration, key: str, today: date) -> None:
    """What `check` would say about the new text: errors stop it, warnings about the order are shown."""
    fleet = {
        **read_fleet(project, discover(project)).stacks,
        stack.name: replace(stack, declaration=after),
    }
    between = [each.problem for each in clashes(fleet.values()) if stack.name in each.stacks]
    found: list[Problem] = [*vendor_problems(after, today), *between]
    wrong = [each for each in found if each.severity == "error"]
    about = (each for each in found if each.severity != "error" and each.path.startswith(f"orders.{key}."))
    for problem in dict.fromkeys((*wrong, *about)):
        err().print(str(problem), soft_wrap=True)
    if wrong:
        count = sum(each.count for each in wrong)
        raise FleetError(
            trn(
                "order {key}: {count} thing would be wrong; nothing was written",
                "order {key}: {count} things would be wrong; nothing was written",
                count,
                key=key,
            )
        )
