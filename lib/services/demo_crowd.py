"""The crowd: many invented clients without notes, made in bulk, to measure how the product bears them."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.form_changes import FormChange, FormToWrite, change_of_form
from lib.domain.imports import AdministrationIn
from lib.domain.markers import CheckedRating, RatingDraft
from lib.domain.people import OPERATOR, Role
from lib.domain.process import Attendance, EpisodeStatus
from lib.services import access, standing
from lib.services.form_writing import write_forms
from lib.services.hashing import password_hash
from lib.storage import client_records, crowd_records, rating_records
from lib.storage.engine import Database

THERAPIST, SUPERVISOR = "crowd-therapist-{}@demo.invalid", "crowd-supervisor-{}@demo.invalid"
CLIENTS_EACH, THERAPISTS_EACH = 50, 5
FORMS, FORMS_APART = 12, timedelta(days=21)
RATED_AT_FORMS = (0, 2, 4, 6, 8, 11)
PIECE = 1_000  # clients at a time: one such piece fits memory many times over
INSTRUMENT = "phq9"
_RISK_ITEM = "phq9_9"
_EPISODE = "An invented episode."


@dataclass(frozen=True, slots=True)
class _Course:
    """One invented client's course: the days of the forms and the total of each; what item 9 says on the last."""

    days: tuple[date, ...]
    totals: tuple[int, ...]
    last_risk_answer: int | None


