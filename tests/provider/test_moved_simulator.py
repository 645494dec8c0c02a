"""A simulator at another port is the same one by its identity; anything else that a stack's settings lead to is refused."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import Usage
from ccc_numbers.api.settings import Settings
from ccc_numbers.fleet.cli import main
from ccc_numbers.numbers.plan_number import Binding, Declared
from ccc_numbers.provider.declared import Declarations
from ccc_numbers.provider.plugin import Plugin
from tests.provider.conftest import Begin
from tests.support.simulator import ROOT, Simulator, start_simulator
from tests.support.stack import Result, Stack
from tests.support.worlds import INSTANCE, Json, declaration, number, numbers, seed

DEAD = "http://127.0.0.1:9"
NAMED = "training"


def verbs(stack: Stack) -> Iterator[Result]:
    yield stack.preview()
    yield stack.up()
    yield stack.refresh()
    yield stack.destroy()


def test_a_stack_goes_on_with_its_simulator_at_another_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.db"
    (tmp_path / "project").mkdir()
    with start_simulator(seed(numbers(3)), state=state) as first:
        stack = Stack(tmp_path / "project", {"endpoint": first.url})
        stack.declare(declaration(numbers(2)))
        assert stack.up().code == 0
    with start_simulator(None, state=state) as second:  # nobody answers at the first address any more
        stack.configure({"endpoint": second.url})
        looked = stack.preview()
        assert (looked.code, looked.ops()) == (0, {}), looked.text
        said = [line for line in looked.messages("info") if "the simulator is the one" in line]
        assert len(said) == 1
        assert first.endpoint in said[0].split(";")[0]
        assert second.endpoint in said[0].split(";")[1]

        monkeypatch.chdir(stack.folder)
        for name, value in stack.environment.items():
            monkeypatch.setenv(name, value)
        for command in (["plan", "dev"], ["drift", "dev", "--fail-on", "error"], ["rebase", "dev"]):
            assert main(command) == 0, command
        assert "nothing to rebase" in capsys.readouterr().out

        assert stack.refresh().code == 0
        stack.declare(declaration(numbers(3)))
        result = stack.up()
        assert (result.code, result.ops()) == (0, {number(3): "create"}), result.text
        assert list(second.numbers(INSTANCE)) == numbers(3)
    with start_simulator(None, state=state) as third:
        stack.configure({"endpoint": third.url})
        assert stack.destroy().code == 0
        assert list(third.numbers(INSTANCE)) == []


def test_another_simulator_is_refused_by_every_verb(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(2)))
    stack.declare(declaration(numbers(2)))
    assert stack.up().code == 0
    held = simulator.state()
    simulator.reset()
    with start_simulator(held) as twin:  # which holds the very same
        stack.configure({"endpoint": twin.url})
        for result in verbs(stack):
            assert result.code != 0
            assert any(f"its settings now lead to {twin.endpoint}" in line for line in result.errors), (
                result.text
            )
        assert (twin.calls(), twin.state()) == ({}, held)
    assert (simulator.calls(), simulator.state()) == ({}, held)
    stack.configure({"endpoint": DEAD})
    assert any("its settings now lead to" in line for line in stack.preview().errors)


@pytest.fixture(scope="module")
def training() -> Iterator[Simulator]:
    with start_simulator({"identity": NAMED}) as running:
        yield running


def configured(project: Path, made: Json, file: Json) -> Plugin:
    """A plugin that looks with the settings of a state, while the stack's file says something newer."""
    (project / "stacks").mkdir()
    config = {f"ccc:{key}": value for key, value in file.items()}
    (project / "stacks" / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}), "utf-8")
    plugin = Plugin(project, {}, None)
    plugin.configure({"endpoint": DEAD, **made}, "urn:pulumi:dev::p::pulumi:providers:ccc::default")
    return plugin


IT: Json = {"simulatorIdentity": NAMED}
URN = "urn:pulumi:dev::p::ccc:index:PhoneNumber::02180000001"


def test_the_same_identity_is_looked_at_where_the_file_says(tmp_path: Path, training: Simulator) -> None:
    plugin = configured(tmp_path, IT, {"endpoint": training.url})
    plugin.resource(URN)
    assert training.endpoint in plugin.run.place


