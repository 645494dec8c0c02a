"""Names that are attacks, in CCC and in the outputs of Pulumi, through everything `ccc-numbers` writes."""

import json
import re
from copy import deepcopy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ccc_numbers.declaration.read import load
from ccc_numbers.fleet.drift.report import Verdict
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.numbers.finding_kinds import FindingKind, Severity
from tests.fleet.drift_world import INSTANCE, Answer, World, live, number
from tests.gitops.stand_in import serving
from tests.messages.hostile import NAMES
from tests.messages.rules import commands, formulas, invisible, live_markdown, text_of_markdown, unescaped

# CCC takes no blank name. Of a skill group it takes letters and digits alone; what it displays may be anything.
USED = tuple(name for name in NAMES if name.strip())
SHORT = tuple(name for name in USED if len(name) < 300)


@pytest.fixture
def hostile(world: World) -> World:
    """Two numbers for each name: their flows have it, the group and the origin of the first as well."""
    world.begin(len(USED))
    here = world.here
    here |= {"name": USED[0], "description": USED[-1]}
    here["contactFlows"] += [{"name": name, "type": "MAIN_FLOW", "published": True} for name in USED]
    here["skillGroups"] += [
        {"name": f"g{index}", "displayName": name, "description": name, "users": 1}
        for index, name in enumerate(USED)
    ]
    for index, (row, name) in enumerate(zip(world.rows, USED, strict=True)):
        row |= {"contactFlow": name, "skillGroups": [f"g{index}"]}
        row |= {"provider": name, "province": name, "city": name}
    here["numbers"] += [live(number(5000 + index), contactFlow=name) for index, name in enumerate(USED)]
    world.declared["instances"][INSTANCE]["skillGroups"] = {
        f"g{index}": {"displayName": "销售组"} for index in range(len(USED))
    }
    world.set()
    return world


def _harmless(answer: Answer) -> None:
    for text in (answer.out, answer.err):
        assert invisible(text) == []
        assert commands(text) == []


def test_the_table_of_drift_shows_names_as_text(hostile: World) -> None:
    answer = hostile.run("drift")
    assert answer.code == 1, answer.err
    _harmless(answer)
    assert "\\x1b]8;;https://evil.example" in answer.out


def test_json_of_drift_has_the_names_themselves(hostile: World) -> None:
    answer = hostile.drift()
    _harmless(answer)
    actual = {each["actual"] for each in answer.report["findings"] if each["kind"] == "wrong-flow"}
    assert set(SHORT) <= actual


def test_markdown_of_drift_is_text_alone(hostile: World) -> None:
    answer = hostile.run("drift", "--output", "markdown")
    assert invisible(answer.out, allowed="\n\u200b") == []
    assert commands(answer.out) == []
    assert live_markdown(answer.out) == []
    assert "@everyone" in text_of_markdown(answer.out)


def test_junit_of_drift_is_xml_with_the_names_in_it(hostile: World) -> None:
    answer = hostile.run("drift", "--output", "junit")
    _harmless(answer)
    messages = [each.get("message", "") for each in ElementTree.fromstring(answer.out).iter("failure")]
    assert any("<script>window.hit = 1</script>" in each for each in messages)


def test_html_of_drift_holds_no_tag_of_a_name(hostile: World) -> None:
    answer = hostile.run("drift", "--output", "html")
    assert invisible(answer.out) == []
    tags = set(re.findall(r"<\s*([a-zA-Z!?/][\w-]*)", answer.out))
    assert not tags & {"img", "svg", "iframe", "base", "form", "math", "link", "textarea", "a", "script"}
    assert "<script>window.hit = 1</script>" in unescaped(answer.out)


def test_metrics_of_drift_are_lines_of_the_format(hostile: World) -> None:
    answer = hostile.run("drift", "--output", "prometheus")
    _harmless(answer)
    found = {
        value
        for family in text_string_to_metric_families(answer.out)
        for sample in family.samples
        for value in sample.labels.values()
    }
    assert found <= {"acme", INSTANCE, *FindingKind, *Severity, *Verdict}
    assert INSTANCE in found


def test_what_ccc_says_in_its_errors_is_text(hostile: World) -> None:
    said: list[str] = []

    def refuses(*_call: object) -> tuple[int, dict[str, object]]:
        return 400, {"Code": f"Parameter.{said[-1]}", "Message": f"{said[-1]}\ud800", "RequestId": said[-1]}

    with serving(refuses) as url:
        hostile.stack("acme", hostile.declared, endpoint=url)
        for name in SHORT[::3]:
            said.append(name)
            for form in ("table", "json"):
                answer = hostile.run("drift", "--output", form)
                assert answer.code == 2
                _harmless(answer)


