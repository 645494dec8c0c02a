"""Templates of plain text, whose filters escape what their form wants escaped."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def plain_template(name: str, **filters: Callable[..., str]) -> Template:
    """A template of this package, without HTML's escaping."""
    environment = Environment(
        loader=PackageLoader("ccc_numbers.fleet.drift.output", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 no HTML
    )
    environment.filters.update(filters)
    return environment.get_template(name)
