"""Audit log as the practice admin reads it: a page of events, and the check of the whole chain."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from lib.domain.people import Actor
from lib.services import audit_log
from lib.storage.audit_queries import LoggedEvent
from lib.ui import app_context, errors, plain_table
from lib.ui.plain_table import Cell, Kind, Row

_BEFORE = "audit_before"
_CODE = "audit_client_code"
_COLUMNS = ("No.", "When", "Who", "Role", "What", "Record", "Client", "Details")


def ask_what() -> tuple[str | None, int | None]:
    """Which client's events, and before which number."""
    code = st.text_input(
        "Only of the client with the code", key=_CODE, max_chars=100, on_change=_from_the_top, width=320
    )
    before = st.session_state.get(_BEFORE)
    return code.strip() or None, before if isinstance(before, int) else None


def show(events: Sequence[LoggedEvent]) -> None:
    """The events as a table, newest first, and the way to older ones."""
    if not events:
        st.text("No event fits.")
    else:
        rows = [_row(one) for one in events]
        plain_table.show(rows, _COLUMNS, "No.", "Audit events, newest first", "audit-events")
    with st.container(horizontal=True):
        if st.session_state.get(_BEFORE) is not None:
            st.button("Newest", on_click=_from_the_top)
        if len(events) == audit_log.AT_ONCE:
            st.button("Older", on_click=_older, args=(events[-1].sequence,))


def verification(actor: Actor) -> None:
    """The button that recomputes the chain, and what it proves and does not."""
    st.header("Is the log whole?")
    st.text(
        "Each event is chained to the one before with a key kept outside the database. The check finds events "
        "that were changed, removed or put in between. Events cut off at the end show only against an exported anchor: "
        "use the verify command at the terminal for that."
    )
    if not st.button("Check the whole log"):
        return
    with errors.shown_to_the_user(), app_context.writing() as session:
        found = audit_log.verify_log(session, actor, app_context.now())
    if found.problem:
        st.error("The log does not hold. Make no changes, and tell whoever looks after the installation.")
        st.text(found.problem)
    else:
        st.text(f"✓ {found.count} events, all chained. Head: {found.head}")


def _row(one: LoggedEvent) -> Row:
    facts = one.facts
    number = f" {facts.record_id}" if facts.record_id else ""
    return Row(
        {
            "No.": Cell(str(one.sequence)),
            "When": Cell(facts.at.astimezone().strftime("%Y-%m-%d\u00a0%H:%M:%S"), Kind.CODE),
            "Who": Cell(facts.actor_email or facts.role),
            "Role": Cell(facts.role.replace("_", " ").replace("+", ", ")),
            "What": Cell(facts.action.replace("_", " ")),
            "Record": Cell(facts.record_type.replace("_", " ") + number),
            "Client": Cell(facts.client_code or "", Kind.CODE),
            "Details": Cell(
                "; ".join(f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in facts.details.items())
            ),
        }
    )


def _plain(value: object) -> str:
    """A detail on one line, without the signs of a programming language where it has none of its own."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False).replace('"', "")


def _from_the_top() -> None:
    st.session_state[_BEFORE] = None


def _older(sequence: int) -> None:
    st.session_state[_BEFORE] = sequence