@pytest.mark.parametrize(
    ("made", "file"),
    [
        ({}, {"endpoint": "{url}"}),  # a state made before simulators had identities
        ({"simulatorIdentity": "another"}, {"endpoint": "{url}"}),
        (IT, {"endpoint": "{url}", "region": "ap-southeast-1"}),
        (IT | {"account": "1"}, {"endpoint": "{url}", "account": "2"}),
        (IT, {"endpoint": "http://127.0.0.1:10"}),
        (IT, {"endpoint": "embedded"}),
        (IT, {"endpoint": "ccc.cn-shanghai.aliyuncs.com"}),
        (IT, {}),
    ],
)
def test_a_stack_is_moved_when_more_than_the_address_differs(
    tmp_path: Path, training: Simulator, made: Json, file: Json
) -> None:
    plugin = configured(tmp_path, made, {key: value.format(url=training.url) for key, value in file.items()})
    with pytest.raises(CccError, match="and its settings now lead to"):
        plugin.resource(URN)


def test_nobody_sets_the_identity(tmp_path: Path, training: Simulator) -> None:
    plugin = Plugin(tmp_path, {}, None)
    said: Json = {"endpoint": training.url, "simulatorIdentity": NAMED}
    (line,) = plugin.check_config({}, said)
    assert "ccc:simulatorIdentity: is not a setting" in line
    assert plugin.check_config({}, {"endpoint": training.url}) == []
    assert plugin.kept == {"simulatorIdentity": NAMED}
    old: Json = {"endpoint": DEAD, "simulatorIdentity": "gone"}
    assert plugin.check_config(old, {"endpoint": DEAD}) == []
    assert plugin.kept == {"simulatorIdentity": "gone"}, "one that is not running now is still itself"


@contextmanager
def another_address(kind: str) -> Iterator[str]:
    """What another stack file may name: nobody, the same simulator at another port, or another simulator."""
    if kind == "dead":
        yield DEAD
    else:
        with start_simulator({"identity": NAMED} if kind == "same" else None) as running:
            yield running.url


@pytest.mark.parametrize(
    ("there", "declares", "gives"), [("dead", True, False), ("same", True, True), ("other", False, False)]
)
def test_a_file_with_another_address_of_the_simulator_still_declares(
    tmp_path: Path, training: Simulator, there: str, *, declares: bool, gives: bool
) -> None:
    """A stack file that was forgotten at the old port keeps its lines; it lets nobody take one, unless it is sure."""
    (tmp_path / "stacks").mkdir()
    with another_address(there) as url:
        config = {"ccc:endpoint": url}
        (tmp_path / "stacks" / "Pulumi.globex.yaml").write_text(yaml.safe_dump({"config": config}), "utf-8")
        text = yaml.safe_dump(declaration(numbers(1)), allow_unicode=True)
        (tmp_path / "stacks" / "globex.yaml").write_text(text, "utf-8")
        mine = Settings.parse({"endpoint": training.url}, environ={}).asked()
        declared = Declarations(tmp_path, "acme", mine, {}, lambda number, instance: False)
        declared.checked("PhoneNumber", number(2))
        assert (declared.owner(number(1)) is not None) == declares
        assert declared.still("PhoneNumber", number(1)) == declares
        wanted = Declared(number(2), "acme-billing", Binding(Usage.INBOUND, None, frozenset()))
        assert declared.gives(wanted, INSTANCE) == gives


def test_the_demo_without_its_endpoint_and_without_keys_is_refused(tmp_path: Path) -> None:
    """It used to be "37 unchanged", about an account that nobody had asked."""
    stack = Stack(tmp_path, {})
    demo = yaml.safe_load((ROOT / "stacks" / "Pulumi.demo.yaml").read_text("utf-8"))["config"]
    settings = {key.removeprefix("ccc:"): value for key, value in demo.items()}
    for file in (ROOT / "stacks").glob("demo*"):
        shutil.copy(file, stack.file if file.name == "demo.yaml" else stack.file.with_name(file.name))
    stack.environment |= {"HOME": str(tmp_path)}
    stack.configure(settings)
    assert stack.up().code == 0
    before = stack.state()
    stack.configure({key: value for key, value in settings.items() if key != "endpoint"})
    results = [stack.preview(), stack.destroy()]  # those between: the test above
    assert "unchanged" not in results[0].text
    for result in results:
        assert result.code != 0
        told = set(result.errors) - {"preview failed", "update failed", "refresh failed", "destroy failed"}
        assert {"made at embedded demo.seed.yaml" in line for line in told} == {True}, result.text
        assert any("lead to ccc.cn-shanghai.aliyuncs.com" in line for line in told), told
    assert stack.state().keys() == before.keys()
    stack.configure(settings)
    restored = stack.up()
    assert (restored.code, restored.changes) == (0, {}), restored.text
