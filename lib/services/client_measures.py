"""Client measures: the forms of one client as courses with verdicts, and as the items behind each point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lib.domain.change import ChangeResult
from lib.domain.change_comparison import Comparison, compared
from lib.domain.course import Course, Form, basis_for, change_of, courses_of, error_band, known_scale
from lib.domain.derived_scores import MEAN
from lib.domain.expected_course import ExpectedCourse, expected_course
from lib.domain.expected_response import ResponseModel
from lib.domain.instruments import Instrument, Instruments, Item, Norm, ReferenceLine, Scale
from lib.domain.scoring import band_of
from lib.domain.sudden_changes import StepSize, SuddenChange, step_size, sudden_changes
from lib.services.derived_measures import with_derived
from lib.storage.measure_queries import StoredForm


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One score of the course. `band` is the published name of its stretch, "" where there is none."""

    form_id: int
    taken_on: date
    value: float
    band: str
    is_prorated: bool


@dataclass(frozen=True, slots=True)
class MissingScore:
    """A form that gave no score on this scale, and why."""

    form_id: int
    taken_on: date
    why: str


@dataclass(frozen=True, slots=True)
class MeasureCourse:
    """One measure over all its dates, oldest first, with the verdict on first to latest and what it rests on.

    `error_band` is where error alone may put a second score; None where no figures are published. `references` are
    figures nobody here checked, for lines that say so. `expected` rests on other clients, and is None below a hundred
    closed courses."""

    measure: str
    instrument: str
    name: str
    short_name: str
    target: str
    respondent: str
    better: str
    low: float
    high: float
    decimals: int
    note: str
    points: tuple[ScorePoint, ...]
    missing: tuple[MissingScore, ...]
    change: ChangeResult
    error_band: tuple[float, float] | None
    norms: tuple[Norm, ...]
    references: tuple[ReferenceLine, ...]
    comparison: Comparison | None
    step: StepSize | None
    sudden: tuple[SuddenChange, ...]
    expected: ExpectedCourse | None
    is_derived: bool = False  # worked out from other forms of the day; nobody filled it in


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item of a form. `answer` None: not answered, never zero. `label` is the option's wording."""

    item_id: str
    number: int
    text: str | None
    answer: int | None
    label: str
    is_risk: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """One filled-in form. `items` is empty when only totals are held. Superseded forms are shown as such."""

    form_id: int
    instrument: str
    short_name: str
    taken_on: date
    target: str
    respondent: str
    items: tuple[ItemAnswer, ...]
    scales: dict[str, float | None]
    prorated: tuple[str, ...]
    unscorable: dict[str, str]
    alerts: tuple[str, ...]
    totals_only: bool
    superseded_at: datetime | None
    superseded_by_id: int | None


def measures_told(
    stored: Sequence[StoredForm],
    instruments: Instruments,
    attended_on: Sequence[date] = (),
    models: Mapping[str, ResponseModel] | None = None,
) -> tuple[MeasureCourse, ...]:
    """The courses of the current forms by measure; an instrument the practice no longer knows is left out.

    `attended_on`: days of attended sessions, in order; `models`: the practice's expected response by measure."""
    current = with_derived([form for form in stored if form.superseded_at is None], instruments)
    courses = courses_of(
        Form(form.id, form.instrument, form.target, form.respondent, form.taken_on, form.scales) for form in current
    )
    told = (
        _measure(key, course, current, instruments, attended_on, (models or {}).get(key))
        for key, course in courses.items()
    )
    return tuple(course for course in told if course is not None)


def _measure(
    key: str,
    course: Course,
    forms: Sequence[StoredForm],
    instruments: Instruments,
    attended_on: Sequence[date],
    model: ResponseModel | None,
) -> MeasureCourse | None:
    known = known_scale(instruments, course.measure)
    if known is None:
        return None
    instrument, scale = known
    m = course.measure
    basis = basis_for(scale)
    after = course.latest.value if len(course.points) > 1 else None
    own = [f for f in forms if (f.instrument, f.target, f.respondent) == (m.instrument, m.target, m.respondent)]
    return MeasureCourse(
        measure=key,
        instrument=instrument.id,
        name=scale.name,
        short_name=instrument.short_name,
        target=m.target,
        respondent=m.respondent,
        better=scale.direction.value,
        low=scale.low,
        high=scale.high,
        decimals=scale.decimals,
        note=scale.note,
        points=_points(course, scale, {form.id: form for form in own}),
        missing=_missing(scale, own),
        change=change_of(course, scale),
        error_band=error_band(scale, course.first.value),
        norms=scale.norms,
        references=scale.references,
        is_derived=instrument.is_derived or m.target == MEAN,
        comparison=compared(course.first.value, after, basis),
        step=step_size(key, basis),
        sudden=sudden_changes(course, basis),
        expected=expected_course(course, attended_on, model, basis.sign) if model is not None else None,
    )


def _points(course: Course, scale: Scale, by_id: Mapping[int, StoredForm]) -> tuple[ScorePoint, ...]:
    return tuple(
        ScorePoint(
            form_id=point.form_id,
            taken_on=point.taken_on,
            value=point.value,
            band=band.label if (band := band_of(scale, point.value)) else "",
            is_prorated=scale.key in by_id[point.form_id].prorated,
        )
        for point in course.points
    )


def _missing(scale: Scale, forms: Sequence[StoredForm]) -> tuple[MissingScore, ...]:
    return tuple(
        MissingScore(form.id, form.taken_on, form.unscorable.get(scale.key, "no score"))
        for form in forms
        if scale.key in form.scales and form.scales[scale.key] is None
    )


def forms_told(stored: Sequence[StoredForm], instruments: Instruments) -> tuple[FormView, ...]:
    """Every form with its items, newest first."""
    return tuple(_form(form, instruments.get(form.instrument)) for form in reversed(stored))


def _form(form: StoredForm, instrument: Instrument | None) -> FormView:
    return FormView(
        form_id=form.id,
        instrument=form.instrument,
        short_name=instrument.short_name if instrument else form.instrument,
        taken_on=form.taken_on,
        target=form.target,
        respondent=form.respondent,
        items=_items(form, instrument),
        scales=form.scales,
        prorated=tuple(form.prorated),
        unscorable=form.unscorable,
        alerts=tuple(form.alerts),
        totals_only=form.answers is None,
        superseded_at=form.superseded_at,
        superseded_by_id=form.superseded_by_id,
    )


def _items(form: StoredForm, instrument: Instrument | None) -> tuple[ItemAnswer, ...]:
    if form.answers is None or instrument is None:
        return ()
    risks = {risk.item_id for risk in instrument.risk_items}
    return tuple(_item(item, instrument, form.answers.get(item.id), item.id in risks) for item in instrument.items)


def _item(item: Item, instrument: Instrument, answer: int | None, is_risk: bool) -> ItemAnswer:
    place = -1 if answer is None else answer - instrument.minimum
    label = instrument.options[place] if 0 <= place < len(instrument.options) else ""
    return ItemAnswer(item.id, item.number, item.text, answer, "not answered" if answer is None else label, is_risk)
