"""Readiness for ending: criteria side by side, each with what the record says for it, against it, and does not say.

Nothing here adds up to a number, and nothing decides. A person weighs the reasons, and theirs are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from lib.domain.clinical_model import Entry
from lib.domain.draft_words import counted
from lib.domain.flags import day_in_words
from lib.domain.process import Attendance
from lib.domain.readiness_facts import PAPER_WORDS, Criterion, Papers, ReadinessFacts, Reason, times
from lib.domain.readiness_markers import chance_of_level, weigh_markers

__all__ = ["RULES", "Criterion", "Papers", "ReadinessFacts", "Reason", "chance_of_level", "readiness_board"]

RECENT, FEW = timedelta(days=60), 6
_CANCELLED = (Attendance.NO_SHOW, Attendance.LATE_CANCEL, Attendance.CANCELLED_BY_CLIENT)


def readiness_board(facts: ReadinessFacts, criteria: Mapping[str, Entry]) -> tuple[Criterion, ...]:
    """Every criterion of the data file in its order. Raises KeyError for a criterion without a rule."""
    board = []
    for key, entry in criteria.items():
        criterion = Criterion(key, entry.label, entry.words, entry.source)
        RULES[key](criterion, facts)
        board.append(criterion)
    return tuple(board)


# --- measures, risk ----------------------------------------------------------------------------------


def _change(criterion: Criterion, facts: ReadinessFacts) -> None:
    sides = {
        "recovered": criterion.in_favour,
        "improved": criterion.in_favour,
        "deteriorated": criterion.against,
        "worsened_across_cutoff": criterion.against,
    }
    for scale in facts.extract.scales:
        last = scale.points[-1].taken_on if scale.points else None
        told = scale.verdict_sentence
        if not told.startswith((scale.name, scale.short_name)):
            told = f"{scale.name}: {told}"
        reason = Reason(told, times(len(scale.points), "score"), last)
        sides.get(scale.verdict, criterion.unknown).append(reason)
    if not facts.extract.scales:
        criterion.unknown.append(Reason("No measure has a score.", "scores"))


def _risk(criterion: Criterion, facts: ReadinessFacts) -> None:
    for flag in facts.extract.risk_flags:
        if flag.response is None:
            criterion.against.append(Reason(f"Open: {flag.reason}", "risk flag", flag.raised_on))
        else:
            on = flag.responded_on or flag.raised_on
            criterion.unknown.append(Reason(f"{flag.reason} What was done: {flag.response}", "risk flag", on))
    last = max(facts.extract.risk_answers, key=lambda one: one.taken_on, default=None)
    if last is None:
        criterion.unknown.append(Reason("No form on record asks about thoughts of death or self-harm.", "forms"))
    elif last.value is None:
        text = f"Item {last.item_number} of the last {last.short_name} was not answered. This is not a zero."
        criterion.against.append(Reason(text, last.short_name, last.taken_on))
    elif last.value > 0:
        text = f"Item {last.item_number} of the last {last.short_name} was answered {last.value}."
        criterion.against.append(Reason(text, last.short_name, last.taken_on))
    else:
        text = f"Item {last.item_number} of the last {last.short_name}: not endorsed on this form."
        criterion.in_favour.append(Reason(text, last.short_name, last.taken_on))


# --- relationship ------------------------------------------------------------------------------------


def _open_for(days: int) -> str:
    return "Open since today" if days == 0 else f"Open for {counted(days, 'day', 'days')}"


def _ruptures(criterion: Criterion, facts: ReadinessFacts) -> None:
    for one in facts.extract.ruptures:
        if one.repaired_on is None:
            age = (facts.today - one.happened_on).days
            text = f"{_open_for(age)}: {one.what}"
            criterion.against.append(Reason(text, "rupture", one.happened_on))
        else:
            text = f"{one.what} Repaired {day_in_words(one.repaired_on)}: {one.repair}"
            criterion.in_favour.append(Reason(text, "repair", one.repaired_on))
    if not facts.extract.ruptures:
        criterion.unknown.append(
            Reason("No rupture is on record. That may mean none, or none that was said.", "record")
        )


def _supports(criterion: Criterion, facts: ReadinessFacts) -> None:
    people = facts.extract.people
    for kind, held in (
        ("safe haven", [one for one in people if one.safe_haven]),
        ("secure base", [one for one in people if one.secure_base]),
    ):
        if held:
            names = ", ".join(one.name for one in held)
            criterion.in_favour.append(Reason(f"As a {kind}: {names}.", "people", max(one.noted_on for one in held)))
        else:
            criterion.unknown.append(Reason(f"Nobody is named as a {kind}.", "people"))


def _breaks(criterion: Criterion, facts: ReadinessFacts) -> None:
    over = [one for one in facts.extract.breaks if one.kind == "break" and one.ends_on and one.ends_on < facts.today]
    if not over:
        criterion.unknown.append(Reason("No break has been weathered yet.", "breaks"))
        return
    last = max(over, key=lambda one: one.starts_on)
    if last.how_it_went:
        text = f"{last.what}: {last.how_it_went}"
        criterion.unknown.append(
            Reason(f"{text} Whether that speaks for ending is yours to say.", "break", last.ends_on)
        )
    else:
        text = f"Nobody has written how the last break ({last.what}) was weathered."
        criterion.unknown.append(Reason(text, "break", last.ends_on))


def _ending(criterion: Criterion, facts: ReadinessFacts) -> None:
    for held in facts.record.ending_talks:
        criterion.in_favour.append(Reason(f"Talked about: {held.entry.what}", "ending", held.entry.talked_on))
    sessions = [one for one in facts.extract.sessions if one.on_ending and one.attendance is Attendance.ATTENDED]
    if sessions:
        days = ", ".join(day_in_words(one.held_on) for one in sessions[-3:])
        text = f"{times(len(sessions), 'session')} worked on closure, last {days}."
        criterion.in_favour.append(Reason(text, "sessions", sessions[-1].held_on))
    if not facts.record.ending_talks and not sessions:
        text = "Nothing is written about ending. An ending nobody speaks of is how distance often ends things."
        criterion.against.append(Reason(text, "record"))


def _plan(criterion: Criterion, facts: ReadinessFacts) -> None:
    for name, state, on in (
        ("Relapse-prevention plan", facts.papers.plan, facts.papers.plan_on),
        ("Closure summary", facts.papers.summary, facts.papers.summary_on),
    ):
        begun = criterion.in_favour if state == "signed" else criterion.unknown
        side = begun if state in PAPER_WORDS else criterion.against
        side.append(Reason(f"{name} {PAPER_WORDS.get(state, 'is not begun')}.", "documents", on))
    if facts.extract.agreed_level is None:
        text = 'No level is agreed that means "get in touch".'
        criterion.unknown.append(Reason(text, "plan"))


def _leaving(criterion: Criterion, facts: ReadinessFacts) -> None:
    sessions = sorted(facts.extract.sessions, key=lambda one: one.held_on)
    held = [one for one in sessions if one.attendance is Attendance.ATTENDED]
    lately = [one for one in sessions if facts.today - one.held_on <= RECENT]
    missed = [one for one in lately if one.attendance in _CANCELLED]
    if 0 < len(held) < FEW:
        criterion.against.append(Reason(f"Early: {times(len(held), 'session')} held.", "sessions", held[-1].held_on))
    if len(missed) >= 2:
        text = f"{len(missed)} of the last {len(lately)} sessions were missed or called off by the client."
        criterion.against.append(Reason(text, "sessions", missed[-1].held_on))
    if held and facts.next_on is None and facts.today - held[-1].held_on > timedelta(days=21):
        text = f"Not seen since {day_in_words(held[-1].held_on)}, and no next date: endings by silence begin so."
        criterion.against.append(Reason(text, "sessions", held[-1].held_on))
    if not criterion.against and held:
        days = day_in_words(held[-1].held_on)
        text = f"{times(len(held), 'session')} held, the last on {days}; none missed in the last two months."
        side = criterion.unknown if missed else criterion.in_favour
        text = text if not missed else f"One of the last {len(lately)} sessions was missed."
        side.append(Reason(text, "sessions", held[-1].held_on))
    if not held:
        criterion.unknown.append(Reason("No session is on record.", "sessions"))


RULES: Mapping[str, Callable[[Criterion, ReadinessFacts], None]] = {
    "markers": weigh_markers,
    "change": _change,
    "risk": _risk,
    "ruptures": _ruptures,
    "supports": _supports,
    "breaks": _breaks,
    "ending": _ending,
    "plan": _plan,
    "leaving": _leaving,
}
