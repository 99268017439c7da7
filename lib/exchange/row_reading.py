"""What every kind of row has: a client, a date, perhaps an instrument. Faults are collected, never raised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from lib.domain.imports import AdministrationIn, MarkerRatingIn, NoteIn, Parsed, Problem
from lib.domain.instruments import Instrument, Instruments
from lib.exchange.cell_values import client_code_rule, likeness
from lib.exchange.dates import ISO_IS_SAFE, DateFault, DateReader, Family, dates_of
from lib.exchange.read_options import ReadOptions
from lib.exchange.tables import MAX_SCORE_CELL, Row, Table, header_key

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T|$)", re.ASCII)
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.ASCII | re.IGNORECASE)

RESPONDENTS = ("client", "therapist")


def alias(name: str) -> str:
    """A name reduced to its ASCII letters and digits: `PHQ-9`, `phq9` and `PHQ 9` are one."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def instruments_by_alias(instruments: Instruments) -> dict[str, Instrument]:
    """Instruments by every name a file may call them: id, short name, full name, and what else they are called."""
    return {
        alias(name): instrument
        for instrument in instruments.values()
        for name in (*instrument.other_names, instrument.name, instrument.short_name, instrument.id)
    }


@dataclass(slots=True)
class Findings:
    """What reading a file found wrong or worth saying, shared with its table. A bad row gives no value.

    `repeats`: a row that says exactly what an earlier one says -> that earlier row."""

    problems: list[Problem] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    repeats: dict[int, int] = field(default_factory=dict)


