"""Words that forbid: the lexicon beside the catalogue, and the one search for its words in what people write."""

from ccc_numbers.vendors.words.search import Forbidden, Hit, forbidden_business, script_phrases, search

__all__ = ["Forbidden", "Hit", "forbidden_business", "script_phrases", "search"]
