"""Phrases screen: the phrases by marker and sign, what they yield, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.domain.evidence_yield import Yield, together
from lib.domain.phrase_book import CODES, PhraseStatus
from lib.domain.practice_phrases import PhraseDraft
from lib.services.phrases import ListedPhrase
from lib.ui import app_context, evidence_reader, phrase_forms, plain_table, words
from lib.ui.plain_table import Row

_CHOSEN = "phrase-chosen"
_COLUMNS = ("Phrase", "As in", "Speaks", "Status", "Confirmed", "From")
_WAITING_COLUMNS = ("Phrase", "As in", "About", "Status", "Confirmed", "From")
_SHOWN = 44
_ALL_OWN = "The practice's own"


def show(listed: Sequence[ListedPhrase], *, may_decide: bool) -> None:
    """What waits for a decision, then the phrases of one marker or sign; or one phrase in full."""
    chosen = next((one for one in listed if one.id == st.session_state.get(_CHOSEN)), None)
    if chosen is not None:
        st.button("All phrases", icon=":material/arrow_back:", on_click=_choose, args=(None,))
        _show_one(chosen, may_decide=may_decide)
        return
    with st.container(key="quiet-phrases"):
        st.text("Words that notes are searched for. They suggest; only what a person confirms counts. Nothing learns.")
    waiting = [one for one in listed if one.status is PhraseStatus.PROPOSED or one.proposed_to_mute or one.problem]
    if waiting:
        st.header("Waiting for a decision", anchor=False)
        _table(waiting, _WAITING_COLUMNS, "phrases-waiting")
    code = st.selectbox("Phrases for", [*CODES, _ALL_OWN], format_func=_label, key="phrases-code", width=300)
    of_code = [one for one in listed if (one.version is not None if code == _ALL_OWN else one.code == code)]
    if of_code:
        told = together(code, (one.told for one in of_code if one.told is not None))
        with st.container(key="quiet-phrases-yield"):
            st.text(f"Confirmed of decided, all its phrases together: {share_words(told)}")
        _table(of_code, _COLUMNS, f"phrases-{code}")
    else:
        st.text("The practice has no phrase of its own yet.")


def propose(*, may_propose: bool) -> None:
    """The form for one more phrase, previewed before it can be sent."""
    if not may_propose:
        st.text("Therapists propose phrases, because they are tried on one's own notes; you decide about them.")
        return
    phrase_forms.propose()


def share_words(told: Yield | None) -> str:
    """Confirmed of decided, with the interval from ten decisions on."""
    return "–" if told is None else f"{told.confirmed} of {told.decided}{interval_words(told.interval)}"


def interval_words(interval: tuple[float, float] | None) -> str:
    """A 95 % interval as a person reads it; nothing where there is none."""
    return "" if interval is None else f" ({interval[0] * 100:.0f} to {interval[1] * 100:.0f} %)"


def _choose(phrase_id: str | None) -> None:
    st.session_state[_CHOSEN] = phrase_id


def _label(code: str) -> str:
    return code if code == _ALL_OWN else evidence_reader.label_of(code, app_context.definitions().model)


def _table(listed: Sequence[ListedPhrase], columns: tuple[str, ...], key: str) -> None:
    rows = [Row(plain_table.plain_row(_told(one)).cells, one.id) for one in listed]
    label = f"{words.count(len(rows), 'phrase')}; choose one to read its sentences"
    opened = plain_table.show(rows, columns, "Phrase", label, key, wide="As in")
    if opened is not None:
        _choose(opened)
        st.rerun()


def _told(one: ListedPhrase) -> dict[str, str]:
    return {
        "Phrase": one.text if len(one.text) <= _SHOWN else f"{one.text[:_SHOWN].rstrip()} …",
        "As in": one.must[0] if one.must else "–",
        "About": evidence_reader.title_of(one.code, one.polarity, app_context.definitions().model),
        "Speaks": one.polarity.value,
        "Status": _status(one),
        "Confirmed": share_words(one.told),
        "From": f"{one.source}, {one.author}",
    }


def _status(one: ListedPhrase) -> str:
    if one.problem:
        return "cannot be used"
    return "active, muting proposed" if one.proposed_to_mute else one.status.value


def _show_one(one: ListedPhrase, *, may_decide: bool) -> None:
    """One phrase: its sentences, where it is from, what it yields, and for the admin the decision."""
    today = app_context.today()
    st.header("Phrase", anchor=False)
    with st.container(key="strong-phrase-text"):
        st.text(one.text)
    facts = [
        evidence_reader.title_of(one.code, one.polarity, app_context.definitions().model),
        f"{one.id} · {_status(one)} · {one.source} · {one.author}",
        f"Confirmed of decided: {share_words(one.told)}",
    ]
    if one.decided_at is not None:
        facts.append(
            f"Last decided by {one.decided_by}, {words.day(one.decided_at.date(), today)}. {one.reason}".strip()
        )
    st.text("\n".join(facts))
    if one.problem:
        st.text(f"▲ It cannot be used by the rules of today: {one.problem}")
    if one.proposed_to_mute:
        st.text("▲ It is so seldom confirmed that muting it is proposed. Nothing is muted until somebody does it.")
    for title, sentences in (("Must match", one.must), ("Must not match", one.must_not)):
        if sentences:
            st.subheader(title, anchor=False)
            st.text("\n".join(sentences))
    if one.status is PhraseStatus.PROPOSED and may_decide:
        phrase_forms.show_preview(
            PhraseDraft(one.code, one.polarity.value, one.text, one.must, one.must_not, one.source), f"of-{one.id}"
        )
    if may_decide:
        phrase_forms.decide(one)
