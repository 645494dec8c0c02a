"""How the console answers: pages from templates, notes from one page to the next, refusals of strangers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ccc_numbers.simulator.console.guard import HEADERS, refusal
from ccc_numbers.simulator.console.words import environment_words, seen

_NOTE = "ccc-simulator-note"
_LONGEST_NOTE = 1200
Handler = Callable[[Request], Awaitable[Response]]


class Missing(Exception):
    """What a page is about is not there (any more)."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was done (`good`), or was not; shown on the next page, once."""

    good: bool
    text: str


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ccc_numbers.simulator.console", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
        finalize=seen,
    )
    environment_words(environment)
    return environment


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages stand in."""

    environment: Environment = field(default_factory=_environment)

    def guarded(self, handler: Handler) -> Handler:
        """The handler behind the guard; what is gone is a page as well."""

        async def endpoint(request: Request) -> Response:
            why = refusal(request)
            if why:
                return self.page(request, "message.html.j2", 403, title="Not done", text=why)
            try:
                return await handler(request)
            except Missing as missing:
                return self.page(request, "message.html.j2", 404, title="Not there", text=str(missing))

        return endpoint

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
    """What the page before had to say. A cookie can be anything: what is not ours is not shown."""
    try:
        said = json.loads(unquote(request.cookies.get(_NOTE, "[]")))
        return [Note(bool(good), str(text)) for good, text in said]
    except (ValueError, TypeError, RecursionError):
        return []
