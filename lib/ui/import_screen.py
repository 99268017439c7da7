"""Import screen: what a file is, what it would change, what is wrong with it, and only then the taking in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lib.domain.errors import ImportProblem
from lib.domain.form_changes import Outcome
from lib.domain.import_outcomes import NOT_YOUR_CLIENT, ImportOptions, ImportPreview, Receipt, RowChange
from lib.domain.imports import Parsed, Problem
from lib.domain.people import Actor
from lib.services import imports, reading_files
from lib.services.reading_files import ReadingAnswers
from lib.ui import app_context, download, errors, mapping_forms, navigation, plain_table, tables, words
from lib.ui.plain_table import plain_row

ENDINGS = ["csv", "tsv", "txt", "md", "xlsx", "docx", "zip"]
_DATE_FORMATS = {"": "find out, or ask", "d/m/y": "day first (17.11.2026)", "m/d/y": "month first (11/17/2026)"}
_ENCODINGS = {"": "UTF-8", "windows-1252": "Windows, Western Europe", "windows-1250": "Windows, Central Europe"}
_DECIMALS = {"": "find out", ".": "point (2.5)", ",": "comma (2,5)"}
_SHOWN = 200
_CHANGE_COLUMNS = ("Row", "Client", "What", "Outcome", "Before", "After")
_CODES = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """One chosen file. `key` is made from its content: what was answered about one file never goes to another."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Of its bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def key(self) -> str:
        """A part of every widget's key of this file."""
        return self.sha256[:16]


def ask_files() -> list[Upload]:
    """The files a person chose."""
    chosen = st.file_uploader(
        "Questionnaire scores, marker ratings or session notes: CSV, TSV, XLSX, TXT, MD, DOCX, or a ZIP of notes",
        type=ENDINGS,
        accept_multiple_files=True,
        key="import-files",
    )
    return [Upload(one.name, one.getvalue()) for one in chosen or []]


def show_file(actor: Actor, upload: Upload) -> None:
    """One file from its bytes to its receipt."""
    with st.container(border=True, key=f"file-{upload.key}"):
        with st.container(key=f"strong-file-{upload.key}"):
            st.text(upload.name)
        receipt = st.session_state.get(f"receipt-{upload.key}")
        if receipt is not None:
            _show_receipt(receipt, upload)
            return
        answers = _ask_answers(actor, upload)
        try:
            parsed = reading_files.read_upload(
                upload.data, upload.name, answers, app_context.definitions(), app_context.today()
            )
        except ImportProblem as problem:
            _show_unreadable(actor, upload, problem, answers)
            return
        _show_parsed(actor, upload, parsed)


def _ask_answers(actor: Actor, upload: Upload) -> ReadingAnswers:
    """How to read it: found out where possible, asked where not."""
    with app_context.reading() as session:
        names = imports.mapping_names(session, actor)
    just_saved = st.session_state.pop(f"{upload.key}-mapping-next", None)
    if just_saved in names:
        st.session_state[f"{upload.key}-mapping"] = just_saved
    with st.expander("How the file is read"), st.container(horizontal=True, vertical_alignment="bottom"):
        date_format = _choice("Dates", _DATE_FORMATS, upload, "dates")
        encoding = _choice("Letters", _ENCODINGS, upload, "encoding")
        decimal = _choice("Decimals", _DECIMALS, upload, "decimal")
        sheet = st.text_input("Sheet of a workbook", key=f"{upload.key}-sheet", placeholder="the first", width=170)
        name = st.selectbox(
            "Saved column mapping",
            ["", *names],
            format_func=lambda one: one or "none: our own columns",
            key=f"{upload.key}-mapping",
            width=260,
        )
    mapping = None
    if name:
        with errors.shown_to_the_user(), app_context.reading() as session:
            mapping = imports.saved_mapping(session, actor, name)
    return ReadingAnswers(date_format or None, sheet or None, encoding or None, None, decimal or None, mapping)


def _choice(label: str, options: dict[str, str], upload: Upload, field: str) -> str:
    return st.selectbox(
        label, list(options), format_func=lambda one: options[one], key=f"{upload.key}-{field}", width=220
    )


def _show_unreadable(actor: Actor, upload: Upload, problem: ImportProblem, answers: ReadingAnswers) -> None:
    """The whole file cannot be read as it is: why, and a mapping where it is a table of other columns."""
    errors.show(problem)
    if problem.problems:
        _show_problems(problem.problems, upload)
    try:
        columns = reading_files.column_names(upload.data, upload.name, answers, app_context.today())
    except ImportProblem:
        return
    with app_context.reading() as session:
        names = imports.mapping_names(session, actor)
    if names and not answers.mapping:
        st.text(f"Mapped before? Choose it above, under “How the file is read”: {', '.join(names)}.")
    mapping_forms.show(actor, columns, upload.key)


