"""Support's part of the work: numbers that were bought arrive in the account."""

from __future__ import annotations

import json
import re

from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.world import import_numbers, read_state

_FORM = re.compile(r"[0-9]{3,20}(-[0-9]{3,20})?")
_PLACE = re.compile(r"^import: (unassigned\[\d+\]\S*: )?|; first at import: .*$")
_RANGE = re.compile(r"\s*[-–—~～至]+\s*")


def support_import(store: Store, text: str, **origin: str) -> tuple[int, int]:
    """Import the numbers of a text, one or one range (`02180002000-02180002999`) a line or word.

    `origin`: account, provider, province and city, blank where unknown. Returns how many numbers the text names
    and how many of them are new. Raises Mistake.
    """
    joined = _RANGE.sub("-", text)
    words = [word for word in dict.fromkeys(re.split(r"[\s,;，；、]+", joined)) if word]
    if not words:
        raise Mistake("Write at least one number.")
    wrong = [word[:40] for word in words if not _FORM.fullmatch(word)]
    if wrong:
        raise Mistake(
            *(f"“{word}” is neither a number (3 to 20 digits) nor a range of them" for word in wrong)
        )
    given = {name: value for name, value in origin.items() if value}
    entries = [
        {**given, **({"range": word.split("-")} if "-" in word else {"number": word})} for word in words
    ]
    try:
        state = read_state(json.dumps({"unassigned": entries}), "import")
    except Mistake as mistake:
        # The place in the form that was made here says nothing to the person who typed.
        raise Mistake(*(_PLACE.sub("", problem) for problem in mistake.problems)) from None
    with store.write() as db:
        new = import_numbers(db, state)
    return sum(len(entry.numbers) for entry in state.unassigned), new
