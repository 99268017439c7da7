"""Attention rows: the gravest first, one urgent step at most, words as they are, and nobody opened who is not shown."""

from __future__ import annotations

from datetime import date

import pytest

from lib.domain.flags import AttentionLevel
from lib.domain.standing import AttentionReason
from lib.ui import attention_rows
from lib.ui.attention_rows import AttentionRow

TODAY = date(2026, 3, 2)


def _row(client_id: int, level: AttentionLevel, called: str = "Anna", more: int = 0) -> AttentionRow:
    reason = AttentionReason(level, "risk_item", "Answered 'several days'.", date(2026, 2, 27), "Record response")
    return AttentionRow(client_id, called, (reason,) * (1 + more))


def test_only_a_risk_that_stands_first_on_the_page_is_urgent() -> None:
    risks = [_row(11, AttentionLevel.RISK), _row(12, AttentionLevel.RISK)]
    watched = [_row(13, AttentionLevel.WATCH)]
    urgent = [
        [row["urgent"] for row in attention_rows.told_of(rows, TODAY, begins)["rows"]]
        for rows, begins in ((risks, True), (watched, True), (risks, False))
    ]
    assert urgent == [[True, False], [False], [False, False]]


def test_a_row_says_name_level_reasons_and_since_when_as_they_are() -> None:
    (row,) = attention_rows.told_of([_row(11, AttentionLevel.RISK, "<b>*Olga*</b>", more=3)], TODAY, True)["rows"]
    assert row["who"] == "<b>*Olga*</b>" and row["level"] == "Risk" and row["icon"] == "emergency_home"
    assert row["why"] == "Answered 'several days'. Answered 'several days'. And 2 more."
    assert row["since"] == "since 27 Feb" and row["step"] == "Record response"


@pytest.mark.parametrize("told", [12, 0, True, "11", 11.0, None, [11], {"id": 11}])
def test_only_a_client_who_waits_here_is_opened(told: object) -> None:
    rows = [_row(11, AttentionLevel.RISK)]
    assert attention_rows.chosen_of(told, rows) is None
    assert attention_rows.chosen_of(11, rows) is rows[0]
    assert attention_rows.chosen_of(True, [_row(1, AttentionLevel.RISK)]) is None
