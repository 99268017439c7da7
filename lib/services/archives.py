"""Archives coming back: a client's whole record as it was exported, all or nothing, never merged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import ImportProblem
from lib.domain.imports import Problem
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.exchange.archive_json import read_archive, value_of
from lib.services import access, standing
from lib.storage import access_queries, account_queries, archive_queries, archive_records
from lib.storage.tables.base import Moment

Record = Mapping[str, list[dict[str, Any]]]


def import_archive(
    session: Session, actor: Actor, data: bytes, file_name: str, now: datetime, definitions: Definitions
) -> dict[str, Any]:
    """Put every client of the archive back. The same record again is unchanged; another one of a code is refused.

    For the practice admin and the operator. Returns the receipt. Raises ImportProblem, and then nothing is written."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.ASSIGNMENT)
    plain, accounts = read_archive(data, file_name)
    records = [_typed(record, file_name) for record in plain]
    if len({_code(record) for record in records}) < len(records):
        raise ImportProblem(f"{file_name}: one client stands in this archive twice.", "Export it again.")
    known = [record for record in records if _is_known(session, record)]
    different = [_code(record) for record in known if not _is_the_same(session, record, accounts)]
    if different:
        raise ImportProblem(
            "Some clients of this archive are here already, with another record. Nothing was written.",
            problems=[_another(code) for code in different],
        )
    known_codes = {_code(record) for record in known}
    fresh = [record for record in records if _code(record) not in known_codes]
    people = _people(session, fresh, accounts, now)
    client_ids = [_put_back(session, record, people, file_name) for record in fresh]
    standing.recompute_many(session, client_ids, now, definitions)
    details = {"sha256": hashlib.sha256(data).hexdigest(), "new": len(fresh), "unchanged": len(known)}
    access.record_event(session, actor, "archive_imported", "practice", now, details=details)
    recognised = f"archive of {len(records)} clients"
    numbers = {"rows": len(records), "new": len(fresh), "unchanged": len(known), "corrected": 0, "rejected": 0}
    return {"recognised": recognised, **numbers, "problems": []}


def _another(code: str) -> Problem:
    rule = "a client of this code is here with another record, and two records are never merged"
    return Problem(None, "client", code, rule, "Import it into an empty practice, or export both and compare.")


def _typed(record: Record, file_name: str) -> dict[str, list[dict[str, Any]]]:
    """Every row with the types its columns hold. ImportProblem when a table, column or value is none of ours."""
    tables = {table.name: table for table in archive_queries.record_tables()}
    try:
        if len(record["client"]) != 1 or set(record) - set(tables):
            raise KeyError("client")
        return {name: [_typed_row(tables[name], row) for row in rows] for name, rows in record.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ImportProblem(
            f"{file_name}: a record in this archive is not whole or not of this version.", "Export it again."
        ) from error


def _typed_row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    if set(row) != {column.name for column in table.columns}:
        raise KeyError(table.name)
    return {column.name: value_of(_kind(column), row[column.name]) for column in table.columns}


def _kind(column: Column[Any]) -> type:
    """The Python type a column holds."""
    return datetime if isinstance(column.type, Moment) else column.type.python_type


def _code(record: Record) -> str:
    return str(record["client"][0]["code"])


def _is_known(session: Session, record: Record) -> bool:
    return access_queries.client_id_of_code(session, _code(record)) is not None


def _is_the_same(session: Session, record: Record, accounts: Mapping[int, tuple[str, str]]) -> bool:
    client_id = access_queries.client_id_of_code(session, _code(record))
    held = archive_queries.rows_of_clients(session, [client_id] if client_id is not None else [])
    ours = {key: email for key, (email, _name) in archive_queries.account_emails(session).items()}
    theirs = {key: email for key, (email, _name) in accounts.items()}
    return archive_records.normalised(held, ours) == archive_records.normalised(dict(record), theirs)


def _people(
    session: Session,
    records: list[dict[str, list[dict[str, Any]]]],
    accounts: Mapping[int, tuple[str, str]],
    now: datetime,
) -> dict[int, int]:
    """Our account for every account the records name: by e-mail, else a disabled one that only stands for the name."""
    named: set[int] = set()
    for table in archive_queries.record_tables():
        for column in archive_queries.account_columns(table):
            named |= {row[column.name] for one in records for row in one.get(table.name, []) if row[column.name]}
    found: dict[int, int] = {}
    for key in sorted(named & set(accounts)):
        email, name = accounts[key]
        account = account_queries.account_of_email(session, email)
        found[key] = account.id if account else archive_records.placeholder_account(session, email, name, now)
    return found


def _put_back(session: Session, record: Record, people: Mapping[int, int], file_name: str) -> int:
    try:
        return archive_records.put_back(session, dict(record), people)
    except KeyError as error:
        raise ImportProblem(
            f"{file_name}: the record of {_code(record)} names a row that is not in the archive.", "Export it again."
        ) from error
