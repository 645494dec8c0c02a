"""Rules about the business that an order is for: what its scene says, and what a person has accepted of it."""

from collections.abc import Iterator

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.vendors.catalogue import Catalogue, Entry
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.orders import AcceptedWord, Order
from ccc_numbers.vendors.rules.case import ExaminedOrder
from ccc_numbers.vendors.words import Hit, business_search, script_search


def forbidden_scene(case: ExaminedOrder) -> Iterator[Finding]:
    """A scene that names a business the vendor does not serve, or seems to and nobody has accepted it."""
    for hit, accepted in said(case.order, case.entry):
        if hit.sure:
            rule, message, severity = "forbidden-business", _forbidden(case, hit), Severity.ERROR
            if accepted and accepted.reason:
                rule, message = "accepted-business", stands_for(case.entry, hit, accepted)
                severity = Severity.WARNING
            yield case.finding(rule, "scene", case.order.scene, message, severity)
        elif not accepted:
            yield case.finding(
                "doubtful-business", "scene", case.order.scene, _doubtful(case, hit), Severity.WARNING
            )


def said(order: Order, entry: Entry) -> Iterator[tuple[Hit, AcceptedWord | None]]:
    """What the scene says of what the product forbids, and who has accepted that."""
    accepted = {each.word: each for each in order.accept}
    for hit in business_search(entry)(order.scene or ""):
        if not hit.denied:
            yield hit, accepted.get(hit.forbidden.word.word)


def stands_for(entry: Entry, hit: Hit, accepted: AcceptedWord) -> str:
    """Who takes the risk that the vendor refuses what the scene says."""
    return tr(
        'says "{said}", which is {business}; {product} is not for that, and {by} stands for it: {reason}',
        said=hit.said,
        business=_named(hit),
        product=entry.title,
        by=accepted.by,
        reason=accepted.reason,
    )


def _forbidden(case: ExaminedOrder, hit: Hit) -> str:
    return tr(
        'says "{said}", and {product} is not for {business} (catalogue: {words}). If it is not that business, say it '
        "otherwise, or let a person stand for it: accept: [{{word: {word}, by: NAME, reason: WHY}}]",
        said=hit.said,
        product=case.entry.title,
        business=_named(hit),
        words=hit.forbidden.words,
        word=hit.forbidden.word.word,
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
    words = [each.word.word for each in script_search(case.entry, catalogue).words]
    for index, each in enumerate(case.order.accept):
        if each.word not in words:
            hint = suggestion(each.word, words, "those are")
            why = tr("is not a business that {product} forbids; {hint}", product=case.entry.title, hint=hint)
            yield case.finding("accept-of-no-use", f"accept[{index}]", each.word, why, Severity.WARNING)
