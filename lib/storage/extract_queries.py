"""The rows a document may be drafted from: one client, one stretch of days, never a draft, never a process note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lib.domain.notes import signed_text
from lib.storage import sight
from lib.storage.tables import (
    Administration,
    AgreedLevel,
    Assignment,
    Base,
    Belief,
    BeliefConviction,
    CheckIn,
    Client,
    Episode,
    Evidence,
    Flag,
    FlagResponse,
    Formulation,
    HomePractice,
    HomePracticeReview,
    LadderAttempt,
    LadderStep,
    Note,
    NoteVersion,
    Rating,
)

FINAL_NOTES = ("signed", "cosigned", "imported")
Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of one episode, both ends included; None where it is open."""

    begins_on: date | None
    ends_on: date | None

    def holds(self, column: Any) -> Any:
        """The condition that a date column lies in these days."""
        conditions = []
        if self.begins_on is not None:
            conditions.append(column >= self.begins_on)
        if self.ends_on is not None:
            conditions.append(column <= self.ends_on)
        return and_(True, *conditions)


def days_of(episode: Episode | None) -> Stretch:
    """The days of an episode. A first episode has no lower end: what was brought along belongs to it."""
    if episode is None:
        return Stretch(None, None)
    return Stretch(episode.starts_on if episode.number > 1 else None, episode.ends_on)


def latest_episode(session: Session, client_id: int) -> Episode | None:
    """The client's current or last course of therapy."""
    return session.scalar(
        select(Episode).where(Episode.client_id == client_id).order_by(Episode.number.desc()).limit(1)
    )


def dated_rows(session: Session, table: type[Row], client_id: int, dated: Any, stretch: Stretch) -> Sequence[Row]:
    """All rows of one table about this client in these days, in the order of their date."""
    return session.scalars(
        select(table)
        .where(table.client_id == client_id, stretch.holds(dated))  # type: ignore[attr-defined]
        .order_by(dated, table.id)  # type: ignore[attr-defined]
    ).all()


def final_notes(session: Session, client_id: int, stretch: Stretch) -> Sequence[tuple[int, date, str]]:
    """Id, date and frozen words of progress notes that are signed or imported and not retracted."""
    newest = (
        select(NoteVersion.content)
        .where(NoteVersion.note_id == Note.id)
        .order_by(NoteVersion.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Note.id, Note.dated_on, newest)
        .where(
            Note.client_id == client_id,
            Note.compartment == "progress",
            Note.status.in_(FINAL_NOTES),
            stretch.holds(Note.dated_on),
        )
        .order_by(Note.dated_on, Note.id)
    )
    return [(row[0], row[1], signed_text(row[2])) for row in rows if row[2] is not None]


def unsigned_note_dates(session: Session, client_id: int) -> Sequence[date]:
    """Dates of progress notes that somebody still has to sign."""
    return session.scalars(
        select(Note.dated_on)
        .where(Note.client_id == client_id, Note.compartment == "progress", Note.status.in_(("draft", "returned")))
        .order_by(Note.dated_on)
    ).all()


def current_administrations(session: Session, client_id: int, stretch: Stretch) -> Sequence[Administration]:
    """Forms that no correction has replaced, in the order of their date."""
    return session.scalars(
        select(Administration)
        .where(
            Administration.client_id == client_id,
            Administration.superseded_at.is_(None),
            stretch.holds(Administration.taken_on),
        )
        .order_by(Administration.taken_on, Administration.id)
    ).all()


def forms_after(session: Session, client_id: int, ends_on: date | None) -> Sequence[Administration]:
    """Forms that came after the episode's end, in the order of their date; none while it is open."""
    if ends_on is None:
        return ()
    return current_administrations(session, client_id, Stretch(ends_on + timedelta(days=1), None))


def other_clients(session: Session, client_id: int, today: date) -> Sequence[tuple[str, str]]:
    """Name and code of the other clients of this client's therapist; of all where nobody is assigned."""
    owners = select(Assignment.therapist_id).where(Assignment.client_id == client_id, sight.assigned_today(today))
    theirs = select(Assignment.client_id).where(Assignment.therapist_id.in_(owners), sight.assigned_today(today))
    others = select(Client.name, Client.code).where(Client.id != client_id)
    if session.scalar(owners.limit(1)) is not None:
        others = others.where(Client.id.in_(theirs))
    return [(row.name, row.code) for row in session.execute(others.order_by(Client.id))]


