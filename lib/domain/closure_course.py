"""Closure summary, the course of therapy: dates, ending, needs, formulation, treatment, work on the ending."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from lib.domain.closure import Audience, Source
from lib.domain.draft_words import (
    HISTORY,
    PLAN,
    Part,
    ask_headed,
    break_sources,
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
    span,
    together,
)
from lib.domain.measure_facts import ScaleFact, ScorePoint
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.domain.record_extract import (
    BeliefFact,
    EpisodeFact,
    RecordExtract,
    SessionFact,
)

CHECK_IN_MONTHS = (1, 3, 6, 12)
# A first score later than six weeks into therapy does not tell where the client stood at its start.
START_WITHIN_DAYS = 42


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
    if record.forms_after_end:
        part.ask("forms_after_end", dates=days(record.forms_after_end))


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
    part.ask("outreach")


def needs(part: Part, record: RecordExtract) -> None:
    """The client's needs in the client's words, by date, and where the measures stood at the start."""
    stated = [noted for noted in record.formulation if noted.kind == "need" and noted.words]
    for noted in sorted(stated, key=lambda noted: noted.noted_on):
        source = entry(noted.noted_on, noted.words, "formulation", noted.id)
        part.say("need", source, date=day(noted.noted_on), words=noted.words)
    for scale in record.scales:
        first = _score_at_start(record, scale)
        if first is not None:
            value = figure(first.value, scale.decimals)
            source = score_source(scale, first)
            part.say("start_score", source, name=scale.name, value=value, date=day(first.taken_on))
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
    for group in together(told):
        noted, label = group[0], "; ".join(each.label for each in group)
        form = "both" if noted.label and noted.words else ("words" if noted.words else "label")
        kind = part.words.say(f"kind_{noted.kind}")
        sources = [entry(each.noted_on, each.words or each.label, "formulation", each.id) for each in group]
        values = {"kind": kind, "label": label, "words": noted.words, "date": day(noted.noted_on)}
        part.say(f"formulation_{form}", *sources, **values)
    for belief in record.beliefs:
        _belief(part, belief)


def _belief(part: Part, belief: BeliefFact) -> None:
    source = entry(belief.noted_on, belief.old, "belief", belief.id)
    key = "belief_balanced" if belief.balanced else "belief"
    part.say(key, source, old=belief.old, balanced=belief.balanced, date=day(belief.noted_on))
    if not belief.convictions:
        return
    ordered = sorted(belief.convictions, key=lambda rated: rated.rated_on)
    first, last = ordered[0], ordered[-1]
    sources = [entry(rated.rated_on, f"{rated.percent} %", "conviction", rated.id) for rated in (first, last)]
    values = {"old": belief.old, "first": str(first.percent), "first_on": day(first.rated_on)}
    if len(ordered) == 1:
        part.say("conviction_once", *sources, **values)
        return
    values |= {"last": str(last.percent), "last_on": day(last.rated_on), "count": str(len(ordered))}
    held = event(last.rated_on, f"{len(ordered)} ratings of this conviction", "conviction")
    part.say("conviction_course", *sources, held, **values)


def treatment(part: Part, record: RecordExtract) -> None:
    """What was done in the sessions attended; breaks, ruptures and repairs, practices, steps tried."""
    attended = [session for session in record.sessions if session.attendance is Attendance.ATTENDED]
    attended.sort(key=lambda session: session.held_on)
    _labels(part, "part", [(label, session) for session in attended for label in session.process_parts])
    _labels(part, "approach", [(label, session) for session in attended for label in session.approaches])
    _breaks(part, record)
    _ruptures(part, record)
    for practice in record.practices:
        values = {"date": day(practice.agreed_on), "label": practice.label}
        values["count"] = counted(len(practice.reviews), "review", "reviews")
        source = entry(practice.agreed_on, f"{practice.label}; {values['count']}", "practice", practice.id)
        rated = [review for review in practice.reviews if review.helpful is not None]
        if rated:
            last = max(rated, key=lambda review: review.reviewed_on)
            values |= {"helpful": str(last.helpful), "reviewed_on": day(last.reviewed_on)}
            reviewed = entry(last.reviewed_on, f"{practice.label}: helpful {last.helpful}", "practice", practice.id)
            part.say("practice_helpful", source, reviewed, **values)
        else:
            part.say("practice", source, **values)
    for tried in record.ladder:
        quote = f"{tried.step}: {tried.happened}" if tried.happened else tried.step
        values = {"date": day(tried.tried_on), "step": tried.step, "prediction": tried.prediction or "–"}
        values |= {"happened": tried.happened or "–", "learned": tried.learned or "–"}
        part.say("ladder", entry(tried.tried_on, quote, "ladder", tried.id), **values)


def _labels(part: Part, key: str, used: list[tuple[str, SessionFact]]) -> None:
    """One sentence a label: in how many sessions, and when."""
    for label in dict.fromkeys(label for label, _ in used):
        sessions = [session for used_label, session in used if used_label == label]
        dates = days(session.held_on for session in sessions)
        count = counted(len(sessions), "session", "sessions")
        told = ", ".join(day(held_on) for held_on in sorted(session.held_on for session in sessions))
        source = event(sessions[-1].held_on, f"{label}: {count} ({told})", "session")
        part.say(key, source, label=label, count=count, dates=dates)


def _breaks(part: Part, record: RecordExtract) -> None:
    for pause in sorted(record.breaks, key=lambda pause: pause.starts_on):
        if pause.kind == "anniversary":
            continue
        key = "break" if pause.kind == "break" else "event"
        values = {"what": pause.what, "dates": span(pause.starts_on, pause.ends_on)}
        values["went"] = pause.how_it_went
        # A referrer is told the days alone, so the source behind them says no more.
        told = pause if part.words.audience is not Audience.REFERRER else replace(pause, what=key.capitalize())
        part.say(f"{key}_went" if pause.how_it_went else key, *break_sources(told), **values)


def _ruptures(part: Part, record: RecordExtract) -> None:
    for rupture in record.ruptures:
        source = event(rupture.happened_on, rupture.what, "rupture", rupture.id)
        values = {"date": day(rupture.happened_on), "what": rupture.what, "repair": rupture.repair}
        if rupture.repaired_on is None:
            part.say("rupture_open", source, **values)
            continue
        repaired = event(rupture.repaired_on, rupture.repair or "Repaired", "rupture", rupture.id)
        key = "rupture_repaired" if rupture.repair else "rupture_repaired_plain"
        part.say(key, source, repaired, repaired_on=day(rupture.repaired_on), **values)


def ending_work(part: Part, record: RecordExtract) -> None:
    """In which attended sessions the ending was worked on."""
    worked = [session for session in record.sessions if session.on_ending and session.attendance is Attendance.ATTENDED]
    if not worked:
        return
    sources = [event(session.held_on, "Worked on the ending", "session", session.id) for session in worked]
    dates = days(session.held_on for session in worked)
    part.say("ending_talked", *sources, count=counted(len(worked), "session", "sessions"), dates=dates)


def recommendations(part: Part, record: RecordExtract) -> None:
    """What was last agreed, and on which days check-ins would fall; who does what stays a question."""
    agreed = [session for session in record.sessions if session.agreed and session.attendance is Attendance.ATTENDED]
    if agreed:
        last = max(agreed, key=lambda session: session.held_on)
        source = entry(last.held_on, last.agreed, "session", last.id)
        part.say("agreed_last", source, date=day(last.held_on), agreed=last.agreed)
    episode = record.episode
    if episode is not None and episode.ended_on is not None:
        dates = ", ".join(day(months_later(episode.ended_on, months)) for months in CHECK_IN_MONTHS)
        part.say("checkins", ended_source(episode), date=day(episode.ended_on), dates=dates)
    part.ask("who_does_what")
    ask_headed(part, record, "plan_heading", PLAN, newest=True)


def coming_back(part: Part, record: RecordExtract) -> None:
    """The agreed level that means "get in touch"."""
    if record.agreed_level is not None:
        part.say("agreed_level", level_source(record.agreed_level), **level_values(record.agreed_level))
