"""Client tabs: the parts of the client page by name. Only the open one is drawn; a new one is one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.domain.attachment import AttachmentRecord
from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.services.client_record import ClientOverview
from lib.ui import (
    app_context,
    brief_view,
    episode_baselines,
    evidence_way,
    formulation_view,
    palette,
    progress_view,
    record_lists,
    record_view,
    story_view,
)
from lib.ui.client_header import Identity
from lib.ui.palette import Palette


@dataclass(frozen=True, slots=True)
class OpenClient:
    """What every tab is drawn from. Nothing that writes reads it: writes take the id bound in their own key."""

    actor: Actor
    overview: ClientOverview
    record: AttachmentRecord
    identity: Identity
    definitions: Definitions
    palette: Palette
    now: datetime
    narrow: bool


def show(
    actor: Actor, overview: ClientOverview, record: AttachmentRecord, identity: Identity, now: datetime, narrow: bool
) -> None:
    """The row of tabs and the open one."""
    client_id = overview.client.id
    drawn = OpenClient(actor, overview, record, identity, app_context.definitions(), palette.current(), now, narrow)
    asked = st.session_state.pop(_GO_TO.format(client_id), None)
    if asked is not None:
        open_tab(client_id, asked)
    tabs = st.tabs(list(TABS), key=tabs_key(client_id), on_change="rerun")
    for tab, (name, draw) in zip(tabs, TABS.items(), strict=True):
        if tab.open or (name == FIRST and not any(one.open for one in tabs)):
            with tab:
                draw(drawn)


def open_tab(client_id: int, name: str) -> None:
    """Open a tab of this client's page at its next drawing. Navigation only."""
    if name in TABS:
        st.session_state[tabs_key(client_id)] = name


def tabs_key(client_id: int) -> str:
    """The key of a client's row of tabs; its value is the open tab's name."""
    return f"tabs-{client_id}"


def _overview(client: OpenClient) -> None:
    def went(way: str) -> None:
        open_tab(client.overview.client.id, way.removeprefix("tab:"))

    brief_view.show(
        client.overview, client.record, client.definitions, client.palette, client.now.date(), client.narrow, went
    )


def _progress(client: OpenClient) -> None:
    episode_baselines.show(client.overview, client.now.date())
    progress_view.show(
        client.actor, client.overview, client.record, client.definitions, client.palette, client.now.date()
    )


def _story(client: OpenClient) -> None:
    today, client_id = client.now.date(), client.overview.client.id
    tab = story_view.show(client.overview, client.record, client.definitions, client.palette, today, client.narrow)
    if tab:
        st.session_state[_GO_TO.format(client_id)] = tab
        st.rerun()


def _record(client: OpenClient) -> None:
    record_view.show(client.overview, client.record, client.definitions.model, client.identity.whose, client.now.date())


def _formulation(client: OpenClient) -> None:
    formulation_view.show(
        client.actor, client.overview, client.record, client.definitions, client.identity.whose, client.now
    )


def _sessions(client: OpenClient) -> None:
    record_lists.show_sessions(client.actor, client.overview, client.definitions, client.now.date())
    record_lists.show_notes(client.actor, client.overview, client.now.date())
    evidence_way.show(client.overview.client.id, client.overview.notes, client.now.date())


FIRST = "Overview"
_GO_TO = "tab-asked-for-{}"
TABS: Mapping[str, Callable[[OpenClient], None]] = {
    FIRST: _overview,
    "Progress": _progress,
    "Story": _story,
    "Record": _record,
    "Formulation": _formulation,
    "Sessions and notes": _sessions,
}
