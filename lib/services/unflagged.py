"""Unflagged sentences: a month's sample of what no phrase found in one's notes, judged, to estimate what is missed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, NotAllowed, NotYours
from lib.domain.evidence import read_note
from lib.domain.evidence_review import Decision, EvidenceState
from lib.domain.evidence_review import Place as EvidencePlace
from lib.domain.evidence_yield import INTERVAL_FROM, wilson
from lib.domain.note_words import words_of
from lib.domain.people import Actor, Permission
from lib.domain.phrase_book import PhraseBook, Polarity
from lib.domain.policy import Action, RecordKind
from lib.services import access, evidence_review
from lib.storage import episode_records, own_note_queries, unflagged_records
from lib.storage.own_note_queries import OwnNote
from lib.storage.tables import UnflaggedSentence
from lib.storage.unflagged_records import Place

SIZE, FEWEST_WORDS, MOST_NOTES, FEWEST_PEOPLE = 20, 4, 1_000, 3
NOTHING, EVIDENCE = "nothing", "evidence"


@dataclass(frozen=True, slots=True)
class SampledSentence:
    """One sentence of the sample, read from its note as it is now, and what was judged of it ("" for nothing yet)."""

    id: int
    client_code: str
    dated_on: date
    sentence: str
    verdict: str
    code: str
    polarity: str


@dataclass(frozen=True, slots=True)
class MonthSample:
    """The sample of one month's notes. `out_of_sight`: sentences of clients no longer one's own, or ended."""

    month: date
    sentences: tuple[SampledSentence, ...]
    out_of_sight: int


@dataclass(frozen=True, slots=True)
class Missed:
    """Missed of judged. `interval` is the 95 % Wilson interval, None below ten judged."""

    missed: int
    judged: int
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Estimates:
    """What phrases miss. `practice` is None while fewer than three people judged: it would tell of one of them."""

    own: Missed
    practice: Missed | None
    people: int


def month_before(today: date) -> tuple[date, date]:
    """First and last day of the month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def month_sample(session: Session, actor: Actor, now: datetime) -> MonthSample | None:
    """The actor's own sample of last month's notes; None when none was drawn. Needs a writing session: it reads notes.

    Raises NotAllowed for whoever writes no record."""
    account_id = _account(session, actor)
    month, _last = month_before(now.date())
    drawn = unflagged_records.sample(session, account_id, month)
    if not drawn:
        return None
    among = {one.place.note_id for one in drawn}
    held = own_note_queries.own_notes(session, actor, now, MOST_NOTES, among=among)
    notes = {note.note_id: note for note in _of_open_clients(session, held)}
    found = []
    for one in drawn:
        note = notes.get(one.place.note_id)
        if note is not None and note.client_id == one.place.client_id:
            words = note.text[one.place.starts : one.place.ends]
            found.append(SampledSentence(one.id, note.code, note.dated_on, words, one.verdict, one.code, one.polarity))
    access.record_event(session, actor, "unflagged_read", "note", now, details={"note_ids": sorted(notes)})
    return MonthSample(month, tuple(found), len(drawn) - len(found))


def draw(session: Session, actor: Actor, now: datetime, book: PhraseBook) -> int:
    """Draw about twenty sentences without any suggestion or risk language from last month's final progress notes of
    one's own caseload. Month and account are the seed, so nobody chooses. Returns how many.

    Raises NotAllowed, Blocked when there is a sample already or nothing to draw from."""
    account_id = _account(session, actor)
    month, last = month_before(now.date())
    if unflagged_records.sample(session, account_id, month):
        raise Blocked("The sample of this month is drawn already.", [("It is drawn once.", "Judge what it holds.")])
    among = _unflagged(session, actor, now, (month, last), book)
    if not among:
        raise Blocked("There is no sentence to draw.", [("No note of last month has one.", "Come back next month.")])
    rng = random.Random(f"{month:%Y-%m} {account_id}")  # noqa: S311 - a seed anybody can try again, no secret
    places = rng.sample(among, min(SIZE, len(among)))
    unflagged_records.add_sample(session, account_id, month, places)
    details = {"month": f"{month:%Y-%m}", "population": len(among), "size": len(places)}
    access.record_event(session, actor, "unflagged_drawn", "note", now, details=details)
    return len(places)


