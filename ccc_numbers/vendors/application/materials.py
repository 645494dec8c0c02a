"""The papers of an application: that they are all there, are what they say, and say nothing forbidden."""

import hashlib
import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ccc_numbers.messages.files import NotReadable, read_regular
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import listed
from ccc_numbers.vendors.catalogue import Catalogue, Entry
from ccc_numbers.vendors.catalogue.model import MaterialNeed
from ccc_numbers.vendors.errors import MaterialError
from ccc_numbers.vendors.orders import Order
from ccc_numbers.vendors.words import business_search, script_search

_EXCERPT = 40
LARGEST = 20 * 1024 * 1024
"""Bytes: what a DingTalk group and a mail still take."""
_LARGEST_UNPACKED = 200 * 1024 * 1024
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")

PAPERS = (".docx", ".doc", ".pdf", ".png", ".jpg", ".jpeg")
TEXTS = (".docx", ".txt", ".md")

_JPEG = (b"\xff\xd8\xff", b"\xff\xd9", 1024, mark("JPEG picture"))
_BINARY: dict[str, tuple[bytes, bytes, int, str]] = {
    ".pdf": (b"%PDF-", b"%%EOF", 2048, "PDF"),
    ".png": (b"\x89PNG\r\n\x1a\n", b"IEND", 16, mark("PNG picture")),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
}
"""Ending -> how such a file begins, what its last bytes hold, how many those are, its name."""


@dataclass(frozen=True, slots=True)
class Material:
    """One paper, read and found good. `file` is its path from the stack's folder, `packed` its name in the zip."""

    key: str
    name: str
    file: str
    suffix: str
    data: bytes = field(repr=False)
    packed: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def checked_materials(
    order: Order, entry: Entry, catalogue: Catalogue, folder: Path, accepted: Collection[str] = ()
) -> tuple[Material, ...]:
    """The order's papers, those the catalogue requires first. `folder` is the stack file's.

    Paths are taken as they are, from the working directory when they are relative.

    `accepted` are words of the catalogue's forbidden business that a person has read in the script and
    stands for (`期货` in `我们不做期货`). Raises `MaterialError` with one line per thing that is wrong.
    """
    needs = {need.key: need for need in entry.materials.required}
    problems = [*_accepted(entry, accepted)]
    problems += [_missing(order, need) for key, need in needs.items() if key not in order.materials]
    found: list[Material] = []
    extra = [key for key in order.materials if key not in needs]
    for key in (*needs, *extra):
        path = order.materials.get(key)
        if path is None:
            continue
        need = needs.get(key, MaterialNeed(key=key, name=key, scanned=key == "script"))
        material = _read(order, need, path, folder)
        if isinstance(material, str):
            problems.append(f"orders.{order.key}.materials.{key}: {material}")
            continue
        found.append(material)
        if need.scanned:
            where = f"orders.{order.key}.materials.{key}: {material.file}"
            problems.extend(f"{where}: {line}" for line in _said(material, order, entry, catalogue, accepted))
    if problems:
        raise MaterialError(tuple(problems))
    return tuple(found)


def _accepted(entry: Entry, accepted: Collection[str]) -> Iterator[str]:
    words = [each.word.word for each in business_search(entry).words if each.group is not None]
    known = f"{entry.business.words} {'、'.join(words) or tr('none')}".strip()
    for word in sorted(set(accepted) - set(words)):
        yield tr(
            "--accept {word}: is not a business that {product} forbids; those are {known}",
            word=word,
            product=entry.title,
            known=known,
        )


def _missing(order: Order, need: MaterialNeed) -> str:
    why = tr(
        "{paper} is missing; the vendor's template: {template}" if need.template else "{paper} is missing",
        paper=need.name,
        template=need.template,
    )
    return f"orders.{order.key}.materials.{need.key}: {why}"


