"""The demonstration: made whole in an empty database, the same each time, and every story says what it claims."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from lib.bootstrap import ROOT
from lib.domain.closure import Audience, DocumentKind, SourceKind
from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked
from lib.domain.people import OPERATOR
from lib.domain.standing import StandingDetail
from lib.exchange.definition_files import load_definitions
from lib.exchange.demo_stories import load_demo_stories
from lib.services import access, closure_drafts, demo_crowd, named_accounts, practice
from lib.services.caseload import own_caseload
from lib.services.demonstration import SEED, make_demonstration
from lib.storage import archive_queries, archive_records, audit_queries, ending_records
from lib.storage.engine import Database, open_database
from lib.storage.schema import migrate
from lib.storage.tables import Account, AuditEvent, Client, Episode, Evidence, Note, NoteVersion, Standing
from tests.conftest import MASTER_KEY, NOW

CLOCK = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    """Instruments and the clinical model of the product."""
    return load_definitions(ROOT / "data")


def _made(file: Path, definitions: Definitions, clients: int | None = None) -> Database:
    database = open_database(f"sqlite:///{file}", MASTER_KEY)
    migrate(database, None, NOW)
    assert make_demonstration(database, definitions, clients) == (clients or len(load_demo_stories()))
    return database


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Iterator[Database]:
    """The demonstration practice, made once for all tests that only read it."""
    database = _made(tmp_path_factory.mktemp("demonstration") / "one.db", definitions)
    yield database
    database.close()


def _standings(database: Database) -> dict[str, StandingDetail]:
    """The standings of the stories' clients, by code."""
    with database.reading() as session:
        told = select(Standing.detail).join(Client, Client.id == Standing.client_id).where(Client.code.like("SB-%"))
        details = session.scalars(told).all()
    return {detail["code"]: StandingDetail.from_json(detail) for detail in details}


def _record(database: Database) -> list[dict[str, list[dict[str, Any]]]]:
    """The record of every client of a story without ids, in the order of codes."""
    with database.reading() as session:
        accounts = {id_: email for id_, (email, _name) in archive_queries.account_emails(session).items()}
        ids = session.scalars(select(Client.id).where(Client.code.like("SB-%")).order_by(Client.code)).all()
        return [archive_records.normalised(archive_queries.rows_of_clients(session, [id_]), accounts) for id_ in ids]


def _verdicts(database: Database, code: str) -> dict[str, str]:
    return {measure.measure: measure.verdict for measure in _standings(database)[code].measures}


def test_two_makings_give_the_same_record_and_the_same_standings_and_a_large_one_is_filled_up(
    tmp_path: Path, demonstration: Database, definitions: Definitions
) -> None:
    again = _made(tmp_path / "two.db", definitions, clients=40)
    with again.reading() as session:
        assert session.scalar(select(func.count()).select_from(Client)) == 40
    assert _record(again) == _record(demonstration)
    first, second = (
        {code: _without_flag_ids(detail) for code, detail in _standings(database).items()}
        for database in (demonstration, again)
    )
    assert first == second
    again.close()


def _without_flag_ids(detail: StandingDetail) -> StandingDetail:
    return replace(detail, reasons=tuple(replace(reason, flag_id=None) for reason in detail.reasons))


def test_a_database_that_is_not_empty_is_refused_and_stays_as_it_is(
    sqlite_database: Database, definitions: Definitions
) -> None:
    with sqlite_database.writing() as session:
        practice.set_up_practice(session, "A practice", "Anna Admin", "a@example.org", "a long password here", NOW)
    with pytest.raises(Blocked):
        make_demonstration(sqlite_database, definitions)
    with sqlite_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Client)) == 0
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_every_event_of_the_making_stands_in_an_unbroken_chain(demonstration: Database) -> None:
    with demonstration.reading() as session:
        assert audit_queries.chain_problems(session, demonstration.audit_key) == []
        told_of = session.scalars(select(AuditEvent.client_code).distinct()).all()
    assert {code for code in told_of if code} == {story["code"] for story in load_demo_stories()}


def test_the_risk_flags_left_open_are_those_of_two_stories(demonstration: Database) -> None:
    open_risks = {
        code: [reason.kind for reason in detail.reasons if reason.level == "Risk"]
        for code, detail in _standings(demonstration).items()
        if detail.open_risk_flags
    }
    assert open_risks == {"SB-021": ["item9_endorsed"], "SB-028": ["item9_missing"]}


def test_a_risk_answered_in_a_story_is_no_longer_open(demonstration: Database) -> None:
    quinta = _standings(demonstration)["SB-034"]
    assert quinta.open_risk_flags == 0
    with demonstration.reading() as session:
        answered = session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.client_code == "SB-034",
                                                               AuditEvent.action.contains("flag"))
        )  # fmt: skip
    assert answered


