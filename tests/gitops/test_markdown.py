"""Results as Markdown: complete when they fit, honest when they do not."""

import pytest

from ccc_numbers.fleet.engine.changes import Change, Effect, Field
from ccc_numbers.fleet.gitops.comment import MARKER, comment_text
from ccc_numbers.fleet.gitops.output import COMMENT_LIMIT, ResultOutput, as_markdown
from ccc_numbers.fleet.plan.result import Outcome, Result
from ccc_numbers.messages.visible import visible
from tests.messages.hostile import NAMES
from tests.messages.rules import commands, invisible, live_markdown, text_of_markdown


def result(stack: str, changes: int = 1, **more: object) -> Result:
    made = tuple(
        Change(f"0218{index:07d}", "PhoneNumber", "update", (Field("contactFlow", "主流程", "夜间流程"),))
        for index in range(changes)
    )
    return Result(stack, "plan", Outcome.DONE, made, **more)  # type: ignore[arg-type]


def test_a_stack_has_a_row_and_its_changes_are_folded_away() -> None:
    text = as_markdown([result("acme", reason="stacks/acme.yaml")], "Plan")
    assert "1 stack: 1 done; ~1" in text
    assert "| acme | ✅ done | 1 rebound (主流程 → 夜间流程) | `stacks/acme.yaml` |" in text
    assert (
        "| \\~ | 1 rebound | 02180000000 | flow 主流程 → 夜间流程 |" in text
        or "| ~ | 1 rebound | 02180000000 | flow 主流程 → 夜间流程 |" in text
    )


def test_what_failed_comes_first_and_is_open() -> None:
    failed = Result("zeta", "plan", Outcome.FAILED, errors=("no flow",))
    text = as_markdown([result("acme"), failed], "Plan")
    assert text.index("| zeta |") < text.index("| acme |")
    assert "<details open><summary>zeta" in text
    assert "- ❌ no flow" in text


def test_what_people_wrote_cannot_break_out_of_the_text() -> None:
    evil = "<img src=x> | @everyone #1 `rm` [x](y) **b**"
    text = as_markdown([Result("acme", "plan", Outcome.FAILED, errors=(evil,))], "Plan")
    assert "<img" not in text
    assert "@everyone" not in text
    assert "[x](" not in text


def test_two_thousand_stacks_fit_into_a_comment_without_losing_a_count() -> None:
    text = as_markdown([result(f"customer-{index:04d}", 300) for index in range(2000)], "Plan")
    assert len(text) <= COMMENT_LIMIT
    assert "2000 stacks: 2000 done; ~600000" in text
    assert "more stacks in the table** did not fit" in text
    assert "more stacks with details** did not fit" in text


def test_sixty_kilobytes_of_errors_fit() -> None:
    failed = Result("acme", "plan", Outcome.FAILED, errors=("x" * 80_000,))
    assert len(as_markdown([failed], "Plan")) <= COMMENT_LIMIT


def fields(name: str) -> tuple[Field, ...]:
    return (Field("contactFlow", name, name),)


def hostile() -> list[Result]:
    """A stack for each name, which stands wherever text from elsewhere can."""
    return [
        Result(
            name[:300],
            "plan",
            Outcome.FAILED,
            (Change(name[:300], "PhoneNumber", "create", fields(name[:300]), Effect.ADD),),
            errors=(name[:300],),
            warnings=(name[:300],),
            reason=name[:300],
        )
        for name in NAMES
    ]


def test_a_comment_of_hostile_names_is_text_alone() -> None:
    for each in hostile():
        text = comment_text([each], "c" * 40, None)
        assert text.startswith(f"{MARKER}\n")
        assert text.count("<!--") == 1
        assert invisible(text, "\n\u200b\ufe0f") == []
        assert live_markdown(text) == []
        assert text.count("<details") == text.count("</details>") == 1
        assert text_of_markdown(text).count(visible(each.stack).strip()) >= 2


def test_a_plan_of_hostile_names_does_nothing_to_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    ResultOutput().show(hostile(), "Plan")
    shown = capsys.readouterr().out
    assert invisible(shown) == []
    assert commands(shown) == []
