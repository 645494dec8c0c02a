"""What Pulumi's SDK does for every single resource and this program has no use for, left out.

With a thousand numbers that is more than half of the program's time (`make bench`, docs/performance.md). There are
no public switches for most of it. Each function is looked up before it is replaced, so with an SDK that no longer
has one, only its saving is lost. `CCC_WHOLE_SDK=true` leaves the SDK as it is, to see its messages with `--debug`.
"""

import asyncio
import gc
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import pulumi
import pulumi.runtime.resource
from pulumi.runtime.proto import source_pb2

WHOLE_SDK = "CCC_WHOLE_SDK"

# Objects made before Python looks for garbage again. Its own 700 make it walk all futures of all resources over
# and over, a third of the time, and there is nothing to find: they live as long as the program.
_GARBAGE_THRESHOLD = 50_000

_Urn = Callable[..., pulumi.Output[str]]


def economise(environment: Mapping[str, str]) -> None:
    """Do it, before the first resource; once is enough for a process."""
    if getattr(pulumi.log, "debug", None) is _say_nothing:
        return
    gc.freeze()
    gc.set_threshold(_GARBAGE_THRESHOLD, 20, 20)
    if environment.get(WHOLE_SDK) == "true":
        return
    registration = pulumi.runtime.resource
    if hasattr(registration, "_get_stack_trace"):
        # The Python stack of each resource, kept in state: all resources here come from the same lines.
        registration._get_stack_trace = source_pb2.StackTrace
    if hasattr(registration, "create_urn"):
        # A URN for tests without an engine, put together out of a dozen futures and thrown away.
        registration.create_urn = quick_urns(registration.create_urn)
    annotations = sys.modules.get("pulumi._types")
    if annotations and hasattr(annotations, "resource_types"):
        # Evaluates the annotations of the resource's class, which are always the same.
        annotations.resource_types = cache(annotations.resource_types)  # type: ignore[attr-defined]  # the SDK's own
    waiting = sys.modules.get("pulumi.runtime.stack")
    if waiting and hasattr(waiting, "asyncio"):
        # At its end the program looks at all outputs that are left each time that one of them is done: the square of
        # their number, and with 3,000 numbers up to two thirds of its time.
        waiting.asyncio = SimpleNamespace(**vars(asyncio) | {"wait": _wait_for_all})  # type: ignore[attr-defined]  # the SDK's own
    if hasattr(pulumi.log, "debug"):
        # Four messages a resource, each of which the event loop waits for, and which the engine drops.
        pulumi.log.debug = _say_nothing


def quick_urns(create_urn: _Urn) -> _Urn:
    """The same function, but without futures where all parts are plain text."""

    def urn(*parts: object, **more: object) -> pulumi.Output[str]:
        match parts:
            case (str(name), str(kind), str(parent)) if parent and not more:
                return pulumi.Output.from_input(f"{parent[: parent.rfind('::')]}${kind}::{name}")
        return create_urn(*parts, **more)

    return urn


async def _wait_for_all(
    tasks: Iterable["asyncio.Task[Any]"], **_: object
) -> "tuple[set[asyncio.Task[Any]], set[asyncio.Task[Any]]]":
    """In place of a wait for the first that is done: for all of them, or the first that failed."""
    return await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)


def _say_nothing(*_: object, **__: object) -> None:
    return None
