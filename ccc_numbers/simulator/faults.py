"""Commanded faults: which calls go wrong, how, and how often.

A fault matches calls by `action` (any when absent; with `writes`, any that changes something) and by `numbers` (any
of them named in the call). It lets
the first `after` matching calls pass, then strikes `times` of them (all when absent). Faults are tried in
order and the first that strikes wins, so a sequence of faults is a script. Nothing is left to chance.
"""

from collections.abc import Collection
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from ccc_numbers.simulator.errors import BUSINESS, GATEWAY
from ccc_numbers.simulator.forms import all_or_error, parse, validate
from ccc_numbers.simulator.mistakes import nearest
from ccc_numbers.simulator.operations import OPERATIONS

DONE_BY_DEFAULT: frozenset[str] = frozenset({"lostResponse", "slow", "hold", "badJson", "partial"})
"""Faults after which the operation has nevertheless been performed."""

Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Fault(BaseModel):
    """One line of the script, in the documented form of a faults file.

    `code` and `params` are for `error`: any documented code. `delay_ms` is for `slow`. `done` says whether
    the operation is performed all the same; None is the kind's own default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)

    fault: Literal[
        "throttle", "unavailable", "lostResponse", "partial", "slow", "hold", "reset", "badJson", "error"
    ]
    action: Text | None = None
    writes: bool = False
    numbers: tuple[Text, ...] = ()
    after: Count = 0
    times: Count | None = None
    delay_ms: Count = 3_000
    done: bool | None = None
    code: str = ""
    params: tuple[str, ...] = ()
    _seen: int = PrivateAttr(0)
    _struck: int = PrivateAttr(0)

    @model_validator(mode="after")
    def _code_belongs_to_error(self) -> Self:
        if (self.fault == "error") != bool(self.code):
            raise ValueError('"code" is for fault: error, which needs one')
        if self.code and self.code not in {*BUSINESS, *GATEWAY}:
            raise ValueError(f'unknown code "{self.code}"{nearest(self.code, [*BUSINESS, *GATEWAY])}')
        return self

    @property
    def performs(self) -> bool:
        """Whether the operation happens although its answer is spoilt."""
        return self.fault in DONE_BY_DEFAULT if self.done is None else self.done

    def strikes(self, action: str, numbers: Collection[str]) -> bool:
        """Whether this call is hit; counts it."""
        if self.action not in {None, action} or (self.numbers and not set(self.numbers) & set(numbers)):
            return False
        if self.writes and OPERATIONS[action].reads:
            return False
        self._seen += 1
        if self._seen <= self.after or (self.times is not None and self._struck >= self.times):
            return False
        self._struck += 1
        return True

    def failing(self, numbers: Collection[str]) -> frozenset[str]:
        """The numbers of this call a partial failure leaves out: the named ones, else the first."""
        return frozenset(self.numbers or list(numbers)[:1]) & frozenset(numbers)

    def as_mapping(self) -> dict[str, Any]:
        """The fault as it was written, with how many calls it has seen and struck."""
        written = self.model_dump(by_alias=True, exclude_defaults=True)
        return {**written, "seen": self._seen, "struck": self._struck}


class _Script(BaseModel):
    """A whole file."""

    model_config = ConfigDict(extra="forbid")

    faults: tuple[Fault, ...] = ()


def read_faults(text: str, name: str) -> list[Fault]:
    """The faults of a YAML or JSON text; Mistake lists everything that is wrong, with lines."""
    document = parse(text, name)
    faults = validate(_Script, document).faults
    all_or_error(
        document.problem(
            ("faults", index, "action"), f'unknown action "{fault.action}"{nearest(fault.action, OPERATIONS)}'
        )
        for index, fault in enumerate(faults)
        if fault.action and fault.action not in OPERATIONS
    )
    return list(faults)
