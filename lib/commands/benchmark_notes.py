"""Benchmark of reading for evidence: notes of invented sentences, beside one pass of a plain tokenizer over them."""

from __future__ import annotations

import random
import re

from lib.bootstrap import ROOT
from lib.domain.evidence import read_note
from lib.domain.phrase_book import PhraseBook
from lib.exchange.phrase_files import load_phrase_book

NOTES, WORDS = 200, 500
TIMES_A_TOKENIZER = 100.0
_EVERY = 12  # one sentence in twelve is one that a phrase matches
_SEED = 17
_PLAIN = (
    "Client arrived on time and was casually dressed.",
    "Reports sleep of about six hours a night and a fair appetite this week.",
    "She described the move to the new office and the longer drive in the mornings.",
    "Medication was reviewed and no side effects were reported.",
    "He spent the weekend painting the kitchen and visiting his cousin in the country.",
    "Mood was described as steady and concentration at work as somewhat better than last month.",
    "We reviewed the week and the list of things that had been put down last time.",
    "Her daughter starts school in September and there is a good deal to arrange before then.",
    "Speech was normal in rate and volume, and thought was organised throughout.",
    "The next appointment is in two weeks at the same time.",
    "He talked about the news from the factory and about the money that is tight until spring.",
)
_WORD = re.compile(r"\w+")


def book() -> PhraseBook:
    """The phrase book of the product."""
    return load_phrase_book(ROOT / "data" / "phrases")


def notes(phrases: PhraseBook) -> list[str]:
    """Notes of 500 words, always the same: plain sentences, and one in twelve that some phrase matches."""
    rng = random.Random(_SEED)  # noqa: S311 - a fixed seed is what is wanted
    told = [sentence for phrase in phrases.phrases for sentence in phrase.must]
    return [_note(rng, told) for _ in range(NOTES)]


def _note(rng: random.Random, told: list[str]) -> str:
    sentences: list[str] = []
    count = 0
    while count < WORDS:
        chosen = rng.choice(told if rng.randrange(_EVERY) == 0 else _PLAIN)
        sentences.append(chosen)
        count += len(chosen.split())
    return " ".join(sentences)


def read_all(texts: list[str], phrases: PhraseBook) -> int:
    """Read them all; how many suggestions came of it."""
    return sum(len(sentence.suggestions) for text in texts for sentence in read_note(text, phrases))


def tokenize_all(texts: list[str]) -> int:
    """The floor: every word found once."""
    return sum(len(_WORD.findall(text.lower())) for text in texts)
