"""Unflagged sentences: drawn by a seed from one's own notes, judged by their reader alone, counted without names."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, NotAllowed, NotYours
from lib.domain.imports import NoteIn, Parsed
from lib.domain.notes import Compartment, NoteFormat
from lib.domain.people import Actor
from lib.domain.phrase_book import PhraseBook, Polarity
from lib.exchange.shipped_phrases import load_shipped_phrases
from lib.services import evidence_review, imports, notes, unflagged
from lib.storage.engine import Database
from lib.storage.tables import Assignment, AuditEvent, Evidence, UnflaggedSentence
from tests import factories
from tests.conftest import NOW

MONTH, LAST = unflagged.month_before(NOW.date())
FLAGGED = "She asked her sister for help with the move."
RISKY = "They would all be better off without me, he said."
PLAIN = [f"We looked at calendar page number {page} together." for page in range(30)]


@pytest.fixture(scope="module")
def book() -> PhraseBook:
    """The shipped phrases."""
    return load_shipped_phrases(factories.DATA / "phrases").book


def bring(session: Session, actor: Actor, code: str, on: date, text: str) -> None:
    parsed = Parsed("notes", "notes", 1, notes=(NoteIn(code, on, text),))
    options, definitions = imports.ImportOptions(), factories.definitions()
    imports.commit_import(session, actor, parsed, options, "n.csv", f"{code}{on}".rjust(64, "0"), NOW, definitions)


def told(session: Session) -> factories.House:
    """Lark's and Finch's notes of last month, and one of Lark's of this month."""
    house = factories.house(session)
    bring(session, house.lark, "SB-001", MONTH, " ".join([FLAGGED, RISKY, *PLAIN, "Yes."]))
    bring(session, house.lark, "SB-001", NOW.date(), "This month nothing happened at all in the garden.")
    bring(session, house.finch, "SB-002", LAST, "The neighbour of this other client bought a blue car.")
    return house


def sentences(session: Session, actor: Actor) -> tuple[unflagged.SampledSentence, ...]:
    sample = unflagged.month_sample(session, actor, NOW)
    assert sample is not None
    return sample.sentences


def judge(session: Session, actor: Actor, sentence_id: int, shows: object, book: PhraseBook) -> None:
    unflagged.judge(session, actor, sentence_id, shows, NOW, factories.definitions(), book)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (date(2026, 3, 31), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 1, 1), (date(2025, 12, 1), date(2025, 12, 31))),
    ],
)
def test_the_month_before_is_whole(today: date, wanted: tuple[date, date]) -> None:
    assert unflagged.month_before(today) == wanted


def test_a_sample_holds_only_unflagged_sentences_of_last_months_notes_of_ones_own(
    database: Database, book: PhraseBook
) -> None:
    with database.writing() as session:
        house = told(session)
        process = notes.start_note(
            session, house.lark, house.anna, MONTH, NoteFormat.NARRATIVE, Compartment.PROCESS, NOW,
            definitions=factories.definitions(),
        )  # fmt: skip
        private = "A private thought of mine."
        notes.save_draft(session, house.lark, process.note_id, house.anna, private, process.version, NOW)
        assert unflagged.month_sample(session, house.lark, NOW) is None
        assert unflagged.draw(session, house.lark, NOW, book) == unflagged.SIZE
        drawn = [one.sentence for one in sentences(session, house.lark)]
        assert len(set(drawn)) == unflagged.SIZE and set(drawn) <= set(PLAIN)
        with pytest.raises(Blocked, match="drawn already"):
            unflagged.draw(session, house.lark, NOW, book)
        assert unflagged.month_sample(session, house.finch, NOW) is None
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "unflagged_drawn")).one()
        assert event.details == {"month": f"{MONTH:%Y-%m}", "population": len(PLAIN), "size": unflagged.SIZE}


