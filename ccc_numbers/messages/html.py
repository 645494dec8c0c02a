"""HTML: every expression of a template is cleaned and escaped, and nothing ends the script that holds data."""

import json
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ccc_numbers.messages.json_text import visible_json
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible

_HAN = re.compile(r"[\u2e80-\u2fdf\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")


_CHINESE = Markup('<span lang="zh-Hans">{}</span>')  # not translated: markup


def environment(package: str) -> Environment:
    """Jinja for the pages in the folder `templates` of `package`."""
    return Environment(
        loader=PackageLoader(package, "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
        finalize=_cleaned,
    )


def zh(text: object) -> Markup:
    """The text with its Chinese parts marked as such: the right glyphs, and the right voice of a screen reader."""
    marked, end = Markup(), 0
    plain = visible(str(text))
    for found in _HAN.finditer(plain):
        marked += escape(plain[end : found.start()]) + _CHINESE.format(found[0])
        end = found.end()
    return marked + escape(plain[end:])


def tr_html(message: str, /, **values: object) -> Markup:
    """The message in the reader's language, with values that may be markup; text among them is escaped."""
    return Markup(escape(tr(message))).format(**values)  # noqa: S704  # escaped


def prose(text: object) -> Markup:
    """A sentence with its `commands` set as such, and its Chinese parts marked."""
    plain = visible(str(text))
    pieces = plain.split("`")
    if len(pieces) % 2 == 0:
        return zh(plain)
    code = Markup("<code>{}</code>")
    return Markup().join(code.format(piece) if index % 2 else zh(piece) for index, piece in enumerate(pieces))


def stylesheet(css: str) -> Markup:
    """A style sheet of ours for a `<style>` element. Raises ValueError when it would end the element."""
    if "</" in css:
        raise ValueError("a style sheet cannot hold </")  # not translated: a mistake in our own file
    return Markup(css)  # noqa: S704  # our own file


def script_data(data: object) -> Markup:
    """Compact JSON for a `<script type="application/json">`: nothing in it ends the element, or opens a comment."""
    text = visible_json(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704  # JSON, in which no tag can begin


def _cleaned(value: object) -> object:
    """Text cleaned; markup was cleaned where it was made."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
