"""Notes as a table: `client,date,text[,session,format,modality,minutes,attendance]`, the text kept as written."""

from __future__ import annotations

from lib.domain.imports import NoteIn, Parsed
from lib.domain.notes import LONGEST_TEXT, NoteFormat
from lib.domain.process import Attendance
from lib.exchange.cell_values import whole_number
from lib.exchange.columns import refuse_leftovers, require
from lib.exchange.note_sections import format_of
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import RowReader
from lib.exchange.tables import Row, Table

COLUMNS = ("client", "date", "text", "session", "format", "modality", "minutes", "attendance")
MOST_SESSIONS = 10_000
LONGEST_SESSION = 600
LONGEST_MODALITY = 30
_WORKBOOK_CELL = 32_767
"""Characters after which a spreadsheet program cuts a cell."""


def plain_line_ends(text: str) -> str:
    """The text with one kind of line end; nothing else of a note is ever changed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_note_table(table: Table, options: ReadOptions) -> Parsed:
    """Notes of a table. Rows that break a rule become problems; ImportProblem when a column is lacking."""
    require(table, ("client", "date", "text"), "Notes")
    reader = RowReader(table, options)
    refuse_leftovers(reader, {reader.at[name] for name in COLUMNS if name in reader.at})
    sheet = _Notes(reader)
    found = [note for row in table.rows if (note := sheet.note(row)) is not None]
    notes = once_each(found, reader.found.warnings, reader.found.repeats)
    return reader.parsed("notes", f"notes, table: {len(notes)} notes", notes=notes)


def once_each(notes: list[NoteIn], warnings: list[str], repeats: dict[int, int]) -> tuple[NoteIn, ...]:
    """Each note once: the same text of the same client and date again is said, counted once and put into `repeats`.

    Two different notes of one day both stay, since two sessions on a day happen; that too is said."""
    kept: dict[tuple[str, str], list[NoteIn]] = {}
    repeated = 0
    for note in notes:
        same_day = kept.setdefault((note.client_code, note.dated_on.isoformat()), [])
        first = next((other for other in same_day if _content(other) == _content(note)), None)
        if first is None:
            same_day.append(note)
            continue
        repeated += 1
        repeats[note.row or 0] = first.row or 0
    if repeated:
        warnings.append(f"{repeated} notes repeat another one exactly and were counted once.")
    several = [key for key, same_day in kept.items() if len(same_day) > 1]
    if several:
        shown = ", ".join(f"{client} on {day}" for client, day in several[:5])
        warnings.append(f"{len(several)} times one client has several notes of one day ({shown}); all are kept.")
    chosen = {id(note) for same_day in kept.values() for note in same_day}
    return tuple(note for note in notes if id(note) in chosen)


def _content(note: NoteIn) -> tuple[object, ...]:
    return (note.text, note.session_number, note.format, note.modality, note.minutes, note.attendance)


class _Notes:
    """One table of notes, row after row."""

    def __init__(self, reader: RowReader) -> None:
        self.reader = reader

    def note(self, row: Row) -> NoteIn | None:
        """One row's note; None when it breaks a rule."""
        reader = self.reader
        if reader.unreadable(row) or reader.too_long(row, LONGEST_TEXT):
            return None
        client = reader.client(row)
        dated_on = reader.date(row, client)
        text = plain_line_ends(reader.cell(row, "text"))
        if not text.strip():
            reader.fault(row, "text", "", "a note needs a text", "Write it, or remove the row.")
        session = self._number(row, "session", MOST_SESSIONS)
        minutes = self._number(row, "minutes", LONGEST_SESSION)
        note_format = reader.choice(row, "format", tuple(NoteFormat), format_of(text))
        attendance = reader.choice(row, "attendance", tuple(Attendance), "")
        modality = reader.cell(row, "modality").strip()
        if len(modality) > LONGEST_MODALITY:
            rule = f"a modality has at most {LONGEST_MODALITY} characters"
            reader.fault(row, "modality", modality, rule, "Shorten it.")
        if row.number in reader.found.bad_rows or not client or not dated_on or note_format is None:
            return None
        self._say_if_cut(row, text)
        return NoteIn(
            client, dated_on, text, session, str(note_format), modality, minutes, attendance or "",
            row=row.number, file=reader.table.file,
        )  # fmt: skip

    def _number(self, row: Row, name: str, most: int) -> int | None:
        text = self.reader.cell(row, name)
        if not text.strip():
            return None
        value = whole_number(text)
        if value is None or not 1 <= value <= most:
            self.reader.fault(row, name, text, f"{name} is a whole number from 1 to {most}", "Correct or empty it.")
            return None
        return value

    def _say_if_cut(self, row: Row, text: str) -> None:
        if len(text) == _WORKBOOK_CELL:
            self.reader.found.warnings.append(
                f"Row {row.number}: the text has exactly {_WORKBOOK_CELL:,} characters, where a spreadsheet cuts it."
            )
        if "\ufffd" in text:
            self.reader.found.warnings.append(
                f"Row {row.number}: the text holds a replacement character; it was damaged before this import."
            )
