"""The vendors' catalogue, shown: a short table, everything about each product, or JSON."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.terminal import Text
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.catalogue.price import Part
from ccc_numbers.vendors.catalogue.select import promotes
from ccc_numbers.vendors.money import plain
from ccc_numbers.vendors.readings import readings_of

_LABEL = 20
_DIRECTIONS = {"inbound": "in", "outbound": "out", "bidirectional": "in, out"}


def as_json(entries: Sequence[Entry]) -> str:
    """A list of entries in the form of the catalogue's files, each with its readings; amounts are text."""

    def plain_form(part: Part) -> dict[str, object]:
        return part.model_dump(mode="json", by_alias=True)

    return json_text(
        [plain_form(each) | {"readings": list(map(plain_form, readings_of(each)))} for each in entries]
    )


def print_short(console: Console, entries: Sequence[Entry], business: str | None) -> None:
    """One line per product."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in (
        "vendor",
        "product",
        "号码类型",
        "calls",
        "rent/mo",
        "prepaid",
        "CNY/min",
        "least",
        "regions",
    ):
        table.add_column(heading, no_wrap=heading in ("vendor", "product", "calls", "rent/mo"))
    for entry in entries:
        rent, least = entry.price.rent, entry.price.minimum_spend
        row = (
            entry.vendor,
            entry.product + (" ★" if promotes(entry, business) else ""),
            entry.name,
            _DIRECTIONS[entry.direction],
            plain(rent.per_month) if rent else "–",
            _prepaid(entry),
            _rates(entry),
            f"{plain(least.amount)}/mo per {least.scope}" if least else "–",
            _regions(entry),
        )
        table.add_row(*map(Text, row))
    console.print(table)


def print_full(console: Console, entries: Sequence[Entry]) -> None:
    """Everything about each product, with the source's own words; no text is cut, and links stay whole."""
    for entry in entries:
        table = Table(
            box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", title_justify="left", title_style="bold"
        )
        table.title = f"{entry.vendor}/{entry.product}  {entry.name}"
        table.add_column("what", max_width=_LABEL, overflow="fold")
        table.add_column("is", overflow="fold", ratio=1)
        table.add_column("in the source's words", style="dim", overflow="fold", ratio=1)
        for what, value, words in _lines(entry):
            if value or words:
                table.add_row(Text(what), Text(value), Text(words))
        console.print(table)
        for name, link in _links(entry):
            console.print(Text(f"{name}  {link}"), soft_wrap=True)
        console.print()
        console.print(Text("Read into the source", style="bold"))
        console.print(_readings(entry))


def _readings(entry: Entry) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for each in readings_of(entry):
        lines = {"the source": each.words, "read as": each.read, "why": each.why, "otherwise": each.otherwise}
        for name, value in lines.items():
            table.add_row(Text(name), Text(value), end_section=name == "otherwise")
        table.add_row()
    return table


def _links(entry: Entry) -> list[tuple[str, str]]:
    """What can be opened: the vendor's templates, the page on the product."""
    templates = [(need.name, need.template) for need in entry.materials.required if need.template]
    return [*templates, *([("source", entry.source.url)] if entry.source.url else [])]


def _lines(entry: Entry) -> list[tuple[str, str, str]]:
    calling, business, price = entry.calling, entry.business, entry.price
    hours, callee, delivery = calling.hours, calling.per_callee, entry.delivery
    days = f"{delivery.working_days.from_} to {delivery.working_days.to} working days" if delivery else ""
    return [
        ("company", entry.company or "", ""),
        ("calls", _DIRECTIONS[entry.direction], entry.words),
        ("numbers", entry.shape, ""),
        ("concurrency", _text(entry.concurrency.calls), entry.concurrency.words),
        ("agents per number", _text(entry.agents.per_number if entry.agents else None), entry.agents.words if entry.agents else ""),
        ("regions", _regions(entry), entry.regions.words),
        ("scarce", "、".join(entry.regions.scarce), ""),
        ("delivery", days, delivery.words if delivery else ""),
        ("blind areas", "、".join(entry.blind_areas.areas), entry.blind_areas.words),
        ("hours", f"{hours.from_:%H:%M}–{hours.to:%H:%M}" if hours else "", hours.words if hours else ""),
        ("per callee", f"{callee.calls} a day, counted by {callee.counts}" if callee else "", callee.words if callee else ""),
        ("calling rules", "there are more" if calling.words else "", calling.words),
        ("also", "；".join(calling.also), ""),
        ("forbidden business", "there is more" if business.words else "", business.words),
        *((f"not for {group.group}", "、".join(term.word for term in group.terms), group.words) for group in business.forbidden),
        ("script never says", "、".join(word.word for word in business.script), ""),
        ("promoted", "、".join(business.promoted.businesses) if business.promoted else "", business.promoted.words if business.promoted else ""),
        ("rent", f"{plain(price.rent.per_month)} a month, {plain(price.rent.per_year)} a year, billed {price.rent.billed}" if price.rent else "", price.words),
        ("prepaid", _prepaid(entry), price.prepaid.words if price.prepaid else ""),
        ("CNY per minute", _rates(entry), ""),
        ("minimum spend", _least(entry), price.minimum_spend.words if price.minimum_spend else ""),
        ("payment", entry.payment.channel or "", entry.payment.words),
        ("materials", "、".join(need.name for need in entry.materials.required), entry.materials.words),
        ("source", f"{entry.source.title}（{entry.source.row}）, as of {entry.as_of}", entry.source.note),
    ]  # fmt: skip


def _prepaid(entry: Entry) -> str:
    prepaid = entry.price.prepaid
    if prepaid is None:
        return "–"
    return ", ".join(map(str, prepaid.packages)) + (f" per {prepaid.period}" if prepaid.period else "")


def _rates(entry: Entry) -> str:
    prepaid, rates = entry.price.prepaid, entry.price.rates
    by_package = [f"{plain(p.per_minute)} ({p})" for p in prepaid.packages if p.per_minute] if prepaid else []
    ways = [
        f"{way} {plain(rate) if rate else 'free'}"
        for way, rate in (("in", rates.inbound), ("out", rates.outbound))
        if rate is not None
    ]
    return ", ".join([*ways, *by_package]) or "–"


def _least(entry: Entry) -> str:
    least = entry.price.minimum_spend
    return f"{plain(least.amount)} a month per {least.scope}" if least else ""


def _regions(entry: Entry) -> str:
    regions = entry.regions
    supply = {
        "stock": f"{len(regions.stock_cities)} cities in stock",
        "on-application": "on application",
        "nationwide": "nationwide",
    }[regions.supply]
    return supply + (f", {regions.minimum_per_region}+ per region" if regions.minimum_per_region else "")


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