def test_the_same_month_and_account_draw_the_same_sentences(sqlite_database: Database, book: PhraseBook) -> None:
    with sqlite_database.writing() as session:
        house = told(session)
        unflagged.draw(session, house.lark, NOW, book)
        first = [one.sentence for one in sentences(session, house.lark)]
        for row in session.scalars(select(UnflaggedSentence)):
            session.delete(row)
        session.flush()
        unflagged.draw(session, house.lark, NOW, book)
        assert [one.sentence for one in sentences(session, house.lark)] == first != sorted(first)


def test_what_was_missed_becomes_confirmed_evidence_and_judging_anew_takes_it_back(
    database: Database, book: PhraseBook
) -> None:
    with database.writing() as session:
        house = told(session)
        unflagged.draw(session, house.lark, NOW, book)
        first, second = sentences(session, house.lark)[:2]
        judge(session, house.lark, first.id, ("trust", Polarity.FOR), book)
        judge(session, house.lark, second.id, None, book)
        (kept,) = evidence_review.confirmed_evidence(session, house.lark, house.anna, NOW, book.mirror)
        assert (kept.row.quote, kept.row.code, kept.row.phrase) == (first.sentence, "trust", "")
        assert unflagged.estimates(session, house.lark).own == unflagged.Missed(1, 2, None)
        judge(session, house.lark, first.id, None, book)
        assert evidence_review.confirmed_evidence(session, house.lark, house.anna, NOW, book.mirror) == ()
        assert session.scalars(select(Evidence.state)).all() == ["suggested"]
        assert unflagged.estimates(session, house.lark).own == unflagged.Missed(0, 2, None)


def test_nobody_judges_or_reads_another_persons_sample(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = told(session)
        unflagged.draw(session, house.lark, NOW, book)
        first = sentences(session, house.lark)[0]
        with pytest.raises(NotYours):
            judge(session, house.finch, first.id, None, book)
        for actor in (house.heron, house.admin):
            with pytest.raises(NotAllowed):
                unflagged.month_sample(session, actor, NOW)
            with pytest.raises(NotAllowed):
                unflagged.draw(session, actor, NOW, book)
        with pytest.raises(NotAllowed):
            unflagged.estimates(session, house.heron)


def test_a_sentence_of_a_client_who_left_is_not_shown_and_not_judged(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = told(session)
        unflagged.draw(session, house.lark, NOW, book)
        first = sentences(session, house.lark)[0]
        for row in session.scalars(select(Assignment).where(Assignment.client_id == house.anna)):
            row.ends_on = MONTH
        session.flush()
        sample = unflagged.month_sample(session, house.lark, NOW)
        assert sample is not None and (sample.sentences, sample.out_of_sight) == ((), unflagged.SIZE)
        with pytest.raises(NotYours):
            judge(session, house.lark, first.id, None, book)


def test_the_practices_estimate_is_told_from_three_readers_on_with_an_interval_from_ten(
    database: Database, book: PhraseBook
) -> None:
    with database.writing() as session:
        house = told(session)
        wren = factories.account(session, "Wren")
        for actor, judged in ((house.lark, 9), (house.finch, 1)):
            _judged(session, house, actor, judged)
        seen = unflagged.estimates(session, house.admin)
        assert seen.practice is None and seen.own.judged == 0
        _judged(session, house, wren, 2)
        seen = unflagged.estimates(session, house.admin)
        assert seen.practice is not None and (seen.practice.missed, seen.practice.judged) == (3, 12)
        assert seen.practice.interval == pytest.approx((0.0889, 0.5323), abs=1e-4)
        assert unflagged.estimates(session, house.lark).own == unflagged.Missed(1, 9, None)


def _judged(session: Session, house: factories.House, actor: Actor, count: int) -> None:
    """Kept judgements of this person, the first of them missed evidence."""
    note_id = notes.notes_of_client(session, house.lark, house.anna, NOW)[0].id
    for position in range(count):
        session.add(
            UnflaggedSentence(
                account_id=actor.account_id, month=MONTH, position=position, client_id=house.anna, note_id=note_id,
                starts=position, ends=position + 1, verdict="nothing" if position else "evidence", judged_at=NOW,
            )
        )  # fmt: skip
    session.flush()
