"""What all resources of one engine operation share: the way to CCC, its inventory, the writer, the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccc.client import Client
from ccc.converge import Convergence
from ccc.errors import CccError
from ccc.inventory import Inventory
from ccc.reconcile import removal_limit
from ccc.settings import Settings
from ccc.writer import Writer

from .engine_log import EngineLog

ALLOW_REMOVALS = "CCC_ALLOW_REMOVALS"
"""Environment variable: how many numbers one run may take out of an instance, whatever the budget says."""


@dataclass
class Removals:
    """Counts the numbers taken out of each instance: the last line, where the roster is passed by."""

    environment: Mapping[str, str]
    _limits: dict[str, int] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)
    _before: dict[str, int] = field(default_factory=dict)
    _released: set[str] = field(default_factory=set)

    def allow(self, instance_id: str, limit: int) -> None:
        """The roster was checked in this run and lets this many go."""
        self._limits[instance_id] = limit

    def release(self, instance_id: str) -> None:
        """The latch is gone: the instance is given up as a whole, on purpose."""
        self._released.add(instance_id)

    def count(self, number: str, instance_id: str, live: int) -> None:
        """Count one removal, or raise CccError when it would be one too many. `live`: numbers there now.

        Those counted before may still be there: what the budget is a share of is what the first one found.
        """
        if instance_id in self._released:
            return
        taken = self._taken.get(instance_id, 0)
        before = self._before.setdefault(instance_id, live)
        limit = self._limit(instance_id, before)
        if taken >= limit:
            raise CccError(
                f"{number} stays in {instance_id}: this run has taken out {taken} of {before} numbers and its "
                f"removal budget is {limit}; nothing was done to it. To take out more, raise `removalBudget` and run "
                f"without --target, or set {ALLOW_REMOVALS} to the number that may go"
            )
        self._taken[instance_id] = taken + 1

    def _limit(self, instance_id: str, before: int) -> int:
        allowed = self.environment.get(ALLOW_REMOVALS, "")
        if allowed.isdecimal():
            return int(allowed)
        return self._limits.get(instance_id, removal_limit(None, before))


class Run:
    """One engine operation (a refresh, a preview, an update, a destroy) against one account."""

    def __init__(self, settings: Settings, environment: Mapping[str, str], log: EngineLog | None) -> None:
        self.client = Client(settings)
        self.inventory = Inventory(self.client)
        self.writer = Writer(self.client, self.inventory, settings.batch_size)
        self.convergence = Convergence(self.inventory, self.writer)
        self.removals = Removals(environment)
        self.orders_in_use: set[str] = set()
        """Keys of the orders that numbers of the program name, as far as they were checked in this run."""
        self._log = log
        self._told: set[str] = set()

    async def warn(self, message: str, urn: str) -> None:
        """A warning the user sees under the resource."""
        if self._log:
            await self._log.warning(message, urn)

    async def tell(self, message: str, urn: str = "") -> None:
        """A remark the user sees under the resource, or under the stack."""
        if self._log:
            await self._log.info(message, urn)

    async def tell_once(self, message: str, urn: str) -> None:
        """A remark that holds for many resources: the user sees it under the first of them only."""
        if message not in self._told:
            self._told.add(message)
            await self.tell(message, urn)
