"""In what a live answer differs from the model's, by field: what is there and of what kind, codes, rows, paging.

Values are never shown, but for codes and HTTP statuses, which are CCC's own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
_ABSENT = object()
_PAGING = ("PageNumber", "PageSize")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which they differ, such as `Data.List[].ContactFlowId`: null live, absent in the model."""

    field: str
    live: str
    model: str


@dataclass(frozen=True, slots=True)
class Answer:
    """HTTP's status and the body of one answer."""

    status: int
    body: Body

    @property
    def code(self) -> str:
        return str(self.body.get("Code", ""))

    @property
    def data(self) -> Body:
        """`Data` where it is an object."""
        data = self.body.get("Data")
        return data if isinstance(data, Mapping) else {}


def differences(live: Answer, model: Answer, identity: str, *, whole: bool) -> Iterator[Difference]:
    """Each field that differs. Rows are told apart by their field `identity`; `whole`: the model has seen all of them."""
    if live.code != model.code:
        yield Difference("Code", live.code or "none", model.code)
        return
    if live.status != model.status:
        yield Difference("HTTP status", str(live.status), str(model.status))
    yield from _kinds(_shape(live.body), _shape(model.body))
    ours, theirs = live.data, model.data
    for name in _PAGING:
        if isinstance(ours.get(name), int) and ours[name] != theirs.get(name):
            yield Difference(f"Data.{name}", "another value", "as asked for")
    if whole:
        yield from _counts(ours.get("TotalCount"), theirs.get("TotalCount"))
        yield from _rows("Data.List", ours.get("List"), theirs.get("List"), identity)
    yield from _rows("Data.NumberList", ours.get("NumberList"), theirs.get("NumberList"), "Number")
    yield from _rows("Data", live.body.get("Data"), model.body.get("Data"), identity)


def _kinds(live: Mapping[str, set[str]], model: Mapping[str, set[str]]) -> Iterator[Difference]:
    for path in sorted({*live, *model}):
        parent = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]
        both = path in live and path in model
        if both or (not path.endswith("[]") and (not parent or (parent in live and parent in model))):
            kinds = live.get(path, {"absent"}), model.get(path, {"absent"})
            if kinds[0] != kinds[1]:
                yield Difference(path, *(" or ".join(sorted(each)) for each in kinds))


def _shape(body: Body) -> dict[str, set[str]]:
    """Path of a field -> the kinds of value it has; a field that only some rows have is absent too."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, value in body.items():
        _look(name, value, found)
    return found


def _look(path: str, value: object, found: dict[str, set[str]]) -> None:
    found[path].add(_kind(value))
    if isinstance(value, Mapping):
        for name, each in value.items():
            _look(f"{path}.{name}", each, found)
    elif isinstance(value, list):
        names = {name for row in value if isinstance(row, Mapping) for name in row}
        for row in value:
            found[f"{path}[]"].add(_kind(row))
            if isinstance(row, Mapping):
                for name in names:
                    _look(f"{path}[].{name}", row.get(name, _ABSENT), found)


def _kind(value: object) -> str:
    if value is _ABSENT:
        return "absent"
    if value is None or value == "":
        return "null" if value is None else "blank"
    kinds = {bool: "flag", int: "number", float: "number", str: "text", list: "list"}
    return kinds.get(type(value), "object")


def _counts(live: object, model: object) -> Iterator[Difference]:
    if isinstance(live, int) and isinstance(model, int) and live != model:
        yield Difference(
            "Data.TotalCount", *(("larger", "smaller") if live > model else ("smaller", "larger"))
        )


def _rows(field: str, live: object, model: object, identity: str) -> Iterator[Difference]:
    """Other rows, or the same in another order."""
    if not (isinstance(live, list) and isinstance(model, list)):
        return
    ours, theirs = ([_name(row, identity) for row in rows] for rows in (live, model))
    if ours == theirs:
        return
    if sorted(ours) == sorted(theirs):
        yield Difference(field, "another order", "its own order")
    elif extra := set(ours) - set(theirs):
        lacking = set(theirs) - set(ours)
        yield Difference(field, "other rows" if lacking and extra else "more rows", "its own rows")
    else:
        yield Difference(field, "fewer rows", "its own rows")


def _name(row: object, identity: str) -> str:
    return str(row.get(identity, "") if isinstance(row, Mapping) else row)
