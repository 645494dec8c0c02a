"""The moment of a run, and times as a stack file writes them: in China Standard Time unless they say otherwise."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted

CHINA = timezone(timedelta(hours=8), "CST")
NOW = "CCC_NOW"
"""Environment variable: the moment to take as the present, for tests and for looking ahead."""

_FORM = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Instant:
    """A time as written: the moment at which it begins, and whether it is a whole day."""

    written: str
    begins: datetime
    day: bool

    @property
    def ends(self) -> datetime:
        """The end of the day, or the moment itself: `until: 2027-02-12` holds through the 12th."""
        return self.begins + timedelta(days=1) if self.day else self.begins


def read_instant(written: str) -> Instant:
    """A day or a moment. Raises ValueError with what is wrong: the end of a message about the value."""
    form = _FORM.fullmatch(written)
    try:
        if form is None:
            raise ValueError
        at = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(
            tr(
                "is not a time; write a day (2027-02-05) or a moment (2027-02-05T18:00), with an offset (+09:00) "
                "where it is not China Standard Time"
            )
        ) from None
    if at.year not in _YEARS:
        first, last = _YEARS.start, _YEARS.stop - 1
        message = tr(
            "lies in the year {year}; write one from {first} to {last}", year=at.year, first=first, last=last
        )
        raise ValueError(message)
    return Instant(written, at if at.tzinfo else at.replace(tzinfo=CHINA), day=not form[1])


def now(given: datetime | None = None, environment: Mapping[str, str] = os.environ) -> datetime:
    """The moment of this run: the one given (`--today`), that of the environment, or the present.

    ConfigError for an environment that names no moment.
    """
    if given is not None:
        return given if given.tzinfo else given.replace(tzinfo=CHINA)
    if written := environment.get(NOW):
        try:
            return read_instant(written).begins
        except ValueError as error:
            raise ConfigError(f"{NOW}: {quoted(written)} {error}") from None
    return datetime.now(UTC).astimezone(CHINA)


def today(given: datetime | None = None, environment: Mapping[str, str] = os.environ) -> date:
    """The day of this run: China's where somebody gives the moment, else that of this machine."""
    if given is None and not environment.get(NOW):
        return date.today()
    return now(given, environment).astimezone(CHINA).date()
