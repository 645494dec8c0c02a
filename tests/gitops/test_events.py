"""What is left of the engine's events, and of a CLI that ended before its engine began."""

import pytest
from pulumi.automation.events import EngineEvent
from rich.console import Console

from ccc_numbers.fleet.engine.changes import Change, Field
from ccc_numbers.fleet.engine.events import EventLog
from ccc_numbers.fleet.engine.pulumi import clean_lines, reasons
from ccc_numbers.fleet.gitops.board import line, render
from ccc_numbers.fleet.plan.result import Outcome, Result, StackProgress
from ccc_numbers.fleet.plan.words import sentence
from ccc_numbers.messages.masking import mask_numbers, unmasked
from tests.gitops.test_fleet_run import pre, roster_foresees


def diagnostic(message: str, severity: str = "error", ephemeral: bool = False) -> EngineEvent:
    event = {"message": message, "color": "never", "severity": severity, "ephemeral": ephemeral}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "diagnosticEvent": event})


def state(**outputs: object) -> dict[str, object]:
    known = {"type": "", "urn": "", "id": "", "parent": "", "provider": ""}
    return known | {"inputs": outputs, "outputs": outputs}


def test_a_change_tells_both_sides_of_what_differs() -> None:
    log = EventLog()
    log.take(pre("refresh", "02180001001"))
    assert log.step == "looking at CCC"
    log.take(
        pre(
            "update",
            "02180001001",
            old=state(contactFlow="主流程", skillGroups=["sales"], usage="inbound"),
            new=state(contactFlow="夜间流程", skillGroups=["sales", "vip"], usage="inbound"),
            detailedDiff={
                "contactFlow": {"diffKind": "update", "inputDiff": True},
                "skillGroups[1]": {"diffKind": "add", "inputDiff": True},
            },
        )
    )
    assert log.changes == (
        Change(
            "02180001001",
            "PhoneNumber",
            "update",
            (Field("contactFlow", "主流程", "夜间流程"), Field("skillGroups", "sales", "sales, vip")),
        ),
    )


def test_bookkeeping_is_no_change() -> None:
    log = EventLog()
    log.take(pre("update", "acme-roster", type="ccc:index:InstanceRoster"))
    log.take(pre("create", "acme", type="pulumi:pulumi:Stack"))
    log.take(pre("same", "02180001001"))
    assert log.changes == ()


def test_a_replacement_is_one_change_and_a_removal() -> None:
    log = EventLog()
    for op in ("create-replacement", "replace", "delete-replaced"):
        log.take(pre(op, "sales", type="ccc:index:SkillGroup"))
    (change,) = log.changes
    assert (change.op, change.sign, change.removes) == ("replace", "±", True)


def test_what_an_earlier_replacement_left_to_delete_is_shown() -> None:
    log = EventLog()
    log.take(pre("delete-replaced", "02180001001"))
    log.take(pre("delete-replaced", "sales", type="ccc:index:SkillGroup"))
    assert [(each.name, each.effect, each.removes) for each in log.changes] == [
        ("02180001001", "forget", False),
        ("sales", "remove", True),
    ]


def test_a_plan_names_the_instance_that_each_number_leaves() -> None:
    log = EventLog()
    log.take(
        roster_foresees(
            "acme", move={"02180001001": "legacy"}, takeOver=["02180001002"], remove=["02180001003"]
        )
    )
    log.take(pre("create", "02180001001", new=state(instanceId="acme", adopt=True)))
    log.take(pre("create", "02180001002"))
    log.take(pre("delete", "02180001004"))
    assert [(each.sign, each.name, each.leaves, each.removes) for each in log.changes] == [
        ("→", "02180001001", "legacy", True),
        ("=", "02180001002", None, False),
        ("-", "02180001003", "acme", True),
        ("·", "02180001004", None, False),
    ]
    assert sentence(log.changes) == (
        "1 moved from legacy to acme, 1 taken over as it is, 1 forgotten, stays as it is, 1 removed from acme"
    )


def test_an_instance_that_is_given_up_counts_all_its_numbers() -> None:
    log = EventLog()
    old = state(instanceId="acme", numbers=["02180001001", "02180001002"])
    log.take(pre("delete", "acme-roster", type="ccc:index:InstanceRoster", old=old))
    log.take(pre("delete", "02180001001"))
    assert [(each.name, each.leaves) for each in log.changes if each.removes] == [
        ("02180001001", "acme"),
        ("02180001002", "acme"),
    ]


