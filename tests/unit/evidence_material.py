"""The phrase book of the product and the labelled sentences, for tests of reading for evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib.domain.evidence import Suggestion, read_note
from lib.domain.phrase_book import PhraseBook
from lib.exchange.phrase_files import load_phrase_book

ROOT = Path(__file__).resolve().parents[2]
PHRASES = ROOT / "data" / "phrases"
SENTENCES = ROOT / "tests" / "data" / "evidence"
Label = tuple[str, str, str]


@cache
def book() -> PhraseBook:
    """The phrase book of the product, read once for all tests."""
    return load_phrase_book(PHRASES)


def labelled(name: str) -> list[tuple[str, set[Label]]]:
    """Sentences of a file with their labels: code, polarity, status."""
    rows = [json.loads(line) for line in (SENTENCES / name).read_text(encoding="utf-8").splitlines()]
    return [(row["text"], {(x["code"], x["polarity"], x["status"]) for x in row["labels"]}) for row in rows]


def suggestions(sentence: str) -> tuple[Suggestion, ...]:
    """What one sentence may be evidence of."""
    (reading,) = read_note(sentence, book(), as_lines=True)
    return reading.suggestions


def found(sentence: str) -> set[Label]:
    """The same as labels."""
    return {(each.code, each.polarity.value, each.status.value) for each in suggestions(sentence)}


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over current evidence (present and negated), and the figures made of them."""

    right: dict[str, int]
    wrong: dict[str, int]
    missed: dict[str, int]
    statuses: tuple[int, int]
    flagged: int

    @property
    def precision(self) -> float:
        return sum(self.right.values()) / (sum(self.right.values()) + sum(self.wrong.values()))

    @property
    def recall(self) -> float:
        return sum(self.right.values()) / (sum(self.right.values()) + sum(self.missed.values()))

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    @property
    def by_code(self) -> dict[str, float]:
        codes = {*self.right, *self.wrong, *self.missed}
        total = {code: 2 * self.right.get(code, 0) for code in codes}
        return {
            code: total[code] / (total[code] + self.wrong.get(code, 0) + self.missed.get(code, 0)) for code in codes
        }


def figures(name: str) -> Figures:
    """Precision, recall and F1 of current evidence, as (sentence, code, polarity); statuses right of those found."""
    right: dict[str, int] = {}
    wrong: dict[str, int] = {}
    missed: dict[str, int] = {}
    same, seen, flagged = 0, 0, 0
    for sentence, labels in labelled(name):
        told = found(sentence)
        wanted, got = _current(labels), _current(told)
        for counts, pairs in ((right, wanted & got), (wrong, got - wanted), (missed, wanted - got)):
            for code, _polarity in pairs:
                counts[code] = counts.get(code, 0) + 1
        for code, _polarity, status in labels:
            statuses = {each[2] for each in told if each[0] == code}
            seen += bool(statuses)
            same += status in statuses
        flagged += bool(told and not labels)
    return Figures(right, wrong, missed, (same, seen), flagged)


def _current(labels: set[Label]) -> set[tuple[str, str]]:
    return {(code, polarity) for code, polarity, status in labels if status in {"present", "negated"}}
