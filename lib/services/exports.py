"""Exports: what a practice put in comes out again, for one client or for all, on the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.exchange.archive_json import archive_bytes
from lib.exchange.csv_out import table_bytes, zip_bytes
from lib.services import access
from lib.storage import archive_queries
from lib.storage.archive_queries import Rows
from lib.storage.tables import Base

FORMATS = ("csv", "json")
README = (
    "Tables of the record, one file each, with data_dictionary.csv saying what every column holds.\r\n"
    "scores_items.csv, scores_totals.csv, marker_ratings.csv and notes.csv can be imported as they are.\r\n"
    "A cell that a spreadsheet would run as a formula begins with an apostrophe; `import` takes it off again.\r\n"
    "Process notes are never part of an export.\r\n"
)


def export_client(session: Session, actor: Actor, client_code: str, form: str, reason: str, now: datetime) -> bytes:
    """One client's whole record as `csv` (a ZIP) or `json` (an archive that `import archive` reads back).

    Raises InvalidInput without a reason, NotYours for a client the actor may not know of."""
    client_id = access.client_id_by_code(session, actor, client_code, now)
    client = access.client_for(session, actor, Action.EXPORT, RecordKind.CLIENT_EXPORT, client_id, now)
    if not reason.strip() and not actor.is_operator:
        raise InvalidInput("A client's record leaves only for a reason.", "Say why.", field="reason")
    content = _content(session, [client_id], form, now)
    details = {"form": form, "reason_given": bool(reason.strip())}
    access.record_event(
        session, actor, "client_exported", "client", now, record_id=client_id, client_code=client.code, details=details
    )
    return content


def export_practice(session: Session, actor: Actor, form: str, now: datetime) -> bytes:
    """Every client's record. The caller has asked the person for their password again."""
    access.check_practice(session, actor, Action.EXPORT, RecordKind.PRACTICE_EXPORT)
    client_ids = archive_queries.client_ids_in_order(session)
    content = _content(session, client_ids, form, now)
    details = {"form": form, "clients": len(client_ids)}
    access.record_event(session, actor, "practice_exported", "practice", now, details=details)
    return content


def _content(session: Session, client_ids: Sequence[int], form: str, now: datetime) -> bytes:
    if form == "json":
        records = archive_queries.records_of_clients(session, client_ids)
        return archive_bytes(records, archive_queries.account_emails(session), now)
    if form == "csv":
        return zip_bytes(csv_files(archive_queries.rows_of_clients(session, client_ids)), now)
    raise InvalidInput(f"There is no export as {form}.", f"Choose one of: {', '.join(FORMATS)}.", field="format")


def csv_files(rows: Rows) -> dict[str, bytes]:
    """The files of a CSV export by name: tables, their dictionary, and the four that import reads back."""
    tables = archive_queries.record_tables()
    files = {"README.txt": README.encode("utf-8"), "data_dictionary.csv": _dictionary(tables)}
    codes = {row["id"]: row["code"] for row in rows["client"]}
    files |= {
        "scores_items.csv": table_bytes(
            ("client", "date", "instrument", "item", "answer", "target", "respondent"), _items(rows, codes)
        ),
        "scores_totals.csv": table_bytes(
            ("client", "date", "instrument", "score", "scale", "target", "respondent"), _totals(rows, codes)
        ),
        "marker_ratings.csv": table_bytes(
            ("client", "date", "marker", "level", "context", "evidence"), _ratings(rows, codes)
        ),
        "notes.csv": table_bytes(("client", "date", "text", "format"), _notes(rows, codes)),
    }
    for table in tables:
        header = [column.name for column in table.columns if column.name not in ("pdf", "docx")]
        lines = ([row[name] for name in header] for row in rows[table.name])
        files[f"tables/{table.name}.csv"] = table_bytes(header, lines)
    return files


def _current(rows: Rows) -> Iterable[dict[str, Any]]:
    return (row for row in rows["administration"] if row["superseded_at"] is None)


def _items(rows: Rows, codes: dict[int, str]) -> Iterable[Sequence[Any]]:
    for row in _current(rows):
        for item, answer in (row["answers"] or {}).items():
            yield (
                codes[row["client_id"]],
                row["taken_on"],
                row["instrument"],
                item,
                answer,
                row["target"],
                row["respondent"],
            )


def _totals(rows: Rows, codes: dict[int, str]) -> Iterable[Sequence[Any]]:
    for row in _current(rows):
        if row["answers"] is not None:
            continue
        for scale, value in row["scales"].items():
            if value is not None:
                client, about = codes[row["client_id"]], (row["target"], row["respondent"])
                yield client, row["taken_on"], row["instrument"], value, scale, *about


def _ratings(rows: Rows, codes: dict[int, str]) -> Iterable[Sequence[Any]]:
    for row in rows["rating"]:
        if row["subject"] == "marker" and row["source"] == "clinician" and row["superseded_at"] is None:
            level = "NE" if row["level"] is None else row["level"]
            yield codes[row["client_id"]], row["rated_on"], row["key"], level, row["context"], row["evidence"]


def _notes(rows: Rows, codes: dict[int, str]) -> Iterable[Sequence[Any]]:
    """Final notes only: a draft is not yet part of the record."""
    for row in rows["note"]:
        if row["status"] in ("signed", "cosigned", "imported"):
            yield codes[row["client_id"]], row["dated_on"], row["text"], row["format"]


def _dictionary(tables: Sequence[Table]) -> bytes:
    meanings = {mapper.class_.__tablename__: mapper.class_.__doc__ or "" for mapper in Base.registry.mappers}
    lines = []
    for table in tables:
        for column in table.columns:
            names = ", ".join(f"{key.column.table.name}.{key.column.name}" for key in column.foreign_keys)
            meaning = " ".join(meanings[table.name].split())
            lines.append((table.name, column.name, str(column.type), column.nullable, names, meaning))
    return table_bytes(("table", "column", "type", "may_be_empty", "names", "table_means"), lines)
