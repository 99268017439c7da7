"""Caseload and client record: one's own clients alone, who needs somebody first, read from standings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from lib.domain.errors import NotAllowed, NotYours
from lib.domain.markers import RatingDraft
from lib.domain.notes import SessionDetails
from lib.services import caseload, client_record, clients, flags, measures, sessions
from lib.storage.engine import Database
from lib.storage.tables import Assignment, Flag, Note
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
KNOWN = factories.definitions()


def test_who_needs_somebody_stands_first(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        calm = factories.client(session, house.lark, "A-CALM")
        risk = factories.client(session, house.lark, "Z-RISK")
        worse = factories.client(session, house.lark, "M-WORSE")
        factories.course(session, house.lark, calm, "A-CALM", [8], TODAY)
        factories.course(session, house.lark, worse, "M-WORSE", [8, 18], TODAY - timedelta(days=10))
        factories.enter(session, house.lark, risk, factories.phq9_total("Z-RISK", TODAY, 4, 1))
    with database.reading() as session:
        entries = caseload.own_caseload(session, house.lark, NOW)
        assert [(e.standing.code, e.attention) for e in entries] == [
            ("Z-RISK", 0), ("M-WORSE", 1), ("A-CALM", 9), ("SB-001", 9),
        ]  # fmt: skip
        assert entries[0].reasons[0].step == "Record response" and not entries[0].is_cover


def test_a_caseload_is_one_query_however_long_it_is(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        for number in range(20):
            factories.client(session, house.lark, f"N-{number}")
    asked: list[str] = []
    with sqlite_database.reading() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert len(caseload.own_caseload(session, house.lark, NOW)) == 21
    assert len(asked) == 2  # who asks, as their account is at this moment; and the list


def test_others_clients_are_not_in_it_and_cover_is_while_it_lasts(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.assign(session, house.boris, house.lark, "cover", TODAY - timedelta(days=3), TODAY)
    with database.reading() as session:
        entries = caseload.own_caseload(session, house.lark, NOW)
        assert [(e.standing.code, e.is_cover) for e in entries] == [("SB-001", False), ("SB-002", True)]
        tomorrow = caseload.own_caseload(session, house.lark, NOW + timedelta(days=1))
        assert [e.standing.code for e in tomorrow] == ["SB-001"]
        for stranger in (house.heron, house.admin):
            with pytest.raises(NotAllowed):
                caseload.own_caseload(session, stranger, NOW)


def test_a_transfer_takes_the_client_out_at_once(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        row = session.scalars(select(Assignment).where(Assignment.client_id == house.anna)).one()
        row.starts_on, row.ends_on = factories.LONG_AGO, TODAY - timedelta(days=1)
        session.flush()
        assert caseload.own_caseload(session, house.lark, NOW) == []
        with pytest.raises(NotYours):
            client_record.client_overview(session, house.lark, house.anna, NOW, KNOWN)


def test_a_reason_that_time_brings_shows_without_anything_being_written(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        sessions.record_session(session, house.lark, house.anna, TODAY, SessionDetails(), NOW, KNOWN)
    with database.reading() as session:
        assert caseload.own_caseload(session, house.lark, NOW)[0].attention == 9
        later = caseload.own_caseload(session, house.lark, NOW + timedelta(days=20))[0]
        assert [reason.kind for reason in later.reasons] == ["no_next_date"]


def test_the_record_of_a_client_shows_what_lies_behind_each_point(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [17, 8], TODAY - timedelta(days=14))
        unanswered = (None, None, 1, 1, 1, 1, 1, 1)
        factories.enter(session, house.lark, house.anna, factories.phq9("SB-001", TODAY, 1, *unanswered))
        factories.enter(session, house.lark, house.anna, factories.phq9("SB-001", TODAY, 2, *unanswered))
        rating = RatingDraft("needs", 2, TODAY, "partner", episode_on=TODAY, evidence="asked for a hug")
        measures.rate_marker(session, house.lark, house.anna, rating, NOW, KNOWN)
        sessions.record_session(session, house.lark, house.anna, TODAY, SessionDetails(minutes=50), NOW, KNOWN)
        flag_id = session.scalars(select(Flag.id).where(Flag.is_risk)).one()
        flags.respond_to_flag(session, house.lark, flag_id, house.anna, "Asked: safe tonight.", NOW, KNOWN)
    with database.reading() as session:
        overview = client_record.client_overview(session, house.heron, house.anna, NOW, KNOWN)
        (measure,) = overview.measures
        assert [(p.value, p.band) for p in measure.points] == [(17, "moderately severe"), (8, "mild")]
        assert measure.change.verdict == "recovered" and measure.error_band is not None
        (missing,) = measure.missing
        assert missing.taken_on == TODAY and "7 of 9 items were answered" in missing.why
        latest = overview.form(missing.form_id)
        assert latest is not None and latest.items[8].label == "Several days" and latest.items[8].is_risk
        assert latest.items[1].answer is None and latest.items[1].label == "not answered"
        assert [form.superseded_at is None for form in overview.forms].count(False) == 1
        assert overview.markers["needs"].summary.level == 2 and overview.markers["trust"].summary.level is None
        assert overview.flags[0].responses[0].what_was_done == "Asked: safe tonight."
        assert overview.flags[0].responses[0].responded_by == "Lark"
        assert overview.sessions[0].minutes == 50 and not overview.client.may_write
        told = client_record.as_json(overview)
        assert told["measures"][0]["points"][1]["taken_on"] == (TODAY - timedelta(days=7)).isoformat()


def test_process_notes_and_others_drafts_do_not_exist_in_it(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        for compartment, status in (("progress", "signed"), ("progress", "draft"), ("process", "signed")):
            session.add(
                Note(
                    client_id=house.anna,
                    originator_id=house.lark.account_id,
                    compartment=compartment,
                    status=status,
                    format="narrative",
                    dated_on=TODAY,
                    text="secret words",
                    saved_at=NOW,
                )
            )
    with database.reading() as session:
        own = client_record.client_overview(session, house.lark, house.anna, NOW, KNOWN)
        seen = client_record.client_overview(session, house.heron, house.anna, NOW, KNOWN)
        assert len(own.notes) == 3 and own.client.may_write
        assert [(note.compartment, note.status) for note in seen.notes] == [("progress", "signed")]
        assert "secret words" not in str(client_record.as_json(own))


def test_a_client_that_is_not_ones_own_reads_like_none(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        told = []
        for client_id in (house.boris, 9999):
            with pytest.raises(NotYours) as refused:
                client_record.client_overview(session, house.lark, client_id, NOW, KNOWN)
            told.append(refused.value.in_words())
        assert told[0] == told[1]


def test_a_code_is_verbatim_and_one_that_is_taken_is_refused_without_saying_by_whom(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.client(session, house.lark, "007")
        factories.client(session, house.lark, "7")
        told = []
        for code in ("SB-002", "SB-001", " spaced"):
            with pytest.raises(clients.InvalidInput) as refused:
                factories.client(session, house.lark, code)
            told.append(refused.value.message)
        assert len(set(told)) == 1
        with pytest.raises(NotAllowed):
            factories.client(session, house.heron, "NEW")
        with pytest.raises(NotAllowed):
            clients.create_client(session, house.lark, "NEW", "", None, None, NOW, owner_id=house.finch.account_id)
        unassigned = clients.create_client(session, house.admin, "NEW", "", None, date(2026, 1, 1), NOW)
        assert session.scalars(select(Assignment).where(Assignment.client_id == unassigned)).all() == []


def test_an_edit_from_an_old_version_is_refused_with_both_texts(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        edit = clients.ClientEdit("Anna M.", date(1990, 1, 1), None, "phq9.total", 1)
        assert clients.edit_client(session, house.lark, house.anna, edit, NOW, KNOWN) == 2
        with pytest.raises(clients.StaleVersion) as stale:
            clients.edit_client(session, house.lark, house.anna, edit, NOW, KNOWN)
        assert "Anna M." in stale.value.theirs
        (entry,) = caseload.own_caseload(session, house.lark, NOW)
        assert entry.standing.name == "Anna M."
