"""What is left out of the SDK's work is still there to be left out, and the program does the same without it."""

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi._types
import pulumi.runtime.resource
import pulumi.runtime.stack
import pytest

from components.economy import WHOLE_SDK, economise, quick_urns
from components.resources import PhoneNumber

REPLACED = [
    (pulumi.runtime.resource, "_get_stack_trace"),
    (pulumi.runtime.resource, "create_urn"),
    (pulumi._types, "resource_types"),
    (pulumi.runtime.stack, "asyncio"),
    (pulumi.log, "debug"),
]


@pytest.fixture(autouse=True)
def _whole_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module, name in REPLACED:
        monkeypatch.setattr(module, name, getattr(module, name))
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


def test_an_sdk_that_lost_one_of_the_functions_is_noticed_here() -> None:
    before = [getattr(module, name) for module, name in REPLACED]
    economise({})
    after = [getattr(module, name) for module, name in REPLACED]
    assert all(old is not new for old, new in zip(before, after, strict=True))


def test_the_whole_sdk_stays_when_it_is_asked_for() -> None:
    before = [getattr(module, name) for module, name in REPLACED]
    economise({WHOLE_SDK: "true"})
    assert [getattr(module, name) for module, name in REPLACED] == before


def test_python_looks_for_garbage_less_often_even_with_the_whole_sdk() -> None:
    for environment in ({WHOLE_SDK: "true"}, {}):
        economise(environment)
        assert gc.get_threshold()[0] >= 50_000
        assert gc.get_freeze_count() > 0
        gc.unfreeze()
        gc.set_threshold(700)


def test_a_message_for_debugging_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    economise({})
    monkeypatch.setattr(pulumi.log, "get_engine", lambda: pytest.fail("the engine was asked for"))
    pulumi.log.debug("registering resource")


def test_no_source_positions_are_sent() -> None:
    economise({})
    assert not pulumi.runtime.resource._get_stack_trace().frames


def test_the_types_of_a_class_are_found_once() -> None:
    found = pulumi._types.resource_types(PhoneNumber)
    economise({})
    assert pulumi._types.resource_types(PhoneNumber) == found
    assert pulumi._types.resource_types(PhoneNumber) is pulumi._types.resource_types(PhoneNumber)


async def test_a_quick_urn_is_the_sdks_own() -> None:
    create_urn = pulumi.runtime.resource.create_urn
    parts = (
        "02180001001",
        "ccc:index:PhoneNumber",
        "urn:pulumi:dev::p::ccc:components:InstanceNumbers::acme",
    )
    assert await quick_urns(create_urn)(*parts).future() == await create_urn(*parts).future()
    expected = "urn:pulumi:dev::p::ccc:components:InstanceNumbers$ccc:index:PhoneNumber::02180001001"
    assert await create_urn(*parts).future() == expected


async def test_other_urns_are_left_to_the_sdk() -> None:
    create_urn = pulumi.runtime.resource.create_urn
    name = pulumi.Output.from_input("x")
    parent = "urn:pulumi:dev::p::t:T::parent"
    assert (
        await quick_urns(create_urn)(name, "t:T", parent).future()
        == await create_urn(name, "t:T", parent).future()
    )
    assert await quick_urns(create_urn)("x", "t:T", None, "p", "dev").future() == "urn:pulumi:dev::p::t:T::x"


async def _looks_at_outputs(count: int) -> int:
    """How often the SDK, waiting for `count` outputs that get done one after the other, looks at one of them."""
    looks = 0
    wait = asyncio.wait

    async def counting(tasks: list["asyncio.Task[object]"], **how: Any) -> object:
        nonlocal looks
        looks += len(tasks)
        return await wait(tasks, **how)

    asyncio.wait = counting  # type: ignore[assignment]  # as the SDK calls it
    try:
        turns = [asyncio.Event() for _ in range(count + 1)]

        async def one(at: int) -> int:
            await turns[at].wait()
            asyncio.get_running_loop().call_soon(turns[at + 1].set)
            return at

        outputs: list[pulumi.Output[int]] = [pulumi.Output.from_input(one(at)) for at in range(count)]
        turns[0].set()
        await pulumi.runtime.stack.wait_for_rpcs()
        assert [await output.future() for output in outputs] == list(range(count))
    finally:
        asyncio.wait = wait
    return looks


async def test_the_end_of_the_program_is_waited_for_once() -> None:
    economise({})
    assert await _looks_at_outputs(100) <= 3 * 100


async def test_an_output_that_fails_ends_the_wait_at_once() -> None:
    economise({})
    never: pulumi.Output[bool] = pulumi.Output.from_input(asyncio.Event().wait())

    async def fails() -> None:
        raise ValueError("no such flow")

    failing: pulumi.Output[None] = pulumi.Output.from_input(fails())
    with pytest.raises(ValueError, match="no such flow"):
        await asyncio.wait_for(pulumi.runtime.stack.wait_for_rpcs(), timeout=10)
    pulumi.runtime.settings.SETTINGS.outputs.clear()
    for output in (never, failing):
        output._data.cancel()
