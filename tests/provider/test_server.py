"""What the engine is answered, call by call: the plugin's server and a client of it in one process."""

import asyncio
import logging
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2

from ccc_numbers.provider.engine_log import ToEngine
from ccc_numbers.provider.plugin import Plugin
from ccc_numbers.provider.protocol import provider_pb2, provider_pb2_grpc, status_pb2
from ccc_numbers.provider.server import Servicer
from ccc_numbers.provider.wire import UNKNOWN, bag, struct
from tests.support.plugin import EngineMessages
from tests.support.simulator import ROOT, Simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed

URN = f"urn:pulumi:dev::p::ccc:index:PhoneNumber::{number(1)}"
ROSTER = f"urn:pulumi:dev::p::ccc:index:InstanceRoster::{INSTANCE}-roster"
NEW: dict[str, Any] = {
    "number": number(1),
    "instanceId": INSTANCE,
    "usage": "bidirectional",
    "contactFlow": "主流程",
    "skillGroups": ["sales"],
}
STATE = NEW | {"status": "bound"}
LISTED = {"instanceId": INSTANCE, "numbers": numbers(20)}


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """Number 1 is imported, number 2 is bound."""
    running.begin_anew(seed([number(1)], support=instance([bound(number(2))])))
    return running


@pytest.fixture
async def engine(simulator: Simulator, tmp_path: Path) -> AsyncIterator[Any]:
    """The engine's side: calls as in Pulumi's protocol."""
    plugin = Plugin(tmp_path, {}, None)
    server = grpc.aio.server()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(plugin), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        settings = struct({"endpoint": simulator.url, "timeouts": '{"operation": 1}'})
        await stub.Configure(provider_pb2.ConfigureRequest(args=settings))
        yield stub
    await server.stop(None)
    await plugin.close(saved=True)


def creating(inputs: dict[str, Any], **more: Any) -> provider_pb2.CreateRequest:
    return provider_pb2.CreateRequest(urn=URN, properties=struct(inputs), **more)


def updating(old: dict[str, Any], new: dict[str, Any], **more: Any) -> provider_pb2.UpdateRequest:
    return provider_pb2.UpdateRequest(id=number(1), urn=URN, olds=struct(old), news=struct(new), **more)


def reading(state: dict[str, Any]) -> provider_pb2.ReadRequest:
    return provider_pb2.ReadRequest(
        id=str(state["number"]), urn=URN, properties=struct(state | {"status": "bound"}), inputs=struct(state)
    )


def read(file: Path) -> str:
    return file.read_text("utf-8")


async def test_the_engine_is_asked_to_look_before_each_update(engine: Any) -> None:
    made = await engine.Create(creating(NEW))
    assert (made.id, bag(made.properties)["status"]) == (number(1), "bound")
    found = await engine.Read(reading(NEW))
    assert (found.id, bag(found.inputs)) == (number(1), NEW)
    changed = await engine.Update(updating(STATE, NEW | {"contactFlow": "夜间流程"}))
    assert bag(changed.properties)["contactFlow"] == "夜间流程"
    assert [answer.refresh_before_update for answer in (made, found, changed)] == [True] * 3


async def test_a_number_that_has_gone_is_answered_with_nothing(engine: Any) -> None:
    assert await engine.Read(reading(NEW)) == provider_pb2.ReadResponse()


