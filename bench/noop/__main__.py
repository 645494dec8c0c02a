"""`python -m bench.noop ENGINE_ADDRESS`: answers every call with what it was asked.

It asks for a refresh before each update, as the real one does, so that both get the same calls from the engine.
"""

import asyncio
import contextlib
import gc
import os
import sys
from typing import Any

import grpc
from google.protobuf import empty_pb2

from ccc_numbers.provider.protocol import CHANNEL_OPTIONS, plugin_pb2, provider_pb2, provider_pb2_grpc

_READ_BY_THE_PROGRAM = {"status": "bound", "unmanaged": []}


class Nothing(provider_pb2_grpc.ResourceProviderServicer):
    """The same calls as `ccc_numbers.provider.server.Servicer`."""

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="0.1.0")

    async def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    async def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    async def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    async def Diff(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)

    async def Create(self, request: Any, context: Any) -> Any:
        made = "" if request.preview else request.urn.rsplit("::", 1)[-1]
        answer = provider_pb2.CreateResponse(
            id=made, properties=request.properties, refresh_before_update=True
        )
        answer.properties.update(_READ_BY_THE_PROGRAM)
        return answer

    async def Read(self, request: Any, context: Any) -> Any:
        return provider_pb2.ReadResponse(
            id=request.id,
            inputs=request.inputs,
            properties=request.properties,
            refresh_before_update=True,
        )

    async def Update(self, request: Any, context: Any) -> Any:
        return provider_pb2.UpdateResponse(properties=request.news, refresh_before_update=True)

    async def Delete(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    async def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


async def serve() -> None:
    """Serve until the engine is gone. The first line on standard output is the port."""
    server = grpc.aio.server(options=CHANNEL_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Nothing(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110  # no event says that a parent died
        await asyncio.sleep(1)


if __name__ == "__main__":
    gc.freeze()  # as the real one does
    gc.set_threshold(50_000, 20, 20)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
