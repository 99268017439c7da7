"""Brief lines: what to know before going in, each line with where it is from and the way there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lib.domain.attachment import AttachmentRecord
from lib.domain.definitions import Definitions
from lib.domain.flags import FlagState
from lib.domain.process import Attendance
from lib.domain.question import (
    Question,
    Situation,
    closure_under_way_on,
    next_anniversary,
    question_to_ask,
)
from lib.services.client_measures import ItemAnswer, MeasureCourse
from lib.services.client_record import ClientOverview
from lib.storage.note_queries import SessionRow
from lib.ui import course_views, words
from lib.ui.caseload_table import due_in_words

BREAKS_SHOWN = timedelta(days=60)
_MOST_SCORES = 3


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One line. `way` is where its source opens: "tab:" and a tab's name, "note:" and its id, "" for none."""

    about: str
    said: str
    source: str
    way: str = ""
    tone: str = ""


def brief_lines(
    overview: ClientOverview, record: AttachmentRecord, definitions: Definitions, today: date
) -> list[BriefLine]:
    """Only what the record holds, in the order one asks: agreed, done, changed, strained, due, ahead."""
    last = last_session(overview, today)
    return [
        *_agreed(last, overview, today),
        *_done(last, record, today),
        *_changed(last, overview, definitions, today),
        *_strained(overview, record, today),
        *_due(overview, today),
        *_ahead(record, definitions, today),
    ]


def last_session(overview: ClientOverview, today: date) -> SessionRow | None:
    """The session before today's; today's own where there is no other."""
    held = [one for one in overview.sessions if one.attendance == Attendance.ATTENDED]
    before = [one for one in held if one.held_on < today]
    return (before or held or [None])[0]  # type: ignore[list-item]


def question(
    overview: ClientOverview, record: AttachmentRecord, definitions: Definitions, today: date
) -> Question | None:
    """The one question to consider, or None."""
    last = last_session(overview, today)
    risks = [flag.raised_on for flag in overview.flags if flag.is_risk and flag.state == FlagState.OPEN]
    agreed_on = last.held_on if last is not None and last.agreed else None
    situation = Situation(record, today, min(risks, default=None), agreed_on, closure_under_way_on(record))
    return question_to_ask(situation, definitions.model.questions)


def _agreed(last: SessionRow | None, overview: ClientOverview, today: date) -> Iterator[BriefLine]:
    if last is None:
        return
    notes = [note.id for note in overview.notes if note.session_id == last.id and note.compartment == "progress"]
    way = f"note:{notes[0]}" if notes else "tab:Sessions and notes"
    source = f"session {words.day(last.held_on, today)}"
    if last.agreed:
        yield BriefLine("Agreed last time", last.agreed, source, way)
    if last.next_plan:
        yield BriefLine("Plan", last.next_plan, source, way)


def _done(last: SessionRow | None, record: AttachmentRecord, today: date) -> Iterator[BriefLine]:
    """What was written down of the days since; that nothing was is said too, because it is a question to ask."""
    since = last.held_on if last is not None else None
    agreed = {held.id: held.entry for held in record.practices}
    steps = {held.id: held.entry for held in record.steps}
    told = 0
    for held in record.reviews:
        if since is not None and held.entry.reviewed_on > since:
            helpful = "" if held.entry.helpful is None else f" · helpful {held.entry.helpful} of 10"
            said = f"{agreed[held.entry.home_practice_id].agreement}: {held.entry.done}{helpful}"
            yield BriefLine("Done since", said, f"practice {words.day(held.entry.reviewed_on, today)}", "tab:Record")
            told += 1
    for one in record.attempts:
        if since is not None and one.entry.tried_on > since:
            said = f"Step {steps[one.entry.step_id].rank}: {one.entry.happened or one.entry.prediction}"
            yield BriefLine("Done since", said, f"ladder {words.day(one.entry.tried_on, today)}", "tab:Record")
            told += 1
    if not told and last is not None and last.agreed:
        yield BriefLine("Done since", "Nothing is written down yet.", "practices, ladder", "tab:Record")


