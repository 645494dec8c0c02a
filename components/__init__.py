"""What a stack author uses: the whole program as one call, and the components it is made of."""

from .program import run

__all__ = ["run"]
