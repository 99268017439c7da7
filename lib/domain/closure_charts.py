"""What a document draws: the main measures and the markers over dates, with words for who cannot see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lib.domain.closure_markers import ratings_by_marker
from lib.domain.draft_words import day, figure, in_context
from lib.domain.measure_facts import ScaleFact
from lib.domain.record_extract import RatingFact, RecordExtract

# A gap longer than this is left open: no line is drawn over months without a score.
GAP_DAYS = 120


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One small chart of a section: values over dates from `low` to `high`; `alt` says the same in words.

    A value of None is a rating without enough evidence: it is marked and never drawn as a number. `after`: scores of
    check-ins after `ended_on`; `level`: the score agreed as "get in touch"."""

    section: str
    title: str
    alt: str
    points: tuple[tuple[date, float | None], ...]
    low: float
    high: float
    decimals: int = 0
    better: str = "higher"
    cutoff: float | None = None
    gap_days: int = GAP_DAYS
    ended_on: date | None = None
    after: tuple[tuple[date, float], ...] = ()
    level: float | None = None


def charts_of(record: RecordExtract) -> tuple[ChartSeries, ...]:
    """Charts of every scale and every marker with at least two values; one value draws no course."""
    scales = [_scale_chart(scale, record) for scale in record.scales if len(scale.points) > 1]
    markers = [
        _marker_chart(ratings, record)
        for ratings in ratings_by_marker(record)
        if sum(rating.level is not None for rating in ratings) > 1
    ]
    return (*scales, *markers)


def _scale_chart(scale: ScaleFact, record: RecordExtract) -> ChartSeries:
    agreed = record.agreed_level
    level = agreed.level if agreed is not None and agreed.measure == scale.name else None
    after = record.check_in_scores.get(scale.measure, ())
    values = [*(point.value for point in (*scale.points, *after)), *_known(level)]
    low = scale.low if scale.low is not None else min([*values, *_known(scale.cutoff)])
    high = scale.high if scale.high is not None else max([*values, *_known(scale.cutoff)])
    told = "; ".join(f"{day(p.taken_on)}: {figure(p.value, scale.decimals)}" for p in scale.points)
    cutoff = "" if scale.cutoff is None else f" Cut-off {figure(scale.cutoff, scale.decimals)}."
    return ChartSeries(
        section="outcome_measures",
        title=scale.name,
        alt=f"{scale.name}, {scale.better} is better. {told}.{cutoff}{_after_in_words(scale, record, level)}",
        points=tuple((point.taken_on, point.value) for point in scale.points),
        low=min(low, *values),
        high=max(high, *values),
        decimals=scale.decimals,
        better=scale.better,
        cutoff=scale.cutoff,
        ended_on=_ended_on(record),
        after=tuple((point.taken_on, point.value) for point in after),
        level=level,
    )


def _after_in_words(scale: ScaleFact, record: RecordExtract, level: float | None) -> str:
    """The end of therapy, the check-ins after it and the agreed level, as the chart draws them."""
    after = record.check_in_scores.get(scale.measure, ())
    told = "; ".join(f"{day(point.taken_on)}: {figure(point.value, scale.decimals)}" for point in after)
    checked = f" Check-ins after it: {told}." if told else ""
    agreed = "" if level is None else f" Agreed as “get in touch”: {figure(level, scale.decimals)}."
    return f"{_end_in_words(record)}{checked}{agreed}"


def _ended_on(record: RecordExtract) -> date | None:
    return record.episode.ended_on if record.episode else None


def _end_in_words(record: RecordExtract) -> str:
    ended_on = _ended_on(record)
    return "" if ended_on is None else f" Therapy ended {day(ended_on)}."


def _known(value: float | None) -> list[float]:
    return [] if value is None else [value]


def _marker_chart(ratings: list[RatingFact], record: RecordExtract) -> ChartSeries:
    title = f"{ratings[-1].label}{in_context(ratings[-1].context)}"
    told = "; ".join(
        f"{day(rating.rated_on)}: {'not enough evidence' if rating.level is None else rating.level}"
        for rating in ratings
    )
    return ChartSeries(
        section="outcome_markers",
        title=title,
        alt=f"{title}, clinician's rating 0 to 4, higher is better. {told}.{_end_in_words(record)}",
        points=tuple((r.rated_on, None if r.level is None else float(r.level)) for r in ratings),
        low=0,
        high=4,
        ended_on=_ended_on(record),
    )
