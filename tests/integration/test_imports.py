"""Imports: a file is taken in whole or not at all, changes nothing the second time, and tells of no others' clients."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput, NotAllowed
from lib.domain.imports import AdministrationIn, MarkerRatingIn, NoteIn, Parsed, Problem
from lib.domain.people import OPERATOR, Actor
from lib.exchange.mappings import ColumnMapping
from lib.exchange.read_options import ReadOptions
from lib.exchange.score_sheets import read_scores
from lib.services import caseload, imports, standing
from lib.services.imports import ImportOptions, ImportRefused, Receipt
from lib.storage import measure_queries
from lib.storage.engine import Database
from lib.storage.tables import (
    Administration,
    Assignment,
    AuditEvent,
    Client,
    Flag,
    ImportBatch,
    Note,
    NoteVersion,
    Rating,
    Standing,
    TherapySession,
)
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
DAY = date(2026, 2, 10)
KNOWN = factories.definitions()
PLAIN = ImportOptions()
CREATE = ImportOptions(create_clients=True)
FOR_LARK = ImportOptions(create_clients=True, therapist_email="LARK@example.org")
TABLES = (Client, Assignment, Administration, Rating, Note, NoteVersion, TherapySession, Flag, Standing, ImportBatch)


def scores(*forms: AdministrationIn, problems: Sequence[Problem] = (), bad_rows: Sequence[int] = ()) -> Parsed:
    numbered = tuple(form._replace(rows=(row,)) for row, form in enumerate(forms, start=2))
    rows = len(forms) + len(bad_rows)
    return Parsed("scores", "a test file", rows, numbered, problems=tuple(problems), bad_rows=tuple(bad_rows))


def notes(*brought: NoteIn) -> Parsed:
    numbered = tuple(replace(note, row=row) for row, note in enumerate(brought, start=2))
    return Parsed("notes", "notes", len(brought), notes=numbered)


def ratings(*brought: MarkerRatingIn) -> Parsed:
    numbered = tuple(replace(rating, row=row) for row, rating in enumerate(brought, start=2))
    return Parsed("markers", "ratings", len(brought), ratings=numbered)


def take(
    session: Session, actor: Actor, parsed: Parsed, options: ImportOptions = PLAIN, name: str = "file.csv"
) -> Receipt:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return imports.commit_import(session, actor, parsed, options, name, sha256, NOW, KNOWN)


def counted(receipt: Receipt) -> tuple[int, ...]:
    told = receipt.as_json()
    return tuple(told[key] for key in ("rows", "new", "unchanged", "corrected", "rejected"))


def contents(session: Session) -> dict[str, int]:
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def test_a_therapist_imports_scores_of_own_clients(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        receipt = take(session, house.lark, scores(factories.phq9_total("SB-001", DAY, 14, 1)))
        assert counted(receipt) == (1, 1, 0, 0, 0) and receipt.created_clients == 0
        assert session.scalars(select(Flag.kind)).all() == ["item9_endorsed"], "imports raise risk flags too"
        assert session.get_one(Standing, house.anna).open_risk_flags == 1
        assert session.scalar(select(func.count()).where(AuditEvent.action == "file_imported")) == 1


def test_the_same_file_again_changes_nothing_and_says_so(database: Database) -> None:
    brought = scores(*(factories.phq9_total("SB-001", DAY + timedelta(days=n), 9 + n) for n in range(3)))
    with database.writing() as session:
        house = factories.house(session)
        take(session, house.lark, brought)
        before = contents(session)
        again = take(session, house.lark, brought, name="the same under another name.csv")
        assert counted(again) == (3, 0, 3, 0, 0) and again.warnings == (imports.NOTHING_NEW,)
        assert contents(session) == before


def test_a_file_of_more_days_than_a_statement_takes_finds_what_is_held(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_queries, "CHUNK", 2)
    forms = [factories.phq9_total("SB-001", DAY + timedelta(days=n), 9 + n) for n in range(4)]
    with database.writing() as session:
        house = factories.house(session)
        take(session, house.lark, scores(*forms))
        last = factories.phq9_total("SB-001", DAY + timedelta(days=3), 5)
        assert counted(take(session, house.lark, scores(*forms[:3], last))) == (4, 0, 3, 1, 0)


def test_a_changed_answer_is_a_correction_that_keeps_the_old_form(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        take(session, house.lark, scores(factories.phq9_total("SB-001", DAY, 14)))
        corrected = scores(factories.phq9_total("SB-001", DAY, 13), factories.phq9_total("SB-001", TODAY, 9))
        assert counted(take(session, house.lark, corrected)) == (2, 1, 0, 1, 0)
        session.expire_all()
        forms = session.scalars(select(Administration).order_by(Administration.id)).all()
        assert [form.scales["total"] for form in forms] == [14, 13, 9]
        assert forms[0].superseded_by_id == forms[1].id and forms[1].superseded_at is None


def test_one_wrong_row_and_nothing_is_written(database: Database) -> None:
    wrong = Problem(3, "item_1", "7", "out of range", "Correct it.")
    brought = scores(factories.phq9_total("SB-001", DAY, 14), problems=[wrong], bad_rows=[3])
    with database.writing() as session:
        house = factories.house(session)
        before = contents(session)
        with pytest.raises(ImportRefused) as refused:
            take(session, house.lark, brought)
        assert refused.value.problems == (wrong,) and counted(refused.value.receipt) == (2, 0, 0, 0, 2)
        assert contents(session) == before


def test_the_right_rows_alone_is_a_choice_that_records_what_was_left_out(database: Database) -> None:
    wrong = Problem(3, "text", "something a client said", "no such column", "Remove it.")
    brought = scores(factories.phq9_total("SB-001", DAY, 14), problems=[wrong], bad_rows=[3])
    with database.writing() as session:
        house = factories.house(session)
        receipt = take(session, house.lark, brought, ImportOptions(only_valid=True))
        assert counted(receipt) == (2, 1, 0, 0, 1)
        batch = session.scalars(select(ImportBatch)).one()
        assert [(left["row"], left["rule"]) for left in batch.left_out] == [(3, "no such column")]
        assert "something a client said" not in str(batch.left_out)


def test_a_file_without_one_right_row_is_refused_even_then(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        brought = scores(factories.phq9_total("SB-001", TODAY + timedelta(days=1), 14))
        with pytest.raises(ImportRefused, match="No row"):
            take(session, house.lark, brought, ImportOptions(only_valid=True))
        with pytest.raises(ImportRefused, match="holds nothing"):
            take(session, house.lark, scores())


def test_another_therapists_client_reads_exactly_like_an_unknown_one(database: Database) -> None:
    told: list[Any] = []
    with database.writing() as session:
        house = factories.house(session)
        before = contents(session)
        for code in ("SB-002", "SB-999"):
            with pytest.raises(ImportRefused) as refused:
                take(session, house.lark, scores(factories.phq9_total(code, DAY, 14)))
            told.append((refused.value.in_words(), [(p.rule, p.mend) for p in refused.value.problems]))
        assert told[0] == told[1] and contents(session) == before


def test_creating_clients_neither_takes_nor_describes_another_therapists(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.enter(session, house.finch, house.boris, factories.phq9_total("SB-002", DAY, 20))
        brought = scores(factories.phq9_total("NEW-1", DAY, 14), factories.phq9_total("SB-002", DAY, 3))
        with pytest.raises(ImportRefused) as refused:
            take(session, house.lark, brought, CREATE)
        (problem,) = refused.value.problems
        assert problem.value == "SB-002" and problem.rule == "the client is not among your clients"
        assert "exist" not in refused.value.in_words() + problem.mend and "Finch" not in problem.mend
        receipt = take(session, house.lark, brought, replace(CREATE, only_valid=True))
        assert counted(receipt) == (2, 1, 0, 0, 1) and receipt.created_clients == 1
        owners = session.scalars(select(Assignment.therapist_id).where(Assignment.client_id == house.boris)).all()
        assert owners == [house.finch.account_id]
        theirs = session.scalars(select(Administration).where(Administration.client_id == house.boris)).one()
        assert theirs.scales == {"total": 20}


def test_unknown_clients_are_created_only_when_asked_for_and_become_ones_own(database: Database) -> None:
    brought = scores(factories.phq9_total("007", DAY, 14), factories.phq9_total("NA", DAY, 12))
    with database.writing() as session:
        house = factories.house(session)
        seen = imports.preview(session, house.lark, brought, ImportOptions(), NOW, KNOWN)
        assert seen.unknown_clients == ("007", "NA") and seen.refused and seen.receipt.rejected == 2
        seen = imports.preview(session, house.lark, brought, CREATE, NOW, KNOWN)
        assert seen.clients_to_create == ("007", "NA") and not seen.refused and seen.receipt.new == 2
        assert take(session, house.lark, brought, CREATE).created_clients == 2
        codes = [entry.standing.code for entry in caseload.own_caseload(session, house.lark, NOW)]
        assert codes == ["007", "NA", "SB-001"]


def test_the_operator_assigns_created_clients_or_leaves_them(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        unseen = take(session, OPERATOR, scores(factories.phq9_total("A", DAY, 1)), CREATE)
        assert "nobody sees their record" in unseen.warnings[0]
        take(
            session,
            OPERATOR,
            scores(factories.phq9_total("B", DAY, 1)),
            replace(CREATE, therapist_email="LARK@example.org"),
        )
        assert [e.standing.code for e in caseload.own_caseload(session, house.lark, NOW)] == ["B", "SB-001"]
        for email in ("nobody@example.org", house.heron.email):
            with pytest.raises(InvalidInput, match="no therapist"):
                take(session, OPERATOR, scores(), replace(CREATE, therapist_email=email))
        with pytest.raises(InvalidInput, match="your own"):
            take(session, house.lark, scores(), replace(CREATE, therapist_email=house.finch.email))


def test_who_may_import_at_all(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        for actor in (house.heron, house.admin):
            with pytest.raises(NotAllowed):
                take(session, actor, scores(factories.phq9_total("SB-001", DAY, 1)))
            with pytest.raises(NotAllowed):
                imports.preview(session, actor, scores(), CREATE, NOW, KNOWN)


def test_a_day_before_birth_or_in_the_future_is_a_row_with_its_rule(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        session.get_one(Client, house.anna).born_on = date(1990, 5, 1)
        session.flush()
        brought = scores(
            factories.phq9_total("SB-001", date(1990, 4, 30), 3),
            factories.phq9_total("SB-001", TODAY + timedelta(days=1), 3),
        )
        seen = imports.preview(session, house.lark, brought, ImportOptions(), NOW, KNOWN)
        assert [(p.row, p.column) for p in seen.receipt.problems] == [(2, "date"), (3, "date")]
        assert "born" in seen.receipt.problems[0].rule and "future" in seen.receipt.problems[1].rule


def test_a_preview_tells_old_and_new_and_writes_nothing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        take(session, house.lark, scores(factories.phq9_total("SB-001", DAY, 14)))
        before = contents(session)
    with database.reading() as session:
        brought = scores(factories.phq9_total("SB-001", DAY, 13))
        (change,) = imports.preview(session, house.lark, brought, ImportOptions(), NOW, KNOWN).changes
        assert (change.outcome, change.what) == ("corrected", "PHQ-9 of 10 Feb 2026")
        assert (change.before, change.after) == ("PHQ-9 14; item 5: 2", "PHQ-9 13; item 5: 1")
        assert contents(session) == before


def test_two_different_forms_of_one_day_in_one_file_are_a_problem(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        same = factories.phq9_total("SB-001", DAY, 14)
        assert counted(take(session, house.lark, scores(same, same))) == (2, 1, 1, 0, 0)
        with pytest.raises(ImportRefused) as refused:
            take(session, house.lark, scores(same, factories.phq9_total("SB-001", DAY, 13)))
        assert "stands in this file" in refused.value.problems[0].rule


def test_an_imported_note_is_final_frozen_and_nobodys_to_edit(database: Database) -> None:
    note = NoteIn("SB-001", DAY, "He said: “fine”.\n\n=2+2", session_number=4, minutes=50, file="SB-001_2026-02-10.txt")
    with database.writing() as session:
        house = factories.house(session)
        assert counted(take(session, house.lark, notes(note))) == (1, 1, 0, 0, 0)
        row = session.scalars(select(Note)).one()
        assert (row.status, row.originator_id, row.text) == ("imported", None, note.text)
        version = session.scalars(select(NoteVersion)).one()
        assert version.meaning == "Imported from SB-001_2026-02-10.txt"
        assert version.sha256 == hashlib.sha256(version.content.encode()).hexdigest() and "2+2" in version.content
        held = session.scalars(select(TherapySession)).one()
        assert (held.number, held.minutes, held.attendance, row.session_id) == (4, 50, "attended", held.id)
    with pytest.raises(DatabaseError), database.writing() as session:
        session.get_one(NoteVersion, version.id).content = "something else"
        session.flush()


def test_a_note_again_is_unchanged_and_another_text_is_a_second_note(database: Database) -> None:
    first = NoteIn("SB-001", DAY, "One text.", session_number=4)
    with database.writing() as session:
        house = factories.house(session)
        take(session, house.lark, notes(first))
        assert counted(take(session, house.lark, notes(first), name="other.csv")) == (1, 0, 1, 0, 0)
        both = notes(first, replace(first, text="Another text."))
        assert counted(take(session, house.lark, both)) == (2, 1, 1, 0, 0)
        assert session.scalars(select(Note.text).order_by(Note.id)).all() == ["One text.", "Another text."]
        assert session.scalar(select(func.count(TherapySession.id))) == 1, "both belong to the one session"


def test_a_retracted_note_does_not_come_back_with_the_same_file(database: Database) -> None:
    note = NoteIn("SB-001", DAY, "Wrong client.")
    with database.writing() as session:
        house = factories.house(session)
        take(session, house.lark, notes(note))
        session.scalars(select(Note)).one().status = "retracted"
        session.flush()
        assert counted(take(session, house.lark, notes(note))) == (1, 0, 1, 0, 0)


def test_ratings_are_new_unchanged_or_corrected(database: Database) -> None:
    trust = MarkerRatingIn("SB-001", DAY, "trust", 2, "partner", "asked for help")
    unknown = MarkerRatingIn("SB-001", DAY, "needs", None)
    with database.writing() as session:
        house = factories.house(session)
        assert counted(take(session, house.lark, ratings(trust, unknown))) == (2, 2, 0, 0, 0)
        bare = replace(trust, evidence="")
        assert counted(take(session, house.lark, ratings(bare, unknown))) == (2, 0, 2, 0, 0)
        corrected = take(session, house.lark, ratings(replace(trust, level=3), replace(unknown, level=0)))
        assert counted(corrected) == (2, 0, 0, 2, 0)
        session.expire_all()
        kept = session.scalars(select(Rating).order_by(Rating.id)).all()
        assert [(r.level, r.superseded_at is None) for r in kept] == [(2, False), (None, False), (3, True), (0, True)]
        marker = {m["marker"]: m["level"] for m in session.get_one(Standing, house.anna).detail["markers"]}
        assert marker == {"trust": 3, "needs": 0}


def test_a_long_file_counts_its_rows_so_that_they_add_up(database: Database) -> None:
    lines = ["client,date,instrument,item,answer"]
    lines += [f"SB-001,2026-02-10,phq9,{item},{item % 3}" for item in range(1, 10)]
    parsed = read_scores("\n".join(lines).encode(), "long.csv", KNOWN.instruments, ReadOptions(today=TODAY))
    with database.writing() as session:
        house = factories.house(session)
        assert counted(take(session, house.lark, parsed)) == (9, 9, 0, 0, 0)
        assert counted(take(session, house.lark, parsed)) == (9, 0, 9, 0, 0)
        assert session.scalar(select(func.count(Administration.id))) == 1


def test_standings_after_an_import_are_those_of_a_rebuild(database: Database) -> None:
    brought = scores(
        *(factories.phq9_total(f"C-{n % 7}", DAY - timedelta(days=7 * n), n % 24, n % 2) for n in range(40))
    )
    with database.writing() as session:
        house = factories.house(session)
        take(session, house.lark, brought, CREATE)

        def kept() -> list[Any]:
            session.expire_all()
            return [
                (row.client_id, row.detail) for row in session.scalars(select(Standing).order_by(Standing.client_id))
            ]

        before = kept()
        standing.rebuild(session, NOW, KNOWN)
        assert kept() == before and len(before) == 9


def test_a_saved_mapping_is_found_again_by_name(database: Database) -> None:
    mapping = ColumnMapping(name="clinic export", columns={"Patient": "client"})
    with database.writing() as session:
        house = factories.house(session)
        imports.save_mapping(session, house.lark, mapping, NOW)
        imports.save_mapping(session, house.lark, mapping, NOW)
        assert imports.mapping_names(session, house.lark) == ("clinic export",)
        assert imports.saved_mapping(session, house.lark, "clinic export") == mapping
        with pytest.raises(InvalidInput, match="another mapping"):
            imports.save_mapping(session, house.lark, replace(mapping, columns={"ID": "client"}), NOW)
        with pytest.raises(InvalidInput, match="no mapping"):
            imports.saved_mapping(session, house.lark, "nothing")
