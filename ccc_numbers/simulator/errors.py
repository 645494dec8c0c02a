"""Everything CCC and its gateway answer when they refuse, by the table `errors.csv`.

CCC itself raises the errors `by` ccc; their templates are exact and `%s` is substituted in order. Those of the
gateway are generic to Alibaba Cloud. An error that no documentation has is invented here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType


def _errors(by: str) -> Mapping[str, tuple[int, str]]:
    """Code -> (HTTP status, message)."""
    text = resources.files("ccc_numbers.simulator").joinpath("errors.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["by"] == by]
    return MappingProxyType({row["code"]: (int(row["status"]), row["message"]) for row in rows})


BUSINESS, GATEWAY = _errors("ccc"), _errors("gateway")


@dataclass(eq=False)
class Refused(Exception):
    """A call that is answered with an error instead of data.

    `params` are the values substituted into a business template, None for the gateway's own refusals.
    """

    status: int
    code: str
    message: str
    params: tuple[str, ...] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    retry_after_ms: int | None = None


def business(code: str, *params: object) -> Refused:
    """CCC's own refusal: `business("NotExists.InstanceId", "acme")`."""
    status, template = BUSINESS[code]
    texts = tuple(str(param) for param in params)
    return Refused(status, code, template % texts, texts)


def gateway(code: str) -> Refused:
    """A refusal by the gateway before the call reaches CCC."""
    status, message = GATEWAY[code]
    return Refused(status, code, message)


def invalid(parameter: str, why: str) -> Refused:
    """CCC's refusal of a value that it can read and not accept."""
    return business("Parameter.Invalid", parameter, why)


def missing(name: str) -> Refused:
    """The gateway's answer to an absent mandatory parameter."""
    return Refused(400, f"Missing{name}", f"{name} is mandatory for this action.")


def commanded(code: str, params: tuple[str, ...]) -> Refused:
    """Any documented error by its code, as a fault commands it; missing values read `?`."""
    if code in GATEWAY:
        return gateway(code)
    count = BUSINESS[code][1].count("%s")
    return business(code, *(params + ("?",) * count)[:count])
