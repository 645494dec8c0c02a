"""The language of everything a person reads: English, or Simplified Chinese from a gettext catalogue.

A process has one language. CCC_LANG says which; without it the Pulumi.yaml of the project, `ccc-numbers:lang`. What
this process starts inherits the variable. English is the source: it needs no catalogue and reads none. How to add a
message or a language: docs/languages.md.
"""

import json
import os
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

VARIABLE = "CCC_LANG"
KEY = "ccc-numbers:lang"
"""Of Pulumi.yaml, under `config`."""
DOMAIN = "ccc_numbers"
LOCALE = Path(__file__).with_name("locale")

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Language(StrEnum):
    """The languages there are, each by the name of its folder in `locale`; English needs none."""

    ENGLISH = "en"
    CHINESE = "zh_CN"


class UnknownLanguage(ValueError):
    """A language was asked for that there is not: one line that says where, and what would be right."""


def known_language(name: str) -> Language | None:
    """The language that a setting or a locale names: `en_GB.UTF-8`, `C`, `zh`, `zh-CN`, `zh_Hans`; None for another."""
    words = re.split(r"[.@]", name.strip())[0].replace("-", "_").casefold()
    if words in ("c", "posix") or re.fullmatch(r"en(_[a-z0-9]+)?", words):
        return Language.ENGLISH
    # Taiwan, Hong Kong and Macao read traditional characters.
    return (
        Language.CHINESE if words in ("zh", "zh_cn", "zh_sg", "zh_hans", "zh_hans_cn", "zh_hans_sg") else None
    )


def choose(option: str | None = None, project: Path | None = None) -> None:
    """Choose the language of this process and of all that it starts. Raises UnknownLanguage.

    `option` is what `--lang` says; `project` a folder of the project, the current one without.
    """
    asked = ("--lang", option) if option else _asked(os.environ, project or Path())
    if asked is not None:
        check_language(*asked)
        os.environ[VARIABLE] = asked[1]
    _catalogue.cache_clear()


def check_language(setting: str, value: str) -> None:
    """Raise UnknownLanguage where a setting names a language there is not."""
    if known_language(value) is None:
        # not translated: nobody knows into what
        raise UnknownLanguage(f"{setting}: {json.dumps(value[:40])} is not a language; write en or zh")


def is_english() -> bool:
    """Whether texts are shown as they stand in the source."""
    return _catalogue() is None


def tr(message: str, /, **values: object) -> str:
    """The message in the reader's language. `{name}` in it stands for a value; without values, braces are braces."""
    catalogue = _catalogue()
    # To gettext, no text at all is the name of its header.
    text = catalogue.gettext(message) if catalogue and message else message
    return text.format(**values) if values else text


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """The same for a message about a `{count}` of things: the form for one, or for many."""
    catalogue = _catalogue()
    text = catalogue.ngettext(one, many, count) if catalogue else one if count == 1 else many
    return text.format(count=count, **values)


def english(message: str, /, **values: object) -> str:
    """The same in English, whoever reads it: for a text that is kept or compared."""
    return message.format(**values)


def mark(message: str) -> str:
    """The message as it is: one that is a constant, for `tr` to translate where it is shown."""
    return message


def markn(one: str, many: str) -> tuple[str, str]:
    """The same for the two forms of a message about a count, for `trn`."""
    return one, many


@cache
def _catalogue() -> "GNUTranslations | None":
    asked = _asked(os.environ, Path())
    # A wrong one was refused where settings are read.
    language = known_language(asked[1]) if asked else _of_locale(os.environ)
    if language in (None, Language.ENGLISH):
        return None
    from gettext import GNUTranslations

    with (LOCALE / str(language) / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return GNUTranslations(file)


def _asked(environ: Mapping[str, str], project: Path) -> tuple[str, str] | None:
    """The language that was asked for, with the setting that did."""
    if written := environ.get(VARIABLE, "").strip():
        return VARIABLE, written
    here = project.absolute()
    file = next(
        (each for folder in (here, *here.parents) if (each := folder / "Pulumi.yaml").is_file()), None
    )
    said = _said_by(file) if file else None
    return None if said is None else (f"Pulumi.yaml: {KEY}", said)  # not translated: a place


def _said_by(file: Path) -> str | None:
    """The language that the project's file asks for; its own mistakes are Pulumi's to report."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeError):
        return None
    if KEY not in text:
        return None
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # scalars as text alone
    except (yaml.YAMLError, RecursionError):
        return None
    config = found.get("config") if isinstance(found, dict) else None
    value = config.get(KEY) if isinstance(config, dict) else None
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str) and value else None


def _of_locale(environ: Mapping[str, str]) -> Language | None:
    named = next((environ[name] for name in _LOCALE_VARIABLES if environ.get(name)), "")
    return known_language(named)
