"""The plugin as a whole: its configuration, its schema, and which resource type answers for which token."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from ccc import embedded
from ccc.errors import CccError, ConfigError
from ccc.settings import Settings

from . import resources
from .engine_log import EngineLog
from .functions import FUNCTIONS
from .resource import Resource
from .run import Run
from .wire import Bag, has_unknown

_SCHEMA = Path(__file__).parent / "schema.json"


class Plugin:
    """One process of the plugin: one configuration, one engine operation.

    `folder` is the Pulumi project's, which relative paths are read from.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], log: EngineLog | None) -> None:
        self._folder = folder
        self._environment = environment
        self._log = log
        self._resources: dict[str, Resource] = {}
        self._settings: Settings | None = None
        self._simulator: embedded.EmbeddedSimulator | None = None

    def schema(self) -> str:
        """The package schema, JSON."""
        return _SCHEMA.read_text(encoding="utf-8")

    def check_config(self, inputs: Bag) -> list[str]:
        """What is wrong with the provider's configuration, one line each."""
        if has_unknown(inputs):
            return []
        try:
            self._parsed(inputs)
        except ConfigError as error:
            return [str(error)]
        return []

    def configure(self, inputs: Bag) -> None:
        """Take the configuration over. Nothing is connected before the first resource needs it."""
        # The stack file's have been through check_config; others are those of the last `up`, which an `up` replaces.
        self._settings = self._parsed(inputs, kept=True)

    @cached_property
    def run(self) -> Run:
        """The run of this process, begun with the first resource."""
        settings = self._settings or self._parsed({})
        if settings.embedded:
            self._simulator = embedded.start(
                settings.simulator_seed, settings.simulator_state, project=self._folder
            )
            settings = settings.at(self._simulator.url)
        return Run(settings, self._environment, self._log)

    def resource(self, urn: str) -> Resource:
        """The type that answers for a URN."""
        token = urn.split("::")[2].split("$")[-1]
        if token not in resources.MODULES:
            raise CccError(f'no resource type "{token}"; {_nearest(token, resources.MODULES)}')
        if token not in self._resources:
            self._resources[token] = resources.resource(token)
        return self._resources[token]

    async def invoke(self, token: str, arguments: Bag) -> Mapping[str, object]:
        """Call one of the functions."""
        if token not in FUNCTIONS:
            raise CccError(f'no function "{token}"; {_nearest(token, FUNCTIONS)}')
        return await FUNCTIONS[token](self.run, arguments)

    def cancel(self) -> None:
        """The user asked to stop: numbers that have begun are finished, nothing new is begun."""
        if "run" in self.__dict__:
            self.run.writer.stop()

    async def close(self) -> None:
        """Give back what the run holds. Where the CLI was killed, numbers that have begun are finished first."""
        if "run" in self.__dict__:
            self.run.writer.stop()
            await self.run.convergence.finished()
            await self.run.client.close()
        if self._simulator:
            self._simulator.stop()

    def _parsed(self, inputs: Bag, *, kept: bool = False) -> Settings:
        return Settings.parse(inputs, environ=self._environment, base=self._folder, kept=kept)


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(names)}"
