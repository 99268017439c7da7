"""Wide sheets of answers: one row a form, or several instruments side by side on a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from lib.domain.errors import ImportProblem
from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.exchange.columns import refuse_leftovers
from lib.exchange.row_reading import RESPONDENTS, RowReader, alias
from lib.exchange.score_forms import settled, target_of, total_disagreement
from lib.exchange.score_numbers import Read, ScoreNumbers
from lib.exchange.tables import MAX_SCORE_CELL, Row, header_key
from lib.exchange.wide_columns import HEAD, Group, group_of, scale_named, tell_apart


def read_wide(reader: RowReader, by_alias: dict[str, Instrument]) -> tuple[AdministrationIn, ...]:
    """The forms of a wide sheet; faults go to the reader. ImportProblem when the columns make no sense."""
    sheet = _Wide(reader, by_alias)
    forms = [form for row in reader.table.rows for form in sheet.forms(row)]
    sheet.say_what_was_missing()
    return settled(forms, reader)


@dataclass(slots=True)
class _Seen:
    """What a right row has shown to be right, for the rows after it that say the same.

    `kinds`: the texts of instrument, target and respondent -> what a form of theirs is; `days`: text -> date."""

    clients: set[str] = field(default_factory=set)
    days: dict[str, date] = field(default_factory=dict)
    kinds: dict[tuple[str, ...], tuple[Group, str, str]] = field(default_factory=dict)


class _Wide:
    """One wide sheet: its columns told apart once, then row after row."""

    def __init__(self, reader: RowReader, by_alias: dict[str, Instrument]) -> None:
        self.reader = reader
        self.by_alias = by_alias
        self.numbers = ScoreNumbers(reader.options.decimal)
        self.columns = tell_apart(reader.at, reader.table.header, by_alias)
        self.by_name: dict[str, Group] = {}
        self.empty_rows = 0
        self.seen = _Seen()
        self.head = [reader.at[name] for name in ("instrument", "target", "respondent") if name in reader.at]
        self._check_columns()
        refuse_leftovers(reader, self._used())

    def _check_columns(self) -> None:
        columns, named = self.columns, "instrument" in self.reader.at
        if columns.numbered and (columns.groups or not named):
            raise ImportProblem(
                "The items have numbers only (item_1 …), so every row must name its instrument.",
                "Add an `instrument` column, or name the items after it (phq9_1 …).",
            )
        if columns.groups and named:
            raise ImportProblem(
                "The items name their instrument, and there is an `instrument` column besides.", "Remove that column."
            )
        for group in columns.groups.values():
            if not group.items:
                raise ImportProblem(
                    f"There is a total of {group.instrument.short_name} but none of its items.",
                    "Import totals as client, date, instrument, score.",
                )
        if len(columns.groups) == 1 and columns.total is not None:
            self._lone_total(next(iter(columns.groups.values())), columns.total)

    def _lone_total(self, group: Group, index: int) -> None:
        scale = scale_named(group.instrument, "total")
        if scale and scale not in group.totals:
            group.totals[scale] = index

    def _used(self) -> set[int]:
        used = {self.reader.at[name] for name in HEAD if name in self.reader.at} | set(self.columns.numbered.values())
        if self.columns.numbered and self.columns.total is not None:
            used.add(self.columns.total)
        for group in self.columns.groups.values():
            used |= set(group.items.values()) | set(group.totals.values())
        return used

    def forms(self, row: Row) -> tuple[AdministrationIn, ...]:
        """The forms of one row: none when it is faulty, empty, or gives no value."""
        form = self._like_before(row)
        return (form,) if form else tuple(self._looked_at(row))

    def _like_before(self, row: Row) -> AdministrationIn | None:
        """The form of a row that says nothing but what was right before: most rows of a large file."""
        reader, cells = self.reader, row.cells
        client, taken_on = reader.cell(row, "client"), self.seen.days.get(reader.cell(row, "date"))
        kind = self.seen.kinds.get(tuple([cells[index] for index in self.head]))
        if kind is None or taken_on is None or client not in self.seen.clients:
            return None
        group, target, respondent = kind
        read = self.numbers.read_before(group.instrument, [cells[index] for index in group.items.values()])
        if read is None or read.count(None) == len(read):
            return None
        if row.number in reader.table.faults or len("".join(cells)) > MAX_SCORE_CELL:
            return None
        return AdministrationIn(
            client, taken_on, group.instrument.id, group.answers(read), {}, target, respondent, rows=(row.number,)
        )

    def _remember(self, row: Row, client: str, taken_on: date, kind: tuple[Group, str, str]) -> None:
        """Whether a day can be may depend on the client where births are known, and totals are compared each time."""
        options, group = self.reader.options, kind[0]
        if options.born_on or options.referred_on or group.totals or group.beyond:
            return
        self.seen.clients.add(client)
        self.seen.days[self.reader.cell(row, "date")] = taken_on
        self.seen.kinds[tuple([row.cells[index] for index in self.head])] = kind

    def _looked_at(self, row: Row) -> Iterator[AdministrationIn]:
        reader = self.reader
        if reader.unreadable(row) or reader.too_long(row):
            return
        groups = [group for group in self._groups(row) if self._filled(row, group)]
        if not groups:
            self.empty_rows += row.number not in reader.found.bad_rows
            return
        client = reader.client(row)
        taken_on = reader.date(row, client)
        respondent = reader.choice(row, "respondent", RESPONDENTS, "client")
        drafts = [self._form(row, group, len(groups) > 1) for group in groups]
        if client is None or taken_on is None or respondent is None or row.number in reader.found.bad_rows:
            return
        if len(self.columns.groups) < 2 and drafts[0]:
            self._remember(row, client, taken_on, (groups[0], drafts[0][3], respondent))
        yield from (self._finished(row, client, taken_on, respondent, *draft) for draft in drafts if draft)

    def _groups(self, row: Row) -> list[Group]:
        if not self.columns.numbered:
            return list(self.columns.groups.values())
        name = self.reader.cell(row, "instrument")
        if name in self.by_name:
            return [self.by_name[name]]
        instrument = self.by_alias.get(alias(name))
        if instrument is None or instrument.totals_only:
            if any(row.cells[index].strip() for index in self.columns.numbered.values()):
                self._unknown_instrument(row, name, instrument)
            return []
        self.by_name[name] = group_of(instrument, self.columns)
        return [self.by_name[name]]

    def _unknown_instrument(self, row: Row, name: str, instrument: Instrument | None) -> None:
        if instrument:
            rule = f"{instrument.short_name} is held by its totals only"
            self.reader.fault(row, "instrument", name, rule, "Import it as client, date, instrument, score.")
        else:
            known = ", ".join(sorted({each.short_name for each in self.by_alias.values()}))
            self.reader.fault(row, "instrument", name, "an instrument known here", f"Known: {known}.")

    def _filled(self, row: Row, group: Group) -> bool:
        return bool("".join([row.cells[index] for index in group.columns]).strip())

    def _form(
        self, row: Row, group: Group, side_by_side: bool
    ) -> tuple[Instrument, Mapping[str, int | None], dict[str, float], str] | None:
        reader, instrument = self.reader, group.instrument
        answers, totals = self._answers(row, group), dict[str, float]()
        for scale, index in group.totals.items():
            read = self.numbers.total(instrument.scale(scale), row.cells[index])
            if read.fault:
                self._fault_at(row, index, read)
            elif read.value is not None:
                totals[scale] = float(read.value)
        self._refuse_beyond(row, group)
        target = self._target(row, instrument, side_by_side)
        if target is None or row.number in reader.found.bad_rows:
            return None
        words = total_disagreement(instrument, answers, totals)
        if words:
            index = next(iter(group.totals.values()))
            fault_rule = f"a total agrees with its answers: {words}"
            self._fault_at(row, index, Read(None), fault_rule, "Correct the total or the answers.")
            return None
        return instrument, answers, totals, target

    def _answers(self, row: Row, group: Group) -> Mapping[str, int | None]:
        """The answers by item; what is wrong with one is recorded."""
        instrument = group.instrument
        read = self.numbers.answers(instrument, [row.cells[index] for index in group.items.values()])
        if read is None:
            for index in group.items.values():
                one = self.numbers.answer(instrument, row.cells[index])
                if one.fault:
                    self._fault_at(row, index, one)
            return {}
        return group.answers(read)

    def _refuse_beyond(self, row: Row, group: Group) -> None:
        for index in group.beyond:
            if row.cells[index].strip():
                name = group.instrument.short_name
                rule = f"{name} has {len(group.instrument.items)} items and no {self.reader.table.header[index]}"
                self._fault_at(row, index, Read(None), rule, "Check the instrument, or empty the cell.")

    def _fault_at(self, row: Row, index: int, read: Read, rule: str = "", mend: str = "") -> None:
        text = row.cells[index]
        name = header_key(self.reader.table.header[index])
        if read.fault:
            rule, mend = read.fault.rule, read.fault.mend
        self.reader.fault(row, name, text, rule, mend)

    def _target(self, row: Row, instrument: Instrument, side_by_side: bool) -> str | None:
        text = self.reader.cell(row, "target")
        target = target_of(text, instrument)
        if target is None and side_by_side and instrument.targets == ("general",):
            return "general"  # the target is meant for its neighbour, which knows targets
        if target is None:
            mend = f"{instrument.short_name} knows: {', '.join(instrument.targets)}."
            self.reader.fault(row, "target", text, "a target the instrument knows", mend)
        return target

    def _finished(
        self, row: Row, client: str, taken_on: date, respondent: str,
        instrument: Instrument, answers: Mapping[str, int | None], totals: dict[str, float], target: str,
    ) -> AdministrationIn:  # fmt: skip
        return AdministrationIn(
            client, taken_on, instrument.id, answers, totals, target, respondent, rows=(row.number,)
        )

    def say_what_was_missing(self) -> None:
        """Warn of rows without any answer and of items the sheet has no column for."""
        warnings = self.reader.found.warnings
        if self.empty_rows:
            warnings.append(f"{self.empty_rows} rows have no answer at all: no form was made of them.")
        for group in (*self.columns.groups.values(), *self.by_name.values()):
            lacking = [item.number for item in group.instrument.items if item.id not in group.items]
            if lacking:
                warnings.append(
                    f"{group.instrument.short_name}: no column for item {', '.join(map(str, lacking))}; "
                    "read as not answered."
                )
