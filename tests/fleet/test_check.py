"""`ccc-numbers check`: all stack files together, every finding once, in every form."""

import json
from pathlib import Path

import pytest

from tests.fleet.fleet_files import Fleet, numbers, order


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fleet:
    """An empty project; not in a GitHub workflow."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: ccc-numbers\n")
    return Fleet(tmp_path, capsys)


def lines(text: str) -> list[str]:
    """The findings among what was printed."""
    return [line for line in text.splitlines() if line.startswith("stacks/")]


def test_files_that_are_right_are_counted_and_end_with_zero(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518", "95519"))
    fleet.stack("beta", numbers("beta", "95520"))
    run = fleet.run("check")
    assert (run.code, run.err, lines(run.out)) == (0, "", [])
    assert [row.split() for row in run.out.splitlines()[1:3]] == [
        ["acme", "1", "2", "0", "0", "0"],
        ["beta", "1", "1", "0", "0", "0"],
    ]
    assert run.out.endswith("2 stacks: nothing wrong\n")


def test_findings_of_all_stacks_come_at_once_and_end_with_two(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "2180001001"))
    fleet.stack("beta", numbers("beta", "95520").replace("inbound", "in"))
    run = fleet.run("check")
    assert run.code == 2
    assert lines(run.out) == [
        "stacks/acme.yaml:4:7: instances.acme.numbers.2180001001: has lost its leading zero; write 02180001001",
        'stacks/beta.yaml:4:24: instances.beta.numbers.95520.usage: "in" is not a usage; did you mean "inbound"?',
    ]
    assert run.out.endswith("2 stacks: 2 errors\n")


def test_a_number_in_two_stacks_is_reported_with_both_places(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518"))
    fleet.stack("beta", numbers("beta", "95518"))
    (line,) = lines(fleet.run("check").out)
    assert line.startswith("stacks/beta.yaml:4:7: instances.beta.numbers.95518: is declared by stack")
    assert '"acme" as well, at stacks/acme.yaml:4:7;' in line


def test_an_instance_in_two_stacks_is_reported_with_both_places(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("hotline", "95518"))
    fleet.stack("beta", numbers("hotline", "95519"))
    assert lines(fleet.run("check").out) == [
        'stacks/beta.yaml:2:3: instances.hotline: is declared by stack "acme" as well, at stacks/acme.yaml:2:3; '
        "each keeps a roster of its own and would report the other's numbers as unmanaged"
    ]


def test_an_order_key_in_two_stacks_is_reported_with_both_places(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "4008001001", order="o-1") + order("o-1"))
    fleet.stack("beta", numbers("beta", "4008001002", order="o-1") + order("o-1"))
    assert lines(fleet.run("check").out) == [
        'stacks/beta.yaml:6:3: orders.o-1: is declared by stack "acme" as well, at stacks/acme.yaml:6:3; '
        "an order key names one purchase in the whole fleet"
    ]


def test_one_purchase_booked_by_two_stacks_and_overused_is_reported(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "4008001001", "4008001002", order="o-1") + order("o-1", 3, "77"))
    fleet.stack("beta", numbers("beta", "4008001003", "4008001004", order="o-2") + order("o-2", 3, "77"))
    assert lines(fleet.run("check").out) == [
        'stacks/beta.yaml:7:63: orders.o-2.quantity: "3" numbers were bought with marketplace order 77, but 4 are '
        "declared on it in all (2 by acme, 2 by beta): 1 too many",
        'stacks/beta.yaml:7:90: orders.o-2.orderId: "77" is the marketplace order of o-1 in stack "acme" as well, '
        "at stacks/acme.yaml:7:90; a purchase is booked once",
    ]


def test_an_order_used_beyond_what_was_bought_is_reported_within_one_stack_too(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "4008001001", "4008001002", order="o-1") + order("o-1"))
    (line,) = lines(fleet.run("check").out)
    assert line.startswith('stacks/acme.yaml:7:63: orders.o-1.quantity: "1" numbers were bought')


def test_stacks_on_different_endpoints_do_not_clash(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518"))
    fleet.stack("demo", numbers("acme", "95518"), "ccc:endpoint: embedded")
    assert fleet.run("check").code == 0


@pytest.mark.parametrize(
    ("one", "other", "environment"),
    [
        ("ccc:endpoint: http://127.0.0.1:8080", "ccc:endpoint: 127.0.0.1:8080", {}),
        ("ccc:endpoint: localhost:8080", "ccc:endpoint: 127.0.0.1:8080", {}),
        ("ccc:endpoint: ccc.cn-shanghai.aliyuncs.com:443", "ccc:region: cn-shanghai", {}),
        (
            "ccc:endpoint: 127.0.0.1:8080",
            "ccc:region: cn-shanghai",
            {"CCC_ENDPOINT": "http://127.0.0.1:8080"},
        ),
        ("ccc:endpoint: 127.0.0.1:8080", "{ccc:endpoint: 127.0.0.1:8080, ccc:batchSize: many}", {}),
        ("ccc:region: cn-shanghai", "ccc:region: cn-shangai", {}),
        (
            "{ccc:endpoint: embedded, ccc:simulatorSeed: seeds/a.yaml}",
            "{ccc:endpoint: embedded, ccc:simulatorSeed: seeds/b.yaml}",
            {"CCC_SIMULATOR_STATE": "one.sqlite3"},
        ),
        (
            "{ccc:endpoint: embedded, ccc:simulatorSeed: seeds/a.yaml}",
            "{ccc:endpoint: embedded, ccc:simulatorState: .simulator/a.sqlite3}",
            {},
        ),
    ],
)
def test_two_spellings_of_one_account_are_one_world(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, one: str, other: str, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    fleet.stack("acme", numbers("acme", "95518"), one)
    fleet.stack("beta", numbers("beta", "95518"), other)
    assert '95518: is declared by stack "acme" as well' in fleet.run("check").out


def test_each_embedded_simulator_is_a_world_of_its_own(fleet: Fleet) -> None:
    for name in ("acme", "beta"):
        config = f"{{ccc:endpoint: embedded, ccc:simulatorState: {name}/state.sqlite3}}"
        fleet.stack(name, numbers("acme", "95518"), config)
    assert fleet.run("check").code == 0


def test_a_stack_asked_for_alone_is_still_held_against_the_others(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518"))
    fleet.stack("beta", numbers("beta", "95518"))
    fleet.stack("gamma", numbers("gamma", "021"))
    run = fleet.run("check", "acme")
    assert run.code == 2
    assert [line.split(":")[0] for line in lines(run.out)] == ["stacks/beta.yaml"]
    assert run.out.endswith("1 stack: 1 error\n")


def test_warnings_alone_end_with_zero(fleet: Fleet) -> None:
    ended = order("o-1").replace("prepaid", "purchased: 2019-01-01, term: 3y, prepaid")
    fleet.stack("acme", numbers("acme", "4008001001", order="o-1") + ended)
    run = fleet.run("check")
    assert run.code == 0
    assert "(warning)" in lines(run.out)[0]
    assert run.out.endswith("1 stack: 1 warning\n")


def test_json_holds_everything(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518").replace("inbound", "in"))
    run = fleet.run("check", "--output", "json")
    assert run.code == 2
    assert json.loads(run.out) == {
        "version": 1,
        "errors": 1,
        "warnings": 0,
        "stacks": [
            {
                "stack": "acme",
                "file": "stacks/acme.yaml",
                "instances": 1,
                "numbers": 0,
                "orders": 0,
                "errors": 1,
                "warnings": 0,
            }
        ],
        "problems": [
            {
                "file": "stacks/acme.yaml",
                "line": 4,
                "column": 24,
                "path": "instances.acme.numbers.95518.usage",
                "value": "in",
                "message": 'is not a usage; did you mean "inbound"?',
                "rule": "value",
                "severity": "error",
                "count": 1,
            }
        ],
    }


def test_markdown_is_a_table_that_values_cannot_break(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518").replace("inbound", '"a|b<c"'))
    assert fleet.run("check", "--output", "markdown").out == (
        "**ccc-numbers check**: 1 stack, 1 error\n\n"
        "| where | what |\n|---|---|\n"
        '| stacks/acme.yaml:4:24 | instances.acme.numbers.95518.usage: "a\\|b&lt;c" is not a usage; '
        "one of: inbound, outbound, bidirectional |\n"
    )


def test_sarif_names_rule_place_and_level(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518").replace("inbound", "in"))
    log = json.loads(fleet.run("check", "--output", "sarif").out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["value"]
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("value", 0, "error")
    assert result["message"]["text"].startswith('instances.acme.numbers.95518.usage: "in"')
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "stacks/acme.yaml"},
        "region": {"startLine": 4, "startColumn": 24},
    }


def test_a_github_workflow_gets_annotations_beside_any_output(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    fleet.stack("acme", numbers("acme", "95518").replace("inbound", "100%"))
    run = fleet.run("check", "--output", "json")
    assert json.loads(run.out)["errors"] == 1
    assert run.err == (
        "::error file=stacks/acme.yaml,line=4,col=24,title=ccc-numbers%3A value::"
        'stacks/acme.yaml:4:24: instances.acme.numbers.95518.usage: "100%25" is not a usage; '
        "one of: inbound, outbound, bidirectional\n"
    )


def test_an_unknown_stack_is_one_line_and_two(fleet: Fleet) -> None:
    fleet.stack("acme", numbers("acme", "95518"))
    run = fleet.run("check", "acne")
    assert (run.code, run.out) == (2, "")
    assert run.err == 'ccc-numbers: no stack "acne"; did you mean "acme"?\n'


def test_a_project_without_stacks_is_not_clean(fleet: Fleet) -> None:
    run = fleet.run("check")
    assert (run.code, run.err) == (2, "ccc-numbers: no stacks: there is no stacks/Pulumi.<stack>.yaml\n")


def test_a_folder_without_project_is_not_clean(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = fleet.root / "elsewhere"
    empty.mkdir()
    (fleet.root / "Pulumi.yaml").unlink()
    monkeypatch.chdir(empty)
    run = fleet.run("check")
    assert run.code == 2
    assert "no Pulumi.yaml" in run.err


def test_the_project_is_found_from_a_folder_inside(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet.stack("acme", numbers("acme", "95518"))
    monkeypatch.chdir(fleet.root / "stacks")
    assert fleet.run("check").code == 0


def test_half_written_and_missing_files_are_findings_of_their_stacks(fleet: Fleet) -> None:
    fleet.stack("acme", "instances: {acme: {")
    fleet.stack("beta", numbers("beta", "95518"))
    (fleet.root / "stacks/beta.yaml").unlink()
    run = fleet.run("check")
    assert run.code == 2
    assert [line.split(" ")[0] for line in lines(run.out)] == [
        "stacks/acme.yaml:2:1:",
        "stacks/beta.yaml:1:1:",
    ]


def test_a_file_of_bad_rows_fills_no_log(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 10 MB used to print two million lines."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    text = "instances:\n  a:\n    defaults: {usage: inbound, flow: x}\n    numbersFile: n.csv\n"
    fleet.stack("acme", text)
    (fleet.root / "stacks" / "n.csv").write_text("number,usage,flow\n" + "x\n" * 120_000, "utf-8")
    answer = fleet.run("check")
    assert answer.code == 2
    assert "stacks/n.csv:102:1: and 99,901 more of this kind" in answer.out
    assert answer.out.endswith("1 stack: 100,001 errors\n")
    assert len(answer.out.splitlines()) < 110
    assert len(answer.err.splitlines()) == 101
    found = json.loads(fleet.run("check", "--output", "json").out)
    assert (found["errors"], len(found["problems"])) == (100_001, 101)
    assert found["problems"][-1]["count"] == 99_901
    drift = fleet.run("drift")
    assert drift.code == 2
    assert len(drift.out.splitlines()) < 120
    assert "100,001 mistakes in the files" in drift.out


def test_a_foreign_endpoint_is_reported_at_its_place_and_not_looked_at(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CCC_ALLOWED_HOSTS", raising=False)
    fleet.stack("acme", numbers("acme", "95518"), config="ccc:endpoint: evil.example")
    fleet.stack("beta", numbers("beta", "95519"), config="ccc:endpoint: embedded")
    run = fleet.run("check")
    assert run.code == 2
    [line] = lines(run.out)
    assert line.startswith(
        'stacks/Pulumi.acme.yaml:2:17: config.ccc:endpoint: "evil.example" is not a host of CCC'
    )
    drift = fleet.run("drift", "acme")
    assert (drift.code, "is not a host of CCC" in drift.out + drift.err) == (2, True)
    monkeypatch.setenv("CCC_ALLOWED_HOSTS", "evil.example")
    assert fleet.run("check").code == 0
