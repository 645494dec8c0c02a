"""Lengths of time: terms of contracts, expiry, working days, shares of a period."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ccc_numbers.messages.language import tr
from ccc_numbers.vendors.errors import TermError

_FORM = re.compile(r"(?P<count>[1-9]\d{0,3})(?P<unit>[ymd])")
_LONGEST_YEARS = 50


@dataclass(frozen=True, slots=True)
class Term:
    """A contract's length: whole months, or days when it was given in days."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Term:
        """`1y`, `6m`, `90d`; raises `TermError`."""
        match = _FORM.fullmatch(text.strip().lower())
        if match is None:
            raise TermError(
                tr(
                    '"{text}" is not a term; write a number of years, months or days: "1y", "6m", "90d"',
                    text=text,
                )
            )
        count, unit = int(match["count"]), match["unit"]
        if count > _LONGEST_YEARS * {"y": 1, "m": 12, "d": 366}[unit]:
            raise TermError(tr('"{text}" is longer than {count} years', text=text, count=_LONGEST_YEARS))
        return cls(days=count) if unit == "d" else cls(months=count * (12 if unit == "y" else 1))

    def end(self, start: date) -> date:
        """The first day after the term: a year from 2026-08-01 ends on 2027-08-01."""
        return plus_months(start, self.months) + timedelta(days=self.days)

    def in_months(self) -> Decimal:
        """The term in months; days count as twelfths of 365."""
        return Decimal(self.months) + Decimal(self.days) * 12 / 365

    def __str__(self) -> str:
        if self.days:
            return f"{self.days}d"
        return f"{self.months // 12}y" if self.months % 12 == 0 else f"{self.months}m"


def plus_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter (31 January + 1m)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def plus_working_days(day: date, count: int) -> date:
    """`count` days from Monday to Friday later. Public holidays are not known here, so it may be early."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def pro_rata(value: Decimal, start: date, end: date, since: date, until: date) -> Decimal:
    """The part of `value`, paid for [start, end), that falls on [since, until): by days, not rounded."""
    whole, shared = (end - start).days, (min(end, until) - max(start, since)).days
    return value * max(0, shared) / whole if whole > 0 else Decimal(0)
