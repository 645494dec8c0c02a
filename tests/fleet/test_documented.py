"""What the pages about the fleet's commands tell people to type, typed, against a simulated CCC."""

import csv
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.gitops.fleet import Fleet, edit_in_the_console
from tests.gitops.team import staffed
from tests.support import worlds
from tests.support.documented import ROOT, Typist, blocks
from tests.support.simulator import Simulator, start_simulator
from tests.vendors.papers import papers

A1, A2, A3, B1 = worlds.numbers(4)
ORDER = (ROOT / "docs/examples/vendors/stacks/landline-aftersales.yaml").read_text("utf-8")


class Company:
    """Three customers' stacks as they are brought up, and the call centre of a fourth that nobody declares yet."""

    def __init__(self, folder: Path, ccc: Simulator) -> None:
        keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "simulator", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "simulator"}
        self.fleet, self.ccc = Fleet.new(folder, **keys), ccc
        self.typist = Typist(self.fleet.folder, self.fleet.environment, folder / "notes")
        self.then: dict[str, Callable[[], None]] = {}

    def types(self, page: str) -> list[str]:
        """Every block of the page, after what the page says has happened; what each of them printed."""
        said = []
        for block in blocks(ROOT / "docs" / page):
            if block.then:
                self.then[block.then]()
            if not block.not_run:
                said.append(self.typist.types(block))
        return said

    def orders(self) -> None:
        """An order of A with its two numbers, in the stack acme."""
        self.fleet.write(
            "stacks/Pulumi.acme.yaml", {"config": {"ccc:region": "cn-shanghai", "ccc:endpoint": self.ccc.url}}
        )
        (self.fleet.folder / "stacks/acme.yaml").write_text(ORDER, "utf-8")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    bound = {"acme": [worlds.bound(A1), worlds.bound(A2)], "beta": [], "globex": [worlds.bound(B1)]}
    with start_simulator(
        {"instances": {name: staffed(worlds.instance(rows)) for name, rows in bound.items()}}
    ) as ccc:
        yield Company(tmp_path, ccc)


def test_the_drift_page_works(company: Company) -> None:
    company.fleet.stack("acme", company.ccc.url, {A1: {}, A2: {}})
    company.fleet.stack("beta", company.ccc.url, {})
    company.then["somebody has bound a number of acme to another flow"] = lambda: edit_in_the_console(
        company.ccc, "acme", A1, flow="夜间流程"
    )
    company.fleet.pulumi("stack", "init", "acme")
    assert company.fleet.pulumi("up", "--stack", "acme", "--yes", "--skip-preview").returncode == 0
    said = company.types("drift.md")
    assert "2 of 2 numbers managed" in said[0]
    assert "flow" in said[1]
    assert company.ccc.numbers("acme")[A1]["contactFlow"] == "主流程"


def test_the_report_page_works(company: Company) -> None:
    company.fleet.stack("acme", company.ccc.url, {A1: {}, A2: {}})
    company.fleet.stack("globex", company.ccc.url, {B1: {}})
    company.types("report.md")
    assert (company.fleet.folder / "public" / "index.html").is_file()


def test_the_vendors_page_works(company: Company) -> None:
    company.orders()
    file = company.fleet.folder / "stacks/acme.yaml"
    named = {key: path.relative_to(file.parent).as_posix() for key, path in papers(file.parent).items()}

    def hand_in() -> None:
        declared = yaml.safe_load(file.read_text("utf-8"))
        declared["orders"]["youyin-2026-08"]["materials"] = named
        file.write_text(yaml.safe_dump(declared, allow_unicode=True), "utf-8")

    company.then["the four papers are in stacks/materials"] = hand_in
    company.ccc.put_state(
        {
            "instances": {
                "acme-support": worlds.instance([worlds.bound("02180001001"), worlds.bound("051080001002")])
            },
        }
    )
    company.types("vendors.md")
    assert (company.fleet.folder / "requests" / "youyin-2026-08.zip").is_file()


def test_the_page_about_adopting_works(company: Company) -> None:
    bound = {
        "acme-support": [worlds.bound(A1), worlds.bound(A2)],
        "acme-billing": [worlds.bound(A3, flow="夜间流程")],
    }
    company.ccc.put_state({"instances": {name: worlds.instance(rows) for name, rows in bound.items()}})
    settings = {"config": {"ccc:region": "cn-shanghai", "ccc:endpoint": company.ccc.url}}
    company.fleet.write("stacks/Pulumi.acme.yaml", settings)
    file = company.fleet.folder / "stacks/acme.yaml"

    def order_a_third() -> None:
        more = {
            "vendor": "A",
            "product": "landline-aftersales",
            "stage": "imported",
            "quantity": 3,
            "term": "1y",
        }
        text = yaml.safe_dump(
            {"orders": {"youyin-2026-08": more | {"regions": ["上海"], "prepaid": 3000}}}, allow_unicode=True
        )
        file.write_text(f"{file.read_text('utf-8')}{text}", "utf-8")
        (company.fleet.folder / "优音.csv").write_text(f"号码\n{A1}\n{A2}\n", "utf-8")

    company.then["stacks/acme.yaml declares the order, and 优音.csv has its numbers"] = order_a_third
    company.types("adopt.md")
    assert list(yaml.safe_load(file.read_text("utf-8"))["instances"]["acme-support"]["numbers"]) == [A1, A2]
    assert not any(action.startswith(("Add", "Remove", "Modify")) for action in company.ccc.calls())


@pytest.mark.parametrize("page", ["lines.md", "lines.zh-CN.md"])
def test_the_pages_about_lines_work(page: str, tmp_path: Path) -> None:
    example = "docs/examples/lines"
    shutil.copytree(ROOT / example, tmp_path / example, ignore=shutil.ignore_patterns(".*"))
    program = {"PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}", "CCC_NUMBERS_RUN": ""}
    typist = Typist(tmp_path, os.environ | program, tmp_path / "notes")
    said = [typist.types(block) for block in blocks(ROOT / "docs" / page)]
    shown = (ROOT / "docs" / page).read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    assert without_seconds(shown) == without_seconds(said[0])
    assert "4008001001" in said[1]
    assert "02180001002" not in said[1], "it was never on the holiday's flow"
    public = tmp_path / example / "public"
    text = (public / "numbers.csv").read_text("utf-8-sig")
    states = {row[0][2:-1]: set(row) for row in csv.reader(text.splitlines())}
    assert "accepted" in states["02180001003"]
    assert all("to look at" in states[number] for number in ("02180001004", "02066001002"))
    assert "¥285" in (public / "index.html").read_text("utf-8"), "what the silent line costs a month"


def without_seconds(text: str) -> list[str]:
    """The lines, but for how long looking took."""
    return [re.sub(r"\d+\.\d (s|秒)$", "", line.rstrip()) for line in text.rstrip().splitlines()]
