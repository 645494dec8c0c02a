"""How a call of the engine ends: within its time, and in one line when it fails."""

import asyncio
import os
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible

Answer = TypeVar("Answer")


async def within(timeout_s: float, work: Awaitable[Answer]) -> Answer:
    """`work` within the resource's own timeout, if it was given one (seconds, 0 is none).

    What is being written by then is brought to its end all the same, and counts.
    """
    if not timeout_s:
        return await work
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=timeout_s)
    task.cancel()
    try:
        return await task
    except asyncio.CancelledError:
        why = tr("not begun within the resource's timeout of {seconds:g} s", seconds=timeout_s)
        raise CccError(why) from None


def one_line(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """An expected error reaches the user as its one line; the traceback of a bug goes into a file."""

    async def guarded(self: Any, request: Any, context: Any) -> Any:
        try:
            return await call(self, request, context)
        except grpc.aio.AbortError:
            raise
        except CccError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, visible(str(error)))
        except Exception as bug:  # noqa: BLE001  # reported below, with its traceback
            await context.abort(grpc.StatusCode.UNKNOWN, _reported(bug))

    return guarded


def _reported(bug: Exception) -> str:
    handle, path = tempfile.mkstemp(prefix="ccc-numbers-", suffix=".log")
    with os.fdopen(handle, "w") as file:
        file.writelines(traceback.format_exception(bug))
    return tr(
        "internal error of the ccc plugin ({kind}); its details are in {path}",
        kind=type(bug).__name__,
        path=path,
    )
