"""The errors of `ccc_numbers/vendors/`. Each is a user's mistake and prints as one line."""

from ccc_numbers.messages.problem import Problem


class VendorError(Exception):
    """Root of everything this room raises; `str()` is one line for the user."""


class CatalogueError(VendorError):
    """A catalogue file that cannot be used, with the first problem in it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class MoneyError(VendorError, ValueError):
    """An amount that is not a sum of money: negative, not a number, or finer than a fen."""


class TermError(VendorError, ValueError):
    """A term that is not a length of time."""


class MaterialError(VendorError):
    """Materials that cannot be handed in; `problems` has one line for each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