def _changed(
    last: SessionRow | None, overview: ClientOverview, definitions: Definitions, today: date
) -> Iterator[BriefLine]:
    """Scores and ratings of the last session's day or later, and flags raised since; else the whole course."""
    since = last.held_on if last is not None else date.min
    measures = course_views.in_order(overview)
    newer = [one for one in measures if len(one.points) > 1 and one.points[-1].taken_on >= since][:_MOST_SCORES]
    for measure in newer:
        before, now = measure.points[-2], measure.points[-1]
        decimals = min(1, measure.decimals)
        said = (
            f"{course_views.measure_name(measure)} {words.figure(before.value, decimals)} → "
            f"{words.figure(now.value, decimals)}; since the first {_verdict(measure)}"
        )
        yield BriefLine("What changed", said, _scores(before.taken_on, now.taken_on, today), "tab:Progress")
    if not newer and measures and len(measures[0].points) > 1:
        first, latest = measures[0].points[0].taken_on, measures[0].points[-1].taken_on
        yield BriefLine("What changed", measures[0].change.sentence, _scores(first, latest, today), "tab:Progress")
    yield from _markers_changed(since, overview, definitions, today)
    for flag in overview.flags:
        if flag.raised_on >= since and flag.state == FlagState.OPEN:
            tone = "risk" if flag.is_risk else "watch"
            yield BriefLine("Flag", flag.reason, f"raised {words.day(flag.raised_on, today)}", "", tone)


def _verdict(measure: MeasureCourse) -> str:
    return words.verdict(measure.change.verdict, len(measure.points))


def _markers_changed(
    since: date, overview: ClientOverview, definitions: Definitions, today: date
) -> Iterator[BriefLine]:
    told, newest = [], since
    for key, course in overview.markers.items():
        rated = [one for one in course.ratings if one.level is not None]
        if len(rated) > 1 and rated[-1].rated_on >= since and rated[-1].level != rated[-2].level:
            told.append(f"{definitions.model.markers[key].label} {rated[-2].level} → {rated[-1].level}")
            newest = max(newest, rated[-1].rated_on)
    if told:
        yield BriefLine("What changed", " · ".join(told), f"ratings {words.day(newest, today)}", "tab:Progress")


def _strained(overview: ClientOverview, record: AttachmentRecord, today: date) -> Iterator[BriefLine]:
    for held in record.open_ruptures():
        age = words.waiting(held.entry.happened_on, today)
        source = f"{words.day(held.entry.happened_on, today)}, open " + (age if age == "today" else f"for {age}")
        yield BriefLine("Open rupture", held.entry.what, source, "tab:Record", "watch")
    for form in overview.forms:
        said = _risk_item(form.items) if form.superseded_at is None else ""
        if said:
            yield BriefLine("Risk item", said, f"{form.short_name} {words.day(form.taken_on, today)}", "tab:Progress")
            break


def _due(overview: ClientOverview, today: date) -> Iterator[BriefLine]:
    due = due_in_words(overview.standing.due, today)
    if due:
        yield BriefLine("Due", due, "schedule")


def _ahead(record: AttachmentRecord, definitions: Definitions, today: date) -> Iterator[BriefLine]:
    """The next break within two months, with how it is prepared; an anniversary by its next return."""
    found = []
    for held in record.breaks:
        entry = held.entry
        on = next_anniversary(entry.starts_on, today) if entry.kind == "anniversary" else entry.starts_on
        if today <= on <= today + BREAKS_SHOWN:
            found.append((on, entry))
    for on, entry in sorted(found, key=lambda pair: pair[0])[:1]:
        kind = definitions.model.breaks[entry.kind].label if entry.kind in definitions.model.breaks else entry.kind
        prepared = f" Prepared: {entry.prepared}." if entry.prepared else ""
        said = f"{kind}{': ' + entry.what if entry.what else ''}, in {words.count((on - today).days, 'day')}.{prepared}"
        yield BriefLine("Next break", said, words.day(on, today), "tab:Record")


def _scores(first: date, latest: date, today: date) -> str:
    return f"scores {words.day(first, today)} to {words.day(latest, today)}"


def _risk_item(items: tuple[ItemAnswer, ...]) -> str:
    """The answer to the risk item of a form. Never "no risk": endorsed, not endorsed, or not answered."""
    item = next((item for item in items if item.is_risk), None)
    if item is None:
        return ""
    if item.answer is None:
        return f"Item {item.number} was not answered. This is not a zero: ask, and note the answer."
    if item.answer == 0:
        return f"Item {item.number} not endorsed on this form."
    return f"Item {item.number} answered: {item.label.lower()}."
