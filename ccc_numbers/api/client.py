"""The one way to CCC: every operation as a coroutine that answers rows or raises a `CccError`."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from ccc_numbers.api.credentials import Credentials, account_of, find_credentials
from ccc_numbers.api.errors import Unavailable
from ccc_numbers.api.operations.base import Parameter, Split
from ccc_numbers.api.operations.contact_flows import ContactFlowOperations
from ccc_numbers.api.operations.instances import InstanceOperations
from ccc_numbers.api.operations.numbers import NumberOperations
from ccc_numbers.api.operations.skill_groups import SkillGroupOperations
from ccc_numbers.api.paging import PAGE_SIZE, Page, list_all
from ccc_numbers.api.rate_limit import Budget
from ccc_numbers.api.retry import Retry
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.transport import Transport
from ccc_numbers.api.wire import Wire, count


class Client(NumberOperations, SkillGroupOperations, ContactFlowOperations, InstanceOperations):
    """One account in one region. Used from one event loop; close it, or use it as an async context.

    Make one per account and region and share it: its rate budget and connections are its own. Making it calls
    nobody; ConfigError when the settings cannot work.
    """

    def __init__(self, settings: Settings, *, credentials: Credentials | None = None) -> None:
        self.settings = settings
        endpoint = settings.target
        self._transport = Transport(
            endpoint,
            settings.region,
            settings.timeouts,
            credentials or find_credentials(loopback=endpoint.loopback, simulated=settings.simulated),
        )
        self._budget = Budget(
            settings.quotas,
            url=settings.rate_budget_url,
            region=settings.region,
            account=self._account,
        )
        self._retry = Retry(seconds=settings.timeouts.operation, reached=lambda: self._transport.reached)

    def within(self, seconds: float) -> Self:
        """The same client, connections and budget, with another deadline for each call and its retries."""
        other = copy.copy(self)
        other._retry = self._retry.within(seconds)
        return other

    async def close(self) -> None:
        """Give back threads and connections."""
        await self._budget.close()
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _account(self) -> str:
        return self.settings.rate_account or account_of(await self._transport.keys())

    async def _read(self, action: str, **parameters: Parameter) -> Wire:
        return await self._retry.read(
            lambda: self._transport.send(action, parameters), lambda: self._budget.acquire(action)
        )

    async def _write(self, action: str, **parameters: Parameter) -> Wire:
        return await self._retry.write(
            lambda: self._transport.send(action, parameters), lambda: self._budget.acquire(action)
        )

    async def _list(
        self, action: str, key: str, splits: Sequence[Split] = (), **parameters: Parameter
    ) -> list[Wire]:
        async def fetch(number: int, extra: Mapping[str, Parameter]) -> Page:
            call = {**parameters, **extra, "PageNumber": number, "PageSize": PAGE_SIZE}
            return await self._retry.read(
                lambda: self._page(action, call), lambda: self._budget.acquire(action)
            )

        instance = parameters.get("InstanceId")
        return await list_all(f"{action} of {instance}" if instance else action, fetch, key, splits)

    async def _page(self, action: str, parameters: Mapping[str, Parameter]) -> Page:
        data = (await self._transport.send(action, parameters)).get("Data")
        if isinstance(data, Mapping):
            rows, total = data.get("List") or [], count(data, "TotalCount")
            if isinstance(rows, list) and total is not None:
                return Page([row for row in rows if isinstance(row, Mapping)], total)
        raise Unavailable(action, "BadAnswer", "an answer without list and total", may_have_happened=False)
