"""Closure summary, treatment given: parts and approaches, breaks, ruptures, practices, steps tried and of change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lib.domain.closure import Audience
from lib.domain.draft_words import Part, Piece, break_sources, counted, day, entry, event, span
from lib.domain.process import Attendance, PartState
from lib.domain.record_extract import (
    BreakFact,
    ChangeFact,
    LadderFact,
    PracticeFact,
    PracticeReview,
    RecordExtract,
    RuptureFact,
    SessionFact,
)

BREAKS_TOLD, EVENTS_TOLD, REPAIRS_TOLD, PRACTICES_TOLD, STEPS_TOLD, CHANGES_TOLD = 3, 3, 2, 3, 2, 5


def treatment(part: Part, record: RecordExtract) -> None:
    """What was done in the sessions attended; breaks, ruptures and repairs, practices, steps tried, steps of change."""
    attended = [session for session in record.sessions if session.attendance is Attendance.ATTENDED]
    attended.sort(key=lambda session: session.held_on)
    _labels(part, "parts", "part", [(label, session) for session in attended for label in session.process_parts])
    _labels(part, "approaches", "approach", [(label, session) for session in attended for label in session.approaches])
    _breaks(part, record)
    _ruptures(part, record.ruptures)
    agreed = [_practice(practice) for practice in most_helpful_first(record.practices)]
    part.say_together("practices", agreed, at_most=PRACTICES_TOLD, noun="practices agreed", is_best_first=True)
    tried = [_step(each) for each in sorted(record.ladder, key=lambda each: each.tried_on)]
    part.say_together("steps", tried, at_most=STEPS_TOLD, noun="steps tried")
    taken = [_change(part, each) for each in furthest_first(record.changes)]
    part.say_together("changes", taken, at_most=CHANGES_TOLD, noun="steps of change", is_best_first=True)


def _labels(part: Part, key: str, each: str, used: list[tuple[str, SessionFact]]) -> None:
    """One sentence for all labels, each with the number of its sessions; the source holds their dates."""
    pieces = []
    for label in dict.fromkeys(label for label, _ in used):
        sessions = [session for used_label, session in used if used_label == label]
        count = counted(len(sessions), "session", "sessions")
        told = ", ".join(day(session.held_on) for session in sessions)
        source = event(sessions[-1].held_on, f"{label}: {count} ({told})", "session")
        pieces.append(Piece(each, (source,), {"label": label, "count": str(len(sessions))}))
    part.say_together(key, pieces)


def _breaks(part: Part, record: RecordExtract) -> None:
    pauses = sorted(record.breaks, key=lambda pause: pause.starts_on)
    breaks = [_pause(part, pause, "break") for pause in pauses if pause.kind == "break"]
    part.say_together("breaks", breaks, at_most=BREAKS_TOLD, noun="breaks in therapy")
    events = [_pause(part, pause, "event") for pause in pauses if pause.kind not in ("break", "anniversary")]
    part.say_together("events", events, at_most=EVENTS_TOLD, noun="life events")


def _pause(part: Part, pause: BreakFact, key: str) -> Piece:
    # A referrer is told the days alone, so the source behind them says no more.
    told = pause if part.words.audience is not Audience.REFERRER else replace(pause, what=key.capitalize())
    values = {"what": pause.what, "dates": span(pause.starts_on, pause.ends_on), "went": pause.how_it_went}
    return Piece(f"{key}_went" if pause.how_it_went else key, tuple(break_sources(told)), values)


def _ruptures(part: Part, ruptures: Sequence[RuptureFact]) -> None:
    """The last repairs together; each rupture that stands open by itself, however many there are."""
    ordered = sorted(ruptures, key=lambda rupture: rupture.happened_on)
    repaired = [_repaired(rupture) for rupture in reversed(ordered) if rupture.repaired_on is not None]
    part.say_together("ruptures_repaired", repaired, at_most=REPAIRS_TOLD, noun="ruptures repaired", is_best_first=True)
    for rupture in ordered:
        if rupture.repaired_on is None:
            source = event(rupture.happened_on, rupture.what, "rupture", rupture.id)
            part.say("rupture_open", source, date=day(rupture.happened_on), what=rupture.what)


def _repaired(rupture: RuptureFact) -> Piece:
    repaired_on = rupture.repaired_on or rupture.happened_on
    sources = (
        event(rupture.happened_on, rupture.what, "rupture", rupture.id),
        event(repaired_on, rupture.repair or "Repaired", "rupture", rupture.id),
    )
    values = {"date": day(rupture.happened_on), "what": rupture.what, "repair": rupture.repair}
    key = "rupture_repaired" if rupture.repair else "rupture_repaired_plain"
    return Piece(key, sources, values | {"repaired_on": day(repaired_on)})


def last_rated(practice: PracticeFact) -> PracticeReview | None:
    """The last review in which the client rated how helpful it was."""
    rated = [review for review in practice.reviews if review.helpful is not None]
    return max(rated, key=lambda review: review.reviewed_on, default=None)


def most_helpful_first(practices: Sequence[PracticeFact]) -> list[PracticeFact]:
    """By the last rating, the highest first; the unrated after them, in the order in which they were agreed."""

    def rank(practice: PracticeFact) -> tuple[int, date, int]:
        last = last_rated(practice)
        return 0 if last is None else -1 - (last.helpful or 0), practice.agreed_on, practice.id

    return sorted(practices, key=rank)


def _practice(practice: PracticeFact) -> Piece:
    values = {"date": day(practice.agreed_on), "label": practice.label}
    values["count"] = counted(len(practice.reviews), "review", "reviews")
    agreed = entry(practice.agreed_on, f"{practice.label}; {values['count']}", "practice", practice.id)
    last = last_rated(practice)
    if last is None:
        return Piece("practice", (agreed,), values)
    values |= {"helpful": str(last.helpful), "reviewed_on": day(last.reviewed_on)}
    reviewed = entry(last.reviewed_on, f"{practice.label}: helpful {last.helpful}", "practice", practice.id)
    return Piece("practice_helpful", (agreed, reviewed), values)


def _step(tried: LadderFact) -> Piece:
    quote = f"{tried.step}: {tried.happened}" if tried.happened else tried.step
    values = {"date": day(tried.tried_on), "step": tried.step, "prediction": tried.prediction or "–"}
    values |= {"happened": tried.happened or "–", "learned": tried.learned or "–"}
    return Piece("step", (entry(tried.tried_on, quote, "ladder", tried.id),), values)


def furthest_first(changes: Sequence[ChangeFact]) -> list[ChangeFact]:
    """Each step in its last state, consolidated ones before those under way; what is not started is no step taken."""
    ordered = sorted(changes, key=lambda each: (each.since_on, each.id))
    last = {each.step: each for each in ordered}
    taken = [each for each in last.values() if each.state is not PartState.NOT_STARTED]
    return sorted(taken, key=lambda each: (each.state is not PartState.CONSOLIDATED, each.since_on, each.id))


def _change(part: Part, reached: ChangeFact) -> Piece:
    # Outside the file it is told which step and since when, so the source behind it says no more.
    done = reached.done if part.words.audience is Audience.FILE else ""
    state = part.words.say(f"change_{reached.state}")
    values = {"step": reached.step, "state": state, "date": day(reached.since_on), "done": done}
    source = entry(reached.since_on, f"{reached.step}: {done or state}", "change_step", reached.id)
    return Piece("change_done" if done else "change", (source,), values)
