"""The functions of the package, which read CCC without declaring anything."""

from collections.abc import Awaitable, Callable, Mapping

from .run import Run
from .wire import Bag

Function = Callable[[Run, Bag], Awaitable[dict[str, object]]]

FUNCTIONS: Mapping[str, Function] = {}