def current_marker_ratings(session: Session, client_id: int, stretch: Stretch) -> Sequence[Rating]:
    """The clinician's ratings of the growth markers that no correction has replaced."""
    return session.scalars(
        select(Rating)
        .where(
            Rating.client_id == client_id,
            Rating.subject == "marker",
            Rating.source == "clinician",
            Rating.superseded_at.is_(None),
            stretch.holds(Rating.rated_on),
        )
        .order_by(Rating.rated_on, Rating.id)
    ).all()


def confirmed_evidence(session: Session, client_id: int, stretch: Stretch) -> Sequence[Evidence]:
    """Sentences of final progress notes that a person confirmed."""
    return session.scalars(
        select(Evidence)
        .join(Note, Note.id == Evidence.note_id)
        .where(
            Evidence.client_id == client_id,
            Evidence.state == "confirmed",
            Note.client_id == client_id,
            Note.compartment == "progress",
            Note.status.in_(FINAL_NOTES),
            stretch.holds(Evidence.dated_on),
        )
        .order_by(Evidence.dated_on, Evidence.id)
    ).all()


def risk_flags(session: Session, client_id: int, stretch: Stretch) -> Sequence[tuple[Flag, FlagResponse | None]]:
    """Risk flags of these days with the last thing somebody did about each."""
    last = (
        select(FlagResponse.id)
        .where(FlagResponse.flag_id == Flag.id)
        .order_by(FlagResponse.responded_at.desc(), FlagResponse.id.desc())
        .limit(1)
        .correlate(Flag)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Flag, FlagResponse)
        .outerjoin(FlagResponse, FlagResponse.id == last)
        .where(Flag.client_id == client_id, Flag.is_risk, stretch.holds(Flag.raised_on))
        .order_by(Flag.raised_on, Flag.id)
    )
    return [(row[0], row[1]) for row in rows]


def open_risk_reasons(session: Session, client_id: int) -> Sequence[str]:
    """The reasons of every risk flag that nobody has answered, whenever it was raised."""
    return session.scalars(
        select(Flag.reason)
        .where(Flag.client_id == client_id, Flag.is_risk, Flag.state == "open")
        .order_by(Flag.raised_on, Flag.id)
    ).all()


def newest_formulation(session: Session, client_id: int) -> Formulation | None:
    """The formulation as it stands now."""
    return session.scalar(
        select(Formulation).where(Formulation.client_id == client_id).order_by(Formulation.number.desc()).limit(1)
    )


def convictions(session: Session, client_id: int) -> Sequence[BeliefConviction]:
    """Every conviction rating of the client's beliefs, in the order of their date."""
    return session.scalars(
        select(BeliefConviction)
        .join(Belief, Belief.id == BeliefConviction.belief_id)
        .where(Belief.client_id == client_id)
        .order_by(BeliefConviction.rated_on, BeliefConviction.id)
    ).all()


def practice_reviews(session: Session, client_id: int) -> Sequence[HomePracticeReview]:
    """Every review of the client's agreed practices, in the order of their date."""
    return session.scalars(
        select(HomePracticeReview)
        .join(HomePractice, HomePractice.id == HomePracticeReview.home_practice_id)
        .where(HomePractice.client_id == client_id)
        .order_by(HomePracticeReview.reviewed_on, HomePracticeReview.id)
    ).all()


def ladder_attempts(session: Session, client_id: int, stretch: Stretch) -> Sequence[tuple[LadderAttempt, str]]:
    """Attempts at the client's ladder with the step they were at."""
    rows = session.execute(
        select(LadderAttempt, LadderStep.step)
        .join(LadderStep, LadderStep.id == LadderAttempt.step_id)
        .where(LadderStep.client_id == client_id, stretch.holds(LadderAttempt.tried_on))
        .order_by(LadderAttempt.tried_on, LadderAttempt.id)
    )
    return [(row[0], row[1]) for row in rows]


def agreed_level(session: Session, client_id: int) -> AgreedLevel | None:
    """The level that was agreed last; the ones before it are history."""
    return session.scalar(
        select(AgreedLevel).where(AgreedLevel.client_id == client_id).order_by(AgreedLevel.id.desc()).limit(1)
    )


def agreed_check_in(session: Session, client_id: int) -> CheckIn | None:
    """The next check-in that carries a level at which the client gets in touch."""
    found = session.scalars(select(CheckIn).where(CheckIn.client_id == client_id).order_by(CheckIn.due_on)).all()
    return next((each for each in found if each.get_in_touch_level), None)
