"""Every file of the report as text: pages, scripts, numbers as CSV. Layout only: `build` decides the content."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from ccc_numbers.fleet.drift.report import by_reason
from ccc_numbers.fleet.drift.words import by_severity, not_seen, percent
from ccc_numbers.fleet.report.call_chart import MOST_ROWS, PARTS, CallsPart, calls_csv
from ccc_numbers.fleet.report.charts import ends_by_month, timeline
from ccc_numbers.fleet.report.due_rows import forecast
from ccc_numbers.fleet.report.model import Part, Site, Spend, Status, spend
from ccc_numbers.fleet.report.number_rows import Binding, NumberRow, State
from ccc_numbers.fleet.report.order_rows import OrderRow
from ccc_numbers.fleet.report.page_findings import PageFinding
from ccc_numbers.messages.html import environment, prose, script_data, tr_html, zh
from ccc_numbers.messages.language import is_english, mark, tr, trn
from ccc_numbers.messages.names import listed, others, some
from ccc_numbers.messages.spreadsheet import csv_text
from ccc_numbers.messages.visible import cut, visible
from ccc_numbers.numbers.finding_kinds import Severity
from ccc_numbers.vendors.dues import DueKind
from ccc_numbers.vendors.money import yuan
from ccc_numbers.vendors.orders import Ending, Stage

_ASSETS = ("report.css", "theme.js", "search.js", "numbers.js", "pages.js")
_OF_SCRIPTS = (
    *(mark("Light"), mark("Dark"), mark("Switch between light and dark"), mark("what to do"), mark("none")),
    *(mark("1 number"), mark("{count} numbers"), mark("1 finding"), mark("{count} findings")),
    *(mark("Page {page} of {pages}"), mark("{found} of {count}"), mark("{found} found among {count}")),
    *(mark("No numbers match."), mark("No numbers are declared."), mark("{first}–{last} of {count}")),
    mark("The first {first} of {count}; all of them are in numbers.csv."),
    *(
        mark("agent {agent}"),
        mark("declared {value}"),
        mark("vendor {vendor}"),
        mark("no order, vendor {vendor}"),
    ),
    *(mark("Place"), mark("¥ a month"), mark("Where"), mark("Instance"), mark("Usage"), mark("Flow")),
    *(mark("Skill groups"), mark("Order"), mark("State"), *State),
)
"""The words that the scripts put on a page."""
_STAGES = (mark("intended"), mark("paid"), mark("submitted"), mark("opened"), mark("imported"))
_ENDING_NEXT = 6
_NOTHING = Binding()
_LONGEST = 120
_HEADINGS = (
    *("number", "stack", "instance", "state", "findings", "place"),
    # not translated: programs read them
    *("usage", "usage in CCC", "flow", "flow in CCC", "skill groups", "skill groups in CCC"),
    *("agent", "order", "vendor", "CNY a month"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the report; `path` is from its folder, with slashes."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """All findings of one kind."""

    kind: str
    severity: Severity
    means: str
    count: int
    stacks: int


def pages(site: Site) -> Iterator[Page]:
    """Every file of the report."""
    templates = page_environment()
    fleet = site.fleet

    def page(path: str, template: str, part: Part, root: str = "", **more: object) -> Page:
        said = {"site": site, "path": path, "part": part, "root": root, "Ending": Ending, "DueKind": DueKind}
        vendors = _spends(part.orders, lambda row: (row.order.vendor, row.company))
        said |= {"kinds": _by_kind(part.findings), "vendors": vendors, **more}
        return Page(path, templates.get_template(template).render(said) + "\n")

    yield page(
        "index.html",
        "index.html.j2",
        fleet,
        columns=ends_by_month(fleet.orders, site.today),
        ending=fleet.ended(Ending.LAPSED, Ending.LAPSING, Ending.RUNNING)[:_ENDING_NEXT],
    )
    yield page("numbers.html", "numbers.html.j2", fleet, data=numbers_json(fleet.numbers))
    yield page("findings.html", "findings.html.j2", fleet)
    if site.traffic is not None:
        calls = CallsPart.of(site.traffic)
        yield page("calls.html", "calls.html.j2", fleet, calls=calls)
        yield Page("calls.csv", calls_csv(calls.numbers))
    yield page(
        "orders.html",
        "orders.html.j2",
        fleet,
        timeline=timeline(fleet.orders, site.today, with_stack=True),
        stages=_by_stage(fleet.orders),
        forecast=forecast(fleet.orders),
        products=_spends(fleet.orders, lambda row: (f"{row.order.vendor} {row.order.product}", row.name)),
        stacks=_spends(fleet.orders, lambda row: (row.stack, "")),
        accounts=_spends(fleet.orders, lambda row: (row.account, "")),
    )
    for stack in site.stacks:
        yield page(
            f"stacks/{stack.name}.html",
            "stack.html.j2",
            stack.part,
            root="../",
            stack=stack,
            timeline=timeline(stack.part.orders, site.today, with_stack=False),
            forecast=forecast(stack.part.orders),
            data=numbers_json(stack.part.numbers),
        )
    yield Page("numbers.csv", numbers_csv(fleet.numbers))
    for name in _ASSETS:
        yield Page(f"assets/{name}", asset(name))


def asset(name: str) -> str:
    """The text of a style sheet or script."""
    return resources.files("ccc_numbers.fleet.report").joinpath("assets", name).read_text("utf-8")


def page_environment() -> Environment:
    """Jinja with what every page uses."""
    pages = environment("ccc_numbers.fleet.report")
    pages.filters |= {
        "zh": zh,
        "prose": prose,
        "yuan": yuan,
        "round_yuan": round_yuan,
        "path": quote,
        "slug": slug,
        "thousands": lambda count: f"{count:,}",
        "by_reason": by_reason,
        "some": some,
        "others": others,
        "by_severity": by_severity,
        "word": lambda word: tr(str(word)),
        "words": lambda word: f"{word}s" if is_english() and word != "info" else tr(str(word)),
    }
    pages.globals |= {
        "headline": headline,
        "scope": scope,
        "_": tr,
        "_n": trn,
        "_html": tr_html,
        "lang": "en" if is_english() else "zh-Hans",
        "gap": " " if is_english() else "",  # between two sentences
        "words": script_data({} if is_english() else {each: tr(each) for each in _OF_SCRIPTS}),
    }
    pages.globals |= {"call_parts": PARTS, "most_call_rows": MOST_ROWS}
    return pages


def round_yuan(value: Decimal) -> str:
    """`¥12,346`: for sums one looks at; tables show the fen."""
    return f"¥{value:,.0f}"


def slug(text: str) -> str:
    """An id for use in links: everything but letters, digits, dots and dashes becomes an underscore."""
    return re.sub(r"[^\w.-]", "_", text)


def _by_kind(findings: Sequence[PageFinding]) -> list[KindRow]:
    """The gravest kinds first, then those with most findings."""
    counted: Counter[tuple[str, Severity, str]] = Counter()
    stacks: dict[tuple[str, Severity, str], set[str]] = {}
    for each in findings:
        key = (each.kind, each.severity, each.means)
        counted[key] += each.count
        stacks.setdefault(key, set()).add(each.stack)
    rows = [KindRow(*key, count, len(stacks[key])) for key, count in counted.items()]
    return sorted(rows, key=lambda row: (-row.severity.rank, -row.count, row.kind))


def _by_stage(orders: Sequence[OrderRow]) -> list[tuple[Stage, int, int]]:
    """Stage, orders, numbers bought; every stage, those whose term is over left out."""
    alive = [row.order for row in orders if row.ending is not Ending.LAPSED]
    found = [(stage, [order for order in alive if order.stage is stage]) for stage in Stage]
    return [(stage, len(members), sum(order.quantity for order in members)) for stage, members in found]


def _spends(orders: Sequence[OrderRow], key: Callable[[OrderRow], tuple[str, str]]) -> list[Spend]:
    """Most expensive first; those that cost nothing are left out. Simulated orders are by themselves."""
    groups: dict[tuple[str, str], list[OrderRow]] = {}
    for order in orders:
        label, detail = key(order)
        simulated = [tr("simulated")] if order.simulated else []
        groups.setdefault((label, listed(filter(None, [detail, *simulated]))), []).append(order)
    found = [spend(label, detail, members) for (label, detail), members in groups.items()]
    return sorted(
        (each for each in found if each.orders or each.due), key=lambda each: (-each.monthly, each.label)
    )


def headline(part: Part) -> str:
    """The outcome in one line, beginning with what could not be read."""
    found = by_severity(part.severities) or tr("nothing found")
    if part.status is Status.INCOMPLETE:
        files = len({each.where for each in part.blind if each.in_file})
        places = len({each.where for each in part.blind if not each.in_file})
        blind = not_seen(places, files, of_stacks=True) or tr("not everything was read")
        return tr("Incomplete: {blind}. Of the rest: {found}.", blind=blind, found=found)
    if part.status is Status.NOT_ASKED:
        return tr("Only what is declared: CCC was not asked. In the files: {found}.", found=found)
    if part.status is Status.AS_DECLARED:
        if not part.findings:
            return tr("Everything is as declared.")
        return tr("As declared; {found}.", found=found)
    return tr("{sentence}.", sentence=f"{found[0].upper()}{found[1:]}")


def scope(part: Part) -> str:
    """How much was looked at: `598 of 600 numbers in CCC are declared, 12 of 13 instances read`."""
    read = len(part.instances) - part.unread
    if part.live is None:
        return trn(
            "{count:,} number declared for {instances}",
            "{count:,} numbers declared for {instances}",
            part.declared,
            instances=trn("{count:,} instance", "{count:,} instances", len(part.instances)),
        )
    said = trn(
        "{managed:,} of {count:,} number in CCC declared ({share})",
        "{managed:,} of {count:,} numbers in CCC declared ({share})",
        part.live,
        managed=part.managed,
        share=percent(part.managed, part.live) if part.live else tr("none there"),
    )
    if part.absent:
        said = trn(
            "{said}, {count:,} declared number is not there",
            "{said}, {count:,} declared numbers are not there",
            part.absent,
            said=said,
        )
    if part.unread:
        instances = trn(
            "{read} of {count:,} instance read",
            "{read} of {count:,} instances read",
            len(part.instances),
            read=read,
        )
    else:
        instances = trn("{count:,} instance read", "{count:,} instances read", read)
    return tr("{said}, {instances}", said=said, instances=instances)


def numbers_json(rows: Sequence[NumberRow]) -> Markup:
    """`{"count": 2, "number": […], "stack": {"names": […], "at": [0, 0]}, …}`: one list per column.

    Words that repeat stand once in `names`; `at` has their places there. Ready to stand inside a `<script>` element.
    """
    document: dict[str, object] = {
        "count": len(rows),
        "number": [row.number for row in rows],
        "fen": [None if row.cost is None else int(row.cost * 100) for row in rows],
        "sides": [(row.declared is not None) + 2 * (row.live is not None) for row in rows],
        "kinds": _interned(" ".join(row.kinds) for row in rows),
    }
    for name in ("stack", "instance", "state", "place", "agent", "order", "vendor"):
        document[name] = _interned(str(getattr(row, name)) for row in rows)
    for side in ("declared", "live"):
        for name in ("usage", "flow", "groups"):
            words = (str(getattr(getattr(row, side) or _NOTHING, name)) for row in rows)
            document[f"{side}_{name}"] = _interned(words)
    return script_data(document)


def numbers_csv(rows: Iterable[NumberRow]) -> str:
    """One line per number, with a byte order mark, and no zero that a spreadsheet would eat: it takes the file as it is."""
    return "\ufeff" + csv_text([_HEADINGS, *map(_cells, rows)], line_end="\r\n", keep_digits=True)


def _interned(words: Iterable[str]) -> dict[str, list[str] | list[int]]:
    places: dict[str, int] = {}
    at = [places.setdefault(visible(cut(word, _LONGEST)), len(places)) for word in words]
    return {"names": list(places), "at": at}


def _cells(row: NumberRow) -> tuple[str, ...]:
    declared, live = row.declared or _NOTHING, row.live or _NOTHING
    return (
        *(row.number, row.stack, row.instance, str(row.state), " ".join(row.kinds), row.place),
        *(declared.usage, live.usage, declared.flow, live.flow, declared.groups, live.groups),
        *(row.agent, row.order, row.vendor, "" if row.cost is None else str(row.cost)),
    )
