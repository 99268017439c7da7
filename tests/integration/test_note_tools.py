"""Templates, phrases of one's own, scores for a note, and what waits for a co-signature, on real databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.domain.notes import Compartment, NoteFormat, SessionDetails, may_sign
from lib.domain.people import Actor, Role
from lib.services import note_reviews, note_tools, notes, sessions
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, Note, NoteVersion
from tests import factories
from tests.conftest import NOW
from tests.factories import House

DAY = NOW.date()


@dataclass
class Desk:
    """A practice, and its people."""

    database: Database
    house: House


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    """Lark with Anna, Finch with Boris, their supervisors, an admin."""
    with database.writing() as session:
        house = factories.house(session)
    yield Desk(database, house)


# --- templates -------------------------------------------------------------------------------------


def test_a_template_of_the_practice_gives_its_headings_to_a_new_note(desk: Desk) -> None:
    with desk.database.writing() as session:
        template_id = note_tools.add_template(
            session, desk.house.admin, " Couples  review ", ["Cycle:", "", "Reach"], NOW
        )
    with desk.database.writing() as session:
        draft = notes.start_note(
            session, desk.house.lark, desk.house.anna, DAY, NoteFormat.SOAP, Compartment.PROGRESS, NOW,
            template_id=template_id, definitions=factories.definitions(),
        )  # fmt: skip
        (read,) = notes.notes_of_client(session, desk.house.lark, desk.house.anna, NOW)
    assert draft.text == "CYCLE:\n\n\nREACH:\n"
    assert (read.template, read.format, read.format_words) == ("Couples review", NoteFormat.NARRATIVE, "Couples review")
    assert not read.may_be_signed, "headings alone are no note"
    assert may_sign(read.status, draft.text + "She reached.")


def test_a_retired_template_begins_no_note_and_may_come_back(desk: Desk) -> None:
    with desk.database.writing() as session:
        template_id = note_tools.add_template(session, desk.house.admin, "Intake", ["History"], NOW)
        note_tools.retire_template(session, desk.house.admin, template_id, NOW)
        with pytest.raises(InvalidInput):
            note_tools.template_to_use(session, template_id)
        note_tools.retire_template(session, desk.house.admin, template_id, NOW, is_retired=False)
        assert note_tools.template_to_use(session, template_id).headings == ("History",)
        assert [one.name for one in note_tools.templates(session, desk.house.lark)] == ["Intake"]


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("", ["A"]),
        ("x" * 61, ["A"]),
        ("A", []),
        ("A", [":", " "]),
        ("A", ["B", "b"]),
        ("A", [str(n) for n in range(13)]),
    ],
)
def test_a_template_that_could_not_be_written_with_is_refused(desk: Desk, name: str, headings: list[str]) -> None:
    with pytest.raises(InvalidInput), desk.database.writing() as session:
        note_tools.add_template(session, desk.house.admin, name, headings, NOW)


def test_two_templates_of_one_name_are_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput), desk.database.writing() as session:
        note_tools.add_template(session, desk.house.admin, "Intake", ["A"], NOW)
        note_tools.add_template(session, desk.house.admin, "intake", ["B"], NOW)


@pytest.mark.parametrize("who", ["lark", "heron"])
def test_only_the_practice_admin_makes_templates(desk: Desk, who: str) -> None:
    with pytest.raises(NotAllowed), desk.database.writing() as session:
        note_tools.add_template(session, getattr(desk.house, who), "Intake", ["A"], NOW)


# --- phrases ---------------------------------------------------------------------------------------


def test_a_phrase_is_kept_for_its_owner_alone_and_its_words_stay_out_of_the_log(desk: Desk) -> None:
    with desk.database.writing() as session:
        note_tools.keep_phrase(session, desk.house.lark, ";WNL", "Within normal limits.\r\n", NOW)
        note_tools.keep_phrase(session, desk.house.lark, "wnl", "Oriented, affect congruent.", NOW)
        assert note_tools.own_phrases(session, desk.house.lark) == {"wnl": "Oriented, affect congruent."}
        assert note_tools.own_phrases(session, desk.house.finch) == {}
    with pytest.raises(NotYours), desk.database.writing() as session:
        note_tools.drop_phrase(session, desk.house.finch, "wnl", NOW)
    with desk.database.writing() as session:
        note_tools.drop_phrase(session, desk.house.lark, "wnl", NOW)
        assert note_tools.own_phrases(session, desk.house.lark) == {}
        logged = session.scalars(select(AuditEvent)).all()
    assert [one.action for one in logged][-3:] == ["own_phrase_kept", "own_phrase_kept", "own_phrase_dropped"]
    assert not any("normal" in str(one.details) or "Oriented" in str(one.details) for one in logged)


@pytest.mark.parametrize(
    ("short", "text"), [("", "x"), ("a b", "x"), ("é", "x"), ("x" * 21, "x"), ("ok", " "), ("ok", "x" * 1001)]
)
def test_a_phrase_nobody_could_type_or_read_is_refused(desk: Desk, short: str, text: str) -> None:
    with pytest.raises(InvalidInput), desk.database.writing() as session:
        note_tools.keep_phrase(session, desk.house.lark, short, text, NOW)


# --- scores ----------------------------------------------------------------------------------------


def test_scores_of_the_day_and_since_the_session_before_come_dated_and_with_their_form(desk: Desk) -> None:
    lark, anna = desk.house.lark, desk.house.anna
    with desk.database.writing() as session:
        for days, total in ((30, 18), (14, 15), (0, 12)):
            factories.enter(session, lark, anna, factories.phq9_total("SB-001", DAY - timedelta(days=days), total))
        sessions.record_session(
            session, lark, anna, DAY - timedelta(days=21), SessionDetails(), NOW, factories.definitions()
        )
        lines = note_tools.scores_for_note(session, lark, anna, DAY, NOW, factories.definitions())
    assert lines == ("PHQ-9 15 on 16 Feb 2026 (form 2)", "PHQ-9 12 on 2 Mar 2026 (form 3)")


def test_a_session_that_was_missed_does_not_hide_the_scores_before_it(desk: Desk) -> None:
    lark, anna = desk.house.lark, desk.house.anna
    with desk.database.writing() as session:
        factories.enter(session, lark, anna, factories.phq9_total("SB-001", DAY - timedelta(days=10), 15))
        sessions.record_session(
            session, lark, anna, DAY - timedelta(days=7), SessionDetails(attendance="no_show"), NOW,
            factories.definitions(),
        )  # fmt: skip
        assert len(note_tools.scores_for_note(session, lark, anna, DAY, NOW, factories.definitions())) == 1


def test_without_a_session_before_only_the_latest_of_each_questionnaire_comes(desk: Desk) -> None:
    lark, anna = desk.house.lark, desk.house.anna
    with desk.database.writing() as session:
        for days, total in ((700, 18), (693, 15), (0, 12)):
            factories.enter(session, lark, anna, factories.phq9_total("SB-001", DAY - timedelta(days=days), total))
        lines = note_tools.scores_for_note(session, lark, anna, DAY, NOW, factories.definitions())
    assert lines == ("PHQ-9 12 on 2 Mar 2026 (form 3)",)


def test_a_form_that_could_not_be_scored_says_so(desk: Desk) -> None:
    lark, anna = desk.house.lark, desk.house.anna
    with desk.database.writing() as session:
        factories.enter(session, lark, anna, factories.phq9("SB-001", DAY, *[None] * 8, 0))
        (line,) = note_tools.scores_for_note(session, lark, anna, DAY, NOW, factories.definitions())
    assert line == "PHQ-9 no score on 2 Mar 2026 (form 1)"


def test_nobody_else_gets_the_scores(desk: Desk) -> None:
    with pytest.raises(NotYours), desk.database.reading() as session:
        note_tools.scores_for_note(session, desk.house.finch, desk.house.anna, DAY, NOW, factories.definitions())


# --- sessions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"starts_at_time": "25:00"}, {"starts_at_time": "9:30"}, {"techniques": "x" * 501}, {"parts": ("nonsense",)}],
)
def test_a_detail_that_breaks_a_rule_is_refused_on_every_road(desk: Desk, wrong: dict[str, str]) -> None:
    lark, anna = desk.house.lark, desk.house.anna
    with desk.database.writing() as session:
        held = sessions.record_session(session, lark, anna, DAY, SessionDetails(), NOW, factories.definitions())
    with pytest.raises(InvalidInput), desk.database.writing() as session:
        sessions.record_session(session, lark, anna, DAY, SessionDetails(**wrong), NOW, factories.definitions())  # type: ignore[arg-type]
    with pytest.raises(InvalidInput), desk.database.writing() as session:
        notes.save_session_details(
            session,
            lark,
            anna,
            held,
            SessionDetails(**wrong),
            1,
            NOW,
            definitions=factories.definitions(),  # type: ignore[arg-type]
        )


# --- what waits for a co-signature -----------------------------------------------------------------


def _signed(session: object, author: Actor, client_id: int, on: date, **more: object) -> int:
    note = Note(
        client_id=client_id, originator_id=author.account_id, dated_on=on, text="x", saved_at=NOW, format="narrative",
        **{"compartment": "progress", "status": "signed"} | more,
    )  # fmt: skip
    session.add(note)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    version = NoteVersion(note_id=note.id, number=1, content="{}", sha256="-", signed_at=NOW, meaning="-")
    session.add(version)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    return note.id


def test_a_supervisor_finds_the_signed_notes_of_their_own_trainees_and_no_others(desk: Desk) -> None:
    house = desk.house
    with desk.database.writing() as session:
        trainee = factories.account(session, "Wren", is_trainee=True)
        factories.supervise(session, house.heron, trainee)
        cleo = factories.client(session, trainee, "SB-003", "Cleo Exemplum")
        waits = _signed(session, trainee, cleo, DAY)
        _signed(session, trainee, cleo, DAY, compartment="process")
        _signed(session, trainee, cleo, DAY, status="draft")
        _signed(session, trainee, cleo, DAY, status="returned")
        _signed(session, house.lark, house.anna, DAY)
    with desk.database.reading() as session:
        (found,) = note_reviews.waiting_for_cosignature(session, house.heron, NOW)
        assert (found.note_id, found.code, found.author, found.times_returned) == (waits, "SB-003", "Wren", 0)
        assert note_reviews.waiting_for_cosignature(session, house.stork, NOW) == []
        with pytest.raises(NotAllowed):
            note_reviews.waiting_for_cosignature(session, trainee, NOW)


def test_nobody_waits_for_their_own_co_signature(desk: Desk) -> None:
    with desk.database.writing() as session:
        both = factories.account(session, "Both", [Role.THERAPIST, Role.SUPERVISOR], is_trainee=True)
        client_id = factories.client(session, both, "SB-004")
        _signed(session, both, client_id, DAY)
        assert note_reviews.waiting_for_cosignature(session, both, NOW) == []
