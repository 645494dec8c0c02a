"""`python -m tests.support.alicloud`: stands in for `pulumi-resource-alicloud`, which takes an account to do anything.

It says yes to all, and writes each call that would change something into the file named by ALICLOUD_LOG. Its
marketplace order behaves as the real one: every change is a replacement, deleting does nothing, an import reads back
part of it (source: terraform-provider-alicloud, resource_alicloud_market_order.go).
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

LOG = "ALICLOUD_LOG"
VERSION = "4.0.0"
ORDER = "alicloud:marketplace/order:Order"
ORDER_ID = "2206600000009"
_READ_BACK = {"productCode": "cmgj00012345", "payType": "PrePaid", "quantity": 1}


class Yes(provider_pb2_grpc.ResourceProviderServicer):
    """The calls the engine makes of a plugin."""

    def _log(self, call: str, urn: str) -> None:
        _, _, kind, name = urn.split("::", 3)
        with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
            log.write(f"{call} {kind.rsplit('$', 1)[-1]} {name}\n")

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    async def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    async def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    async def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    async def Diff(self, request: Any, context: Any) -> Any:
        old, new = (json_format.MessageToDict(each) for each in (request.old_inputs, request.news))
        changed = [
            key for key in {**old, **new} if old.get(key) != new.get(key) and key not in request.ignoreChanges
        ]
        some = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        replaced = changed if ORDER in request.urn else []
        return provider_pb2.DiffResponse(changes=some, diffs=changed, replaces=replaced)

    async def Create(self, request: Any, context: Any) -> Any:
        if not request.preview:
            self._log("create", request.urn)
        made = ORDER_ID if ORDER in request.urn else f"id-{request.urn.rsplit('::', 1)[-1]}"
        return provider_pb2.CreateResponse(id="" if request.preview else made, properties=request.properties)

    async def Read(self, request: Any, context: Any) -> Any:
        answer = provider_pb2.ReadResponse(
            id=request.id, inputs=request.inputs, properties=request.properties
        )
        if ORDER in request.urn and not request.properties.fields:
            self._log("read", request.urn)
            answer.inputs.update(_READ_BACK)
            answer.properties.update(_READ_BACK)
        return answer

    async def Update(self, request: Any, context: Any) -> Any:
        if not request.preview:
            self._log("update", request.urn)
        return provider_pb2.UpdateResponse(properties=request.news)

    async def Delete(self, request: Any, context: Any) -> Any:
        self._log("delete", request.urn)
        return empty_pb2.Empty()

    async def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


def install(folder: Path) -> dict[str, str]:
    """Put the executable into `folder`; the environment in which the engine finds it and it finds its log."""
    root = Path(__file__).parents[2]
    folder.mkdir()
    program = folder / "pulumi-resource-alicloud"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m tests.support.alicloud "$@"\n', "utf-8"
    )
    program.chmod(0o755)
    log = folder / "calls.log"
    log.touch()
    return {"PATH": str(folder), LOG: str(log)}


async def _serve() -> None:
    server = grpc.aio.server()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Yes(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110  # no event tells that a parent died
        await asyncio.sleep(0.5)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
