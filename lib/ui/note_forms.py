"""Note forms: beginning a note, what was agreed, addenda, taking a note back. Each callback has its ids bound to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.errors import NotAllowed, NotYours, ReauthenticationNeeded, StaleVersion, UserFacingError
from lib.domain.notes import Compartment, NoteFormat, NoteStatus, SessionDetails
from lib.domain.people import Actor
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.services import notes
from lib.services.notes import NotePage, NoteText
from lib.storage.note_queries import ClientChoice, SessionRow
from lib.ui import app_context, errors

Result = TypeVar("Result")
SHOWN = "note_desk_shown"  # what this tab was shown last, for runs that only saved words; every act ends it

FORMAT_WORDS = {
    NoteFormat.SOAP: "SOAP",
    NoteFormat.DAP: "DAP",
    NoteFormat.BIRP: "BIRP",
    NoteFormat.GIRP: "GIRP",
    NoteFormat.NARRATIVE: "Narrative",
}
COMPARTMENT_WORDS = {
    Compartment.PROGRESS: "Progress note: the shared record",
    Compartment.PROCESS: "Process note: yours alone",
}


def begin(page: NotePage) -> None:
    """A new note: today, as the last one was, in one press."""
    client_id, today, formats = page.client.client_id, app_context.today(), list(NoteFormat)
    last_session = page.sessions[0] if page.sessions else None
    with st.form(f"new-note-{client_id}", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.date_input("Date", today, max_value=today, format="YYYY-MM-DD", key=f"new-date-{client_id}", width=170)
            st.selectbox(
                "Format",
                formats,
                index=formats.index(page.notes[0].format) if page.notes else 0,
                format_func=FORMAT_WORDS.__getitem__,
                key=f"new-format-{client_id}",
                width=125,
            )
            _attendance(f"new-attendance-{client_id}", Attendance.ATTENDED)
            _minutes(f"new-minutes-{client_id}", last_session.minutes if last_session else 50)
            _modality(f"new-modality-{client_id}", last_session.modality if last_session else "in person")
        st.radio(
            "Who reads it", list(Compartment), format_func=COMPARTMENT_WORDS.__getitem__,
            key=f"new-compartment-{client_id}", horizontal=True,
        )  # fmt: skip
        st.form_submit_button("Start note", type="primary", on_click=_begin, args=(client_id,))
    problem(f"new-note-{client_id}")


def _begin(client_id: int) -> None:
    given = {name: st.session_state[f"new-{name}-{client_id}"] for name in ("date", "format", "compartment")}
    details = SessionDetails(
        attendance=st.session_state[f"new-attendance-{client_id}"],
        minutes=st.session_state[f"new-minutes-{client_id}"],
        modality=(st.session_state[f"new-modality-{client_id}"] or "").strip(),
    )

    def start(session: Session, actor: Actor) -> int:
        return notes.start_note(
            session, actor, client_id, given["date"], given["format"], given["compartment"], app_context.now(),
            details, definitions=app_context.definitions(),
        ).note_id  # fmt: skip

    note_id = act(f"new-note-{client_id}", start)
    if note_id is not None:
        st.session_state[f"open-note-{client_id}"] = note_id
        st.session_state["focus-note"] = note_id


def details(client_id: int, row: SessionRow) -> None:
    """What was agreed and when they meet next; each field is kept as it is left."""
    held = _held_version(row)
    key = f"{client_id}-{row.id}-{held['began']}"
    keep: dict[str, Any] = {"on_change": _keep_details, "args": (client_id, row, key)}
    with st.container(horizontal=True, vertical_alignment="top"):
        st.text_area("Agreed until next time", row.agreed, key=f"agreed-{key}", height=80, width="stretch", **keep)
        st.text_area("Plan for next time", row.next_plan, key=f"plan-{key}", height=80, width="stretch", **keep)
        st.text_area("Risk", row.risk_note, key=f"risk-{key}", height=80, width="stretch", **keep)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.date_input(
            "Next session",
            row.next_on,
            min_value=row.held_on,
            format="YYYY-MM-DD",
            key=f"next-{key}",
            width=170,
            **keep,
        )
        _attendance(f"attendance-{key}", Attendance(row.attendance), **keep)
        _minutes(f"minutes-{key}", row.minutes, **keep)
        _modality(f"modality-{key}", row.modality, **keep)
    problem(f"details-{row.id}")


def _held_version(row: SessionRow) -> dict[str, int]:
    """Which version these fields began from, and which they stand at; begun anew when somebody else changed it."""
    name = f"details-version-{row.id}"
    held: dict[str, int] | None = st.session_state.get(name)
    if held is None or held["now"] != row.version:
        held = st.session_state[name] = {"began": row.version, "now": row.version}
    return held


def _keep_details(client_id: int, row: SessionRow, key: str) -> None:
    value = {name: st.session_state.get(f"{name}-{key}") for name in ("agreed", "plan", "risk", "next", "minutes")}
    given = SessionDetails(
        attendance=st.session_state[f"attendance-{key}"],
        minutes=value["minutes"],
        modality=(st.session_state[f"modality-{key}"] or "").strip(),
        parts=row.parts,
        approaches=row.approaches,
        agreed=value["agreed"] or "",
        risk_note=value["risk"] or "",
        next_plan=value["plan"] or "",
        next_on=value["next"],
    )
    held = st.session_state[f"details-version-{row.id}"]

    def save(session: Session, actor: Actor) -> int:
        return notes.save_session_details(
            session, actor, client_id, row.id, given, held["now"], app_context.now(),
            definitions=app_context.definitions(),
        )  # fmt: skip

    version = act(f"details-{row.id}", save)
    if version is not None:
        held["now"] = version


def afterwards(note: NoteText, choices: Sequence[ClientChoice], addendum: bool = True) -> None:
    """What may still be done with a note: add to it, or take it back from under the wrong client."""
    if note.may_be_added_to and addendum:
        with st.form(f"addendum-{note.id}", border=False, clear_on_submit=True):
            st.text_area("Addendum", key=f"addendum-text-{note.id}", height=100)
            st.form_submit_button("Add, and freeze it", on_click=_add, args=(note,))
        problem(f"addendum-{note.id}")
    if note.may_be_added_to or note.may_be_written:
        with st.popover("Wrong client, or begun by mistake", key=f"back-{note.id}"):
            _take_back(note, choices)


def _add(note: NoteText) -> None:
    text = st.session_state[f"addendum-text-{note.id}"]
    act(
        f"addendum-{note.id}",
        lambda session, actor: notes.add_addendum(session, actor, note.id, note.client_id, text, app_context.now()),
    )


def _take_back(note: NoteText, choices: Sequence[ClientChoice]) -> None:
    others = [one for one in choices if one.id != note.client_id]
    with st.form(f"retract-{note.id}", border=False):
        st.selectbox(
            "It belongs to", others, index=None, key=f"right-client-{note.id}", placeholder="another client of yours",
            format_func=lambda one: f"{one.name} · {one.code}" if one.name else one.code,
        )  # fmt: skip
        st.text_input("Why", key=f"retract-reason-{note.id}")
        st.form_submit_button("Retract, and move the words to that client", on_click=_retract, args=(note,))
        if note.status is NoteStatus.DRAFT:
            st.form_submit_button("Discard this draft", on_click=_discard, args=(note,))
    problem(f"retract-{note.id}")


def _retract(note: NoteText) -> None:
    right = st.session_state[f"right-client-{note.id}"]
    reason = st.session_state[f"retract-reason-{note.id}"]
    right_id = right.id if isinstance(right, ClientChoice) else note.client_id  # the same client: refused in words
    act(
        f"retract-{note.id}",
        lambda session, actor: notes.retract_note(
            session, actor, note.id, note.client_id, reason, app_context.now(),
            belongs_to_client_id=right_id, definitions=app_context.definitions(),
        ),
    )  # fmt: skip


def _discard(note: NoteText) -> None:
    reason = st.session_state[f"retract-reason-{note.id}"]
    act(
        f"retract-{note.id}",
        lambda session, actor: notes.discard_draft(
            session, actor, note.id, note.client_id, reason, app_context.now(), definitions=app_context.definitions()
        ),
    )


def act(place: str, do: Callable[[Session, Actor], Result]) -> Result | None:
    """Do it in one transaction, from a callback. What went wrong is kept for `problem` to show at its place.

    A callback runs before the page's gate, so who acts is looked up here; a stranger's act is left undone."""
    st.session_state.pop(SHOWN, None)
    actor = app_context.actor()
    if actor is None:
        return None
    try:
        with app_context.writing() as session:
            return do(session, actor)
    except UserFacingError as error:
        st.session_state[f"problem-{place}"] = error
        return None


def problem(place: str) -> None:
    """Show what went wrong here in the last step, once. Denials and wrong passwords also leave their event."""
    error: UserFacingError | None = st.session_state.pop(f"problem-{place}", None)
    if isinstance(error, NotAllowed | NotYours | ReauthenticationNeeded):
        with errors.shown_to_the_user():
            raise error
    if error is not None:
        errors.show(error)
    if isinstance(error, StaleVersion):
        st.text(f"Yours: {error.yours}")
        st.text(f"Saved elsewhere: {error.theirs}")


def _attendance(key: str, value: Attendance, **more: Any) -> None:
    options = list(Attendance)
    st.selectbox(
        "Attendance", options, index=options.index(value), format_func=ATTENDANCE_WORDS.__getitem__, key=key,
        width=175, **more,
    )  # fmt: skip


def _minutes(key: str, value: int | None, **more: Any) -> None:
    st.number_input("Minutes", 1, 600, value, step=5, key=key, width=115, **more)


def _modality(key: str, value: str, **more: Any) -> None:
    st.text_input("Where", value, max_chars=30, key=key, width=125, **more)
