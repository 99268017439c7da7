"""Answer sheet: a questionnaire typed straight through, checked by the server before it can be saved.

The browser's half is components/answer_sheet.js. The form's key, which holds the client's id, is in every message:
what was typed into one form is never taken for another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.errors import InvalidInput
from lib.domain.instruments import Instrument
from lib.domain.scoring import ScoredForm, score_form
from lib.ui import typed_answers

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_answer_sheet",
    css=(_FILES / "answer_sheet.css").read_text(encoding="utf-8"),
    js=(_FILES / "answer_sheet.js").read_text(encoding="utf-8"),
)
HINT = "Type the digits one after the other. Space leaves an item empty, Backspace goes back, Enter checks and saves."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One questionnaire to be typed in, in the order it was printed. `key` names form and client; `whose` is shown."""

    key: str
    instrument: Instrument
    order: str
    whose: str
    tell: Callable[[Instrument, ScoredForm], tuple[list[str], list[str]]]


def ask(sheet: Sheet) -> dict[str, int | None] | None:
    """The sheet; the answers only when it was saved. Raises InvalidInput when they are none of this form."""
    summary = st.session_state.get(f"{sheet.key}-summary")
    result = _mount(
        key=sheet.key,
        data=_data(sheet, summary),
        on_check_change=lambda: _check(sheet),
        on_save_change=lambda: None,
    )
    typed = _of_this_form(sheet, result.get("save"))
    return None if typed is None else typed_answers.read_answers(sheet.instrument, typed, sheet.order)


def forget(key: str) -> None:
    """Keep nothing of this form any more."""
    st.session_state.pop(f"{key}-summary", None)


def _data(sheet: Sheet, summary: Mapping[str, Any] | None) -> dict[str, Any]:
    instrument = sheet.instrument
    thresholds = {risk.item_id: risk.threshold for risk in instrument.risk_items}
    return {
        "form": sheet.key,
        "whose": sheet.whose,
        "stem": instrument.stem,
        "legend": legend(instrument),
        "hint": HINT,
        "minimum": instrument.minimum,
        "maximum": instrument.maximum,
        "options": list(instrument.options),
        "items": [
            {"id": item.id, "number": place, "text": item.text or "", "risk": thresholds.get(item.id, 0)}
            for place, item in enumerate(instrument.in_order(sheet.order), start=1)
        ],
        "summary": summary,
        "focus": True,
    }


def legend(instrument: Instrument) -> str:
    """What each answer stands for, in the order of the printed form."""
    if not instrument.options:
        return f"Answers {instrument.minimum} to {instrument.maximum}."
    told = [f"{instrument.minimum + place} {option}" for place, option in enumerate(instrument.options)]
    return " · ".join(reversed(told) if instrument.highest_first else told)


def _check(sheet: Sheet) -> None:
    """What the form would say, kept for the next drawing. Nothing is written."""
    held = st.session_state.get(sheet.key) or {}
    typed = _of_this_form(sheet, held.get("check"))
    if typed is not None:
        st.session_state[f"{sheet.key}-summary"] = {"answers": typed, **summary_of(sheet, typed)}


def summary_of(sheet: Sheet, typed: Mapping[str, str]) -> dict[str, Any]:
    """Lines, alerts and whether it may be saved."""
    try:
        scored = score_form(sheet.instrument, typed_answers.read_answers(sheet.instrument, typed, sheet.order))
    except InvalidInput as problem:
        return {"lines": [problem.in_words()], "alerts": [], "may_save": False}
    lines, alerts = sheet.tell(sheet.instrument, scored)
    return {"lines": lines, "alerts": alerts, "may_save": True}


def _of_this_form(sheet: Sheet, message: Any) -> dict[str, str] | None:
    """The typed answers of a message from the browser, if they belong to this very form."""
    if not isinstance(message, Mapping) or message.get("form") != sheet.key:
        return None
    answers = message.get("answers")
    if not isinstance(answers, Mapping):
        return None
    return {item.id: str(answers.get(item.id) or "") for item in sheet.instrument.in_order(sheet.order)}
