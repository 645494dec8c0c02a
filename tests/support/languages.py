"""Texts in a language: to read them in it, and to find English in what is to be Chinese."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest import mock

from ccc_numbers.messages import language

_CODE = re.compile("`[^`]*`")
_SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}[,;:]? [a-z]{2,}")


@contextmanager
def in_chinese() -> Iterator[None]:
    """This process speaks Chinese for a while."""
    with mock.patch.dict(os.environ, CCC_LANG="zh"):
        language.choose()
        yield
    language.choose()


def english_in(texts: Iterable[str]) -> list[str]:
    """The texts in which three English words stand in a row, code left out."""
    return [text for text in texts if _SENTENCE.search(_CODE.sub("", text))]
