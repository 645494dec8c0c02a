"""`python -m ccc_numbers.messages.catalogue`: brings the catalogues up to date with the source; `--check` only looks.

Babel writes and compares them. It is a development dependency: at run time only the compiled catalogues are read.
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from ccc_numbers.messages.extraction import data_messages, messages, template_messages, untranslated
from ccc_numbers.messages.language import DOMAIN, LOCALE, Language

# not translated: for developers

CONVERTED = (
    *("messages", "numbers", "declaration", "api", "simulator/console"),
    *("provider", "vendors"),
    *("fleet", "components"),
)
"""The rooms in which every text that people read comes from the catalogue: there, words outside `tr` are refused."""
_NOT_YET: tuple[str, ...] = ()
_SOURCE = Path(__file__).parents[1]
_COMPONENTS = _SOURCE.parent / "components"
"""Beside the package here, and in it once it is installed."""
_TEMPLATE = LOCALE / f"{DOMAIN}.pot"
_WIDTH = 118
# A date, a version or a person in the header would make every run a change.
_CHANGING = re.compile(rb'"(?:Project|Report|POT|PO|Last|Language-Team|Generated)-?[^"]*"\n')
_MADE = datetime(2026, 11, 28, tzinfo=UTC)
_SPECIFIED = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")
_BEGINNING = re.compile(r"^(?:[a-z]+:[\w.{}]+(?: \(\w+\))?: ?|\{where\}:? ?)")
_HAN = r"[\u3400-\u9fff]"
# What Chinese text has: no half-width punctuation beside Han, a space between Han and letters or digits.
_UNTIDY = re.compile(
    rf"{_HAN}[,;!?]|{_HAN}:(?!{_HAN})|{_HAN}[A-Za-z0-9`]|[A-Za-z0-9`]{_HAN}|[，。；：、（] | [，。；：、（）]|） (?!·)"
)
_CODE = re.compile("`[^`]*`")


def main(words: list[str]) -> int:
    """0 when all is well or was written; 1, with a line for each, where something is wrong or out of date.

    `--take FILE.po` also takes the translations of another branch's catalogue, where this one has none; with the one that
    both began with behind it, those too that the other branch has reworded.
    """
    others = [Path(word) for word in words if word.endswith(".po")] if "--take" in words else []
    problems = list(_check() if "--check" in words else _write(others))
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def _template() -> Catalog:
    catalog = Catalog(
        domain=DOMAIN, project="ccc-numbers", creation_date=_MADE, revision_date=_MADE, fuzzy=False
    )
    catalog.header_comment = (
        "# Every text that people read, as it stands in the source. Made by `make messages`."
    )
    finders = {".py": messages, ".j2": template_messages, ".yaml": data_messages}
    files = (*_SOURCE.rglob("*"), *_COMPONENTS.rglob("*"))
    for file in sorted(each for each in files if each.suffix in finders):
        for found in finders[file.suffix](file):
            form = found.one if found.many is None else (found.one, found.many)
            catalog.add(form, locations=[(file.relative_to(_SOURCE.parent).as_posix(), 1)])
    return catalog


def _catalogues() -> Iterator[tuple[Path, Catalog]]:
    for language in Language:
        file = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        if language is not Language.ENGLISH:
            with file.open("rb") as opened:
                catalog = read_po(opened, locale=str(language), domain=DOMAIN)
            catalog.creation_date = catalog.revision_date = _MADE
            yield file, catalog


def _po(catalog: Catalog) -> bytes:
    text = _bytes(
        lambda file: write_po(
            file, catalog, width=_WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True
        )
    )
    header, _, rest = text.partition(b"\n\n")
    return _CHANGING.sub(b"", header + b"\n") + b"\n" + rest


def _mo(catalog: Catalog) -> bytes:
    return _bytes(lambda file: write_mo(file, catalog))


def _bytes(write: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def _write(others: list[Path]) -> Iterator[str]:
    template = _template()
    _TEMPLATE.write_bytes(_po(template))
    for file, catalog in _catalogues():
        catalog.update(template)
        if others:
            _take(
                catalog, *(read_po(io.BytesIO(each.read_bytes()), locale=catalog.locale) for each in others)
            )
        catalog.header_comment = "# Words, and how we write them: docs/languages.md."
        file.write_bytes(_po(catalog))
    for file, catalog in _catalogues():
        file.with_suffix(".mo").write_bytes(_mo(catalog))
        yield from _missing(file, catalog)


def _take(catalog: Catalog, other: Catalog, began: Catalog | None = None) -> None:
    """Fill in what is missing or fuzzy from the other catalogue, and what that one says otherwise than both `began`."""
    for each in catalog:
        form = each.id if isinstance(each.id, str) else each.id[0]
        theirs = other.get(form) if form else None
        if theirs is None or theirs.fuzzy or theirs.id != each.id or not all(_forms(theirs.string)):
            continue
        before = began.get(form) if began and form else None
        reworded = before is not None and before.string not in ("", theirs.string)
        if each.fuzzy or reworded or not all(_forms(each.string)):
            each.string = theirs.string
            each.flags.discard("fuzzy")


def _check() -> Iterator[str]:
    template = _template()
    again = "is not what the source gives; run: make messages"
    if _TEMPLATE.read_bytes() != _po(template):
        yield f"{_shown(_TEMPLATE)}: {again}"
    for file, catalog in _catalogues():
        if {each.id for each in catalog if each.id} != {each.id for each in template if each.id}:
            yield f"{_shown(file)}: {again}"
        if file.with_suffix(".mo").read_bytes() != _mo(catalog):
            yield f"{_shown(file.with_suffix('.mo'))}: is not what the .po gives; run: make messages"
        yield from _missing(file, catalog)
        yield from _wrong(file, catalog)
    for room in CONVERTED:
        folder = _COMPONENTS if room == "components" else _SOURCE / room
        for source in sorted(folder.rglob("*.py")):
            if any(each in source.as_posix() for each in _NOT_YET):
                continue
            for line, text in untranslated(source):
                yield f"{_shown(source)}:{line}: {text!r} is not in tr(); see docs/languages.md"


def _missing(file: Path, catalog: Catalog) -> Iterator[str]:
    lacking = [each.id for each in catalog if each.id and (each.fuzzy or not all(_forms(each.string)))]
    if lacking:
        yield f"{_shown(file)}: {len(lacking)} without a translation, or fuzzy, the first: {lacking[0]!r}"


def _wrong(file: Path, catalog: Catalog) -> Iterator[str]:
    """Translations with other values than the message, another setting in front, or untidy Chinese."""
    for each in catalog:
        for text in filter(None, _forms(each.string)) if each.id else ():
            original = _forms(each.id)[-1]
            found, wanted = sorted(_SPECIFIED.findall(text)), sorted(_SPECIFIED.findall(original))
            if set(found) != set(wanted):
                yield f"{_shown(file)}: {text!r} has the values {found}, its message {wanted}"
            front = _BEGINNING.match(original)
            if front and not text.startswith(front[0].rstrip()):
                yield f"{_shown(file)}: {text!r} must begin with {front[0]!r}, as its message does"
            if untidy := _UNTIDY.search(_CODE.sub("`code`", text)):
                yield f"{_shown(file)}: {text!r}: {untidy[0]!r} is not tidy Chinese; see docs/languages.md"


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _shown(file: Path) -> str:
    return file.relative_to(_SOURCE.parent).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
