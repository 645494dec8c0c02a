"""The console in Chinese, for an operator who was asked to look."""

import re
import urllib.error
import urllib.request

import pytest

from ccc_numbers.messages.language import known_language
from ccc_numbers.simulator import language
from tests.simulator.console_world import SEED
from tests.support.simulator import start_simulator

# Names, keys and commands stay.
ENGLISH = re.compile(
    r"\b(?:Instances?|Numbers?|Usage|Skill|Search|Cancel|Add|Choose|Page|none|Vendor|the|of)\b"
)


def text_of(url: str) -> str:
    """A page without its markup."""
    with urllib.request.urlopen(url) as answer:
        page = answer.read().decode()
    assert '<html lang="zh-Hans">' in page
    return re.sub(r"<[^>]+>", " ", page)


def test_the_console_speaks_chinese_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCC_LANG", "zh")
    with start_simulator(SEED) as simulator:
        instance = next(iter(simulator.state()["instances"]))
        for path in ("/", "/unassigned", f"/instances/{instance}", f"/instances/{instance}/add", "/nowhere"):
            try:
                text = text_of(f"{simulator.url}/console{path}")
            except urllib.error.HTTPError as error:
                text = re.sub(r"<[^>]+>", " ", error.read().decode())
            assert ENGLISH.findall(text) == [], path
            assert "这是模拟器的控制台" in text


@pytest.mark.parametrize("name", ["zh", "zh-CN", "zh_CN.UTF-8", "zh-Hans", "zh_TW", "zh-HK", "en", "C", ""])
def test_the_simulator_knows_chinese_by_the_same_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCC_LANG", name)
    assert (language.tag() == "zh-Hans") == (known_language(name) == "zh_CN")
