"""The console's language: CCC_LANG, and the catalogue of the whole project as a file. The simulator imports no room."""

import gettext
import os
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

_LOCALE = Path(__file__).parents[1] / "messages" / "locale"
_TRADITIONAL = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")


def tr(message: str, /, **values: object) -> str:
    """The message in the operator's language. `{name}` in it stands for a value."""
    text = _catalogue().gettext(message)
    return text.format(**values) if values else text


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """The same for a message about a `{count}` of things."""
    return _catalogue().ngettext(one, many, count).format(count=count, **values)


def tr_html(message: str, /, **values: object) -> Markup:
    """The same with values that may be markup."""
    return Markup(escape(tr(message))).format(**values)  # noqa: S704  # escaped


def mark(message: str) -> str:
    """The message as it is, for `tr` to translate where it is shown."""
    return message


def tag() -> str:
    """The language as HTML names it."""
    return "zh-Hans" if _is_chinese() else "en"


def _is_chinese() -> bool:
    name = os.environ.get("CCC_LANG", "").strip().replace("-", "_").casefold()
    return name.startswith("zh") and not name.startswith(_TRADITIONAL)


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("ccc_numbers", _LOCALE, ["zh_CN"] if _is_chinese() else ["en"], fallback=True)
