"""Audit figures: how often what should be done was done, of how many; what a pattern at intake rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

FEWEST_FOR_A_SHARE = 5  # below it a percentage would speak of single clients
LATE_AFTER_DAYS = 7  # a proposal: a note signed later than a week after its session counts as late
MIDDLE = 4.0  # the middle of the 1 to 7 answers of the ECR family: a place on the scale, not a clinical cut-off
ANSWERED_SOON_DAYS = 1


class Indicator(StrEnum):
    """What is asked of records and of the process. Each is met or not, session by session, flag by flag."""

    NOTES_SIGNED = "notes_signed"
    NOTES_IN_TIME = "notes_in_time"
    NOTES_COSIGNED = "notes_cosigned"
    MEASURES_CURRENT = "measures_current"
    FLAGS_ANSWERED = "flags_answered"
    RUPTURES_REPAIRED = "ruptures_repaired"
    ENDINGS_WITH_SUMMARY = "endings_with_summary"
    ENDINGS_WITH_PLAN = "endings_with_plan"
    DOCUMENTS_STANDING = "documents_standing"
    FILES_IN_ORDER = "files_in_order"
    ALERTS_ANSWERED = "alerts_answered"
    ALERTS_SOON = "alerts_soon"
    BREAKS_PREPARED = "breaks_prepared"
    ENDINGS_TALKED = "endings_talked"
    CHECK_INS_HELD = "check_ins_held"


RECORDS: Mapping[Indicator, str] = {
    Indicator.FILES_IN_ORDER: "Open files in order: no unsigned note, no open risk flag, a score within 28 days",
    Indicator.NOTES_SIGNED: "Sessions attended that have a signed note",
    Indicator.NOTES_IN_TIME: f"Notes signed within {LATE_AFTER_DAYS} days of the session",
    Indicator.NOTES_COSIGNED: "Trainees' signed notes that are co-signed",
    Indicator.MEASURES_CURRENT: "Open clients with a score within 28 days",
    Indicator.FLAGS_ANSWERED: "Flags raised and answered",
    Indicator.RUPTURES_REPAIRED: "Ruptures with a repair noted",
    Indicator.ENDINGS_WITH_SUMMARY: "Endings with a signed closure summary",
    Indicator.ENDINGS_WITH_PLAN: "Endings with a signed relapse-prevention plan",
    Indicator.DOCUMENTS_STANDING: "Signed documents that still stand, not superseded",
}
PROCESS: Mapping[Indicator, str] = {
    Indicator.ALERTS_ANSWERED: "Risk alerts answered",
    Indicator.ALERTS_SOON: f"Risk alerts answered within {ANSWERED_SOON_DAYS} day",
    Indicator.RUPTURES_REPAIRED: "Ruptures repaired",
    Indicator.BREAKS_PREPARED: "Breaks prepared",
    Indicator.ENDINGS_TALKED: "Endings talked about before the end",
    Indicator.CHECK_INS_HELD: "Check-ins due and held",
}


class IntakePattern(StrEnum):
    """Where the first measured anxiety and avoidance lie on the scale. No type, no diagnosis, no label of a person."""

    BOTH_LOWER = "both_lower"
    AVOIDANCE = "avoidance_higher"
    ANXIETY = "anxiety_higher"
    BOTH_HIGHER = "both_higher"
    NOT_MEASURED = "not_measured"


PATTERN_WORDS: Mapping[IntakePattern, str] = {
    IntakePattern.BOTH_LOWER: "first anxiety and avoidance below 4",
    IntakePattern.AVOIDANCE: "first avoidance 4 or more, anxiety below",
    IntakePattern.ANXIETY: "first anxiety 4 or more, avoidance below",
    IntakePattern.BOTH_HIGHER: "both first scores 4 or more",
    IntakePattern.NOT_MEASURED: "not measured at intake",
}
PATTERN_RESTS_ON = (
    "The pattern at intake rests on the first measured anxiety and avoidance of an ECR questionnaire, against 4, the"
    " middle of its 1 to 7 scale. The middle is a place on the scale, not a cut-off and no type of person."
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator in one group: met in `met` of `of`. `pattern` None: it is not asked of records."""

    indicator: Indicator
    therapist_id: int
    pattern: IntakePattern | None
    of: int
    met: int


@dataclass(frozen=True, slots=True)
class Share:
    """`met` of `of`. `percent` None below five: the counts are told, a rate is not claimed."""

    met: int
    of: int

    @property
    def percent(self) -> float | None:
        """The share in per cent."""
        return None if self.of < FEWEST_FOR_A_SHARE else 100.0 * self.met / self.of

    @property
    def in_words(self) -> str:
        """ "14 of 16, 88 %", "2 of 3" below five, "none to count" where there is nothing."""
        if self.of == 0:
            return "none to count"
        percent = self.percent
        return f"{self.met} of {self.of}" + (f", {percent:.0f} %" if percent is not None else "")


def share(figures: Iterable[Figure], indicator: Indicator, **where: object) -> Share:
    """The figures of one indicator added up, of one therapist or one pattern where named."""
    found = [
        one
        for one in figures
        if one.indicator is indicator and all(getattr(one, name) == value for name, value in where.items())
    ]
    return Share(sum(one.met for one in found), sum(one.of for one in found))


def median_of(counts: Mapping[int, int]) -> float | None:
    """The median of values given as value -> how often; None for none."""
    total = sum(counts.values())
    if total == 0:
        return None
    middle = []
    for wanted in ((total - 1) // 2, total // 2):
        passed = 0
        for value in sorted(counts):
            passed += counts[value]
            if passed > wanted:
                middle.append(value)
                break
    return sum(middle) / 2
