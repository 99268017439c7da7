"""Evidence reader: what the browser is sent of a note that is read for evidence, and what it says back, checked.

The browser's half is components/evidence_reader.js; every text there is set as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.clinical_model import ClinicalModel
from lib.domain.evidence import SentenceReading, Suggestion
from lib.domain.evidence_review import Decision, EvidenceState, Place, RejectReason
from lib.domain.phrase_book import CODES, MARKERS, Polarity
from lib.services.evidence_review import EvidencePage
from lib.storage.evidence_queries import EvidenceRow
from lib.ui import words

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_evidence_reader",
    css=(_FILES / "evidence_reader.css").read_text(encoding="utf-8"),
    js=(_FILES / "evidence_reader.js").read_text(encoding="utf-8"),
)

NOTHING = "No sentence matched a phrase. That is no finding about the client."
# key, what it does, its words
_ACTS: tuple[tuple[str, Decision, str], ...] = (
    ("1", Decision(EvidenceState.CONFIRMED), "confirm"),
    ("2", Decision(EvidenceState.REJECTED, RejectReason.WRONG_CODE), "wrong code"),
    ("3", Decision(EvidenceState.REJECTED, RejectReason.WRONG_PERSON), "other person"),
    ("4", Decision(EvidenceState.REJECTED, RejectReason.DID_NOT_HAPPEN), "did not happen"),
    ("5", Decision(EvidenceState.REJECTED, RejectReason.PAST), "past"),
    ("6", Decision(EvidenceState.REJECTED, RejectReason.NOT_EVIDENCE), "not evidence"),
    ("0", Decision(EvidenceState.SUGGESTED), "undecided"),
)
_STATUS_WORDS = {"hypothetical": "planned or not happened", "historical": "past", "other": "somebody else"}
_POLARITY_WORDS = {Polarity.FOR: "speaks for", Polarity.AGAINST: "speaks against"}


@dataclass(frozen=True, slots=True)
class Said:
    """What the clinician did: a decision on a place, or a whole sentence marked as evidence (`decision` None)."""

    place: Place
    decision: Decision | None


def show(page: EvidencePage, decided: Sequence[EvidenceRow], model: ClinicalModel, today: date) -> Said | None:
    """Draw the note and its suggestions; return what was said about one of them, if anything was."""
    result = _mount(
        data=_data(page, decided, model, today),
        key=f"evidence-{page.client.client_id}-{page.note.id}",
        on_decided_change=lambda: None,
        on_missed_change=lambda: None,
    )
    return _decided(result.get("decided"), page, decided) or _missed(result.get("missed"), page)


def title_of(code: str, polarity: Polarity, model: ClinicalModel) -> str:
    """A code and its direction, in words."""
    return f"{label_of(code, model)}: {_POLARITY_WORDS[polarity]}"


def label_of(code: str, model: ClinicalModel) -> str:
    """The name of a marker or sign."""
    entry = model.markers.get(code) or model.signs.get(code)
    return entry.label if entry is not None else code


def _data(page: EvidencePage, decided: Sequence[EvidenceRow], model: ClinicalModel, today: date) -> dict[str, Any]:
    by_id = {_id(_place(row)): row for row in decided}
    items, folded, risks = [], [], []
    for position, sentence in enumerate(page.sentences):
        if sentence.risk_language:
            risks.append(
                f"Possible risk language: '{sentence.risk_phrase}'. Nothing is read out of this sentence. "
                "Read it as you would read any such words."
            )
        for one in sentence.suggestions:
            row = by_id.pop(_id(_place_of(sentence, one)), None)
            if one.is_offered or row is not None:
                items.append(_item(position, _place_of(sentence, one), one.words, row, model, today))
            else:
                folded.append({"sentence": sentence.sentence, "told": _folded_words(one, model)})
    for row in by_id.values():  # marked by a person, or found by a phrase that is muted now
        position = _sentence_at(page.sentences, row)
        told = "marked by a person" if not row.phrase else f"found by a phrase of that time ({row.phrase})"
        items.append(_item(position, _place(row), told, row, model, today))
    items.sort(key=lambda item: (item["sentence"], item["id"]))
    return {
        "note": page.note.id,
        "label": f"Note of {page.note.dated_on.isoformat()}",
        "pieces": _pieces(page.note.text or "", page.sentences, items),
        "sentences": [sentence.sentence for sentence in page.sentences],
        "items": items,
        "folded": folded,
        "foldedWords": f"Planned, past or about others, not counted: {len(folded)}",
        "risks": risks,
        "nothing": NOTHING,
        "mayDecide": page.may_decide,
        "moved": st.session_state.get(_moved_key(page)),
        "acts": [{"key": key, "id": key, "label": label} for key, _decision, label in _ACTS],
        "codes": [[code, label_of(code, model)] for code in CODES],
        "polarities": [[each.value, _POLARITY_WORDS[each]] for each in Polarity],
    }


def _item(
    position: int, place: Place, told: str, row: EvidenceRow | None, model: ClinicalModel, today: date
) -> dict[str, Any]:
    state = "open" if row is None or row.state == EvidenceState.SUGGESTED.value else row.state
    return {
        "id": _id(place),
        "sentence": position,
        "title": title_of(place.code, place.polarity, model),
        "kind": "marker" if place.code in MARKERS else "sign",
        "told": told,
        "state": state,
        "stateWords": _state_words(row, today) if row is not None and state != "open" else "waits for you",
    }


def _state_words(row: EvidenceRow, today: date) -> str:
    when = words.day(row.decided_at.date(), today) if row.decided_at is not None else ""
    what = "confirmed" if row.state == EvidenceState.CONFIRMED.value else f"rejected, {row.reason}"
    return f"{what}, {row.decided_by or 'operator'}, {when}"


def _folded_words(one: Suggestion, model: ClinicalModel) -> str:
    return f"{label_of(one.code, model)}, {_STATUS_WORDS[one.status.value]}: {one.words}"


def _pieces(
    text: str, sentences: Sequence[SentenceReading], items: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The whole note cut at sentences and matched words, so that no offset has to be counted in the browser."""
    states: dict[int, set[str]] = {}
    for item in items:
        states.setdefault(item["sentence"], set()).add(item["state"])
    pieces: list[dict[str, Any]] = []
    at = 0
    for position, sentence in enumerate(sentences):
        if sentence.start > at:
            pieces.append({"text": text[at : sentence.start], "sentence": None, "mark": False, "kinds": []})
        kinds = _kinds(states.get(position, set()), sentence.risk_language)
        for start, end, mark in _cuts(sentence):
            pieces.append({"text": text[start:end], "sentence": position, "mark": mark, "kinds": kinds})
        at = sentence.end
    pieces.append({"text": text[at:], "sentence": None, "mark": False, "kinds": []})
    return [piece for piece in pieces if piece["text"]]


