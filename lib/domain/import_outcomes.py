"""Import outcomes: what came, or would come, of each row of a file, counted so that the numbers add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lib.domain.errors import ImportProblem
from lib.domain.form_changes import Outcome
from lib.domain.imports import Problem

# A row that feeds several forms counts once, as the weightiest of what came of them.
_WEIGHT = {Outcome.UNCHANGED: 0, Outcome.NEW: 1, Outcome.CORRECTED: 2, Outcome.REJECTED: 3}
NOT_YOUR_CLIENT = "the client is not among your clients"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a person wants a file taken in. Nothing is made up and nothing left out unless asked for.

    `create_clients`: make the clients that are not known yet, for the therapist of `therapist_email`.
    `only_valid`: take the rows that are right, and record what was left out."""

    create_clients: bool = False
    therapist_email: str | None = None
    only_valid: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one form, rating or note would change. `what` in words; `before` and `after` never hold note text."""

    rows: tuple[int, ...]
    client_code: str
    what: str
    outcome: Outcome
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a file, counted in its data rows: in a long sheet a form of nine items is nine rows.

    A row that repeats another exactly is `unchanged`. Rows without any answer make nothing: they count in `rows`."""

    recognised: str
    rows: int
    new: int
    unchanged: int
    corrected: int
    rejected: int
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    created_clients: int = 0
    batch_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The receipt as the terminal prints it."""
        return {
            "recognised": self.recognised,
            "rows": self.rows,
            "new": self.new,
            "unchanged": self.unchanged,
            "corrected": self.corrected,
            "rejected": self.rejected,
            "problems": [
                {"row": p.row, "column": p.column, "value": p.value, "rule": p.rule, "mend": p.mend}
                for p in self.problems
            ],
        }


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would change, row by row; nothing is written. `refused`: it would not be taken as things stand."""

    kind: str
    receipt: Receipt
    changes: tuple[RowChange, ...]
    unknown_clients: tuple[str, ...]
    clients_to_create: tuple[str, ...]
    refused: bool
    questions: tuple[str, ...] = ()


class ImportRefused(ImportProblem):
    """A file was not taken and nothing was written. `receipt` says so row by row, for the terminal's JSON."""

    def __init__(self, message: str, mend: str, receipt: Receipt) -> None:
        super().__init__(message, mend, receipt.problems)
        self.receipt = receipt


class RowCount:
    """Counts rows by the weightiest outcome of what they feed. A value without a row counts as a row of its own."""

    def __init__(self, bad_rows: Iterable[int]) -> None:
        self._outcomes: dict[object, Outcome] = dict.fromkeys(bad_rows, Outcome.REJECTED)

    def add(self, rows: tuple[int, ...], outcome: Outcome) -> None:
        """One value and the rows it came from."""
        for row in rows or (object(),):
            before = self._outcomes.get(row)
            if before is None or _WEIGHT[outcome] > _WEIGHT[before]:
                self._outcomes[row] = outcome

    def repeat(self, row: int, of: int) -> None:
        """A row that says exactly what an earlier one says: it changes nothing, or is left out as that one is."""
        rejected = self._outcomes.get(of) is Outcome.REJECTED
        self.add((row,), Outcome.REJECTED if rejected else Outcome.UNCHANGED)

    def of(self, outcome: Outcome) -> int:
        """How many rows came out so."""
        return sum(1 for found in self._outcomes.values() if found is outcome)
