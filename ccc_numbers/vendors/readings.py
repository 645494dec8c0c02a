"""How the source is read where it leaves something open."""

from functools import cache
from importlib import resources

from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.catalogue.price import Part


class Reading(Part):
    """One sentence of the source (`words`), how it is read and why, and the keys that say otherwise.

    `of` has vendors (`A`), products (`A/400`), or `*`.
    """

    of: tuple[str, ...]
    words: str
    read: str
    why: str
    otherwise: str


@cache
def readings() -> tuple[Reading, ...]:
    """All of them."""
    text = resources.files("ccc_numbers.vendors").joinpath("readings.yaml").read_text("utf-8")
    found = read_yaml(text, "readings.yaml").data
    assert isinstance(found, list)
    return tuple(Reading.model_validate(each) for each in found)


def readings_of(entry: Entry) -> tuple[Reading, ...]:
    """Those that an entry's figures rest on."""
    names = {"*", entry.vendor, "/".join(entry.key)}
    return tuple(each for each in readings() if names & set(each.of))
