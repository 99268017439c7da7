"""Joint recovery: PHQ-9 with GAD-7 read together, as the English talking-therapies service (IAPT) counts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lib.domain.course import Course

PHQ9, GAD7 = "phq9.total", "gad7.total"
PHQ9_CASE, GAD7_CASE = 10.0, 8.0  # a case at this score or above
PHQ9_RELIABLE, GAD7_RELIABLE = 6.0, 4.0  # points
FEWEST_CONTACTS = 2
RULE = (
    "Case: PHQ-9 of 10 or more, or GAD-7 of 8 or more. Reliable improvement: PHQ-9 down by 6 or more, or GAD-7 down by"
    " 4 or more, and neither up by as much. Recovery: a case at first and no case at last. Reliable recovery: both."
    " (Thresholds: NCT05134103. Their combination follows the NHS talking-therapies rules as recalled, not re-checked.)"
)


@dataclass(frozen=True, slots=True)
class JointRecovery:
    """What the two questionnaires say together, from the first to the latest score of each.

    `is_judged` False: the data do not suffice, every answer is None, and `sentence` says what is missing."""

    is_judged: bool
    was_case: bool | None
    is_case: bool | None
    reliably_improved: bool | None
    reliably_deteriorated: bool | None
    recovered: bool | None
    reliably_recovered: bool | None
    sentence: str


def joint_recovery(courses: Mapping[str, Course], contacts: int) -> JointRecovery | None:
    """PHQ-9 and GAD-7 of the client's own forms together; None where one of them was never scored.

    `contacts` counts attended sessions: fewer than two is not yet a treatment to judge."""
    phq9, gad7 = courses.get(PHQ9), courses.get(GAD7)
    if phq9 is None or gad7 is None:
        return None
    lacking = [name for name, course in (("PHQ-9", phq9), ("GAD-7", gad7)) if len(course.points) < 2]
    if lacking:
        return _not_judged(f"there is no second score on the {' and the '.join(lacking)}")
    if contacts < FEWEST_CONTACTS:
        return _not_judged("fewer than two attended sessions are on record")
    return _judged(phq9, gad7)


def _not_judged(why: str) -> JointRecovery:
    return JointRecovery(
        False, None, None, None, None, None, None, f"PHQ-9 and GAD-7 together: not judged, because {why}."
    )


def _judged(phq9: Course, gad7: Course) -> JointRecovery:
    was_case = _is_case(phq9.first.value, gad7.first.value)
    is_case = _is_case(phq9.latest.value, gad7.latest.value)
    by_phq9, by_gad7 = phq9.latest.value - phq9.first.value, gad7.latest.value - gad7.first.value
    fell = by_phq9 <= -PHQ9_RELIABLE or by_gad7 <= -GAD7_RELIABLE
    rose = by_phq9 >= PHQ9_RELIABLE or by_gad7 >= GAD7_RELIABLE
    improved, deteriorated = fell and not rose, rose and not fell
    recovered = was_case and not is_case
    found = (was_case, is_case, improved, deteriorated, recovered, recovered and improved)
    return JointRecovery(True, *found, sentence=_sentence(phq9, gad7, found, fell and rose))


def _is_case(phq9: float, gad7: float) -> bool:
    return phq9 >= PHQ9_CASE or gad7 >= GAD7_CASE


def _sentence(phq9: Course, gad7: Course, found: tuple[bool, ...], both_ways: bool) -> str:
    was_case, is_case, improved, deteriorated, recovered, reliably = found
    if reliably:
        said = "reliable recovery: a case at first, none at last, and reliably better"
    elif recovered:
        said = "recovery, but not a reliable one: a case at first and none at last, by less than the rule asks"
        said += " or with one scale up" if both_ways else ""
    else:
        moved = "reliably better" if improved else "reliably worse" if deteriorated else "no reliable change"
        if both_ways:
            moved = "one scale reliably better and the other reliably worse, so no reliable change of the two"
        before, now = ("a case" if was_case else "no case"), ("a case" if is_case else "no case")
        said = f"{moved}; {before} at first, {now} at last"
    return f"PHQ-9 and GAD-7 together: {said} ({_moved('PHQ-9', phq9)}; {_moved('GAD-7', gad7)})."


def _moved(name: str, course: Course) -> str:
    first, last = course.first, course.latest
    return f"{name} {first.value:g} on {_day(first.taken_on)} to {last.value:g} on {_day(last.taken_on)}"


def _day(day: date) -> str:
    return f"{day.day} {day.strftime('%b %Y')}"
