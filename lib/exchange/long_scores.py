"""Long sheets of answers: one row an answer, put together to forms."""

from __future__ import annotations

from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.exchange.columns import refuse_leftovers, require
from lib.exchange.form_rows import FormRow, FormRowReader
from lib.exchange.row_reading import RowReader, alias
from lib.exchange.score_forms import settled
from lib.exchange.score_numbers import ScoreNumbers
from lib.exchange.tables import Row
from lib.exchange.wide_columns import item_column

COLUMNS = ("client", "date", "instrument", "item", "answer", "target", "respondent")
_Answers = dict[str, tuple[int | None, list[int]]]


def read_long(reader: RowReader, by_alias: dict[str, Instrument]) -> tuple[AdministrationIn, ...]:
    """The forms of a long sheet; faults go to the reader.

    A form with a faulty row is left out whole: without that row it would look as if the item was not answered."""
    require(reader.table, ("instrument",), "Long scores")
    refuse_leftovers(reader, {reader.at[name] for name in COLUMNS if name in reader.at})
    sheet = _Long(reader, by_alias)
    for row in reader.table.rows:
        sheet.take(row)
    return settled(sheet.forms(), reader)


class _Long:
    """Answers gathered by form. `spoilt` forms have a faulty row; a row nobody can place spoils incomplete forms."""

    def __init__(self, reader: RowReader, by_alias: dict[str, Instrument]) -> None:
        self.reader = reader
        self.rows = FormRowReader(reader, by_alias)
        self.numbers = ScoreNumbers(reader.options.decimal)
        self.answers: dict[FormRow, _Answers] = {}
        self.spoilt: set[FormRow] = set()
        self._items: dict[tuple[str, str], str] = {}
        self.lost_rows = bool(reader.table.bad_rows)
        self.repeated = 0

    def take(self, row: Row) -> None:
        """Add one row's answer to its form."""
        form = self.rows.read(row)
        if form is None:
            self.lost_rows = True
            return
        gathered = self.answers.setdefault(form, {})
        item_id = self._item(row, form.instrument)
        read = self.numbers.answer(form.instrument, self.reader.cell(row, "answer"))
        if read.fault:
            self.reader.fault(row, "answer", *read.fault)
        if item_id is None or read.fault:
            self.spoilt.add(form)
            gathered.setdefault(item_id or f"row {row.number}", (None, []))[1].append(row.number)
            return
        value = None if read.value is None else int(read.value)
        if item_id not in gathered:
            gathered[item_id] = (value, [row.number])
            return
        known, numbers = gathered[item_id]
        numbers.append(row.number)
        if known == value:
            self.repeated += 1
        else:
            self._contradict(form, item_id, numbers)

    def _contradict(self, form: FormRow, item_id: str, numbers: list[int]) -> None:
        self.spoilt.add(form)
        listed = ", ".join(map(str, numbers))
        for number in numbers:
            if number not in self.reader.found.bad_rows:
                self.reader.fault(
                    Row(number, []), "answer", item_id,
                    f"{item_id} of this form stands in rows {listed} with different answers",
                    "Keep the right one and remove the others.",
                )  # fmt: skip

    def _item(self, row: Row, instrument: Instrument) -> str | None:
        text = self.reader.cell(row, "item").strip()
        item_id = self._items.get((instrument.id, text)) or _item_named(text, instrument)
        if item_id is None:
            rule = f"{instrument.short_name} has items 1 to {len(instrument.items)}"
            self.reader.fault(row, "item", text, rule, "Write the item's number, or its id such as phq9_3.")
            return None
        self._items[instrument.id, text] = item_id
        return item_id

    def forms(self) -> list[AdministrationIn]:
        """Every whole form; what is left out for a faulty row is said."""
        found, forms, left_out, empty = self.reader.found, [], 0, 0
        for form, gathered in self.answers.items():
            answers = {item.id: gathered.get(item.id, (None, []))[0] for item in form.instrument.items}
            rows = tuple(sorted(number for _, numbers in gathered.values() for number in numbers))
            incomplete = None in answers.values()
            if form in self.spoilt or (self.lost_rows and incomplete):
                found.bad_rows.update(rows)
                left_out += 1
            elif all(value is None for value in answers.values()):
                empty += 1
            else:
                firsts = tuple(sorted(numbers[0] for _, numbers in gathered.values()))
                found.repeats |= {again: numbers[0] for _, numbers in gathered.values() for again in numbers[1:]}
                forms.append(form.administration(answers, {}, firsts))
        if left_out:
            found.warnings.append(
                f"{left_out} forms were left out whole, because a row of theirs, or one that may be theirs, is faulty."
            )
        if empty:
            found.warnings.append(f"{empty} forms have no answer at all and were passed over.")
        if self.repeated:
            found.warnings.append(f"{self.repeated} rows repeat an answer exactly and were counted once.")
        return forms


def _item_named(text: str, instrument: Instrument) -> str | None:
    """The item a cell names by its id or its number; None when there is no such item."""
    for item in instrument.items:
        if text.casefold() == item.id.casefold():
            return item.id
    column = item_column(text.casefold()) or item_column(f"item_{text.removesuffix('.0')}")
    if column and column[0] in {"", alias(instrument.id), alias(instrument.short_name)}:
        for item in instrument.items:
            if item.number == column[1]:
                return item.id
    return None
