"""Rows that name their form: client, date, instrument, target, respondent, as long and totals sheets have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.exchange.row_reading import RESPONDENTS, RowReader, alias
from lib.exchange.score_forms import target_of
from lib.exchange.tables import Row


@dataclass(frozen=True, slots=True, eq=False)
class FormRow:
    """Which form a row belongs to. The same object stands for the same form within one file."""

    client: str
    taken_on: date
    instrument: Instrument
    target: str
    respondent: str

    def administration(
        self, answers: Mapping[str, int | None] | None, totals: Mapping[str, float], rows: tuple[int, ...]
    ) -> AdministrationIn:
        """The form as a value of the import."""
        return AdministrationIn(
            self.client, self.taken_on, self.instrument.id, answers, totals, self.target, self.respondent, rows
        )


class FormRowReader:
    """Reads the head of rows and hands out one FormRow for each form met."""

    def __init__(self, reader: RowReader, by_alias: Mapping[str, Instrument]) -> None:
        self.reader = reader
        self.by_alias = by_alias
        self._met: dict[tuple[str, date, str, str, str], FormRow] = {}
        self._by_name: dict[str, Instrument | None] = {}

    def read(self, row: Row, totals: bool = False) -> FormRow | None:
        """The form of a row, None when a column of its head is faulty. `totals`: no item is needed."""
        reader = self.reader
        if reader.unreadable(row) or reader.too_long(row):
            return None
        client = reader.client(row)
        taken_on = reader.date(row, client)
        instrument = self._instrument(row, totals)
        respondent = reader.choice(row, "respondent", RESPONDENTS, "client")
        target = self._target(row, instrument) if instrument else None
        if client is None or taken_on is None or instrument is None or respondent is None or target is None:
            return None
        key = (client, taken_on, instrument.id, target, respondent)
        if key not in self._met:
            self._met[key] = FormRow(client, taken_on, instrument, target, respondent)
        return self._met[key]

    def _instrument(self, row: Row, totals: bool) -> Instrument | None:
        name = self.reader.cell(row, "instrument")
        if name not in self._by_name:
            self._by_name[name] = self.by_alias.get(alias(name))
        instrument = self._by_name[name]
        if instrument is None:
            known = ", ".join(sorted({each.short_name for each in self.by_alias.values()}))
            self.reader.fault(row, "instrument", name, "an instrument known here", f"Known: {known}.")
        elif instrument.totals_only and not totals:
            rule = f"{instrument.short_name} is held by its totals only"
            self.reader.fault(row, "instrument", name, rule, "Import it as client, date, instrument, score.")
            return None
        return instrument

    def _target(self, row: Row, instrument: Instrument) -> str | None:
        text = self.reader.cell(row, "target")
        target = target_of(text, instrument)
        if target is None:
            mend = f"{instrument.short_name} knows: {', '.join(instrument.targets)}."
            self.reader.fault(row, "target", text, "a target the instrument knows", mend)
        return target
