"""Pulumi is run in one room, and its names for resources are read there."""

import ast
from pathlib import Path

import pytest

from ccc_numbers.fleet.engine.pulumi import FinishedRun
from ccc_numbers.fleet.engine.resources import is_bookkeeping, urn_name, urn_type

FLEET = Path(__file__).parents[2] / "ccc_numbers" / "fleet"
# git is a program as well.
PROGRAMS = {"gitops/git.py"}


@pytest.mark.parametrize(
    ("urn", "type_", "name"),
    [
        ("urn:pulumi:dev::shop::ccc:index:PhoneNumber::02180001001", "ccc:index:PhoneNumber", "02180001001"),
        (
            "urn:pulumi:dev::shop::ccc:components:InstanceNumbers$ccc:index:InstanceRoster::acme",
            "ccc:index:InstanceRoster",
            "acme",
        ),
        ("urn:pulumi:dev::shop::ccc:index:ContactFlow::night::two", "ccc:index:ContactFlow", "night::two"),
    ],
)
def test_a_urn_says_type_and_name(urn: str, type_: str, name: str) -> None:
    assert (urn_type(urn), urn_name(urn)) == (type_, name)


def test_what_is_not_a_urn_has_no_type() -> None:
    assert (urn_type("02180001001"), urn_name("02180001001")) == ("", "02180001001")


def test_a_number_is_not_bookkeeping() -> None:
    kept = ("pulumi:pulumi:Stack", "pulumi:providers:ccc", "ccc:components:InstanceNumbers")
    assert all(map(is_bookkeeping, (*kept, "ccc:index:InstanceRoster", "ccc:index:InstanceLatch")))
    assert not is_bookkeeping("ccc:index:PhoneNumber")


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (
            FinishedRun(255, "", "warning: x\nerror: no stack named 'acme' found\n"),
            "no stack named 'acme' found",
        ),
        (
            FinishedRun(
                1, 'Previewing\n{"diagnostics": [{"severity": "error", "message": "no flow\\n"}]}', ""
            ),
            "no flow",
        ),
        (FinishedRun(7, "", ""), "pulumi ended with exit code 7"),
        (
            FinishedRun(255, "", "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE"),
            "no passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
        ),
    ],
)
def test_a_failed_run_says_why_in_one_line(ended: FinishedRun, reason: str) -> None:
    assert ended.reason == reason


def test_a_reason_holds_no_secret() -> None:
    assert "c2VjcmV0" not in FinishedRun(255, "", "error: GET https://a/?Signature=c2VjcmV0: refused").reason


def test_no_other_room_runs_programs_or_cuts_urns() -> None:
    for file in sorted(FLEET.rglob("*.py")):
        name = file.relative_to(FLEET).as_posix()
        if name.startswith("engine/") or name in PROGRAMS:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert "subprocess" not in {each.name for each in node.names}, name
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                cut = node.func.attr in {"split", "rsplit", "partition", "rpartition"}
                assert not (cut and "::" in {getattr(each, "value", None) for each in node.args}), name