def judge(
    session: Session,
    actor: Actor,
    sentence_id: int,
    shows: tuple[str, Polarity] | None,
    now: datetime,
    definitions: Definitions,
    book: PhraseBook,
) -> None:
    """Keep what the reader says of a sentence: it shows this code, for or against; or None, nothing here.

    What it shows is confirmed evidence from then on, as if marked in the note. Judging anew takes the first back.
    Raises NotYours for a sentence of somebody else's sample or of a client no longer one's own, InvalidInput."""
    row = unflagged_records.sentence_to_judge(session, sentence_id)
    if row is None or row.account_id != _account(session, actor):
        raise NotYours("unflagged sentence", sentence_id, Action.WRITE.value)
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, row.client_id, now)
    held = (row.code, Polarity(row.polarity)) if row.verdict == EVIDENCE else None
    if held is not None and held != shows:
        undecided = Decision(EvidenceState.SUGGESTED)
        evidence_review.decide(
            session, actor, row.client_id, row.note_id, _place(row, *held), undecided, now, definitions, book
        )
    if shows is not None and held != shows:
        evidence_review.mark_missed(
            session, actor, row.client_id, row.note_id, _place(row, *shows), "", now, definitions, book
        )
    row.verdict, row.judged_at = (EVIDENCE if shows is not None else NOTHING), now
    row.code, row.polarity = (shows[0], shows[1].value) if shows is not None else ("", "")
    session.flush()
    details = {"note": row.note_id, "verdict": row.verdict, "code": row.code, "polarity": row.polarity}
    access.record_event(
        session, actor, "unflagged_judged", "note", now, record_id=row.id, client_code=client.code, details=details
    )


def estimates(session: Session, actor: Actor) -> Estimates:
    """How many unflagged sentences were evidence after all, of those judged: one's own, and the whole practice's.

    Nobody's own figure is told to anybody else. Raises NotAllowed for whoever works with no phrases."""
    access.check_practice(session, actor, Action.READ, RecordKind.DEFINITIONS)
    counts = unflagged_records.judged_counts(session)
    people = len({account for account, _verdict, _count in counts})
    own = _missed([(verdict, count) for account, verdict, count in counts if account == actor.account_id])
    everybody = [(verdict, count) for _account, verdict, count in counts]
    return Estimates(own, _missed(everybody) if people >= FEWEST_PEOPLE else None, people)


def _unflagged(
    session: Session, actor: Actor, now: datetime, between: tuple[date, date], book: PhraseBook
) -> list[Place]:
    """Every sentence in which nothing was found, in a fixed order."""
    notes = _of_open_clients(session, own_note_queries.own_notes(session, actor, now, MOST_NOTES, between))
    return [
        Place(note.client_id, note.note_id, one.start, one.end)
        for note in sorted(notes, key=lambda each: each.note_id)
        for one in read_note(note.text, book)
        if not one.suggestions and not one.risk_language and len(words_of(one.sentence).words) >= FEWEST_WORDS
    ]


def _of_open_clients(session: Session, notes: Sequence[OwnNote]) -> list[OwnNote]:
    """Without notes of courses that ended: their record is read-only, so nothing more could be marked in it."""
    closed = {
        client_id: episode_records.is_closed(session, client_id) for client_id in {one.client_id for one in notes}
    }
    return [one for one in notes if not closed[one.client_id]]


def _place(row: UnflaggedSentence, code: str, polarity: Polarity) -> EvidencePlace:
    return EvidencePlace(row.starts, row.ends, code, polarity)


def _missed(counts: Sequence[tuple[str, int]]) -> Missed:
    judged = sum(count for _verdict, count in counts)
    missed = sum(count for verdict, count in counts if verdict == EVIDENCE)
    return Missed(missed, judged, wilson(missed, judged) if judged >= INTERVAL_FROM else None)


def _account(session: Session, actor: Actor) -> int:
    access.require(session, actor, Permission.WRITE_CLINICAL_RECORD)
    if actor.account_id is None:
        raise NotAllowed(Action.WRITE.value, "unflagged sentence")
    return actor.account_id
