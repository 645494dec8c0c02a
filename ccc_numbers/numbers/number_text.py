"""How a number is written: as CCC shows it. Digits only, leading zero kept, no country code.

Shapes: landline 0 + area code + local number (area 010 and 02x: 11 digits in all, others 11 or 12),
mobile 1[3-9] with 11 digits, 400 and 800 with 10, service numbers (95…, 96…, 10…, 12…) from 5 digits.
Only what is certainly wrong is refused; unknown shapes of 5 to 16 digits pass.
"""

import re
import unicodedata

from ccc_numbers.messages.language import tr

_DIGITS = re.compile(r"[0-9]{5,16}")
_LANDLINE = re.compile(r"0(?:10|2[0-9])[0-9]{8}|0[3-9][0-9]{2}[0-9]{7,8}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_TOLL_FREE = re.compile(r"[48]00[0-9]{7}")
_SERVICE = re.compile(r"9[56][0-9]{3,14}|1[0-2][0-9]{3,6}")
_KNOWN = re.compile("|".join(each.pattern for each in (_LANDLINE, _MOBILE, _TOLL_FREE, _SERVICE)))


def is_400(number: str) -> bool:
    """Whether it is a 400 number: these only ever take calls."""
    return len(number) == 10 and number.startswith("400")


def number_fault(written: str) -> str | None:
    """What is wrong with `written` and how it should read, or None."""
    if not _DIGITS.fullmatch(written):
        return _not_digits(written)
    if _KNOWN.fullmatch(written):
        return None
    if national := _without_country_code(written):
        return tr("carries the country code 86; write {right}", right=national)
    if _LANDLINE.fullmatch("0" + written):
        return tr("has lost its leading zero; write {right}", right=f"0{written}")
    return _wrong_length(written)


def _not_digits(written: str) -> str:
    if meant := _meant(written):
        return tr("is not written as CCC shows it; write {right}", right=meant)
    if odd := next((c for c in written if c not in "0123456789"), None):
        return tr("holds {odd!r}; a number has digits only, leading zero kept, such as 02180001001", odd=odd)
    return tr("has {count} digits; a number has 5 to 16", count=len(written))


def _meant(written: str) -> str | None:
    """The number behind spaces, hyphens, brackets, full-width digits or `+86`; None when unclear."""
    bare = re.sub(r"[\s\-‐-―().·_/]", "", unicodedata.normalize("NFKC", written))
    international = bare.startswith("+")
    bare = bare.removeprefix("+")
    if not _DIGITS.fullmatch(bare):
        return None
    if national := _without_country_code(bare):
        return national
    if international:
        return None
    if _KNOWN.fullmatch(bare):
        return bare
    return "0" + bare if _LANDLINE.fullmatch("0" + bare) else None


def _without_country_code(digits: str) -> str | None:
    """`862180001001` and `00862180001001` as `02180001001`; None when there is no 86 in front."""
    rest = re.sub(r"^(?:00)?86", "", digits)
    if rest == digits:
        return None
    shapes = (_LANDLINE, _MOBILE, _TOLL_FREE)
    return next((each for each in (rest, "0" + rest) if any(shape.fullmatch(each) for shape in shapes)), None)


def _wrong_length(digits: str) -> str | None:
    count = len(digits)
    if digits.startswith("00"):
        return tr("begins with 00; CCC shows numbers of mainland China without international prefix")
    if re.match(r"0(?:10|2)", digits):
        return tr("a landline of area {area} has 11 digits; this has {count}", area=digits[:3], count=count)
    if digits.startswith("0"):
        return tr(
            "a landline of area {area} has 11 or 12 digits; this has {count}", area=digits[:4], count=count
        )
    if re.match(r"1[3-9]", digits):
        return tr("a mobile number has 11 digits; this has {count}", count=count)
    if digits.startswith("400"):
        return tr("a 400 number has 10 digits; this has {count}", count=count)
    if count in (7, 8) and digits[0] in "23456789":
        return tr("has no area code; write it in front, such as {example}", example=f"021{digits}")
    return None
