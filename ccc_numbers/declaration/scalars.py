"""The kinds of value a stack file may hold: each reads the text as written or says why it cannot.

A reader takes a value of a `Document` (text, None for `~`, `Empty`, a list, a mapping) and returns the typed value or
raises through `wrong()`. The JSON schema of each kind stands beside its reader.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NoReturn, TypeVar

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ccc_numbers.api.rows import FLOW_TYPES, LONGEST_NAME, FlowType, MediaType, Usage
from ccc_numbers.declaration.clock import Instant, read_instant
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.messages.yaml_document import BROKEN, Empty
from ccc_numbers.numbers.guards import BUDGET, read_budget
from ccc_numbers.numbers.plan_number import Part
from ccc_numbers.vendors.errors import TermError
from ccc_numbers.vendors.orders import PrepaidPer, Stage
from ccc_numbers.vendors.terms import Term

SAID_BEFORE = "said-before"

_E = TypeVar("_E", bound=StrEnum)
_BOOLEANS = {"true": True, "false": False}
_OTHER_BOOLEANS = {
    **dict.fromkeys(("yes", "y", "on", "1", "true", "t"), "true"),
    **dict.fromkeys(("no", "n", "off", "0", "false", "f"), "false"),
}
_MONEY = re.compile(r"\d{1,12}(\.\d+)?", re.ASCII)
_BUCKET = "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
_TERM = re.compile(r"[1-9]\d{0,3}[ymd]", re.ASCII)
_LONGEST_REFERENCE, _LONGEST_TEXT = 128, 4000


def wrong(message: str) -> NoReturn:
    """Refuse the value with `message`, which follows the quoted value or stands alone for a list or mapping."""
    raise PydanticCustomError("declaration", "{why}", {"why": message})


def text(value: object, what: str = mark("text")) -> str:
    """The text as written; refuses lists, mappings and missing values by name. `what` is a message, in English."""
    if isinstance(value, str):
        if value == "":
            wrong(tr("is empty; {wanted} is needed here", wanted=tr(what)))
        if value != value.strip():
            wrong(tr("has spaces around it; take them out"))
        return value
    if value is BROKEN:
        raise PydanticCustomError(SAID_BEFORE, "reported by the reader")  # not translated: not shown
    if value is None or isinstance(value, Empty):
        wrong(tr("has no value; {wanted} is needed here", wanted=tr(what)))
    found = tr("a list") if isinstance(value, list) else tr("a mapping")
    wrong(tr("expected {wanted}, found {found}", wanted=tr(what), found=found))


def _visible(value: object, what: str) -> str:
    found = text(value, what)
    if not found.isprintable():
        wrong(tr("holds characters that cannot be seen; retype it"))
    return found


def _at_most(longest: int, found: str) -> str:
    if len(found) > longest:
        wrong(tr("is {count} characters long; {most} are the most", count=len(found), most=longest))
    return found


def _name(value: object) -> str:
    return _at_most(_LONGEST_REFERENCE, _visible(value, mark("a name")))


def _prose(value: object) -> str:
    return _at_most(_LONGEST_TEXT, text(value))


def _description(value: object) -> str:
    return "" if value == "" else _prose(value)


def _display_name(value: object) -> str:
    return _at_most(LONGEST_NAME, _visible(value, mark("a name")))


def _flag(value: object) -> bool:
    found = text(value, mark("true or false"))
    if found in _BOOLEANS:
        return _BOOLEANS[found]
    meant = _OTHER_BOOLEANS.get(found.casefold())
    if meant:
        wrong(tr("is neither true nor false; write {meant}", meant=meant))
    wrong(tr("is neither true nor false"))


def _choice(kinds: Iterable[_E], what: str, fault: str) -> Callable[[object], _E]:
    known = {str(each): each for each in kinds}

    def read(value: object) -> _E:
        found = text(value, what)
        return known[found] if found in known else wrong(tr(fault, hint=suggestion(found, known)))

    return read


def _whole(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        found = text(value, mark("a whole number"))
        if not re.fullmatch(r"\d{1,9}", found, re.ASCII) or int(found) < least:
            wrong(tr("is not a whole number: digits only, {least} or more", least=least))
        return int(found)

    return read


def _budget(value: object) -> str:
    found = text(value, mark("a count or a share"))
    try:
        return read_budget(found)
    except ValueError as error:
        return wrong(str(error))


def _amount(decimals: int) -> Callable[[object], Decimal]:
    def read(value: object) -> Decimal:
        found = text(value, mark("an amount in CNY"))
        if found.startswith("-") and _MONEY.fullmatch(found[1:]):
            wrong(tr("is negative; an amount is 0 or more"))
        match = _MONEY.fullmatch(found)
        if match is None:
            wrong(tr("is not an amount in CNY: digits, and a point before the decimals (3000 or 3000.50)"))
        if match[1] and len(match[1]) - 1 > decimals:
            wrong(tr("has {count} decimals; {most} are the most", count=len(match[1]) - 1, most=decimals))
        return Decimal(found)

    return read


def _day(value: object) -> date:
    found = text(value, mark("a date"))
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", found, re.ASCII):
            raise ValueError
        day = date.fromisoformat(found)
    except ValueError:
        return wrong(tr("is not a date; write year-month-day, as in 2026-08-01"))
    if not 2000 <= day.year <= 2100:
        wrong(tr("lies in the year {year}; that is not a date of an order", year=day.year))
    return day


def _instant(value: object) -> Instant:
    found = text(value, mark("a time"))
    try:
        return read_instant(found)
    except ValueError as error:
        return wrong(str(error))


def _term(value: object) -> Term:
    found = text(value, mark("a term"))
    if not _TERM.fullmatch(found):
        wrong(tr("is not a term; write years, months or days, as in 1y, 6m or 30d"))
    try:
        return Term.parse(found)
    except TermError:
        wrong(tr("is longer than any contract"))


def _path(value: object) -> str:
    found = _visible(value, mark("a file name"))
    if "\\" in found:
        wrong(tr("has backslashes; write {right}", right=quoted(found.replace(chr(92), "/"))))
    if found.startswith(("/", "~")) or re.match(r"[A-Za-z]:", found):
        wrong(tr("must be given from this file's folder, not from the root of a machine"))
    return found


def _bucket(value: object) -> str:
    found = text(value, mark("a bucket name"))
    if not re.fullmatch(_BUCKET, found, re.ASCII):
        wrong(tr("is not a bucket name: 3 to 63 lower-case letters, digits and hyphens"))
    return found


def _trusted(value: object) -> str:
    found = _name(value)
    if re.search(r"[*?]", found):
        wrong(tr("holds * or ?, which would trust identities that nobody has named; write each one in full"))
    if found.startswith("acs:"):
        if not re.fullmatch(r"acs:ram::[0-9]{1,32}:role/[A-Za-z0-9._-]{1,64}", found, re.ASCII):
            wrong(tr("is not the ARN of a role; write acs:ram::ACCOUNT:role/NAME"))
    elif found.endswith(":pull_request") or ":ref:refs/pull/" in found:
        wrong(
            tr(
                "is the identity of every pull request, whose code nobody has reviewed; name an environment or a branch"
            )
        )
    elif ":" not in found:
        wrong(
            tr(
                "is neither the ARN of a role nor the subject of a token; write acs:ram::ACCOUNT:role/NAME, or for example "
                "repo:ORG/REPO:environment:production"
            )
        )
    return found


def _issuer(value: object) -> str:
    found = _name(value)
    if not re.fullmatch(r"https://[^\s/?#@]+(/[^\s?#]*)?", found):
        wrong(tr("is not the address of an issuer; write https://HOST"))
    return found


def _schema(type: str | list[str], **rest: object) -> WithJsonSchema:
    return WithJsonSchema({"type": type, **rest})


def _one_of(kinds: Iterable[StrEnum]) -> WithJsonSchema:
    return _schema("string", enum=[str(each) for each in kinds])


# Names may look like numbers ("400"), and editors read YAML's own types.
_SCALAR, _WHOLE, _AMOUNT = ["string", "number"], ["integer", "string"], ["number", "string"]
Name = Annotated[str, BeforeValidator(_name), _schema(_SCALAR, maxLength=_LONGEST_REFERENCE)]
Prose = Annotated[str, BeforeValidator(_prose), _schema(_SCALAR, maxLength=_LONGEST_TEXT)]
Description = Annotated[str, BeforeValidator(_description), _schema(_SCALAR, maxLength=_LONGEST_TEXT)]
DisplayName = Annotated[
    str, BeforeValidator(_display_name), _schema(_SCALAR, minLength=1, maxLength=LONGEST_NAME)
]
Flag = Annotated[bool, BeforeValidator(_flag), _schema("boolean")]
read_count = _whole(0)
Quantity = Annotated[int, BeforeValidator(_whole(1)), _schema(_WHOLE, minimum=1)]
Count = Annotated[int, BeforeValidator(read_count), _schema(_WHOLE, minimum=0)]
Budget = Annotated[str, BeforeValidator(_budget), _schema(_WHOLE, minimum=0, pattern=f"^({BUDGET})$")]
Money = Annotated[
    Decimal, BeforeValidator(_amount(2)), _schema(_AMOUNT, minimum=0, pattern=r"^\d+(\.\d{1,2})?$")
]
Rate = Annotated[
    Decimal, BeforeValidator(_amount(4)), _schema(_AMOUNT, minimum=0, pattern=r"^\d+(\.\d{1,4})?$")
]
Day = Annotated[date, BeforeValidator(_day), _schema("string", format="date")]
Time = Annotated[
    Instant, BeforeValidator(_instant), _schema("string", pattern=r"^\d{4}-\d{2}-\d{2}([T ].+)?$")
]
TermText = Annotated[Term, BeforeValidator(_term), _schema("string", pattern=r"^[1-9]\d*[ymd]$")]
FilePath = Annotated[str, BeforeValidator(_path), _schema("string", pattern=r"^[^/~\\][^\\]*$")]
Bucket = Annotated[str, BeforeValidator(_bucket), _schema("string", pattern=f"^{_BUCKET}$")]
Trusted = Annotated[str, BeforeValidator(_trusted), _schema("string", pattern="^[^*?]*:[^*?]*$")]
Issuer = Annotated[str, BeforeValidator(_issuer), _schema("string", pattern="^https://")]
PartText = Annotated[
    Part,
    BeforeValidator(_choice(Part, mark("a part of a binding"), mark("is not a part of a binding; {hint}"))),
    _one_of(Part),
]
UsageText = Annotated[
    Usage, BeforeValidator(_choice(Usage, mark("a usage"), mark("is not a usage; {hint}"))), _one_of(Usage)
]
PrepaidPerText = Annotated[
    PrepaidPer,
    BeforeValidator(
        _choice(PrepaidPer, mark("a kind of prepayment"), mark("is not a kind of prepayment; {hint}"))
    ),
    _one_of(PrepaidPer),
]
StageText = Annotated[
    Stage, BeforeValidator(_choice(Stage, mark("a stage"), mark("is not a stage; {hint}"))), _one_of(Stage)
]
MediaTypeText = Annotated[
    MediaType,
    BeforeValidator(_choice(MediaType, mark("a media type"), mark("is not a media type; {hint}"))),
    _one_of(MediaType),
]
FlowTypeText = Annotated[
    FlowType,
    BeforeValidator(_choice(FLOW_TYPES, mark("a flow type"), mark("is not a flow type; {hint}"))),
    _one_of(FLOW_TYPES),
]
