"""The errors of `ccc_numbers/vendors/`. Each is a user's mistake and prints as one line."""

from __future__ import annotations


class VendorError(Exception):
    """Root of everything this room raises; `str()` is one line for the user."""


class CatalogueError(VendorError):
    """A catalogue file that cannot be used: `file:line:column: path: "value": why`."""

    def __init__(self, file: str, line: int, column: int, path: str, message: str) -> None:
        where = f"{file}:{line}:{column}: "
        super().__init__(where + (f"{path}: " if path else "") + message)
        self.file, self.line, self.column, self.path, self.message = file, line, column, path, message


class MoneyError(VendorError, ValueError):
    """An amount that is not a sum of money: negative, not a number, or finer than a fen."""


class TermError(VendorError, ValueError):
    """A term that is not a length of time."""


class MaterialError(VendorError):
    """Materials that cannot be handed in; `problems` has one line for each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
