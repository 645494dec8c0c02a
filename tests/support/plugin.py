"""The plugin's resource types without the engine: one verb at a time, each in a run of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ccc_numbers.api.settings import Settings
from ccc_numbers.provider.generate import all_models
from ccc_numbers.provider.resource import Live, Resource
from ccc_numbers.provider.resources import resource
from ccc_numbers.provider.run import Run

Bag = dict[str, Any]


class EngineMessages:
    """In the engine's place: keeps the messages it gets."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.remarks: list[str] = []

    async def warning(self, message: str, urn: str = "") -> None:
        self.warnings.append(message)

    async def info(self, message: str, urn: str = "") -> None:
        self.remarks.append(message)


@asynccontextmanager
async def a_run(
    url: str,
    shown: EngineMessages | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    destroying: bool = False,
    **settings: Any,
) -> AsyncIterator[Run]:
    """One engine operation against the simulator at `url`, in a project without files. `destroying`: a `destroy`."""
    with TemporaryDirectory() as project:
        made = Settings.parse({"endpoint": url, **settings})
        run = Run(made, environment or {}, shown, Path(project), "dev")  # type: ignore[arg-type]  # as far as used
        run.declared.destroying = destroying
        try:
            yield run
        finally:
            run.journal.close(saved=False)
            await run.client.close()


class Verbs:
    """The verbs of one resource type, as the engine calls them, with these `settings`. `shown`: the messages of all.

    What they return has to be properties of the type's model.
    """

    def __init__(self, url: str, kind: str, **settings: Any) -> None:
        self._url, self._settings = url, settings
        self.shown = EngineMessages()
        self._resource: Resource = resource(f"ccc:index:{kind}")
        (model,) = (each for each in all_models() if each.name == kind)
        self._inputs, self._outputs = model.inputs.keys(), {each.name for each in model.properties}
        self._urn = f"urn:pulumi:dev::p::ccc:index:{kind}::it"

    async def check(self, new: Bag, old: Bag | None = None) -> list[str]:
        async with a_run(self._url, self.shown, **self._settings) as run:
            return list(self._resource.check(run, old or {}, new))

    def diff(self, old: Bag, new: Bag) -> dict[str, str]:
        return {path: change.value for path, change in self._resource.diff(old, new).changes.items()}

    async def create(self, inputs: Bag, preview: bool = False) -> tuple[str, Bag]:
        async with a_run(self._url, self.shown, **self._settings) as run:
            made, outputs = await self._resource.create(run, self._urn, inputs, preview)
        return made, self._known(outputs)

    async def read(self, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        async with a_run(self._url, self.shown, **self._settings) as run:
            live = await self._resource.read(run, self._urn, resource_id, outputs, inputs)
        assert live is None or (live.inputs.keys() <= self._inputs and self._known(live.outputs))
        return live

    async def update(self, resource_id: str, old: Bag, new: Bag, preview: bool = False) -> Bag:
        async with a_run(self._url, self.shown, **self._settings) as run:
            return self._known(await self._resource.update(run, self._urn, resource_id, old, new, preview))

    def _known(self, outputs: Mapping[str, Any]) -> Bag:
        assert outputs.keys() <= self._outputs
        return dict(outputs)

    async def delete(self, resource_id: str, outputs: Bag) -> None:
        """As a `pulumi destroy` calls it."""
        async with a_run(self._url, self.shown, destroying=True, **self._settings) as run:
            await self._resource.delete(run, self._urn, resource_id, outputs)
