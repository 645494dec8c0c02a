"""The vendors' catalogue: what partners sell, to whom, under which limits, at which price.

Data, one YAML file per row of Alibaba Cloud's page on partner numbers (see each entry's `source`, `asOf`).
"""

from ccc_numbers.vendors.catalogue.files import Catalogue, built_in, with_overrides
from ccc_numbers.vendors.catalogue.model import Business, Direction, Entry, MaterialNeed, Shape, Word
from ccc_numbers.vendors.catalogue.price import MinimumSpend, Package, Prepaid, Scope

__all__ = [
    "Business",
    "Catalogue",
    "Direction",
    "Entry",
    "MaterialNeed",
    "MinimumSpend",
    "Package",
    "Prepaid",
    "Scope",
    "Shape",
    "Word",
    "built_in",
    "with_overrides",
]
