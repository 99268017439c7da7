"""Evidence screen: one note after another read for evidence, and what was confirmed so far by marker."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.domain.people import Actor
from lib.domain.phrase_book import MARKERS, Polarity
from lib.services import evidence_review
from lib.services.evidence_review import ConfirmedEvidence, EvidencePage
from lib.storage.evidence_queries import EvidenceRow
from lib.ui import app_context, errors, evidence_reader, gate, plain_table, words

_SHOWN = "evidence-shown"


def show(actor: Actor, client_id: int) -> None:
    """The note that is open, its suggestions, and below what was confirmed."""
    found = _read(actor, client_id)
    if found is None:
        st.text("There is no signed or imported note yet. Sign one, and its sentences can be read here.")
        return
    page, decided = found
    _choose(page)
    with st.container(key=f"quiet-evidence-{client_id}"):
        st.text(
            "Suggestions of a phrase file, never findings: only what you confirm counts. "
            "Arrow keys move, the number decides; click any sentence to mark what was missed."
        )
    said = evidence_reader.show(page, decided, app_context.definitions().model, app_context.today())
    if said is not None:
        _keep(page, said)
        st.rerun()
    _show_confirmed(actor, client_id)


def _read(actor: Actor, client_id: int) -> tuple[EvidencePage, Sequence[EvidenceRow]] | None:
    """The page. After a decision the words held are shown again: nobody read them anew, and no event says so."""
    now, book = app_context.now(), app_context.phrase_book()
    wanted = st.session_state.get(f"evidence-note-{client_id}")
    held = st.session_state.pop(_SHOWN, None)
    if held is not None and held[0] == (client_id, wanted):
        page: EvidencePage = held[1]
        with errors.shown_to_the_user(), app_context.reading() as session:
            return page, evidence_review.decisions(session, actor, client_id, page.note.id, now)
    with errors.shown_to_the_user(), app_context.writing() as session:
        found = evidence_review.evidence_page(session, actor, client_id, wanted, now, book)
    return (found, found.decided) if found is not None else None


def _choose(page: EvidencePage) -> None:
    """Which note: a list, the newest first, with how much of each was decided."""
    key, today = f"evidence-note-{page.client.client_id}", app_context.today()
    told = {
        one.id: f"{words.day(one.dated_on, today)}, {words.count(one.decided, 'decision')} (note {one.id})"
        for one in page.notes
    }
    chosen = st.selectbox(
        "Note", list(told), index=list(told).index(page.note.id), format_func=told.__getitem__, width=340,
        key=f"{key}-choice-{page.note.id}-{hash(tuple(told.values()))}",
    )  # fmt: skip
    if chosen != page.note.id:
        st.session_state[key] = chosen
        st.rerun()


def _keep(page: EvidencePage, said: evidence_reader.Said) -> None:
    client_id, note_id = page.client.client_id, page.note.id
    definitions, book = app_context.definitions(), app_context.phrase_book()
    with errors.shown_to_the_user():
        actor, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            if said.decision is None:
                evidence_review.mark_missed(session, actor, client_id, note_id, said.place, "", now, definitions, book)
            else:
                evidence_review.decide(
                    session, actor, client_id, note_id, said.place, said.decision, now, definitions, book
                )
    st.session_state[_SHOWN] = ((client_id, st.session_state.get(f"evidence-note-{client_id}")), page)


def _show_confirmed(actor: Actor, client_id: int) -> None:
    """What counts: confirmed sentences under the marker each speaks to, the newest first."""
    now, mirror = app_context.now(), app_context.mirror()
    with errors.shown_to_the_user(), app_context.reading() as session:
        found = evidence_review.confirmed_evidence(session, actor, client_id, now, mirror)
    st.header("Confirmed evidence", anchor=False)
    if not found:
        st.text("Nothing is confirmed yet. Charts, summaries and plans quote only what is.")
        return
    ordered = sorted(found, key=lambda one: MARKERS.index(one.marker) if one.marker else len(MARKERS))
    columns = ("Marker", "Direction", "Seen as", "Sentence", "Note of")
    plain_table.show(
        [plain_table.plain_row(_told(one)) for one in ordered],
        columns,
        head="Marker",
        label="Confirmed evidence",
        key=f"evidence-confirmed-{client_id}",
        wide="Sentence",
    )


def _told(one: ConfirmedEvidence) -> dict[str, str]:
    model, today = app_context.definitions().model, app_context.today()
    return {
        "Marker": evidence_reader.label_of(one.marker, model) if one.marker else "no marker",
        "Direction": "toward" if one.polarity is Polarity.FOR else "away",
        "Seen as": evidence_reader.title_of(one.row.code, Polarity(one.row.polarity), model),
        "Sentence": one.row.quote,
        "Note of": words.day(one.row.dated_on, today),
    }
