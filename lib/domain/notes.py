"""Notes: their formats, the moves of their status, and what exactly a signature is put under."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.domain.errors import Frozen, HouseError, InvalidInput
from lib.domain.policy import RecordKind
from lib.domain.process import Attendance

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LONGEST_TEXT = 100_000  # letters; a dictated intake of two hours stays far below


class NoteStatus(StrEnum):
    """Where a note stands. Only a draft, or a note returned by the supervisor, may still be written in."""

    DRAFT = "draft"
    SIGNED = "signed"
    RETURNED = "returned"
    COSIGNED = "cosigned"
    IMPORTED = "imported"
    RETRACTED = "retracted"


class Compartment(StrEnum):
    """Progress notes are the shared record; process notes are their originator's alone."""

    PROGRESS = "progress"
    PROCESS = "process"


class NoteFormat(StrEnum):
    """How a note is laid out."""

    SOAP = "soap"
    DAP = "dap"
    BIRP = "birp"
    GIRP = "girp"
    NARRATIVE = "narrative"


HEADINGS: dict[NoteFormat, tuple[str, ...]] = {
    NoteFormat.SOAP: ("Subjective", "Objective", "Assessment", "Plan"),
    NoteFormat.DAP: ("Data", "Assessment", "Plan"),
    NoteFormat.BIRP: ("Behavior", "Intervention", "Response", "Plan"),
    NoteFormat.GIRP: ("Goal", "Intervention", "Response", "Plan"),
    NoteFormat.NARRATIVE: (),
}

# From each status to those that may follow. A returned note is signed again as its next version.
MOVES: dict[NoteStatus, frozenset[NoteStatus]] = {
    NoteStatus.DRAFT: frozenset({NoteStatus.SIGNED, NoteStatus.RETRACTED}),
    NoteStatus.SIGNED: frozenset({NoteStatus.COSIGNED, NoteStatus.RETURNED, NoteStatus.RETRACTED}),
    NoteStatus.RETURNED: frozenset({NoteStatus.SIGNED, NoteStatus.RETRACTED}),
    NoteStatus.COSIGNED: frozenset({NoteStatus.RETRACTED}),
    NoteStatus.IMPORTED: frozenset({NoteStatus.RETRACTED}),
    NoteStatus.RETRACTED: frozenset(),
}

WRITABLE = frozenset({NoteStatus.DRAFT, NoteStatus.RETURNED})
ADDABLE = frozenset({NoteStatus.SIGNED, NoteStatus.RETURNED, NoteStatus.COSIGNED, NoteStatus.IMPORTED})

SIGNATURE_MEANING = "I wrote this note, it is about this client, and it is a true record of the session."
COSIGNATURE_MEANING = "I supervise the author, have read this note, and take responsibility for it with them."

_STATUS_WORDS: dict[NoteStatus, str] = {
    NoteStatus.DRAFT: "Draft",
    NoteStatus.SIGNED: "Signed",
    NoteStatus.RETURNED: "Returned by the supervisor",
    NoteStatus.COSIGNED: "Co-signed",
    NoteStatus.IMPORTED: "Imported",
    NoteStatus.RETRACTED: "Retracted",
}


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """What is noted of the meeting itself, beside the text. `parts` and `approaches` are keys of the clinical model.

    `techniques`: what was done, in words. `starts_at_time` is the clock on the wall, "HH:MM"."""

    attendance: str = "attended"
    minutes: int | None = None
    modality: str = ""
    starts_at_time: str | None = None
    parts: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    techniques: str = ""
    agreed: str = ""
    risk_note: str = ""
    next_plan: str = ""
    next_on: date | None = None


def check_dated_on(dated_on: date, today: date, born_on: date | None) -> None:
    """Raises InvalidInput when a session's date lies in the future or before the client's birth."""
    if dated_on > today:
        raise InvalidInput("The date of the session is in the future.", "Give the day it was held.", field="date")
    if born_on is not None and dated_on < born_on:
        raise InvalidInput("The date of the session is before the client was born.", "Mend the date.", field="date")


def check_details(details: SessionDetails, held_on: date) -> None:
    """Raises InvalidInput when a detail of the session breaks a rule: 1-600 minutes, next date after this one."""
    if details.attendance not in frozenset(Attendance):
        raise InvalidInput("There is no such attendance.", "Choose one of the list.", field="attendance")
    if details.minutes is not None and not 1 <= details.minutes <= 600:
        raise InvalidInput("A session lasts 1 to 600 minutes.", "Mend the minutes.", field="minutes")
    if len(details.modality) > 30:
        raise InvalidInput("The modality has more than 30 letters.", "Shorten it.", field="modality")
    if details.starts_at_time is not None and _CLOCK.fullmatch(details.starts_at_time) is None:
        raise InvalidInput("The time is no time of day.", "Write it as 09:30.", field="time")
    if len(details.techniques) > 500:
        raise InvalidInput("The techniques have more than 500 letters.", "Put them into the note.", field="techniques")
    if details.next_on is not None and details.next_on <= held_on:
        raise InvalidInput("The next session is not after this one.", "Mend the next date.", field="next date")


