"""How well and how fast the search for forbidden words reads the labelled sentences in tests/vendors/words."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.words import Hit, Search, script_search

SENTENCES = Path(__file__).parents[1] / "tests/vendors/words"
UNTOUCHED = "untouched"
"""How the files begin that the lexicon was not tuned on."""
_DESCRIPTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A labelled sentence: what is forbidden in it is what the vendor of the product would refuse."""

    product: str
    script: bool
    forbidden: bool
    text: str

    def hits(self) -> list[Hit]:
        """What is reported of it: what is denied counts in a script alone."""
        return [hit for hit in _search(self.product)(self.text) if self.script or not hit.denied]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over sentences: a hit is right in a forbidden one. Sure ones are errors, the others warnings."""

    sentences: int
    forbidden: int
    right: int
    wrong: int
    right_sure: int
    wrong_sure: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / self.forbidden

    @property
    def figures(self) -> dict[str, object]:
        """JSON-ready."""
        return asdict(self) | {"precision": round(self.precision, 3), "recall": round(self.recall, 3)}


def parts() -> list[str]:
    """The files of sentences, without their ending."""
    return sorted(file.stem for file in SENTENCES.glob("*.tsv"))


def sentences(part: str) -> Iterator[Sentence]:
    """The sentences of a file, in its order: label, product (and `/script`), text."""
    for line in (SENTENCES / f"{part}.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            label, product, text = line.split("\t")
            product, _, kind = product.partition("/")
            yield Sentence(product, kind == "script", label == "1", text)


def score(read: Iterable[Sentence]) -> Score:
    """The counts over these sentences."""
    found = [(each, each.hits()) for each in read]
    right = [hits for each, hits in found if each.forbidden and hits]
    wrong = [hits for each, hits in found if not each.forbidden and hits]
    return Score(
        len(found),
        sum(each.forbidden for each, _ in found),
        len(right),
        len(wrong),
        sum(any(hit.sure and not hit.denied for hit in hits) for hits in right),
        sum(any(hit.sure and not hit.denied for hit in hits) for hits in wrong),
    )


def figures() -> dict[str, object]:
    """Counts, precision and recall of each file, of those tuned on and of those not, and the time; JSON-ready."""
    read = {part: list(sentences(part)) for part in parts()}
    both = {
        name: [each for part in read if part.startswith(UNTOUCHED) is untouched for each in read[part]]
        for name, untouched in (("tuned", False), ("notTunedOn", True))
    }
    return {
        **{name: score(found).figures if found else "none yet" for name, found in both.items()},
        "files": {part: score(found).figures for part, found in read.items()},
        "secondsFor10000": round(seconds(), 2),
    }


def seconds() -> float:
    """The time of the processor that 10,000 descriptions take, each with the product's search asked for again."""
    texts = [each for part in parts() for each in sentences(part) if not each.script]
    texts[0].hits()
    begun = time.process_time()
    for number in range(_DESCRIPTIONS):
        texts[number % len(texts)].hits()
    return time.process_time() - begun


@cache
def _search(product: str) -> Search:
    catalogue = built_in()
    (entry,) = (each for each in catalogue.entries if each.product == product)
    return script_search(entry, catalogue)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
