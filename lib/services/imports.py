"""Imports: a parsed file is shown as what it would change, and taken in whole, or not at all, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput
from lib.domain.form_changes import Outcome
from lib.domain.import_outcomes import (
    ImportOptions,
    ImportPreview,
    ImportRefused,
    Receipt,
    RowChange,
    RowCount,
)
from lib.domain.imports import Parsed, Problem
from lib.domain.people import Actor, Permission, Role
from lib.services import access, collector
from lib.services.import_changes import changes_told
from lib.services.import_plans import ImportPlan, plan_import, rows_of
from lib.services.import_writing import write_plan
from lib.services.mappings import mapping_names, save_mapping, saved_mapping
from lib.storage import client_queries, engine, import_records

__all__ = [
    "ImportOptions",
    "ImportPreview",
    "ImportRefused",
    "Receipt",
    "RowChange",
    "commit_import",
    "mapping_names",
    "preview",
    "save_mapping",
    "saved_mapping",
]

UNASSIGNED = "{} new clients have no therapist: until one is assigned, nobody sees their record or its risk flags."
NOTHING_NEW = "Nothing changed: everything in this file is in the record already."


@collector.at_rest()
def preview(
    session: Session, actor: Actor, parsed: Parsed, options: ImportOptions, now: datetime, definitions: Definitions
) -> ImportPreview:
    """What the file would change, row by row. Writes nothing.

    The counts are those of the rows that are right; `refused` tells that, as things stand, none would be taken.
    Raises NotAllowed, InvalidInput for a therapist who is none."""
    therapist_id = _check_actor(session, actor, options)
    plan = plan_import(session, actor, parsed, options, now, definitions)
    receipt = _receipt(parsed, plan, therapist_id)
    return ImportPreview(
        kind=parsed.kind,
        receipt=receipt,
        changes=changes_told(plan, definitions),
        unknown_clients=tuple(plan.unknown),
        clients_to_create=tuple(plan.to_create),
        refused=bool(_why_refused(receipt, plan, options)),
        questions=parsed.questions,
    )


@collector.at_rest()
def commit_import(
    session: Session,
    actor: Actor,
    parsed: Parsed,
    options: ImportOptions,
    file_name: str,
    sha256: str,
    now: datetime,
    definitions: Definitions,
) -> Receipt:
    """Take the file in. Everything is decided anew: a preview may be older than the record.

    Raises ImportRefused with the problems and nothing written, NotAllowed, InvalidInput. A file whose every value is
    there already changes nothing, says so, and leaves an audit event alone."""
    therapist_id = _check_actor(session, actor, options)
    plan = plan_import(session, actor, parsed, options, now, definitions)
    receipt = _receipt(parsed, plan, therapist_id)
    refused = _why_refused(receipt, plan, options)
    if refused:
        raise ImportRefused(*refused, receipt=_nothing_taken(receipt))
    batch_id = None
    if receipt.new or receipt.corrected or receipt.rejected:
        engine.expect_many_pages(session)
        batch_id = _add_batch(session, actor, parsed.kind, receipt, file_name, sha256, now)
        write_plan(session, actor, plan, therapist_id, batch_id, file_name, now, definitions)
    _record(session, actor, receipt, sha256, batch_id, now)
    return replace(receipt, batch_id=batch_id)


def _check_actor(session: Session, actor: Actor, options: ImportOptions) -> int | None:
    """Who created clients are assigned to. A therapist's are their own; the operator names somebody or nobody."""
    access.require(session, actor, Permission.IMPORT_FILES)
    email = options.therapist_email
    if not actor.is_operator:
        if email and email.strip().lower() != actor.email.lower():
            raise InvalidInput(
                "Clients you create are your own.", "Leave the therapist out, or ask your practice admin.", "therapist"
            )
        return actor.account_id
    if not email:
        return None
    account = client_queries.therapist_by_email(session, email)
    if account is None or Role.THERAPIST not in account.roles:
        raise InvalidInput(f"There is no therapist {email!r} here.", "Correct the e-mail.", "therapist")
    return account.id


