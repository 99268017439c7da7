"""A file damaged in any place is refused or read, and never anything else happens."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from lib.domain.errors import ImportProblem
from lib.domain.imports import Parsed
from lib.exchange.marker_sheets import read_markers
from lib.exchange.note_files import read_notes
from lib.exchange.score_sheets import read_scores
from tests.unit.exchange_material import INSTRUMENTS, OPTIONS, PHQ9_HEADER, scores, workbook, zipped
from tests.unit.test_docx_text import document, run

WIDE = f"{PHQ9_HEADER}\nA,2026-01-05,PHQ-9,0,1,2,3,0,0,0,0,0\n".encode()
MARKERS = b"client,date,marker,level\nA,2026-01-05,trust,2\n"
NOTES = b"client,date,text\nA,2026-01-05,hello\n"
BOOK = workbook([PHQ9_HEADER.split(","), ["A", "2026-01-05", "PHQ-9", *range(4), 0, 0, 0, 0, 0]])
DOCUMENT = document(f"<w:p>{run('S: x')}</w:p>")
ARCHIVE = zipped({"A_2026-01-05.txt": "one", "B_2026-01-05.docx": DOCUMENT})


@pytest.mark.parametrize(
    ("read", "data", "name"),
    [
        (read_scores, WIDE, "x.csv"),
        (read_scores, BOOK, "x.xlsx"),
        (read_markers, MARKERS, "x.csv"),
        (read_notes, NOTES, "x.csv"),
        (read_notes, ARCHIVE, "x.zip"),
        (read_notes, DOCUMENT, "A_2026-01-05.docx"),
    ],
)
def test_a_file_damaged_anywhere_is_refused_in_words_or_read(read: Callable[..., Parsed], data: bytes, name: str):
    rng = random.Random(20_261_102)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            place = rng.randrange(len(damaged))
            if rng.random() < 0.5:
                damaged[place] = rng.randrange(256)
            else:
                del damaged[place : place + rng.randint(1, 40)]
                damaged = damaged or bytearray(b" ")
        try:
            read(bytes(damaged), name, INSTRUMENTS, OPTIONS)
            outcomes["read"] += 1
        except ImportProblem as problem:
            assert problem.message
            outcomes["refused"] += 1
    assert outcomes["refused"] > 0


def test_a_hundred_thousand_answers_are_parsed_and_checked():
    rows = "".join(
        f"C{number:05d},2025-{number % 12 + 1:02d}-{number % 28 + 1:02d},PHQ-9,"
        + ",".join(str(number * item % 4) for item in range(9))
        + "\n"
        for number in range(11_112)
    )
    parsed = scores(f"{PHQ9_HEADER}\n{rows}")
    assert len(parsed.administrations) == 11_112
    assert sum(len(form.answers or {}) for form in parsed.administrations) == 100_008
