"""Phrases of a practice: proposed by therapists, decided by its admin, tried on their sentences, on the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.bootstrap import ROOT, House, Settings
from lib.domain.errors import InvalidInput, NotAllowed, NotYours, StaleVersion
from lib.domain.evidence import read_note
from lib.domain.imports import NoteIn, Parsed
from lib.domain.people import Actor
from lib.domain.phrase_book import RISK, PhraseBook, PhraseStatus
from lib.domain.practice_phrases import PhraseDraft, ShippedPhrases, own_id
from lib.exchange.shipped_phrases import load_shipped_phrases
from lib.services import imports, notes, phrase_preview, phrases
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, Evidence, PracticePhrase
from tests import factories
from tests.conftest import NOW

ZEPHYR = "Told the zephyr story over supper."
DRAFT = PhraseDraft(
    "surface_talk", "for", "zephyr story", (ZEPHYR,), ("The zephyr was warm.",), "own usage of the team"
)


@cache
def shipped() -> ShippedPhrases:
    """The shipped phrases, read once."""
    return load_shipped_phrases(ROOT / "data" / "phrases")


def found(book: PhraseBook, sentence: str = ZEPHYR) -> set[str]:
    return {one.phrase_id for reading in read_note(sentence, book) for one in reading.suggestions}


def propose(session: Session, actor: Actor, draft: PhraseDraft = DRAFT) -> str:
    return own_id(phrases.propose(session, actor, draft, NOW, shipped()))


def listed(session: Session, actor: Actor, phrase_id: str) -> phrases.ListedPhrase:
    return next(one for one in phrases.phrases_of_practice(session, actor, shipped()) if one.id == phrase_id)


def bring_note(session: Session, actor: Actor, code: str, text: str) -> None:
    parsed = Parsed("notes", "notes", 1, notes=(NoteIn(code, NOW.date(), text),))
    imports.commit_import(
        session,
        actor,
        parsed,
        imports.ImportOptions(),
        f"{code}.csv",
        f"{len(text):064x}",
        NOW,
        factories.definitions(),
    )


def test_a_proposed_phrase_is_searched_only_once_the_admin_accepts_it(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        phrase_id = propose(session, house.lark)
        assert found(phrases.book_in_use(session, shipped())) == set()
        with pytest.raises(NotAllowed):
            phrases.accept(session, house.lark, phrase_id, 1, NOW, shipped())
        phrases.accept(session, house.admin, phrase_id, 1, NOW, shipped())
        assert found(phrases.book_in_use(session, shipped())) == {phrase_id}
        phrases.mute(session, house.admin, phrase_id, "too wide", 2, NOW, shipped())
        assert found(phrases.book_in_use(session, shipped())) == set()
        one = listed(session, house.lark, phrase_id)
        assert (one.author, one.status, one.reason, one.decided_by) == ("Lark", PhraseStatus.MUTED, "too wide", "Admin")
        acts = list(session.scalars(select(AuditEvent.action).where(AuditEvent.record_type == "phrase")))
        assert acts == ["phrase_proposed", "phrase_accepted", "phrase_muted"]


def test_a_shipped_phrase_is_muted_with_a_reason_and_searched_again(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        built_in = next(one for one in shipped().book.phrases if one.code == "shutdown")
        assert built_in.id in found(shipped().book, built_in.must[0])
        with pytest.raises(InvalidInput, match="Say why"):
            phrases.mute(session, house.admin, built_in.id, "  ", None, NOW, shipped())
        phrases.mute(session, house.admin, built_in.id, "seldom right here", None, NOW, shipped())
        assert built_in.id not in found(phrases.book_in_use(session, shipped()), built_in.must[0])
        assert listed(session, house.lark, built_in.id).reason == "seldom right here"
        with pytest.raises(InvalidInput, match="muted already"):
            phrases.mute(session, house.admin, built_in.id, "again", None, NOW, shipped())
        phrases.unmute(session, house.admin, built_in.id, NOW, shipped())
        assert phrases.book_in_use(session, shipped()) is shipped().book


def test_risk_wording_cannot_be_muted_and_is_not_listed(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        risk = next(one.id for one in shipped().book.phrases if one.code == RISK)
        with pytest.raises(NotYours):
            phrases.mute(session, house.admin, risk, "no", None, NOW, shipped())
        assert risk not in {one.id for one in phrases.phrases_of_practice(session, house.admin, shipped())}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "avoidant_style"}, "code: must be a marker or a sign"),
        ({"polarity": "maybe"}, "polarity"),
        ({"text": "into {nowhere} story"}, "no class {nowhere}"),
        ({"text": ""}, "phrase: must not be empty"),
        ({"must": ()}, "at least one sentence"),
        ({"source": " "}, "source: must not be empty"),
        ({"must": ("She stayed.",)}, "must match and does not: She stayed."),
        ({"must_not": (ZEPHYR,)}, "must not match and does"),
        ({"text": "x" * 201}, "at most 200 letters"),
    ],
)
def test_a_phrase_that_breaks_a_rule_is_not_kept(
    sqlite_database: Database, changed: dict[str, object], said: str
) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        with pytest.raises(InvalidInput, match=said.replace("{", r"\{")):
            propose(session, house.lark, replace(DRAFT, **changed))  # type: ignore[arg-type]
        assert session.scalars(select(PracticePhrase)).all() == []


def test_the_very_same_phrase_is_not_kept_twice_and_an_old_version_decides_nothing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        phrase_id = propose(session, house.lark)
        with pytest.raises(InvalidInput, match="there already"):
            propose(session, house.finch)
        phrases.mute(session, house.admin, phrase_id, "not now", 1, NOW, shipped())
        with pytest.raises(StaleVersion):
            phrases.accept(session, house.admin, phrase_id, 1, NOW, shipped())
        with pytest.raises(NotYours):
            phrases.accept(session, house.admin, own_id(99), 1, NOW, shipped())


def test_only_those_who_work_with_phrases_read_them_and_admins_propose_none(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        for act in (
            lambda: phrases.phrases_of_practice(session, house.heron, shipped()),
            lambda: propose(session, house.heron),
            lambda: propose(session, house.admin),
            lambda: phrase_preview.preview(session, house.heron, DRAFT, NOW, shipped()),
            lambda: phrases.mute(session, house.lark, "shutdown-001", "no", None, NOW, shipped()),
            lambda: phrases.unmute(session, house.lark, "shutdown-001", NOW, shipped()),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_kept_phrase_that_breaks_a_rule_of_today_is_left_out_and_said(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        phrase_id = propose(session, house.lark)
        phrases.accept(session, house.admin, phrase_id, 1, NOW, shipped())
        session.scalars(select(PracticePhrase)).one().phrase = "zephyr {gone}"
        session.flush()
        assert found(phrases.book_in_use(session, shipped())) == set()
        assert listed(session, house.admin, phrase_id).problem == (
            f"phrase {phrase_id}: phrase: there is no class {{gone}}"
        )


def test_how_often_a_phrase_was_confirmed_is_told_and_muting_only_proposed(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        bring_note(session, house.lark, "SB-001", ZEPHYR)
        note = notes.notes_of_client(session, house.lark, house.anna, NOW)[0]
        for position in range(12):
            session.add(
                Evidence(
                    client_id=house.anna, note_id=note.id, dated_on=NOW.date(), code="shutdown", polarity="for",
                    quote="-", starts=position, ends=position + 1, phrase="shutdown-001",
                    state="confirmed" if position == 0 else "rejected", decided_at=NOW,
                )
            )  # fmt: skip
        session.flush()
        one = listed(session, house.admin, "shutdown-001")
        assert one.told is not None and (one.told.confirmed, one.told.decided) == (1, 12)
        assert one.told.interval == pytest.approx((0.0149, 0.3539), abs=1e-4) and one.proposed_to_mute
        assert one.status is PhraseStatus.ACTIVE  # proposed, never done


def test_a_preview_reads_the_own_caseload_and_the_ordinary_sentences_and_is_an_event(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        bring_note(session, house.lark, "SB-001", f"PLAN:\nNothing.\n\n{ZEPHYR} She ate well.")
        bring_note(session, house.finch, "SB-002", "He told his zephyr story.")
        seen = phrase_preview.preview(session, house.lark, DRAFT, NOW, shipped())
        assert [(one.sentence, one.code) for one in seen.own] == [(ZEPHYR, "SB-001")] and seen.notes_read == 1
        assert all(check.holds for check in seen.checks) and len(seen.checks) == 2
        assert seen.negative == () and seen.negative_read == len(shipped().negative) >= 50
        wide = replace(DRAFT, text="the", must=("The door.",), must_not=())
        assert phrase_preview.preview(session, house.admin, wide, NOW, shipped()).notes_read == 0
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "phrase_previewed")).first()
        assert event is not None and "zephyr" not in repr(event.details) and event.details["notes"] == 1


def test_a_preview_shows_what_ordinary_sentences_a_wide_phrase_would_match(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        wide = replace(DRAFT, text="kitchen", must=("The kitchen.",), must_not=())
        seen = phrase_preview.preview(session, house.lark, wide, NOW, shipped())
        assert ["kitchen" in one.sentence for one in seen.negative] == [True]


def test_no_shipped_phrase_matches_an_ordinary_sentence() -> None:
    flagged = {sentence for sentence in shipped().negative if found(shipped().book, sentence)}
    assert flagged == set()


def test_the_house_holds_a_book_until_the_practice_changes_its_phrases(sqlite_database: Database) -> None:
    house_of_program = House(Settings(ROOT, ROOT / "key"))
    with sqlite_database.writing() as session:
        house = factories.house(session)
    before = house_of_program.phrase_book_of(sqlite_database)
    assert before is house_of_program.phrase_book_of(sqlite_database) is house_of_program.phrase_book
    with sqlite_database.writing() as session:
        phrase_id = propose(session, house.lark)
        phrases.accept(session, house.admin, phrase_id, 1, NOW + timedelta(hours=1), house_of_program.shipped_phrases)
    after = house_of_program.phrase_book_of(sqlite_database)
    assert found(after) == {phrase_id} and found(before) == set()
    assert after is house_of_program.phrase_book_of(sqlite_database)
