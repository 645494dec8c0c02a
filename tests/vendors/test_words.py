"""The search for forbidden words, on labelled sentences: those it was tuned on and those it was not."""

import pytest

from bench import words
from ccc_numbers.vendors.catalogue.select import serves
from tests.vendors.support import entry


def test_the_sentences_are_many_and_half_of_them_innocent() -> None:
    read = [each for part in words.PARTS for each in words.sentences(part)]
    innocent = sum(not each.forbidden for each in read)
    assert len(read) >= 300
    assert 0.4 <= innocent / len(read) <= 0.6
    assert (
        len(
            {each.text for each in words.sentences("untouched")}
            & {each.text for each in words.sentences("tuning")}
        )
        <= 3
    )


@pytest.mark.parametrize("part", words.PARTS)
def test_the_search_finds_what_a_person_finds(part: str) -> None:
    found = words.score(part)
    assert found.right + found.missed >= 100
    assert (found.precision >= 0.95, found.recall >= 0.95) == (True, True), found
    assert found.sure >= 0.9 * found.right, "nearly all of them are errors, not warnings"


@pytest.mark.parametrize("product", ["landline-aftersales", "mobile"])
@pytest.mark.parametrize("business", ["房产", "房地产", "医美", "医疗美容", "保险"])
def test_a_business_holds_for_every_product_that_names_it(product: str, business: str) -> None:
    assert not serves(entry(product), business)


def test_a_business_is_free_where_the_product_does_not_name_it() -> None:
    assert serves(entry("sip-marketing"), "房产")
    assert serves(entry("landline-aftersales"), "教育")
    assert not serves(entry("mobile"), "教育")
