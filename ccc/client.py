"""The one way to CCC: every operation as a coroutine that answers rows or raises a `CccError`."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from ccc.operations.base import Parameter
from ccc.operations.contact_flows import ContactFlowOperations
from ccc.operations.instances import InstanceOperations
from ccc.operations.numbers import NumberOperations
from ccc.operations.skill_groups import SkillGroupOperations
from ccc.rows import Wire
from ccc.settings import Settings


class Client(NumberOperations, SkillGroupOperations, ContactFlowOperations, InstanceOperations):
    """One account in one region. Used from one event loop; close it, or use it as an async context."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def within(self, seconds: float) -> Self:
        """The same client with another deadline for each operation, retries included (default 60 s)."""
        raise NotImplementedError

    async def close(self) -> None:
        """Give back threads and connections."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _read(self, action: str, **parameters: Parameter) -> Wire:
        raise NotImplementedError

    async def _write(self, action: str, **parameters: Parameter) -> Wire:
        raise NotImplementedError

    async def _list(self, action: str, key: str, **parameters: Parameter) -> list[Wire]:
        raise NotImplementedError
