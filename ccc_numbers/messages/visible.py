"""Text from elsewhere (a name in CCC, a vendor's file, an error) made visible: one line that does nothing.

Names are compared, kept and sent as they are; only what a person looks at goes through `visible`.
"""

import re

from ccc_numbers.messages.language import tr

# U+3000, the space of Chinese text, is as visible as any space.
_SPACES = " \u3000"
# Letters and marks that draw nothing: Hangul fillers, the grapheme joiner, Khmer inherent vowels, blank Braille.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\U000e0100-\U000e01ef]")
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
# No script stacks more than four marks on a letter.
_FLOOD = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
# GitHub's runner obeys `##[command]` anywhere in a line of a log, Pulumi's CLI colours itself by `<{%fg 1%}>`.
_COMMANDS = (("##[", r"##\x5b"), ("<{%", r"<\x7b%"))


def visible(text: str) -> str:
    r"""`text` on one line, with everything that hides, moves or does something as an escape: `\n`, `\x1b`, `\u202e`.

    Control characters, line and paragraph separators, bidirectional overrides and isolates, zero-width and
    unassigned characters, lone surrogates, blank letters; combining marks over four on a letter are cut. Commands of
    a pipeline's runner and of Pulumi's CLI are broken.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c in _SPACES else escaped(c) for c in text)
    if not text.isascii():
        text = _FLOOD.sub(r"\1…", _BLANK.sub(lambda found: escaped(found[0]), text))
    for command, harmless in _COMMANDS:
        text = text.replace(command, harmless)
    return text


def cut(text: str, longest: int) -> str:
    """`text`, or its first `longest` characters and the number of the others."""
    rest = len(text) - longest
    return text if rest <= 0 else tr("{text}… ({rest:,} more characters)", text=text[:longest], rest=rest)


def escaped(text: str) -> str:
    r"""Every character as an escape of Python's: `\r`, `\x1b`, `\u202e`, `\U000e0041`."""
    return text.encode("unicode_escape").decode("ascii")