class RowReader:
    """Reads the columns every kind of table shares and collects faults by row and column."""

    def __init__(self, table: Table, options: ReadOptions) -> None:
        self.table = table
        self.options = options
        self.at = {header_key(name): index for index, name in enumerate(table.header) if name}
        self.found = Findings(table.problems, table.bad_rows, table.warnings)
        self.dates = self._settle_dates()
        self._codes = self._compare_codes()
        if table.blank_rows:
            self.found.warnings.append(f"{table.blank_rows} blank rows were passed over.")

    def parsed(
        self,
        kind: str,
        recognised: str,
        administrations: tuple[AdministrationIn, ...] = (),
        ratings: tuple[MarkerRatingIn, ...] = (),
        notes: tuple[NoteIn, ...] = (),
    ) -> Parsed:
        """The file as a whole: the values that stand beside everything found."""
        found = self.found
        return Parsed(
            kind=kind,
            recognised=f"{recognised}; {self.table.described}",
            rows=self.table.rows_seen,
            administrations=administrations,
            ratings=ratings,
            notes=notes,
            problems=tuple(found.problems),
            bad_rows=tuple(sorted(found.bad_rows)),
            warnings=tuple(found.warnings),
            questions=tuple(found.questions),
            repeats=tuple(found.repeats.items()),
        )

    def cell(self, row: Row, name: str) -> str:
        """The cell of one of our columns; empty when the file has no such column."""
        index = self.at.get(name)
        return "" if index is None else row.cells[index]

    def fault(self, row: Row, name: str, value: str, rule: str, mend: str) -> None:
        """Record that a row breaks a rule; the row gives no value."""
        index = self.at.get(name)
        column = row.origin or (self.table.header[index] if index is not None else name)
        self.table.report(row.number, column, value, rule, mend)

    def unreadable(self, row: Row, used: Iterable[int] | None = None) -> bool:
        """Record the faulty cells of a row (error cells, control characters); True when there are any."""
        faults = self.table.faults.get(row.number)
        if not faults:
            return False
        wanted = faults if used is None else {index: faults[index] for index in used if index in faults}
        for index, (value, rule, mend) in wanted.items():
            column = self.table.header[index] if index < len(self.table.header) else ""
            self.table.report(row.number, column, value, rule, mend)
        return bool(wanted)

    def too_long(self, row: Row, limit: int = MAX_SCORE_CELL) -> bool:
        """Record cells longer than the limit; True when there are any."""
        if len("".join(row.cells)) <= limit:
            return False
        for index, cell in enumerate(row.cells):
            if len(cell) > limit:
                self.fault(
                    row, header_key(self.table.header[index]), f"{len(cell)} characters",
                    f"a cell holds at most {limit:,} characters", "Shorten it, or split the row.",
                )  # fmt: skip
        return max(map(len, row.cells)) > limit

    def client(self, row: Row) -> str | None:
        """The client's code verbatim, None when it breaks a rule."""
        code = self.cell(row, "client")
        if code not in self._codes:
            self._codes[code] = client_code_rule(code) or self._lost_code(code)
        rule = self._codes[code]
        if rule:
            self.fault(row, "client", code, rule, "Write the code the practice uses for this client.")
            return None
        return code

    def _lost_code(self, code: str) -> str | None:
        is_date = self.table.sheet and _ISO_DATE.match(code)
        return "the spreadsheet has turned this code into a date" if is_date else None

    def date(self, row: Row, client: str | None) -> date | None:
        """The row's date, None when it is none or cannot be: in the future, before birth, before referral."""
        text = self.cell(row, "date")
        found = self.dates.read(text)
        if isinstance(found, DateFault):
            if self.dates.ambiguous(text):  # asked once for the file, not once a row
                self.found.bad_rows.add(row.number)
            else:
                self.fault(row, "date", text, found.rule, found.mend)
            return None
        rule = date_rule(found, client, self.options)
        if rule:
            self.fault(row, "date", text, rule, "Correct the date or the client.")
            return None
        return found

    def choice(self, row: Row, name: str, allowed: tuple[str, ...], default: str) -> str | None:
        """A lower-case word out of a list; the default when the cell is empty; None when it is another word."""
        if name not in self.at:
            return default
        text = re.sub(r"[\s-]+", "_", self.cell(row, name).strip().casefold())
        if not text:
            return default
        if text not in allowed:
            mend = f"Use one of: {', '.join(allowed)}."
            self.fault(row, name, self.cell(row, name), f"{name} is one of a list", mend)
            return None
        return text

    def _settle_dates(self) -> DateReader:
        index = self.at.get("date")
        texts = () if index is None else [row.cells[index] for row in self.table.rows]
        dates = dates_of(texts, self.options.date_format)
        if dates.undecided:
            question = "Are the dates day first (d/m/y) or month first (m/d/y)? No day over 12 tells."
            self.found.questions.append(question)
            self.table.report(
                None,
                "date",
                next(text for text in texts if dates.ambiguous(text)),
                "day and month cannot be told apart in this file",
                f"Name the order: d/m/y or m/d/y (terminal: --date-format). {ISO_IS_SAFE}",
            )
        elif self.table.sheet and dates.families_met > 1:
            dates.distrusted = (
                "some dates of this workbook are real dates and some are text: the spreadsheet may have exchanged "
                "day and month in the real ones"
            )
        elif dates.family is Family.NUMBERS and dates.order:
            self.found.warnings.append(f"Dates were read {dates.order.value}.")
        return dates

    def _compare_codes(self) -> dict[str, str | None]:
        """Rules broken by each code that cannot be told from another one here; says which differ in case only."""
        index = self.at.get("client")
        codes = set() if index is None else {row.cells[index] for row in self.table.rows}
        broken: dict[str, str | None] = {}
        likenesses = {code: likeness(code) for code in codes}
        times = Counter(likenesses.values())
        folded = Counter(alike.casefold() for alike in likenesses.values())
        for code, alike in likenesses.items():
            if times[alike] > 1:
                broken[code] = "two codes here differ only in blanks at the ends or in letter forms"
        self._say_odd(codes, "are like a number a spreadsheet has shortened", _is_shortened)
        self._say_odd(codes, "have blanks at their ends; they are kept as they are", _has_blank_ends)
        twins = {code for code, alike in likenesses.items() if folded[alike.casefold()] > 1}
        self._say_odd(twins, "look like another one here; they are kept apart", lambda _: True)
        return broken

    def _say_odd(self, codes: Iterable[str], what: str, odd: Callable[[str], bool]) -> None:
        found = sorted(code for code in codes if odd(code))
        if found:
            shown = ", ".join(repr(code) for code in found[:6]) + (" …" if len(found) > 6 else "")
            self.found.warnings.append(f"{len(found)} client codes {what}: {shown}.")


def _is_shortened(code: str) -> bool:
    return _ROUNDED.fullmatch(code.strip()) is not None


def _has_blank_ends(code: str) -> bool:
    return bool(code.strip()) and code != code.strip(" ")


def date_rule(found: date, client: str | None, options: ReadOptions) -> str | None:
    """The rule a date breaks for this client, None when it may stand."""
    if found > options.today:
        return "a date may not lie in the future"
    if client is None:
        return None
    born_on, referred_on = options.born_on.get(client), options.referred_on.get(client)
    if born_on and found < born_on:
        return "a date may not lie before the client's birth"
    if referred_on and found < referred_on:
        return "a date may not lie before the client's referral"
    return None
