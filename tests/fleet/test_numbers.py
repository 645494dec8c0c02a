"""`ccc-numbers numbers`: the table at the end of `make up`."""

import json
import os
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main

OUTPUTS = {
    "instances": {
        "acme-support": {
            "numbers": {
                "02180001001": {
                    "status": "bound",
                    "usage": "bidirectional",
                    "flow": "主流程",
                    "skillGroups": ["sales", "support"],
                    "order": "youyin",
                    "province": "上海",
                    "city": "上海",
                },
                "02180001002": {"status": "pending", "usage": "outbound", "skillGroups": ["sales"]},
            },
            "pending": ["02180001002"],
            "unmanaged": [f"0218000200{i}" for i in range(7)],
        },
        "acme-sales": {
            "numbers": {
                "057112345678": {
                    "status": "bound",
                    "usage": "inbound",
                    "flow": "main",
                    "skillGroups": [],
                    "province": "浙江",
                    "city": "杭州",
                }
            },
            "pending": [],
            "unmanaged": [],
        },
    }
}


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the outputs of a stack in a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: ccc-numbers\n")
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "run").touch()
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(OUTPUTS))
    return file


def fake_pulumi(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A `pulumi` on PATH that does what `script` says."""
    program = folder / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_the_table_has_a_row_per_number(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["numbers", "--stack", "acme", "--outputs", str(outputs)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[:4]]
    assert rows == [
        ["instance", "number", "status", "usage", "flow", "skill", "groups", "city", "order"],
        ["acme-sales", "057112345678", "bound", "inbound", "main", "–", "浙江", "杭州", "–"],
        [
            "acme-support",
            "02180001001",
            "bound",
            "bidirectional",
            "主流程",
            "sales,",
            "support",
            "上海",
            "youyin",
        ],
        ["02180001002", "pending", "outbound", "–", "sales", "–", "–"],
    ]


def test_below_it_stand_the_counts_and_what_to_try_next(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["numbers", "--stack", "acme", "--outputs", str(outputs)])
    below = capsys.readouterr().out.splitlines()[5:]
    assert below[:2] == [
        "3 numbers in 2 instances: 2 bound, 1 pending",
        "acme-support also holds 7 that no stack file declares: "
        "02180002000, 02180002001, 02180002002, 02180002003, 02180002004 and 2 more",
    ]
    tips = "\n".join(below[3:])
    assert "What to try next" in tips
    assert "edit stacks/acme.yaml" in tips
    assert "make up STACK=acme" in tips
    assert "02180001002 waits for CCC support" in tips


def test_in_a_teams_own_repository_the_tips_are_plain_commands(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("tools/run").unlink()
    assert main(["numbers", "--stack", "acme", "--outputs", str(outputs)]) == 0
    said = capsys.readouterr().out
    assert "pulumi preview --stack acme" in said
    assert "make" not in said
    assert "tools/run" not in said


def test_json_gives_the_rows(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["numbers", "--stack", "acme", "--json", "--outputs", str(outputs)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["numbers"][1] == {
        "instance": "acme-support",
        "number": "02180001001",
        "status": "bound",
        "usage": "bidirectional",
        "flow": "主流程",
        "skillGroups": ["sales", "support"],
        "order": "youyin",
        "city": "上海",
        "province": "上海",
    }
    assert list(said["unmanaged"]) == ["acme-support"]


def test_without_a_file_pulumi_is_asked(
    outputs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_pulumi(outputs.parent, monkeypatch, f'echo "$@" > asked; cat "{outputs}"')
    assert main(["numbers", "-s", "acme"]) == 0
    assert "02180001001" in capsys.readouterr().out
    asked = (outputs.parent / "asked").read_text().split()
    assert asked[:5] == ["stack", "output", "--json", "--stack", "acme"]
    assert "--non-interactive" in asked


def test_pulumis_own_error_is_told_in_one_line(
    outputs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_pulumi(outputs.parent, monkeypatch, "echo \"error: no stack named 'acme' found\" >&2; exit 255")
    assert main(["numbers", "-s", "acme"]) == 2
    assert capsys.readouterr().err == "ccc-numbers: stack \"acme\": no stack named 'acme' found\n"


def test_a_missing_pulumi_is_told_in_one_line(
    outputs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(outputs.parent / "nothing"))
    assert main(["numbers", "-s", "acme"]) == 2
    assert capsys.readouterr().err.startswith("ccc-numbers: the Pulumi CLI is not on PATH")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "stack acme has no numbers yet; run: make up STACK=acme"),
        ("{", "not the outputs of a ccc-numbers stack"),
        (
            '{"instances": {"a": {"numbers": {"95518": {}}}}}',
            "instances.a.numbers.95518.status: Field required",
        ),
    ],
)
def test_outputs_that_are_none_are_told_in_one_line(
    outputs: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    outputs.write_text(content)
    assert main(["numbers", "-s", "acme", "--outputs", str(outputs)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("ccc-numbers: ")
    assert message in said
    assert said.count("\n") == 1
