"""What an operation is: a function whose signature declares its parameters.

    @operation(reads=True)
    def list_phone_numbers(call: Call, page_number: PageNumber, ..., usage: Usage | None = None) -> Answer:

The function's name is the action's, its arguments are the wire's parameters. `InstanceId` is not among them:
every operation needs it unless it is declared an `account` operation, and finds it as `call.instance`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Any

from ccc_numbers.simulator.authentication import AccessKey
from ccc_numbers.simulator.parameters import Parameter, declared, wire_name
from ccc_numbers.simulator.records import Instance
from ccc_numbers.simulator.switches import Switches

Answer = Mapping[str, object]
"""The keys of a response beside the envelope's, normally `{"Data": …}` or nothing."""

DONE: Answer = {}


@dataclass(slots=True)
class Call:
    """One call being answered. `now` is Unix milliseconds; `later` runs after the answer is made.

    `failing` are numbers a commanded fault leaves out.
    """

    db: Connection
    switches: Switches
    key: AccessKey
    now: int
    failing: frozenset[str] = frozenset()
    found_instance: Instance | None = None
    later: list[Callable[[Connection], object]] = field(default_factory=list)

    @property
    def instance(self) -> Instance:
        """The instance the call names; only account operations have none."""
        assert self.found_instance is not None
        return self.found_instance

    @property
    def account(self) -> str:
        return self.key.account

    @property
    def caller(self) -> str:
        """Who is calling, as edit locks and listings name him: the RAM user or the account itself."""
        return self.key.user or self.key.account


@dataclass(frozen=True, slots=True)
class Operation:
    """One action of the API, ready to be dispatched."""

    action: str
    function: Callable[..., Answer]
    parameters: tuple[Parameter, ...]
    account: bool
    reads: bool
    any_status: bool
    form: bool


def operation(
    *, account: bool = False, reads: bool = False, any_status: bool = False, form: bool = False
) -> Callable[[Callable[..., Answer]], Operation]:
    """Declare a function as an operation.

    `account`: takes no InstanceId. `reads`: changes nothing, so its answer may be remembered.
    `any_status`: answers for instances that are not RUNNING too. `form`: its parameters belong in the body.
    """

    def declare(function: Callable[..., Answer]) -> Operation:
        action = wire_name(function.__name__)
        return Operation(action, function, declared(function), account, reads, any_status, form)

    return declare


def operations_in(module: Any) -> dict[str, Operation]:
    """Action -> operation, for every operation a module declares."""
    return {value.action: value for value in vars(module).values() if isinstance(value, Operation)}
