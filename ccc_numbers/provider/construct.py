"""`ccc:index:InstanceNumbers`, the one component the plugin serves: handed on to the room `components`.

That room and Pulumi's SDK are loaded by the first component of a run. No module of the plugin imports them, so that a
program without one starts as fast, and stays as small, as if there were none.
"""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.provider.declared import Declarations
from ccc_numbers.provider.resource import Refused
from ccc_numbers.provider.wire import bag, withheld

TOKEN = "ccc:index:InstanceNumbers"
_HOMES = ("ccc_numbers.components", "components")
"""Where the wheel and a checkout have the room."""
_FRUITLESS = {
    "ignoreChanges": mark("take it out"),
    "replaceOnChanges": mark("take it out"),
    "retainOnDelete": mark("write `keepOnRemoval: true` as a property"),
}
"""Options that Pulumi leaves to the component alone: whoever wrote one would rely on it in vain."""


class Components:
    """The components of one run. `engine` is the engine's address, `declared` hears of every number they declare."""

    def __init__(self, engine: str, project: Path, declared: Declarations) -> None:
        self._engine, self._project, self._declared = engine, project, declared
        self._of_instance: dict[str, str] = {}

    async def construct(self, request: Any) -> Any:
        """The engine's `ConstructRequest` carried out: its `ConstructResponse`. Raises Refused, with nothing registered."""
        if request.type != TOKEN:
            hint = suggestion(request.type, [TOKEN], "there is")
            raise CccError(tr('no component type "{token}"; {hint}', token=request.type, hint=hint))
        if lines := list(_refusals(request)):
            raise Refused(lines)
        declare = partial(self._declare, request.name)
        work = partial(_room().construct, request, bag(request.inputs), self._engine, self._project, declare)
        thread = ThreadPoolExecutor(1)
        try:
            made = await asyncio.get_running_loop().run_in_executor(thread, work)
        finally:
            thread.shutdown(wait=False)
        if isinstance(made, list):
            raise Refused(made)
        return made

    def _declare(self, name: str, instance_id: str, numbers: Iterable[str]) -> Iterator[str]:
        """A component is about to register these; why it must not. From then on no latch takes one of them out."""
        for number in numbers:
            self._declared.checked("PhoneNumber", number)
        first = self._of_instance.setdefault(instance_id, name)
        if first != name:
            yield tr(
                'instanceId: "{instance}" is declared by InstanceNumbers {first} already; one component declares all '
                "numbers of an instance",
                instance=instance_id,
                first=first,
            )


def _refusals(request: Any) -> Iterator[str]:
    """What a component cannot be made from. A declaration that is not known as a whole cannot be held against budgets."""
    for path, why in withheld(request.inputs):
        yield f"{path} {why}"
    for option, way in _FRUITLESS.items():
        if getattr(request, option):
            yield tr(
                "the option {option} does not reach what a component declares; {way}",
                option=option,
                way=tr(way),
            )


def _room() -> ModuleType:
    home = next(home for home in _HOMES if find_spec(home))
    return import_module(f"{home}.construct")
