"""Endings: how a course of therapy is closed, what stands in the way, and what was tried to reach a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.domain.errors import Blocked, InvalidInput
from lib.domain.flags import day_in_words
from lib.domain.process import EndingKind
from lib.domain.readiness_facts import PAPER_WORDS, Papers

LONGEST = 4000


class DecidedBy(StrEnum):
    """Who decided that therapy ends."""

    TOGETHER = "together"
    CLIENT = "client"
    THERAPIST = "therapist"
    CIRCUMSTANCES = "circumstances"
    NOT_KNOWN = "not_known"


class OutreachWay(StrEnum):
    """How a client was tried to be reached."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    EMAIL = "email"
    MESSAGE = "message"
    IN_PERSON = "in_person"
    THROUGH_OTHERS = "through_others"


WAY_WORDS = {
    OutreachWay.TELEPHONE: "by telephone",
    OutreachWay.LETTER: "by letter",
    OutreachWay.EMAIL: "by e-mail",
    OutreachWay.MESSAGE: "by text message",
    OutreachWay.IN_PERSON: "in person",
    OutreachWay.THROUGH_OTHERS: "through others, as agreed",
}


@dataclass(frozen=True, slots=True)
class EndingDraft:
    """What a therapist says of an ending. `reason`: for a sudden one what is known; `not_done`: what it left undone.

    `over_reason`: why it is closed although warnings stand, "" where none do. `check_ins`: the days agreed, by months
    after the end; `measures`: the instruments asked then."""

    ended_on: date
    kind: EndingKind
    decided_by: DecidedBy
    reason: str
    is_sudden: bool = False
    not_done: str = ""
    over_reason: str = ""
    check_ins: tuple[tuple[int, date], ...] = ()
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands in the way of closing: why, and the way out. Only `is_block` cannot be closed over."""

    why: str
    way_out: str
    is_block: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """One try to reach the client. `by` who noted it."""

    tried_on: date
    how: OutreachWay
    what: str
    by: str = ""


def obstacles(risk_flags: int, unsigned_notes: int, papers: Papers) -> tuple[Obstacle, ...]:
    """What blocks a closing, and what warns. Only an open risk flag blocks: no risk is left unanswered."""
    found = []
    if risk_flags:
        found.append(Obstacle("A risk flag is open.", "Answer it on the client's page first.", is_block=True))
    if unsigned_notes:
        found.append(Obstacle(f"Notes not signed: {unsigned_notes}.", "Sign or discard them."))
    for name, state in (("closure summary for the file", papers.summary), ("relapse-prevention plan", papers.plan)):
        if state != "signed":
            how = PAPER_WORDS.get(state, "is not begun")
            found.append(Obstacle(f"The {name} {how}.", "Finish it under Closure; it can still be signed afterwards."))
    return tuple(found)


def check_ending(draft: EndingDraft, starts_on: date, last_on: date | None, today: date) -> None:
    """Raises InvalidInput, naming the field, for an ending that cannot be. `last_on`: its last session."""
    if not starts_on <= draft.ended_on <= today:
        raise InvalidInput("It ends after it began, and not in the future.", "Correct the day.", "ended on")
    if last_on is not None and draft.ended_on < last_on:
        raise InvalidInput(
            f"A session of {day_in_words(last_on)} is on record.", "Therapy ends that day or later.", "ended on"
        )
    if not draft.reason.strip():
        asked = "Write what is known, even where that is little." if draft.is_sudden else "Write why therapy ends."
        raise InvalidInput("The reason is missing.", asked, "reason")
    if draft.is_sudden and not draft.not_done.strip():
        raise InvalidInput(
            "What was not done is missing.", 'Name what this ending left undone, or write "nothing".', "not done"
        )
    if draft.is_sudden and draft.kind is EndingKind.COMPLETED:
        raise InvalidInput("A sudden ending is not a completed therapy.", "Choose another kind.", "kind")
    if draft.is_sudden and draft.check_ins:
        raise InvalidInput("Check-ins are agreed at a planned ending.", "Note outreach instead.", "check-ins")
    for said in (draft.reason, draft.not_done, draft.over_reason):
        check_words(said)


def check_closable(found: Sequence[Obstacle], over_reason: str) -> None:
    """Raises Blocked for what cannot be closed over, or while warnings stand without a reason to close over them."""
    blocks = [(one.why, one.way_out) for one in found if one.is_block]
    if blocks:
        raise Blocked("This course of therapy cannot be closed yet.", blocks)
    if found and not over_reason.strip():
        raise Blocked(
            "Something is not finished.",
            [*((one.why, one.way_out) for one in found), ("Or close over it:", "write why it is closed all the same.")],
        )


def check_words(said: str) -> None:
    """Raises InvalidInput for words that are too long or hold what no text holds."""
    if len(said) > LONGEST or "\x00" in said:
        raise InvalidInput(f"A text here has at most {LONGEST:,} letters.", "Shorten it.", "words")


def ending_told(kind: str, is_sudden: bool) -> str:
    """The kind of ending in words, for documents; "" while nobody said it."""
    said = kind.replace("_", " ")
    return f"{said}, without a planned ending" if said and is_sudden else said


def reason_told(reason: str, not_done: str, tries: Sequence[Tried]) -> str:
    """Reason, what was tried to reach the client and what was not done, as documents may quote them."""
    parts = [_closed(reason)] if reason else []
    if tries:
        told = (f"{day_in_words(one.tried_on)} {WAY_WORDS[one.how]}: {one.what.rstrip('.')}" for one in tries)
        parts.append(f"Outreach: {'; '.join(told)}.")
    if not_done:
        parts.append(f"Not done: {_closed(not_done)}")
    return " ".join(parts)


def _closed(said: str) -> str:
    said = " ".join(said.split())
    return said if said.endswith((".", "!", "?", '"', "”")) else f"{said}."
