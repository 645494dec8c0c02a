"""Settings that cannot work are the user's mistake: one line before the first call, and no file of details."""

from pathlib import Path

import pytest

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.provider.plugin import Plugin


@pytest.mark.parametrize(
    "url", ["redis://u:pa55word@h:x/0", "redis://u:pa55word@[::1/0", "redis://h/?db=abc"]
)
def test_a_wrong_budget_address_is_said_in_one_line(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    plugin = Plugin(tmp_path, {"CCC_RATE_BUDGET_URL": url}, None)
    (line,) = plugin.check_config({}, {})
    assert line.startswith("CCC_RATE_BUDGET_URL: its ")
    assert "pa55word" not in line
    with pytest.raises(ConfigError):
        plugin.configure({}, "")
    assert list(tmp_path.iterdir()) == []
