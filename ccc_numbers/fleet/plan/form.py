"""Plans and outcomes as JSON for programs: `plan.schema.json` is made from the classes here."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from pydantic import TypeAdapter

from ccc_numbers.fleet.plan.groups import PlaceChanges, places
from ccc_numbers.fleet.plan.result import Result
from ccc_numbers.fleet.plan.words import headline
from ccc_numbers.messages.json_text import json_text, visible_json

SHIPPED = Path(__file__).with_name("plan.schema.json")


@dataclass(frozen=True, slots=True)
class ResultForm(Result):
    """One stack: its changes one by one, and the same by instance, those together that change alike."""

    headline: str = ""
    """What happens, or has happened, in one sentence."""
    places: tuple[PlaceChanges, ...] = ()

    @classmethod
    def of(cls, result: Result) -> "ResultForm":
        kept = {each.name: getattr(result, each.name) for each in fields(Result)}
        return cls(**kept, headline=headline(result), places=places(result.changes))


_RESULTS = TypeAdapter(tuple[ResultForm, ...])


def as_json(results: Sequence[Result]) -> str:
    """The results in the published form."""
    return visible_json(_RESULTS.dump_json(tuple(map(ResultForm.of, results)), indent=2).decode())


def schema_text() -> str:
    """The JSON Schema of the form, as it is shipped."""
    # not translated: for programs
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ccc-numbers plan"}
    return json_text(head | _RESULTS.json_schema(mode="serialization")) + "\n"
