"""Joins what is asked for at the same time into CCC's batch calls, and gives each asker its own outcome."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import tr

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item", bound=Hashable)

# A batch that is not full waits so many lingers at most, as long as more keeps coming.
_LINGERS = 3
# Full batches of one key under way at the same time.
_AT_ONCE = 4


class Stopped(CccError):
    """The run was cancelled before CCC was called for this."""

    def __init__(self) -> None:
        super().__init__(tr("stopped on request before anything was done for it"))


@dataclass
class _Queue(Generic[Item]):
    """What one key waits for."""

    waiting: dict[Item, "asyncio.Future[None]"] = field(default_factory=dict)
    begun: set[Item] = field(default_factory=set)
    under_way: set["asyncio.Task[None]"] = field(default_factory=set)
    filling: "asyncio.Task[None] | None" = None


class Batches(Generic[Key, Item]):
    """One queue a key. Full batches go at once, a few beside each other; what is less waits for those under way.

    `send` performs one batch and answers the errors by item; items it does not name went well. An exception
    out of `send` is the outcome of every item of that batch. `linger_s`: see `_fill`.
    """

    def __init__(
        self,
        send: Callable[[Key, Sequence[Item]], Awaitable[Mapping[Item, Exception]]],
        size: int,
        linger_s: float,
    ) -> None:
        self._send = send
        self._size = size
        self._linger_s = linger_s
        self._queues: dict[Key, _Queue[Item]] = {}
        self._stopped = False

    async def submit(self, key: Key, item: Item, begun: bool = False) -> None:
        """Have `item` performed with others of its `key`; raises what became of it if it failed.

        `begun`: a step of work that something was done for already. `stop` lets it come to its end.
        """
        if self._stopped and not begun:
            raise Stopped
        queue = self._queues.setdefault(key, _Queue())
        if begun:
            queue.begun.add(item)
        future = queue.waiting.get(item)
        if future is None:
            future = queue.waiting[item] = asyncio.get_running_loop().create_future()
            self._go_on(key, queue)
        await asyncio.shield(future)

    def stop(self) -> None:
        """Perform what is under way or belongs to work that has begun; refuse what nothing was done for yet."""
        self._stopped = True
        for queue in self._queues.values():
            for item in queue.waiting.keys() - queue.begun:
                future = queue.waiting.pop(item)
                if not future.done():
                    future.set_exception(Stopped())
                    future.exception()  # its asker may be gone

    def _go_on(self, key: Key, queue: _Queue[Item]) -> None:
        """Begin whatever may begin now."""
        while len(queue.waiting) >= self._size and len(queue.under_way) < _AT_ONCE:
            self._begin(key, queue)
        if queue.waiting and not queue.under_way and queue.filling is None:
            queue.filling = asyncio.create_task(self._fill(key, queue))

    def _begin(self, key: Key, queue: _Queue[Item]) -> None:
        """Take one batch out of the queue and perform it beside everything else."""
        batch = {item: queue.waiting.pop(item) for item in list(queue.waiting)[: self._size]}
        queue.begun -= batch.keys()
        performing = asyncio.create_task(self._perform(key, batch))
        queue.under_way.add(performing)

        def ended(_: "asyncio.Task[None]") -> None:
            queue.under_way.discard(performing)
            self._go_on(key, queue)

        performing.add_done_callback(ended)

    async def _fill(self, key: Key, queue: _Queue[Item]) -> None:
        """A short wait lets the engine hand over what it runs at the same time; a longer one, while more keeps coming."""
        for _ in range(_LINGERS):
            before = len(queue.waiting)
            await asyncio.sleep(self._linger_s)
            if len(queue.waiting) <= before or queue.under_way:
                break
        queue.filling = None
        # All may have been refused, or have filled a batch, meanwhile.
        if queue.waiting and not queue.under_way:
            self._begin(key, queue)

    async def _perform(self, key: Key, batch: Mapping[Item, "asyncio.Future[None]"]) -> None:
        errors: Mapping[Item, Exception]
        try:
            errors = await self._send(key, list(batch))
        except Exception as error:  # noqa: BLE001  # each asker gets it and handles it
            errors = dict.fromkeys(batch, error)
        for item, future in batch.items():
            if future.done():
                continue
            if item in errors:
                future.set_exception(errors[item])
                future.exception()  # its asker may be gone
            else:
                future.set_result(None)
