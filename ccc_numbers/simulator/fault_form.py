"""The documented form of a faults file: `faults: [{action: AddPhoneNumbers, times: 2, fault: throttle}]`."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from ccc_numbers.simulator.errors import BUSINESS, GATEWAY
from ccc_numbers.simulator.faults import Fault, FaultKind
from ccc_numbers.simulator.forms import all_or_error, nearest, parse, validate
from ccc_numbers.simulator.operations import OPERATIONS

Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, StringConstraints(min_length=1)]


class FaultForm(BaseModel):
    """One fault; see `ccc_numbers.simulator.faults.Fault` for what the keys mean."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    fault: FaultKind
    action: Text | None = None
    numbers: tuple[Text, ...] = ()
    after: Count = 0
    times: Count | None = None
    delay_ms: Count = 3_000
    done: bool | None = None
    code: str = ""
    params: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _code_belongs_to_error(self) -> Self:
        if (self.fault == "error") != bool(self.code):
            raise ValueError('"code" is for fault: error, which needs one')
        if self.code and self.code not in {*BUSINESS, *GATEWAY}:
            raise ValueError(f'unknown code "{self.code}"{nearest(self.code, [*BUSINESS, *GATEWAY])}')
        return self


class FaultsForm(BaseModel):
    """A whole file."""

    model_config = ConfigDict(extra="forbid")

    faults: tuple[FaultForm, ...] = ()


def read_faults(text: str, name: str) -> list[Fault]:
    """The faults of a YAML or JSON text; FormError lists what is wrong, with lines."""
    document = parse(text, name)
    forms = validate(FaultsForm, document).faults
    all_or_error(
        document.problem(
            ("faults", index, "action"), f'unknown action "{form.action}"{nearest(form.action, OPERATIONS)}'
        )
        for index, form in enumerate(forms)
        if form.action and form.action not in OPERATIONS
    )
    return [Fault(**{**form.model_dump(), "numbers": frozenset(form.numbers)}) for form in forms]


def as_mapping(fault: Fault) -> dict[str, Any]:
    """A fault as it was written, with how many calls it has seen and struck."""
    form = FaultForm(
        fault=fault.fault,
        action=fault.action,
        numbers=tuple(sorted(fault.numbers)),
        after=fault.after,
        times=fault.times,
        delay_ms=fault.delay_ms,
        done=fault.done,
        code=fault.code,
        params=fault.params,
    )
    written = form.model_dump(by_alias=True, exclude_defaults=True)
    return {**written, "seen": fault.seen, "struck": fault.struck}
