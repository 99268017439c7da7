"""Record of what is held true and of whom: belief pairs and important people, with their courses drawn small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held, by_parent
from lib.ui import words
from lib.ui.record_desk import Act, Course, Line, Row, Section
from lib.ui.record_forms import MOVES_WORDS
from lib.ui.record_rows import row_of


def beliefs(record: AttachmentRecord, today: date) -> Section:
    """Belief pairs with their conviction over time."""
    rated = by_parent(record.convictions, lambda held: held.entry.belief_id)
    return Section(
        "beliefs",
        "Beliefs",
        tuple(_belief(held, rated.get(held.id, []), today) for held in record.beliefs),
        "No belief is on record. Begin with a sentence in the client's own words.",
        "belief",
        "grey = the belief, colour = its answer, 0–100 %",
    )


def people(record: AttachmentRecord, today: date) -> Section:
    """Important people with felt safety over time, who is still there first."""
    listed = sorted(record.people, key=lambda held: held.entry.ended_on is not None)
    return Section(
        "people",
        "Important people",
        tuple(_person(held, record, today) for held in listed),
        "Nobody is on record. Who matters to the client, and how safe does it feel with them?",
        "person",
        "felt safety 0–10",
    )


def _belief(held: Held[e.Belief], rated: Sequence[Held[e.Conviction]], today: date) -> Row:
    entry = held.entry
    said = entry.belief if not entry.balanced else f"{entry.belief}\n→ {entry.balanced}"
    told = [] if entry.own_words else ["a starter, not the client's words"]
    if rated:
        told.insert(0, _from_to([one.entry.conviction for one in rated], "believed"))
        answers = [one.entry.balanced_conviction for one in rated if one.entry.balanced_conviction is not None]
        if answers:
            told.insert(1, _from_to(answers, "its answer"))
        told.append(words.day(rated[-1].entry.rated_on, today))
    else:
        told.append("conviction not asked yet")
    return row_of(
        "belief",
        held,
        said,
        " · ".join(told),
        acts=(Act("conviction", "Re-rate", {"belief_id": held.id}),),
        drawing=_conviction_drawing(rated, today) if len(rated) > 1 else None,
        under=tuple(_conviction(one, today) for one in rated[-1:]),
    )


def _conviction(held: Held[e.Conviction], today: date) -> Row:
    answer = held.entry.balanced_conviction
    said = f"Latest: {held.entry.conviction} %" + (f", its answer {answer} %" if answer is not None else "")
    return row_of("conviction", held, said, words.day(held.entry.rated_on, today))


def _conviction_drawing(rated: Sequence[Held[e.Conviction]], today: date) -> Course:
    first, last = rated[0].entry, rated[-1].entry
    held = [(one.entry.rated_on, one.entry.conviction / 100) for one in rated]
    answers = [
        (one.entry.rated_on, one.entry.balanced_conviction / 100)
        for one in rated
        if one.entry.balanced_conviction is not None
    ]
    label = (
        f"Believed from {first.conviction} % on {words.day(first.rated_on, today)} "
        f"to {last.conviction} % on {words.day(last.rated_on, today)}"
    )
    span = (first.rated_on, last.rated_on)
    return Course(label, (Line("held", _places(held, span)), Line("answer", _places(answers, span))))


def _person(held: Held[e.ImportantPerson], record: AttachmentRecord, today: date) -> Row:
    entry, course = held.entry, record.safety_course(held)
    moves = record.moves_of(held)
    roles = [word for is_it, word in ((entry.is_safe_haven, "comforts"), (entry.is_secure_base, "encourages")) if is_it]
    safe = _from_to([value for _, value in course], "felt safety", "") if course else "felt safety not asked"
    told = [safe, MOVES_WORDS.get(moves, ""), *roles]
    if entry.ended_on is not None:
        told.append(f"no longer there since {words.day(entry.ended_on, today)}")
    drawing = None
    if len(course) > 1:
        label = f"Felt safety from {course[0][1]} to {course[-1][1]} of 10"
        places = _places([(on, value / 10) for on, value in course], (course[0][0], course[-1][0]))
        drawing = Course(label, (Line("answer", places),), 90)
    act = Act("safety", "Re-rate", {"person_id": held.id})
    name = f"{entry.name}, {entry.relation}" if entry.relation else entry.name
    return row_of(
        "person",
        held,
        name,
        " · ".join(one for one in told if one),
        acts=() if entry.ended_on else (act,),
        drawing=drawing,
    )


def _from_to(values: Sequence[int], name: str, unit: str = " %") -> str:
    if len(values) == 1 or values[0] == values[-1]:
        return f"{name} {values[-1]}{unit}"
    return f"{name} {values[0]} → {values[-1]}{unit}"


def _places(points: Iterable[tuple[date, float]], span: tuple[date, date]) -> tuple[tuple[float, float], ...]:
    """Dated values between 0 and 1 as places in a drawing."""
    days = max(1, (span[1] - span[0]).days)
    return tuple(((on - span[0]).days / days, value) for on, value in points)
