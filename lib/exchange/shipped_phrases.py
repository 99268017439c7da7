"""Shipped phrases: the phrase book with what a practice's own phrases are built on, and the negative sentences."""

from __future__ import annotations

from pathlib import Path

from lib.domain.practice_phrases import ShippedPhrases
from lib.exchange.phrase_files import load_phrase_book, read_classes, read_forms, rows_of


def load_shipped_phrases(folder: Path) -> ShippedPhrases:
    """The phrases of this folder. Raises DefinitionProblem naming file, row and rule."""
    return ShippedPhrases(
        book=load_phrase_book(folder),
        classes=read_classes(rows_of(folder / "classes.csv", ("class", "members"))),
        irregular=read_forms(rows_of(folder / "forms.csv", ("word", "forms"))),
        negative=tuple(row["sentence"] for _where, row in rows_of(folder / "negative.csv", ("sentence", "source"))),
    )
