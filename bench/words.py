"""How well and how fast the search for forbidden words reads the labelled sentences in tests/vendors/words."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.words import Forbidden, Hit, forbidden_business, script_phrases, search

SENTENCES = Path(__file__).parents[1] / "tests/vendors/words"
PARTS = ("tuning", "untouched")
_HEADING = re.compile(r"\[(\S+) (scene|script) (forbidden|innocent)\]")
_DESCRIPTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A labelled sentence: what is forbidden in it is what the vendor of the product would refuse."""

    product: str
    script: bool
    forbidden: bool
    text: str

    @property
    def words(self) -> tuple[Forbidden, ...]:
        catalogue = built_in()
        entry = next(each for each in catalogue.entries if each.product == self.product)
        phrases = script_phrases(entry, catalogue) if self.script else ()
        return (*phrases, *forbidden_business(entry))

    def hits(self) -> list[Hit]:
        """What is reported of it: what is denied counts in a script alone."""
        return [hit for hit in search(self.text, self.words) if self.script or not hit.denied]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over one part; `sure` are those of the right hits that are errors, the rest are warnings."""

    sentences: int
    right: int
    missed: int
    wrong: int
    sure: int
    wrong_sure: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def sentences(part: str) -> Iterator[Sentence]:
    """The sentences of a part, in the file's order."""
    heading = None
    for line in (SENTENCES / f"{part}.txt").read_text("utf-8").splitlines():
        if found := _HEADING.fullmatch(line):
            heading = found.groups()
        elif line and not line.startswith("#") and heading:
            product, kind, label = heading
            yield Sentence(product, kind == "script", label == "forbidden", line)


def score(part: str) -> Score:
    """The counts of a part."""
    read = [(each, each.hits()) for each in sentences(part)]
    right = [hits for each, hits in read if each.forbidden and hits]
    wrong = [hits for each, hits in read if not each.forbidden and hits]
    return Score(
        len(read),
        len(right),
        sum(each.forbidden and not hits for each, hits in read),
        len(wrong),
        sum(any(hit.sure and not hit.denied for hit in hits) for hits in right),
        sum(any(hit.sure and not hit.denied for hit in hits) for hits in wrong),
    )


def figures() -> dict[str, object]:
    """Counts, precision and recall of each part, and the time, JSON-ready."""
    scores = {part: score(part) for part in PARTS}
    return {
        **{
            part: asdict(each) | {"precision": round(each.precision, 3), "recall": round(each.recall, 3)}
            for part, each in scores.items()
        },
        "secondsFor10000": round(seconds(), 2),
    }


def seconds() -> float:
    """The time that 10,000 descriptions take, the patterns' compilation included."""
    texts = [each for part in PARTS for each in sentences(part) if not each.script]
    begun = time.perf_counter()
    for number in range(_DESCRIPTIONS):
        texts[number % len(texts)].hits()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
