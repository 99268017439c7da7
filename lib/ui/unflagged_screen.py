"""What is missed: a month's sample of sentences in which no phrase was found, judged with one key each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import streamlit as st

from lib.domain.people import Actor, Permission
from lib.domain.phrase_book import CODES, Polarity
from lib.services import unflagged
from lib.services.unflagged import EVIDENCE, NOTHING, Estimates, Missed, MonthSample, SampledSentence
from lib.ui import app_context, errors, evidence_reader, gate, words
from lib.ui.phrases_screen import interval_words

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_sentence_judge",
    css=(_FILES / "sentence_judge.css").read_text(encoding="utf-8"),
    js=(_FILES / "sentence_judge.js").read_text(encoding="utf-8"),
)
_HELD = "unflagged-held"
_NOTHING_HERE = "0"
_KEYS = tuple(zip(ascii_lowercase, CODES, strict=False))
Judgement = tuple[int, tuple[str, Polarity] | None]


def show(actor: Actor) -> None:
    """The estimates; for who writes records also the sample of last month's notes."""
    with errors.shown_to_the_user(), app_context.reading() as session:
        found = unflagged.estimates(session, actor)
    _show_estimates(found, writes=actor.has(Permission.WRITE_CLINICAL_RECORD))
    if not actor.has(Permission.WRITE_CLINICAL_RECORD):
        return
    sample = _read(actor)
    month, _last = unflagged.month_before(app_context.today())
    st.header(f"Sentences of {month:%B %Y}", anchor=False)
    if sample is None:
        _offer_to_draw()
        return
    if sample.out_of_sight:
        st.text(f"{words.count(sample.out_of_sight, 'sentence')} not shown: no longer yours to judge.")
    if not sample.sentences:
        return
    said = _judge(sample)
    if said is not None:
        _keep(sample, said)
        st.rerun()


def _show_estimates(found: Estimates, *, writes: bool) -> None:
    lines = [f"Yours: {_missed(found.own)}"] if writes else []
    if found.practice is not None:
        lines.append(f"The whole practice: {_missed(found.practice)}")
    else:
        lines.append(f"The whole practice: told from {unflagged.FEWEST_PEOPLE} readers on, so that it tells of nobody.")
    st.text("\n".join(lines))


def _missed(told: Missed) -> str:
    if not told.judged:
        return "nothing judged yet"
    return f"{told.missed} of {told.judged} unflagged sentences were evidence{interval_words(told.interval)}"


def _read(actor: Actor) -> MonthSample | None:
    """The sample. After a judgement the words held are shown again: nobody read them anew, and no event says so."""
    held: tuple[int | None, MonthSample] | None = st.session_state.pop(_HELD, None)
    if held is not None and held[0] == actor.account_id:
        return held[1]
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        return unflagged.month_sample(session, actor, now)


def _offer_to_draw() -> None:
    st.text(
        f"About {unflagged.SIZE} sentences of last month's signed notes of your own clients in which no phrase was "
        "found. They are drawn at random, once; judging them takes some minutes and tells how much is missed."
    )
    if st.button("Draw the sample", icon=":material/casino:", key="unflagged-draw"):
        actor, now, book = gate.the_actor(), app_context.now(), app_context.phrase_book()
        with errors.shown_to_the_user(), app_context.writing() as session:
            unflagged.draw(session, actor, now, book)
        st.rerun()


def _judge(sample: MonthSample) -> Judgement | None:
    """Draw the sentences; return what was said of one of them, if anything was."""
    model = app_context.definitions().model
    result = _mount(
        data={
            "sentences": [_sentence(one) for one in sample.sentences],
            "codes": [[key, code, evidence_reader.label_of(code, model)] for key, code in _KEYS],
            "nothing": _NOTHING_HERE,
            "label": f"{words.count(len(sample.sentences), 'sentence')} to judge",
        },
        key=f"unflagged-{sample.month.isoformat()}",
        on_judged_change=lambda: None,
    )
    return _said(result.get("judged"), {one.id for one in sample.sentences})


def _sentence(one: SampledSentence) -> dict[str, Any]:
    told = {"": "", NOTHING: "Nothing here"}.get(one.verdict)
    if told is None:
        told = evidence_reader.title_of(one.code, Polarity(one.polarity), app_context.definitions().model)
    return {
        "id": one.id,
        "text": one.sentence,
        "note": f"{one.client_code}, note of {words.day(one.dated_on, app_context.today())}",
        "judged": told,
    }


def _said(said: object, known: set[int]) -> Judgement | None:
    """A judgement of a sentence that is shown; anything else from the browser says nothing."""
    if not isinstance(said, Mapping) or said.get("id") not in known:
        return None
    code, polarity = said.get("code"), said.get("polarity")
    if code == _NOTHING_HERE:
        return int(said["id"]), None
    if code not in CODES or polarity not in set(Polarity):
        return None
    return int(said["id"]), (str(code), Polarity(str(polarity)))


def _keep(sample: MonthSample, said: Judgement) -> None:
    sentence_id, shows = said
    definitions, book = app_context.definitions(), app_context.phrase_book()
    actor, now = gate.the_actor(), app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        unflagged.judge(session, actor, sentence_id, shows, now, definitions, book)
    verdict = NOTHING if shows is None else EVIDENCE
    code, polarity = ("", "") if shows is None else (shows[0], shows[1].value)
    sentences = tuple(
        replace(one, verdict=verdict, code=code, polarity=polarity) if one.id == sentence_id else one
        for one in sample.sentences
    )
    st.session_state[_HELD] = (actor.account_id, replace(sample, sentences=sentences))
