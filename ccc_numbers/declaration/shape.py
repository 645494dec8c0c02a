"""Checks a document against the grammar and reports every misfit at once, in words about the file.

Misfits are cut out and the rest is read again, so that one typing error neither hides nor makes up a finding that
needs a typed value: whatever lost a part is marked as touched.
"""

from dataclasses import dataclass
from typing import TypeAlias

from pydantic import ValidationError

from ccc_numbers.declaration.grammar import StackShape
from ccc_numbers.declaration.scalars import SAID_BEFORE
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.misfit import kind_of, report_misfit
from ccc_numbers.messages.yaml_document import BROKEN, Document, Empty, Plain

Path: TypeAlias = tuple[str | int, ...]

# For required keys that take more than any name; see `_Pruner.stand_in`.
_STAND_INS: dict[str | int, str] = {"stage": "intended", "quantity": "1", "iUnderstandThisPays": "true"}


@dataclass(frozen=True, slots=True)
class Shaped:
    """The part that fits the grammar, and the paths of everything that had a part cut out."""

    stack: StackShape
    touched: frozenset[Path]


def shape(document: Document) -> Shaped:
    """Read the document as a stack file; misfits go into `document.problems`."""
    data = document.data
    if not isinstance(data, dict):
        if not document.problems:
            empty = isinstance(data, Empty) or data is None
            if empty:
                message = tr("is empty; a stack file begins with `instances:`")
            else:
                message = tr(
                    "expected a mapping, found {found}; a stack file begins with `instances:`",
                    found=kind_of(data),
                )
            document.report((), message, "shape")
        return Shaped(StackShape.model_validate({}), frozenset({()}))
    data = {key: value for key, value in data.items() if not key.startswith("x-")}
    pruner = _Pruner(data)
    for loc in document.broken:
        pruner.touch(loc)
    first = True
    while True:
        try:
            stack = StackShape.model_validate(pruner.root)
            return Shaped(stack, frozenset(pruner.touched))
        except ValidationError as error:
            # Only the first round's misfits are the user's; later ones come from cutting.
            for detail in error.errors(include_url=False, include_context=False):
                if first and detail["type"] != SAID_BEFORE and detail["input"] is not BROKEN:
                    report_misfit(document, StackShape, detail)
                if detail["type"] == "missing":
                    pruner.stand_in(detail["loc"])
                else:
                    # A whole list for an item of it.
                    pruner.cut(_above_list(detail["loc"]))
            first = False


def _above_list(loc: Path) -> Path:
    """The list that `loc` leads into; `loc` itself where it leads into none."""
    for index, step in enumerate(loc):
        if isinstance(step, int):
            return loc[:index]
    return loc


class _Pruner:
    """Cuts parts out of plain data, copying each container once and leaving the original alone."""

    def __init__(self, data: dict[str, Plain]) -> None:
        self.root: dict[str, Plain] = dict(data)
        self.touched: set[Path] = set()
        self._own = {id(self.root)}
        self._stood_in: set[Path] = set()

    def touch(self, loc: Path) -> None:
        """Mark `loc` and everything above it as not whole."""
        self.touched.update(loc[:length] for length in range(len(loc) + 1))

    def cut(self, loc: Path) -> None:
        """Remove the value at `loc`."""
        self.touch(loc)
        if not loc:
            self.root.clear()
            return
        parent = self._parent(loc)
        if parent is not None:
            parent.pop(str(loc[-1]), None)

    def stand_in(self, loc: Path) -> None:
        """Fill in a required key that is missing, so that the keys beside it are read.

        Where even that does not fit, the mapping is cut out.
        """
        if loc in self._stood_in:
            self.cut(loc[:-1])
            return
        self._stood_in.add(loc)
        self.touch(loc)
        parent = self._parent(loc)
        if parent is None:
            self.cut(_above_list(loc))
        else:
            parent[str(loc[-1])] = _STAND_INS.get(loc[-1], "x")

    def _parent(self, loc: Path) -> dict[str, Plain] | None:
        container = self.root
        for step in loc[:-1]:
            child = container.get(str(step))
            if not isinstance(child, dict):
                return None
            if id(child) not in self._own:
                child = dict(child)
                container[str(step)] = child
                self._own.add(id(child))
            container = child
        return container
