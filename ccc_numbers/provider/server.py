"""The gRPC edge: the engine's calls to verbs of `Resource`, errors to one line each.

The servicer is written against Pulumi's generated service, not `pulumi.provider.experimental`: that layer
adds a Python traceback to each error, drops `old_inputs` and cannot answer `refresh_before_update`.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct

from ccc_numbers import __version__
from ccc_numbers.api.errors import ConfigError, Denied, InstanceNotRunning, Unavailable
from ccc_numbers.messages.language import trn
from ccc_numbers.messages.visible import visible
from ccc_numbers.provider.call_end import one_line, within
from ccc_numbers.provider.engine_log import EngineLog, ToEngine
from ccc_numbers.provider.plugin import Plugin
from ccc_numbers.provider.properties import Change
from ccc_numbers.provider.protocol import (
    CHANNEL_OPTIONS,
    engine_pb2_grpc,
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)
from ccc_numbers.provider.resource import Diff, Refused, Unfinished
from ccc_numbers.provider.wire import bag, concealed, extended, has_unknown, struct

Answer = TypeVar("Answer")


class _Status(grpc.Status):  # type: ignore[misc]  # grpc ships no types
    """The answer of a call that failed, with the engine's own details packed into its trailer."""

    def __init__(self, message: str, detail: provider_pb2.ErrorResourceInitFailed) -> None:
        packed = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
        packed.details.add().Pack(detail)
        self.code = grpc.StatusCode.UNKNOWN
        self.details = message
        self.trailing_metadata = (("grpc-status-details-bin", packed.SerializeToString()),)


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """One engine call each; what a call means is the business of `Plugin` and the resource types."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin
        self._declared: set[str] = set()
        """URNs that the program of this run declares, as far as it has come."""

    async def GetPluginInfo(self, request: empty_pb2.Empty, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=__version__)

    async def Handshake(self, request: Any, context: Any) -> provider_pb2.ProviderHandshakeResponse:
        # An engine that has shaken hands names the provider it configures. It makes components only with a plugin that
        # takes secrets, and sends outputs to nothing else: they show what is secret, or not known yet.
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_outputs=True)

    async def GetSchema(self, request: Any, context: Any) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema=self._plugin.schema())

    async def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        problems = self._plugin.check_config(bag(request.olds), bag(request.news))
        # The state keeps these inputs, and a plan shows them.
        said = concealed(request.news, "assumeRole", containing="externalId")
        return _checked(extended(said, self._plugin.kept), problems)

    async def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse()

    async def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:
        self._plugin.configure(bag(request.args), request.urn)
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=True)

    async def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        resource = self._plugin.resource(request.urn)
        problems = resource.check(self._plugin.run, bag(request.olds), bag(request.news))
        self._declared.add(request.urn)
        return _checked(request.news, problems)

    async def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        if self._plugin.misplaced_reported:
            return _diffed(Diff())
        found = self._plugin.resource(request.urn).diff(bag(request.olds), bag(request.news))
        for path in request.ignoreChanges:
            found.changes.pop(path, None)
        # A refresh compares too, with what was declared before: there is nothing to remark on that.
        for remark in found.remarks if request.urn in self._declared else ():
            await self._plugin.run.inform_once(remark, request.urn)
        return _diffed(found)

    async def Create(self, request: Any, context: Any) -> provider_pb2.CreateResponse:
        inputs = bag(request.properties)
        if request.preview and has_unknown(inputs):
            return provider_pb2.CreateResponse(properties=request.properties, refresh_before_update=True)
        resource = self._plugin.resource(request.urn)
        work = resource.create(self._plugin.run, request.urn, inputs, request.preview)
        made, outputs = await self._performed(context, request.timeout, work, request.properties)
        return provider_pb2.CreateResponse(
            id="" if request.preview else made,
            properties=struct(outputs, request.properties),
            refresh_before_update=True,
        )

    async def Read(self, request: Any, context: Any) -> provider_pb2.ReadResponse:
        if self._plugin.misplaced_reported:
            # One cause is reported once: the run has failed already, and the state stays as it is.
            return _as_it_was(request)
        resource = self._plugin.resource(request.urn)
        work = resource.read(
            self._plugin.run, request.urn, request.id, bag(request.properties), bag(request.inputs)
        )
        try:
            live = await self._performed(context, request.timeout, work, request.properties)
        except (ConfigError, Denied, InstanceNotRunning, Unavailable) as error:
            # These hit every number alike. The run has failed with the first of them.
            if self._plugin.reports(error):
                raise
            return _as_it_was(request)
        if live is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=live.id,
            inputs=struct(live.inputs, request.inputs),
            properties=struct(live.outputs, request.properties),
            refresh_before_update=True,
        )

    async def Update(self, request: Any, context: Any) -> provider_pb2.UpdateResponse:
        new = bag(request.news)
        if request.preview and has_unknown(new):
            return provider_pb2.UpdateResponse(properties=request.news, refresh_before_update=True)
        resource = self._plugin.resource(request.urn)
        work = resource.update(
            self._plugin.run, request.urn, request.id, bag(request.olds), new, request.preview
        )
        outputs = await self._performed(context, request.timeout, work, request.news)
        return provider_pb2.UpdateResponse(
            properties=struct(outputs, request.news), refresh_before_update=True
        )

    async def Delete(self, request: Any, context: Any) -> empty_pb2.Empty:
        resource = self._plugin.resource(request.urn)
        work = resource.delete(self._plugin.run, request.urn, request.id, bag(request.properties))
        await self._performed(context, request.timeout, work, request.properties)
        return empty_pb2.Empty()

    async def Invoke(self, request: Any, context: Any) -> provider_pb2.InvokeResponse:
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").CopyFrom(struct(await self._plugin.invoke(request.tok, bag(request.args))))
        return answer

    async def Construct(self, request: Any, context: Any) -> Any:
        try:
            return await self._plugin.components.construct(request)
        except Refused as refused:
            # Not as the protocol's property errors: the engine would print the property's whole value beside each.
            first, *more = [visible(line) for line in refused.lines]
            heading = trn("{count:,} problem:", "{count:,} problems:", len(refused.lines))
            message = "\n  ".join([heading, first, *more]) if more else first
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, message)

    async def List(self, request: Any, context: Any) -> AsyncIterator[provider_pb2.ListResponse]:
        for answer in await self._listed(request, context):
            yield answer

    async def _listed(self, request: Any, context: Any) -> list[provider_pb2.ListResponse]:
        """A page of the list, and where the next one begins: behind its last id."""
        query = bag(request.query)
        if has_unknown(query):
            return [provider_pb2.ListResponse(computed=provider_pb2.ListResponse.Computed())]
        rows = await self._plugin.listed(request.token, query)
        rest = [each for each in rows if each.id > request.continuation_token]
        rest = rest[: request.limit] if request.limit > 0 else rest
        page = rest[: request.page_size] if request.page_size > 0 else rest
        answers = [
            provider_pb2.ListResponse(result=provider_pb2.ListResponse.Result(id=each.id, name=each.name))
            for each in page
        ]
        if len(page) < len(rest):
            following = provider_pb2.ListResponse.Continuation(continuation_token=page[-1].id)
            answers.append(provider_pb2.ListResponse(continuation=following))
        return answers

    async def Cancel(self, request: empty_pb2.Empty, context: Any) -> empty_pb2.Empty:
        self._plugin.cancel()
        return empty_pb2.Empty()

    async def _performed(
        self, context: Any, timeout_s: float, work: Awaitable[Answer], given: Struct
    ) -> Answer:
        """Run one verb on what was `given`; what is half done goes to the engine as such."""
        try:
            return await within(timeout_s, work)
        except Unfinished as stop:
            detail = provider_pb2.ErrorResourceInitFailed(
                id=stop.resource_id,
                properties=struct(stop.outputs, given),
                reasons=[visible(str(stop))],
                refresh_before_update=True,
            )
            await context.abort_with_status(_Status(visible(str(stop)), detail))
            raise


def _as_it_was(request: Any) -> provider_pb2.ReadResponse:
    return provider_pb2.ReadResponse(
        id=request.id, inputs=request.inputs, properties=request.properties, refresh_before_update=True
    )


def _checked(inputs: Any, problems: Any) -> provider_pb2.CheckResponse:
    # Failures name no property: the engine would print the property's whole value beside them.
    failures = [provider_pb2.CheckFailure(property="", reason=visible(line)) for line in problems]
    return provider_pb2.CheckResponse(inputs=inputs, failures=failures)


def _diffed(diff: Diff) -> provider_pb2.DiffResponse:
    some = provider_pb2.DiffResponse.DIFF_SOME if diff.changes else provider_pb2.DiffResponse.DIFF_NONE
    answer = provider_pb2.DiffResponse(
        changes=some, diffs=list(diff.changes), replaces=diff.replaces, hasDetailedDiff=True
    )
    for path, change in diff.changes.items():
        detail = answer.detailedDiff[path]
        detail.kind = provider_pb2.PropertyDiff.Kind.Value(change.value)
        detail.inputDiff = path not in diff.of_outputs and change is not Change.REPLACE
    return answer


for _name in (
    *(
        "GetSchema",
        "CheckConfig",
        "Configure",
        "Check",
        "Diff",
        "Create",
        "Read",
        "Update",
        "Delete",
        "Invoke",
    ),
    *("Construct", "_listed"),
):
    setattr(Servicer, _name, one_line(getattr(Servicer, _name)))


async def serve(engine_address: str, environment: Mapping[str, str]) -> None:
    """Serve until the engine is gone. The first line on standard output is the port."""
    # Before that line: an engine that is killed as soon as it has read it is not to be missed.
    parent = os.getppid()
    log = EngineLog(engine_pb2_grpc.EngineStub(_channel(engine_address))) if engine_address else None
    if log:
        logging.getLogger("ccc_numbers").addHandler(ToEngine(log))
    plugin = Plugin(Path.cwd(), environment, log, engine_address)
    server = grpc.aio.server(options=CHANNEL_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(plugin), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        # A killed CLI does not stop its plugins: do not stay behind as an orphan.
        while os.getppid() == parent:  # noqa: ASYNC110  # no event says that a parent died
            await asyncio.sleep(1)
    finally:
        await plugin.close(saved=os.getppid() == parent)


def _channel(address: str) -> Any:
    return grpc.aio.insecure_channel(address, options=CHANNEL_OPTIONS)
