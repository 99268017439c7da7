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

    A value of None is a rating without enough evidence: it is marked and never drawn as a number."""

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


def charts_of(record: RecordExtract) -> tuple[ChartSeries, ...]:
    """Charts of every scale and every marker with at least two values; one value draws no course."""
    scales = [_scale_chart(scale) for scale in record.scales if len(scale.points) > 1]
    markers = [
        _marker_chart(ratings)
        for ratings in ratings_by_marker(record)
        if sum(rating.level is not None for rating in ratings) > 1
    ]
    return (*scales, *markers)


def _scale_chart(scale: ScaleFact) -> ChartSeries:
    values = [point.value for point in scale.points]
    low = scale.low if scale.low is not None else min([*values, *_known(scale.cutoff)])
    high = scale.high if scale.high is not None else max([*values, *_known(scale.cutoff)])
    told = "; ".join(f"{day(p.taken_on)}: {figure(p.value, scale.decimals)}" for p in scale.points)
    cutoff = "" if scale.cutoff is None else f" Cut-off {figure(scale.cutoff, scale.decimals)}."
    return ChartSeries(
        section="outcome_measures",
        title=scale.name,
        alt=f"{scale.name}, {scale.better} is better. {told}.{cutoff}",
        points=tuple((point.taken_on, point.value) for point in scale.points),
        low=min(low, *values),
        high=max(high, *values),
        decimals=scale.decimals,
        better=scale.better,
        cutoff=scale.cutoff,
    )


def _known(value: float | None) -> list[float]:
    return [] if value is None else [value]


def _marker_chart(ratings: list[RatingFact]) -> ChartSeries:
    title = f"{ratings[-1].label}{in_context(ratings[-1].context)}"
    told = "; ".join(
        f"{day(rating.rated_on)}: {'not enough evidence' if rating.level is None else rating.level}"
        for rating in ratings
    )
    return ChartSeries(
        section="outcome_markers",
        title=title,
        alt=f"{title}, clinician's rating 0 to 4, higher is better. {told}.",
        points=tuple((r.rated_on, None if r.level is None else float(r.level)) for r in ratings),
        low=0,
        high=4,
    )