async def test_a_number_that_is_half_done_is_kept_with_what_is_there_and_why(
    engine: Any, simulator: Simulator
) -> None:
    simulator.faults(
        [{"action": "AddPhoneNumberToSkillGroups", "fault": "error", "code": "Parameter.Format"}]
    )
    with pytest.raises(grpc.aio.AioRpcError) as stopped:
        await engine.Create(creating(NEW | {"skillGroups": ["sales", "vip"]}))
    shown = f"{number(1)} is in {INSTANCE} as bidirectional, flow 主流程, not as declared: AddPhoneNumberTo"
    assert str(stopped.value.details()).startswith(shown)
    status = status_pb2.Status()
    status.ParseFromString(dict(stopped.value.trailing_metadata() or ())["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert (detail.id, list(detail.reasons)) == (number(1), [stopped.value.details()])
    assert detail.refresh_before_update
    kept = bag(detail.properties)
    assert (kept["status"], kept["skillGroupIds"], kept.get("skillGroups")) == ("bound", [], None)


async def test_a_preview_of_what_is_not_known_yet_asks_nobody(engine: Any, simulator: Simulator) -> None:
    unknown = NEW | {"contactFlow": UNKNOWN}
    made = await engine.Create(creating(unknown, preview=True))
    changed = await engine.Update(updating(STATE, unknown, preview=True))
    for answer in (made, changed):
        assert bag(answer.properties) == unknown
        assert answer.refresh_before_update
    assert made.id == ""
    assert simulator.calls() == {}


async def test_a_preview_may_refer_to_a_flow_and_a_group_of_the_same_program(
    engine: Any, simulator: Simulator
) -> None:
    flow = {"instanceId": INSTANCE, "name": "节假日", "definition": "{}"}
    group = {"instanceId": INSTANCE, "name": "holiday", "displayName": "节假日组"}
    using = creating(NEW | {"contactFlow": "节假日", "skillGroups": ["holiday"]}, preview=True)
    for wrong in ("contact flow", "skill group"):
        with pytest.raises(grpc.aio.AioRpcError, match=f"no {wrong}"):
            await engine.Create(using)
        kind, made = ("ContactFlow", flow) if wrong == "contact flow" else ("SkillGroup", group)
        checking = {"urn": f"urn:pulumi:dev::p::ccc:index:{kind}::it", "news": struct(made)}
        assert not (await engine.Check(provider_pb2.CheckRequest(**checking))).failures
    assert bag((await engine.Create(using)).properties)["status"] == "bound"
    calls = {action: sum(counts.values()) for action, counts in simulator.calls().items()}
    assert calls == {"ListUnassignedNumbers": 1, "ListContactFlows": 1, "ListSkillGroups": 1}


async def test_a_preview_writes_nothing_and_gives_no_id(engine: Any, simulator: Simulator) -> None:
    before = simulator.state()
    made = await engine.Create(creating(NEW, preview=True))
    assert (made.id, bag(made.properties)["status"]) == ("", "bound")
    assert simulator.state() == before


async def test_what_is_wrong_with_inputs_names_no_property(engine: Any) -> None:
    """The engine would print the property's whole value beside it: a thousand numbers."""
    few = LISTED | {"numbers": numbers(3)}
    checking = provider_pb2.CheckRequest(urn=ROSTER, olds=struct(LISTED), news=struct(few))
    answer = await engine.Check(checking)
    assert [failure.property for failure in answer.failures] == [""]
    assert answer.failures[0].reason.startswith("this update would take 17 of 20 numbers out")
    assert bag(answer.inputs) == few


async def test_differences_the_program_ignores_are_none(engine: Any) -> None:
    asked: dict[str, Any] = {
        "id": number(1),
        "urn": URN,
        "olds": struct(STATE),
        "news": struct(NEW | {"contactFlow": "夜间流程", "usage": "inbound"}),
    }
    found = await engine.Diff(provider_pb2.DiffRequest(**asked))
    assert (sorted(found.diffs), found.changes) == (["contactFlow", "usage"], found.DIFF_SOME)
    found = await engine.Diff(provider_pb2.DiffRequest(**asked, ignoreChanges=["contactFlow"]))
    assert list(found.diffs) == list(found.detailedDiff) == ["usage"]
    found = await engine.Diff(provider_pb2.DiffRequest(**asked, ignoreChanges=["contactFlow", "usage"]))
    assert (list(found.diffs), found.changes) == ([], found.DIFF_NONE)


async def test_what_a_user_did_wrong_is_its_line_alone(engine: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.Create(creating(NEW | {"instanceId": OTHER, "number": number(2)}))
    assert str(refused.value.details()).startswith(f"{number(2)} is in instance {INSTANCE} as bidirectional")
    assert "\n" not in str(refused.value.details())
    with pytest.raises(
        grpc.aio.AioRpcError, match='no resource type "ccc:index:PhoneNumbr"; did you mean "ccc'
    ):
        await engine.Check(provider_pb2.CheckRequest(urn="urn:pulumi:dev::p::ccc:index:PhoneNumbr::x"))


async def test_a_bug_of_the_plugin_is_one_line_and_its_traceback_a_file(
    engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("ccc_numbers.provider.resources.phone_number.binding_problems", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await engine.Check(provider_pb2.CheckRequest(urn=URN, news=struct(NEW)))
    line, _, file = str(failed.value.details()).rpartition(" ")
    assert line == "internal error of the ccc plugin (ZeroDivisionError); its details are in"
    assert "ZeroDivisionError: a bug" in read(Path(file))


async def test_what_has_not_begun_within_a_resources_own_timeout_fails(
    engine: Any, simulator: Simulator
) -> None:
    simulator.faults([{"action": "ListUnassignedNumbers", "fault": "slow", "delayMs": 1000}])
    with pytest.raises(grpc.aio.AioRpcError, match=r"not begun within the resource's timeout of 0\.05 s"):
        await engine.Create(creating(NEW, timeout=0.05))
    assert number(1) in simulator.unassigned()


async def test_what_is_being_written_outlasts_a_resources_own_timeout(
    engine: Any, simulator: Simulator
) -> None:
    await engine.Create(creating(NEW, preview=True))
    simulator.faults([{"action": "AddPhoneNumbers", "fault": "slow", "delayMs": 1500}])
    made = await engine.Create(creating(NEW, timeout=1))
    assert bag(made.properties)["status"] == "bound"
    assert simulator.numbers(INSTANCE)[number(1)]["skillGroups"] == ["sales"]


async def test_after_a_cancel_nothing_new_is_begun(engine: Any, simulator: Simulator) -> None:
    await engine.Read(reading(NEW))
    await engine.Cancel(empty_pb2.Empty())
    with pytest.raises(grpc.aio.AioRpcError, match="stopped on request before anything was done for it"):
        await engine.Create(creating(NEW))
    assert number(1) in simulator.unassigned()


async def test_a_plugin_that_ends_brings_the_numbers_it_has_begun_to_their_end(
    simulator: Simulator, tmp_path: Path
) -> None:
    plugin = Plugin(tmp_path, {}, None)
    plugin.configure({"endpoint": simulator.url}, "")
    simulator.faults([{"action": "AddPhoneNumbers", "fault": "slow", "delayMs": 300}])
    making = asyncio.ensure_future(plugin.resource(URN).create(plugin.run, URN, NEW, preview=False))
    while number(1) in simulator.unassigned() and not making.done():  # noqa: ASYNC110  # in another process
        await asyncio.sleep(0.002)
    await plugin.close(saved=True)
    assert simulator.numbers(INSTANCE)[number(1)]["skillGroups"] == ["sales"]
    await making


async def test_a_wrong_setting_is_one_line_of_the_configuration(engine: Any) -> None:
    answer = await engine.CheckConfig(provider_pb2.CheckRequest(news=struct({"regoin": "cn-shanghai"})))
    (failure,) = answer.failures
    assert (failure.property, "regoin" in failure.reason) == ("", True)
    with pytest.raises(grpc.aio.AioRpcError, match="regoin"):
        await engine.Configure(provider_pb2.ConfigureRequest(args=struct({"regoin": "cn-shanghai"})))


async def test_previews_are_supported_and_secrets_taken(engine: Any) -> None:
    """The engine makes components only with a plugin that takes secrets."""
    answer = await engine.Configure(provider_pb2.ConfigureRequest())
    assert (answer.acceptSecrets, answer.supportsPreview) == (True, True)


async def test_a_warning_about_the_way_to_ccc_is_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, logger = EngineMessages(), logging.getLogger("ccc_numbers.way")
    monkeypatch.setattr(logger, "handlers", [ToEngine(shown)])  # type: ignore[arg-type]  # as far as used
    for line in ("the budget is away", "the budget is away", "again"):
        await asyncio.to_thread(logger.warning, line)
    logger.info("attempt 2")
    while len(shown.warnings) < 2:  # noqa: ASYNC110  # handed over by another thread
        await asyncio.sleep(0)
    assert shown.warnings == ["the budget is away", "again"]


@pytest.fixture
def engine_process() -> Iterator[Any]:
    """Starts the plugin as a child of a process of its own; gives that process and the plugin's port."""
    program = (
        "import subprocess, sys\n"
        "plugin = subprocess.Popen([sys.executable, '-m', 'ccc_numbers.provider'], stdout=subprocess.PIPE)\n"
        "print(int(plugin.stdout.readline()), flush=True); plugin.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as engine:
        yield engine
        engine.kill()


def answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_a_plugin_whose_engine_was_killed_does_not_stay_behind(engine_process: Any) -> None:
    port = int(engine_process.stdout.readline())
    assert answers(port)
    engine_process.kill()
    until = time.monotonic() + 20
    while answers(port) and time.monotonic() < until:
        time.sleep(0.05)
    assert not answers(port)