def test_heal_and_orders_show_names_as_text(hostile: World) -> None:
    answer = hostile.run("heal")
    assert answer.code == 1
    _harmless(answer)
    for form in ("table", "json", "csv"):
        _harmless(hostile.run("orders", "--output", form))


def test_adopted_names_read_back_as_ccc_has_them(hostile: World) -> None:
    for file in (hostile.root / "stacks").iterdir():
        file.unlink()
    hostile.here["numbers"] += [live(number(8000 + index)) for index in range(3)]
    hostile.simulator.put_state(hostile.state)
    words = ("adopt", INSTANCE, "--stack", "acme", "--endpoint", hostile.simulator.url)
    shown = hostile.run(*words, "--dry-run")
    assert shown.code == 0, shown.err
    _harmless(shown)
    answer = hostile.run(*words, "--files-only")
    assert answer.code == 0, answer.err
    _harmless(answer)
    declared = load(Path("stacks/acme.yaml")).declaration
    assert declared is not None
    numbers = declared.instances[INSTANCE].numbers
    left_out = set()
    for index, name in enumerate(USED):
        adopted = numbers.get(number(1 + index))
        if adopted is None:
            left_out.add(name)
        else:
            assert (adopted.flow, adopted.skill_groups) == (name, (f"g{index}",))
    # A declaration takes no such name, and says so.
    assert left_out == {
        name for name in USED if not name.isprintable() or name != name.strip() or len(name) > 128
    }
    assert {kind for kind, _ in hostile.drift().kinds} == {"unmanaged"}


def test_names_in_the_outputs_of_pulumi_are_text(hostile: World, tmp_path: Path) -> None:
    rows = {
        number(index): {
            "status": "bound",
            "usage": name,
            "flow": name,
            "skillGroups": [name],
            "order": name,
            "city": name,
            "province": name,
        }
        for index, name in enumerate(USED)
    }
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"instances": {USED[0]: {"numbers": rows, "unmanaged": list(USED[:9])}}}))
    answer = hostile.run("numbers", "--stack", "acme", "--outputs", str(file))
    assert answer.code == 0, answer.err
    _harmless(answer)
    told = hostile.run("numbers", "--stack", "acme", "--outputs", str(file), "--json")
    _harmless(told)
    assert [row["flow"] for row in json.loads(told.out)["numbers"]] == list(USED)


def test_a_vendors_file_is_quoted_as_text(hostile: World, tmp_path: Path) -> None:
    for name in USED[::5]:
        file = tmp_path / "delivered.csv"
        file.write_text(f'号码\n"{name.replace(chr(34), chr(34) * 2)[:400]}"\n', "utf-8")
        answer = hostile.run("adopt", INSTANCE, "--stack", "acme", "--csv", str(file), "--dry-run")
        assert answer.code == 2
        _harmless(answer)


def test_a_declaration_is_quoted_as_text(hostile: World, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = deepcopy(hostile.declared)
    rows = declared["instances"][INSTANCE]["numbers"]
    for each, name in zip(rows, SHORT, strict=False):
        rows[each] = {"usage": name, "flow": name, name: name}
    hostile.stack("acme", declared)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    for form in ("table", "json", "sarif"):
        answer = hostile.run("check", "--output", form)
        assert answer.code == 2
        _harmless(answer)
    told = hostile.run("check", "--output", "markdown").out
    assert live_markdown(told) == []
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    marked = hostile.run("check", "--output", "json").err
    assert invisible(marked) == []
    ours = re.compile(r"::(error|warning) file=[\w/.%-]+,line=\d+,col=\d+,title=[^,:]*::[^:]")
    assert all(ours.match(line) for line in commands(marked))


def test_an_error_has_no_line_more_than_it_was_given() -> None:
    for name in NAMES:
        text = str(FleetError(f"no flow {name}", f"  {name}"))
        assert text.count("\n") == 1
        assert invisible(text) == []


def test_the_reports_spreadsheet_has_no_formula(hostile: World, tmp_path: Path) -> None:
    answer = hostile.run("report", "--out", str(tmp_path / "report"))
    _harmless(answer)
    text = (tmp_path / "report" / "numbers.csv").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    assert formulas(text) == []
    assert invisible(text) == []
