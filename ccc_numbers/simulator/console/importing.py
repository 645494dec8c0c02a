"""Support's part of the work: numbers that were bought arrive in the account."""

from __future__ import annotations

import json
import re

from ccc_numbers.simulator.console.looking import known
from ccc_numbers.simulator.forms import FormError
from ccc_numbers.simulator.state import State
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.world import import_numbers, read_state

_FORM = re.compile(r"[0-9]{3,20}(-[0-9]{3,20})?")
_PLACE = re.compile(r"^import: (unassigned\[\d+\]\S*: )?|; first at import: .*$")
_RANGE = re.compile(r"\s*[-–—~～至]+\s*")


def support_import(
    store: Store, text: str, account: str, *, provider: str, province: str, city: str
) -> tuple[int, int]:
    """Import the numbers of a text, one or one range (`02180002000-02180002999`) a line or word.

    How many there were in the text, and how many of them are new. Raises FormError.
    """
    words = list(dict.fromkeys(_words(text)))
    mistakes = [
        f"“{word[:40]}” is neither a number (3 to 20 digits) nor a range of them"
        for word in words
        if not _FORM.fullmatch(word)
    ]
    if mistakes:
        raise FormError(mistakes)
    origin = {"provider": provider.strip(), "province": province.strip(), "city": city.strip()}
    given = {name: value for name, value in origin.items() if value} | {"account": account}
    state = _state([{**_entry(word), **given} for word in words])
    with store.write() as db:
        before = known(db)
        import_numbers(db, state)
        new = known(db) - before
    return sum(len(entry.numbers) for entry in state.unassigned), new


def _state(entries: list[dict[str, object]]) -> State:
    try:
        return read_state(json.dumps({"unassigned": entries}), "import")
    except FormError as error:
        # Where it stands in the form that was made here says nothing to the person who typed.
        raise FormError([_PLACE.sub("", problem) for problem in error.problems]) from None


def _words(text: str) -> list[str]:
    joined = _RANGE.sub("-", text)
    return [word for word in re.split(r"[\s,;，；、]+", joined) if word]


def _entry(word: str) -> dict[str, object]:
    first, dash, last = word.partition("-")
    return {"range": [first, last]} if dash else {"number": word}
