"""The measures part of an extract: courses with their verdicts, items that got worse, answers to risk items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lib.domain import record_extract as facts
from lib.domain.course import Course, Form, change_of, courses_of, known_scale
from lib.domain.instruments import Direction, Instrument, Instruments, Scale
from lib.storage.tables import Administration

Answers = Mapping[int, Mapping[str, int | None] | None]


def scale_facts(forms: Iterable[Administration], instruments: Instruments) -> tuple[facts.ScaleFact, ...]:
    """Every course of the forms with the verdict between its ends."""
    forms = list(forms)
    plain = [Form(row.id, row.instrument, row.target, row.respondent, row.taken_on, row.scales) for row in forms]
    answers = {row.id: row.answers for row in forms}
    found = []
    for course in courses_of(plain).values():
        known = known_scale(instruments, course.measure)
        if known is not None:
            found.append(_scale_fact(course, *known, answers))
    return tuple(found)


def _scale_fact(course: Course, instrument: Instrument, scale: Scale, answers: Answers) -> facts.ScaleFact:
    change = change_of(course, scale)
    about = "" if course.measure.target == "general" else f" about {course.measure.target}"
    by = "" if course.measure.respondent == "client" else f", answered by the {course.measure.respondent}"
    # A scale of several names its instrument itself: "ECR-R anxiety".
    short = scale.name if len(instrument.scales) > 1 else instrument.short_name
    return facts.ScaleFact(
        instrument=instrument.id,
        name=f"{scale.name}{about}{by}",
        short_name=f"{short}{about}{by}",
        points=tuple(facts.ScorePoint(each.form_id, each.taken_on, each.value) for each in course.points),
        verdict=change.verdict.value,
        verdict_sentence=change.sentence,
        better="lower" if scale.direction is Direction.LOWER_BETTER else "higher",
        decimals=scale.decimals,
        missing_count=course.unscored,
        norms="; ".join(f"{norm.group} ({norm.citation})" for norm in scale.norms if norm.role == "functional"),
        cutoff=scale.change.cutoff if scale.change else None,
        low=scale.low,
        high=scale.high,
        worse_items=_worse_items(course, instrument, scale, answers),
    )


def _worse_items(course: Course, instrument: Instrument, scale: Scale, answers: Answers) -> tuple[facts.WorseItem, ...]:
    """Items whose keyed answer is worse at the last form than at the first, whatever the total did."""
    first, last = answers.get(course.first.form_id), answers.get(course.latest.form_id)
    if not first or not last or len(course.points) < 2:
        return ()
    turned, worse = instrument.minimum + instrument.maximum, []
    lower_is_better = scale.direction is Direction.LOWER_BETTER
    for item in instrument.items:
        before, after = first.get(item.id), last.get(item.id)
        if item.id not in scale.item_ids or before is None or after is None:
            continue
        if item.id in scale.reverse:
            before, after = turned - before, turned - after
        if (after > before) if lower_is_better else (after < before):
            worse.append(facts.WorseItem(item.number, item.text or "", before, after))
    return tuple(worse)


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
            answer = facts.RiskAnswer(row.id, row.taken_on, instrument.short_name, numbers[risk.item_id], value)
            found.append(answer)
    return tuple(found)