def template(note_format: NoteFormat) -> str:
    """The headings of this format, each with an empty line to write on; empty for a narrative."""
    return headed(HEADINGS[note_format])


def headed(headings: Sequence[str]) -> str:
    """These headings in capitals, each with an empty line to write on."""
    return "\n\n".join(f"{heading.upper()}:\n" for heading in headings)


def status_in_words(status: NoteStatus, waits_for_cosignature: bool = False) -> str:
    """The status as a person reads it. A trainee's signed note waits for its co-signature."""
    if status is NoteStatus.SIGNED and waits_for_cosignature:
        return "Signed, waits for co-signature"
    return _STATUS_WORDS[status]


def kind_of(status: NoteStatus, compartment: Compartment) -> RecordKind:
    """Which row of the access policy this note falls under."""
    if compartment is Compartment.PROCESS:
        return RecordKind.NOTE_PROCESS
    return RecordKind.NOTE_DRAFT if status is NoteStatus.DRAFT else RecordKind.NOTE_SIGNED


def check_may_move(status: NoteStatus, to: NoteStatus) -> None:
    """Raises Frozen when a note that stands here can never stand there."""
    if to not in MOVES[status]:
        raise Frozen(
            f"A note that is {_STATUS_WORDS[status].lower()} cannot become {_STATUS_WORDS[to].lower()}.",
            "Add an addendum instead." if status is not NoteStatus.DRAFT else "Sign it first.",
        )


def check_may_write(status: NoteStatus) -> None:
    """Raises Frozen when the text of this note stands for good."""
    if status not in WRITABLE:
        raise Frozen(f"This note is {_STATUS_WORDS[status].lower()} and cannot change.", "Add an addendum instead.")


def may_write(status: NoteStatus) -> bool:
    """True while the text may still be written in."""
    return status in WRITABLE


def check_may_add(status: NoteStatus) -> None:
    """Raises Frozen when this note takes no addendum: a draft is still written in, a retracted one is closed."""
    if status not in ADDABLE:
        way_out = "Write in the draft itself." if status is NoteStatus.DRAFT else "Write it under the right client."
        raise Frozen(f"A note that is {_STATUS_WORDS[status].lower()} takes no addendum.", way_out)


def may_add(status: NoteStatus) -> bool:
    """True when an addendum can be put to this note."""
    return status in ADDABLE


def check_may_sign(status: NoteStatus, text: str) -> None:
    """Raises Frozen when it is signed already, InvalidInput when nothing has been written yet."""
    check_may_move(status, NoteStatus.SIGNED)
    if not has_words(text):
        raise InvalidInput("Nothing is written in this note yet.", "Write it, then sign.", field="text")


def may_sign(status: NoteStatus, text: str) -> bool:
    """True when this note may be signed as it stands."""
    return NoteStatus.SIGNED in MOVES[status] and has_words(text)


def has_words(text: str) -> bool:
    """True when there is more in the text than headings: lines in capitals that end with a colon."""
    return any(line.strip() and not is_heading(line) for line in text.splitlines())


def is_heading(line: str) -> bool:
    """Whether this line is a heading, of a built-in format or of the practice's own."""
    told = line.strip()
    return len(told) <= 62 and told.endswith(":") and told == told.upper() and any(one.isalpha() for one in told)


def clean_text(text: str) -> str:
    """The text with one kind of line break. Raises InvalidInput when it is too long or holds a null character."""
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(cleaned) > LONGEST_TEXT:
        raise InvalidInput(
            f"The note has {len(cleaned):,} letters; {LONGEST_TEXT:,} is the most.", "Split it in two.", field="text"
        )
    if "\x00" in cleaned or any("\ud800" <= letter <= "\udfff" for letter in cleaned):
        raise InvalidInput("The note holds a character that is not text.", "Take it out.", field="text")
    return cleaned


def text_hash(text: str) -> str:
    """sha256 of a text in UTF-8, 64 hex digits: what was shown, to compare with what is signed."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedContent:
    """Everything a signature on a note is put under. `number` is the version, from 1."""

    client_code: str
    client_name: str
    client_born_on: date | None
    dated_on: date
    format: str
    compartment: str
    number: int
    text: str


def canonical_content(content: SignedContent) -> str:
    """What is signed, as stable JSON: the same letters whoever writes it."""
    plain = {
        "client": {
            "code": content.client_code,
            "name": content.client_name,
            "born_on": content.client_born_on.isoformat() if content.client_born_on else None,
        },
        "dated_on": content.dated_on.isoformat(),
        "format": content.format,
        "compartment": content.compartment,
        "number": content.number,
        "text": content.text,
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def signed_text(canonical: str) -> str:
    """The note's text out of its canonical content. Raises HouseError when it is no such content."""
    try:
        text = json.loads(canonical)["text"]
    except (ValueError, KeyError, TypeError) as error:
        raise HouseError("A frozen note version does not hold canonical content.") from error
    return str(text)
