"""An operation is a function whose signature declares its parameters.

    @operation(reads=True, paged=True)
    def list_phone_numbers(call: Call, search_pattern: String | None = None, ...) -> Answer:

The function's name is the action's, its arguments are the wire's parameters. Two kinds are not among them:
`InstanceId`, which every operation needs unless it is declared an `account` operation and which it finds as
`call.instance`, and `PageNumber` and `PageSize` of a `paged` one, which it finds as `call.page`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection

from ccc_numbers.simulator.parameters import Integer, Parameter, Text, declared, wire_name
from ccc_numbers.simulator.records import AccessKey, Instance
from ccc_numbers.simulator.switches import Switches

Answer = Mapping[str, object]
"""The keys of a response beside the envelope's, normally `{"Data": …}` or nothing."""

DONE: Answer = {}

INSTANCE_ID = Parameter("InstanceId", "instance_id", Text(), required=True)
_PAGE = tuple(
    Parameter(wire_name(name), name, Integer(1, 100), True) for name in ("page_number", "page_size")
)


@dataclass(slots=True)
class Call:
    """One call being answered. `now` is Unix milliseconds; `later` runs after the answer is made.

    `failing` are numbers a commanded fault leaves out; `page` is a page's number and size.
    """

    db: Connection
    switches: Switches
    key: AccessKey
    failing: frozenset[str] = frozenset()
    now: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    found_instance: Instance | None = None
    page: tuple[int, int] = (1, 100)
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
    """One action of the API, ready to be dispatched.

    `account`: takes no InstanceId. `reads`: changes nothing, so its answer may be remembered. `paged`: answers
    one page of a list. `any_status`: answers for instances that are not RUNNING too. `form`: its parameters
    belong in the body.
    """

    action: str
    function: Callable[..., Answer]
    parameters: tuple[Parameter, ...]
    account: bool = False
    reads: bool = False
    paged: bool = False
    any_status: bool = False
    form: bool = False


def operation(**traits: bool) -> Callable[[Callable[..., Answer]], Operation]:
    """Declare a function as an operation; `traits` are the flags of Operation."""

    def declare(function: Callable[..., Answer]) -> Operation:
        parameters = declared(function)
        if traits.get("paged"):
            required = tuple(parameter for parameter in parameters if parameter.required)
            parameters = (*required, *_PAGE, *parameters[len(required) :])
        return Operation(wire_name(function.__name__), function, parameters, **traits)

    return declare
