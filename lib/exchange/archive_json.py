"""The JSON archive: a client's whole record as text that reads back to the same record."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from lib.domain.errors import ImportProblem

FORMAT = "secure-base-archive"
VERSION = 1
MAX_ARCHIVE = 512 * 1024 * 1024

Rows = Mapping[str, list[dict[str, Any]]]


def archive_bytes(records: Iterable[Rows], accounts: Mapping[int, tuple[str, str]], exported_at: datetime) -> bytes:
    """An archive of records, one a client, with the accounts they name. Dates and moments in ISO, bytes in base64."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": exported_at.isoformat(),
        "accounts": {str(key): {"email": email, "name": name} for key, (email, name) in sorted(accounts.items())},
        "clients": [{name: [_plain(row) for row in rows] for name, rows in record.items()} for record in records],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8")


def read_archive(
    data: bytes, file_name: str
) -> tuple[list[dict[str, list[dict[str, Any]]]], dict[int, tuple[str, str]]]:
    """Records by client and accounts by id, still plain (dates as text). ImportProblem when it is none of ours."""
    if len(data) > MAX_ARCHIVE:
        raise ImportProblem(f"{file_name} is larger than an archive may be (512 MiB).", "Export fewer clients at once.")
    try:
        content = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
        if content["format"] != FORMAT or content["version"] != VERSION:
            raise KeyError("format")
        accounts = {int(key): (str(one["email"]), str(one["name"])) for key, one in content["accounts"].items()}
        records = [{str(name): [dict(row) for row in rows] for name, rows in one.items()} for one in content["clients"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ImportProblem(
            f"{file_name} is not an archive of this product.", "Archives are made by `export --format json`."
        ) from error
    return records, accounts


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    return value


def value_of(kind: type, plain: Any) -> Any:
    """A plain value as the type its column holds. Raises ValueError or TypeError when it is none."""
    if plain is None:
        return None
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if kind is date:
        return date.fromisoformat(plain)
    if kind is bytes:
        return base64.b64decode(plain["base64"], validate=True)
    if kind in (dict, list):
        return plain
    if not isinstance(plain, kind) and not (kind is float and isinstance(plain, int)):
        raise TypeError(f"{plain!r} is no {kind.__name__}")
    return plain
