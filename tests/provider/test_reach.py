"""What a pull request may write into a stack's own file, and the real CLI with the keys of an account reads."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.gitops.fleet import Fleet
from tests.provider.conftest import Begin
from tests.support.listener import listening
from tests.support.stack import Stack
from tests.support.worlds import INSTANCE, declaration, numbers, seed

KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIofTheAccount",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s3cr3t-of-the-account",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "t0ken-of-the-session",
}
PASSWORD = "pa55word-of-redis"


def begun(begin: Begin) -> Stack:
    stack, _ = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    return stack


@pytest.mark.parametrize("verb", [Stack.preview, Stack.up, Stack.refresh, Stack.destroy])
def test_a_foreign_endpoint_of_a_stack_file_is_not_connected_to(
    begin: Begin, verb: Callable[..., object]
) -> None:
    """The way to the outside is a listener here: before the endpoint was looked at, it was asked for evil.example."""
    stack = begun(begin)
    stack.configure({"endpoint": "evil.example:443"})
    with listening() as listener:
        proxy = f"http://127.0.0.1:{listener.port}"
        said = verb(stack, HTTPS_PROXY=proxy, https_proxy=proxy, no_proxy="127.0.0.1", **KEYS)
    assert listener.heads == []
    if verb in (Stack.preview, Stack.up):
        [error] = [each for each in said.errors if "evil" in each]  # type: ignore[attr-defined]
        assert error == (
            'stacks/Pulumi.dev.yaml:2:17: config.ccc:endpoint: "evil.example:443" is not a host of CCC, and signed '
            "requests go to CCC and to this machine alone; remove it for the region's own endpoint, or, if the host is "
            "yours, name it in the environment: CCC_ALLOWED_HOSTS=evil.example:443"
        )


def test_the_provider_refuses_a_foreign_endpoint_too(begin: Begin) -> None:
    """A program of somebody else does not look at the stack file; `--config` passes it by."""
    stack = begun(begin)
    with listening() as listener:
        proxy = f"http://127.0.0.1:{listener.port}"
        said = stack.preview(
            "--config", "ccc:endpoint=evil.example", HTTPS_PROXY=proxy, no_proxy="127.0.0.1", **KEYS
        )
    assert listener.heads == []
    assert any("ccc:endpoint" in error and "is not a host of CCC" in error for error in said.errors), (
        said.text
    )


def test_a_host_the_environment_names_is_connected_to(begin: Begin) -> None:
    stack = begun(begin)
    stack.configure({"endpoint": "proxy.example:8443", "timeouts": '{"operation": 1, "connect": 1}'})
    with listening() as listener:
        proxy = f"http://127.0.0.1:{listener.port}"
        stack.preview(
            HTTPS_PROXY=proxy,
            https_proxy=proxy,
            no_proxy="127.0.0.1",
            CCC_ALLOWED_HOSTS="proxy.example:8443",
            **KEYS,
        )
    assert listener.heads
    assert all(head.startswith(b"CONNECT proxy.example:8443 ") for head in listener.heads)


def files_with(secret: str, *folders: Path) -> list[str]:
    """All files below the folders that hold it. Links into this checkout are not followed."""
    return [
        str(file)
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink() and secret.encode() in file.read_bytes()
    ]


def test_a_password_of_a_stack_file_is_copied_nowhere_and_used_for_nothing(
    begin: Begin, tmp_path: Path
) -> None:
    """Checkpoints, backups, history, plans, logs at -v=9: every byte the CLI leaves behind, and all it says."""
    stack = begun(begin)
    assert stack.pulumi("up", "--yes", "--stack", "dev").returncode == 0
    with listening() as listener:
        address = f"redis://:{PASSWORD}@127.0.0.1:{listener.port}/0"
        place = yaml.safe_load((stack.folder / "stacks" / "Pulumi.dev.yaml").read_text("utf-8"))["config"]
        stack.configure({"endpoint": place["ccc:endpoint"], "rateBudgetUrl": address})
        logs = tmp_path / "tmp"
        logs.mkdir()
        for words in (
            ("preview", "--save-plan", str(tmp_path / "plan.json")),
            ("preview", "--logtostderr", "-v=9", "--logflow"),
            ("up", "--yes"),
        ):
            said = stack.pulumi(*words, "--stack", "dev", PULUMI_SKIP_CHECKPOINTS="false", TMPDIR=str(logs))
            assert PASSWORD not in said.stdout + said.stderr, words
            assert said.returncode != 0
            assert "config.ccc:rateBudgetUrl: a stack file names no address" in said.stdout + said.stderr
    assert listener.heads == []
    own = stack.folder / "stacks" / "Pulumi.dev.yaml"
    assert files_with(PASSWORD, tmp_path) == [str(own)]


def test_the_provider_repeats_no_password_either(begin: Begin) -> None:
    stack = begun(begin)
    secret = f"ccc:rateBudgetUrl=redis://:{PASSWORD}@127.0.0.1:1/0"
    said = stack.pulumi("preview", "--stack", "dev", "--config", secret)
    assert said.returncode != 0
    assert "ccc:rateBudgetUrl: a stack file names no address" in said.stdout
    assert PASSWORD not in said.stdout + said.stderr


def test_an_up_recovers_a_stack_made_with_a_setting_that_is_refused_now(
    begin: Begin, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The settings of the last `up` are in the state, and with them those that were allowed then."""
    stack, simulator = begin(seed(numbers(2)))
    stack.declare(declaration(numbers(2)))
    assert stack.up().code == 0
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    exported = stack.pulumi("stack", "export", check=True).stdout
    old = exported.replace(
        f'"endpoint": "{simulator.url}"',
        f'"endpoint": "{simulator.url}", "rateBudgetUrl": "file://{elsewhere}/rates"',
    )
    assert old.count(f"{elsewhere}/rates") == 2  # inputs and outputs of the provider
    (stack.folder / "old.json").write_text(old, "utf-8")
    stack.pulumi("stack", "import", "--file", "old.json", check=True)
    up = stack.up()
    assert up.code == 0, up.text
    assert list(simulator.numbers(INSTANCE)) == numbers(2)
    assert "elsewhere" not in stack.pulumi("stack", "export", check=True).stdout


@pytest.mark.parametrize("words", [("plan",), ("apply", "--all")])
def test_our_own_verbs_refuse_before_pulumi_copies_the_setting(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """Into its history, which it writes even when the program ends with an error."""
    fleet = Fleet.new(tmp_path)
    fleet.stack("acme", "127.0.0.1:1", {"02180001001": {}})
    settings = {"ccc:rateBudgetUrl": f"redis://:{PASSWORD}@127.0.0.1:1/0"}
    fleet.write("stacks/Pulumi.acme.yaml", {"config": settings})
    said = fleet.run(*words)
    assert said.returncode != 0
    shown = said.stdout + said.stderr
    assert "stacks/Pulumi.acme.yaml:2:22: config.ccc:rateBudgetUrl: a stack file names no address" in shown
    assert PASSWORD not in shown
    assert files_with(PASSWORD, tmp_path) == [str(fleet.folder / "stacks/Pulumi.acme.yaml")]
    assert not list((tmp_path / "state").rglob("*acme*"))