def _receipt(parsed: Parsed, plan: ImportPlan, therapist_id: int | None) -> Receipt:
    count = RowCount({*parsed.bad_rows, *plan.rejected_rows, *_rows_with_problems(parsed)})
    for form in plan.forms:
        count.add(form.incoming.rows, form.change.outcome)
    for rating in plan.ratings:
        count.add(rows_of(rating.incoming), rating.outcome)
    for note in plan.notes:
        count.add(rows_of(note.incoming), note.outcome)
    for row, first in parsed.repeats:
        count.repeat(row, first)
    problems = tuple(sorted((*parsed.problems, *plan.problems), key=lambda problem: problem.row or 0))
    rejected = count.of(Outcome.REJECTED) or (parsed.rows if problems and not _values(plan) else 0)
    new, corrected = count.of(Outcome.NEW), count.of(Outcome.CORRECTED)
    nothing = (NOTHING_NEW,) if _values(plan) and not (new or corrected or problems) else ()
    unseen = (UNASSIGNED.format(len(plan.to_create)),) if plan.to_create and therapist_id is None else ()
    return Receipt(
        recognised=parsed.recognised,
        rows=parsed.rows,
        new=new,
        unchanged=count.of(Outcome.UNCHANGED),
        corrected=corrected,
        rejected=rejected,
        problems=problems,
        warnings=(*parsed.warnings, *nothing, *unseen),
        created_clients=len(plan.to_create),
    )


def _rows_with_problems(parsed: Parsed) -> set[int]:
    return {problem.row for problem in parsed.problems if problem.row is not None}


def _values(plan: ImportPlan) -> int:
    return len(plan.forms) + len(plan.ratings) + len(plan.notes)


def _why_refused(receipt: Receipt, plan: ImportPlan, options: ImportOptions) -> tuple[str, str] | None:
    """Message and way out when the file is not taken; None when it is."""
    if not _values(plan):
        if receipt.problems:
            return "No row of this file can be taken in.", "Mend what is listed, and import it again."
        return "The file holds nothing to take in.", "Check that it is the right file."
    if receipt.problems and not options.only_valid:
        return (
            "The file was not taken in: some of it is wrong, and nothing was written.",
            "Mend what is listed, or ask for the rows that are right alone.",
        )
    return None


def _nothing_taken(receipt: Receipt) -> Receipt:
    """The receipt of a refused file: every row is left out, because none was written."""
    return Receipt(receipt.recognised, receipt.rows, 0, 0, 0, receipt.rows, receipt.problems, receipt.warnings)


def _add_batch(
    session: Session, actor: Actor, kind: str, receipt: Receipt, file_name: str, sha256: str, now: datetime
) -> int:
    return import_records.add_batch(
        session,
        kind=kind[:20],
        file_name=file_name[:300],
        sha256=sha256,
        recognised=receipt.recognised,
        rows=receipt.rows,
        new=receipt.new,
        unchanged=receipt.unchanged,
        corrected=receipt.corrected,
        rejected=receipt.rejected,
        left_out=[_left_out(problem) for problem in receipt.problems],
        imported_by_id=actor.account_id,
        imported_at=now,
    )


def _left_out(problem: Problem) -> dict[str, object]:
    """Where and by which rule; never the value, which may be a person's words."""
    return {"row": problem.row, "column": problem.column, "rule": problem.rule, "file": problem.file}


def _record(session: Session, actor: Actor, receipt: Receipt, sha256: str, batch_id: int | None, now: datetime) -> None:
    details = {
        "sha256": sha256,
        "rows": receipt.rows,
        "new": receipt.new,
        "unchanged": receipt.unchanged,
        "corrected": receipt.corrected,
        "rejected": receipt.rejected,
        "created_clients": receipt.created_clients,
    }
    access.record_event(session, actor, "file_imported", "import", now, record_id=batch_id, details=details)
