"""The list of kinds is whole, and documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccc_numbers.fleet.drift.ignore import read_rules
from ccc_numbers.fleet.drift.kinds import ABOUT, ABOUT_RULES, Kind


def test_every_kind_says_what_it_means() -> None:
    assert set(ABOUT) == set(Kind)
    assert all(about.means for about in ABOUT.values())


DOCS = (Path(__file__).parents[2] / "docs" / "drift.md").read_text("utf-8")


@pytest.mark.parametrize("kind", list(Kind))
def test_the_documentation_tells_every_kind_with_its_severity(kind: Kind) -> None:
    (row,) = [
        line for line in DOCS.splitlines() if line.startswith("|") and f"`{kind}`" in line.split("|")[1]
    ]
    _, _, severity, heal, _, _ = row.split("|")
    assert severity.strip() == ABOUT[kind].severity
    assert heal.strip() == ("–" if kind in ABOUT_RULES else ABOUT[kind].heal)


def test_the_documented_ignore_file_is_one(tmp_path: Path) -> None:
    example = DOCS.partition("```yaml\n")[2].partition("```")[0]
    file = tmp_path / "drift-ignore.yaml"
    file.write_text(example, "utf-8")
    (rule,) = read_rules(file)
    assert (rule.subjects, rule.owner, rule.field) == (("0218000*",), "wang.li", "flow")
