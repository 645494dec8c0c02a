"""How the console answers: pages from templates and their words, notes from one page to the next, refusals of strangers."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, unquote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ccc_numbers.simulator import visitors
from ccc_numbers.simulator.language import mark, tag, tr, tr_html, trn

HEADERS = {
    "Cache-Control": "no-store",
    # not translated: a header
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""On every page: no script, nothing from elsewhere, in nobody's frame."""
_NOTE = "ccc-simulator-note"
_LONGEST_NOTE = 1200
Endpoint = Callable[[Request], Awaitable[Response]]


USAGES: Mapping[str, str] = MappingProxyType(
    {
        "Inbound": mark("inbound 呼入"),
        "Outbound": mark("outbound 呼出"),
        "Bidirection": mark("bidirectional 双向"),
    }
)
"""The wire's words in the user's."""

_HAN = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")


def seen(value: object) -> object:
    """A value as a template shows it: text on one line, its invisible characters as escapes; markup as it is."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(
        c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in value
    )


def zh(text: object) -> Markup:
    """The text with its Chinese parts marked as such: the right glyphs, and the right voice of a screen reader."""
    escaped = str(escape(seen(str(text))))
    # not translated: markup
    return Markup(_HAN.sub(r'<span lang="zh-Hans">\g<0></span>', escaped))  # noqa: S704  # all of it is escaped


def some(numbers: Sequence[str], most: int = 10) -> str:
    """The first of them, and how many more there are."""
    rest, first = len(numbers) - most, tr(", ").join(numbers[:most])
    return tr("{names} and {left:,} more", names=first, left=rest) if rest > 0 else first


def both(word: str, chinese: str) -> Markup:
    """An English word with the Chinese one of CCC's own console behind it."""
    return zh(word if tag() != "en" else f"{word} {chinese}")


def page_link(query: str, page: int) -> str:
    """The query of a link to another page of a list."""
    wanted = {"q": query} if query else {}
    return f"?{urlencode({**wanted, 'page': str(page)})}"


FILTERS = {"zh": zh, "part": lambda text: quote(text, safe=""), "thousands": lambda n: f"{n:,}"}
GLOBALS = {
    "USAGES": USAGES,
    "page_link": page_link,
    "_": tr,
    "_n": trn,
    "_html": tr_html,
    "both": both,
    "code": Markup("<code>{}</code>").format,
    "link": Markup('<a href="{}">{}</a>').format,
    "lang": tag,
}


class Missing(Exception):
    """The page's subject is not there (any more)."""


@dataclass(frozen=True, slots=True)
class Note:
    """One line about a change that was made (`good`) or was not; shown on the next page, once."""

    good: bool
    text: str


class Frame:
    """The parts that all pages share."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=PackageLoader("ccc_numbers.simulator.console", "templates"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=True,
            finalize=seen,
        )
        self.environment.filters |= FILTERS
        self.environment.globals |= GLOBALS

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint for this machine's own pages only; a link from another site may lead to one."""

        async def guarded(request: Request) -> Response:
            why = visitors.refusal(request.scope, reading=request.method in {"GET", "HEAD"})
            if why:
                return self.page(request, "message.html.j2", 403, title=tr("Not done"), text=why)
            try:
                return await endpoint(request)
            except Missing as missing:
                return self.page(request, "message.html.j2", 404, title=tr("Not there"), text=str(missing))

        return guarded

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        """A page, with the notes of the one before."""
        notes = _notes(request)
        text = self.environment.get_template(template).render(
            notes=notes, host=request.headers.get("host", ""), **values
        )
        answer = HTMLResponse(text, status, headers=HEADERS)
        if notes:
            answer.delete_cookie(_NOTE, path="/")
        return answer

    def sent_on(self, path: str, *notes: Note) -> Response:
        """To another page, which says what was done: reloading it does nothing again."""
        answer = RedirectResponse(path, 303, headers=HEADERS)
        said = json.dumps([[note.good, note.text[:_LONGEST_NOTE]] for note in notes])
        answer.set_cookie(_NOTE, quote(said), max_age=60, path="/", httponly=True, samesite="strict")
        return answer


def _notes(request: Request) -> list[Note]:
    """The notes of the page before. A cookie can be anything: only notes are shown."""
    try:
        said = json.loads(unquote(request.cookies.get(_NOTE, "[]")))
        return [Note(bool(good), str(text)) for good, text in said]
    except (ValueError, TypeError, RecursionError):
        return []
