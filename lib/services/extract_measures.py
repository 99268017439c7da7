"""The measures part of an extract: courses with their verdicts, items that got worse, answers to risk items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lib.domain import measure_facts as facts
from lib.domain.course import Course, Form, change_of, courses_of, error_band, known_scale, measure_of
from lib.domain.errors import InvalidInput
from lib.domain.instruments import Direction, Instrument, Instruments, Scale
from lib.storage.tables import Administration


def scale_facts(forms: Iterable[Administration], instruments: Instruments) -> tuple[facts.ScaleFact, ...]:
    """Every course of the forms with the verdict between its ends."""
    forms = list(forms)
    plain = [Form(row.id, row.instrument, row.target, row.respondent, row.taken_on, row.scales) for row in forms]
    found = []
    for course in courses_of(plain).values():
        known = known_scale(instruments, course.measure)
        if known is not None:
            found.append(_scale_fact(course, *known, [row for row in forms if _is_of(row, course)]))
    return tuple(found)


def measure_named(key: str, instruments: Instruments) -> tuple[str, Scale]:
    """How a measure is called, and its scale. Raises InvalidInput for one the practice does not know."""
    try:
        measure = measure_of(key)
    except ValueError:
        measure = None
    known = known_scale(instruments, measure) if measure is not None else None
    if measure is None or known is None:
        raise InvalidInput(
            "The practice knows no such measure.", "Choose one of the client's measures.", field="measure"
        )
    return f"{known[1].name}{_about_and_by(measure.target, measure.respondent)}", known[1]


def _is_of(row: Administration, course: Course) -> bool:
    measure = course.measure
    return (row.instrument, row.target, row.respondent) == (measure.instrument, measure.target, measure.respondent)


def _about_and_by(target: str, respondent: str) -> str:
    about = "" if target == "general" else f" about {target}"
    return about if respondent == "client" else f"{about}, answered by the {respondent}"


def _scale_fact(
    course: Course, instrument: Instrument, scale: Scale, forms: Sequence[Administration]
) -> facts.ScaleFact:
    change = change_of(course, scale)
    whose = _about_and_by(course.measure.target, course.measure.respondent)
    band = error_band(scale, course.latest.value)
    # A scale of several names its instrument itself: "ECR-R anxiety".
    short = scale.name if len(instrument.scales) > 1 else instrument.short_name
    return facts.ScaleFact(
        instrument=instrument.id,
        name=f"{scale.name}{whose}",
        short_name=f"{short}{whose}",
        points=tuple(facts.ScorePoint(each.form_id, each.taken_on, each.value) for each in course.points),
        verdict=change.verdict.value,
        # With several targets or respondents the rule's own sentence does not say which of them it is about.
        verdict_sentence=f"{scale.name}{whose}: {change.sentence}" if whose and change.sentence else change.sentence,
        better="lower" if scale.direction is Direction.LOWER_BETTER else "higher",
        decimals=scale.decimals,
        missing=tuple(
            facts.MissingScore(row.id, row.taken_on) for row in forms if row.scales.get(scale.key, 0) is None
        ),
        prorated=tuple(facts.MissingScore(row.id, row.taken_on) for row in forms if scale.key in (row.prorated or ())),
        norms="; ".join(f"{norm.group} ({norm.citation})" for norm in scale.norms if norm.role == "functional"),
        cutoff=scale.change.cutoff if scale.change else None,
        low=scale.low,
        high=scale.high,
        worse_items=_worse_items(instrument, scale, forms),
        respondent=course.measure.respondent,
        measure=course.measure.key,
        error=None if band is None else (band[1] - band[0]) / 2,
    )


def _worse_items(instrument: Instrument, scale: Scale, forms: Sequence[Administration]) -> tuple[facts.WorseItem, ...]:
    """Items whose last answer is worse than their first, also where the last form gave no total."""
    worse = []
    for item in instrument.items:
        answers = _answers_to(item.id, forms)
        if item.id not in scale.item_ids or len(answers) < 2:
            continue
        first, last = answers[0], answers[-1]
        is_reversed = item.id in scale.reverse
        higher_is_worse = (scale.direction is Direction.LOWER_BETTER) is not is_reversed
        if (last.value > first.value) if higher_is_worse else (last.value < first.value):
            worse.append(facts.WorseItem(item.number, item.text or "", first, last, is_reversed))
    return tuple(worse)


def _answers_to(item_id: str, forms: Sequence[Administration]) -> list[facts.ScorePoint]:
    """Every answer given to an item, in the order of the forms; a blank is no answer."""
    given = ((row, (row.answers or {}).get(item_id)) for row in forms)
    return [facts.ScorePoint(row.id, row.taken_on, float(value)) for row, value in given if value is not None]


def risk_answers(forms: Iterable[Administration], instruments: Instruments) -> tuple[facts.RiskAnswer, ...]:
    """Every answer to a risk item, None where it was not answered or only totals came."""
    found = []
    for row in forms:
        instrument = instruments.get(row.instrument)
        if instrument is None:
            continue
        numbers = {item.id: item.number for item in instrument.items}
        for risk in instrument.risk_items:
            value = (row.answers or {}).get(risk.item_id)
            name = f"{instrument.short_name}{_about_and_by(row.target, row.respondent)}"
            answer = facts.RiskAnswer(row.id, row.taken_on, name, numbers[risk.item_id], value)
            found.append(answer)
    return tuple(found)
