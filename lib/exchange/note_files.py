"""Notes from files: text, Markdown, DOCX, a ZIP of them, or a table. The text is kept as written."""

from __future__ import annotations

import zipfile

from lib.domain.errors import ImportProblem
from lib.domain.imports import NoteIn, Parsed, Problem
from lib.domain.instruments import Instruments
from lib.domain.notes import LONGEST_TEXT
from lib.exchange.archives import Package, entry_bytes, open_zip, package_kind
from lib.exchange.docx_text import docx_text
from lib.exchange.file_bytes import CONTROL, Content, check_size, content_of, decode
from lib.exchange.mapped_tables import apply_mapping
from lib.exchange.note_archives import ArchiveEntry, list_notes
from lib.exchange.note_names import NOTE_ENDINGS, client_and_day
from lib.exchange.note_sections import format_of
from lib.exchange.note_tables import once_each, plain_line_ends, read_note_table
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import instruments_by_alias
from lib.exchange.spreadsheets import read_table


def read_notes(data: bytes, file_name: str, instruments: Instruments, options: ReadOptions) -> Parsed:
    """Notes from a table, one note file, or a ZIP of note files, told apart by content.

    In an archive a row is the place of a file in it. ImportProblem when the file as a whole cannot be read."""
    content = content_of(data)
    kind = package_kind(data) if content is Content.ZIP else None
    if kind is Package.ARCHIVE:
        return _read_archive(data, file_name, options)
    if kind is Package.DOCUMENT or (kind is None and file_name.casefold().endswith(NOTE_ENDINGS)):
        note = read_note_file(data, file_name, options)
        return _parsed(f"notes, one file: {file_name}", 1, [note], [], [])
    table = apply_mapping(read_table(data, file_name, options), options.mapping, instruments_by_alias(instruments))
    return read_note_table(table, options)


def read_note_file(data: bytes, path: str, options: ReadOptions, row: int | None = None) -> NoteIn:
    """One note file as a note. ImportProblem when its name, its bytes or its text break a rule."""
    client, day = client_and_day(path, options)
    content = content_of(data)
    labels: tuple[str, ...] = ()
    is_document = content is Content.ZIP and package_kind(data) is Package.DOCUMENT
    if is_document != path.casefold().endswith(".docx"):
        raise ImportProblem(
            f"{path!r} is not what its name says: "
            + ("it is a DOCX document." if is_document else "it is no DOCX document."),
            "Give it the ending of what it is, or save it again.",
        )
    if is_document:
        text, labels = docx_text(data, path)
    elif content is Content.ZIP:
        raise ImportProblem(f"{path!r} is an archive or a workbook, not a text.", "Unpack it, or save it as text.")
    else:
        text = decode(data, options.encoding)[0]
    text = plain_line_ends(text)
    _check_text(text, path)
    if "\ufffd" in text:
        labels = (*labels, "replacement character: the text was damaged before this import")
    return NoteIn(client, day, text, format=str(format_of(text)), labels=labels, row=row, file=path)


def _check_text(text: str, path: str) -> None:
    if not text.strip():
        raise ImportProblem(f"{path!r} holds no text.", "Write the note, or take the file out.")
    if len(text) > LONGEST_TEXT:
        raise ImportProblem(
            f"{path!r} has {len(text):,} characters; a note holds at most {LONGEST_TEXT:,}.", "Split it."
        )
    found = CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
        raise ImportProblem(
            f"{path!r} holds a control character (U+{ord(found.group()):04X}) in line {line}, column {column}.",
            "Remove it, or save the file again in its right encoding.",
        )


def _read_archive(data: bytes, file_name: str, options: ReadOptions) -> Parsed:
    notes: list[NoteIn] = []
    problems: list[Problem] = []
    with open_zip(data) as package:
        listed = list_notes(package)
        if not listed.entries:
            raise ImportProblem("The archive holds no notes.", f"Put {', '.join(NOTE_ENDINGS)} files in it.")
        for place, entry in enumerate(listed.entries, start=1):
            try:
                notes.append(read_note_file(_bytes_of(package, entry), entry.name, options, place))
            except ImportProblem as problem:
                rule, mend = problem.message, problem.mend
                problems.append(Problem(place, "", entry.name, rule, mend, file=entry.name))
    warnings = []
    if listed.passed_over:
        shown = ", ".join(listed.passed_over[:5]) + (" …" if len(listed.passed_over) > 5 else "")
        warnings.append(f"{len(listed.passed_over)} files of the computer's own were passed over: {shown}.")
    words = f"notes, archive of {len(listed.entries)} files"
    return _parsed(words, len(listed.entries), notes, problems, warnings)


def _bytes_of(package: zipfile.ZipFile, entry: ArchiveEntry) -> bytes:
    if entry.refusal:
        raise ImportProblem(f"{entry.name!r}: {entry.refusal}.", entry.mend)
    data = entry_bytes(package, entry.info)
    check_size(data)
    return data


def _parsed(recognised: str, rows: int, notes: list[NoteIn], problems: list[Problem], warnings: list[str]) -> Parsed:
    labelled = [note for note in notes if note.labels]
    for note in labelled[:20]:
        warnings.append(f"{note.file}: imported with labels: {', '.join(note.labels)}.")
    if len(labelled) > 20:
        warnings.append(f"{len(labelled) - 20} more documents were imported with labels.")
    repeats: dict[int, int] = {}
    kept = once_each(notes, warnings, repeats)
    return Parsed(
        kind="notes",
        recognised=recognised,
        rows=rows,
        notes=kept,
        problems=tuple(problems),
        bad_rows=tuple(problem.row for problem in problems if problem.row is not None),
        warnings=tuple(warnings),
        repeats=tuple(repeats.items()),
    )
