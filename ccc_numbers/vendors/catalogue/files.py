"""Reading the catalogue: the entries that ship, and a stack's own file of the same form laid over them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ccc_numbers.messages.files import MIB, read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.misfit import misfit
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.messages.yaml_document import Document, Loc, Plain, dotted
from ccc_numbers.messages.yaml_reader import read_documents
from ccc_numbers.vendors.catalogue.model import Entry
from ccc_numbers.vendors.errors import CatalogueError

Form = TypeVar("Form", bound=BaseModel)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries, in the order of the source's table, a stack's own after them."""

    entries: tuple[Entry, ...]

    def find(self, vendor: str, product: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == (vendor, product)), None)

    @property
    def vendors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.vendor for entry in self.entries))

    def products(self, vendor: str) -> tuple[str, ...]:
        return tuple(entry.product for entry in self.entries if entry.vendor == vendor)

    def of_vendor(self, vendor: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.vendor == vendor)

    def sold_by_another(self, entry: Entry, provider: str | None) -> bool | None:
        """Whether CCC's `Provider` label names another vendor than the entry's; None for a name that nobody knows.

        The page on partner numbers says what its vendors sell, not what CCC calls them: a name is another's only where the
        catalogue knows it as one, or knows all names of this vendor (`providers`).
        """
        label, own = (provider or "").strip(), self.of_vendor(entry.vendor)
        if not label or any(label in each.names for each in own):
            return False
        anothers = any(label in each.names for each in self.entries if each.vendor != entry.vendor)
        return True if anothers or any(each.providers for each in own) else None


@cache
def _shipped() -> tuple[Document, ...]:
    folder = resources.files("ccc_numbers.vendors.catalogue")
    # Their names begin with the row's place in the source's table.
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    texts = ((name, folder.joinpath(name).read_text("utf-8")) for name in files)
    return tuple(document for name, text in texts for document in _documents(f"catalogue/{name}", text))


@cache
def built_in() -> Catalogue:
    """The catalogue that ships with this package."""
    return Catalogue(tuple(_entry(doc) for doc in _shipped()))


def with_overrides(file: Path) -> Catalogue:
    """The built-in catalogue with `file` laid over it.

    The file holds one or several documents (`---`) of the entries' form. One whose `vendor` and `product` are
    known changes just the keys it names (prices are quoted per customer) and must say its own `source` and
    `asOf`; any other is a new entry and must be complete. Raises `CatalogueError`, one line.
    """
    entries = {entry.key: entry for entry in built_in().entries}
    shipped = {_key(doc): doc.data for doc in _shipped()}
    seen: set[Key] = set()
    for doc in _read(file):
        key = _key(doc)
        if key in seen:
            raise _error(doc, ("product",), tr("{product} stands in this file twice", product="/".join(key)))
        seen.add(key)
        base = shipped.get(key)
        if base is not None:
            _dated(doc)
        entries[key] = _entry(doc, base)
    return Catalogue(tuple(entries.values()))


def _read(file: Path) -> list[Document]:
    name, text = shown(file), read_text(file, MIB)
    if isinstance(text, Problem):
        raise CatalogueError(replace(text, rule="catalogue"))
    found = _documents(name, text)
    if not found:
        raise _error(Document(name), (), tr("holds no entry"))
    return found


def _documents(name: str, text: str) -> list[Document]:
    """Raises CatalogueError for text that is not YAML."""
    found = read_documents(text, name, empty=None)
    problem = next((problem for document in found for problem in document.problems), None)
    if problem is not None:
        raise CatalogueError(replace(problem, rule="catalogue"))
    return found


def _error(document: Document, loc: Loc, message: str) -> CatalogueError:
    return CatalogueError(Problem.at(document.key(loc), dotted(loc), None, message, "catalogue"))


def _key(doc: Document) -> Key:
    if not isinstance(doc.data, dict):
        raise _error(doc, (), tr("an entry is a mapping with vendor, product, source, asOf, …"))
    vendor, product = doc.data.get("vendor"), doc.data.get("product")
    if not isinstance(vendor, str) or not isinstance(product, str):
        missing = "vendor" if not isinstance(vendor, str) else "product"
        raise _error(doc, (missing,), tr("{key} is missing", key=missing))
    return vendor, product


def _dated(doc: Document) -> None:
    assert isinstance(doc.data, dict)
    for name in ("asOf", "source"):
        if name not in doc.data:
            why = tr("{key} is missing: an override says where its figures are from, and when", key=name)
            raise _error(doc, (), why)


def _entry(doc: Document, base: Plain = None) -> Entry:
    return fitted(Entry, doc, doc.data if base is None else _merged(base, doc.data))


def fitted(form: type[Form], doc: Document, data: Plain) -> Form:
    """The document's data in their form. Raises `CatalogueError` for the first thing that does not fit."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        (rule, message), value = misfit(form, first), first["input"]
        quote = rule == "value" and isinstance(value, str) and f'"{value}"' not in message
        said = f'"{value}": ' if quote else ""
        raise _error(doc, first["loc"], said + message) from error


def _merged(base: Plain, over: Plain) -> Plain:
    """`over` laid over `base`: mappings key by key, everything else whole."""
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return over
    return {**base, **{key: _merged(base.get(key), value) for key, value in over.items()}}
