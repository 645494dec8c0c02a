"""The plugin as a whole: its configuration, its schema, and which resource type answers for which token."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from ccc_numbers.api import embedded
from ccc_numbers.api.errors import CccError, ConfigError, WrongAccount
from ccc_numbers.api.identity import KEYS
from ccc_numbers.api.settings import SIMULATOR, Settings
from ccc_numbers.api.world import apart
from ccc_numbers.declaration.names import FOLDER
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.provider import resources
from ccc_numbers.provider.engine_log import EngineLog
from ccc_numbers.provider.engine_verb import caller_of, engine_verb
from ccc_numbers.provider.resource import Resource
from ccc_numbers.provider.run import Run, moved
from ccc_numbers.provider.wire import Bag, has_unknown

if TYPE_CHECKING:
    from ccc_numbers.provider.construct import Components
    from ccc_numbers.provider.listing import Listed

PLACE = ("region", "endpoint", "simulatorSeed", "simulatorState")
_ROLES = "assumeRole"
_SCHEMA = Path(__file__).parent / "schema.json"


class Plugin:
    """One process of the plugin: one configuration, one engine operation.

    `folder` is the Pulumi project's, which relative paths are read from, `engine` the engine's address.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], log: EngineLog | None, engine: str = ""
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._environment = environment
        self._log = log
        self._settings: Settings | None = None
        self._stack = ""
        self._misplaced: str | None = None
        self.misplaced_reported = False
        """Whether it was said already that settings or keys lead elsewhere than the stack's state."""
        self.kept: Bag = {}
        """What the state has to keep beside the configuration that was checked: which simulator it leads to."""
        self._reported: set[str] = set()
        self._simulator: embedded.EmbeddedSimulator | None = None

    def schema(self) -> str:
        """The package schema, JSON."""
        return _SCHEMA.read_text(encoding="utf-8")

    def check_config(self, old: Bag, new: Bag) -> list[str]:
        """What is wrong with the provider's configuration, one line each. `old` is the one in state, if any."""
        if has_unknown(new) or has_unknown(old):
            return []
        try:
            settings = self._parsed(new).asked()
            settings.identity.refuse(caller_of(self._stack, self._verb))
            was = self._parsed(old, kept=True) if old else settings
        except ConfigError as error:
            return [str(error)]
        if apart(was.place, settings.place):
            return [moved(was.place, settings.place)]
        # One that does not answer now is still the one that did.
        if simulator := settings.simulator or was.simulator:
            self.kept = {SIMULATOR: simulator}
        return []

    def configure(self, inputs: Bag, urn: str) -> None:
        """Take the configuration over. Nothing is connected before the first resource needs it.

        The engine looks, and destroys, with the settings in the state: the stack's file may say otherwise by now.
        """
        # The stack file's have been through check_config; others are those of the last `up`, which an `up` replaces.
        settings = self._parsed(inputs, kept=True)
        _, _, name = urn.rpartition("::")
        if name.startswith("default"):
            self._stack = _stack_of(urn)
            said = _said_by_file(self._folder, self._stack)
            now = settings if said is None else self._parsed(said, kept=True)
            if settings.simulator and apart(settings.place, now.place):
                now = now.asked()
            if apart(settings.place, now.place):
                self._misplaced = moved(settings.place, now.place)
            else:
                # The same simulator may be at another address by now: the file says where.
                settings = replace(settings, endpoint=now.endpoint)
            # As whom to call is not a matter of where the numbers are: the file's last word holds.
            settings = replace(settings, identity=settings.identity.now(now.identity))
        settings.identity.refuse(caller_of(self._stack, self._verb))
        self._settings = settings

    @cached_property
    def _verb(self) -> str | None:
        return engine_verb(os.getppid())

    @cached_property
    def run(self) -> Run:
        """The run of this process, begun with the first resource."""
        settings = self._settings or self._parsed({})
        if settings.embedded:
            self._simulator = embedded.start(
                settings.simulator_seed, settings.simulator_state, project=self._folder
            )
        url = self._simulator.url if self._simulator else None
        return Run(settings, self._environment, self._log, self._folder, self._stack, url, self._verb)

    def resource(self, urn: str) -> Resource:
        """The type that answers for a URN. CccError while the stack's settings and its state lead to two places."""
        if self._misplaced:
            self.misplaced_reported = True
            raise CccError(self._misplaced)
        self._stack = self._stack or _stack_of(urn)
        token = urn.split("::")[2].split("$")[-1]
        if token not in resources.MODULES:
            hint = suggestion(token, sorted(resources.MODULES), "there are")
            raise CccError(tr('no resource type "{token}"; {hint}', token=token, hint=hint))
        return resources.resource(token)

    def reports(self, error: CccError) -> bool:
        """Whether a failed look is reported now: the first time only, however many resources meet the same cause.

        Once keys lead elsewhere, nothing is looked at any more.
        """
        self.misplaced_reported = self.misplaced_reported or isinstance(error, WrongAccount)
        first = error.cause not in self._reported
        self._reported.add(error.cause)
        return first

    async def invoke(self, token: str, arguments: Bag) -> Mapping[str, object]:
        """Call one of the functions."""
        from ccc_numbers.provider.functions import FUNCTIONS  # most programs call none

        if token not in FUNCTIONS:
            hint = suggestion(token, sorted(FUNCTIONS), "there are")
            raise CccError(tr('no function "{token}"; {hint}', token=token, hint=hint))
        return await FUNCTIONS[token].call(self.run, arguments)

    @cached_property
    def components(self) -> "Components":
        """What makes the components of this process."""
        from ccc_numbers.provider.construct import Components  # most programs have none

        return Components(self._engine, self._folder, self.run.declared)

    async def listed(self, token: str, query: Bag) -> "Sequence[Listed]":
        """Every resource of a type that CCC holds."""
        from ccc_numbers.provider.listing import listed  # only `pulumi do` asks

        return await listed(self.run, token, query)

    def cancel(self) -> None:
        """The user asked to stop: numbers that have begun are finished, nothing new is begun."""
        if "run" in self.__dict__:
            self.run.writer.stop()

    async def close(self, *, saved: bool) -> None:
        """Give back what the run holds; numbers that have begun are finished first. `saved`: see `Journal.close`."""
        if "run" in self.__dict__:
            self.run.writer.stop()
            await self.run.applier.finished()
            self.run.journal.close(saved=saved)
            await self.run.client.close()
        if self._simulator:
            self._simulator.stop()

    def _parsed(self, inputs: Mapping[str, object], *, kept: bool = False) -> Settings:
        return Settings.parse(inputs, environ=self._environment, base=self._folder, kept=kept)


def _stack_of(urn: str) -> str:
    """`urn:pulumi:acme::project::…` is of stack acme."""
    return urn.split("::")[0].rpartition(":")[2]


def _said_by_file(project: Path, stack: str) -> Mapping[str, object] | None:
    """Where the stack's own file says the numbers are; None where it has none here, or says it encrypted.

    Read by itself: the whole grammar of stack files would cost each run of the plugin a second.
    """
    file = project / FOLDER / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        return None
    try:
        found = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # scalars as text alone
    except (OSError, UnicodeError, yaml.YAMLError, RecursionError):
        return None  # the program says what is wrong with it
    config = found.get("config") if isinstance(found, dict) else None
    if not isinstance(config, dict):
        return {}
    said = {key: value for key in (*PLACE, *KEYS) if (value := config.get(f"ccc:{key}"))}
    read = all(isinstance(value, str) or key == _ROLES for key, value in said.items())
    return said if read else None
