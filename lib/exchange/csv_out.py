"""CSV tables out: cells a spreadsheet would run are neutralised, and every table is described in a dictionary."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_APOSTROPHE = "'"


def neutralised(cell: Any) -> str:
    """A cell as text. What a spreadsheet would run as a formula gets an apostrophe, as does what already had one
    before such a sign, so that reading can take exactly one off again. Numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return f"{cell:g}" if isinstance(cell, float) and cell.is_integer() else str(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    text = str(cell)
    return _APOSTROPHE + text if text.lstrip(_APOSTROPHE).startswith(_DANGEROUS) else text


def table_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One table as CSV in UTF-8 with a byte-order mark, so that spreadsheets read its letters."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    return held.getvalue().encode("utf-8-sig")


def zip_bytes(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """The files in one archive, dated when they were made."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return held.getvalue()
