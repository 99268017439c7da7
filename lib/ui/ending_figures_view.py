"""Ending figures view: how courses ended, with what documents, and what held at each check-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.domain.ending_figures import SMALLEST, CheckInCount, EndingCount, of, told_apart
from lib.domain.people import Actor
from lib.domain.process import EndingKind
from lib.services import ending_figures
from lib.services.record_audit import Period
from lib.ui import app_context, errors, plain_table, words
from lib.ui.ending_words import KIND_WORDS

_ENDED = ("Ending", "Courses", "Summary signed", "Plan signed")
_AFTER = ("Check-in", "Held of due", "Scored of held", "Below the agreed level of scored")


def show(actor: Actor, period: Period, now: datetime) -> None:
    """Both tables for the days asked about."""
    with errors.shown_to_the_user(), app_context.reading() as session:
        found = ending_figures.team_endings(session, actor, period, now)
    st.header("How courses ended", anchor=False)
    if found.endings:
        rows = [_ended("All endings", found.endings)]
        alone, together = told_apart(found.endings)
        rows += [_ended(_name(one), [one]) for one in alone]
        if alone and together:
            rows.append(_ended("Other ways, together", together))
        plain_table.show(rows, _ENDED, "Ending", "How courses ended", "ending-figures")
    else:
        st.text("No course of therapy ended in these days.")
    st.header("What held at each check-in", anchor=False)
    if found.check_ins:
        plain_table.show([_after(one) for one in found.check_ins], _AFTER, "Check-in", "Check-ins", "check-in-figures")
    else:
        st.text("No check-in fell due in these days.")
    with st.container(key="quiet-ending-figures"):
        st.text(
            f"Groups under {SMALLEST} are not told. Whoever was not reached or not asked is in the first number only:"
            " what held is known of those who were scored, and of nobody else."
        )


def _name(one: EndingCount) -> str:
    kind = KIND_WORDS[EndingKind(one.kind)] if one.kind else "Kind not said"
    return f"{kind}, without a planned ending" if one.is_sudden else kind


def _ended(name: str, counts: Sequence[EndingCount]) -> plain_table.Row:
    courses = sum(one.courses for one in counts)
    told = f"{courses}" if courses >= SMALLEST else f"under {SMALLEST}"
    summaries, plans = sum(one.with_summary for one in counts), sum(one.with_plan for one in counts)
    return plain_table.plain_row(
        {"Ending": name, "Courses": told, "Summary signed": of(summaries, courses), "Plan signed": of(plans, courses)}
    )


def _after(one: CheckInCount) -> plain_table.Row:
    cells = (
        words.count(one.month, "month"),
        of(one.held, one.due),
        of(one.scored, one.held),
        of(one.below, one.scored),
    )
    return plain_table.plain_row(dict(zip(_AFTER, cells, strict=True)))
