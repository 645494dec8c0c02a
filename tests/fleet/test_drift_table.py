"""The drift report at a terminal, masked, and chosen by the words of the command line."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ccc_numbers.fleet.drift.findings import Next
from ccc_numbers.fleet.drift.output.forms import DriftForm
from ccc_numbers.fleet.drift.output.table import print_table
from ccc_numbers.fleet.drift.report import Coverage, Ignored, Report, Unseen, masked
from ccc_numbers.fleet.drift.words import managed
from ccc_numbers.messages.masking import mask
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.numbers.finding_kinds import FindingKind
from tests.fleet.drift_reports import finding, report, text
from tests.fleet.drift_world import INSTANCE, NUMBER, World, live, number


def _table(found: Report, width: int = 100) -> str:
    console = Console(file=StringIO(), width=width, highlight=False)
    print_table(console, found)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_table_tells_numbers_with_one_cause_together() -> None:
    findings = [finding(subject=number(index), source=Source("s.yaml", index)) for index in range(1, 41)]
    said = _table(report(*findings))
    assert said.count("wrong-flow") == 1
    assert "wrong-flow × 40" in said
    assert f"{number(1)}, {number(2)}" in said
    assert "and 34 more" in said
    assert "s.yaml:1 and 39 more" in said
    assert "drift: 40 findings: 40 errors" in said


def test_the_table_fits_a_narrow_terminal() -> None:
    said = _table(report(finding(cause="x" * 200)), width=50)
    assert max(len(line) for line in said.splitlines() if line.startswith("  ")) <= 50


def test_a_report_without_findings_is_one_line_of_verdict_and_one_of_scope() -> None:
    assert _table(report()).splitlines() == [
        "clean",
        "3 of 3 numbers managed (100 %) in 1 instance of 1 stack, looked at in 1.2 s",
    ]


def test_a_run_for_some_kinds_does_not_call_everything_clean() -> None:
    assert _table(report(kinds=(FindingKind.MISSING,))).startswith("clean as far as looked for (missing)\n")


def test_coverage_is_never_rounded_up_to_all() -> None:
    assert managed(Coverage("s", "i", 1, 10_000, 9_999, 0)) == "9,999 of 10,000 numbers managed (99.9 %)"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("02180001001", "021****1001"),
        ("13812345678", "138****5678"),
        ("4008001001", "400***1001"),
        ("95518", "95***"),
        ("075566001001", "075*****1001"),
    ],
)
def test_a_masked_number_can_be_told_apart_but_not_called(number: str, shown: str) -> None:
    assert mask(number) == shown


def test_a_masked_report_has_no_number_in_any_form() -> None:
    found = masked(
        report(
            finding(cause=f"like {number(2)} and 95519"),
            finding(subject="95518", actual="95518 is not 95519", next=Next("look", f"ask about {NUMBER}")),
            unseen=(Unseen("acme", INSTANCE, f"{NUMBER} not found", f"{NUMBER} not found"),),
            problems=(
                Problem(
                    "stacks/acme.yaml", 3, 1, f"instances.x.numbers.{NUMBER}.usage", NUMBER, f"{NUMBER}?"
                ),
            ),
            ignored=(Ignored(finding(), "why", "who", None),),
        )
    )
    for form in DriftForm:
        said = text(form, found)
        assert NUMBER not in said, form
        assert number(2) not in said, form
        assert "95518" not in said, form
    assert "021****1001" in text(DriftForm.TABLE, found)
    assert "stacks/acme.yaml:12" in text(DriftForm.TABLE, found)


def test_several_forms_come_from_one_look(world: World) -> None:
    world.rows.append(live(number(9)))
    world.set()
    world.simulator.reset()
    answer = world.run(
        "drift", "-o", "table", "-o", "json=a.json", "-o", "html=a.html", "--metrics", "a.prom", "--mask"
    )
    assert answer.code == 1
    assert world.simulator.calls()["ListPhoneNumbers"]["ok"] == 1
    assert "unmanaged" in answer.out
    assert json.loads(Path("a.json").read_text("utf-8"))["byKind"] == {"unmanaged": 1}
    for file in ("a.json", "a.html", "a.prom"):
        assert number(9) not in Path(file).read_text("utf-8")


def test_only_and_skip_choose_and_fail_on_decides(world: World) -> None:
    world.rows.append(live(number(9)))
    world.rows[0]["usage"] = "Inbound"
    world.set()
    assert world.drift("--only", "unmanaged,missing").kinds == [("unmanaged", number(9))]
    assert world.drift("--skip", "unmanaged", "--skip", "missing").kinds == [("wrong-usage", NUMBER)]
    assert world.drift("--only", "unmanaged", "--fail-on", "error").code == 0
    assert world.drift("--fail-on", "error").code == 1
    assert world.drift("--fail-on", "never").code == 0


def test_nothing_is_written_to_ccc(world: World) -> None:
    world.rows[0]["usage"] = "Inbound"
    world.set()
    before = world.simulator.state()
    world.simulator.reset()
    world.drift()
    assert world.simulator.state() == before
    assert {action for action in world.simulator.calls() if not action.startswith(("List", "Get"))} == set()


def test_hints_can_be_pasted_in_the_shell_the_reader_is_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.rows[0]["contactFlow"] = "夜间流程"
    world.set()
    assert "next        ccc-numbers heal acme --yes" in world.run("drift").out
    monkeypatch.setenv("CCC_NUMBERS_RUN", "tools/run")
    assert "next        tools/run ccc-numbers heal acme --yes" in world.run("drift").out
    assert "  tools/run pulumi up --refresh --yes --stack acme\n" in world.run("heal").out
    assert world.drift().the("wrong-flow")["next"]["command"] == "ccc-numbers heal acme --yes"
    assert world.run("apply", "--plan", "nowhere").err == 'ccc-numbers: there is no folder "nowhere"\n'
    Path("plans").mkdir()
    assert (
        "make one with: tools/run ccc-numbers plan --save plans" in world.run("apply", "--plan", "plans").err
    )
