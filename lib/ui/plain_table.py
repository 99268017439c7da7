"""Plain table: rows to read, drawn as a real HTML table. Every text is set as text; its kind chooses the colour.

The browser's half is components/plain_table.js. No grid is loaded, so a page of small tables stays light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import streamlit as st

from lib.ui import words

SEEN_AT_ONCE = 12

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_plain_table",
    css=(_FILES / "plain_table.css").read_text(encoding="utf-8"),
    js=(_FILES / "plain_table.js").read_text(encoding="utf-8"),
)


class Kind(StrEnum):
    """What a cell means; it comes with a colour, and its words say it too."""

    PLAIN = ""
    RISK = "risk"
    WATCH = "watch"
    MUTED = "muted"
    CODE = "code"  # muted, and never broken at its hyphen


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell's words, shown as they are, whatever characters they hold."""

    text: str
    kind: Kind = Kind.PLAIN


@dataclass(frozen=True, slots=True)
class Row:
    """The cells by the name of their column. A row with an id can be chosen, by pointer and by keyboard."""

    cells: Mapping[str, Cell]
    row_id: str = ""


def plain_row(cells: Mapping[str, str]) -> Row:
    """A row of words alone."""
    return Row({name: Cell(text) for name, text in cells.items()})


def show(
    rows: Sequence[Row], columns: Sequence[str], head: str, label: str, key: str, wide: str = "", most: bool = False
) -> str | None:
    """Draw the table; return the id of the row that was chosen, if it is one of these rows.

    `head` is the column that names each row, and holds the button of a row that can be chosen; `wide` takes the room
    that is left, or nearly all with `most`. A list longer than SEEN_AT_ONCE scrolls, and says so with its count."""
    result = _mount(data=_data(rows, columns, head, label, wide, most), key=key, on_opened_change=lambda: None)
    opened = result.get("opened")
    return next((row.row_id for row in rows if row.row_id and row.row_id == opened), None)


def _data(rows: Sequence[Row], columns: Sequence[str], head: str, label: str, wide: str, most: bool) -> dict[str, Any]:
    """What the browser is sent."""
    return {
        "label": label,
        "columns": list(columns),
        "head": list(columns).index(head),
        "wide": list(columns).index(wide) if wide else -1,
        "rows": [
            {
                "id": row.row_id,
                "cells": [{"text": row.cells[name].text, "kind": row.cells[name].kind.value} for name in columns],
            }
            for row in rows
        ],
        "most": most,
        "seen": SEEN_AT_ONCE,
        "more": f"{words.count(len(rows), 'row')} in this table; scroll it to see every one."
        if len(rows) > SEEN_AT_ONCE
        else "",
    }
