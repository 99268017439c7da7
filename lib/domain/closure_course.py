"""Closure summary, the course of therapy: dates, ending, needs, formulation, work on the ending."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from lib.domain.closure import Audience, Source
from lib.domain.draft_words import (
    HISTORY,
    PLAN,
    Part,
    Piece,
    ask_headed,
    check_in_source,
    counted,
    day,
    days,
    entry,
    event,
    figure,
    level_source,
    level_values,
    months_later,
    score_source,
    together,
)
from lib.domain.measure_facts import ScaleFact, ScorePoint
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.domain.record_extract import (
    BeliefFact,
    CheckInFact,
    EpisodeFact,
    FormulationEntry,
    RecordExtract,
    SessionFact,
)

CHECK_IN_MONTHS = (1, 3, 6, 12)
# A first score later than six weeks into therapy does not tell where the client stood at its start.
START_WITHIN_DAYS = 42
SILENCE_DAYS = 365
# What is told of many entries of one kind: the first and the last ones, and how many there are.
NEEDS_TOLD, NOTED_OF_A_KIND, BELIEFS_TOLD = 3, 3, 2


def header(part: Part, record: RecordExtract) -> None:
    """When the episode began and ended, and what became of every session on record."""
    episode = record.episode
    if episode is not None:
        begun = event(episode.started_on, f"Episode {episode.number} began", "episode", episode.id)
        part.say("episode_started", begun, number=str(episode.number), date=day(episode.started_on))
    if episode is not None and episode.ended_on is not None:
        part.say("episode_ended", ended_source(episode), date=day(episode.ended_on))
    else:
        part.ask("no_end")
    if part.words.audience is Audience.REFERRER:
        _ending_kind(part, episode)
    _sessions(part, record)
    _notes(part, record)
    _ask_about_silence(part, record)
    if record.forms_after_end:
        part.ask("forms_after_end", dates=days(record.forms_after_end))


def _ask_about_silence(part: Part, record: RecordExtract) -> None:
    """More than a year of which nothing is on record: were these two courses of therapy, or is something missing?"""
    noted = [each.held_on for each in record.sessions] + [each.dated_on for each in record.notes]
    scored = [point.taken_on for scale in record.scales for point in scale.points]
    dates = sorted({*noted, *scored, *(each.rated_on for each in record.ratings)})
    for before, after in pairwise(dates):
        if (after - before).days > SILENCE_DAYS:
            part.ask("silence", before=day(before), after=day(after))


def _notes(part: Part, record: RecordExtract) -> None:
    """How many notes there are and of which days; their words are quoted nowhere here."""
    if not record.notes:
        return
    ordered = sorted(record.notes, key=lambda note: (note.dated_on, note.id))
    count = counted(len(ordered), "progress note", "progress notes")
    ends = [event(each.dated_on, "Progress note", "note", each.id) for each in (ordered[0], ordered[-1])]
    held = event(ordered[-1].dated_on, f"{count} on file", "note")
    first, last = day(ordered[0].dated_on), day(ordered[-1].dated_on)
    part.say("notes_one" if first == last else "notes_on_file", *ends, held, count=count, first=first, last=last)
    if not record.sessions:
        part.ask("no_sessions")


def _sessions(part: Part, record: RecordExtract) -> None:
    if not record.sessions:
        return
    dates = sorted(session.held_on for session in record.sessions)
    tally = Counter(session.attendance for session in record.sessions)
    counts = ", ".join(
        part.words.say(f"attendance_{kind.value}", n=str(tally[kind])) for kind in Attendance if tally[kind]
    )
    register = _register(record.sessions)
    if len(dates) == 1:
        part.say("session_one", *register, date=day(dates[0]), counts=counts)
        return
    offered = counted(len(dates), "session", "sessions")
    part.say("sessions", *register, offered=offered, first=day(dates[0]), last=day(dates[-1]), counts=counts)


def _register(sessions: tuple[SessionFact, ...]) -> list[Source]:
    """The session register as sources: the first and the last, each one that was not attended, and the counts."""
    ordered = sorted(sessions, key=lambda session: (session.held_on, session.id))
    missed = [session for session in ordered if session.attendance is not Attendance.ATTENDED]
    named = [ordered[0], *missed, *ordered[-1:]]
    kinds = Counter(ATTENDANCE_WORDS[session.attendance] for session in ordered)
    counts = ", ".join(f"{number} {words}" for words, number in kinds.items())
    total = event(ordered[-1].held_on, f"{counted(len(ordered), 'session', 'sessions')}: {counts}", "session")
    return [*(_session_source(session) for session in named), total]


def _session_source(session: SessionFact) -> Source:
    return event(session.held_on, f"Session: {ATTENDANCE_WORDS[session.attendance]}", "session", session.id)


def ended_source(episode: EpisodeFact) -> Source:
    """The end of the episode as a source; dated by its beginning while there is no end."""
    if episode.ended_on is None:
        return event(episode.started_on, f"Episode {episode.number}", "episode", episode.id)
    return event(episode.ended_on, f"Episode {episode.number} ended", "episode", episode.id)


def _ending_kind(part: Part, episode: EpisodeFact | None) -> None:
    if episode is None or not episode.ending:
        part.ask("no_ending_kind")
        return
    part.say("ending_kind", ended_source(episode), ending=episode.ending)


def ending(part: Part, record: RecordExtract) -> None:
    """What kind of ending it is, the reason on record, and what was offered after the client last came."""
    episode = record.episode
    _ending_kind(part, episode)
    _after_last_attended(part, record)
    if episode is None or not episode.reason:
        part.ask("no_reason")
        return
    reason = entry(ended_source(episode).dated_on, episode.reason, "episode", episode.id)
    part.say("ending_reason", reason, reason=episode.reason)


def _after_last_attended(part: Part, record: RecordExtract) -> None:
    """Sessions offered and not attended at the end of the record. That it was the client who left stays a question."""
    ordered = sorted(record.sessions, key=lambda session: (session.held_on, session.id))
    attended = [session for session in ordered if session.attendance is Attendance.ATTENDED]
    later = [session for session in ordered if not attended or session.held_on > attended[-1].held_on]
    if later and later[-1].attendance is not Attendance.CANCELLED_BY_THERAPIST:
        part.ask("outreach")
    if not later or any(session.attendance is Attendance.CANCELLED_BY_THERAPIST for session in later):
        return
    sources = [_session_source(session) for session in (*attended[-1:], *later)]
    count = counted(len(later), "session", "sessions")
    held = event(later[-1].held_on, f"{count} not attended", "session")
    told = {"count": count, "dates": days(session.held_on for session in later)}
    if attended:
        part.say("ended_away", *sources, held, date=day(attended[-1].held_on), **told)
    else:
        part.say("never_came", *sources, held, **told)


def needs(part: Part, record: RecordExtract) -> None:
    """The client's needs in the client's words, by date, and where the measures stood at the start."""
    stated = [noted for noted in record.formulation if noted.kind == "need" and noted.words]
    said = [
        Piece(
            "need",
            (entry(noted.noted_on, noted.words, "formulation", noted.id),),
            {"date": day(noted.noted_on), "words": noted.words},
        )
        for noted in sorted(stated, key=lambda noted: noted.noted_on)
    ]
    part.say_together("needs", said, at_most=NEEDS_TOLD, noun="needs in the client's words")
    starts = [(scale, _score_at_start(record, scale)) for scale in record.scales]
    scores = [
        Piece(
            "start_score",
            (score_source(scale, first),),
            {"name": scale.name, "value": figure(first.value, scale.decimals), "date": day(first.taken_on)},
        )
        for scale, first in starts
        if first is not None
    ]
    part.say_together("start_scores", scores)
    ask_headed(part, record, "history_heading", HISTORY)


def _score_at_start(record: RecordExtract, scale: ScaleFact) -> ScorePoint | None:
    """The first score, when it was taken near enough to the beginning to be called the start."""
    if record.episode is None or not scale.points:
        return None
    first = scale.points[0]
    return first if abs((first.taken_on - record.episode.started_on).days) <= START_WITHIN_DAYS else None


def formulation(part: Part, record: RecordExtract) -> None:
    """How it came to be and what keeps it going, as entered, and the beliefs with their convictions."""
    told = [noted for noted in record.formulation if noted.kind != "need" and (noted.label or noted.words)]
    groups = together(told)
    for kind in dict.fromkeys(group[0].kind for group in groups):
        pieces = [_noted(group) for group in groups if group[0].kind == kind]
        named = part.words.say(f"kind_{kind}")
        noun = f"entries on “{named}”"
        part.say_together("formulation", pieces, at_most=NOTED_OF_A_KIND, noun=noun, kind=named)
    beliefs = [_belief(part, belief) for belief in sorted(record.beliefs, key=lambda belief: belief.noted_on)]
    part.say_together("beliefs", beliefs, at_most=BELIEFS_TOLD, noun="beliefs")


def _noted(group: list[FormulationEntry]) -> Piece:
    noted, label = group[0], "; ".join(each.label for each in group)
    form = "both" if noted.label and noted.words else ("words" if noted.words else "label")
    sources = tuple(entry(each.noted_on, each.words or each.label, "formulation", each.id) for each in group)
    values = {"label": label, "words": noted.words, "date": day(noted.noted_on)}
    return Piece(f"formulation_{form}", sources, values)


def _belief(part: Part, belief: BeliefFact) -> Piece:
    """A belief with its balanced answer and how true the old one felt, first and last."""
    sources = [entry(belief.noted_on, belief.old, "belief", belief.id)]
    key = "belief_balanced" if belief.balanced else "belief"
    told = {"old": belief.old, "balanced": belief.balanced, "date": day(belief.noted_on), "conviction": ""}
    if not belief.convictions:
        return Piece(key, tuple(sources), told)
    ordered = sorted(belief.convictions, key=lambda rated: rated.rated_on)
    first, last = ordered[0], ordered[-1]
    sources += [entry(rated.rated_on, f"{rated.percent} %", "conviction", rated.id) for rated in (first, last)]
    values = {"first": str(first.percent), "first_on": day(first.rated_on)}
    if len(ordered) == 1:
        told["conviction"] = part.words.say("conviction_once", **values)
        return Piece(key, tuple(sources), told)
    values |= {"last": str(last.percent), "last_on": day(last.rated_on), "count": str(len(ordered))}
    sources.append(event(last.rated_on, f"{len(ordered)} ratings of this conviction", "conviction"))
    told["conviction"] = part.words.say("conviction_course", **values)
    return Piece(key, tuple(sources), told)


def ending_work(part: Part, record: RecordExtract) -> None:
    """In which attended sessions the ending was worked on."""
    worked = [session for session in record.sessions if session.on_ending and session.attendance is Attendance.ATTENDED]
    if not worked:
        return
    sources = [event(session.held_on, "Worked on the ending", "session", session.id) for session in worked]
    dates = days(session.held_on for session in worked)
    part.say("ending_talked", *sources, count=counted(len(worked), "session", "sessions"), dates=dates)


def recommendations(part: Part, record: RecordExtract) -> None:
    """What was last agreed, and on which days check-ins fall or would; who does what stays a question."""
    agreed = [session for session in record.sessions if session.agreed and session.attendance is Attendance.ATTENDED]
    if agreed:
        last = max(agreed, key=lambda session: session.held_on)
        source = entry(last.held_on, last.agreed, "session", last.id)
        part.say("agreed_last", source, date=day(last.held_on), agreed=last.agreed)
    episode = record.episode
    if record.check_ins is not None:
        agreed_on = [
            Piece("checkin_at", (check_in_source(each),), {"date": day(each.due_on), "months": _months(each)})
            for each in record.check_ins
        ]
        part.say_together("checkins_agreed", agreed_on)
    elif episode is not None and episode.ended_on is not None:
        dates = ", ".join(day(months_later(episode.ended_on, months)) for months in CHECK_IN_MONTHS)
        part.say("checkins", ended_source(episode), date=day(episode.ended_on), dates=dates)
    part.ask("who_does_what")
    ask_headed(part, record, "plan_heading", PLAN, newest=True)


def _months(agreed: CheckInFact) -> str:
    return "" if agreed.month is None else f" (at {counted(agreed.month, 'month', 'months')})"


def coming_back(part: Part, record: RecordExtract) -> None:
    """The agreed level that means "get in touch"."""
    if record.agreed_level is not None:
        part.say("agreed_level", level_source(record.agreed_level), **level_values(record.agreed_level))
