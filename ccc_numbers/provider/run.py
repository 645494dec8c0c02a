"""What all resources of one engine operation share: the way to CCC, its inventory, the writer, the log."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from ccc_numbers.api.client import Client
from ccc_numbers.api.endpoint import EMBEDDED
from ccc_numbers.api.settings import Settings
from ccc_numbers.api.world import place_of
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.apply_number import Applier
from ccc_numbers.numbers.inventory import Inventory
from ccc_numbers.numbers.writer import Writer
from ccc_numbers.provider.declared import Declarations
from ccc_numbers.provider.engine_log import EngineLog
from ccc_numbers.provider.engine_verb import DESTROY, DO, caller_of
from ccc_numbers.provider.journal import Journal


class Run:
    """One engine operation (a refresh, a preview, an update, a destroy) on one stack, against one account.

    `project` is the Pulumi project's folder, `verb` the engine's where it is known, `simulator_url` where the embedded
    simulator of `settings` listens.
    """

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        log: EngineLog | None,
        project: Path | None = None,
        stack: str = "",
        simulator_url: str | None = None,
        verb: str | None = None,
    ) -> None:
        folder = project or Path()
        caller = caller_of(stack, verb)
        self._place = settings.place
        self.environment = environment
        self.client = Client(settings.at(simulator_url) if simulator_url else settings, caller=caller)
        self.inventory = Inventory(self.client)
        self.writer = Writer(self.client, self.inventory, settings.batch_size)
        self.journal = Journal(folder, stack)
        self.declared = Declarations(
            folder,
            stack,
            settings,
            environment,
            self.journal.begun,
            destroying=verb == DESTROY,
            programless=verb == DO,
        )
        self.applier = Applier(self.inventory, self.writer, self.declared, self.journal)
        self.removed: dict[str, tuple[int, int]] = {}
        """Instance -> its numbers before, and how many `removeOnDelete` has removed, where no roster counts them."""
        self.orders_in_use: set[str] = set()
        """Keys of the orders that numbers of the program name, as far as they were checked in this run."""
        log = log or EngineLog(None)
        self.warn, self.inform = log.warning, log.info
        self._informed: set[str] = set()

    @property
    def place(self) -> str:
        """Where the numbers are, for people; see `Settings.place`. With the account, once CCC has named it."""
        embedded = self._place.startswith(EMBEDDED)
        return self._place if embedded else place_of(self._place, self.client.account)

    async def inform_once(self, message: str, urn: str) -> None:
        """A remark that holds for many resources: the user sees it under the first of them only."""
        await self._once(self.inform, message, urn)

    async def warn_once(self, message: str, urn: str) -> None:
        """A warning of that sort."""
        await self._once(self.warn, message, urn)

    async def _once(self, say: Callable[[str, str], Awaitable[None]], message: str, urn: str) -> None:
        if message not in self._informed:
            self._informed.add(message)
            await say(message, urn)


def moved(made: str, now: str) -> str:
    """What to say, and to do, when a stack's settings lead elsewhere than its state."""
    return tr(
        "this stack was made at {made}, and its settings now lead to {now}; nothing was looked at or changed. Put "
        "ccc:endpoint, ccc:region, ccc:account or the keys back, or make another stack. If the move is meant, "
        "`ccc-numbers rebase` shows what would differ there, and lets the stack begin again",
        made=made,
        now=now,
    )