def test_a_change_of_the_guards_comes_first() -> None:
    log = EventLog()
    log.take(pre("update", "02180001001"))
    log.take(
        pre(
            "update",
            "acme-roster",
            type="ccc:index:InstanceRoster",
            old=state(instanceId="acme", protected=True, numbers=["1"]),
            new=state(instanceId="acme", protected=False, removalBudget="100%", numbers=["2"]),
            detailedDiff={
                "protected": {"diffKind": "update", "inputDiff": True},
                "removalBudget": {"diffKind": "add", "inputDiff": True},
                "numbers[0]": {"diffKind": "update", "inputDiff": True},
            },
        )
    )
    guard, number = log.changes
    assert (guard.sign, guard.name) == ("!", "acme")
    assert sentence([guard]) == "protected true → false, removal budget default → 100% on acme"
    assert number.name == "02180001001"


def test_errors_come_once_without_the_engines_phrases() -> None:
    log = EventLog()
    log.take(diagnostic('<{%reset%}>Preview failed: no contact flow "x"<{%reset%}>\n'))
    log.take(diagnostic('no contact flow "x"'))
    log.take(diagnostic("preview failed\n"))
    log.take(diagnostic("1 error occurred:\n\t* 02180001001: busy\n"))
    log.take(diagnostic("waiting, attempt 3", ephemeral=True))
    log.take(diagnostic("pending", severity="warning"))
    assert log.errors == ('no contact flow "x"', "02180001001: busy")
    assert log.warnings == ("pending",)


@pytest.mark.parametrize(
    ("stderr", "line"),
    [
        (
            "error: getting stack configuration: get stack secrets manager: incorrect passphrase\n",
            "the passphrase (PULUMI_CONFIG_PASSPHRASE) is not the one this stack was made with",
        ),
        (
            "error: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or …",
            "no passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
        ),
        (
            'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: '
            'GetObject, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Get "http:'
            '//127.0.0.1:9/b/.pulumi/meta.yaml?x-id=GetObject": dial tcp 127.0.0.1:9: connect: connection refused',
            "the state cannot be read (PULUMI_BACKEND_URL): dial tcp 127.0.0.1:9: connect: connection refused",
        ),
        (
            'error: read ".pulumi/meta.yaml": operation error S3: GetObject, https response error StatusCode: 403, '
            "RequestID: r, HostID: h, api error ExpiredToken: The provided token has expired.",
            "the state cannot be read (PULUMI_BACKEND_URL): ExpiredToken: The provided token has expired.",
        ),
        (
            # `ccc-numbers session`, which hands out the keys, has said why.
            'ccc-numbers: the OIDC token in x was not taken for r: no\nerror: read ".pulumi/meta.yaml": blob: '
            "process provider error: error in credential_process: exit status 2",
            "the state cannot be read (PULUMI_BACKEND_URL): the OIDC token in x was not taken for r: no",
        ),
        ("", "pulumi failed and did not say why"),
    ],
)
def test_what_the_cli_says_before_its_engine_begins(stderr: str, line: str) -> None:
    (said,) = reasons(stderr)
    assert said == line


def test_a_multiline_message_stays_whole() -> None:
    assert clean_lines("error: one\n  two\n\n") == ["one", "two"]


def test_numbers_are_masked_and_nothing_else() -> None:
    text = "02180001001 in acme-2024, stacks/a1.yaml:12:7, 400 numbers, 95599, v3.259.0, 2026-11-23"
    masked = "021****1001 in acme-2024, stacks/a1.yaml:12:7, 400 numbers, 95599, v3.259.0, 2026-11-23"
    assert mask_numbers(text) == masked
    result = Result("acme", "plan", Outcome.DONE, (Change("02180001001", "PhoneNumber", "create"),))
    assert result.masked(mask_numbers).changes[0].name == "021****1001"


def test_the_board_shows_what_runs_first_and_counts_the_rest() -> None:
    progress = [
        StackProgress("done-one", outcome=Outcome.DONE, seconds=3, counts={"+": 1}),
        *(StackProgress(f"waits-{index}") for index in range(40)),
        StackProgress(
            "broken", outcome=Outcome.FAILED, seconds=2, counts={}, error="no flow for 02180001001"
        ),
        StackProgress("running", "update 02180001001", {"~": 1}, 4.2),
    ]
    console = Console(width=90, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(render(progress, mask_numbers, room=4))
    rows = captured.get().splitlines()
    assert rows[1].split() == ["running", "update", "021****1001", "~1", "4", "s"]
    assert rows[2].startswith("broken")
    assert "no flow for 021****1001" in rows[2]
    assert rows[-1] == "1 running, 40 waiting, 1 done, 1 failed"


def test_without_a_terminal_each_stack_is_a_line() -> None:
    result = Result("acme", "apply", Outcome.FAILED, errors=("no flow", "more"), seconds=1.25)
    assert str(line(result, unmasked)) == "acme: apply failed, no changes, 1.2 s: no flow"
