"""A vendor order's properties as the vendors' rules know them: read from plain bags, and what is wrong with them.

A stack file has been checked before its program runs; a program in another language has only this.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from ccc_numbers.messages.names import suggestion
from ccc_numbers.provider.model.vendor_order import MATERIAL
from ccc_numbers.provider.properties import flag, text, texts
from ccc_numbers.provider.wire import Bag, Plain
from ccc_numbers.vendors.catalogue import Catalogue, built_in, with_overrides
from ccc_numbers.vendors.errors import VendorError
from ccc_numbers.vendors.findings import Severity
from ccc_numbers.vendors.money import amount, rate
from ccc_numbers.vendors.orders import Contact, NumberOnOrder, Order, Quoted, Stage
from ccc_numbers.vendors.rules import check
from ccc_numbers.vendors.terms import Term

_RATES = ("rent", "inbound", "outbound", "minimumSpend")
_CONTACT = ("name", "phone", "email", "dingtalk")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def order_problems(inputs: Bag, today: date) -> Iterator[str]:
    """Everything wrong with an order whose properties have the right types, one line each."""
    subject = f"order {text(inputs, 'key')}"
    try:
        order = order_of(inputs)
        catalogue = catalogue_of(inputs)
    except VendorError as error:
        yield f"{subject}: {error}"
        return
    # Its numbers are held against the catalogue by the program, which knows how they are used.
    for finding in check([order], (), catalogue, today):
        if finding.severity is Severity.ERROR:
            value = "" if finding.value is None else f' "{finding.value}"'
            yield f"{subject}: {'.'.join(finding.path[2:])}{value} {finding.message}"


def order_of(inputs: Bag) -> Order:
    """The order; VendorError says what is malformed."""
    rates = _texts_in(inputs.get("rates"), "rates", _RATES)
    contact = _texts_in(inputs.get("contact"), "contact", _CONTACT)
    return Order(
        key=text(inputs, "key"),
        vendor=text(inputs, "vendor"),
        product=text(inputs, "product"),
        stage=_stage(text(inputs, "stage")),
        quantity=_whole(inputs, "quantity") or 0,
        regions=texts(inputs, "regions"),
        called_regions=texts(inputs, "calledRegions"),
        purchased=_day(inputs, "purchased"),
        since=_day(inputs, "since"),
        term=Term.parse(text(inputs, "term")) if text(inputs, "term") else None,
        prepaid=amount(text(inputs, "prepaid")) if text(inputs, "prepaid") else None,
        rates=Quoted(
            rent=_rate(rates, "rent"),
            inbound=_rate(rates, "inbound"),
            outbound=_rate(rates, "outbound"),
            minimum_spend=_rate(rates, "minimumSpend"),
        ),
        expected_minutes=_whole(inputs, "expectedMinutes"),
        order_id=text(inputs, "orderId") or None,
        scene=text(inputs, "scene") or None,
        company=text(inputs, "company") or None,
        contact=Contact(**contact),
        invoice_title=text(inputs, "invoiceTitle") or None,
        materials=_materials(inputs.get("materials")),
        notes=text(inputs, "notes") or None,
        reopen=flag(inputs, "reopen"),
    )


def numbers_of(order: Order, inputs: Bag) -> tuple[NumberOnOrder, ...]:
    """The declared numbers on the order."""
    places = (place.rpartition("/") for place in texts(inputs, "numbers"))
    return tuple(
        NumberOnOrder(instance=instance, number=number, order=order.key, usage="")
        for instance, _, number in places
    )


def catalogue_of(inputs: Bag) -> Catalogue:
    """The catalogue it is held against; CatalogueError when the stack's own cannot be used."""
    path = text(inputs, "catalogue")
    return with_overrides(Path(path)) if path else built_in()


def _stage(written: str) -> Stage:
    try:
        return Stage(written)
    except ValueError:
        raise VendorError(
            f'stage "{written}" is none; {suggestion(written, [*Stage], "there are")}'
        ) from None


def _day(inputs: Bag, key: str) -> date | None:
    written = text(inputs, key)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise VendorError(
            f'{key} "{written}" is not a date; write year-month-day, as in 2026-08-01'
        ) from None


def _whole(inputs: Bag, key: str) -> int | None:
    value = inputs.get(key)
    if not isinstance(value, float):
        return None
    if value < 0 or not value.is_integer():
        raise VendorError(f"{key} {value:g} is not a whole number")
    return int(value)


def _rate(rates: Mapping[str, str], key: str) -> Decimal | None:
    return rate(rates[key]) if key in rates else None


def _texts_in(value: Plain, where: str, known: Collection[str]) -> dict[str, str]:
    """A map of text by known keys; absent is empty."""
    found: dict[str, str] = {}
    for name, written in value.items() if isinstance(value, dict) else ():
        if name not in known:
            raise VendorError(f'{where}: unknown key "{name}"; {suggestion(name, known, "there are")}')
        if not isinstance(written, str):
            raise VendorError(f"{where}.{name} must be text, not {written!r}")
        found[name] = written
    return found


def _materials(value: Plain) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for kind, paper in value.items() if isinstance(value, dict) else ():
        where = f"materials.{kind}"
        said = _texts_in(paper, where, MATERIAL.inputs)
        if "path" not in said:
            raise VendorError(f"{where} must say its path")
        if "sha256" in said and not _SHA256.fullmatch(said["sha256"]):
            raise VendorError(f'{where}.sha256 "{said["sha256"]}" is no SHA-256 in hex')
        found[kind] = Path(said["path"])
    return found
