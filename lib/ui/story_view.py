"""Story tab: the course of therapy on one line of days, and the same as a list; every event opens where it stands."""

from __future__ import annotations

from collections import Counter
from datetime import date

import streamlit as st

from lib.domain.attachment import AttachmentRecord
from lib.domain.definitions import Definitions
from lib.services.client_record import ClientOverview
from lib.ui import navigation, plain_table, state, story_drawing, words
from lib.ui.palette import Palette
from lib.ui.plain_table import Cell, Kind, Row
from lib.ui.story_lines import KINDS, Happening, happenings

WIDE, NARROW = 1290, 760


def show(
    overview: ClientOverview,
    record: AttachmentRecord,
    definitions: Definitions,
    palette: Palette,
    today: date,
    narrow: bool = False,
) -> str:
    """Drawing and list of the kinds chosen. Returns the name of a tab to open, "" for none."""
    found = happenings(overview, record, definitions.model, today)
    st.header("The story so far", anchor=False)
    if not found:
        st.text("Nothing has happened on record yet. The first session begins the story.")
        return ""
    client_id = overview.client.id
    kinds = _choose(found, client_id)
    shown = [one for one in found if one.kind in kinds]
    label = (
        f"The course of therapy as a line of days, {words.count(len(shown), 'event')}; the list below says the same."
    )
    width = NARROW if narrow else WIDE
    clicked = story_drawing.show(shown, kinds, palette, today, width, label, f"story-{client_id}")
    chosen = _list(shown, today, client_id) or clicked
    return _go(next((one for one in found if one.key == chosen), None), client_id)


def _choose(found: list[Happening], client_id: int) -> list[str]:
    """Which kinds are shown; at first all that there are."""
    counted = Counter(one.kind for one in found)
    there = [kind for kind in KINDS if counted[kind]]
    chosen = st.pills(
        "Show",
        there,
        selection_mode="multi",
        default=there,
        format_func=lambda kind: f"{KINDS[kind]} {counted[kind]}",
        key=f"story-kinds-{client_id}-{'-'.join(there)}",
        label_visibility="collapsed",
    )
    return list(chosen) or there


def _list(shown: list[Happening], today: date, client_id: int) -> str | None:
    rows = [
        Row({"Day": Cell(_days(one, today)), "Kind": Cell(_kind(one), _tone(one)), "What": Cell(one.said)}, one.key)
        for one in reversed(shown)
    ]
    return plain_table.show(
        rows, ("Day", "Kind", "What"), "Day", "The story, newest first", f"told-{client_id}", "What", most=True
    )


def _days(one: Happening, today: date) -> str:
    until = f" – {words.day(one.ends_on, today)}" if one.ends_on else ""
    return f"{words.day(one.on, today)}{until}"


def _kind(one: Happening) -> str:
    name = {"attempt": "Experiment", "part": "Part of the work", "event": "Life event"}.get(one.kind)
    return name or KINDS[one.kind].removesuffix("s")


def _tone(one: Happening) -> Kind:
    return Kind.WATCH if one.mark in ("open", "worse", "missed") else Kind.MUTED


def _go(one: Happening | None, client_id: int) -> str:
    """To the note on its own page, or the name of the tab where the event is kept."""
    if one is None:
        return ""
    if one.way.startswith("note:"):
        state.open_client(client_id)
        state.read_note(client_id, int(one.way.removeprefix("note:")))
        navigation.open_page("pages/clinician/session_note.py")
    return one.way
