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


@dataclass(frozen=True, slots=True)
class MeasureProgress:
    """One measure over the whole team: of `clients_with_score` clients `with_two_scores` can have a verdict.

    `verdicts` add up to these, whatever the number: the supervisor may open each of these clients, and comparisons are
    made elsewhere (services/progress). `undetermined` among them: two scores, but no published figures to judge by."""

    measure: str
    clients_with_score: int
    with_two_scores: int
    verdicts: dict[Verdict, int]

    @property
    def one_score_only(self) -> int:
        """Clients whose change needs a second score."""
        return self.clients_with_score - self.with_two_scores

    @property
    def determined(self) -> int:
        """Clients with a verdict other than undetermined: the denominator of every rate."""
        return self.with_two_scores - self.verdicts[Verdict.UNDETERMINED]


@dataclass(frozen=True, slots=True)
class SupervisedProgress:
    """The counts of the whole page. Who asks for somebody, and why, is the review queue's."""

    therapists: tuple[TherapistCount, ...]
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
        therapists=tuple(therapists),
        measures=_measures(verdicts),
        clients=sum(row.clients for row in therapists),
        open_clients=sum(row.open_clients for row in therapists),
        clients_with_score=sum(row.clients_with_score for row in therapists),
        open_risk_flags=sum(row.open_risk_flags for row in therapists),
        oldest_open_risk_on=min((r.oldest_open_risk_on for r in therapists if r.oldest_open_risk_on), default=None),
        checked_at=now,
    )


def _measures(counts: Iterable[VerdictCount]) -> tuple[MeasureProgress, ...]:
    by_measure: dict[str, list[VerdictCount]] = {}
    for count in counts:
        by_measure.setdefault(count.measure, []).append(count)
    return tuple(_measure(measure, by_measure[measure]) for measure in sorted(by_measure))


def _measure(measure: str, counts: list[VerdictCount]) -> MeasureProgress:
    two = [count for count in counts if count.has_two]
    with_two = sum(count.clients for count in two)
    found = {verdict: sum(c.clients for c in two if c.verdict == verdict) for verdict in Verdict}
    return MeasureProgress(
        measure=measure,
        clients_with_score=sum(count.clients for count in counts),
        with_two_scores=with_two,
        verdicts=found,
    )