def add_crowd(
    database: Database,
    count: int,
    now: datetime,
    rng: random.Random,
    definitions: Definitions,
    password: str | None = None,
) -> None:
    """Add `count` invented clients with their therapists and supervisors, in one transaction and one audit event.

    Codes DEMO-000001 and on; fifty clients a therapist, five therapists a supervisor, each found by the e-mails
    above with a number from 1 on. Each client has 12 PHQ-9 forms, 12 sessions and six ratings of every marker.
    `password` opens all their accounts; without it nobody can sign in to them."""
    with database.writing() as session:
        therapists = _people(session, -(-count // CLIENTS_EACH), now, password)
        scored: dict[tuple[int, int | None], FormChange] = {}
        for first in range(0, count, PIECE):
            places = range(first, min(first + PIECE, count))
            owners = [therapists[place // CLIENTS_EACH] for place in places]
            _clients(session, places, owners, now, rng, definitions, scored)
        details = {"clients": count, "therapists": len(therapists)}
        access.record_event(session, OPERATOR, "crowd_added", "practice", now, details=details)


def _people(session: Session, count: int, now: datetime, password: str | None) -> list[int]:
    """Therapists and who supervises them. Returns the therapists' ids."""
    supervisors = -(-count // THERAPISTS_EACH)
    # One hash for all of them: hashing a thousand passwords would take longer than all the rest.
    hashed = password_hash(password or secrets.token_urlsafe(32))
    groups = ((Role.THERAPIST, THERAPIST, count), (Role.SUPERVISOR, SUPERVISOR, supervisors))
    therapist_ids, supervisor_ids = (
        crowd_records.add_accounts(
            session,
            [
                {
                    "email": address.format(number),
                    "name": f"Invented {role.value} {number}",
                    "roles": [role.value],
                    "password_hash": hashed,
                    "created_at": now,
                }
                for number in range(1, many + 1)
            ],
        )
        for role, address, many in groups
    )
    since = _since(now)
    crowd_records.add_supervisions(
        session,
        [
            {"supervisor_id": supervisor_ids[place // THERAPISTS_EACH], "therapist_id": therapist, "starts_on": since}
            for place, therapist in enumerate(therapist_ids)
        ],
    )
    return therapist_ids


def _clients(
    session: Session,
    places: Sequence[int],
    owners: Sequence[int],
    now: datetime,
    rng: random.Random,
    definitions: Definitions,
    scored: dict[tuple[int, int | None], FormChange],
) -> None:
    """One piece of the crowd, whole: clients, courses, and the standings that follow from them."""
    since = _since(now)
    rows = [
        {"code": f"DEMO-{place + 1:06d}", "name": f"Invented {place + 1}", "born_on": date(1990, 1, 1)}
        for place in places
    ]
    ids = client_records.add_clients(session, rows, now)
    owned = zip(ids, owners, strict=True)
    crowd_records.add_owners(
        session, [{"client_id": cid, "therapist_id": owner, "starts_on": since} for cid, owner in owned]
    )
    courses = [_course(now.date(), rng) for _ in ids]
    began = zip(ids, courses, strict=True)
    status = EpisodeStatus.OPEN.value
    crowd_records.add_episodes(
        session, [{"client_id": cid, "number": 1, "status": status, "starts_on": c.days[0]} for cid, c in began]
    )
    told = list(zip(ids, courses, strict=True))
    forms = [form for cid, course in told for form in _forms(cid, course, definitions, rng, scored)]
    write_forms(session, OPERATOR.account_id, forms, now, definitions)
    crowd_records.add_sessions(session, [row for cid, course in told for row in _sessions(cid, course)])
    ratings = [row for cid, course in told for row in _ratings(cid, course, definitions, now, rng)]
    crowd_records.add_ratings(session, ratings)
    standing.rebuild(session, now, definitions, ids)


def _since(now: datetime) -> date:
    return now.date() - timedelta(days=400)


def _course(today: date, rng: random.Random) -> _Course:
    last_on = today - timedelta(days=rng.randrange(14))
    days = tuple(last_on - FORMS_APART * back for back in reversed(range(FORMS)))
    total, drift = rng.randrange(8, 21), rng.choice((-1.4, -1.1, -0.9, -0.7, -0.5, 0.0))
    totals = tuple(min(24, max(0, round(total + drift * step + rng.gauss(0, 1.5)))) for step in range(FORMS))
    return _Course(days, totals, rng.choices((0, 1, None), (94, 4, 2))[0])


def _forms(
    client_id: int,
    course: _Course,
    definitions: Definitions,
    rng: random.Random,
    scored: dict[tuple[int, int | None], FormChange],
) -> Iterator[FormToWrite]:
    """The forms of one course. Equal answers are scored once for the whole crowd."""
    for place, (day, total) in enumerate(zip(course.days, course.totals, strict=True)):
        risk = course.last_risk_answer if place == FORMS - 1 else 0
        key = (total, risk)
        incoming = AdministrationIn("", day, INSTRUMENT, _answers(total, risk, definitions, rng), {})
        if key not in scored:
            scored[key] = change_of_form(definitions.instruments[INSTRUMENT], incoming, None)
        yield FormToWrite(client_id, incoming, scored[key])


def _answers(total: int, risk: int | None, definitions: Definitions, rng: random.Random) -> dict[str, int | None]:
    """Answers that add up to the total, at most 24 of it beside the risk item."""
    items = [item.id for item in definitions.instruments[INSTRUMENT].items if item.id != _RISK_ITEM]
    each, more = divmod(total, len(items))
    raised = set(rng.sample(items, more))
    return {**{item: each + (item in raised) for item in items}, _RISK_ITEM: risk}


def _sessions(client_id: int, course: _Course) -> Iterator[dict[str, Any]]:
    for number, day in enumerate(course.days, start=1):
        yield {
            "client_id": client_id,
            "number": number,
            "held_on": day,
            "minutes": 50,
            "attendance": Attendance.ATTENDED.value,
            "next_on": day + FORMS_APART,
        }


def _ratings(
    client_id: int, course: _Course, definitions: Definitions, now: datetime, rng: random.Random
) -> Iterator[dict[str, Any]]:
    """Levels that begin low and grow by nothing or one from one rating to the next."""
    for marker in definitions.model.markers.values():
        level = rng.randrange(2)
        for place in RATED_AT_FORMS:
            level = min(3, level + rng.choice((0, 0, 1)))
            day = course.days[place]
            half = level if marker.two_halves else None
            draft = RatingDraft(marker.key, level, day, giving=half, receiving=half, episode_on=day, evidence=_EPISODE)
            yield rating_records.rating_row(client_id, CheckedRating(draft, level), None, now)
