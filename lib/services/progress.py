"""Progress across clients: change on one measure or marker in a group, every figure with what it is a part of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.change import Verdict
from lib.domain.change_basis import basis_of
from lib.domain.course import known_scale, measure_of
from lib.domain.definitions import Definitions
from lib.domain.effect_size import NO_SUMS, EffectSize, Sums, effect_size
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.funnel import FEWEST_TO_COMPARE, Place, place_of
from lib.domain.instruments import Direction
from lib.domain.people import Actor, Permission
from lib.domain.policy import Action, RecordKind
from lib.domain.small_groups import Asked, Cell, Untold, untold
from lib.services import access
from lib.storage import access_queries, progress_groups, progress_queries
from lib.storage.progress_groups import Filters
from lib.storage.progress_queries import GroupCount, MarkerPair, VerdictSums

BETTER = (Verdict.RECOVERED, Verdict.IMPROVED)
WORSE = (Verdict.DETERIORATED, Verdict.WORSENED_ACROSS_CUTOFF)


@dataclass(frozen=True, slots=True)
class Pair:
    """One client's first and latest score."""

    client_id: int
    code: str
    first: float
    latest: float
    latest_on: date
    points: int
    verdict: str


@dataclass(frozen=True, slots=True)
class GroupChange:
    """How one group changed on a measure. `untold`: why no verdicts, mean and effect are told of it; None: they are.

    `over_cutoff` of `with_two` began on the clinical side; `first_mean` None for nobody."""

    with_score: int
    with_two: int
    verdicts: dict[Verdict, int] | None
    over_cutoff: int | None
    first_mean: float | None
    effect: EffectSize | None
    untold: Untold | None = None

    @property
    def determined(self) -> int:
        """Clients with a verdict other than undetermined: what a rate is a part of. 0 where none is told."""
        return 0 if self.verdicts is None else self.with_two - self.verdicts[Verdict.UNDETERMINED]

    @property
    def better(self) -> int:
        """Recovered and improved."""
        return 0 if self.verdicts is None else sum(self.verdicts[one] for one in BETTER)

    @property
    def worse(self) -> int:
        """Worse, over the cut-off or not."""
        return 0 if self.verdicts is None else sum(self.verdicts[one] for one in WORSE)


@dataclass(frozen=True, slots=True)
class TherapistChange:
    """One therapist's group beside the others, with its place in the funnel. In the order of names, never a rank."""

    therapist_id: int
    therapist: str
    change: GroupChange
    place: Place


@dataclass(frozen=True, slots=True)
class Progress:
    """One measure in the group that was asked for. `rate`: the share better of all, None where nothing is judged.

    `pairs`: nobody's where the group is not told; dots would tell it."""

    measure: str | None
    measures: dict[str, int]
    group: GroupCount
    change: GroupChange
    therapists: tuple[TherapistChange, ...]
    pairs: tuple[Pair, ...]

    @property
    def rate(self) -> float | None:
        """The share of better among those with a verdict."""
        return self.change.better / self.change.determined if self.change.determined else None


