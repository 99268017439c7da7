"""Totals only: one row a scale's value, for instruments whose items a practice may not hold."""

from __future__ import annotations

from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.exchange.columns import refuse_leftovers, require
from lib.exchange.form_rows import FormRow, FormRowReader
from lib.exchange.row_reading import RowReader
from lib.exchange.score_numbers import ScoreNumbers
from lib.exchange.tables import Row
from lib.exchange.wide_columns import scale_named

COLUMNS = ("client", "date", "instrument", "score", "scale", "target", "respondent")


def read_totals(reader: RowReader, by_alias: dict[str, Instrument]) -> tuple[AdministrationIn, ...]:
    """The totals of a sheet, those of one form put together; faults go to the reader."""
    require(reader.table, ("instrument",), "Totals")
    refuse_leftovers(reader, {reader.at[name] for name in COLUMNS if name in reader.at})
    sheet = _Totals(reader, by_alias)
    for row in reader.table.rows:
        sheet.take(row)
    return sheet.forms()


class _Totals:
    """Scale values gathered by form: scale key -> value and the rows it stands in."""

    def __init__(self, reader: RowReader, by_alias: dict[str, Instrument]) -> None:
        self.reader = reader
        self.rows = FormRowReader(reader, by_alias)
        self.numbers = ScoreNumbers(reader.options.decimal)
        self.totals: dict[FormRow, dict[str, tuple[float, list[Row]]]] = {}
        self.contradicting: dict[tuple[FormRow, str], list[Row]] = {}
        self.empty = self.repeated = 0

    def take(self, row: Row) -> None:
        """Add one row's value to its form."""
        if not self.reader.cell(row, "score").strip() and row.number not in self.reader.table.faults:
            self.empty += 1
            return
        form = self.rows.read(row, totals=True)
        if form is None:
            return
        scale = self._scale(row, form.instrument)
        if scale is None:
            return
        read = self.numbers.total(form.instrument.scale(scale), self.reader.cell(row, "score"))
        if read.fault or read.value is None:
            if read.fault:
                self.reader.fault(row, "score", *read.fault)
            return
        known = self.totals.setdefault(form, {}).setdefault(scale, (float(read.value), []))
        known[1].append(row)
        if known[0] != read.value:
            self.contradicting[(form, scale)] = known[1]
        elif len(known[1]) > 1:
            self.repeated += 1

    def _scale(self, row: Row, instrument: Instrument) -> str | None:
        text = self.reader.cell(row, "scale")
        scale = scale_named(instrument, text)
        if scale is None:
            names = ", ".join(each.key for each in instrument.scales)
            rule = f"a scale of {instrument.short_name}" if text.strip() else "the scale must be named here"
            self.reader.fault(row, "scale", text, rule, f"{instrument.short_name} has: {names}.")
        return scale

    def forms(self) -> tuple[AdministrationIn, ...]:
        """Every form with the values that stand; contradicting values are problems on all their rows."""
        self._refuse_contradicting()
        forms = [form for each in self.totals if (form := self._form(each)) is not None]
        found = self.reader.found
        if self.repeated:
            found.warnings.append(f"{self.repeated} values repeat another one exactly and were counted once.")
        if self.empty:
            found.warnings.append(f"{self.empty} empty scores were passed over: no score is not a score of zero.")
        return tuple(forms)

    def _form(self, form: FormRow) -> AdministrationIn | None:
        """The form without the values of faulty rows; None when nothing is left."""
        bad = self.reader.found.bad_rows
        kept: dict[str, float] = {}
        rows: set[int] = set()
        for scale, (value, sources) in self.totals[form].items():
            good = sorted({row.number for row in sources if row.number not in bad})
            if good and (form, scale) not in self.contradicting:
                kept[scale] = value
                rows.add(good[0])
                self.reader.found.repeats |= dict.fromkeys(good[1:], good[0])
        return form.administration(None, kept, tuple(sorted(rows))) if kept else None

    def _refuse_contradicting(self) -> None:
        for (form, scale), rows in self.contradicting.items():
            listed = ", ".join(str(row.number) for row in rows)
            for row in rows:
                self.reader.fault(
                    row, "score", self.reader.cell(row, "score"),
                    f"{form.instrument.short_name} {scale} of {form.taken_on.isoformat()} stands in rows {listed} "
                    "with different values",
                    "Keep the right one and remove the others.",
                )  # fmt: skip
