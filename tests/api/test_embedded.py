"""The embedded simulator starts with us, keeps its state, and ends with us."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccc_numbers.api.client import Client
from ccc_numbers.api.embedded import start
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.rows import Usage
from ccc_numbers.api.settings import Settings

SEED = """
instances:
  acme:
    skillGroups: [{name: sales, displayName: 销售组}]
unassigned:
  - {number: "02180001001", province: 上海, city: 上海}
"""


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "demo.yaml"
    path.write_text(SEED, encoding="utf-8")
    return path


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


async def test_its_state_lasts_from_one_run_to_the_next(seed: Path, tmp_path: Path) -> None:
    settings = Settings.parse({"endpoint": "embedded", "simulatorSeed": seed.name}, environ={}, base=tmp_path)
    for run in (1, 2):
        simulator = start(settings.simulator_seed, settings.simulator_state, project=tmp_path)
        async with Client(settings.at(simulator.url)) as client:
            if run == 1:
                assert await client.add_phone_numbers("acme", ["02180001001"], Usage.OUTBOUND) == ()
            assert [row.number for row in await client.list_phone_numbers("acme")] == ["02180001001"]
        simulator.stop()
        simulator.stop()
    assert (tmp_path / ".simulator" / "demo.sqlite3").is_file()


async def test_real_keys_in_the_environment_do_not_matter(
    seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIreal")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "real")
    simulator = start(seed, project=tmp_path)
    async with Client(Settings.parse({"endpoint": "embedded"}, environ={}).at(simulator.url)) as client:
        assert len(await client.list_unassigned_numbers()) == 1
    simulator.stop()


def test_it_dies_with_a_parent_that_is_killed(seed: Path, tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from ccc_numbers.api.embedded import start\n"
        "s = start(Path(sys.argv[1]), project=Path(sys.argv[2])); print(s._process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(seed), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_running(pid)


def test_a_seed_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ccc:simulatorSeed: there is no file .*nowhere.yaml"):
        start(tmp_path / "nowhere.yaml")


def test_a_wrong_seed_is_reported_in_the_simulators_words(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("instances: {acme: {nubmers: []}}")
    with pytest.raises(ConfigError, match=r"the embedded simulator did not start: .*nubmers") as error:
        start(seed, project=tmp_path)
    assert "\n" not in str(error.value)


def test_a_state_that_cannot_be_kept_is_reported(seed: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with pytest.raises(ConfigError, match="the embedded simulator did not start"):
        start(seed, tmp_path / "state")
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"ccc:simulatorState: .*file cannot be made"):
        start(seed, tmp_path / "file" / "state.sqlite3")