def _kinds(states: set[str], risk: bool) -> list[str]:
    return [
        name
        for name, holds in (("risk", risk), ("confirmed", "confirmed" in states), ("found", "open" in states))
        if holds
    ]


def _cuts(sentence: SentenceReading) -> list[tuple[int, int, bool]]:
    """The sentence as stretches (start, end, whether matched words), in order and without overlap."""
    found: list[tuple[int, int, bool]] = []
    at = sentence.start
    for start, end in sorted((one.start, one.end) for one in sentence.suggestions if one.is_offered):
        if start < at:
            continue
        found += [(at, start, False), (start, end, True)]
        at = end
    return [cut for cut in [*found, (at, sentence.end, False)] if cut[0] < cut[1]]


def _decided(said: object, page: EvidencePage, decided: Sequence[EvidenceRow]) -> Said | None:
    """A decision on one of the places shown; anything else from the browser says nothing."""
    told = _about(said, page)
    known = {
        _id(_place_of(sentence, one)): _place_of(sentence, one)
        for sentence in page.sentences
        for one in sentence.suggestions
    }
    known |= {_id(_place(row)): _place(row) for row in decided}
    place = known.get(str(told.get("id")))
    decision = {key: each for key, each, _label in _ACTS}.get(str(told.get("act")))
    if place is None or decision is None:
        return None
    st.session_state[_moved_key(page)] = _id(place)
    return Said(place, decision)


def _missed(said: object, page: EvidencePage) -> Said | None:
    told = _about(said, page)
    position, code, polarity = told.get("sentence"), str(told.get("code")), str(told.get("polarity"))
    if not isinstance(position, int) or not 0 <= position < len(page.sentences) or polarity not in set(Polarity):
        return None
    sentence = page.sentences[position]
    return Said(Place(sentence.start, sentence.end, code, Polarity(polarity)), None)


def _about(said: object, page: EvidencePage) -> Mapping[str, Any]:
    """What the browser said of this note; nothing where it speaks of another one."""
    return said if isinstance(said, Mapping) and said.get("note") == page.note.id else {}


def _sentence_at(sentences: Sequence[SentenceReading], row: EvidenceRow) -> int:
    return next((place for place, one in enumerate(sentences) if one.start <= row.starts < one.end), 0)


def _place_of(sentence: SentenceReading, one: Suggestion) -> Place:
    return Place(sentence.start, sentence.end, one.code, one.polarity)


def _place(row: EvidenceRow) -> Place:
    return Place(row.starts, row.ends, row.code, Polarity(row.polarity))


def _id(place: Place) -> str:
    return f"{place.start}-{place.end}-{place.code}-{place.polarity.value}"


def _moved_key(page: EvidencePage) -> str:
    return f"evidence-moved-{page.note.id}"
