"""Money in CNY as exact decimals. Nothing here ever touches a float."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from ccc_numbers.messages.language import tr
from ccc_numbers.vendors.errors import MoneyError

FEN = Decimal("0.01")
ZERO = Decimal(0)
_LARGEST = Decimal("1e10")  # ten thousand million CNY: more is a slip of the finger


def amount(value: str | int | Decimal) -> Decimal:
    """A sum of CNY as somebody wrote it; raises `MoneyError` when it is not one."""
    number = rate(value)
    if number.normalize().as_tuple().exponent < -2:  # type: ignore[operator]  # finite: the exponent is an int
        raise MoneyError(
            tr("{value} has more than two decimals; CNY has none below the fen (0.01)", value=value)
        )
    return number


def rate(value: str | int | Decimal) -> Decimal:
    """A price per minute in CNY: may be finer than a fen, never negative."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise MoneyError(tr('"{value}" is not an amount of money', value=value)) from None
    if not number.is_finite():
        raise MoneyError(tr("{value} is not an amount of money", value=value))
    if number < 0:
        raise MoneyError(tr("{value} is negative", value=value))
    if number > _LARGEST:
        raise MoneyError(tr("{value} is more than any order can cost", value=value))
    return number


def rounded(value: Decimal) -> Decimal:
    """To the fen, halves up, as an invoice does."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def shares(total: Decimal, weights: Sequence[int | Decimal]) -> tuple[Decimal, ...]:
    """`total` split by weight into whole fen that add up to it again (largest remainder, first one first).

    All weights zero means equal parts. `total` is rounded to the fen before it is split.
    """
    if not weights:
        return ()
    fen = int(rounded(total) / FEN)
    parts = [Decimal(weight) for weight in weights]
    if not any(parts):
        parts = [Decimal(1)] * len(parts)
    whole = sum(parts)
    exact = [fen * part / whole for part in parts]
    given = [int(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda index: (given[index] - exact[index], index))
    for index in by_rest[: fen - sum(given)]:
        given[index] += 1
    return tuple(value * FEN for value in given)


def plain(value: Decimal) -> str:
    """`3000`, `0.11`, `2000.50`: no exponent; two decimals once there are any below the yuan."""
    if value == value.to_integral_value():
        return str(value.quantize(Decimal(1)))
    text = format(value.normalize(), "f")
    return format(value, ".2f") if len(text.split(".")[1]) < 2 else text


def yuan(value: Decimal) -> str:
    """For people: `¥12,345.60`."""
    return f"¥{rounded(value):,.2f}"
