"""Phrase forms: proposing a phrase after seeing what it would match, and deciding about one."""

from __future__ import annotations

import streamlit as st

from lib.domain.phrase_book import CODES, PhraseStatus, Polarity
from lib.domain.practice_phrases import LONGEST_PHRASE, PhraseDraft
from lib.services import phrase_preview, phrases
from lib.services.phrase_preview import FoundSentence, Preview
from lib.services.phrases import LONGEST_REASON, ListedPhrase
from lib.ui import app_context, errors, evidence_reader, gate, plain_table, words

_PREVIEWED, _FORM = "phrase-previewed", "phrase-draft"
_POLARITY = {Polarity.FOR.value: "speaks for it", Polarity.AGAINST.value: "speaks against it"}
HOW = (
    "Words in order, in any form: pull away. One of several: wall|armour. Up to four words between: ask ... help. "
    "Exactly this form: =left. Elsewhere in the sentence: +{conflict}. Nowhere in it: -plant."
)


def propose() -> None:
    """The form; what the phrase would match; and only then the button that sends it to the admin."""
    draft = _ask()
    if draft is not None:
        st.session_state[_PREVIEWED] = draft
    previewed: PhraseDraft | None = st.session_state.get(_PREVIEWED)
    if previewed is None:
        return
    seen = show_preview(previewed, "new")
    if not all(check.holds for check in seen.checks):
        st.text("▲ Mend the phrase or its sentences first: it does not do what they say.")
        return
    if st.button("Propose this phrase", type="primary", icon=":material/send:", key="phrase-propose"):
        _send(previewed)


def show_preview(draft: PhraseDraft, key: str) -> Preview:
    """What this phrase does: on its sentences, in one's own notes, in ordinary sentences. Held while looked at."""
    held = st.session_state.get(f"phrase-seen-{key}")
    if held is None or held[0] != draft:
        actor, now, shipped = gate.the_actor(), app_context.now(), app_context.shipped_phrases()
        with errors.shown_to_the_user(), app_context.writing() as session:
            held = draft, phrase_preview.preview(session, actor, draft, now, shipped)
        st.session_state[f"phrase-seen-{key}"] = held
    seen: Preview = held[1]
    st.header("What it would match", anchor=False)
    st.text("\n".join(f"{'●' if one.holds else '▲'} {_check_words(one.must_match, one.matches)}: {one.sentence}"
                      for one in seen.checks))  # fmt: skip
    _matched(seen.own, f"in your notes ({words.count(seen.notes_read, 'note')} read, no process note)", f"{key}-own")
    _matched(
        seen.negative, f"in {seen.negative_read} ordinary sentences, where nothing should match", f"{key}-negative"
    )
    return seen


def decide(one: ListedPhrase) -> None:
    """Accept, refuse, mute or search again. The phrase's id and version travel with the form."""
    st.subheader("Decide", anchor=False)
    key = f"decide-{one.id}-{one.version}-{one.status.value}"
    own = one.version is not None
    if one.status is not PhraseStatus.ACTIVE:
        told = "Accept it" if one.status is PhraseStatus.PROPOSED else "Search it again"
        if st.button(told, icon=":material/check:", key=f"{key}-accept"):
            _accept(one.id, one.version)
    if one.status is PhraseStatus.MUTED:
        return
    with st.form(key, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input("Why", max_chars=LONGEST_REASON, width=420)
        refuses = own and one.status is PhraseStatus.PROPOSED
        sent = st.form_submit_button("Refuse it" if refuses else "Mute it", icon=":material/volume_off:")
    if sent:
        actor, now, shipped = gate.the_actor(), app_context.now(), app_context.shipped_phrases()
        with errors.shown_to_the_user(), app_context.writing() as session:
            phrases.mute(session, actor, one.id, reason, one.version, now, shipped)
        st.rerun()


def _ask() -> PhraseDraft | None:
    model = app_context.definitions().model
    with st.form(_FORM, border=False), st.container(width=640):
        with st.container(horizontal=True):
            code = st.selectbox(
                "About", CODES, format_func=lambda each: evidence_reader.label_of(each, model), width=300
            )
            polarity = st.selectbox("Which way", list(_POLARITY), format_func=_POLARITY.__getitem__, width=200)
        text = st.text_input("Phrase", max_chars=LONGEST_PHRASE, help=None)
        with st.container(key="quiet-phrase-how"):
            st.text(HOW)
        must = st.text_area("Sentences it must match, one a line", height=90)
        must_not = st.text_area("Sentences it must not match, one a line", height=90)
        source = st.text_input("Where the wording is from", max_chars=LONGEST_PHRASE)
        sent = st.form_submit_button("Show what it would match", icon=":material/visibility:")
    return PhraseDraft(code, polarity, text, _lines(must), _lines(must_not), source) if sent else None


def _send(draft: PhraseDraft) -> None:
    actor, now, shipped = gate.the_actor(), app_context.now(), app_context.shipped_phrases()
    with errors.shown_to_the_user(), app_context.writing() as session:
        phrases.propose(session, actor, draft, now, shipped)
    st.session_state.pop(_PREVIEWED, None)
    st.text("Sent. It is searched once the practice admin accepts it.")


def _accept(phrase_id: str, version: int | None) -> None:
    actor, now, shipped = gate.the_actor(), app_context.now(), app_context.shipped_phrases()
    with errors.shown_to_the_user(), app_context.writing() as session:
        if version is None:
            phrases.unmute(session, actor, phrase_id, now, shipped)
        else:
            phrases.accept(session, actor, phrase_id, version, now, shipped)
    st.rerun()


def _matched(found: tuple[FoundSentence, ...], where: str, key: str) -> None:
    if not found:
        st.text(f"No sentence {where}.")
        return
    today = app_context.today()
    rows = [
        plain_table.plain_row(
            {
                "Note": f"{one.code} {words.day(one.dated_on, today)}" if one.dated_on is not None else "ordinary",
                "Sentence": one.sentence,
                "Why": one.told,
            }
        )
        for one in found
    ]
    label = f"{words.count(len(rows), 'sentence')} {where}"
    plain_table.show(rows, ("Note", "Sentence", "Why"), "Note", label, f"phrase-found-{key}", wide="Sentence")


def _check_words(must_match: bool, matches: bool) -> str:
    return f"{'must match' if must_match else 'must not match'}, {'does' if matches else 'does not'}"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