@pytest.mark.parametrize(
    ("code", "measure", "verdict"),
    [
        ("SB-014", "phq9.total", "recovered"),  # steady growth
        ("SB-003", "ecr_r.avoidance", "improved"),  # ready to end; no cut-off is published for this scale
        ("SB-011", "phq9.total", "recovered"),  # scores well, markers unmoved
        ("SB-017", "phq9.total", "improved"),  # with a long gap
        ("SB-012", "gad7.total", "recovered"),  # closed
        ("SB-021", "phq9.total", "deteriorated"),
        ("SB-042", "gad7.total", "worsened_across_cutoff"),
        ("SB-009", "gad7.total", "unchanged"),
        ("SB-025", "ecr_r.avoidance", "unchanged"),
        ("SB-030", "phq9.total", "undetermined"),  # one score only
        ("SB-040", "rses.total", "undetermined"),  # no reliability is held for this scale
    ],
)
def test_a_story_s_main_measure_bears_the_verdict_it_tells_of(
    demonstration: Database, code: str, measure: str, verdict: str
) -> None:
    assert _standings(demonstration)[code].main_measure == measure
    assert _verdicts(demonstration, code)[measure] == verdict


def test_recovered_scores_may_stand_beside_unmoved_markers(demonstration: Database) -> None:
    hanno = _standings(demonstration)["SB-011"]
    assert all((marker.level or 0) - (marker.first_level or 0) <= 1 for marker in hanno.markers)
    assert max(marker.level or 0 for marker in hanno.markers) == 1


def test_a_client_may_have_no_score_yet_and_one_nobody_has_seen_for_long(demonstration: Database) -> None:
    standings = _standings(demonstration)
    assert standings["SB-031"].main_measure is None
    jonte = standings["SB-006"]
    assert jonte.next_on is None
    assert {reason.kind for reason in jonte.reasons_on(CLOCK.date())} == {"open_rupture", "no_next_date"}


def test_the_client_ready_to_end_has_a_day_for_it_after_a_first_not_yet(demonstration: Database) -> None:
    decided = {code: detail.ending for code, detail in _standings(demonstration).items() if detail.ending is not None}
    assert set(decided) == {"SB-003"}
    assert (decided["SB-003"].choice, decided["SB-003"].planned_on) == ("plan_ending", date(2027, 1, 19))
    with demonstration.reading() as session:
        actor = named_accounts.actor_by_email(session, "therapist@demo.invalid")
        client_id = access.client_id_by_code(session, actor, "SB-003", CLOCK)
        told = ending_records.decisions_of(session, client_id)
        planned_on = session.scalars(select(Episode.ending_planned_on).where(Episode.client_id == client_id)).one()
    assert [one.decision for one in told] == ["plan_ending", "not_yet"]
    assert planned_on == date(2027, 1, 19)


def test_closed_courses_are_closed_and_the_others_open(demonstration: Database) -> None:
    closed = {code for code, detail in _standings(demonstration).items() if not detail.is_open}
    assert closed == {"SB-012", "SB-035", "SB-043", "SB-046"}


def test_one_note_is_unsigned_and_it_is_the_trainee_s(demonstration: Database) -> None:
    with demonstration.reading() as session:
        drafts = session.execute(
            select(Client.code, Account.email).join(Note, Note.client_id == Client.id)
            .join(Account, Account.id == Note.originator_id).where(Note.status == "draft")
        ).all()  # fmt: skip
    assert [tuple(row) for row in drafts] == [("SB-032", "finch@demo.invalid")]


def test_earlier_notes_came_in_as_files_and_later_ones_were_signed_here(demonstration: Database) -> None:
    with demonstration.reading() as session:
        imported, signed = (
            session.scalars(select(Note.dated_on).where(Note.status == status)).all()
            for status in ("imported", "signed")
        )
        frozen = session.scalar(select(func.count()).select_from(NoteVersion))
    assert max(imported) < date(2026, 11, 2) <= min(signed)
    assert len(imported) + len(signed) >= 150
    assert frozen == len(imported) + len(signed)


def test_two_clients_have_a_process_note_which_only_its_originator_reads(demonstration: Database) -> None:
    with demonstration.reading() as session:
        codes = session.scalars(
            select(Client.code).join(Note, Note.client_id == Client.id).where(Note.compartment == "process")
        ).all()
    assert sorted(codes) == ["SB-006", "SB-014"]


def test_three_therapists_have_their_clients_and_each_sees_only_their_own(demonstration: Database) -> None:
    seen: dict[str, set[str]] = {}
    with demonstration.reading() as session:
        for email in ("therapist@demo.invalid", "finch@demo.invalid", "wren@demo.invalid"):
            actor = named_accounts.actor_by_email(session, email)
            seen[email] = {entry.standing.code for entry in own_caseload(session, actor, CLOCK)}
    lark, finch, wren = seen.values()
    assert len(lark | finch | wren) + 3 >= len(load_demo_stories())
    assert not lark & finch and not lark & wren and not finch & wren
    assert {"SB-014", "SB-021", "SB-003"} <= lark


