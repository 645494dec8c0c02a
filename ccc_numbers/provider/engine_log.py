"""Messages to the engine: its Diagnostics section, or the progress line of one resource."""

import asyncio
import logging
from typing import Any

from ccc_numbers.messages.visible import visible
from ccc_numbers.provider.protocol import engine_pb2


class EngineLog:
    """Sends messages to the engine that started the plugin (`stub`: its `EngineStub`), if an engine did.

    `urn` says under which resource a message is shown, "" under the stack.
    """

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    async def warning(self, message: str, urn: str = "") -> None:
        """A lasting warning."""
        await self._send(engine_pb2.WARNING, message, urn)

    async def info(self, message: str, urn: str = "") -> None:
        """A lasting remark."""
        await self._send(engine_pb2.INFO, message, urn)

    async def _send(self, severity: engine_pb2.LogSeverity.ValueType, message: str, urn: str) -> None:
        if self._stub:
            await self._stub.Log(
                engine_pb2.LogRequest(severity=severity, message=visible(message), urn=urn, streamId=0)
            )


class ToEngine(logging.Handler):
    """Shows the warnings of `ccc_numbers/api/` to the user, each once: the shared rate budget that is away, for one."""

    def __init__(self, log: EngineLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._shown: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message not in self._shown:
            self._shown.add(message)
            asyncio.run_coroutine_threadsafe(self._log.warning(message), self._loop)
