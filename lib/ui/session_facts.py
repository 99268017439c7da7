"""Session facts: what is noted of the meeting beside the note's words. Each field is kept as it is left, or on a pause.

Its container's key begins with `facts-`: the note editor's browser half sends what is typed there after a pause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.clinical_model import Entries
from lib.domain.notes import SessionDetails
from lib.domain.people import Actor
from lib.domain.process import Attendance
from lib.services import notes
from lib.storage.note_queries import SessionRow
from lib.ui import app_context
from lib.ui.note_acts import act, problem
from lib.ui.note_forms import attendance_field, clock_field, clock_value, minutes_field, modality_field


def show(client_id: int, row: SessionRow, before: SessionRow | None) -> None:
    """The facts of this session. `before` is the one before it, for what is done again."""
    held = _held_version(row)
    key = f"{client_id}-{row.id}-{held['began']}"
    keep: dict[str, Any] = {"on_change": _keep, "args": (client_id, row, key)}
    with st.container(key=f"facts-{key}", gap="small"):
        with st.container(key=f"strong-facts-{row.id}"):
            st.text(f"Session {row.number}" if row.number is not None else "Session")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            clock_field(f"time-{key}", row.starts_at_time, **keep)
            attendance_field(f"attendance-{key}", Attendance(row.attendance), **keep)
            minutes_field(f"minutes-{key}", row.minutes, **keep)
            modality_field(f"modality-{key}", row.modality, **keep)
            st.date_input("Next session", row.next_on, min_value=row.held_on, format="YYYY-MM-DD", key=f"next-{key}",
                          width=145, **keep)  # fmt: skip
        _worked_on(client_id, row, before, key, keep)
        with st.container(horizontal=True, vertical_alignment="top"):
            st.text_area("Agreed until next time", row.agreed, key=f"agreed-{key}", height=80, width="stretch", **keep)
            st.text_area("Plan for next time", row.next_plan, key=f"plan-{key}", height=80, width="stretch", **keep)
            st.text_area("Risk", row.risk_note, key=f"risk-{key}", height=80, width="stretch", **keep)
    problem(f"details-{row.id}")


def _worked_on(client_id: int, row: SessionRow, before: SessionRow | None, key: str, keep: dict[str, Any]) -> None:
    model = app_context.definitions().model
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose("parts", "Parts of the work", model.parts, row.parts, key, keep)
        _choose("approaches", "Approaches", model.approaches, row.approaches, key, keep)
        st.text_input("Techniques", row.techniques, max_chars=500, key=f"techniques-{key}", width="stretch", **keep)
        if before is not None and (before.parts or before.approaches or before.techniques):
            st.button("As last time", key=f"again-{key}", on_click=_as_last_time, args=(client_id, row, before, key))


def _choose(name: str, label: str, entries: Entries, chosen: Sequence[str], key: str, keep: Mapping[str, Any]) -> None:
    def told(one: str) -> str:
        return entries[one].label

    known = [one for one in chosen if one in entries]
    st.multiselect(label, list(entries), known, key=f"{name}-{key}", format_func=told, placeholder="Choose", **keep)


def _as_last_time(client_id: int, row: SessionRow, before: SessionRow, key: str) -> None:
    st.session_state[f"parts-{key}"] = list(before.parts)
    st.session_state[f"approaches-{key}"] = list(before.approaches)
    st.session_state[f"techniques-{key}"] = before.techniques
    _keep(client_id, row, key)


def _keep(client_id: int, row: SessionRow, key: str) -> None:
    def held(name: str) -> Any:
        return st.session_state.get(f"{name}-{key}")

    given = SessionDetails(
        attendance=held("attendance"),
        minutes=held("minutes"),
        modality=(held("modality") or "").strip(),
        starts_at_time=clock_value(f"time-{key}"),
        parts=tuple(held("parts") or ()),
        approaches=tuple(held("approaches") or ()),
        techniques=(held("techniques") or "").strip(),
        agreed=held("agreed") or "",
        risk_note=held("risk") or "",
        next_plan=held("plan") or "",
        next_on=held("next"),
    )
    standing = st.session_state[_version(row)]

    def save(session: Session, actor: Actor) -> int:
        return notes.save_session_details(
            session, actor, client_id, row.id, given, standing["now"], app_context.now(),
            definitions=app_context.definitions(),
        )  # fmt: skip

    version = act(f"details-{row.id}", save)
    if version is not None:
        standing["now"] = version


def _held_version(row: SessionRow) -> dict[str, int]:
    """Which version these fields began from, and which they stand at; begun anew when somebody else changed it."""
    held: dict[str, int] | None = st.session_state.get(_version(row))
    if held is None or held["now"] != row.version:
        held = st.session_state[_version(row)] = {"began": row.version, "now": row.version}
    return held


def _version(row: SessionRow) -> str:
    return f"details-version-{row.id}"
