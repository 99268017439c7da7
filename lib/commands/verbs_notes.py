"""The verb that reads a note for evidence and stores nothing: `suggest`."""

from __future__ import annotations

import argparse
from typing import Any

from lib.commands.context import Context, Outcome, bytes_of
from lib.domain.errors import ImportProblem
from lib.domain.evidence import SentenceReading, Suggestion, read_note
from lib.exchange.file_bytes import Content, check_size, content_of, decode


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`suggest FILE`."""
    suggest = verbs.add_parser("suggest", parents=[common], help="read a note for evidence, storing nothing")
    suggest.add_argument("file", metavar="FILE", help="a plain text file; - is stdin")
    suggest.add_argument("--lines", action="store_true", help="each line is one sentence, in order")
    suggest.add_argument("--encoding", metavar="NAME", help="the encoding of the file; else UTF-8")
    suggest.set_defaults(run=run_suggest)


def run_suggest(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Every sentence with what it may be evidence of. No database is opened."""
    text = note_text(bytes_of(chosen.file)[0], chosen.encoding)
    readings = read_note(text, context.house.phrase_book, as_lines=chosen.lines)
    lines = tuple(line for reading in readings for line in _in_words(reading))
    return Outcome([as_json(reading) for reading in readings], lines or ("No suggestion.",))


def note_text(data: bytes, encoding: str | None) -> str:
    """The text of a note. ImportProblem in words when the bytes are no text, too many, or in another encoding."""
    check_size(data)
    if content_of(data) is not Content.TEXT:
        raise ImportProblem("The file is a Word document or an archive.", "Save the note as plain text.")
    return decode(data, encoding)[0]


def as_json(reading: SentenceReading) -> dict[str, Any]:
    """One sentence in the shape of the contract."""
    return {
        "sentence": reading.sentence,
        "start": reading.start,
        "end": reading.end,
        "suggestions": [_suggestion(each) for each in reading.suggestions],
        "risk_language": reading.risk_language,
    }


def _suggestion(each: Suggestion) -> dict[str, Any]:
    return {
        "code": each.code,
        "polarity": each.polarity.value,
        "status": each.status.value,
        "phrase": each.phrase,
        "cues": list(each.cues),
    }


def _in_words(reading: SentenceReading) -> list[str]:
    """Sentences with something to say; the others are left out of the words, never of the data."""
    if reading.risk_language:
        return [reading.sentence, f"  possible risk language: '{reading.risk_phrase}'"]
    if not reading.suggestions:
        return []
    return [reading.sentence, *(f"  {each.status.value}: {each.words}" for each in reading.suggestions)]
