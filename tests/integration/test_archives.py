"""Out and back: an archive reads back to the same record, a CSV export holds no formula and no process note."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain import entries
from lib.domain.errors import ImportProblem, InvalidInput, NotYours
from lib.domain.people import OPERATOR, Actor
from lib.services import archives, exports
from lib.services import entries as entry_service
from lib.storage import archive_queries, archive_records
from lib.storage.engine import Database
from lib.storage.integrity import verify
from lib.storage.tables import Account, AuditEvent, Client, Note, NoteVersion
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()


def a_full_record(session: Session, lark: Actor, client_id: int) -> None:
    """Scores with a correction, an entry with one that hangs on it, a signed note and a process note."""
    factories.course(session, lark, client_id, "SB-001", [18, 14, 9], TODAY - timedelta(days=60))
    factories.enter(session, lark, client_id, factories.phq9_total("SB-001", TODAY - timedelta(days=60), 17))
    what = "=1+1 looked at the clock"
    rupture = entry_service.add_entry(
        session, lark, client_id, entries.Rupture(TODAY - timedelta(days=9), what), NOW, factories.definitions()
    )
    repair = entries.Repair(rupture, TODAY - timedelta(days=2), "said so, and it held")
    entry_service.add_entry(session, lark, client_id, repair, NOW, factories.definitions())
    for compartment, text in (("progress", "=SUM(1) She asked him to stay."), ("process", "my own impatience")):
        note = Note(
            client_id=client_id,
            originator_id=lark.account_id,
            compartment=compartment,
            status="signed",
            format="narrative",
            dated_on=TODAY,
            text=text,
            saved_at=NOW,
        )
        session.add(note)
        session.flush()
        digest = __import__("hashlib").sha256(text.encode()).hexdigest()
        session.add(
            NoteVersion(
                note_id=note.id,
                number=1,
                content=text,
                sha256=digest,
                signed_by_id=lark.account_id,
                signed_at=NOW,
                meaning="as written",
            )
        )
    session.flush()


def exported(database: Database, actor: Actor, form: str) -> bytes:
    """The record of SB-001 as this actor exports it."""
    with database.writing() as session:
        return exports.export_client(session, actor, "SB-001", form, "asked for by the client", NOW)


def test_an_archive_reads_back_to_the_same_record(database: Database, encrypted_database: Database) -> None:
    with encrypted_database.writing() as session:
        house = factories.house(session)
        a_full_record(session, house.lark, house.anna)
    data = exported(encrypted_database, house.lark, "json")
    with database.writing() as session:
        factories.practice(session)
        factories.account(session, "Other")  # ids differ from those in the archive
        receipt = archives.import_archive(session, OPERATOR, data, "anna.json", NOW, factories.definitions())
    assert receipt["new"] == 1
    with encrypted_database.reading() as here, database.reading() as there:
        assert normal(here, house.anna) == normal(there, there.scalars(select(Client.id)).one())
    assert verify(database) == []


def normal(session: Session, client_id: int) -> dict[str, list[dict[str, object]]]:
    """A record without its ids."""
    people = {key: email for key, (email, _name) in archive_queries.account_emails(session).items()}
    return archive_records.normalised(archive_queries.rows_of_clients(session, [client_id]), people)


def test_the_same_archive_again_changes_nothing_and_another_record_of_the_code_is_refused(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        a_full_record(session, house.lark, house.anna)
    data = exported(database, house.lark, "json")
    with database.writing() as session:
        receipt = archives.import_archive(session, OPERATOR, data, "a.json", NOW, factories.definitions())
        assert (receipt["new"], receipt["unchanged"]) == (0, 1)
    with database.writing() as session:
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 4))
    with pytest.raises(ImportProblem), database.writing() as session:
        archives.import_archive(session, OPERATOR, data, "a.json", NOW, factories.definitions())


def test_names_in_an_archive_become_accounts_nobody_can_sign_in_to(
    sqlite_database: Database, encrypted_database: Database
) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        a_full_record(session, house.lark, house.anna)
    data = exported(sqlite_database, house.lark, "json")
    with encrypted_database.writing() as session:
        factories.practice(session)
        archives.import_archive(session, OPERATOR, data, "a.json", NOW, factories.definitions())
        lark = session.scalars(select(Account).where(Account.email == "lark@example.org")).one()
        assert lark.is_disabled and lark.roles == []


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_process_note_is_in_no_export(sqlite_database: Database, form: str) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        a_full_record(session, house.lark, house.anna)
    data = exported(sqlite_database, house.lark, form)
    if form == "csv":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    assert b"my own impatience" not in data
    assert b"She asked him to stay." in data


def test_no_cell_of_a_csv_export_can_run_as_a_formula(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        a_full_record(session, house.lark, house.anna)
    with zipfile.ZipFile(io.BytesIO(exported(sqlite_database, house.lark, "csv"))) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        assert "tables/rupture.csv" in names
        for name in names:
            text = archive.read(name).decode("utf-8-sig")
            for row in csv.reader(io.StringIO(text, newline="")):
                for cell in row:
                    assert not cell.startswith(("=", "@", "\t", "\r")), (name, cell)
        ruptures = archive.read("tables/rupture.csv").decode("utf-8-sig")
        assert "'=1+1 looked at the clock" in ruptures


def test_only_the_owner_takes_a_client_away_and_only_for_a_reason(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
    for actor in (house.finch, house.stork, house.admin):
        with pytest.raises(NotYours):
            exported(sqlite_database, actor, "json")
    with pytest.raises(InvalidInput), sqlite_database.writing() as session:
        exports.export_client(session, house.lark, "SB-001", "json", " ", NOW)
    exported(sqlite_database, house.lark, "json")
    with sqlite_database.reading() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(1)).one()
        assert (last.action, last.client_code) == ("client_exported", "SB-001")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'{"format": "secure-base-archive", "version": 99, "accounts": {}, "clients": []}',
        b'{"format": "secure-base-archive", "version": 1, "accounts": {}, "clients": [{"client": [{"id": 1}]}]}',
    ],
)
def test_what_is_no_archive_is_refused_in_words(sqlite_database: Database, data: bytes) -> None:
    with pytest.raises(ImportProblem), sqlite_database.writing() as session:
        factories.practice(session)
        archives.import_archive(session, OPERATOR, data, "x.json", NOW, factories.definitions())


def test_a_client_who_stands_in_an_archive_twice_is_refused_in_words(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
    archive = json.loads(exported(sqlite_database, house.lark, "json"))
    archive["clients"] *= 2
    data = json.dumps(archive).encode()
    with pytest.raises(ImportProblem, match="stands in this archive twice"), sqlite_database.writing() as session:
        archives.import_archive(session, OPERATOR, data, "a.json", NOW, factories.definitions())


def test_an_archive_holds_dates_as_dates(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", date(2026, 2, 28), 4))
    content = json.loads(exported(sqlite_database, house.lark, "json"))
    assert content["clients"][0]["administration"][0]["taken_on"] == "2026-02-28"
