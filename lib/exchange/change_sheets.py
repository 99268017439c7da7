"""Pairs of scores to be judged: `client,instrument,before,after[,scale]`, one pair a row."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lib.domain.errors import ImportProblem
from lib.exchange.cell_values import client_code_rule, number
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import RowReader
from lib.exchange.spreadsheets import read_table
from lib.exchange.tables import Row

_SCIENTIFIC = re.compile(r"-?\d+(\.\d+)?[eE][+-]?\d{1,2}", re.ASCII)
_MISSING = {"", "NA", "na"}


@dataclass(frozen=True, slots=True)
class ScorePair:
    """Two scores of one client on one scale; None where a score is missing. `instrument` and `scale` as written."""

    client_code: str
    instrument: str
    scale: str
    before: float | None
    after: float | None
    row: int


def read_pairs(data: bytes, file_name: str, options: ReadOptions, *, own_scale: bool = False) -> tuple[ScorePair, ...]:
    """Every pair of the file, in its order. ImportProblem names each row that breaks a rule; then none is given.

    With `own_scale` all pairs are on one scale given by its figures, and nobody need name it."""
    reader = RowReader(read_table(data, file_name, options), options)
    needed = ("client", "before", "after") if own_scale else ("client", "instrument", "before", "after")
    lacking = [name for name in needed if name not in reader.at]
    if lacking:
        raise ImportProblem(
            f"{file_name} has no column {', '.join(lacking)}.",
            "Pairs are read from client, instrument, before, after and, where an instrument has several, scale.",
        )
    pairs = [pair for row in reader.table.rows if (pair := _pair(reader, row)) is not None]
    if reader.found.problems:
        raise ImportProblem(f"{file_name} was not judged: some rows cannot be read.", problems=reader.found.problems)
    return tuple(pairs)


def _pair(reader: RowReader, row: Row) -> ScorePair | None:
    if reader.unreadable(row):
        return None
    client = reader.cell(row, "client")
    if rule := client_code_rule(client):
        reader.fault(row, "client", client, rule, "Give the client's code.")
    return ScorePair(
        client_code=client,
        instrument=reader.cell(row, "instrument").strip(),
        scale=reader.cell(row, "scale").strip(),
        before=_score(reader, row, "before"),
        after=_score(reader, row, "after"),
        row=row.number,
    )


def _score(reader: RowReader, row: Row, name: str) -> float | None:
    text = reader.cell(row, name).strip(" \t")
    if text in _MISSING:
        return None
    value = float(text) if _SCIENTIFIC.fullmatch(text) else number(text, reader.table.decimal)
    if value is None or not math.isfinite(value):
        reader.fault(row, name, text, "a score is a number", "Correct it, or leave it empty when it is missing.")
        return None
    return value
