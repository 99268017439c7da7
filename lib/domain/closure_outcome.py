"""Closure summary, what came of it: measures, risk, what protects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lib.domain.closure import Audience, Source, SourceKind
from lib.domain.closure_markers import WORSE_VERDICTS
from lib.domain.closure_treatment import last_rated, most_helpful_first
from lib.domain.draft_words import (
    NEVER_PRINTED,
    RISK,
    Part,
    Piece,
    ask_headed,
    counted,
    day,
    days,
    entry,
    event,
    figure,
    say_crisis_contacts,
    score_source,
    who,
)
from lib.domain.measure_facts import MissingScore, RiskAnswer, ScaleFact, WorseItem
from lib.domain.process import Attendance
from lib.domain.record_extract import PersonFact, RecordExtract, RiskFlag

HELPFUL_FROM, HELPFUL_TOLD = 7, 3
# As for the start: a score of more than six weeks before the last day does not tell where the client stood then.
END_WITHIN_DAYS = 42


def outcome_measures(part: Part, record: RecordExtract) -> None:
    """Each scale: first, best, last, how many, what is missing, the verdict in words, the norms."""
    for scale in told_scales(part, record):
        if len(scale.points) == 1:
            _single_score(part, scale)
        elif scale.points:
            _course(part, scale)
            _verdict(part, scale)
        if scale.points and scale.norms:
            source = score_source(scale, scale.points[-1])
            part.say("scale_norms", source, name=scale.name, norms=scale.norms.rstrip(". "))
    _ask_for_the_end(part, record)


def _ask_for_the_end(part: Part, record: RecordExtract) -> None:
    """Ask for a form of the end where the last score lies long before it: an old score does not tell how it ended."""
    attended = [each.held_on for each in record.sessions if each.attendance is Attendance.ATTENDED]
    ended_on = record.episode.ended_on if record.episode else None
    last_on = ended_on or max(attended, default=None)
    scored = [scale.points[-1].taken_on for scale in record.scales if scale.points]
    if last_on is not None and scored and (last_on - max(scored)).days > END_WITHIN_DAYS:
        part.ask("old_scores", date=day(max(scored)), last=day(last_on))


def told_scales(part: Part, record: RecordExtract) -> list[ScaleFact]:
    """The scales this reader is told of: a client is told "your answers" of their own forms only."""
    if part.words.audience is not Audience.CLIENT:
        return list(record.scales)
    others = dict.fromkeys(scale.name for scale in record.scales if scale.respondent != "client")
    for name in others:
        part.ask("others_form", name=name)
    return [scale for scale in record.scales if scale.respondent == "client"]


def _single_score(part: Part, scale: ScaleFact) -> None:
    point = scale.points[0]
    values = {"name": scale.name, "value": figure(point.value, scale.decimals), "date": day(point.taken_on)}
    sources = (score_source(scale, point), *_missing_sources(scale))
    part.say("scale_single", *sources, missing=_missing(part, scale), **values)
    part.ask("single_score", name=scale.name)


def _course(part: Part, scale: ScaleFact) -> None:
    choose = min if scale.better == "lower" else max
    best = choose(scale.points, key=lambda point: point.value)
    first, last = scale.points[0], scale.points[-1]
    sources = [score_source(scale, point) for point in (first, best, last)]
    values = course_values(scale) | {"best": figure(best.value, scale.decimals)}
    values |= {"best_on": day(best.taken_on), "missing": _missing(part, scale)}
    sources += _missing_sources(scale)
    part.say("scale_course", *sources, count=counted(len(scale.points), "score", "scores"), **values)


def _verdict(part: Part, scale: ScaleFact) -> None:
    ends = first_and_last(scale)
    values = course_values(scale)
    if scale.verdict_sentence:
        part.say("scale_verdict", *ends, verdict=scale.verdict_sentence)
    else:
        word = part.words.say(f"verdict_{scale.verdict}")
        part.say("scale_verdict_word", *ends, name=scale.name, verdict=word)
    part.say(f"plain_{scale.verdict}", *ends, **values)
    if scale.verdict in WORSE_VERDICTS:
        part.say("scale_worse", *ends, **values)
    if scale.worse_items:
        count = counted(len(scale.worse_items), "item is", "items are")
        sources = [source for item in scale.worse_items for source in item_sources(scale, item)]
        part.say("scale_items_worse", *sources, name=scale.name, count=count)


def course_values(scale: ScaleFact) -> dict[str, str]:
    """Name, first and last score with their dates, as template values. The scale has at least one point."""
    first, last = scale.points[0], scale.points[-1]
    return {
        "name": scale.name,
        "first": figure(first.value, scale.decimals),
        "first_on": day(first.taken_on),
        "last": figure(last.value, scale.decimals),
        "last_on": day(last.taken_on),
    }


def first_and_last(scale: ScaleFact) -> list[Source]:
    """The scores a verdict compares, as sources."""
    return [score_source(scale, scale.points[0]), score_source(scale, scale.points[-1])]


def _missing(part: Part, scale: ScaleFact) -> str:
    """How many forms gave no score and how many were filled in for items left empty, and of which days."""
    told = _forms_told(part, "missing", scale.missing) or part.words.say("missing_none")
    return told + _forms_told(part, "filled", scale.prorated)


def _forms_told(part: Part, key: str, forms: Sequence[MissingScore]) -> str:
    if not forms:
        return ""
    number, dates = len(forms), days(form.taken_on for form in forms)
    return part.words.say(f"{key}_one" if number == 1 else f"{key}_many", n=str(number), dates=dates)


def _missing_sources(scale: ScaleFact) -> list[Source]:
    """The forms without a score or with a filled one, and how many scores there are: a count rests on all of them."""
    forms = [
        event(form.taken_on, f"{scale.name}: {what}", "administration", form.id)
        for what, found in (("form without a score", scale.missing), ("filled in for items left empty", scale.prorated))
        for form in found
    ]
    without = counted(len(scale.missing), "form", "forms") + " without a score" if scale.missing else ""
    filled = f"{len(scale.prorated)} filled in for items left empty" if scale.prorated else ""
    held = f"{counted(len(scale.points), 'score', 'scores')} on record"
    told = f"{scale.name}: {'; '.join(each for each in (held, without, filled) if each)}"
    return [*forms, event(scale.points[-1].taken_on, told, "administration")]


def item_sources(scale: ScaleFact, item: WorseItem) -> list[Source]:
    """The first and the last answer to an item, as sources."""
    return [
        Source(
            SourceKind.SCORE,
            answer.taken_on,
            f"{scale.short_name} item {item.number}: {figure(answer.value, 0)}",
            "administration",
            answer.id,
        )
        for answer in (item.first, item.last)
    ]


# --- risk and what protects ------------------------------------------------------------------------


def risk(part: Part, record: RecordExtract) -> None:
    """Flags open and answered, and every answer to a risk item by date. A zero is "not endorsed", no more."""
    for flag in sorted(record.risk_flags, key=lambda flag: flag.raised_on):
        _flag(part, flag)
    items = dict.fromkeys((answer.short_name, answer.item_number) for answer in record.risk_answers)
    for name, number in items:
        answers = [a for a in record.risk_answers if (a.short_name, a.item_number) == (name, number)]
        _risk_item(part, sorted(answers, key=lambda answer: answer.taken_on))
    part.ask("risk_view")
    ask_headed(part, record, "risk_heading", RISK)


def _flag(part: Part, flag: RiskFlag) -> None:
    raised = event(flag.raised_on, flag.reason, "flag", flag.id)
    values = {"date": day(flag.raised_on), "reason": flag.reason.rstrip(". ")}
    if flag.response is None:
        part.say("risk_flag_open", raised, **values)
        return
    response = "recorded in the client's record" if NEVER_PRINTED.search(flag.response) else flag.response
    answered = entry(flag.responded_on or flag.raised_on, response, "flag", flag.id)
    if flag.responded_on is None:
        part.say("risk_flag_answered_undated", raised, answered, response=response, **values)
        return
    values["responded_on"] = day(flag.responded_on)
    part.say("risk_flag_answered", raised, answered, response=response, **values)


def _risk_item(part: Part, answers: list[RiskAnswer]) -> None:
    endorsed = [answer for answer in answers if answer.value]
    zero = [answer for answer in answers if answer.value == 0]
    unanswered = [answer for answer in answers if answer.value is None]
    for key, group in (
        ("risk_endorsed", endorsed),
        ("risk_not_answered", unanswered),
        ("risk_not_endorsed", zero),
    ):
        if not group:
            continue
        sources = [_answer_source(answer) for answer in group]
        values = {"name": group[0].short_name, "number": str(group[0].item_number)}
        part.say(key, *sources, dates=_answer_dates(group), **values)


def _answer_dates(group: list[RiskAnswer]) -> str:
    """Endorsed answers with their value, each by date; zeros and gaps by date alone."""
    if group[0].value:
        return ", ".join(f"{day(answer.taken_on)} ({answer.value})" for answer in group)
    if len(group) > 1 and len({answer.taken_on for answer in group}) > 5:
        return f"{len(group)} forms, {days(answer.taken_on for answer in group)}"
    return days(answer.taken_on for answer in group)


def _answer_source(answer: RiskAnswer) -> Source:
    value = "not answered" if answer.value is None else str(answer.value)
    quote = f"{answer.short_name} item {answer.item_number}: {value}"
    return Source(SourceKind.SCORE, answer.taken_on, quote, "administration", answer.administration_id)


def protective(part: Part, record: RecordExtract) -> None:
    """People named as a haven or base, and practices the client rated helpful."""
    for key, haven, base in (("both", True, True), ("haven", True, False), ("base", False, True)):
        named = [each for each in record.people if (each.safe_haven, each.secure_base) == (haven, base)]
        part.say_together(key, [_person(part, each) for each in named])
    if not any(person.safe_haven or person.secure_base for person in record.people):
        part.ask("no_haven")
    rated = [(practice, last_rated(practice)) for practice in most_helpful_first(record.practices)]
    helped = [
        Piece(
            "helpful_practice",
            (entry(last.reviewed_on, f"{practice.label}: helpful {last.helpful}", "practice", practice.id),),
            {"label": practice.label, "helpful": str(last.helpful), "reviewed_on": day(last.reviewed_on)},
        )
        for practice, last in rated
        if last is not None and (last.helpful or 0) >= HELPFUL_FROM
    ]
    part.say_together("helpful", helped, at_most=HELPFUL_TOLD, noun="practices rated helpful", is_best_first=True)


def _person(part: Part, person: PersonFact) -> Piece:
    # To a referrer the person's name is not told, so their source does not tell it either.
    name = "one person" if part.words.audience is Audience.REFERRER else who(person)
    source = entry(person.noted_on, name, "person", person.id)
    return Piece("person", (source,), {"who": name, "date": day(person.noted_on)})


def safety(part: Part, record: RecordExtract, today: date) -> None:
    """For the client's letter: confirmed crisis numbers, and what to say is the clinician's own."""
    say_crisis_contacts(part, record.crisis_contacts, today)
    part.ask("client_safety")
