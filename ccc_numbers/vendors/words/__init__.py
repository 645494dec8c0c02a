"""Words that forbid: the lexicon beside the catalogue, and the one search for its words in what people write."""

from ccc_numbers.vendors.words.search import Forbidden, Hit, Search, business_search, script_search

__all__ = ["Forbidden", "Hit", "Search", "business_search", "script_search"]
