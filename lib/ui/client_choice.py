"""Client choice: whose record a page is about. Nobody chosen, or nobody this person may know of, is said in words."""

from __future__ import annotations

import streamlit as st

from lib.domain.people import Actor, Permission
from lib.domain.policy import Action, RecordKind
from lib.services import access, notes
from lib.ui import app_context, empty_states, errors, note_desk, state
from lib.ui.client_header import Identity


def open_identity(actor: Actor, title: str) -> Identity:
    """The identity of the client being looked at, read anew and checked; stops the page when there is none.

    `title`: what the page is called while nobody is open."""
    client_id = state.open_client_id()
    if client_id is None:
        show_nobody(actor, title)
        st.stop()
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        facts = access.client_for(session, actor, Action.READ, RecordKind.CLIENT_IDENTITY, client_id, now)
    return Identity(facts.client_id, facts.code, facts.name, facts.born_on)


def show_nobody(actor: Actor, title: str = "Client record") -> None:
    """No client is open: whom to choose, here for one's own clients, or where else."""
    st.title(title)
    own = actor.has(Permission.VIEW_OWN_CASELOAD)
    if own:
        with errors.shown_to_the_user(), app_context.reading() as session:
            choices = notes.clients_to_write_for(session, actor, app_context.now())
        note_desk.choose_client(choices, None, "Whose record?")
    empty_states.show(
        "client",
        title,
        "No client is open.",
        "Choose one in your caseload." if own else "Choose one in the list of cases.",
        "Open my caseload" if own else "Open the review queue",
        ":material/group:",
        "pages/clinician/caseload.py" if own else "pages/supervisor/review_queue.py",
    )
