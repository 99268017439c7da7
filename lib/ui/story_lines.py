"""Story lines: everything that happened in a therapy as dated events of a few kinds, from the record alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lib.domain.attachment import AttachmentRecord
from lib.domain.clinical_model import ClinicalModel
from lib.domain.instruments import Direction
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.services.client_measures import MeasureCourse
from lib.services.client_record import ClientOverview
from lib.ui import course_views, words
from lib.ui.marker_view import PART_WORDS

# kinds in the order of their lanes, with what a filter calls them
KINDS: Mapping[str, str] = {
    "session": "Sessions",
    "rupture": "Ruptures",
    "repair": "Repairs",
    "moment": "Moments",
    "attempt": "Experiments",
    "part": "Parts of the work",
    "score": "Scores",
    "event": "Life events",
    "break": "Breaks",
    "ending": "Endings",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `key` names it in the page; `way` is "note:" and its id, or a tab's name; `mark`: its variant."""

    key: str
    kind: str
    on: date
    said: str
    way: str
    ends_on: date | None = None
    mark: str = ""


def happenings(
    overview: ClientOverview, record: AttachmentRecord, model: ClinicalModel, today: date
) -> list[Happening]:
    """All of them, oldest first."""
    found = [
        *_sessions(overview, model, today),
        *_together(record, model),
        *_around(record, model),
        *_parts(record, model),
        *(one for measure in overview.measures for one in _scores(measure)),
    ]
    return sorted(found, key=lambda one: (one.on, list(KINDS).index(one.kind), one.key))


def _sessions(overview: ClientOverview, model: ClinicalModel, today: date) -> Iterator[Happening]:
    noted = {note.session_id: note.id for note in overview.notes if note.compartment == "progress"}
    for one in overview.sessions:
        held = one.attendance == Attendance.ATTENDED
        said = f"Session {one.number}" if one.number is not None else "Session"
        if not held:
            said += f", {ATTENDANCE_WORDS[Attendance(one.attendance)]}"
        parts = ", ".join(model.parts[key].label for key in one.parts if key in model.parts)
        told = [said, parts, f"agreed: {one.agreed}" if one.agreed else ""]
        way = f"note:{noted[one.id]}" if one.id in noted else "Sessions and notes"
        mark = "" if held else "missed"
        yield Happening(f"session:{one.id}", "session", one.held_on, _joined(told), way, mark=mark)


def _together(record: AttachmentRecord, model: ClinicalModel) -> Iterator[Happening]:
    for rupture in record.ruptures:
        mark = "open" if record.repair_of(rupture.id) is None else ""
        said = f"{rupture.entry.what}{' (open)' if mark else ''}"
        yield Happening(f"rupture:{rupture.id}", "rupture", rupture.entry.happened_on, said, "Record", mark=mark)
    for repair in record.repairs:
        yield Happening(f"repair:{repair.id}", "repair", repair.entry.repaired_on, repair.entry.repair, "Record")
    for moment in record.moments:
        marker = model.markers[moment.entry.marker].label if moment.entry.marker in model.markers else ""
        said = _joined([moment.entry.line, moment.entry.with_whom, f"speaks for {marker}" if marker else ""])
        yield Happening(f"moment:{moment.id}", "moment", moment.entry.happened_on, said, "Record")
    steps = {held.id: held.entry for held in record.steps}
    for attempt in record.attempts:
        step = steps[attempt.entry.step_id]
        learned = f"learned: {attempt.entry.learned}" if attempt.entry.learned else ""
        said = _joined([f"Step {step.rank}, {step.step}", attempt.entry.happened, learned])
        yield Happening(f"attempt:{attempt.id}", "attempt", attempt.entry.tried_on, said, "Record")


def _around(record: AttachmentRecord, model: ClinicalModel) -> Iterator[Happening]:
    for held in record.breaks:
        entry = held.entry
        kind = model.breaks[entry.kind].label if entry.kind in model.breaks else entry.kind
        told = [f"{kind}: {entry.what}" if entry.what else kind]
        told.append(f"weathered: {entry.weathered}" if entry.weathered else "")
        mark = "day" if entry.kind == "anniversary" else ""
        yield Happening(f"break:{held.id}", "break", entry.starts_on, _joined(told), "Record", entry.ends_on, mark)
    for event in record.events:
        yield Happening(f"event:{event.id}", "event", event.entry.happened_on, event.entry.what, "Record")
    for talk in record.ending_talks:
        yield Happening(f"ending:{talk.id}", "ending", talk.entry.talked_on, talk.entry.what, "Record")


def _parts(record: AttachmentRecord, model: ClinicalModel) -> Iterator[Happening]:
    for held in record.parts:
        part = model.parts[held.entry.part].label if held.entry.part in model.parts else held.entry.part
        said = _joined([f"{part}: {PART_WORDS[held.entry.state]}", held.entry.done])
        yield Happening(f"part:{held.id}", "part", held.entry.since_on, said, "Record", mark=held.entry.state.value)
    for change in record.changes:
        known = model.steps.get(change.entry.step)
        label = known.label if known else change.entry.step
        said = _joined([f"Step of change, {label}: {PART_WORDS[change.entry.state]}", change.entry.done])
        mark = change.entry.state.value
        yield Happening(f"change:{change.id}", "part", change.entry.since_on, said, "Record", mark=mark)


def _scores(measure: MeasureCourse) -> Iterator[Happening]:
    """The first score that error alone does not explain, on either side of the first score of all."""
    if measure.error_band is None or not measure.points:
        return
    low, high = measure.error_band
    first = measure.points[0]
    decimals = min(1, measure.decimals)
    before: set[bool] = set()
    for point in measure.points[1:]:
        if low <= point.value <= high:
            continue
        is_better = (point.value < low) == (measure.better == Direction.LOWER_BETTER)
        if is_better in before:
            continue
        before.add(is_better)
        sign = "better" if is_better else "▲ worse"
        said = (
            f"{course_views.measure_name(measure)} {words.figure(point.value, decimals)}: {sign} than the first score, "
            f"{words.figure(first.value, decimals)}, by more than error allows"
        )
        key = f"score:{point.form_id}-{measure.measure}"
        yield Happening(key, "score", point.taken_on, said, "Progress", mark="" if is_better else "worse")


def _joined(told: list[str]) -> str:
    return " · ".join(one for one in told if one)
