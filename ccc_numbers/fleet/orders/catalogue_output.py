"""The vendors' catalogue, shown: a short table, everything about each product, or JSON."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import listed
from ccc_numbers.messages.terminal import Text
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.catalogue.price import Part, Scope
from ccc_numbers.vendors.catalogue.select import promotes
from ccc_numbers.vendors.money import plain
from ccc_numbers.vendors.readings import readings_of

_LABEL = 20
_HEADINGS = (
    *(mark("vendor"), mark("product"), mark("号码类型"), mark("calls"), mark("rent/mo")),
    *(mark("prepaid"), mark("CNY/min"), mark("least"), mark("regions")),
)
_WHOLE = ("vendor", "product", "calls", "rent/mo")
_DIRECTIONS = {"inbound": mark("in"), "outbound": mark("out"), "bidirectional": mark("in, out")}
_LEAST_SHORT = {Scope.ACCOUNT: mark("{amount}/mo per account"), Scope.NUMBER: mark("{amount}/mo per number")}
_LEAST = {
    Scope.ACCOUNT: mark("{amount} a month per account"),
    Scope.NUMBER: mark("{amount} a month per number"),
}
_RENT = {
    "monthly": mark("{month} a month, {year} a year, billed monthly"),
    "yearly": mark("{month} a month, {year} a year, billed yearly"),
}
_CALLEE = {
    "ring-or-answer": mark("{count} a day, counted by ring-or-answer"),
    "answer": mark("{count} a day, counted by answer"),
}


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
    for heading in _HEADINGS:
        table.add_column(tr(heading), no_wrap=heading in _WHOLE)
    for entry in entries:
        rent, least = entry.price.rent, entry.price.minimum_spend
        row = (
            entry.vendor,
            entry.product + (" ★" if promotes(entry, business) else ""),
            entry.name,
            tr(_DIRECTIONS[entry.direction]),
            plain(rent.per_month) if rent else "–",
            _prepaid(entry),
            _rates(entry),
            tr(_LEAST_SHORT[least.scope], amount=plain(least.amount)) if least else "–",
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
        table.add_column(tr("what"), max_width=_LABEL, overflow="fold")
        table.add_column(tr("is"), overflow="fold", ratio=1)
        table.add_column(tr("in the source's words"), style="dim", overflow="fold", ratio=1)
        for what, value, words in _lines(entry):
            if value or words:
                table.add_row(Text(what), Text(value), Text(words))
        console.print(table)
        for name, link in _links(entry):
            console.print(Text(f"{name}  {link}"), soft_wrap=True)
        console.print()
        console.print(Text(tr("Read into the source"), style="bold"))
        console.print(_readings(entry))


def _readings(entry: Entry) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for each in readings_of(entry):
        lines = (
            (tr("the source"), each.words),
            (tr("read as"), tr(each.read)),
            (tr("why"), tr(each.why)),
            (tr("otherwise"), tr(each.otherwise)),
        )
        for name, value in lines:
            table.add_row(Text(name), Text(value))
        table.add_row()
    return table


def _links(entry: Entry) -> list[tuple[str, str]]:
    """What can be opened: the vendor's templates, the page on the product."""
    templates = [(need.name, need.template) for need in entry.materials.required if need.template]
    return [*templates, *([(tr("source"), entry.source.url)] if entry.source.url else [])]


def _lines(entry: Entry) -> list[tuple[str, str, str]]:
    calling, business, price = entry.calling, entry.business, entry.price
    hours, callee, delivery = calling.hours, calling.per_callee, entry.delivery
    days = tr("{least} to {most} working days", least=delivery.working_days.from_, most=delivery.working_days.to) if delivery else ""  # fmt: skip
    rent, as_of = price.rent, entry.as_of
    month, year = (plain(rent.per_month), plain(rent.per_year)) if rent else ("", "")
    return [
        (tr("company"), entry.company or "", ""),
        (tr("calls"), tr(_DIRECTIONS[entry.direction]), entry.words),
        (tr("numbers"), entry.shape, ""),
        (tr("concurrency"), _text(entry.concurrency.calls), entry.concurrency.words),
        (tr("agents per number"), _text(entry.agents.per_number if entry.agents else None), entry.agents.words if entry.agents else ""),
        (tr("regions"), _regions(entry), entry.regions.words),
        (tr("scarce"), "、".join(entry.regions.scarce), ""),
        (tr("delivery"), days, delivery.words if delivery else ""),
        (tr("blind areas"), "、".join(entry.blind_areas.areas), entry.blind_areas.words),
        (tr("hours"), f"{hours.from_:%H:%M}–{hours.to:%H:%M}" if hours else "", hours.words if hours else ""),
        (tr("per callee"), tr(_CALLEE[callee.counts], count=callee.calls) if callee else "", callee.words if callee else ""),
        (tr("calling rules"), tr("there are more") if calling.words else "", calling.words),
        (tr("also"), "；".join(calling.also), ""),
        (tr("forbidden business"), tr("there is more") if business.words else "", business.words),
        *((tr("not for {group}", group=group.group), "、".join(term.word for term in group.terms), group.words) for group in business.forbidden),
        (tr("script never says"), "、".join(word.word for word in business.script), ""),
        (tr("promoted"), "、".join(business.promoted.businesses) if business.promoted else "", business.promoted.words if business.promoted else ""),
        (tr("rent"), tr(_RENT[rent.billed], month=month, year=year) if rent else "", price.words),
        (tr("prepaid"), _prepaid(entry), price.prepaid.words if price.prepaid else ""),
        (tr("CNY per minute"), _rates(entry), ""),
        (tr("minimum spend"), _least(entry), price.minimum_spend.words if price.minimum_spend else ""),
        (tr("payment"), entry.payment.channel or "", entry.payment.words),
        (tr("materials"), "、".join(need.name for need in entry.materials.required), entry.materials.words),
        (tr("source"), tr("{title}（{row}）, as of {day}", title=entry.source.title, row=entry.source.row, day=as_of), entry.source.note),
    ]  # fmt: skip


def _prepaid(entry: Entry) -> str:
    prepaid = entry.price.prepaid
    if prepaid is None:
        return "–"
    packages = listed(map(str, prepaid.packages))
    return (
        tr("{packages} per {period}", packages=packages, period=prepaid.period)
        if prepaid.period
        else packages
    )


def _rates(entry: Entry) -> str:
    prepaid, rates = entry.price.prepaid, entry.price.rates
    by_package = [f"{plain(p.per_minute)} ({p})" for p in prepaid.packages if p.per_minute] if prepaid else []
    ways = [
        tr(way, rate=plain(rate) if rate else tr("free"))
        for way, rate in ((mark("in {rate}"), rates.inbound), (mark("out {rate}"), rates.outbound))
        if rate is not None
    ]
    return listed([*ways, *by_package]) or "–"


def _least(entry: Entry) -> str:
    least = entry.price.minimum_spend
    return tr(_LEAST[least.scope], amount=plain(least.amount)) if least else ""


def _regions(entry: Entry) -> str:
    regions = entry.regions
    supply = {
        "stock": tr("{count} cities in stock", count=len(regions.stock_cities)),
        "on-application": tr("on application"),
        "nationwide": tr("nationwide"),
    }[regions.supply]
    least = regions.minimum_per_region
    return listed([supply, *([tr("{least}+ per region", least=least)] if least else [])])


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