@pytest.mark.parametrize(
    ("kind", "audience"),
    [(DocumentKind.SUMMARY, audience) for audience in Audience] + [(DocumentKind.PLAN, Audience.CLIENT)],
)
def test_the_client_ready_to_end_has_a_full_draft_of_each_document(
    demonstration: Database, definitions: Definitions, kind: DocumentKind, audience: Audience
) -> None:
    with demonstration.writing() as session:
        actor = named_accounts.actor_by_email(session, "therapist@demo.invalid")
        client_id = access.client_id_by_code(session, actor, "SB-003", CLOCK)
        drafted = closure_drafts.draft_from_record(session, actor, client_id, kind, audience, CLOCK, definitions)
    said = [line for section in drafted.draft.sections for line in section.sentences]
    assert len(said) >= 20
    steps = [line.text for line in said if line.text.lower().startswith(("steps of change", "the steps of change"))]
    assert len(steps) == (1 if kind is DocumentKind.SUMMARY else 0)
    assert all("Trust own resilience, " in text and "since 9 Jun 2026" in text for text in steps)
    assert all(line.sources for line in said)
    assert {source.kind for line in said for source in line.sources} >= {SourceKind.SCORE, SourceKind.ENTRY}
    assert sum(1 for section in drafted.draft.sections if section.sentences) >= len(drafted.draft.sections) / 2
    assert not any("Open risk flag" in reason.why for reason in drafted.blocked_by)


def test_every_story_is_told_as_invented_and_bears_a_plainly_fictional_name() -> None:
    fictional = {"Muster", "Fiktiv", "Sample", "Exempel", "Beispiel", "Invent", "Nomen", "Probe"}
    for story in load_demo_stories():
        assert story["name"].split()[-1] in fictional
        assert re.fullmatch(r"SB-\d{3}", story["code"])


def test_no_story_names_a_town_or_a_trade_mark() -> None:
    """Words with a capital inside a sentence are people of the story, days, months, or the names of measures."""
    known = {
        "I", "Bela", "Ines", "Yul", "Momo", "Mara", "Jaro", "Ona", "Dr", "Lark", "Kaja", "Rune", "Sample", "Ulla",
        "Gesa", "Alba", "Cleo", "PHQ-9", "GAD-7", "ECR-R", "Asked", "Monday", "Tuesday", "Wednesday", "Thursday",
        "Friday", "Fridays", "Saturday", "Sunday", "Sundays", "Thursdays", "January", "February", "March", "April",
        "May", "June", "July", "August", "September", "October", "November", "December", "Christmas", "Bad",
        "New", "Year", "Item",
        "SUBJECTIVE", "OBJECTIVE", "ASSESSMENT", "PLAN", "DATA", "BEHAVIOR", "INTERVENTION", "RESPONSE", "Session",
        "Supervision",
    }  # fmt: skip
    strange: dict[str, set[str]] = {}
    for story in load_demo_stories():
        for held in story.get("session", []):
            text = held.get("note", "")
            found = set(re.findall(r"(?<=[a-z,;] )[A-Z][\w-]*", text)) - known
            if found:
                strange.setdefault(story["code"], set()).update(found)
    assert strange == {}


def test_a_crowd_has_therapists_supervisors_courses_and_standings_and_one_event(
    database: Database, definitions: Definitions
) -> None:
    with database.writing() as session:
        practice.set_up_practice(session, "A practice", "Anna Admin", "a@example.org", "a long password here", NOW)
        before = session.scalar(select(func.count()).select_from(AuditEvent))
    demo_crowd.add_crowd(database, 60, NOW, random.Random(SEED), definitions)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == (before or 0) + 1
        assert audit_queries.chain_problems(session, database.audit_key) == []
        first, second = (named_accounts.actor_by_email(session, demo_crowd.THERAPIST.format(n)) for n in (1, 2))
        assert len(own_caseload(session, first, NOW)) == 50
        entries = own_caseload(session, second, NOW)
        assert len(entries) == 10
        standing = entries[0].standing
        assert standing.main is not None and standing.main.forms == demo_crowd.FORMS
        assert standing.sessions_held == demo_crowd.FORMS
        assert len(standing.markers) == 5
        assert access.client_id_by_code(session, OPERATOR, "DEMO-000060", NOW)


def test_what_its_therapists_confirmed_stands_in_the_notes_to_the_letter(demonstration: Database) -> None:
    with demonstration.reading() as session:
        asked = select(Evidence, Note.text, Client.code).join(Note, Note.id == Evidence.note_id)
        rows = session.execute(asked.join(Client, Client.id == Note.client_id)).all()
    assert all(text[row.starts : row.ends] == row.quote for row, text, _code in rows)
    told = {code: {row.state for row, _text, of in rows if of == code} for _row, _text, code in rows}
    assert told["SB-003"] == {"confirmed", "rejected"} and {"SB-006", "SB-009"} <= told.keys()
    assert {row.phrase == "" for row, _text, _code in rows} == {True, False}  # suggested ones, and missed ones
