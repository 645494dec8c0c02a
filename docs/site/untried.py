"""Writes into both READMEs what was never tried on a real account; `--check` only compares. `make generate` runs it.

The behaviours are the simulator's switches, and how each can be found out is the probe's. What profiles of real accounts
in `docs/profiles/` (`ccc-numbers probe --save`) hold was tried.
"""

import json
import os
import re
import sys
import textwrap
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from ccc_numbers.fleet.probe.reading import QUESTIONS
from ccc_numbers.fleet.probe.run import NOT_TRIED
from ccc_numbers.fleet.probe.trials import INSIDE, OUTSIDE
from ccc_numbers.messages import language
from ccc_numbers.simulator.switches import alternatives

_BEGIN, _END = "<!-- made by docs/site/untried.py -->\n", "<!-- as far as here -->\n"
_BLOCK = re.compile(f"(?<={re.escape(_BEGIN)}).*?(?={re.escape(_END)})", re.DOTALL)
_WIDTH = 140


def main(arguments: list[str], root: Path) -> str | int:
    """Write the READMEs under `root`; with `--check` the exit message for those that are not as written."""
    tried = {
        name
        for file in sorted((root / "docs" / "profiles").glob("*.json"))
        for name in json.loads(file.read_text("utf-8"))["switches"]
    }
    stale = []
    for name, written in (("README.md", _english), ("README.zh-CN.md", _chinese)):
        file = root / name
        old = file.read_text("utf-8")
        text = written(tried)
        new, blocks = _BLOCK.subn(text, old)
        if blocks != 1:
            return f"{name}: expected one block from {_BEGIN.strip()} to {_END.strip()}"
        if new != old:
            stale.append(name)
            if "--check" not in arguments:
                file.write_text(new, "utf-8")
    if "--check" in arguments and stale:
        return (
            f"{' and '.join(stale)}: does not say what was never tried on a real account; run: make generate"
        )
    return 0


def _english(tried: set[str]) -> str:
    reading, trying, never = _groups(tried)
    return _lines(
        f"CCC's documentation leaves {len(alternatives())} behaviours open. The [simulator](docs/simulator.md#undocumented-behaviours) has "
        "a switch for each, and the tests run under every alternative. "
        f"{_count(tried, 'None', '{}')} of them was tried on a real account.",
        "",
        f"- `ccc-numbers probe` finds out by reading: {_names(reading, ', ')}.",
        f"- `probe --expendable` finds out on a number given for it: {_names(trying, ', ')}.",
        "- The probe does not find out: "
        + "; ".join(f"{_names(names, ', ')} ({why})" for why, names in never.items())
        + ".",
    )


def _chinese(tried: set[str]) -> str:
    reading, trying, never = _groups(tried, "zh")
    return (
        _lines(
            f"云呼叫中心的文档没有写明 {len(alternatives())} 种行为。[模拟器](docs/simulator.md#undocumented-behaviours)为每一种设有开关，测试覆盖全部取值。"
            f"{_count(tried, '没有一种', '其中 {} 种')}在真实账号上试过。",
            "",
            f"- `ccc-numbers probe` 只读即可查明：{_names(reading, '、 ')}。",
            f"- `probe --expendable` 用一个专门提供的号码查明：{_names(trying, '、 ')}。",
            "- `probe` 不查明："
            + "； ".join(f"{_names(names, '、 ')}（{why}）" for why, names in never.items())
            + "。",
        )
        .replace("、 ", "、")
        .replace("； ", "；")
    )


def _lines(*paragraphs: str) -> str:
    """Markdown of the width of the rest."""
    wrapper = textwrap.TextWrapper(_WIDTH, break_long_words=False, break_on_hyphens=False)
    lines = []
    for each in paragraphs:
        wrapper.subsequent_indent = "  " if each.startswith("- ") else ""
        lines.append(wrapper.fill(each))
    return "\n".join(lines) + "\n"


def _groups(tried: set[str], spoken: str = "en") -> tuple[list[str], list[str], dict[str, list[str]]]:
    """The behaviours not tried: those that reading tells, those that a trial tells, and the others by reason."""
    left = [name for name in alternatives() if name not in tried]
    trials = {name for step in (*OUTSIDE, *INSIDE) for name in step.switches}
    os.environ[language.VARIABLE] = spoken
    language.choose()
    never: dict[str, list[str]] = defaultdict(list)
    for name in left:
        if name not in trials and name not in QUESTIONS:
            never[language.tr(NOT_TRIED[name])].append(name)
    return [name for name in left if name in QUESTIONS], [name for name in left if name in trials], never


def _count(tried: set[str], none: str, some: str) -> str:
    return some.format(len(tried)) if tried else none


def _names(names: list[str], between: str) -> str:
    return between.join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.cwd()))
