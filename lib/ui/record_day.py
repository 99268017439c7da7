"""Record of a day: what was entered about one day, whatever its kind, so that a line is seen where it was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.clinical_model import ClinicalModel
from lib.domain.entries import KINDS, day_of
from lib.ui import words
from lib.ui.marker_view import PART_WORDS
from lib.ui.record_desk import Row, Section
from lib.ui.record_rows import BOTH, row_of

_NAMES = {
    "rupture": "Rupture",
    "moment": "Moment",
    "belief": "Belief",
    "conviction": "Conviction",
    "person": "Important person",
    "safety": "Felt safety",
    "practice": "Practice agreed",
    "review": "Practice done",
    "step": "Ladder step",
    "attempt": "Ladder attempt",
    "break": "Break",
    "event": "Life event",
    "part": "Part of the work",
    "change": "Step of change",
    "ending_talk": "Ending talked about",
}


def section_of(record: AttachmentRecord, model: ClinicalModel, on: date, today: date) -> list[Section]:
    """One list of the day's entries; none where there are none."""
    rows = [*_rows(record, model, on), *_repairs(record, on)]
    if not rows:
        return []
    title = f"In the record for {words.day(on, today)}"
    return [Section("day", title, tuple(rows), "", seen=8)]


def _rows(record: AttachmentRecord, model: ClinicalModel, on: date) -> list[Row]:
    kinds = {made: key for key, made in KINDS.items()}
    found = []
    for name in record.__dataclass_fields__:
        for held in getattr(record, name):
            kind = kinds.get(type(getattr(held, "entry", None)))
            if kind in _NAMES and day_of(held.entry) == on:
                found.append(row_of(kind, held, _said(held, record, model), _NAMES[kind]))
    return found


def _repairs(record: AttachmentRecord, on: date) -> list[Row]:
    return [
        Row("repair", held.id, held.entry.repair, "Repair", can=BOTH[1:])
        for held in record.repairs
        if held.entry.repaired_on == on
    ]


def _said(held: Held[Any], record: AttachmentRecord, model: ClinicalModel) -> str:
    """What an entry says, in a line; a number with what it is a number of."""
    entry = held.entry
    parents: Mapping[type, Callable[[], str]] = {
        e.Conviction: lambda: f"{_of(record.beliefs, entry.belief_id).belief}: {entry.conviction} %",
        e.PersonSafety: lambda: f"{_of(record.people, entry.person_id).name}: {entry.felt_safety} of 10",
        e.HomePracticeReview: lambda: f"{_of(record.practices, entry.home_practice_id).agreement}: {entry.done}",
        e.LadderAttempt: lambda: _joined(
            _of(record.steps, entry.step_id).step, entry.prediction, entry.happened, entry.learned
        ),
        e.PartOfWork: lambda: f"{model.parts[entry.part].label}: {PART_WORDS[entry.state]}",
        e.ChangeStep: lambda: _joined(f"{model.steps[entry.step].label}: {PART_WORDS[entry.state]}", entry.done),
        e.TherapyBreak: lambda: f"{model.breaks[entry.kind].label}{': ' + entry.what if entry.what else ''}",
    }
    if type(entry) in parents:
        return parents[type(entry)]()
    names = ("what", "line", "belief", "name", "agreement", "step")
    return next(str(getattr(entry, name)) for name in names if hasattr(entry, name))


def _of(listed: tuple[Held[Any], ...], entry_id: int) -> Any:
    return next(held.entry for held in listed if held.id == entry_id)


def _joined(*told: str) -> str:
    return " · ".join(one for one in told if one)
