"""What Pulumi does with a stack, call by call and in its order, in one process: for tests that need thousands of runs.

The real program says what is declared, the real plugin answers over its protocol; a process of the plugin is a server of its
own. The order of calls, what a failure leaves in the state, and what becomes of a replacement are those of Pulumi 3.259.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, chdir
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct

from ccc_numbers.provider.plugin import Plugin
from ccc_numbers.provider.protocol import provider_pb2, provider_pb2_grpc, status_pb2
from ccc_numbers.provider.server import Servicer
from ccc_numbers.provider.wire import struct
from components.economy import WHOLE_SDK
from tests.components import mocked


@dataclass(frozen=True)
class Entry:
    """One resource in a stack's state. `failed`: it is there and unfinished; `tainted`: to be replaced."""

    urn: str
    id: str
    inputs: Struct
    outputs: Struct
    after: tuple[str, ...] = ()
    protected: bool = False
    failed: bool = False
    tainted: bool = False

    @property
    def name(self) -> str:
        return self.urn.rsplit("::", 1)[-1]


@dataclass(frozen=True)
class State:
    """What a stack's state holds: the provider's settings, the resources, and originals that were replaced."""

    provider: Struct = field(default_factory=Struct)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    replaced: tuple[Entry, ...] = ()


@dataclass
class Outcome:
    """What one verb came to: the operation by logical name, and the errors shown."""

    ops: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class Goal:
    """A resource as the program asks for it."""

    urn: str
    inputs: Struct
    after: tuple[str, ...]
    protected: bool


class Engine:
    """One stack of a project. `dies`: the process that a verb runs in is killed, so that what failed is not saved."""

    def __init__(self, project: Path, stack: str, settings: Mapping[str, Any]) -> None:
        self.project, self.stack, self.settings = project, stack, settings
        self.state = State()
        self._goals: tuple[str, list[Goal]] | None = None
        self.calls = 0
        """How often the plugin was called, for all verbs."""

    def taint(self, urn: str) -> None:
        self._save(replace(self.state.entries[urn], tainted=True))

    def forget(self, urn: str) -> None:
        """`pulumi state delete`."""
        self.state = replace(self.state, entries={u: e for u, e in self.state.entries.items() if u != urn})

    def up(self, *, dies: bool = False, checkpoints: bool = True, **how: Any) -> Outcome:
        """`targets`: logical names, all without; `preview`: nothing is written; `environment`: the plugin's."""
        before, goals = self.state, self.goals()
        outcome = asyncio.run(_Update(self, dies=dies, **how).performed(goals))
        if how.get("preview") or (dies and not checkpoints):
            self.state = before
        return outcome

    def refresh(self) -> Outcome:
        return asyncio.run(_Update(self).refreshed())

    def destroy(self) -> Outcome:
        return asyncio.run(_Update(self, verb="destroy").destroyed())

    def _save(self, entry: Entry) -> None:
        self.state = replace(self.state, entries={**self.state.entries, entry.urn: entry})

    def goals(self) -> list[Goal]:
        """What the program of this stack declares, in its order. AssertionError when it refuses its own file."""
        text = (self.project / "stacks" / f"{self.stack}.yaml").read_text("utf-8")
        if self._goals and self._goals[0] == text:
            return self._goals[1]
        # The SDK of this process serves other tests as well.
        with chdir(self.project), pytest.MonkeyPatch.context() as patch:
            patch.setenv(WHOLE_SDK, "true")
            made = mocked.run(self.project, text, stack=self.stack)
        assert not made.code, made.errors
        urns = {
            name: f"urn:pulumi:{self.stack}::ccc-numbers::{kind}::{name}"
            for kind, name in made.resources
            if kind.startswith("ccc:index:")
        }
        goals = [
            Goal(
                urns[name],
                struct(each.inputs),
                tuple(urns[urn.rsplit("::", 1)[-1]] for urn in each.request.dependencies),
                bool(each.request.protect),
            )
            for (_, name), each in made.resources.items()
            if name in urns
        ]
        self._goals = text, goals
        return goals


