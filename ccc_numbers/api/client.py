"""The one way to CCC: every operation as a coroutine that returns rows or raises a `CccError`."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Self

from ccc_numbers.api import wire
from ccc_numbers.api.account_guard import AccountGuard
from ccc_numbers.api.credentials import Credentials, account_of
from ccc_numbers.api.errors import NotExists, Unavailable
from ccc_numbers.api.identity import Caller
from ccc_numbers.api.named_keys import credentials_of
from ccc_numbers.api.operations.base import Parameter, Split
from ccc_numbers.api.operations.calls import CallOperations
from ccc_numbers.api.operations.contact_flows import ContactFlowOperations
from ccc_numbers.api.operations.instances import InstanceOperations
from ccc_numbers.api.operations.numbers import NumberOperations
from ccc_numbers.api.operations.skill_groups import SkillGroupOperations
from ccc_numbers.api.paging import PAGE_SIZE, Fetch, Page, list_all
from ccc_numbers.api.rate_limit import RateLimit
from ccc_numbers.api.retry import Retry
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.span import Span, list_span
from ccc_numbers.api.transport import Transport
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr


class Client(
    NumberOperations, SkillGroupOperations, ContactFlowOperations, InstanceOperations, CallOperations
):
    """One account in one region. Used from one event loop; close it, or use it as an async context.

    Make one per account and region and share it: its connections are its own, and so is its rate limit unless it shares
    the `rate_limit` of another client of the account. Making it calls nobody; ConfigError when the settings cannot work.
    Where they name an account, the first call finds out whose the keys are; WrongAccount when they are another's.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        caller: Caller | None = None,
        credentials: Credentials | None = None,
        rate_limit: RateLimit | None = None,
    ) -> None:
        self.settings = settings
        self._transport = Transport(
            settings.target,
            settings.region,
            settings.timeouts,
            credentials or credentials_of(settings, caller or Caller()),
        )
        self.rate_limit = rate_limit or RateLimit(
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
        """The account of the keys, once CCC has named it, which it does with each instance."""
        return self._guard.account

    async def close(self) -> None:
        """Release threads and connections."""
        await self.rate_limit.close()
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def attempt(self, action: str, **parameters: Parameter) -> Wire:
        """One call exactly as said, tried once, for who wants to see what CCC says of it. Raises ApiError."""
        await self._guard.check()
        await self.rate_limit.acquire(action)
        return await self._transport.send(action, parameters)

    async def _account(self) -> str:
        known = self.settings.rate_account or self.settings.identity.account
        return known or account_of(await self._transport.keys())

    async def _read(self, action: str, **parameters: Parameter) -> Wire:
        if action != "GetInstance":
            await self._guard.check()
        try:
            answer = await self._answer(action, parameters)
        except NotExists:
            await self._guard.check()  # another account's keys see no instance of this one
            raise
        if action == "GetInstance":
            self._guard.saw(wire.mapping(answer, "Data"))
        return answer

    async def _write(self, action: str, **parameters: Parameter) -> Wire:
        await self._guard.check()
        return await self._retry.write(
            partial(self._transport.send, action, parameters), partial(self.rate_limit.acquire, action)
        )

    async def _count(self, action: str, **parameters: Parameter) -> int:
        await self._guard.check()
        return (await self._page(action, 1, 1, parameters)).total

    async def _list(
        self, action: str, key: str, splits: Sequence[Split] = (), **parameters: Parameter
    ) -> list[Wire]:
        await self._guard.check()
        what, fetch = self._listing(action, parameters)
        listed = await list_all(what, fetch, key, splits)
        if action == "ListInstances":
            for each in listed:
                self._guard.saw(each)
        return listed

    async def _span(self, action: str, key: str, span: Span, **parameters: Parameter) -> list[Wire]:
        await self._guard.check()
        what, fetch = self._listing(action, parameters)
        return await list_span(what, fetch, key, span)

    def _listing(self, action: str, parameters: Mapping[str, Parameter]) -> tuple[str, Fetch]:
        """The words for a listing, and what fetches a page of it."""

        async def fetch(number: int, extra: Mapping[str, Parameter]) -> Page:
            return await self._page(action, number, PAGE_SIZE, {**parameters, **extra})

        instance = parameters.get("InstanceId")
        what = tr("{action} of {instance}", action=action, instance=instance) if instance else action
        return what, fetch

    async def _an_instance(self) -> Sequence[Wire]:
        return (await self._page("ListInstances", 1, 1, {})).rows

    async def _answer(self, action: str, parameters: Mapping[str, Parameter]) -> Wire:
        return await self._retry.read(
            partial(self._transport.send, action, parameters), partial(self.rate_limit.acquire, action)
        )

    async def _page(self, action: str, number: int, size: int, parameters: Mapping[str, Parameter]) -> Page:
        async def call() -> Page:
            answer = await self._transport.send(
                action, {**parameters, "PageNumber": number, "PageSize": size}
            )
            data = wire.mapping(answer, "Data")
            rows, total = data.get("List") or [], wire.count(data, "TotalCount")
            if isinstance(rows, list) and total is not None:
                return Page([row for row in rows if isinstance(row, Mapping)], total)
            raise Unavailable(
                action, "BadAnswer", tr("an answer without list and total"), may_have_happened=False
            )

        return await self._retry.read(call, partial(self.rate_limit.acquire, action))
