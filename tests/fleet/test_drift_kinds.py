"""The list of kinds is whole, and documented."""

from pathlib import Path

import pytest

from ccc_numbers.fleet.drift.accepted import read_rules
from ccc_numbers.numbers.finding_kinds import ABOUT_RULES, FindingKind


def test_every_kind_says_what_it_means() -> None:
    assert all(kind.means for kind in FindingKind)


DOCS = (Path(__file__).parents[2] / "docs" / "drift.md").read_text("utf-8")


@pytest.mark.parametrize("kind", list(FindingKind))
def test_the_documentation_tells_every_kind_with_its_severity(kind: FindingKind) -> None:
    (row,) = [
        line for line in DOCS.splitlines() if line.startswith("|") and f"`{kind}`" in line.split("|")[1]
    ]
    _, _, severity, heal, _, _ = row.split("|")
    assert severity.strip() == kind.severity
    assert heal.strip() == ("–" if kind in ABOUT_RULES else kind.heal)


def test_the_documented_ignore_file_is_one(tmp_path: Path) -> None:
    example = DOCS.partition("```yaml\n")[2].partition("```")[0]
    file = tmp_path / "drift-ignore.yaml"
    file.write_text(example, "utf-8")
    (rule,) = read_rules(file)
    assert (rule.subject, rule.owner, rule.field) == (("0218000*",), "wang.li", "flow")
