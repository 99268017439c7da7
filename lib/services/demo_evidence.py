"""What a story's therapist decided about sentences of their notes, told through the review of evidence."""

from __future__ import annotations

from datetime import datetime

from lib.domain.evidence import SentenceReading
from lib.domain.evidence_review import Decision, EvidenceState, Place, RejectReason
from lib.domain.notes import Compartment
from lib.domain.phrase_book import Polarity
from lib.services import evidence_review
from lib.services.demo_telling import Telling, Told
from lib.storage import note_queries


def tell_evidence(telling: Telling, told: Told, now: datetime) -> None:
    """Confirms a sentence of the note of `note_on`, or rejects it with the reason `rejected`.

    What a phrase suggests is decided, what none found is marked as missed. Raises ValueError where the note does not
    hold the sentence, and where a sentence is to be rejected that nothing suggests."""
    note_id, sentence = _sentence(telling, told, now)
    polarity = Polarity(told["polarity"])
    place = Place(sentence.start, sentence.end, told["code"], polarity)
    suggested = any((one.code, one.polarity) == (place.code, polarity) for one in sentence.suggestions)
    rest = (telling.session, telling.actor, telling.client_id, note_id, place)
    if suggested:
        rejected = told.get("rejected")
        decision = (
            Decision(EvidenceState.REJECTED, RejectReason(rejected))
            if rejected
            else Decision(EvidenceState.CONFIRMED, context=told.get("context", ""))
        )
        evidence_review.decide(*rest, decision, now, telling.definitions, telling.book)
    elif "rejected" in told:
        raise ValueError(f"{telling.code}: nothing suggests {told['code']} {polarity}: {told['sentence']}")
    else:
        evidence_review.mark_missed(*rest, told.get("context", ""), now, telling.definitions, telling.book)


def _sentence(telling: Telling, told: Told, now: datetime) -> tuple[int, SentenceReading]:
    session, actor, client_id = telling.session, telling.actor, telling.client_id
    for note in note_queries.visible_notes(session, actor, client_id, now):
        if note.dated_on == told["note_on"] and note.compartment == Compartment.PROGRESS.value:
            page = evidence_review.evidence_page(session, actor, client_id, note.id, now, telling.book)
            for sentence in page.sentences if page is not None else ():
                if sentence.sentence.strip() == told["sentence"]:
                    return note.id, sentence
    raise ValueError(f"{telling.code}: no note of {told['note_on']} holds this sentence: {told['sentence']}")
