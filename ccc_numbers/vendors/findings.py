"""One thing in a declaration that breaks a vendor's rule."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`error`: the declaration contradicts what was bought. `warning`: it should be looked at. `info`: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """The mistake, its place, and the catalogue's words.

    `path` leads to the value in the stack file (`("orders", "youyin-2026-08", "prepaid")`), `value` is the
    value there (None when nothing can be quoted), `rule` a short name that never changes.
    """

    rule: str
    path: tuple[str, ...]
    value: str | None
    message: str
    severity: Severity = Severity.ERROR
