"""Practice templates: headings of the practice's own for notes, added here and offered to everybody who writes."""

from __future__ import annotations

import streamlit as st

from lib.domain.people import Actor
from lib.services import note_tools
from lib.ui import app_context, errors, fresh
from lib.ui.gate import the_actor
from lib.ui.note_acts import act, problem

_NAME, _HEADINGS = "template-name", "template-headings"


def show(actor: Actor) -> None:
    """Each template with its headings, and a form for one more."""
    with errors.shown_to_the_user(), app_context.reading() as session:
        held = note_tools.templates(session, actor)
    with st.container(width=900):
        st.header("Note templates")
        st.text("Offered beside SOAP, DAP, BIRP, GIRP and narrative. A withdrawn one stays in the notes it began.")
        for one in held:
            with st.container(horizontal=True, vertical_alignment="center", key=f"row-template-{one.id}"):
                with st.container(width=220, key=f"strong-template-{one.id}"):
                    st.text(one.name)
                with st.container(width="stretch"):
                    st.text(" · ".join(one.headings) + ("  (withdrawn)" if one.is_retired else ""))
                label = "Offer again" if one.is_retired else "Withdraw"
                st.button(label, key=f"template-{one.id}", on_click=_retire, args=(one.id, not one.is_retired))
        with st.form("new-template", border=False):
            name = st.text_input("Name of the template", max_chars=60, width=300, key=fresh.key(_NAME))
            headings = st.text_area("Headings, one a line", height=120, max_chars=800, key=fresh.key(_HEADINGS))
            if st.form_submit_button("Add the template"):
                _add(name, headings)
    problem("templates")


def _add(name: str, headings: str) -> None:
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        note_tools.add_template(session, actor, name, headings.splitlines(), app_context.now())
    fresh.begin_again(_NAME, _HEADINGS)
    st.rerun()


def _retire(template_id: int, is_retired: bool) -> None:
    act(
        "templates",
        lambda session, actor: note_tools.retire_template(
            session, actor, template_id, app_context.now(), is_retired=is_retired
        ),
    )
