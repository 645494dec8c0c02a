"""The one way to CCC: every operation as a coroutine that answers rows or raises a `CccError`."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from ccc_numbers.api.account_guard import AccountGuard
from ccc_numbers.api.credentials import Credentials, account_of
from ccc_numbers.api.errors import NotExists, Unavailable
from ccc_numbers.api.identity import Caller
from ccc_numbers.api.named_keys import credentials_of
from ccc_numbers.api.operations.base import Parameter, Split, data_object
from ccc_numbers.api.operations.contact_flows import ContactFlowOperations
from ccc_numbers.api.operations.instances import InstanceOperations
from ccc_numbers.api.operations.numbers import NumberOperations
from ccc_numbers.api.operations.skill_groups import SkillGroupOperations
from ccc_numbers.api.paging import PAGE_SIZE, Page, list_all
from ccc_numbers.api.rate_limit import Budget
from ccc_numbers.api.retry import Retry
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.transport import Transport
from ccc_numbers.api.wire import Wire, count, rows


class Client(NumberOperations, SkillGroupOperations, ContactFlowOperations, InstanceOperations):
    """One account in one region. Used from one event loop; close it, or use it as an async context.

    Make one per account and region and share it: its rate budget and connections are its own, unless it shares the
    `budget` of another client of the account. Making it calls nobody; ConfigError when the settings cannot work.
    Where they name an account, no call is made, but for one that shows whose the keys are, before they are known to be
    of that account; then WrongAccount.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        caller: Caller | None = None,
        credentials: Credentials | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.settings = settings
        self._transport = Transport(
            settings.target,
            settings.region,
            settings.timeouts,
            credentials or credentials_of(settings, caller or Caller()),
        )
        self.budget = budget or Budget(
            settings.quotas,
            url=settings.rate_budget_url,
            region=settings.region,
            account=self._account,
        )
        self._retry = Retry(seconds=settings.timeouts.operation, reached=lambda: self._transport.reached)
        # An embedded simulator takes its own keys alone, whatever account it plays.
        expected = None if settings.simulated else settings.identity.account
        self._guard = AccountGuard(expected, self._an_instance)

    @property
    def account(self) -> str | None:
        """The account of the keys, as soon as CCC has named it; it does so beside each instance."""
        return self._guard.account

    def within(self, seconds: float) -> Self:
        """The same client, connections and budget, with another deadline for each call and its retries."""
        other = copy.copy(self)
        other._retry = self._retry.within(seconds)
        return other

    async def close(self) -> None:
        """Give back threads and connections."""
        await self.budget.close()
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _account(self) -> str:
        known = self.settings.rate_account or self.settings.identity.account
        return known or account_of(await self._transport.keys())

    async def _read(self, action: str, **parameters: Parameter) -> Wire:
        if action != "GetInstance":
            await self._guard.check()
        try:
            answer = await self._called(action, parameters)
        except NotExists:
            await self._guard.check()  # another account's keys see no instance of this one
            raise
        if action == "GetInstance":
            self._guard.saw(data_object(answer))
        return answer

    async def _called(self, action: str, parameters: Mapping[str, Parameter]) -> Wire:
        return await self._retry.read(
            lambda: self._transport.send(action, parameters), lambda: self.budget.acquire(action)
        )

    async def _an_instance(self) -> Sequence[Wire]:
        answer = await self._called("ListInstances", {"PageNumber": 1, "PageSize": 1})
        return list(rows(data_object(answer), "List"))

    async def _write(self, action: str, **parameters: Parameter) -> Wire:
        await self._guard.check()
        return await self._retry.write(
            lambda: self._transport.send(action, parameters), lambda: self.budget.acquire(action)
        )

    async def _list(
        self, action: str, key: str, splits: Sequence[Split] = (), **parameters: Parameter
    ) -> list[Wire]:
        await self._guard.check()

        async def fetch(number: int, extra: Mapping[str, Parameter]) -> Page:
            call = {**parameters, **extra, "PageNumber": number, "PageSize": PAGE_SIZE}
            return await self._retry.read(
                lambda: self._page(action, call), lambda: self.budget.acquire(action)
            )

        instance = parameters.get("InstanceId")
        listed = await list_all(f"{action} of {instance}" if instance else action, fetch, key, splits)
        if action == "ListInstances":
            for each in listed:
                self._guard.saw(each)
        return listed

    async def _page(self, action: str, parameters: Mapping[str, Parameter]) -> Page:
        data = (await self._transport.send(action, parameters)).get("Data")
        if isinstance(data, Mapping):
            rows, total = data.get("List") or [], count(data, "TotalCount")
            if isinstance(rows, list) and total is not None:
                return Page([row for row in rows if isinstance(row, Mapping)], total)
        raise Unavailable(action, "BadAnswer", "an answer without list and total", may_have_happened=False)
