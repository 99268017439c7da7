"""Course views: from what a service knows of a client to what drawings take; words of people are left behind here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from lib.domain.clinical_model import ClinicalModel
from lib.domain.course import measure_of
from lib.domain.process import Attendance
from lib.services.client_measures import MeasureCourse as Measure
from lib.services.client_record import ClientOverview
from lib.ui.courses import ExpectedPoint, MeasureCourse, Point, Span, Step
from lib.ui.measure_forms import TARGET_WORDS


def measure_name(measure: Measure) -> str:
    """The scale's name, with whom it is about and who answered where that is not the ordinary."""
    known = measure_of(measure.measure)
    about = "" if known.target == "general" else f", {TARGET_WORDS.get(known.target, 'other')}"
    by = "" if known.respondent == "client" else f", answered by the {known.respondent}"
    return f"{measure.name}{about}{by}"


def in_order(overview: ClientOverview) -> list[Measure]:
    """The measures, the main one first, and last what only follows from others."""
    main = overview.standing.main_measure
    return sorted(overview.measures, key=lambda one: (one.measure != main, one.is_derived, measure_name(one)))


def drawing_of(measure: Measure, overview: ClientOverview, model: ClinicalModel, today: date) -> MeasureCourse:
    """One measure as drawings need it. All measures of a client share the axis of dates."""
    begins_on, ends_on = period(overview, today)
    agreed = overview.level
    return MeasureCourse(
        name=measure_name(measure),
        low=measure.low,
        high=measure.high,
        decimals=measure.decimals,
        points=tuple(
            Point(
                one.taken_on,
                one.value,
                one.form_id,
                one.is_prorated,
                any(end.is_followed_by(one.taken_on) for end in overview.ends),
            )
            for one in measure.points
        ),
        begins_on=begins_on,
        ends_on=ends_on,
        band=measure.error_band,
        cutoff=measure.change.cutoff,
        breaks=tuple(spans(overview, model, today)),
        sessions=tuple(sorted(held_on(overview))),
        unscored_on=tuple(missing.taken_on for missing in measure.missing),
        steps=tuple(
            Step(Point(one.before.taken_on, one.before.value), Point(one.after.taken_on, one.after.value), one.is_gain)
            for one in measure.sudden
        ),
        expected=tuple(
            ExpectedPoint(one.on, one.score, one.low, one.high)
            for one in (measure.expected.points if measure.expected is not None else ())
        ),
        references=tuple((line.value, line.label) for line in measure.references),
        first=measure.points[0].value if measure.points else None,
        ends=tuple(end.ended_on for end in overview.ends),
        level=agreed.value if agreed is not None and agreed.measure == measure.measure else None,
    )


def held_on(overview: ClientOverview) -> list[date]:
    """The days of sessions that took place."""
    return [one.held_on for one in overview.sessions if one.attendance == Attendance.ATTENDED]


def period(overview: ClientOverview, today: date) -> tuple[date, date]:
    """From the first thing on record to today."""
    days = [point.taken_on for measure in overview.measures for point in measure.points]
    days += [rating.rated_on for course in overview.markers.values() for rating in course.ratings]
    days += held_on(overview)
    begins_on = min(days, default=today - timedelta(days=28))
    return min(begins_on, today - timedelta(days=14)), max([today, *days])


def spans(overview: ClientOverview, model: ClinicalModel, today: date) -> Iterable[Span]:
    """Breaks with a length, under the model's word for their kind; one without an end lasts until today.

    An anniversary is a day that can be hard, not a time without sessions; what lies ahead is on no course yet."""
    for row in overview.breaks:
        if row.kind == "anniversary" or row.starts_on >= today:
            continue
        ends_on = row.ends_on or today
        if ends_on > row.starts_on:
            known = model.breaks.get(row.kind)
            yield Span(row.starts_on, ends_on, known.label.lower() if known else "break")
