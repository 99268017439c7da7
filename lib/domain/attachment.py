"""The attachment record of one client as it stands: every entry with its id, and what follows from them together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from lib.domain import entries as e
from lib.domain.signs import SignRating

E = TypeVar("E", bound=e.Entry)
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Held(Generic[E]):
    """An entry of the record. `version` is what a correction begins from; `was_changed`: it said something else."""

    id: int
    version: int
    entry: E
    was_changed: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    """Everything that stands of the attachment record, each kind in the order of its days."""

    ruptures: tuple[Held[e.Rupture], ...] = ()
    repairs: tuple[Held[e.Repair], ...] = ()
    moments: tuple[Held[e.Moment], ...] = ()
    beliefs: tuple[Held[e.Belief], ...] = ()
    convictions: tuple[Held[e.Conviction], ...] = ()
    people: tuple[Held[e.ImportantPerson], ...] = ()
    safety: tuple[Held[e.PersonSafety], ...] = ()
    practices: tuple[Held[e.HomePractice], ...] = ()
    reviews: tuple[Held[e.HomePracticeReview], ...] = ()
    steps: tuple[Held[e.LadderStep], ...] = ()
    attempts: tuple[Held[e.LadderAttempt], ...] = ()
    breaks: tuple[Held[e.TherapyBreak], ...] = ()
    events: tuple[Held[e.LifeEvent], ...] = ()
    formulations: tuple[Held[e.Formulation], ...] = ()
    parts: tuple[Held[e.PartOfWork], ...] = ()
    changes: tuple[Held[e.ChangeStep], ...] = ()
    ending_talks: tuple[Held[e.EndingTalk], ...] = ()
    signs: tuple[SignRating, ...] = ()

    def repair_of(self, rupture_id: int) -> e.Repair | None:
        """The repair of a rupture; None while it is open."""
        return next((held.entry for held in self.repairs if held.entry.rupture_id == rupture_id), None)

    def open_ruptures(self) -> list[Held[e.Rupture]]:
        """Ruptures without a repair, the oldest first."""
        return [held for held in self.ruptures if self.repair_of(held.id) is None]

    def agreed_practices(self) -> list[Held[e.HomePractice]]:
        """Everyday practices that were agreed and not ended."""
        return [held for held in self.practices if held.entry.ended_on is None]

    def breaks_ahead(self, today: date) -> list[Held[e.TherapyBreak]]:
        """Breaks that begin today or later, the next one first."""
        return sorted(
            (held for held in self.breaks if held.entry.starts_on >= today), key=lambda held: held.entry.starts_on
        )

    def breaks_to_look_back_on(self, today: date) -> list[Held[e.TherapyBreak]]:
        """Breaks that are over and of which nobody has written how they were weathered. Anniversaries are no breaks."""
        return [
            held
            for held in self.breaks
            if held.entry.kind != "anniversary"
            and held.entry.ends_on is not None
            and held.entry.ends_on < today
            and not held.entry.weathered.strip()
        ]

    def safety_course(self, person: Held[e.ImportantPerson]) -> list[tuple[date, int]]:
        """Felt safety with this person over time, oldest first; days on which nobody asked are not there."""
        first = person.entry.felt_safety
        course = [] if first is None else [(person.entry.noted_on, first)]
        later = [(h.entry.rated_on, h.entry.felt_safety) for h in self.safety if h.entry.person_id == person.id]
        return sorted(course + later, key=lambda point: point[0])

    def moves_of(self, person: Held[e.ImportantPerson]) -> str:
        """Who pursues or withdraws, as it was last said of this person."""
        said = [h.entry.moves for h in self.safety if h.entry.person_id == person.id and h.entry.moves]
        return said[-1] if said else person.entry.moves


def by_parent(held: Iterable[T], parent_of: Callable[[T], K]) -> Mapping[K, list[T]]:
    """Entries under the one they hang on, in their order."""
    found: dict[K, list[T]] = {}
    for each in held:
        found.setdefault(parent_of(each), []).append(each)
    return found
