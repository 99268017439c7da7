"""Plain tables: what the browser is sent, and which of its answers are believed."""

from __future__ import annotations

from typing import Any

import pytest

from lib.ui import plain_table
from lib.ui.plain_table import SEEN_AT_ONCE, Cell, Kind, Row

COLUMNS = ["What", "Client"]


def _rows(count: int) -> list[Row]:
    return [
        Row({"Client": Cell(f"Person {number}"), "What": Cell("▲ Risk", Kind.RISK)}, str(number))
        for number in range(1, count + 1)
    ]


def _shown(monkeypatch: pytest.MonkeyPatch, rows: list[Row], answer: object = None) -> tuple[str | None, Any]:
    """What `show` returns when the browser answers this, and what the browser was sent."""
    sent: list[Any] = []

    def mount(*, data: Any, **_: Any) -> dict[str, object]:
        sent.append(data)
        return {"opened": answer}

    monkeypatch.setattr(plain_table, "_mount", mount)
    return plain_table.show(rows, COLUMNS, "Client", "Who asks", "cases", wide="What"), sent[0]


def test_cells_stand_in_the_order_of_the_columns_with_their_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    _, sent = _shown(monkeypatch, _rows(1))
    assert sent["rows"] == [
        {"id": "1", "cells": [{"text": "▲ Risk", "kind": "risk"}, {"text": "Person 1", "kind": ""}]}
    ]
    assert (sent["head"], sent["wide"], sent["label"]) == (1, 0, "Who asks")


@pytest.mark.parametrize("answer", [None, "3", "", 1, {"row": "1"}, ["1"], "1 "])
def test_an_answer_that_names_no_shown_row_opens_nothing(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    opened, _ = _shown(monkeypatch, _rows(2), answer)
    assert opened is None


def test_a_shown_row_is_opened_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, _ = _shown(monkeypatch, _rows(2), "2")
    assert opened == "2"


def test_rows_without_an_id_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, sent = _shown(monkeypatch, [plain_table.plain_row({"What": "", "Client": "Person"})], "")
    assert opened is None and sent["rows"][0]["id"] == ""


def test_a_long_list_is_sent_whole_and_says_how_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    _, short = _shown(monkeypatch, _rows(SEEN_AT_ONCE))
    _, long = _shown(monkeypatch, _rows(SEEN_AT_ONCE + 30))
    assert short["more"] == "" and len(long["rows"]) == SEEN_AT_ONCE + 30
    assert long["more"].startswith(f"{SEEN_AT_ONCE + 30} rows in this table")
