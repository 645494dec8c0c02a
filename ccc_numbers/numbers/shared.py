"""A listing that is asked for once, by however many want it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """One load, waited for by everybody who asks meanwhile; a failed one is made again by the next who asks."""

    def __init__(self, load: Callable[[], Coroutine[None, None, T]]) -> None:
        self._load = load
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        if self._task is None or (self._task.done() and self._failed(self._task)):
            self._task = asyncio.create_task(self._load())
        # Shielded: one waiter that is cancelled must not take the listing from the others.
        return await asyncio.shield(self._task)

    @property
    def loaded(self) -> T | None:
        """What was loaded, if it was by now."""
        if self._task is None or not self._task.done() or self._failed(self._task):
            return None
        return self._task.result()

    @staticmethod
    def _failed(task: "asyncio.Task[T]") -> bool:
        return task.cancelled() or task.exception() is not None
