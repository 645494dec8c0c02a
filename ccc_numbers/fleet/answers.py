"""The forms of the verbs' `--output json`, and their schemas: `ccc-numbers schema VERB`.

Verbs whose answer is made of these forms import them; for the others the form here says what they print, and a test
holds the two together.
"""

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from pydantic.alias_generators import to_camel

from ccc_numbers.fleet.answer_names import Answers
from ccc_numbers.fleet.stack_numbers import StackNumber
from ccc_numbers.messages.json_text import json_text, visible_json
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.ledger.export import COLUMNS
from ccc_numbers.vendors.ledger.model import LedgerFinding
from ccc_numbers.vendors.readings import Reading

if TYPE_CHECKING:
    from ccc_numbers.fleet.engine.up_preview import UpPreview


class Form(BaseModel):
    """A part of an answer: camelCase keys, each of them always there."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, frozen=True, extra="forbid", defer_build=True
    )

    def text(self) -> str:
        """As JSON for programs."""
        return visible_json(self.model_dump_json(by_alias=True, indent=2))


class Answer(Form):
    """A whole answer."""

    version: Literal[1] = 1


class CheckedStack(Form):
    """The counts of one stack; numbers are those of both sources."""

    stack: str
    file: str
    instances: int
    numbers: int
    orders: int
    errors: int
    warnings: int


class FileProblem(Form):
    """Something wrong in a file; `count` is how many it stands for."""

    file: str
    line: int
    column: int
    path: str
    value: str | None
    message: str
    rule: str
    severity: Literal["error", "warning"]
    count: int


class CheckAnswer(Answer):
    """`ccc-numbers check`."""

    errors: int
    warnings: int
    stacks: tuple[CheckedStack, ...]
    problems: tuple[FileProblem, ...]


class NumbersAnswer(Form):
    """`ccc-numbers numbers`: the numbers of a stack, and by instance those that nobody declares."""

    numbers: tuple[StackNumber, ...]
    unmanaged: dict[str, list[str]]


OrderRow = create_model(
    "OrderRow",
    __doc__="One order; amounts and days as text, unknown values null.",  # not translated: of the schema
    __config__=ConfigDict(extra="forbid"),
    **dict.fromkeys(COLUMNS, (str | int | None, ...)),  # type: ignore[call-overload]  # any number of fields
)


class Amounts(Form):
    """CNY, as text."""

    monthly: str
    first_year: str


class OrdersAnswer(Form):
    """`ccc-numbers orders`; `unpriced` says for a stack why its orders have no cost,
    `without_order` counts numbers that name none."""

    schema_version: Literal[1]
    today: str
    currency: Literal["CNY"]
    looked: tuple[str, ...]
    orders: tuple[OrderRow, ...]  # type: ignore[valid-type]  # made from the columns
    findings: tuple[LedgerFinding, ...]
    total: Amounts
    planned: Amounts
    simulated_total: Amounts | None
    unpriced: dict[str, str]
    without_order: int
    due: dict[str, str]
    due_of: tuple[dict[str, str], ...]
    dues: tuple[dict[str, str], ...]


class DueStep(Form):
    """What is to be done for one order, by whom. `due` and `amount` as text, null where nobody knows."""

    stack: str
    order: str
    vendor: str
    product: str
    stage: str
    who: str
    owner: str | None
    what: str
    due: str | None
    days_left: int | None
    amount: str | None
    simulated: bool


class NextAnswer(Answer):
    """`ccc-numbers orders next`; `unread` says for a stack why CCC was not read."""

    today: str
    steps: tuple[DueStep, ...]
    unread: dict[str, str]


class SoldProduct(Entry):
    """One product of `ccc-numbers vendors`: an entry of the catalogue, and how its source is read."""

    readings: tuple[Reading, ...]


class Waiting(Form):
    """What the next `pulumi up` would do, each as `operation type name`.

    `bookkeeping` happens only in Pulumi's state, `joining` numbers are new in their instance, `others` would change CCC.
    """

    bookkeeping: tuple[str, ...]
    joining: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, left: "UpPreview") -> Self:
        return cls(bookkeeping=left.bookkeeping, joining=left.joining, others=left.others)


class AdoptedInstance(Form):
    """What was adopted of one instance; `left_out` has the reason for each thing that was not."""

    instance: str
    numbers: tuple[str, ...]
    coming: tuple[str, ...]
    skill_groups: tuple[str, ...]
    contact_flows: tuple[str, ...]
    already: int
    left_out: dict[str, str]


class AdoptAnswer(Answer):
    """`ccc-numbers adopt`. `imported` counts by kind, `left` is what waits in the stack: null when Pulumi was not run."""

    stack: str
    instances: tuple[AdoptedInstance, ...]
    left_alone: tuple[str, ...]
    wrote: tuple[str, ...]
    imported: dict[str, int] | None
    left: Waiting | None


class MoveAnswer(Answer):
    """`ccc-numbers move`. `numbers` have their instance; `left` says by stack what waits there, once it has moved."""

    source: str = Field(serialization_alias="from")
    target: str = Field(serialization_alias="to")
    moved: bool
    instances: tuple[str, ...]
    numbers: dict[str, str]
    orders: tuple[str, ...]
    spelt_out: tuple[str, ...]
    resources: int
    files: tuple[str, ...]
    source_ends: bool
    left: dict[str, Waiting]
    states: tuple[str, ...]


class RebaseAnswer(Answer):
    """`ccc-numbers rebase`. `made` are the places that the state names, `by_kind` counts what differs at the new one."""

    stack: str
    made: tuple[str, ...]
    now: str
    resources: int
    by_kind: dict[str, int]
    rebased: bool
    state: str | None = Field(description="where the old state is kept")


class ReportAnswer(Answer):
    """`ccc-numbers report`: the first page, and the outcome in one line."""

    page: str
    status: str
    headline: str


class UpgradeAnswer(Answer):
    """`ccc-numbers upgrade`. `differing` are files that are not as the template has them; null: another version runs.

    `changes` are the changelog's entries since the committed pin, as Markdown.
    """

    pinned: str
    wanted: str
    runs: str
    differing: tuple[str, ...] | None
    patch: str | None
    changes: str


class ProbeAnswer(Answer):
    """`ccc-numbers probe`, and its profile: the alternative of each switch, and why the others were not told."""

    instance: str
    switches: dict[str, str]
    untold: dict[str, str]


class MatrixStack(Form):
    """A stack that the change touches, and the identity that works on it, where it names one."""

    stack: str
    reason: str
    account: str | None
    role: str | None
    read_role: str | None


class GoneStack(Form):
    """A stack whose files are gone, the one that declares its instances now, and what to do about its state."""

    stack: str
    successor: str | None
    advice: str


class MatrixAnswer(Answer):
    """`ccc-numbers matrix`."""

    stacks: tuple[MatrixStack, ...]
    removed: tuple[GoneStack, ...]


_HERE = "ccc_numbers.fleet.answers"
_FORMS: Mapping[Answers, tuple[str, str]] = {
    Answers.ADOPT: (_HERE, "AdoptAnswer"),
    Answers.CHECK: (_HERE, "CheckAnswer"),
    Answers.HEAL: ("ccc_numbers.fleet.drift.heal_form", "HealAnswer"),
    Answers.MATRIX: (_HERE, "MatrixAnswer"),
    Answers.MOVE: (_HERE, "MoveAnswer"),
    Answers.NUMBERS: (_HERE, "NumbersAnswer"),
    Answers.ORDERS: (_HERE, "OrdersAnswer"),
    Answers.PROBE: (_HERE, "ProbeAnswer"),
    Answers.ORDERS_NEXT: (_HERE, "NextAnswer"),
    Answers.REBASE: (_HERE, "RebaseAnswer"),
    Answers.REPORT: (_HERE, "ReportAnswer"),
    Answers.UPGRADE: (_HERE, "UpgradeAnswer"),
    Answers.VENDORS: (_HERE, "SoldProduct"),
}
_TEXTS = {
    Answers.STACK: "ccc_numbers.declaration.schema",
    Answers.DRIFT: "ccc_numbers.fleet.drift.output.json_form",
    **dict.fromkeys((Answers.PLAN, Answers.APPLY, Answers.DESTROY), "ccc_numbers.fleet.plan.form"),
}
"""Modules that make a schema of their own, which is shipped as a file."""


def answer_schema(verb: Answers) -> str:
    """The JSON Schema of a verb's answer."""
    if verb in _TEXTS:
        return str(importlib.import_module(_TEXTS[verb]).schema_text())
    module, name = _FORMS[verb]
    form: Any = getattr(importlib.import_module(module), name)
    made = TypeAdapter(list[form] if verb is Answers.VENDORS else form)
    schema = made.json_schema(by_alias=True, mode="serialization")
    # not translated: of the schema
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"ccc-numbers {verb}"}
    return json_text(head | {key: each for key, each in schema.items() if key != "title"}) + "\n"
