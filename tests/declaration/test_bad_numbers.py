"""Numbers that are not numbers: each one line that says what it should be."""

import pytest

from tests.declaration.conftest import Folder

WRONG = {
    "a letter": (
        "0218000100x",
        "holds 'x'; a number has digits only, leading zero kept, such as 02180001001",
    ),
    "a word": ("hotline", "holds 'h'; a number has digits only, leading zero kept, such as 02180001001"),
    "hyphens and spaces": ("021-8000 1001", "is not written as CCC shows it; write 02180001001"),
    "brackets": ("(021)80001001", "is not written as CCC shows it; write 02180001001"),
    "full-width digits": ("０２１８０００１００１", "is not written as CCC shows it; write 02180001001"),
    "a hyphenated 400 number": ("400-800-1001", "is not written as CCC shows it; write 4008001001"),
    "E.164": ("+862180001001", "is not written as CCC shows it; write 02180001001"),
    "E.164 with blanks": ("+86 21 8000 1001", "is not written as CCC shows it; write 02180001001"),
    "E.164 of a mobile": ("+8613900001001", "is not written as CCC shows it; write 13900001001"),
    "a country code without plus": ("862180001001", "carries the country code 86; write 02180001001"),
    "a country code with 00": ("008613900001001", "carries the country code 86; write 13900001001"),
    "a foreign number": (
        "+12025550123",
        "holds '+'; a number has digits only, leading zero kept, such as 02180001001",
    ),
    "an international prefix": (
        "0012025550123",
        "begins with 00; CCC shows numbers of mainland China without international prefix",
    ),
    "a lost zero, two-digit area": ("2180001001", "has lost its leading zero; write 02180001001"),
    "a lost zero, Beijing": ("1080001001", "has lost its leading zero; write 01080001001"),
    "a lost zero, three-digit area": ("57112345678", "has lost its leading zero; write 057112345678"),
    "no area code": ("80001001", "has no area code; write it in front, such as 02180001001"),
    "a landline too short": ("0218000100", "a landline of area 021 has 11 digits; this has 10"),
    "a landline too long": ("021800010011", "a landline of area 021 has 11 digits; this has 12"),
    "a provincial landline too short": (
        "0571123456",
        "a landline of area 0571 has 11 or 12 digits; this has 10",
    ),
    "a mobile too short": ("1390000100", "a mobile number has 11 digits; this has 10"),
    "a 400 number too short": ("400800100", "a 400 number has 10 digits; this has 9"),
    "too few digits": ("123", "has 3 digits; a number has 5 to 16"),
    "a float": ("0.21e5", "holds '.'; a number has digits only, leading zero kept, such as 02180001001"),
}


@pytest.mark.parametrize(("written", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_malformed_number_is_shown_with_its_right_form(folder: Folder, written: str, message: str) -> None:
    lines = folder.lines(f"""\
        instances:
          acme:
            numbers:
              "{written}": {{usage: inbound, flow: main}}
        """)
    assert lines == [f"stacks/acme.yaml:4:7: instances.acme.numbers.{written}: {message}"]


@pytest.mark.parametrize(
    "number",
    [
        "02180001001",
        "01080001001",
        "057112345678",
        "05711234567",
        "13900001001",
        "19900001001",
        "4008001001",
        "8008001001",
        "95518",
        "9501312345678",
        "10086",
        "12345",
        "96110",
    ],
)
def test_numbers_as_ccc_shows_them_are_taken_as_written(folder: Folder, number: str) -> None:
    declaration = folder.declared(f"""\
        instances:
          acme:
            numbers:
              {number}: {{usage: inbound, flow: main}}
        """)
    assert list(declaration.instances["acme"].numbers) == [number]
