"""Finds out from CCC whose keys are in use, and compares that with the account that the stack names."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from ccc_numbers.api import wire
from ccc_numbers.api.errors import WrongAccount
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr


class AccountGuard:
    """`expected` is the account of `ccc:account`; with None it only remembers the account. `ask` lists an instance."""

    def __init__(self, expected: str | None, ask: Callable[[], Awaitable[Iterable[Wire]]]) -> None:
        self._expected = expected
        self._ask = ask
        self._one_asks = asyncio.Lock()
        self.account: str | None = None
        """The account of the keys, as soon as CCC has named it."""

    def saw(self, instance: Wire) -> None:
        """Note the account that owns an instance of an answer. WrongAccount when it is not the expected one."""
        self.account = wire.text(instance, "AliyunUid") or self.account
        if self._expected and self.account and self.account != self._expected:
            raise WrongAccount(
                tr(
                    "the keys in use are of account {account}, and ccc:account says {expected}: nothing was written; use "
                    "the keys, the profile or the role of {expected}",
                    account=self.account,
                    expected=self._expected,
                )
            )

    async def check(self) -> None:
        """Return when the keys are certainly of the expected account; else WrongAccount. Asks CCC once at most."""
        if self._expected is None or self.account == self._expected:
            return
        async with self._one_asks:
            if self.account is None:
                for instance in await self._ask():
                    self.saw(instance)
        if self.account is None:
            raise WrongAccount(
                tr(
                    "ccc:account says {expected}, but the keys in use show no instance of CCC, so their account is unknown: "
                    "nothing was written",
                    expected=self._expected,
                )
            )
        self.saw({})
