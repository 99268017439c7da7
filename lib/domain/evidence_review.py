"""Evidence review: what a person decided about a sentence. A suggestion is no finding until somebody confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lib.domain.errors import InvalidInput
from lib.domain.phrase_book import CODES, MARKERS, Polarity


class EvidenceState(StrEnum):
    """Where a piece of evidence stands. Only confirmed ones count anywhere."""

    SUGGESTED = "suggested"  # decided once, and taken back
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class RejectReason(StrEnum):
    """Why a suggestion is no evidence about this client now."""

    WRONG_CODE = "wrong code"
    WRONG_PERSON = "wrong person"
    DID_NOT_HAPPEN = "did not happen"
    PAST = "past"
    NOT_EVIDENCE = "not evidence"


@dataclass(frozen=True, slots=True)
class Place:
    """What was decided about: these letters of the note's text, read as this code, for or against it."""

    start: int
    end: int
    code: str
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a place. `reason` only where it is rejected; `context` is where it was seen, if known."""

    state: EvidenceState
    reason: RejectReason | None = None
    context: str = ""


def check_decision(decision: Decision, contexts: Mapping[str, object]) -> None:
    """Raises InvalidInput for a rejection without a reason, a reason without a rejection, an unknown context."""
    if (decision.state is EvidenceState.REJECTED) != (decision.reason is not None):
        raise InvalidInput("A rejection has a reason, and nothing else has.", "Choose why it is no evidence.", "reason")
    if decision.context and decision.context not in contexts:
        raise InvalidInput(f"There is no context {decision.context!r}.", field="context")


def check_missed(place: Place) -> None:
    """Raises InvalidInput for evidence under a code that the product does not know."""
    if place.code not in CODES:
        raise InvalidInput(f"There is no marker or sign {place.code!r}.", "Choose one of the list.", "code")


def supported_marker(
    code: str, polarity: Polarity, mirror: Mapping[tuple[str, Polarity], tuple[str, Polarity]]
) -> tuple[str, Polarity] | None:
    """The marker a piece of evidence speaks for or against: itself for a marker, its mirror for a sign.

    None for a sign that mirrors no marker."""
    return (code, polarity) if code in MARKERS else mirror.get((code, polarity))
