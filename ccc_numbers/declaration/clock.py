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
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{6})?)?(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_WINDOW = re.compile(r"(\d{1,4})([dh])", re.ASCII)
_LONGEST_WINDOW = {"d": 366, "h": 240}
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


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time that ends at the moment of the run: so many whole days in China and what has passed of today, or hours."""

    written: str
    begins: datetime
    ends: datetime


def read_window(written: str, at: datetime) -> Window:
    """`30d` or `24h`. Raises ValueError with what is wrong: the end of a message about the value."""
    form = _WINDOW.fullmatch(written)
    count = int(form[1]) if form else 0
    if form is None or not 1 <= count <= _LONGEST_WINDOW[form[2]]:
        raise ValueError(
            tr(
                "is not a span of time; write days (30d, at most {days}) or hours (24h, at most {hours})",
                days=_LONGEST_WINDOW["d"],
                hours=_LONGEST_WINDOW["h"],
            )
        )
    if form[2] == "h":
        return Window(written, at - timedelta(hours=count), at)
    return Window(written, midnight(at) - timedelta(days=count), at)


def midnight(at: datetime) -> datetime:
    """The beginning of the day in China."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


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
    """The day of this run: that of the moment somebody gives, where he is; else that of this machine."""
    if given is None and not environment.get(NOW):
        return date.today()
    return now(given, environment).date()


def pinned(at: datetime | None = None) -> dict[str, str]:
    """The environment in which what a command starts takes the same moment as the command."""
    return {NOW: (at or now()).astimezone().isoformat()}