def _show_parsed(actor: Actor, upload: Upload, parsed: Parsed) -> None:
    st.text(f"Recognised as {parsed.recognised}.")
    for question in parsed.questions:
        with st.container(horizontal=True, gap="small"):
            st.badge("Question", icon=":material/help:", color="orange")
            st.text(question)
    options = ImportOptions(
        create_clients=bool(st.session_state.get(f"{upload.key}-create")),
        only_valid=bool(st.session_state.get(f"{upload.key}-valid")),
    )
    now, definitions = app_context.now(), app_context.definitions()
    with errors.shown_to_the_user(), app_context.reading() as session:
        preview = imports.preview(session, actor, parsed, options, now, definitions)
    _show_preview(preview, upload)
    _ask_choices(preview, upload)
    if preview.refused:
        st.text("Nothing is taken in as things stand: all of the file or nothing, unless you choose otherwise above.")
    name = "Import this file" if not options.only_valid else "Import the rows that are right"
    nothing_to_do = not (preview.receipt.new or preview.receipt.corrected)
    if st.button(name, type="primary", disabled=preview.refused or nothing_to_do, key=f"{upload.key}-go"):
        _take_in(actor, upload, parsed, options)


def _take_in(actor: Actor, upload: Upload, parsed: Parsed, options: ImportOptions) -> None:
    now, definitions = app_context.now(), app_context.definitions()
    with errors.shown_to_the_user(), app_context.writing() as session:
        receipt = imports.commit_import(session, actor, parsed, options, upload.name, upload.sha256, now, definitions)
    st.session_state[f"receipt-{upload.key}"] = receipt
    st.rerun()


def _show_preview(preview: ImportPreview, upload: Upload) -> None:
    receipt = preview.receipt
    _show_counts(receipt)
    for warning in receipt.warnings:
        st.text(f"Mind: {warning}")
    many_unknown = len(preview.unknown_clients) > _CODES
    if preview.unknown_clients:
        codes = ", ".join(preview.unknown_clients[:_CODES]) + (" …" if many_unknown else "")
        st.text(f"{words.count(len(preview.unknown_clients), 'client')} not among yours: {codes}")
        if not preview.clients_to_create:
            st.text("Choose below to create them, or correct their codes in the file.")
    # Thousands of unknown codes are one question, not thousands of problems; they would hide the other ones.
    problems = tuple(one for one in receipt.problems if not (many_unknown and one.rule == NOT_YOUR_CLIENT))
    if problems:
        _show_problems(problems, upload)
    corrected = [change for change in preview.changes if change.outcome is Outcome.CORRECTED]
    if corrected:
        st.text("Corrections: the earlier values are kept.")
        _show_changes(corrected, f"{upload.key}-corrected")
    if preview.changes:
        with st.expander(f"Everything that would happen, {words.count(len(preview.changes), 'entry', 'entries')}"):
            _show_changes(preview.changes, f"{upload.key}-changes")


def _show_counts(receipt: Receipt) -> None:
    with st.container(horizontal=True, gap="large"):
        st.metric("Rows", f"{receipt.rows:,}", width="content")
        for name in ("new", "unchanged", "corrected", "rejected"):
            st.metric(name.capitalize(), f"{getattr(receipt, name):,}", width="content")


def _show_changes(changes: Sequence[RowChange], key: str) -> None:
    listed = changes[:_SHOWN]
    rows = [
        plain_row(
            {
                "Row": ", ".join(str(row) for row in change.rows[:3]),
                "Client": change.client_code,
                "What": change.what,
                "Outcome": change.outcome.value,
                "Before": change.before,
                "After": change.after,
            }
        )
        for change in listed
    ]
    label = f"What the file would change, {words.count(len(changes), 'entry', 'entries')}"
    plain_table.show(rows, _CHANGE_COLUMNS, "Row", label, key, wide="What")
    if len(changes) > _SHOWN:
        st.text(f"The first {_SHOWN} of {len(changes):,} are shown.")


def _show_problems(problems: tuple[Problem, ...], upload: Upload) -> None:
    st.text(f"{words.count(len(problems), 'problem')} to mend in the file:")
    tables.show_problems(problems, f"{upload.key}-problems")
    download.of_this_page(
        "Take the problems away as CSV",
        "problems",
        "csv",
        lambda: tables.problems_as_csv(problems),
        f"{upload.key}-download",
    )


def _ask_choices(preview: ImportPreview, upload: Upload) -> None:
    """Two choices nobody makes for the person: clients made, and rows left out."""
    makes = preview.unknown_clients or preview.clients_to_create
    if makes:
        count = len(preview.unknown_clients) or len(preview.clients_to_create)
        st.checkbox(f"Create {words.count(count, 'client')} not known yet, as mine", key=f"{upload.key}-create")
    if preview.receipt.rejected:
        left_out = words.count(preview.receipt.rejected, "row")
        st.checkbox(f"Import the rows that are right, and leave out {left_out}", key=f"{upload.key}-valid")


def _show_receipt(receipt: Receipt, upload: Upload) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.badge("Taken in", icon=":material/task_alt:", color="blue")
        st.text(receipt.recognised)
    _show_counts(receipt)
    if receipt.created_clients:
        st.text(f"{words.count(receipt.created_clients, 'client')} created.")
    if receipt.problems:
        _show_problems(receipt.problems, upload)
    for warning in receipt.warnings:
        st.text(f"Mind: {warning}")
    if st.button("See the caseload", key=f"{upload.key}-caseload"):
        navigation.open_page("pages/clinician/caseload.py")
