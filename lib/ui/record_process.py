"""Record of the process: the ten parts and the steps of change with state and dates, approaches from sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lib.domain.attachment import AttachmentRecord, by_parent
from lib.domain.clinical_model import ClinicalModel
from lib.domain.entries import ChangeStep
from lib.domain.parts import PartNow, WorkedOn, counted_approaches, counted_techniques, parts_now
from lib.domain.process import Attendance
from lib.services.client_record import ClientOverview
from lib.ui import words
from lib.ui.marker_view import PART_SIGNS, PART_WORDS
from lib.ui.record_desk import Act, Row, Section
from lib.ui.record_rows import row_of


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


def changes(record: AttachmentRecord, model: ClinicalModel, today: date) -> Section:
    """The steps of change that were marked, as they stand now, in the order of the model; earlier states beneath."""
    marks = by_parent(record.changes, lambda held: held.entry.step)
    rows = []
    for key, step in model.steps.items():
        *before, held = marks.get(key, (None,))
        if held is None:
            continue
        values = {"step": key, "state": held.entry.state.value}
        rows.append(
            row_of(
                "change",
                held,
                f"{PART_SIGNS[held.entry.state]}  {step.label}",
                _change_told(held.entry, today),
                acts=(Act("change", "Mark", values),),
                under=tuple(row_of("change", one, _change_told(one.entry, today)) for one in reversed(before)),
            )
        )
    empty = "No step is marked yet. Add the one the client is on; there may be several."
    return Section(
        "changes", "Steps of change", tuple(rows), empty, "change", "no staircase; several at a time", seen=8
    )


def _change_told(entry: ChangeStep, today: date) -> str:
    said = f"{PART_WORDS[entry.state]} since {words.day(entry.since_on, today)}"
    return f"{said} · {entry.done}" if entry.done else said


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
