"""Record of the process: the ten parts with their state and dates, approaches counted from sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lib.domain.attachment import AttachmentRecord
from lib.domain.clinical_model import ClinicalModel
from lib.domain.parts import PartNow, WorkedOn, counted_approaches, counted_techniques, parts_now
from lib.domain.process import Attendance
from lib.services.client_record import ClientOverview
from lib.ui import words
from lib.ui.marker_view import PART_SIGNS, PART_WORDS
from lib.ui.record_desk import Act, Row, Section


def worked_on(overview: ClientOverview) -> list[WorkedOn]:
    """What the sessions that took place say about the work."""
    return [
        WorkedOn(one.held_on, one.parts, one.approaches, one.techniques)
        for one in overview.sessions
        if one.attendance == Attendance.ATTENDED
    ]


def parts(record: AttachmentRecord, sessions: Sequence[WorkedOn], model: ClinicalModel, today: date) -> Section:
    """The ten parts. A state nobody marked follows from the sessions, and says so."""
    now = parts_now(model.parts, [held.entry for held in record.parts], sessions)
    newest = {held.entry.part: held for held in record.parts}
    rows = []
    for number, (key, part) in enumerate(model.parts.items()):
        state, held = now[key], newest.get(key)
        values = {"part": key, "state": state.state.value}
        rows.append(
            Row(
                "part",
                held.id if held else -1 - number,
                f"{PART_SIGNS[state.state]}  {part.label}",
                _told(state, today),
                held.version if held else 0,
                can=("strike",) if held else (),
                acts=(Act("part", "Mark", values),),
            )
        )
    note = "worked on in sessions, or marked by hand; not a staircase"
    return Section("parts", "Ten parts of the therapy", tuple(rows), "", "", note, seen=10)


def _told(state: PartNow, today: date) -> str:
    said = PART_WORDS[state.state]
    if state.since_on is not None:
        said += f" since {words.day(state.since_on, today)}"
    told = [f"{said}, by sessions" if state.by_sessions else said]
    if state.sessions:
        told.append(f"{words.count(state.sessions, 'session')}, last {words.day(state.last_on, today)}")
    if state.done:
        told.append(state.done)
    return " · ".join(told)


def approaches(sessions: Sequence[WorkedOn], model: ClinicalModel, today: date) -> Section:
    """Approaches and techniques by the number of sessions that used them. Counted, never entered here."""
    counted = counted_approaches(sessions)
    told = {model.approaches[key].label if key in model.approaches else key: one for key, one in counted.items()}
    told |= counted_techniques(sessions)
    rows = tuple(
        Row("approach", number, name, f"{words.count(count, 'session')}, last {words.day(last_on, today)}")
        for number, (name, (count, last_on)) in enumerate(told.items())
    )
    empty = "No session says which approach it used. The session page asks."
    return Section("approaches", "Approaches and techniques", rows, empty, note="counted from sessions", seen=8)
