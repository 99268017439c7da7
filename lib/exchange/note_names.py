"""File names that say whose note it is and of which day: `<client>_<YYYY-MM-DD>[_anything].ext`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath

from lib.domain.errors import ImportProblem
from lib.exchange.cell_values import client_code_rule
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import date_rule

_NAME = re.compile(r"(?P<client>.+?)_(?P<day>\d{4}-\d{2}-\d{2})(?:_.*)?", re.ASCII | re.DOTALL)
_SHAPE = "Name the file <client>_<YYYY-MM-DD>.txt, for example A17_2026-03-05.txt."
NOTE_ENDINGS = (".txt", ".md", ".docx")


def client_and_day(path: str, options: ReadOptions) -> tuple[str, date]:
    """Client code and date out of a file's name; the code may hold underscores, the first date counts.

    ImportProblem when the name has another shape, the code breaks a rule, or the date cannot be."""
    name = PurePosixPath(path).name
    stem, dot, ending = name.rpartition(".")
    if not dot or f".{ending.casefold()}" not in NOTE_ENDINGS:
        raise ImportProblem(f"{name!r} is no note file.", "Notes come as .txt, .md or .docx.")
    found = _NAME.fullmatch(stem)
    if not found:
        raise ImportProblem(f"The name {name!r} does not say whose note it is and of which day.", _SHAPE)
    client = found.group("client")
    rule = client_code_rule(client)
    if rule:
        raise ImportProblem(f"The name {name!r} holds no usable client code: {rule}.", _SHAPE)
    try:
        day = date.fromisoformat(found.group("day"))
    except ValueError as error:
        raise ImportProblem(f"The name {name!r} holds a day the calendar does not have.", _SHAPE) from error
    broken = date_rule(day, client, options)
    if broken:
        raise ImportProblem(f"The name {name!r} holds an impossible date: {broken}.", "Correct the name.")
    return client, day
