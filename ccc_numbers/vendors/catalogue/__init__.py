"""The vendors' catalogue: what partners sell, to whom, under which limits, at which price.

Data, one YAML file per row of Alibaba Cloud's page on partner numbers (see each entry's `source`, `asOf`).
"""

from ccc_numbers.vendors.catalogue.files import Catalogue, built_in, with_overrides
from ccc_numbers.vendors.catalogue.model import Direction, Entry

__all__ = ["Catalogue", "Direction", "Entry", "built_in", "with_overrides"]
