"""Outcomes: how the clients of one's supervisees are doing, every count beside its denominator. Read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.change import Verdict
from lib.domain.people import Actor, Permission
from lib.services import access
from lib.storage import outcome_queries
from lib.storage.outcome_queries import TherapistCount, VerdictCount

FEWEST_TO_COMPARE = 5  # smaller groups tell about single clients, and chance alone moves them
FEWEST_FOR_A_TEAM = 0  # a supervisor may open each of these clients; only comparisons of therapists are held back


@dataclass(frozen=True, slots=True)
class MeasureProgress:
    """One measure: of `clients_with_score` clients `with_two_scores` can have a verdict; `verdicts` add up to these.

    `verdicts` None: fewer than five clients with two scores in a group meant for comparison, so none is given.
    `undetermined` among them: two scores, but no published figures to judge them by."""

    measure: str
    clients_with_score: int
    with_two_scores: int
    verdicts: dict[Verdict, int] | None

    @property
    def one_score_only(self) -> int:
        """Clients whose change needs a second score."""
        return self.clients_with_score - self.with_two_scores

    @property
    def determined(self) -> int | None:
        """Clients with a verdict other than undetermined: the denominator of every rate."""
        return None if self.verdicts is None else self.with_two_scores - self.verdicts[Verdict.UNDETERMINED]


@dataclass(frozen=True, slots=True)
class TherapistProgress:
    """One supervisee's clients today and their measures."""

    therapist_id: int
    therapist: str
    clients: int
    open_clients: int
    clients_with_score: int
    open_risk_flags: int
    oldest_open_risk_on: date | None
    measures: tuple[MeasureProgress, ...]


@dataclass(frozen=True, slots=True)
class SupervisedProgress:
    """The counts of the whole page. Who asks for somebody, and why, is the review queue's."""

    therapists: tuple[TherapistProgress, ...]
    measures: tuple[MeasureProgress, ...]
    clients: int
    open_clients: int
    clients_with_score: int
    open_risk_flags: int
    oldest_open_risk_on: date | None
    checked_at: datetime


def supervised_progress(session: Session, actor: Actor, now: datetime) -> SupervisedProgress:
    """Progress across the clients owned today by therapists whom this actor supervises today.

    Raises NotAllowed for who supervises nobody by role."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    therapists = outcome_queries.therapist_counts(session, actor, now)
    verdicts = outcome_queries.verdict_counts(session, actor, now)
    return SupervisedProgress(
        therapists=tuple(_therapist(row, verdicts) for row in therapists),
        measures=_measures(verdicts, FEWEST_FOR_A_TEAM),
        clients=sum(row.clients for row in therapists),
        open_clients=sum(row.open_clients for row in therapists),
        clients_with_score=sum(row.clients_with_score for row in therapists),
        open_risk_flags=sum(row.open_risk_flags for row in therapists),
        oldest_open_risk_on=min((r.oldest_open_risk_on for r in therapists if r.oldest_open_risk_on), default=None),
        checked_at=now,
    )


def _therapist(row: TherapistCount, verdicts: Iterable[VerdictCount]) -> TherapistProgress:
    own = [count for count in verdicts if count.therapist_id == row.therapist_id]
    return TherapistProgress(
        therapist_id=row.therapist_id,
        therapist=row.therapist,
        clients=row.clients,
        open_clients=row.open_clients,
        clients_with_score=row.clients_with_score,
        open_risk_flags=row.open_risk_flags,
        oldest_open_risk_on=row.oldest_open_risk_on,
        measures=_measures(own, FEWEST_TO_COMPARE),
    )


def _measures(counts: Iterable[VerdictCount], fewest: int) -> tuple[MeasureProgress, ...]:
    by_measure: dict[str, list[VerdictCount]] = {}
    for count in counts:
        by_measure.setdefault(count.measure, []).append(count)
    return tuple(_measure(measure, by_measure[measure], fewest) for measure in sorted(by_measure))


def _measure(measure: str, counts: list[VerdictCount], fewest: int) -> MeasureProgress:
    two = [count for count in counts if count.has_two]
    with_two = sum(count.clients for count in two)
    found = {verdict: sum(c.clients for c in two if c.verdict == verdict) for verdict in Verdict}
    return MeasureProgress(
        measure=measure,
        clients_with_score=sum(count.clients for count in counts),
        with_two_scores=with_two,
        verdicts=found if with_two >= fewest else None,
    )
