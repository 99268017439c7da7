"""Client screen: who this is, what is open, what to know before going in, the course, and the record by tabs."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.domain.attachment import AttachmentRecord
from lib.domain.flags import FlagState
from lib.domain.people import Actor
from lib.services import clients, flags
from lib.services.client_record import ClientOverview
from lib.ui import (
    app_context,
    button_row,
    client_forms,
    client_header,
    client_tabs,
    course_views,
    errors,
    flag_forms,
    navigation,
    screen_width,
    state,
    support_view,
    words,
)
from lib.ui.button_row import Way
from lib.ui.client_header import Identity
from lib.ui.flag_forms import OpenFlag

_WRITING_WAYS = (
    Way("note", "Write note", "edit_note"),
    Way("scores", "Enter scores", "assignment"),
    Way("markers", "Rate markers", "checklist_rtl"),
    Way("turn", "Turn it round", "screen_rotation"),
)
_WAYS = (Way("closure", "Closure", "flag"), Way("ending", "Ending", "door_open"))
_PAGES = {
    "note": "clinician/session_note",
    "scores": "clinician/measures",
    "markers": "clinician/measures",
    "turn": "client/turn_round",
    "closure": "clinician/closure",
    "ending": "clinician/ending",
}
_MEASURED = {"scores": "Questionnaire", "markers": "Marker rating"}


def show(actor: Actor, overview: ClientOverview, record: AttachmentRecord, now: datetime) -> None:
    """The whole screen. Whoever may not write sees no button that does; the services refuse besides."""
    narrow = screen_width.is_narrow()
    identity = identity_of(overview)
    with st.container(key="pagetitle"):
        st.title("Client record", anchor=False)
    client_header.show(identity, now.date())
    _show_actions(actor, overview, identity, now)
    with st.container():  # one place, open flags or none: what stands below is not drawn anew when they come and go
        _show_flags(actor, overview, identity, now)
    client_tabs.show(actor, overview, record, identity, now, narrow)


def identity_of(overview: ClientOverview) -> Identity:
    """The strip's facts from the record."""
    held = course_views.held_on(overview)
    client = overview.client
    return Identity(
        client_id=client.id,
        code=client.code,
        name=client.name,
        born_on=client.born_on,
        sessions=len(held),
        since=min(held, default=None),
        therapist=client.owner,
        last_seen_on=overview.standing.last_seen_on,
    )


def _show_actions(actor: Actor, overview: ClientOverview, identity: Identity, now: datetime) -> None:
    client_id = overview.client.id
    if not overview.standing.is_open:
        st.text(
            "This course of therapy has ended: the record is read-only. Check-ins and a new episode are under Ending."
        )
    ways = (*_WRITING_WAYS, *_WAYS) if overview.client.may_write else _WAYS
    with st.container(horizontal=True, gap="small", key=f"actions-{client_id}"):
        first = _WRITING_WAYS[0].id if overview.client.may_write else ""
        pressed = button_row.show(ways, "What to do with this record", f"do-{client_id}", first)
        if overview.client.may_edit:
            _offer_details(actor, overview, identity, now)
    if pressed in _MEASURED:
        st.session_state[f"measures-what-{client_id}"] = _MEASURED[pressed]
    if pressed:
        state.open_client(client_id)
        navigation.open_page(f"pages/{_PAGES[pressed]}.py")


def _offer_details(actor: Actor, overview: ClientOverview, identity: Identity, now: datetime) -> None:
    """A button, and the form only when it is open: its date fields are heavy."""
    key = f"details-{overview.client.id}-{overview.client.version}"
    menu = st.popover("Details", icon=":material/badge:", key=key, on_change="rerun")
    if menu.open:
        with menu:
            _change_details(actor, overview, identity, now)


def _change_details(actor: Actor, overview: ClientOverview, identity: Identity, now: datetime) -> None:
    measures = {one.measure: course_views.measure_name(one) for one in overview.measures}
    edit = client_forms.ask_changes(overview.client, measures, identity.whose, now.date())
    if edit is None:
        return
    with errors.shown_to_the_user(), app_context.writing() as session:
        clients.edit_client(session, actor, overview.client.id, edit, now, app_context.definitions())
    st.rerun()


def _show_flags(actor: Actor, overview: ClientOverview, identity: Identity, now: datetime) -> None:
    client_id, today = overview.client.id, now.date()
    due_again = {reason.flag_id for reason in overview.standing.reasons_on(today)}
    held = [flag for flag in overview.flags if flag.state == FlagState.OPEN or flag.id in due_again]
    if held:
        st.header("Open flags", anchor=False)
        listed = [OpenFlag(f.id, client_id, f.kind, f.is_risk, f.reason, f.raised_on) for f in held]

        def draw_support(flag: OpenFlag) -> None:
            support_view.show(actor, flag, now)

        sent = flag_forms.show(listed, identity.whose, overview.client.may_respond, today, draw_support)
        if sent is not None:
            definitions = app_context.definitions()
            with errors.shown_to_the_user(), app_context.writing() as session:
                flags.respond_to_flag(
                    session, actor, sent.flag_id, sent.client_id, sent.what_was_done, now, definitions, sent.rest_weeks
                )
            st.rerun()
    answered = [(flag, response) for flag in overview.flags for response in flag.responses]
    if answered:
        with st.expander(f"What was done about flags, {words.count(len(answered), 'entry', 'entries')}"):
            for flag, response in answered:
                with st.container(key=f"row-answer-{client_id}-{flag.id}-{response.responded_at.timestamp()}"):
                    st.text(flag.reason)
                    said_on = words.day(response.responded_at.date(), today)
                    st.text(f"{said_on}, {response.responded_by}: {response.what_was_done}")
