"""Import writing: a decided plan becomes rows, many at a time, with every flag and standing that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.form_changes import FormToWrite, Outcome
from lib.domain.imports import NoteIn
from lib.domain.marker_sources import telling
from lib.domain.notes import Compartment, NoteStatus, SignedContent, canonical_content, text_hash
from lib.domain.people import Actor
from lib.domain.process import Attendance
from lib.services import standing
from lib.services.form_writing import write_forms
from lib.services.import_plans import ImportPlan
from lib.storage import (
    client_queries,
    client_records,
    import_queries,
    import_records,
    rating_records,
)
from lib.storage.client_queries import Identity

_DETAILS = ("session_number", "modality", "minutes", "attendance")


def write_plan(
    session: Session,
    actor: Actor,
    plan: ImportPlan,
    therapist_id: int | None,
    batch_id: int,
    file_name: str,
    now: datetime,
    definitions: Definitions,
) -> None:
    """Clients, forms, ratings and notes of the plan, and the standings of all whom they touch."""
    ids = {code: client.id for code, client in plan.known.items()}
    created = client_records.add_clients(session, [{"code": code} for code in plan.to_create], now)
    ids.update(zip(plan.to_create, created, strict=True))
    if therapist_id is not None:
        client_records.assign_owner(session, created, therapist_id, now.date())
    forms = [
        FormToWrite(ids[form.incoming.client_code], form.incoming, form.change)
        for form in plan.forms
        if form.change.outcome is not Outcome.UNCHANGED
    ]
    write_forms(session, actor.account_id, forms, now, definitions, batch_id)
    answering = telling((form.incoming for form in forms), definitions.model.estimation)
    moved = {ids[form.client_code] for form in answering} | _write_ratings(session, actor, plan, ids, batch_id, now)
    touched = {form.client_id for form in forms} | moved | set(created)
    touched |= _write_notes(session, plan, ids, batch_id, file_name, now)
    standing.recompute_many(session, sorted(touched), now, definitions, moved)


def _write_ratings(
    session: Session, actor: Actor, plan: ImportPlan, ids: Mapping[str, int], batch_id: int, now: datetime
) -> set[int]:
    """Imported ratings carry no rater: who gave them is not in the file."""
    wanted = [rating for rating in plan.ratings if rating.outcome is not Outcome.UNCHANGED]
    rating_records.supersede(session, [rating.held_id for rating in wanted if rating.held_id is not None], now)
    rating_records.add_ratings(
        session,
        [
            {
                **rating_records.rating_row(ids[rating.incoming.client_code], rating.checked, None, now),
                "import_batch_id": batch_id,
            }
            for rating in wanted
        ],
    )
    return {ids[rating.incoming.client_code] for rating in wanted}


def _write_notes(
    session: Session, plan: ImportPlan, ids: Mapping[str, int], batch_id: int, file_name: str, now: datetime
) -> set[int]:
    """Final from the start: nobody is their originator, so nobody can edit them; their owner may add to them."""
    wanted = [note.incoming for note in plan.notes if note.outcome is Outcome.NEW]
    sessions = _sessions_for(session, wanted, ids, batch_id)
    identities = client_queries.identities(session, sorted({ids[note.client_code] for note in wanted}))
    notes, versions = [], []
    for note, session_id in zip(wanted, sessions, strict=True):
        client_id = ids[note.client_code]
        source = note.file or file_name
        notes.append(_note_row(note, client_id, session_id, batch_id, source, now))
        versions.append(_version_row(note, identities[client_id], source, now))
    import_records.add_final_notes(session, notes, versions)
    return {ids[note.client_code] for note in wanted}


def _version_row(note: NoteIn, client: Identity, source: str, now: datetime) -> dict[str, Any]:
    content = canonical_content(
        SignedContent(
            client_code=client.code,
            client_name=client.name,
            client_born_on=client.born_on,
            dated_on=note.dated_on,
            format=note.format,
            compartment=Compartment.PROGRESS.value,
            number=1,
            text=note.text,
        )
    )
    return {
        "number": 1,
        "content": content,
        "sha256": text_hash(content),
        "signed_by_id": None,
        "signed_at": now,
        "meaning": f"Imported from {source}",
    }


def _note_row(
    note: NoteIn, client_id: int, session_id: int | None, batch_id: int, source: str, now: datetime
) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "session_id": session_id,
        "originator_id": None,
        "compartment": Compartment.PROGRESS.value,
        "status": NoteStatus.IMPORTED.value,
        "format": note.format,
        "dated_on": note.dated_on,
        "text": note.text,
        "saved_at": now,
        "import_batch_id": batch_id,
        "import_file": source[:300],
        "import_labels": list(note.labels),
    }


def _sessions_for(session: Session, notes: list[NoteIn], ids: Mapping[str, int], batch_id: int) -> list[int | None]:
    """The session of each note: the one held that day (of that number, where both have one), else a new one.

    A note that tells nothing of a session makes none; it joins the only one of its day."""
    days = {note.dated_on for note in notes}
    there: dict[tuple[int, date], list[tuple[int | None, int]]] = {}
    for client_id, held_on, session_id, number in import_queries.sessions_on(
        session, sorted({ids[note.client_code] for note in notes}), days
    ):
        there.setdefault((client_id, held_on), []).append((number, session_id))
    to_make: dict[tuple[int, date, int | None], dict[str, Any]] = {}
    wanted: list[int | tuple[int, date, int | None] | None] = []
    for note in notes:
        day = (ids[note.client_code], note.dated_on)
        found = _matching(there.get(day, []), note)
        if found is None and any(getattr(note, name) not in (None, "") for name in _DETAILS):
            key = (*day, note.session_number)
            to_make.setdefault(key, _session_row(note, day[0], batch_id))
            wanted.append(key)
        else:
            wanted.append(found)
    made = dict(zip(to_make, import_records.add_sessions(session, list(to_make.values())), strict=True))
    return [made[each] if isinstance(each, tuple) else each for each in wanted]


def _matching(there: list[tuple[int | None, int]], note: NoteIn) -> int | None:
    fitting = [
        session_id
        for number, session_id in there
        if number is None or note.session_number is None or number == note.session_number
    ]
    return fitting[0] if len(fitting) == 1 else None


def _session_row(note: NoteIn, client_id: int, batch_id: int) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "number": note.session_number,
        "held_on": note.dated_on,
        "modality": note.modality,
        "minutes": note.minutes,
        "attendance": note.attendance or Attendance.ATTENDED.value,
        "import_batch_id": batch_id,
    }
