"""Support's part of the work: numbers that were bought arrive in the account."""

from __future__ import annotations

import json
import re

from simulator.console.looking import known
from simulator.store import Store
from simulator.world import import_numbers, read_state

_RANGE = re.compile(r"\s*[-–—~～至]+\s*")


def support_import(
    store: Store, text: str, account: str, *, provider: str, province: str, city: str
) -> tuple[int, int]:
    """Import the numbers of a text, one or one range (`02180002000-02180002999`) a line or word.

    How many there were in the text, and how many of them are new. Raises FormError.
    """
    origin = {"provider": provider.strip(), "province": province.strip(), "city": city.strip()}
    given = {name: value for name, value in origin.items() if value} | {"account": account}
    entries = [{**_entry(words), **given} for words in _words(text)]
    state = read_state(json.dumps({"unassigned": entries}), "import")
    with store.write() as db:
        before = known(db)
        import_numbers(db, state)
        new = known(db) - before
    return sum(len(entry.numbers) for entry in state.unassigned), new


def _words(text: str) -> list[str]:
    joined = _RANGE.sub("-", text)
    return [word for word in re.split(r"[\s,;，；、]+", joined) if word]


def _entry(word: str) -> dict[str, object]:
    first, dash, last = word.partition("-")
    return {"range": [first, last]} if dash else {"number": word}