@dataclass(frozen=True, slots=True)
class MarkerPairs:
    """One growth marker: how many clients were rated at all, and the pairs, nobody's where `untold` says why."""

    rated: int
    untold: Untold | None
    pairs: tuple[MarkerPair, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What progress can be narrowed by: named teams, and years in which therapies began."""

    teams: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PracticeMeasure:
    """One measure over the whole practice. `verdicts` None under five clients with two scores."""

    measure: str
    with_score: int
    with_two: int
    verdicts: dict[Verdict, int] | None


@dataclass(frozen=True, slots=True)
class PracticeFigures:
    """The practice's figures, without any name."""

    clients: int
    open_clients: int
    open_risk_flags: int
    planned_endings: int
    measures: tuple[PracticeMeasure, ...]


def progress(
    session: Session, actor: Actor, measure: str | None, filters: Filters, now: datetime, definitions: Definitions
) -> Progress:
    """Change on a measure (None: the one most have two scores on) across supervised clients, or one's own.

    Raises NotAllowed without the role, NotYours for a therapist not supervised today, InvalidInput for unknown keys."""
    _check(session, actor, filters, now, definitions)
    group = progress_queries.group_count(session, actor, filters, now)
    measures = progress_queries.measures_scored(session, actor, filters, now)
    if measure is None or measure not in measures:
        measure = max(measures, key=lambda key: (measures[key], key), default=None)
    known = known_scale(definitions.instruments, measure_of(measure)) if measure is not None else None
    if measure is None or known is None:
        return Progress(None, measures, group, _change((), False, None, None), (), ())
    scale = known[1]
    higher, cutoff = scale.direction is Direction.HIGHER_BETTER, basis_of(scale).cutoff
    rows = progress_queries.verdict_sums(session, actor, measure, cutoff, higher, filters, now)
    twice = progress_groups.scored_twice(measure)
    cells = [] if filters.own else progress_groups.cells(session, actor, filters, twice, now)
    change = _change(rows, higher, _untold(cells, filters), cutoff)
    pairs = progress_queries.scored_pairs(session, actor, measure, filters, now) if change.untold is None else []
    return Progress(
        measure=measure,
        measures=measures,
        group=group,
        change=change,
        therapists=() if filters.own else _by_therapist(rows, cells, filters, (higher, cutoff), change),
        pairs=tuple(Pair(*row) for row in pairs),
    )


def marker_pairs(
    session: Session, actor: Actor, marker: str, filters: Filters, now: datetime, definitions: Definitions
) -> MarkerPairs:
    """First and latest level of a growth marker, client by client. Raises as `progress` does."""
    _check(session, actor, filters, now, definitions)
    if marker not in definitions.model.markers:
        raise InvalidInput("There is no such marker.", field="marker")
    found = progress_queries.marker_pairs(session, actor, marker, filters, now)
    cells = (
        [] if filters.own else progress_groups.cells(session, actor, filters, progress_groups.rated_twice(marker), now)
    )
    why = _untold(cells, filters)
    return MarkerPairs(len(found), why, tuple(found) if why is None else ())


def choices(session: Session, actor: Actor, now: datetime) -> Choices:
    """What there is to narrow by among one's supervisees. Raises NotAllowed without the role."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    teams, years = progress_groups.teams(session, actor, now), progress_groups.years_begun(session, actor, now)
    return Choices(tuple(teams), tuple(years))


def practice_figures(session: Session, actor: Actor) -> PracticeFigures:
    """Counts over the whole practice without names. For the practice admin; raises NotAllowed."""
    access.check_practice(session, actor, Action.READ, RecordKind.PRACTICE_FIGURES)
    clients, open_clients, risks, planned = progress_queries.practice_counts(session)
    rows = progress_queries.practice_verdicts(session)
    found = []
    for measure in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == measure]
        two = [row for row in own if row[1]]
        with_two = sum(row[3] for row in two)
        verdicts = {verdict: sum(row[3] for row in two if row[2] == verdict) for verdict in Verdict}
        told = verdicts if with_two >= FEWEST_TO_COMPARE else None
        found.append(PracticeMeasure(measure, sum(row[3] for row in own), with_two, told))
    return PracticeFigures(clients, open_clients, risks, planned, tuple(found))


def _check(session: Session, actor: Actor, filters: Filters, now: datetime, definitions: Definitions) -> None:
    access.require(session, actor, Permission.VIEW_OWN_FIGURES if filters.own else Permission.VIEW_SUPERVISED_PROGRESS)
    if filters.own and filters.therapist_id not in (None, actor.account_id):
        raise NotYours("therapist", filters.therapist_id)
    if (
        not filters.own
        and filters.therapist_id is not None
        and not access_queries.supervises(session, actor, filters.therapist_id, now.date())
    ):
        raise NotYours("therapist", filters.therapist_id)
    if filters.approach is not None and filters.approach not in definitions.model.approaches:
        raise InvalidInput("There is no such approach.", field="approach")
    if filters.sign is not None and filters.sign not in definitions.model.signs:
        raise InvalidInput("There is no such sign.", field="sign")
    if filters.team is not None and filters.team not in progress_groups.teams(session, actor, now):
        raise InvalidInput("There is no such team.", field="team")


def _untold(cells: Sequence[Cell], filters: Filters, therapist_id: int | None = None) -> Untold | None:
    """Why this group, or one therapist's part of it, is not told. What is one's own is always told."""
    if filters.own:
        return None
    asked = Asked(
        filters.therapist_id if therapist_id is None else therapist_id,
        filters.team,
        None if filters.approach is None else True,
        None if filters.sign is None else True,
        filters.begun_in,
    )
    return untold(cells, asked)


def _by_therapist(
    rows: Sequence[VerdictSums],
    cells: Sequence[Cell],
    filters: Filters,
    scale: tuple[bool, float | None],
    all_of_them: GroupChange,
) -> tuple[TherapistChange, ...]:
    names = {row.therapist_id: row.therapist for row in rows}
    higher, cutoff = scale
    found = []
    for therapist_id, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0])):
        own = [row for row in rows if row.therapist_id == therapist_id]
        change = _change(own, higher, _untold(cells, filters, therapist_id), cutoff)
        found.append(TherapistChange(therapist_id, name, change, _place(change, all_of_them)))
    return tuple(found)


_NOT_DRAWN = {Untold.TOO_FEW: Place.TOO_FEW, Untold.HELD_BACK: Place.HELD_BACK}


def _place(change: GroupChange, all_of_them: GroupChange) -> Place:
    if change.untold is not None:
        return _NOT_DRAWN[change.untold]
    if not all_of_them.determined:  # the group around it is not told, or nothing in it can be judged
        return Place.HELD_BACK if all_of_them.untold is not None else Place.NOT_JUDGED
    return place_of(change.better, change.determined, all_of_them.better / all_of_them.determined)


def _change(rows: Sequence[VerdictSums], higher: bool, why: Untold | None, cutoff: float | None) -> GroupChange:
    two = [row for row in rows if row.has_two]
    with_two = sum(row.clients for row in two)
    sums: Sums = NO_SUMS
    for row in two:
        sums = sums.plus(row.sums)
    told = why is None
    counts = {verdict: sum(row.clients for row in two if row.verdict == verdict) for verdict in Verdict}
    return GroupChange(
        with_score=sum(row.clients for row in rows),
        with_two=with_two,
        verdicts=counts if told else None,
        over_cutoff=sum(row.over_cutoff for row in two) if told and cutoff is not None else None,
        first_mean=sums.first / with_two if told and with_two else None,
        effect=effect_size(sums, higher) if told else None,
        untold=why,
    )
