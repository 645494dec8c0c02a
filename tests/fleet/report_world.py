"""A small fleet in which everything a report can tell has happened, and one of ten thousand numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

from ccc_numbers.fleet.report.build import ReportOptions, build
from ccc_numbers.fleet.report.model import Part, Site, StackPart
from ccc_numbers.fleet.report.number_rows import Binding, NumberRow, State
from ccc_numbers.fleet.report.render import pages
from tests.support.simulator import Simulator, start_simulator

TODAY = date(2026, 10, 15)
NAMES = ("acme", "globex", "initech")

_FLOWS = [
    {"name": "主流程", "type": "MAIN_FLOW", "published": True},
    {"name": "夜间流程", "type": "MAIN_FLOW", "published": True},
]
_GROUPS = [
    {"name": "sales", "displayName": "销售组", "mediaType": "AUDIO", "users": 3},
    {"name": "support", "displayName": "售后组", "mediaType": "AUDIO", "users": 2},
]


def _bound(number: str, **differs: object) -> dict[str, object]:
    return {
        "number": number,
        "usage": "Bidirectional",
        "contactFlow": "主流程",
        "skillGroups": ["sales"],
        "provider": "A",
        "city": "上海",
        **differs,
    }


SEED = {
    "instances": {
        "acme-support": {
            "contactFlows": _FLOWS,
            "skillGroups": _GROUPS,
            "numbers": [
                _bound("02180001001"),
                _bound("02180001002", contactFlow="夜间流程"),
                _bound("02180001003", contactFlow=None),
                _bound("02180001004", skillGroups=["sales", "support"]),
                _bound("02180001007", provider="B"),
                _bound("02180009999"),
            ],
        },
        "globex-hotline": {
            "contactFlows": _FLOWS,
            "skillGroups": _GROUPS,
            "numbers": [_bound("4008001001", usage="Inbound", skillGroups=[], city=None)],
        },
        "initech-dialer": {"status": "STOPPED"},
    },
    "unassigned": [{"number": "02180001005", "city": "上海", "provider": "A"}],
}

_ACME = """\
instances:
  acme-support:
    defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales], order: youyin-上海}
    numbers:
      "02180001001": {}
      "02180001002": {}
      "02180001003": {}
      "02180001004": {}
      "02180001005": {}
      "02180001006": {}
      "02180001007": {}
orders:
  youyin-上海: {vendor: A, product: landline-aftersales, stage: imported, quantity: 9, regions: [上海],
    purchased: 2025-10-28, term: 1y, prepaid: 3000, scene: 售后回访}
  sip-ended: {vendor: B, product: sip-marketing, stage: imported, quantity: 2, purchased: 2025-06-01, term: 1y}
  mobile-next: {vendor: A, product: mobile, stage: submitted, since: 2026-07-01, quantity: 3, purchased: 2026-06-20,
    term: 2y, expectedMinutes: 9000}
"""

_GLOBEX = """\
instances:
  globex-hotline:
    numbers:
      "4008001001": {usage: inbound, flow: 主流程, order: globex-400}
orders:
  globex-400: {vendor: A, product: "400", stage: imported, quantity: 1, purchased: 2026-03-01, term: 3y,
    prepaid: 5000}
"""

_INITECH = """\
instances:
  initech-dialer:
    defaults: {usage: outbound, skillGroups: [sales]}
    numbers:
      "01060001001": {}
      "01060001002": {}
"""


@dataclass(frozen=True)
class World:
    """The project's folder and the simulator behind its stacks: acme differs, globex does not, initech is closed."""

    root: Path
    simulator: Simulator


def write_project(root: Path, endpoint: str) -> None:
    """The files of the stacks acme, globex and initech."""
    (root / "stacks").mkdir()
    (root / "Pulumi.yaml").write_text("name: 客户电话\nruntime: python\n", "utf-8")
    for name, text, where in (
        ("acme", _ACME, endpoint),
        ("globex", _GLOBEX, endpoint),
        ("initech", _INITECH, endpoint),
    ):
        config = f"config:\n  ccc:region: cn-shanghai\n  ccc:endpoint: {where}\n"
        (root / "stacks" / f"Pulumi.{name}.yaml").write_text(config, "utf-8")
        (root / "stacks" / f"{name}.yaml").write_text(dedent(text), "utf-8")


@contextmanager
def world(root: Path) -> Iterator[World]:
    """The fleet for the length of a block."""
    with start_simulator(SEED) as simulator:
        write_project(root, simulator.url)
        yield World(root, simulator)


def site_of(fleet: World, *names: str, **wanted: object) -> Site:
    """The report on these stacks, on all without."""
    return build(fleet.root, names or NAMES, ReportOptions(**wanted), TODAY)  # type: ignore[arg-type]


def text_of(site: Site, path: str) -> str:
    """One of its files."""
    return next(page.text for page in pages(site) if page.path == path)


def large_site(numbers: int = 10_000, stacks: int = 40) -> Site:
    """A fleet of many numbers, made without files or network."""
    rows = tuple(_row(index, stacks) for index in range(numbers))
    names = sorted({row.stack for row in rows})
    fleet = Part(rows, (), (), (), (), ())
    parts = tuple(
        StackPart(name, f"stacks/{name}.yaml", "embedded", Part((), (), (), (), (), ())) for name in names
    )
    return Site(
        title="云呼叫中心",
        version="0.1.0",
        made_at=datetime(2026, 10, 15, 8, 30, tzinfo=UTC),
        seconds=2.5,
        today=TODAY,
        masked=False,
        lapsing_days=30,
        fleet=fleet,
        stacks=parts,
    )


_CITIES = ("上海", "北京", "广州", "深圳", "成都", "杭州")


def _row(index: int, stacks: int) -> NumberRow:
    declared = Binding("bidirectional", "主流程", "sales")
    dead, differs = index % 97 == 0, index % 31 == 0
    return NumberRow(
        number=f"021{index:08d}",
        stack=f"customer-{index % stacks:02d}",
        instance=f"客服中心-{index % (2 * stacks):02d}",
        state=State.DEAD if dead else State.DIFFERS if differs else State.AS_DECLARED,
        declared=declared,
        live=Binding("bidirectional", "" if dead else "夜间流程" if differs else "主流程", "sales"),
        place=_CITIES[index % len(_CITIES)],
        order=f"youyin-2026-{index % 12:02d}",
        vendor="A" if index % 3 else "B",
        cost=Decimal(index % 5000) / 100,
        kinds=("dead-inbound",) if dead else ("wrong-flow",) if differs else (),
    )
