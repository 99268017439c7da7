"""Random samples: drawing one, looking at a file by the checklist, what was found and what is to follow."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date

import streamlit as st

from lib.domain.people import Actor
from lib.services import audit_samples
from lib.services.audit_samples import LARGEST, FileAudit, Finding, Question, Sample, SampledFile
from lib.services.record_audit import Period
from lib.ui import app_context, errors, gate, plain, plain_table, words
from lib.ui.plain_table import Row

_FINDINGS = {Finding.YES: "Yes", Finding.NO: "No", Finding.NOT_APPLICABLE: "Does not apply"}
_CHOSEN = "audit-file"


def show(actor: Actor, therapists: Mapping[int, str], period: Period, today: date) -> None:
    """Draw a sample, the newest ones, and the file that was chosen."""
    _draw(therapists, period)
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        drawn = audit_samples.samples(session, actor, now)
        questions = audit_samples.checklist(session, actor)
    if not drawn:
        st.text("No sample was drawn yet. The seed is kept, so that anybody can see that nobody chose.")
        return
    chosen = _choose(drawn)
    _show_files(chosen, today)
    file = next((one for one in chosen.files if one.id == st.session_state.get(_CHOSEN)), None)
    if file is not None:
        _audit(file, questions, today)


def _draw(therapists: Mapping[int, str], period: Period) -> None:
    names: dict[int | None, str] = {None: "Everybody"} | {
        one: plain.as_option(name) for one, name in therapists.items()
    }
    with st.form("draw-sample", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        whose = st.selectbox("Files of", list(names), format_func=lambda one: names[one], width=260)
        size = st.number_input("How many", 1, LARGEST, 5, width=120)
        sent = st.form_submit_button("Draw at random", icon=":material/casino:")
    if not sent:
        return
    actor, now = gate.the_actor(), app_context.now()
    seed = secrets.randbelow(2**31)
    with errors.shown_to_the_user(), app_context.writing() as session:
        audit_samples.draw_sample(session, actor, whose, period.starts_on, period.ends_on, int(size), seed, now)
    st.rerun()


def _choose(drawn: list[Sample]) -> Sample:
    told = {one.id: one for one in drawn}

    def in_words(sample_id: int) -> str:
        one = told[sample_id]
        who = plain.as_option(one.therapist or "everybody")
        return f"{words.full_day(one.drawn_at.date())}: {one.size} of {one.population}, {who}, seed {one.seed}"

    if len(drawn) == 1:
        st.text(f"Drawn {in_words(drawn[0].id)}")
        return drawn[0]
    chosen = st.selectbox("Sample", list(told), format_func=in_words, key="audit-sample", width=460)
    return told.get(chosen or drawn[0].id, drawn[0])


def _show_files(sample: Sample, today: date) -> None:
    rows = [_row(one, today) for one in sample.files]
    if len(rows) < sample.size:
        st.text(f"{sample.size - len(rows)} of the {sample.size} files are no longer yours to open.")
    if not rows:
        return
    opened = plain_table.show(
        rows,
        ["Client", "Code", "Therapist", "Looked at", "Found", "To follow", "Due"],
        "Client",
        f"{words.count(len(rows), 'file')} of the sample; choose one to look at it",
        "audit-files",
        wide="To follow",
    )
    if opened is not None:
        st.session_state[_CHOSEN] = int(opened)


def _row(one: SampledFile, today: date) -> Row:
    findings = [finding for finding, _remark in one.found.values()]
    yes, asked = findings.count(Finding.YES), len(findings) - findings.count(Finding.NOT_APPLICABLE)
    due = (
        f"done {words.day(one.follow_up_done_on, today)}"
        if one.follow_up_done_on
        else words.day(one.follow_up_due_on, today)
    )
    told = {
        "Client": one.name or one.code,
        "Code": one.code,
        "Therapist": one.therapist,
        "Looked at": words.day(one.audited_at.date(), today) if one.audited_at else "not yet",
        "Found": f"{yes} of {asked} in order" if findings else "–",
        "To follow": one.follow_up or "–",
        "Due": due if one.follow_up else "–",
    }
    return Row(plain_table.plain_row(told).cells, str(one.id))


def _audit(file: SampledFile, questions: list[Question], today: date) -> None:
    """The checklist for one file; the file's and the client's number travel with the form."""
    with st.container(border=True, key=f"asks-file-{file.id}"):
        with st.container(key=f"strong-file-{file.id}"):
            st.text(f"{file.code}  {file.name}")
        # In a tab of its own: findings that are not kept yet stay where they are.
        record = f"client?client={file.client_id}"
        st.link_button("Open the record in a new tab", record, icon=":material/open_in_new:")
        audit = _ask(file, questions, today)
        if file.follow_up and file.follow_up_done_on is None:
            _close(file, today)
    if audit is None:
        return
    actor, now = gate.the_actor(), app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        audit_samples.keep_audit(session, actor, file.id, file.client_id, audit, now)
    st.rerun()


def _ask(file: SampledFile, questions: list[Question], today: date) -> FileAudit | None:
    found: dict[int, tuple[Finding, str]] = {}
    key = f"file-{file.id}-{file.version}"
    with st.form(key, border=False):
        for question in questions:
            held, remark = file.found.get(question.question, ("", ""))
            with st.container(horizontal=True, vertical_alignment="bottom"):
                answer = st.radio(
                    plain.as_label(question.question),
                    list(_FINDINGS),
                    format_func=_FINDINGS.__getitem__,
                    horizontal=True,
                    index=list(_FINDINGS).index(Finding(held)) if held else None,
                    key=f"{key}-{question.id}",
                    width=520,
                )
                said = st.text_input("Remark", remark, key=f"{key}-remark-{question.id}")
            if answer is not None:
                found[question.id] = (answer, said)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            follow_up = st.text_input("What is to follow", file.follow_up, key=f"{key}-follow")
            due_on = st.date_input("Due", file.follow_up_due_on, format="YYYY-MM-DD", key=f"{key}-due", width=170)
        sent = st.form_submit_button("Keep the findings", type="primary", icon=":material/save:")
    return FileAudit(found, follow_up, due_on, file.version) if sent else None


def _close(file: SampledFile, today: date) -> None:
    if not st.button("What was to follow is done", key=f"file-done-{file.id}-{file.version}"):
        return
    actor, now = gate.the_actor(), app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        audit_samples.close_follow_up(session, actor, file.id, file.client_id, today, now)
    st.rerun()
