"""`ccc:index:InstanceNumbers` for programs in YAML, TypeScript and Go. The plugin calls `construct` for the engine.

It takes a thread of its own, with an event loop and workers of its own: the SDK waits in a worker for each resource that it
registers, and the plugin makes those resources at the same time.
"""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

import pulumi
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer
from pulumi.resource import DependencyResource

from ccc_numbers import __version__
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.declaration import clock
from ccc_numbers.declaration.component import Said, label, read_component
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.override import declared_at
from ccc_numbers.declaration.vendor_rules import catalogue_of

from .economy import economise
from .instance_numbers import InstanceNumbers
from .vendor_orders import declare_orders, lines_of

_WORKERS = 128
"""Resources registered at a time, where the engine does not say how many it works on."""


Declare: TypeAlias = Callable[[str, Iterable[str]], Iterable[str]]
"""Takes an instance and its numbers before they are registered; says why they must not be."""


def construct(
    request: Any, said: Mapping[str, Said], engine: str, project: Path, declare: Declare
) -> Any | list[str]:
    """The engine's `ConstructRequest` carried out: its `ConstructResponse`, or what is wrong with what is `said`, by line.

    `engine` is the engine's address. Nothing is registered when anything is wrong.
    """
    loaded = read_component(request.name, said, project)
    errors = [each for each in loaded.problems if each.severity == "error"]
    if errors or loaded.declaration is None:
        # The engine puts the resource before them.
        return [str(each).removeprefix(f"{label(request.name)}: ") for each in errors]
    try:
        declaration = declared_at(loaded.declaration, clock.now(environment=os.environ))
    except ConfigError as error:
        return [str(error)]
    (instance,) = declaration.instances.values()
    if refused := list(declare(instance.id, instance.numbers)):
        return refused
    economise(os.environ)
    warnings = [str(each) for each in loaded.problems]
    return asyncio.run(_constructed(request, declaration, warnings, engine))


async def _constructed(request: Any, declaration: Declaration, warnings: list[str], engine: str) -> Any:
    workers = ThreadPoolExecutor(max(_WORKERS, request.parallel))
    asyncio.get_running_loop().set_default_executor(workers)
    after = {
        *request.dependencies,
        *(urn for each in request.inputDependencies.values() for urn in each.urns),
    }
    component = _Component(request.name, declaration, warnings, sorted(after))
    # Public `Construct` would put a Python traceback into every error.
    return await ProviderServicer(component, [], engine)._construct(request, None)


class _Component(Provider):
    """One component. `after`: URNs of the resources that it comes after, and that stay until its numbers are gone."""

    def __init__(self, name: str, declaration: Declaration, warnings: list[str], after: list[str]) -> None:
        super().__init__(__version__)
        self._name, self._declaration, self._warnings, self._after = name, declaration, warnings, after

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        for warning in self._warnings:
            pulumi.log.warn(warning)
        (instance,) = self._declaration.instances.values()
        after = [DependencyResource(urn) for urn in self._after]
        made = InstanceNumbers(instance, opts=options, after=after, kind=resource_type, name=name)
        orders = declare_orders(self._declaration, {}, pulumi.ResourceOptions(parent=made, depends_on=after))
        lines = lines_of(self._declaration, catalogue_of(self._declaration), clock.today())
        made.declare_numbers(made.roster, orders, lines)
        seen = {key: made.summary.apply(itemgetter(key)) for key in ("numbers", "pending", "unmanaged")}
        outputs = {"instanceId": instance.id, **seen}
        made.register_outputs(outputs)
        return ConstructResult(made.urn, outputs)
