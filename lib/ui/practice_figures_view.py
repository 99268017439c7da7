"""Practice figures: counts without names, every verdict beside its denominator; and the checklist of audits."""

from __future__ import annotations

import streamlit as st

from lib.domain.change import Verdict
from lib.domain.people import Actor
from lib.services import audit_samples
from lib.services.progress import PracticeFigures, PracticeMeasure
from lib.services.supervision_exports import Asked, What
from lib.ui import app_context, errors, export_button, gate, outcomes_view, plain_table, words


def show(actor: Actor, figures: PracticeFigures) -> None:
    """The whole screen."""
    st.text(
        f"{words.count(figures.clients, 'client')}, {figures.open_clients:,} open · "
        f"{words.count(figures.open_risk_flags, 'open risk flag')} · "
        f"{words.count(figures.planned_endings, 'planned ending')}"
    )
    if figures.measures:
        rows = [plain_table.plain_row(_row(one)) for one in figures.measures]
        plain_table.show(
            rows, list(rows[0].cells), "Measure", "Change by measure over the practice", "practice-measures"
        )
        with st.container(key="quiet-practice"):
            st.text("Verdicts among clients with two scores; under five of them none is told. No names, no therapists.")
        export_button.tables(Asked(What.PRACTICE), "practice")
    else:
        st.text("No client has a score yet.")
    _checklist(actor)


def _row(one: PracticeMeasure) -> dict[str, str]:
    name = outcomes_view.measure_name(one.measure, app_context.definitions().instruments)
    told = {"Measure": name, "With two scores": f"{one.with_two:,} of {one.with_score:,}"}
    for key, said in words.VERDICTS.items():
        told[said] = "–" if one.verdicts is None else f"{one.verdicts[Verdict(key)]:,}"
    return told


def _checklist(actor: Actor) -> None:
    more = st.expander("Checklist of audits", key="checklist", on_change="rerun", icon=":material/checklist:")
    if not more.open:
        return
    with errors.shown_to_the_user(), app_context.reading() as session:
        held = audit_samples.checklist(session, actor)
    with more, st.form("checklist-form", border=False):
        told = st.text_area("One question a line", "\n".join(one.question for one in held), height=220)
        sent = st.form_submit_button("Keep the checklist", icon=":material/save:")
    if not sent:
        return
    actor, now = gate.the_actor(), app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        audit_samples.edit_checklist(session, actor, told.splitlines(), now)
    st.rerun()
