"""Shown days: the stretch of a course that every chart of a client's progress draws, and what of it lies in there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lib.ui import words
from lib.ui.courses import Span

LinePoint = tuple[date, float, float, float]  # a day, and three values that run straight between days


@dataclass(frozen=True, slots=True)
class ShownDays:
    """From a day to a day, both of them shown. `is_whole`: nothing of the course lies outside."""

    begins_on: date
    ends_on: date
    is_whole: bool = True

    def holds(self, on: date) -> bool:
        """Whether a day is shown."""
        return self.begins_on <= on <= self.ends_on

    def in_words(self) -> str:
        """ "3 Mar to 22 Nov 2026": the first day's year only where it is another."""
        first = words.full_day(self.begins_on)
        if self.begins_on.year == self.ends_on.year:
            first = first.removesuffix(f" {self.begins_on.year}")
        return f"{first} to {words.full_day(self.ends_on)}"

    @property
    def beside_a_verdict(self) -> str:
        """What a verdict speaks of, said wherever less than that is shown."""
        return "" if self.is_whole else ", over the whole course"

    def part_of(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """What of these spans is shown; a span outside is left out."""
        return tuple(
            replace(one, starts_on=max(one.starts_on, self.begins_on), ends_on=min(one.ends_on, self.ends_on))
            for one in spans
            if one.ends_on >= self.begins_on and one.starts_on <= self.ends_on
        )

    def part_of_line(self, line: Sequence[LinePoint]) -> tuple[LinePoint, ...]:
        """What of a line is shown, cut where it crosses the first or the last day."""
        cuts = [cut for edge in (self.begins_on, self.ends_on) for cut in _cut(line, edge)]
        return tuple(sorted({*(one for one in line if self.holds(one[0])), *cuts}))


def _cut(line: Sequence[LinePoint], edge: date) -> list[LinePoint]:
    """The line's values on a day between two of its points; none on one of its own days, or beyond its ends."""
    before = max((one for one in line if one[0] <= edge), default=None)
    after = min((one for one in line if one[0] >= edge), default=None)
    if before is None or after is None or before[0] == edge or after[0] == edge:
        return []
    share = (edge - before[0]).days / (after[0] - before[0]).days
    low, middle, high = (a + share * (b - a) for a, b in zip(before[1:], after[1:], strict=True))
    return [(edge, low, middle, high)]


def outside_in_words(days: ShownDays, dated: Mapping[str, Sequence[date]]) -> str:
    """How many things of each kind are not shown: "4 of 9 scores, 1 of 2 life events"; "nothing" where all are."""
    counted = {kind: (sum(not days.holds(on) for on in found), len(found)) for kind, found in dated.items()}
    told = [f"{out} of {words.count(all_, *kind.split('|'))}" for kind, (out, all_) in counted.items() if out]
    return ", ".join(told) or "nothing"
