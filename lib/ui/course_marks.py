"""Course marks: what stands beside levels and scores on the axis of days: evidence, moments, life events, check-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lib.domain.attachment import AttachmentRecord
from lib.domain.check_ins import CheckInState
from lib.domain.clinical_model import ClinicalModel
from lib.services.check_ins import CheckInView
from lib.services.client_record import ClientOverview
from lib.services.evidence_review import ConfirmedEvidence
from lib.ui import words


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing of one day; `opens` is what a click opens, or "".

    `sign`: for and against a marker, moment, sign of the pattern, event, or check_in."""

    on: date
    sign: str
    told: str
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """Things of one kind on a line of their own."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class CourseMarks:
    """Evidence and moments by the marker they speak to, and the lanes under the markers, empty ones left out."""

    by_marker: Mapping[str, tuple[Mark, ...]]
    lanes: tuple[Lane, ...]

    def days(self, *signs: str) -> list[date]:
        """The days of all marks with one of these signs."""
        held = [*self.by_marker.values(), *(lane.marks for lane in self.lanes)]
        return [mark.on for marks in held for mark in marks if mark.sign in signs]


def marks_of(
    overview: ClientOverview,
    record: AttachmentRecord,
    evidence: Sequence[ConfirmedEvidence],
    check_ins: Sequence[CheckInView],
    model: ClinicalModel,
    today: date,
) -> CourseMarks:
    """All marks of a client. Evidence is told by its day and what it speaks to: its words stand in the note."""
    speaking = {
        key: (*_evidence(evidence, key, marker.label, today), *_moments(record, key, today))
        for key, marker in model.markers.items()
    }
    lanes = (
        Lane("signs in notes", _evidence(evidence, None, "a sign of the pattern", today)),
        Lane("life events", tuple(_event(row.happened_on, row.what, today) for row in overview.events)),
        Lane("check-ins", tuple(_check_in(one.held_on, today) for one in check_ins if _is_held(one) and one.held_on)),
    )
    return CourseMarks(
        {key: marks for key, marks in speaking.items() if marks}, tuple(lane for lane in lanes if lane.marks)
    )


def _is_held(one: CheckInView) -> bool:
    return one.state is CheckInState.HELD


def _evidence(evidence: Sequence[ConfirmedEvidence], marker: str | None, about: str, today: date) -> tuple[Mark, ...]:
    found = []
    for one in evidence:
        if one.marker == marker:
            on, polarity = one.row.dated_on, one.polarity.value
            told = f"{words.day(on, today)}: confirmed evidence {polarity} {about}. Click for the note."
            found.append(Mark(on, "sign" if marker is None else polarity, told, f"note-{one.row.note_id}"))
    return tuple(found)


def _moments(record: AttachmentRecord, marker: str, today: date) -> tuple[Mark, ...]:
    return tuple(
        Mark(held.entry.happened_on, "moment", f"{words.day(held.entry.happened_on, today)}: {held.entry.line}")
        for held in record.moments
        if held.entry.marker == marker
    )


def _event(on: date, what: str, today: date) -> Mark:
    return Mark(on, "event", f"{words.day(on, today)}: {what}")


def _check_in(on: date, today: date) -> Mark:
    return Mark(on, "check_in", f"{words.day(on, today)}: check-in after the end")
