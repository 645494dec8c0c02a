"""Counts of calls on days that are over, kept between runs: nothing about who called, and nothing of a day still open.

A file for each day of an instance of an account. One that is not exactly what was written counts as absent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ccc_numbers.fleet.files import keep_text
from ccc_numbers.messages.files import inside, read_bytes
from ccc_numbers.numbers.traffic import Calls

FOLDER = ".ccc-numbers/calls"
"""Below the project; git ignores it."""
_COUNTING = 2
"""Another one when the same calls would be counted otherwise."""
_LARGEST = 4 * 1024 * 1024
_Count = Annotated[int, Field(ge=0)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    counting: int
    where: str
    day: str
    calls: dict[str, tuple[_Count, _Count, _Count, _Count, _Count, _Count]]


@dataclass(frozen=True, slots=True)
class CallCache:
    """The days of one instance. `where` names the account and the instance; None keeps nothing."""

    project: Path
    where: str | None

    def read(self, day: date) -> dict[str, Calls] | None:
        """The calls of a day by line; None where they are not known."""
        path = self._path(day)
        data = None if path is None else read_bytes(path, _LARGEST)
        if not isinstance(data, bytes):
            return None
        try:
            # Strict JSON: a tuple is an array.
            form = _Form.model_validate_json(data)
        except ValidationError:
            return None
        if (form.counting, form.where, form.day) != (_COUNTING, self.where, str(day)):
            return None
        return {line: Calls(*counts) for line, counts in form.calls.items()}

    def write(self, day: date, calls: Mapping[str, Calls]) -> None:
        """Keep a day that is over. Where that cannot be done, the next run reads it again."""
        path = self._path(day)
        if path is None or self.where is None:
            return
        counts = {line: astuple(each) for line, each in sorted(calls.items())}
        text = _Form(counting=_COUNTING, where=self.where, day=str(day), calls=counts).model_dump_json()
        keep_text(path, text)

    def _path(self, day: date) -> Path | None:
        if self.where is None:
            return None
        # Hashed: an instance's name may hold what a file system does not take.
        name = hashlib.sha256(self.where.encode()).hexdigest()[:24]
        path = inside(self.project, f"{FOLDER}/{name}/{day}.json")
        return path if isinstance(path, Path) else None