def _read(order: Order, need: MaterialNeed, path: Path, folder: Path) -> Material | str:
    """The paper, or why it cannot be handed in."""
    try:
        root, target = folder.resolve(), path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        return tr("{file} cannot be followed: {why}", file=path, why=error)
    if not target.is_relative_to(root):
        return tr("{file} leads out of the stack's folder; keep the papers below it", file=path)
    name, suffix = target.relative_to(root).as_posix(), target.suffix.lower()
    allowed = TEXTS if need.scanned else PAPERS
    try:
        if not target.is_dir() and target.exists() and suffix not in allowed:
            if need.scanned and suffix == ".doc":
                return tr(
                    "{file} is an old Word document, whose text cannot be searched here; open it in Word or WPS and "
                    "save it as .docx",
                    file=name,
                )
            return tr(
                "{file} is not a kind of file for {paper}; take {kinds} (its text has to be searched for what may not "
                "be said)"
                if need.scanned
                else "{file} is not a kind of file for {paper}; take {kinds}",
                file=name,
                paper=need.name,
                kinds=listed(allowed),
            )
        data = read_regular(target, LARGEST)
    except FileNotFoundError:
        return tr("{file} does not exist; {paper} goes here", file=name, paper=need.name)
    except NotReadable as error:
        return f"{name} {error.why}"
    except OSError as error:
        return tr("{file} cannot be read: {why}", file=name, why=error.strerror)
    wrong = problem_of(data, suffix) if data else tr("is empty")
    return f"{name} {wrong}" if wrong else Material(need.key, need.name, name, suffix, data)


def _said(
    material: Material, order: Order, entry: Entry, catalogue: Catalogue, allowed: Collection[str]
) -> Iterator[str]:
    """One line for each forbidden thing the script says, or seems to say and nobody has accepted.

    A script says what it denies, too: the vendor hears the words.
    """
    lines = paragraphs(material.data, material.suffix)
    if not any(line.strip() for line in lines):
        yield tr("holds no text to search; a scan or picture cannot be checked, hand in the text")
        return
    search = script_search(entry, catalogue)
    accepted = {each.word for each in order.accept}
    for number, line in enumerate(lines, 1):
        for hit in search(line):
            word, business = hit.forbidden.word.word, hit.forbidden.group is not None
            if (business and word in allowed) or (word in accepted and (business or not hit.sure)):
                continue
            yield tr(
                'paragraph {number} says "{said}" in "{sentence}"; {product} forbids it (catalogue: {catalogue}); {remedy}'
                if hit.sure
                else 'paragraph {number} says "{said}" in "{sentence}"; {product} forbids {word}, which it may be '
                "(catalogue: {catalogue}); {remedy}",
                number=number,
                said=hit.said,
                sentence=_excerpt(line),
                product=entry.title,
                word=word,
                catalogue=hit.forbidden.words,
                remedy=_remedy(word, business, hit.sure),
            )


def _remedy(word: str, business: bool, sure: bool) -> str:
    if business:
        return tr("take it out, or allow it by --accept {word}", word=word)
    if sure:
        return tr("take it out")
    return tr("take it out, or write accept: [{{word: {word}, by: NAME}}] on the order", word=word)


def _excerpt(line: str) -> str:
    text = " ".join(line.split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


def problem_of(data: bytes, suffix: str) -> str | None:
    """Why these bytes are not what the file's ending says; None when they are."""
    match suffix:
        case ".docx":
            return _docx_problem(data)
        case ".doc":
            return None if data.startswith(_OLE) else tr("is not a Word document, whatever its name says")
        case ".pdf" | ".png" | ".jpg" | ".jpeg":
            start, end, within, kind = _BINARY[suffix]
            whole = data.startswith(start) and end in data[-within:]
            return None if whole else tr("is not a whole {kind}", kind=tr(kind))
        case _:
            return _text_problem(data)


def paragraphs(data: bytes, suffix: str) -> tuple[str, ...]:
    """The text of a file that passed `problem_of`, one item per paragraph or line, in all its parts."""
    if suffix == ".docx":
        return tuple(_docx_paragraphs(data))
    return tuple(data.decode("utf-8-sig").splitlines())


def _docx_problem(data: bytes) -> str | None:
    if data.startswith(_OLE):
        return tr("is an old .doc or locked by a password; save it as a plain .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > _LARGEST_UNPACKED:
                return tr("unpacks to more than 200 MB: this is not a paper")
            broken = packed.testzip()
        if broken is not None:
            return tr("is damaged: {part} in it cannot be read", part=broken)
        docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError, RuntimeError):
        return tr("is not a Word document (.docx), whatever its name says")
    return None


def _docx_paragraphs(data: bytes) -> Iterator[str]:
    """Body, tables, text boxes, headers, footers, notes, comments: every part with paragraphs."""
    document = docx.Document(io.BytesIO(data))
    for part in document.part.package.iter_parts():
        if "wordprocessingml" not in part.content_type or not part.partname.endswith(".xml"):
            continue
        for paragraph in parse_xml(part.blob).iter(qn("w:p")):
            text = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
            if text.strip():
                yield text


def _text_problem(data: bytes) -> str | None:
    if b"\x00" in data:
        return tr("is not a text file")
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return tr("is not UTF-8 text; save it as UTF-8")
    return None
