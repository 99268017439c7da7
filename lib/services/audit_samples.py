"""Audit samples: files drawn at random on the record, looked at by a checklist the practice edits, with follow-up."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, InvalidInput, NotYours, StaleVersion
from lib.domain.people import Actor, Permission
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.storage import access_queries, audit_sample_records
from lib.storage.audit_sample_records import Question, Sample, SampledFile

__all__ = ["Question", "Sample", "SampledFile"]

LARGEST, LONGEST_QUESTION, LONGEST_REMARK, MOST_QUESTIONS = 50, 300, 2_000, 40
DEFAULT_CHECKLIST = (
    "The formulation names what keeps the pattern going, and is younger than three months.",
    "Every attended session has a signed note.",
    "Risk alerts have an answer that says what was done.",
    "Goals or growth markers were rated at the start and since.",
    "Questionnaires were given as often as agreed.",
    "Ruptures are noted with their repair.",
    "Breaks were prepared, and how they went is noted.",
    "Ending was talked about before it was planned.",
)


class Finding(StrEnum):
    """What was found on one question in one file."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class FileAudit:
    """What somebody found in a file: by question id a finding and a remark, and what is to follow."""

    found: Mapping[int, tuple[Finding, str]]
    follow_up: str
    follow_up_due_on: date | None
    version: int


def checklist(session: Session, actor: Actor) -> list[Question]:
    """The practice's questions, in order; the shipped ones have no id before they are first used."""
    _check_reader(session, actor)
    held = audit_sample_records.checklist(session)
    return held or [Question(0, question) for question in DEFAULT_CHECKLIST]


def edit_checklist(session: Session, actor: Actor, questions: Sequence[str], now: datetime) -> None:
    """Keep these questions. Practice admin; raises NotAllowed, InvalidInput. Old findings keep their old words."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.SETTINGS)
    kept = list(dict.fromkeys(" ".join(question.split()) for question in questions if question.strip()))
    if not kept or len(kept) > MOST_QUESTIONS or any(len(question) > LONGEST_QUESTION for question in kept):
        raise InvalidInput(
            f"A checklist has 1 to {MOST_QUESTIONS} questions of up to {LONGEST_QUESTION} letters.", field="checklist"
        )
    audit_sample_records.replace_checklist(session, kept, now.date())
    access.record_event(session, actor, "checklist_changed", "settings", now, details={"questions": len(kept)})


def draw_sample(
    session: Session,
    actor: Actor,
    therapist_id: int | None,
    starts_on: date,
    ends_on: date,
    size: int,
    seed: int,
    now: datetime,
) -> int:
    """Draw files at random among supervised clients with a session in the period; the seed is kept. Returns its id.

    Raises NotAllowed, NotYours for a therapist not supervised today, InvalidInput, Blocked where there is no file."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    if therapist_id is not None and not access_queries.supervises(session, actor, therapist_id, now.date()):
        raise NotYours("therapist", therapist_id)
    if not 1 <= size <= LARGEST or starts_on > ends_on or not 0 <= seed < 2**31:
        raise InvalidInput(f"A sample has 1 to {LARGEST} files of a period that ends after it begins.", field="sample")
    among = audit_sample_records.seen_clients(session, actor, therapist_id, starts_on, ends_on, now.date())
    if not among:
        raise Blocked("There is no file to draw.", [("Nobody was seen in this period.", "Choose a longer one.")])
    if not audit_sample_records.checklist(session):
        audit_sample_records.replace_checklist(session, DEFAULT_CHECKLIST, now.date())
    drawn = random.Random(seed).sample(among, min(size, len(among)))  # noqa: S311 - drawn again by its seed, no secret
    made = audit_sample_records.add_sample(
        session, drawn, supervisor_id=actor.account_id, therapist_id=therapist_id, starts_on=starts_on,
        ends_on=ends_on, seed=seed, population=len(among), drawn_at=now,
    )  # fmt: skip
    details = {"seed": seed, "population": len(among), "size": len(drawn)}
    access.record_event(session, actor, "audit_sample_drawn", "record audit", now, record_id=made, details=details)
    return made


def samples(session: Session, actor: Actor, now: datetime) -> list[Sample]:
    """This supervisor's samples, with the files still in their sight."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    return audit_sample_records.samples(session, actor, now.date())


def keep_audit(session: Session, actor: Actor, file_id: int, client_id: int, audit: FileAudit, now: datetime) -> int:
    """Keep what was found in a file and what is to follow. Returns the new version.

    Raises NotYours for a file not drawn by this supervisor or a client no longer supervised, InvalidInput,
    StaleVersion."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    held = audit_sample_records.file_row(session, file_id)
    if held is None or held[1] != actor.account_id or held[0].client_id != client_id:
        raise NotYours("audited file", file_id, Action.WRITE.value)
    client = access.client_for(session, actor, Action.COMMENT, RecordKind.FLAG, client_id, now)
    row = held[0]
    if row.version != audit.version:
        raise StaleVersion(audit.follow_up, row.follow_up, row.version)
    known = {question.id for question in audit_sample_records.checklist(session)}
    if not set(audit.found) <= known:
        raise InvalidInput("The checklist has changed.", "Look at the file again.", "checklist")
    remarks = [remark for _finding, remark in audit.found.values()]
    if any(len(text) > LONGEST_REMARK or "\x00" in text for text in (*remarks, audit.follow_up)):
        raise InvalidInput(f"A remark is text of at most {LONGEST_REMARK:,} letters.", "Shorten it.", "remark")
    audit_sample_records.keep_findings(
        session, file_id, {item: (str(found.value), remark.strip()) for item, (found, remark) in audit.found.items()}
    )
    row.audited_at, row.version = now, row.version + 1
    row.follow_up, row.follow_up_due_on = audit.follow_up.strip(), audit.follow_up_due_on
    access.record_event(session, actor, "file_audited", "record audit", now, record_id=file_id, client_code=client.code)
    session.flush()
    return row.version


def close_follow_up(session: Session, actor: Actor, file_id: int, client_id: int, done_on: date, now: datetime) -> None:
    """What was to follow has been done. Raises NotYours, Blocked where nothing is open, InvalidInput."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    held = audit_sample_records.file_row(session, file_id)
    if held is None or held[1] != actor.account_id or held[0].client_id != client_id:
        raise NotYours("audited file", file_id, Action.WRITE.value)
    client = access.client_for(session, actor, Action.COMMENT, RecordKind.FLAG, client_id, now)
    row = held[0]
    if not row.follow_up or row.follow_up_done_on is not None:
        raise Blocked("Nothing is to follow here.", [("It was done, or nothing was asked.", "Look again.")])
    if done_on > now.date():
        raise InvalidInput("It is done in the past, not ahead.", field="done on")
    row.follow_up_done_on, row.version = done_on, row.version + 1
    access.record_event(
        session, actor, "audit_follow_up_done", "record audit", now, record_id=file_id, client_code=client.code
    )


def _check_reader(session: Session, actor: Actor) -> None:
    if not access.as_of_now(session, actor).has(Permission.VIEW_SUPERVISED_PROGRESS):
        access.check_practice(session, actor, Action.READ, RecordKind.SETTINGS)
