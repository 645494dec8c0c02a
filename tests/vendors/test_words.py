"""The search for forbidden words, on labelled sentences: those it was tuned on and those it was not."""

from pathlib import Path

import pytest

from bench import words
from ccc_numbers.vendors.catalogue.select import serves
from ccc_numbers.vendors.words import business_search
from tests.vendors.support import entry


def test_the_sentences_are_many_and_half_of_them_innocent() -> None:
    read = [each for part in words.parts() for each in words.sentences(part)]
    innocent = sum(not each.forbidden for each in read)
    assert len(read) >= 300
    assert 0.4 <= innocent / len(read) <= 0.6


@pytest.mark.parametrize("part", words.parts())
def test_the_search_finds_what_a_person_finds(part: str) -> None:
    found = words.score(words.sentences(part))
    assert (found.precision >= 0.95, found.recall >= 0.95) == (True, True), found
    assert found.wrong_sure <= 0.02 * found.right, "an error stops an update, and has to be right"
    assert found.right_sure >= 0.75 * found.right, "most of them are errors, not warnings"


def test_ten_thousand_descriptions_are_quick() -> None:
    assert words.seconds() < 2.0, "0.4 s on an idle machine"


@pytest.mark.parametrize("product", ["landline-aftersales", "mobile"])
@pytest.mark.parametrize("business", ["房产", "房地产", "医美", "医疗美容", "保险"])
def test_a_business_holds_for_every_product_that_names_it(product: str, business: str) -> None:
    assert not serves(entry(product), business)


def test_a_business_is_free_where_the_product_does_not_name_it() -> None:
    assert serves(entry("sip-marketing"), "房产")
    assert serves(entry("landline-aftersales"), "教育")
    assert not serves(entry("mobile"), "教育")


def test_the_examples_of_the_documentation_are_true() -> None:
    text = (Path(__file__).parents[2] / "docs/vendors.md").read_text("utf-8")
    table = text.split("| found | not found |\n|---|---|\n")[1].split("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    search = business_search(entry("landline-aftersales"))
    said = [[any(not hit.denied for hit in search(sentence)) for sentence in row] for row in rows]
    assert said == [[True, False]] * 10


def test_a_hit_shows_the_words_and_their_clause() -> None:
    text = "售后回访，顺便问客户 要不要做 短线 跟单"
    (hit,) = business_search(entry("landline-aftersales"))(text)
    assert (hit.said, hit.clause, hit.sure) == ("做短线", "顺便问客户 要不要做 短线 跟单", False)
    assert hit.forbidden.word.word == "股票软件或股票推荐"
