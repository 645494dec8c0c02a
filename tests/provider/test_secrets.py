"""The keys of an account, searched for as bytes in everything that a day of work leaves behind, prints or shows to `ps`."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil

from tests.provider.conftest import Begin
from tests.provider.test_interruption import begin_up
from tests.support.simulator import wait_until
from tests.support.worlds import INSTANCE, bound, declaration, instance, number, numbers, seed

ID, SECRET, TOKEN = "LTAIofTheAccount", "s3cr3t/of+the=account", "t0ken/of+the=session"
PASSPHRASE = "passphrase-of-the-state"
KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
    "ALIBABA_CLOUD_SECURITY_TOKEN": TOKEN,
    "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
}
RUNS = (
    ("pulumi", "preview", "--save-plan", "plan.json"),
    ("pulumi", "up", "--yes", "--skip-preview", "--debug", "--logtostderr", "-v=9", "--logflow"),
    ("ccc-numbers", "plan", "dev", "--save", "plans"),
    (
        "ccc-numbers",
        "drift",
        "dev",
        *(f"-o{form}" for form in ("table", "json=d.json", "html=d.html", "markdown=d.md")),
    ),
    ("ccc-numbers", "report", "--out", "report"),
)


def forms(secret: str) -> Iterator[bytes]:
    """As it is, as a URL has it, and in the three ways that base64 may show it."""
    yield secret.encode()
    yield quote(secret, safe="").encode()
    for at in range(3):
        # What is before and after it changes the first and the last characters.
        yield base64.b64encode(b"\0" * at + secret.encode())[4 if at else 0 : -4]


WANTED = [each for secret in (SECRET, TOKEN, PASSPHRASE) for each in forms(secret)]


def holds(content: bytes) -> list[bytes]:
    return [each for each in WANTED if each in content]


def left_behind(folder: Path) -> dict[str, list[bytes]]:
    """Files that hold one, below the folder; links lead into this checkout."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    assert len(files) > 20
    return {str(file): found for file in files if (found := holds(file.read_bytes()))}


def test_the_accounts_keys_are_nowhere_but_in_the_environment(begin: Begin, tmp_path: Path) -> None:
    state = seed(numbers(3), support=instance([bound(number(9))]))
    state["accessKeys"] = [{"id": ID, "secret": SECRET, "securityToken": TOKEN}]
    stack, simulator = begin(state)
    stack.declare(declaration(numbers(3)))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "home" / "logs").unlink()  # Pulumi logs, as it does by itself
    environment = KEYS | {"PULUMI_SKIP_CHECKPOINTS": "false", "TMPDIR": str(tmp_path / "tmp")}

    for verb in (("stack", "rm", "--yes", "dev"), ("stack", "init", "dev")):  # begun with this passphrase
        stack.pulumi(*verb, check=True, **environment)
    stack.configure({"endpoint": simulator.url})
    simulator.faults([{"action": "AddPhoneNumbers", "times": 1, "fault": "hold"}])
    running = begin_up(stack, **environment)
    wait_until(lambda: simulator.struck() or running.poll() is not None)
    assert running.poll() is None, running.communicate()[0]
    family = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
    shown = [" ".join(each.cmdline()) for each in family]
    simulator.faults([])
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert len(shown) > 2
    assert holds(" ".join([*shown, said]).encode()) == []

    def run(*words: str, more: dict[str, str] | None = None) -> "subprocess.CompletedProcess[bytes]":
        program = (
            [sys.executable, "-m", "ccc_numbers"]
            if words[0] == "ccc-numbers"
            else ["pulumi", "--stack", "dev"]
        )
        done = subprocess.run(
            [*program, *words[1:]],
            cwd=stack.folder,
            env=stack.environment | environment | (more or {}),
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert holds(done.stdout + done.stderr) == [], words
        return done

    stack.declare(declaration({**{n: {} for n in numbers(2)}, number(3): {"flow": "夜间流程"}}))
    for words in RUNS:
        done = run(*words)
        assert done.returncode in (0, 1), (words, done.stdout[-2000:], done.stderr[-2000:])
    # Refused by CCC, which repeats what was signed, and not understood.
    stack.configure({"endpoint": simulator.url, "timeouts": '{"operation": 1}'})
    refused: dict[str, str] = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "another"}
    for fault, more in (([], refused), ([{"fault": "badJson"}], {})):
        simulator.faults(fault)
        assert run("ccc-numbers", "drift", "dev", more=more).returncode == 2
    assert run("pulumi", "preview", more=refused).returncode != 0
    assert simulator.callers().keys() == {ID}
    assert number(1) in simulator.numbers(INSTANCE)
    assert left_behind(tmp_path) == {}
