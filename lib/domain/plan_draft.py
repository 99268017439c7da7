"""Drafting the relapse-prevention plan: the client's own, first person, from their own record."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date

from lib.domain.agreed_level import LevelProposal, proposals
from lib.domain.closure import Audience, DocumentDraft, Letterhead, Source
from lib.domain.closure_course import CHECK_IN_MONTHS, ended_source
from lib.domain.closure_draft import Drafting, asks_only, drafted
from lib.domain.closure_markers import direction, marker_values, rating_source, ratings_by_marker
from lib.domain.closure_outcome import course_values, first_and_last, told_scales
from lib.domain.document_model import DocumentModel, Words
from lib.domain.draft_words import (
    Part,
    break_sources,
    check_in_name,
    check_in_source,
    counted,
    day,
    entry,
    event,
    figure,
    level_source,
    level_values,
    months_later,
    say_crisis_contacts,
    score_source,
    span,
    together,
    who,
)
from lib.domain.record_extract import BeliefFact, BreakFact, FormulationEntry, PersonFact, RecordExtract

HELPFUL_FROM = 5
KIND_IN_PLAN = {"origin": "origin", "fear": "fear", "cost": "cost", "story": "story"}


def draft_relapse_plan(
    record: RecordExtract, model: DocumentModel, practice: Letterhead, therapist: str, today: date
) -> DocumentDraft:
    """The plan, drafted from the record and nothing else. Raises DefinitionProblem as the summary does."""
    sections: dict[str, Drafting] = {
        "understanding": understanding,
        "changed": changed,
        "helps": helps,
        "triggers": triggers,
        "early_signs": early_signs,
        "green": green,
        "amber": amber,
        "red": lambda part, record: red(part, record, today),
        "people": people,
        "year": lambda part, record: next_year(part, record, today),
        "lapse": lapse,
        "checkins": checkins,
    }
    words = Words(model, Audience.CLIENT)
    return drafted(record, words, lambda key: sections.get(key, asks_only), practice, therapist, today)


def _noted(part: Part, key: str, group: Sequence[FormulationEntry]) -> None:
    """The client's words in quotation marks where there are any, else the model's words of one day together."""
    first = group[0]
    if first.words or first.label:
        sources = [entry(each.noted_on, each.words or each.label, "formulation", each.id) for each in group]
        what = f"“{first.words}”" if first.words else "; ".join(each.label for each in group)
        part.say(key, *sources, date=day(first.noted_on), what=what)


def understanding(part: Part, record: RecordExtract) -> None:
    """What I came with in my words, where it began, the stories and beliefs, and what hold they have now."""
    for group in together(record.formulation):
        noted = group[0]
        if noted.kind == "need" and noted.words:
            source = entry(noted.noted_on, noted.words, "formulation", noted.id)
            part.say("need", source, date=day(noted.noted_on), words=noted.words)
        elif noted.kind in KIND_IN_PLAN:
            _noted(part, KIND_IN_PLAN[noted.kind], group)
    for belief in record.beliefs:
        _belief(part, belief)


def _belief(part: Part, belief: BeliefFact) -> None:
    source = entry(belief.noted_on, belief.old, "belief", belief.id)
    key = "belief_balanced" if belief.balanced else "belief"
    part.say(key, source, old=belief.old, balanced=belief.balanced, date=day(belief.noted_on))
    ordered = sorted(belief.convictions, key=lambda rated: rated.rated_on)
    if len(ordered) < 2:
        return
    first, last = ordered[0], ordered[-1]
    sources = [entry(rated.rated_on, f"{rated.percent} %", "conviction", rated.id) for rated in (first, last)]
    values = {"old": belief.old, "first": str(first.percent), "first_on": day(first.rated_on)}
    values |= {"last": str(last.percent), "last_on": day(last.rated_on)}
    key = "conviction_less" if last.percent < first.percent else "conviction_not_less"
    part.say(key, *sources, **values)


def changed(part: Part, record: RecordExtract) -> None:
    """What my questionnaires, the markers and my own moments show."""
    for scale in told_scales(part, record):
        if len(scale.points) == 1:
            point = scale.points[0]
            value = figure(point.value, scale.decimals)
            source = score_source(scale, point)
            part.say("scale_single", source, name=scale.name, value=value, date=day(point.taken_on))
        elif scale.points:
            part.say(f"scale_{scale.verdict}", *first_and_last(scale), **course_values(scale))
    for ratings in ratings_by_marker(record):
        rated = [rating for rating in ratings if rating.level is not None]
        if len(rated) > 1:
            key = {"higher": "marker_more", "same": "marker_same", "lower": "marker_less"}[direction(rated)]
            part.say(key, rating_source(rated[0]), rating_source(rated[-1]), **marker_values(rated))
    for moment in record.moments:
        whom = f" with {moment.with_whom}" if moment.with_whom else ""
        source = entry(moment.happened_on, moment.line, "moment", moment.id)
        part.say("moment", source, date=day(moment.happened_on), whom=whom, line=moment.line)


def helps(part: Part, record: RecordExtract) -> None:
    """Practices I rated helpful or have not rated yet, and what I learned from steps I tried."""
    for practice in record.practices:
        rated = [review for review in practice.reviews if review.helpful is not None]
        last = max(rated, key=lambda review: review.reviewed_on, default=None)
        if last is None:
            source = entry(practice.agreed_on, practice.label, "practice", practice.id)
            part.say("practice_unrated", source, label=practice.label, date=day(practice.agreed_on))
        elif (last.helpful or 0) >= HELPFUL_FROM:
            quote = f"{practice.label}: helpful {last.helpful}"
            values = {"label": practice.label, "helpful": str(last.helpful)}
            source = entry(last.reviewed_on, quote, "practice", practice.id)
            part.say("practice_helpful", source, reviewed_on=day(last.reviewed_on), **values)
    for tried in record.ladder:
        if tried.learned:
            source = entry(tried.tried_on, f"{tried.step}: {tried.learned}", "ladder", tried.id)
            full = tried.prediction and tried.happened
            values = {"step": tried.step, "date": day(tried.tried_on), "learned": tried.learned}
            values |= {"prediction": tried.prediction, "happened": tried.happened}
            part.say("ladder_full" if full else "ladder_learned", source, **values)


def triggers(part: Part, record: RecordExtract) -> None:
    """What sets me off: as named, breaks and how they went, dates that matter."""
    for noted in record.formulation:
        if noted.kind == "trigger":
            _noted(part, "trigger", [noted])
    for pause in sorted(record.breaks, key=lambda pause: pause.starts_on):
        source = event(pause.starts_on, pause.what, "break", pause.id)
        if pause.kind == "anniversary":
            told = day(pause.starts_on).rsplit(" ", 1)[0]
            part.say("anniversary", source, what=pause.what, day=told)
            continue
        key = "break" if pause.kind == "break" else "event"
        values = {"what": pause.what, "dates": span(pause.starts_on, pause.ends_on)}
        part.say(f"{key}_went" if pause.how_it_went else key, *break_sources(pause), went=pause.how_it_went, **values)


def early_signs(part: Part, record: RecordExtract) -> None:
    """Signs as they were entered with the client; nothing is read out of notes."""
    for noted in record.formulation:
        if noted.kind == "sign":
            _noted(part, "sign", [noted])


def green(part: Part, record: RecordExtract) -> None:
    """What I keep up: the practices I rated helpful."""
    for practice in record.practices:
        rated = [review for review in practice.reviews if review.helpful is not None]
        last = max(rated, key=lambda review: review.reviewed_on, default=None)
        if last is not None and (last.helpful or 0) >= HELPFUL_FROM:
            often = f", {practice.frequency}" if practice.frequency else ""
            quote = f"{practice.label}: helpful {last.helpful}"
            source = entry(last.reviewed_on, quote, "practice", practice.id)
            part.say("green_practice", source, label=practice.label, often=often)


def amber(part: Part, record: RecordExtract) -> None:
    """The agreed level as an if-then sentence; what to do at each sign is asked, never made up."""
    if record.agreed_level is not None:
        part.say("amber_level", level_source(record.agreed_level), **level_values(record.agreed_level))
    for noted in record.formulation:
        if noted.kind == "sign" and (noted.words or noted.label):
            part.ask("if_sign", sign=noted.words or noted.label)


def red(part: Part, record: RecordExtract, today: date) -> None:
    """Whom I call: confirmed numbers only."""
    say_crisis_contacts(part, record.crisis_contacts, today)
    part.ask("first_step_red")


def people(part: Part, record: RecordExtract) -> None:
    """Who is what to me, and where there is nobody yet."""
    for person in record.people:
        key = {(True, True): "both", (True, False): "haven", (False, True): "base"}.get(
            (person.safe_haven, person.secure_base), "neither"
        )
        safety = "" if person.felt_safety is None else f", I feel {person.felt_safety} of 10 safe with them"
        source = entry(person.noted_on, f"{who(person)}{safety}", "person", person.id)
        part.say(key, source, who=who(person), safety=safety, date=day(person.noted_on))
    everyone = [_person_source(person) for person in record.people]
    if not any(person.safe_haven for person in record.people):
        if everyone:
            part.say("gap_haven", *everyone)
        part.ask("no_haven")
    if not any(person.secure_base for person in record.people):
        if everyone:
            part.say("gap_base", *everyone)
        part.ask("no_base")


def _person_source(person: PersonFact) -> Source:
    return entry(person.noted_on, who(person), "person", person.id)


def next_year(part: Part, record: RecordExtract, today: date) -> None:
    """Anniversaries and planned breaks in the twelve months after the ending, or after today without one."""
    episode = record.episode
    start = episode.ended_on if episode is not None and episode.ended_on is not None else today
    dated = [(_falls_on(pause, start), pause) for pause in record.breaks]
    for when, pause in sorted(dated, key=lambda pair: (pair[0], pair[1].id)):
        if start <= when < months_later(start, 12):
            source = event(pause.starts_on, pause.what, "break", pause.id)
            part.say("year_date", source, date=day(when), what=pause.what)


def _falls_on(pause: BreakFact, start: date) -> date:
    """The day it falls on: an anniversary on its next return from `start`, anything else on its own date."""
    if pause.kind != "anniversary":
        return pause.starts_on
    this_year = _in_year(pause.starts_on, start.year)
    return this_year if this_year >= start else _in_year(pause.starts_on, start.year + 1)


def _in_year(when: date, year: int) -> date:
    """The same day in another year; 29 February comes round on 1 March where there is none."""
    if (when.month, when.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return when.replace(year=year)


def lapse(part: Part, record: RecordExtract) -> None:
    """The level on my own measure that means "get in touch"; without one a proposal with its reason, as a question."""
    if record.agreed_level is None:
        found = next(iter(proposals(record)), None)
        if found is None:
            part.ask("no_level")
        else:
            _ask_level(part, found)
        return
    part.say("lapse_level", level_source(record.agreed_level), **level_values(record.agreed_level))
    part.ask("what_is_a_slip")


def _ask_level(part: Part, found: LevelProposal) -> None:
    values = {
        "measure": found.measure,
        "level": figure(found.level, found.decimals),
        "side": found.side,
        "last": figure(found.last, found.decimals),
        "last_on": day(found.last_on),
    }
    if found.error is not None:
        values["error"] = f"{found.error:.1f}"
    if found.cutoff is not None:
        values["cutoff"] = figure(found.cutoff, found.decimals)
    known = "_".join(name for name in ("error", "cutoff") if name in values)
    part.ask(f"level_by_{known}", **values)


def checkins(part: Part, record: RecordExtract) -> None:
    """The check-ins as they were agreed; else one, three, six and twelve months after the ending, by date."""
    episode = record.episode
    if record.check_ins is not None:
        for agreed in record.check_ins:
            part.say("checkin_agreed", check_in_source(agreed), what=check_in_name(agreed), date=day(agreed.due_on))
        if not record.check_ins:
            part.ask("no_checkins")
        return
    if episode is None or episode.ended_on is None:
        return
    for months in CHECK_IN_MONTHS:
        when = day(months_later(episode.ended_on, months))
        part.say("checkin", ended_source(episode), months=counted(months, "month", "months"), date=when)
