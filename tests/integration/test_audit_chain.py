"""The audit chain: no write without its event, and no change to an event unseen."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lib.domain.audit import Anchor, AuditFacts, anchor_from_json
from lib.domain.errors import ChainBroken, InvalidInput, KeyMissing
from lib.storage import audit_queries
from lib.storage.audit_records import append_event
from lib.storage.engine import Database, open_database
from lib.storage.freeze import FROZEN_TABLES, every_trigger_name, trigger_names
from tests.conftest import NOW

EVENT = AuditFacts(NOW, None, "operator", "operator", "import", "import_batch", 7, "C-007", {"rows": 3, "ä": [1, 2.5]})


def _append(database: Database, count: int) -> None:
    with database.writing() as session:
        for number in range(count):
            append_event(session, replace(EVENT, record_id=number))


def _unfrozen(session: Session) -> None:
    """What somebody with the database in their hands would do first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        return
    for name in trigger_names("sqlite", ("audit_event",)):
        session.execute(text(f"DROP TRIGGER {name}"))


def _tamper(database: Database, statement: str) -> None:
    with database.writing() as session:
        _unfrozen(session)
        session.execute(text(statement))


def _problems(database: Database, anchor: Anchor | None = None) -> list[tuple[int, str]]:
    with database.reading() as session:
        return [
            (found.sequence, found.what) for found in audit_queries.chain_problems(session, database.audit_key, anchor)
        ]


def test_events_are_numbered_without_gaps_and_read_back_newest_first(database: Database) -> None:
    _append(database, 3)
    with database.reading() as session:
        read = audit_queries.events(session, client_code="C-007", limit=2)
        older = audit_queries.events(session, before=read[-1].sequence)
        nobody = audit_queries.events(session, client_code="C-008")
    assert [event.sequence for event in read] == [3, 2]
    assert [event.sequence for event in older] == [1]
    assert nobody == []
    assert read[0].facts == replace(EVENT, record_id=2)
    assert _problems(database) == []


def test_a_rolled_back_act_leaves_no_event_and_no_gap(database: Database) -> None:
    _append(database, 1)
    with pytest.raises(KeyboardInterrupt), database.writing() as session:
        append_event(session, EVENT)
        raise KeyboardInterrupt
    _append(database, 1)
    assert _problems(database) == []
    with database.reading() as session:
        assert audit_queries.current_anchor(session, NOW).count == 2


def test_without_an_audit_key_nothing_is_appended(tmp_path: Path, sqlite_database: Database) -> None:
    keyless = open_database(sqlite_database.url_shown, None)
    with pytest.raises(KeyMissing, match="no audit key"), keyless.writing() as session:
        append_event(session, EVENT)
    keyless.close()
    assert _problems(sqlite_database) == []


def test_an_event_needs_a_time_zone(sqlite_database: Database) -> None:
    with pytest.raises(ValueError, match="time zone"), sqlite_database.writing() as session:
        append_event(session, replace(EVENT, at=datetime(2026, 3, 2)))


def test_an_event_of_another_time_zone_verifies(database: Database) -> None:
    elsewhere = datetime.fromisoformat("2026-03-02T23:59:59.000001+09:00")
    with database.writing() as session:
        append_event(session, replace(EVENT, at=elsewhere))
    assert _problems(database) == []
    with database.reading() as session:
        assert audit_queries.events(session)[0].facts.at == elsewhere


@pytest.mark.parametrize(
    "change",
    [
        "actor_email = 'somebody else'",
        "client_code = 'C-008'",
        "client_code = NULL",
        "action = 'read'",
        "record_id = 99",
        "details = '{\"rows\": 4}'",
        "at = '2026-03-02 09:30:01.000000'",
        "hmac = previous",
    ],
)
def test_a_changed_event_is_named(database: Database, change: str) -> None:
    _append(database, 5)
    _tamper(database, f"UPDATE audit_event SET {change} WHERE sequence = 3")
    assert _problems(database) == [(3, "was changed, or written with another key")]


def test_an_event_that_cannot_be_read_any_more_is_named(sqlite_database: Database) -> None:
    _append(sqlite_database, 3)
    _tamper(sqlite_database, "UPDATE audit_event SET at = 'yesterday', details = '{' WHERE sequence = 2")
    assert _problems(sqlite_database) == [(2, "cannot be read any more")]


def test_a_deleted_event_in_the_middle_is_named(database: Database) -> None:
    _append(database, 5)
    _tamper(database, "DELETE FROM audit_event WHERE sequence = 3")
    assert _problems(database) == [(3, "missing")]


def test_a_deleted_tail_is_found_by_the_anchor_and_only_by_it(database: Database) -> None:
    _append(database, 5)
    with database.reading() as session:
        anchor = audit_queries.current_anchor(session, NOW)
    assert _problems(database, anchor) == []
    _tamper(database, "DELETE FROM audit_event WHERE sequence > 3")
    assert _problems(database) == []
    assert _problems(database, anchor_from_json(anchor.as_json())) == [
        (4, "missing: on 2026-03-02 the log had 5 events, now 3")
    ]
    with pytest.raises(ChainBroken) as broken, database.reading() as session:
        audit_queries.check_chain(session, database.audit_key, anchor)
    assert broken.value.sequence == 4


def test_a_log_written_anew_with_the_key_is_found_by_the_anchor(database: Database) -> None:
    _append(database, 4)
    with database.reading() as session:
        anchor = audit_queries.current_anchor(session, NOW)
    _tamper(database, "DELETE FROM audit_event WHERE sequence > 2")
    with database.writing() as session:
        for _ in range(3):
            append_event(session, replace(EVENT, action="something harmless"))
    assert _problems(database) == []
    assert _problems(database, anchor) == [(4, "not the event that stood here on 2026-03-02: the log was rewritten")]


def test_an_anchor_of_an_empty_log_holds_for_a_longer_one(database: Database) -> None:
    with database.reading() as session:
        anchor = audit_queries.current_anchor(session, NOW)
    assert anchor.count == 0
    _append(database, 2)
    assert _problems(database, anchor) == []


@pytest.mark.parametrize("text_of_file", ["", "[]", "{}", '{"count": -1, "head": "", "at": "2026-01-01"}'])
def test_a_file_that_is_no_anchor_is_refused_in_words(text_of_file: str) -> None:
    with pytest.raises(InvalidInput, match="anchor"):
        anchor_from_json(text_of_file)


def test_another_key_does_not_verify(database: Database) -> None:
    _append(database, 1)
    with database.reading() as session:
        found = audit_queries.chain_problems(session, bytes(32))
        assert [problem.sequence for problem in found] == [1]
        with pytest.raises(KeyMissing):
            audit_queries.chain_problems(session, None)


def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(20):
                _append(database, 1)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _problems(database) == []
    with database.reading() as session:
        assert audit_queries.current_anchor(session, datetime.now(UTC)).count == 80


def test_every_frozen_table_exists_and_has_its_triggers(database: Database) -> None:
    dialect = database.engine.dialect.name
    query = "SELECT tgname FROM pg_trigger" if dialect == "postgresql" else "SELECT name FROM sqlite_master"
    with database.reading() as session:
        standing = set(session.scalars(text(query)))
    assert set(every_trigger_name(dialect)) <= standing
    assert len(trigger_names(dialect)) == 2 * len(FROZEN_TABLES)
