"""Record desk: one line keeps a moment, a rupture, a conviction or an attempt; lists show what stands, with their acts.

The browser's half is components/record_desk.js. The client's id stands in the key and in every message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.attachment import AttachmentRecord
from lib.services import entries
from lib.ui import app_context, record_forms
from lib.ui.record_messages import Answer, carry_out, message_of

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_record_desk",
    css=(_FILES / "record_desk.css").read_text(encoding="utf-8"),
    js=(_FILES / "record_desk.js").read_text(encoding="utf-8"),
)
_ANSWERED = "record_desk_answers"  # desk's key -> its last answer, for the desk to read; never read to write
_NEW = "record_desk_answer_is_new"  # the key of the desk whose answer came in this very run
SEEN = 5


@dataclass(frozen=True, slots=True)
class Act:
    """A button of a row that opens the form of another kind, with these values filled in."""

    kind: str
    label: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A course in a small drawing: points between 0 and 1. `kind`: held (grey) or answer (accent)."""

    kind: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A small drawing of a row; `label` says what it shows."""

    label: str
    lines: tuple[Line, ...]
    width: int = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. `can`: change, strike. `values` are what a change begins from. `tone`: watch for what waits."""

    kind: str
    id: int
    main: str
    quiet: str = ""
    version: int = 0
    tone: str = ""
    can: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    under: tuple[Row, ...] = ()
    drawing: Course | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One list. `adds` is the kind its "Add" opens; "" for one that is only counted. `side`: left or right."""

    key: str
    title: str
    rows: tuple[Row, ...]
    empty: str
    adds: str = ""
    note: str = ""
    seen: int = SEEN
    side: str = "left"


def show(
    client_id: int,
    whose: str,
    record: AttachmentRecord,
    sections: Sequence[Section],
    may_write: bool,
    about_on: date,
    name: str,
) -> None:
    """The desk: the one line for who may write, and the lists. `name` tells two desks of a client apart."""
    key = f"record-desk-{name}-{client_id}"
    model, today = app_context.definitions().model, app_context.today()
    data = {
        "client_id": client_id,
        "whose": whose,
        "may_write": may_write,
        "why": entries.MISTAKE,
        "quick": list(record_forms.QUICK),
        "forms": [form.as_data() for form in record_forms.forms(record, model, about_on, today)] if may_write else [],
        "sections": [asdict(section) for section in sections],
        "answer": _answers().get(key),
        "is_answer_new": st.session_state.pop(_NEW, None) == key,
    }
    _mount(key=key, data=data, on_act_change=lambda: _receive(key, client_id))


def _receive(key: str, client_id: int) -> None:
    """Carry out what came before the page is drawn: it is seen at once. An answered ticket is not done again."""
    held = st.session_state.get(key) or {}
    message = message_of(held.get("act"))
    if message is None:
        return
    before = _answers().get(key)
    if before is None or before["ticket"] != message.ticket:
        answer = carry_out(message, client_id) | {"kind": message.kind, "from": message.place}
        st.session_state[_ANSWERED] = {**_answers(), key: answer}
        st.session_state[_NEW] = key


def _answers() -> dict[str, Answer]:
    held: dict[str, Answer] = st.session_state.get(_ANSWERED, {})
    return held