class _Update:
    """One verb on one stack: the plugin processes it starts, and its steps."""

    def __init__(
        self,
        engine: Engine,
        *,
        targets: Collection[str] = (),
        preview: bool = False,
        dies: bool = False,
        verb: str = "up",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._engine, self._targets, self._preview, self._dies = engine, targets, preview, dies
        self._verb, self._environment = verb, environment or {}
        self._outcome = Outcome()
        self._stub: Any = None

    def _aims_at(self, name: str) -> bool:
        return not self._targets or name in self._targets

    async def refreshed(self) -> Outcome:
        """Read everything in the state, as before each update; what a look finds gone leaves the state."""
        engine = self._engine
        if not engine.state.entries:
            return self._outcome
        async with self._plugin(engine.state.provider):
            looks = [each for each in engine.state.entries.values() if self._aims_at(each.name)]
            await asyncio.gather(*(self._read(each) for each in looks))
        return self._outcome

    async def performed(self, goals: list[Goal]) -> Outcome:
        await self.refreshed()
        if self._outcome.ok:
            await self._updated(goals)
        return self._outcome

    async def destroyed(self) -> Outcome:
        await self.refreshed()
        if self._outcome.ok and self._engine.state.entries:
            async with self._plugin(self._engine.state.provider):
                await self._deleted(list(reversed([*self._engine.state.entries.values()])))
        return self._outcome

    async def _updated(self, goals: list[Goal]) -> None:
        engine = self._engine
        async with self._plugin(struct(engine.settings), checked=True):
            done: dict[str, asyncio.Task[bool]] = {}
            for goal in goals:
                done[goal.urn] = asyncio.create_task(
                    self._registered(goal, [done[urn] for urn in goal.after])
                )
            await asyncio.gather(*done.values())
            dropped = [each for each in reversed([*engine.state.entries.values()]) if each.urn not in done]
            if self._outcome.ok:
                await self._deleted([*reversed(engine.state.replaced), *filter(self._aimed, dropped)])

    def _aimed(self, entry: Entry) -> bool:
        return self._aims_at(entry.name)

    async def _registered(self, goal: Goal, before: list["asyncio.Task[bool]"]) -> bool:
        """One resource, once everything it depends on is there; whether it is."""
        if not all([await each for each in before]):
            return False
        was = self._engine.state.entries.get(goal.urn)
        if not self._aims_at(goal.urn.rsplit("::", 1)[-1]):
            return was is not None
        if self._outcome.errors:
            return False
        checked = await self._call(
            "Check",
            provider_pb2.CheckRequest(urn=goal.urn, olds=was.inputs if was else None, news=goal.inputs),
        )
        if checked is None:
            return False
        self._outcome.errors += [each.reason for each in checked.failures]
        if checked.failures:
            return False
        if was is None:
            return await self._create(goal)
        compared = await self._call(
            "Diff",
            provider_pb2.DiffRequest(
                urn=goal.urn, id=was.id, olds=was.outputs, news=goal.inputs, old_inputs=was.inputs
            ),
        )
        if compared is None:
            return False
        if was.tainted or compared.replaces:
            return await self._replace(goal, was)
        if was.failed or compared.changes == provider_pb2.DiffResponse.DIFF_SOME:
            return await self._update(goal, was)
        self._save(replace(was, inputs=goal.inputs, after=goal.after, protected=goal.protected))
        return True

    async def _create(self, goal: Goal, op: str = "create") -> bool:
        request = provider_pb2.CreateRequest(urn=goal.urn, properties=goal.inputs, preview=self._preview)
        made = await self._call("Create", request)
        if made is None:
            return False
        self._outcome.ops.setdefault(goal.urn.rsplit("::", 1)[-1], op)
        failed = isinstance(made, provider_pb2.ErrorResourceInitFailed)
        self._save(Entry(goal.urn, made.id, goal.inputs, made.properties, goal.after, goal.protected, failed))
        return not failed

    async def _replace(self, goal: Goal, was: Entry) -> bool:
        """Made again first; the original is deleted at the end, by whichever run comes to it."""
        if was.protected:
            self._outcome.errors.append(f"{was.name} is protected")
            return False
        state = self._engine.state
        if not await self._create(goal, "replace"):
            return False
        if not self._preview:
            self._engine.state = replace(self._engine.state, replaced=(*state.replaced, was))
        return True

    async def _update(self, goal: Goal, was: Entry) -> bool:
        request = provider_pb2.UpdateRequest(
            urn=goal.urn,
            id=was.id,
            olds=was.outputs,
            news=goal.inputs,
            old_inputs=was.inputs,
            preview=self._preview,
        )
        made = await self._call("Update", request)
        if made is None:
            return False
        self._outcome.ops[was.name] = "update"
        failed = isinstance(made, provider_pb2.ErrorResourceInitFailed)
        # An update that is not finished keeps the inputs of before.
        inputs = was.inputs if failed else goal.inputs
        self._save(Entry(goal.urn, was.id, inputs, made.properties, goal.after, goal.protected, failed))
        return not failed

    async def _read(self, entry: Entry) -> None:
        request = provider_pb2.ReadRequest(
            urn=entry.urn, id=entry.id, inputs=entry.inputs, properties=entry.outputs
        )
        found = await self._call("Read", request)
        if found is None:
            return
        if found.id:
            self._save(replace(entry, inputs=found.inputs, outputs=found.properties, failed=False))
        else:
            self._engine.forget(entry.urn)

    async def _deleted(self, entries: list[Entry]) -> None:
        """One after the other; the first that fails, or is protected, ends it."""
        for each in entries:
            if each.protected:
                self._outcome.errors.append(f"{each.name} is protected")
                return
            if not self._preview:
                request = provider_pb2.DeleteRequest(urn=each.urn, id=each.id, properties=each.outputs)
                if await self._call("Delete", request) is None:
                    return
            state = self._engine.state
            if each in state.replaced:
                rest = tuple(other for other in state.replaced if other is not each)
                self._engine.state = replace(state, replaced=rest)
            else:
                self._outcome.ops[each.name] = "delete"
                self._engine.forget(each.urn)

    async def _call(self, verb: str, request: Any) -> Any:
        """The plugin's answer, or what it says is half done; None for a failure, and after the engine's death."""
        self._engine.calls += 1
        try:
            return await getattr(self._stub, verb)(request)
        except grpc.aio.AioRpcError as error:
            self._outcome.errors.append(str(error.details()))
            half = next(_half_done(error), None)
            return None if self._dies else half

    def _save(self, entry: Entry) -> None:
        self._engine._save(entry)

    @asynccontextmanager
    async def _plugin(self, settings: Struct, *, checked: bool = False) -> AsyncIterator[None]:
        """A process of the plugin, configured; what it is to be given is `checked` first where it is new."""
        engine = self._engine
        plugin = Plugin(engine.project, self._environment, None)
        plugin.__dict__["_verb"] = self._verb  # in place of the command line above this process
        server = grpc.aio.server()
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(plugin), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
                self._stub = provider_pb2_grpc.ResourceProviderStub(channel)
                urn = f"urn:pulumi:{engine.stack}::ccc-numbers::pulumi:providers:ccc::default"
                if checked:
                    request = provider_pb2.CheckRequest(urn=urn, olds=engine.state.provider, news=settings)
                    settings = (await self._stub.CheckConfig(request)).inputs
                    engine.state = replace(engine.state, provider=settings)
                await self._stub.Configure(provider_pb2.ConfigureRequest(urn=urn, args=settings))
                yield
        finally:
            await server.stop(None)
            await plugin.close(saved=not self._dies)


def _half_done(error: grpc.aio.AioRpcError) -> Iterator[Any]:
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            detail = provider_pb2.ErrorResourceInitFailed()
            status_pb2.Status.FromString(value).details[0].Unpack(detail)
            yield detail
