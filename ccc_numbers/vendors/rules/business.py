"""Rules about the business that an order is for: what its scene says, and what a person has accepted of it."""

from collections.abc import Iterator

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.vendors.catalogue import Catalogue
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.rules.case import ExaminedOrder
from ccc_numbers.vendors.words import Hit, forbidden_business, script_phrases, search


def forbidden_scene(case: ExaminedOrder) -> Iterator[Finding]:
    """A scene that names a business the vendor does not serve, or seems to and nobody has accepted it."""
    scene = case.order.scene
    accepted = {each.word for each in case.order.accept}
    for hit in search(scene or "", forbidden_business(case.entry)):
        if hit.denied:
            continue
        if hit.sure:
            yield case.finding("forbidden-business", "scene", scene, _forbidden(case, hit))
        elif hit.forbidden.word.word not in accepted:
            yield case.finding("doubtful-business", "scene", scene, _doubtful(case, hit), Severity.WARNING)


def _forbidden(case: ExaminedOrder, hit: Hit) -> str:
    return tr(
        'says "{said}", and {product} is not for {business} (catalogue: {words})',
        said=hit.said,
        product=case.entry.title,
        business=_named(hit),
        words=hit.forbidden.words,
    )


def _doubtful(case: ExaminedOrder, hit: Hit) -> str:
    return tr(
        'says "{said}" in "{sentence}", which may be {business}; {product} is not for that (catalogue: {words}). Say it '
        "otherwise, or let a person accept it: accept: [{{word: {word}, by: NAME}}]",
        said=hit.said,
        sentence=hit.clause,
        business=_named(hit),
        product=case.entry.title,
        words=hit.forbidden.words,
        word=hit.forbidden.word.word,
    )


def _named(hit: Hit) -> str:
    word, group = hit.forbidden.word.word, hit.forbidden.group
    return f"{word} ({group})" if group and group != word else word


def accepted_words(case: ExaminedOrder, catalogue: Catalogue) -> Iterator[Finding]:
    """An accepted word that the product does not forbid: it accepts nothing."""
    forbidden = (*forbidden_business(case.entry), *script_phrases(case.entry, catalogue))
    words = [each.word.word for each in forbidden]
    for index, each in enumerate(case.order.accept):
        if each.word not in words:
            hint = suggestion(each.word, words, "those are")
            why = tr("is not a business that {product} forbids; {hint}", product=case.entry.title, hint=hint)
            yield case.finding("accept-of-no-use", f"accept[{index}]", each.word, why, Severity.WARNING)
