"""Endings: closing with what it needs, a closed record that is read-only, a second course, and check-ins after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib.domain import closure
from lib.domain.check_ins import CheckInState, SignSeen, usual_days
from lib.domain.closure import Audience, DocumentKind
from lib.domain.closure_charts import charts_of
from lib.domain.ending_figures import CheckInCount, EndingCount
from lib.domain.endings import DecidedBy, EndingDraft, OutreachWay, Tried
from lib.domain.entries import Rupture
from lib.domain.errors import Blocked, Frozen, InvalidInput, NotAllowed, NotYours
from lib.domain.flags import FlagKind
from lib.domain.markers import RatingDraft
from lib.domain.notes import Compartment, NoteFormat, SessionDetails
from lib.domain.policy import Action, RecordKind
from lib.domain.process import EndingKind
from lib.domain.standing import StandingDetail
from lib.services import (
    access,
    agreed_levels,
    caseload,
    check_ins,
    client_record,
    closure_sections,
    closure_versions,
    ending_figures,
    endings,
    entries,
    episodes,
    flags,
    measures,
    notes,
    questionnaire_links,
    record_extract,
    sessions,
)
from lib.services import closure as closure_service
from lib.storage import document_records, document_signatures, standing_queries
from lib.storage.audit_figure_queries import Period
from lib.storage.engine import Database
from lib.storage.tables import Assignment, AuditEvent, CheckIn, EpisodeEnding, Flag, SignedDocument, Supervision
from lib.ui import course_views
from tests import factories
from tests.conftest import NOW
from tests.factories import House

TODAY = NOW.date()
BEGAN, ENDED = date(2025, 6, 2), date(2025, 11, 3)
D = factories.definitions()
DRAFT = EndingDraft(
    ENDED, EndingKind.COMPLETED, DecidedBy.TOGETHER, "The goal was reached.", over_reason="Papers follow."
)


def _at(day: date) -> datetime:
    return NOW.replace(year=day.year, month=day.month, day=day.day)


def _course(session: Session) -> House:
    """Anna's course of three scores, 18 to 6, and a level of 12 agreed with her."""
    house = factories.house(session)
    session.execute(update(Assignment).values(starts_on=factories.LONG_AGO))
    session.execute(update(Supervision).values(starts_on=factories.LONG_AGO))
    episodes.begin_episode(session, house.lark, house.anna, BEGAN, "to stay", _at(BEGAN), D)
    factories.course(session, house.lark, house.anna, "SB-001", [18, 12, 6], date(2025, 6, 9), 60)
    agreed_levels.agree_level(session, house.lark, house.anna, "phq9.total", 12, "", _at(ENDED), D)
    return house


def _closed(session: Session, draft: EndingDraft | None = None) -> House:
    house = _course(session)
    planned = replace(DRAFT, check_ins=usual_days(ENDED), measures=("phq9",))
    endings.close_course(session, house.lark, house.anna, draft or planned, _at(ENDED), D)
    return house


def _first(session: Session, house: House) -> CheckIn:
    return session.scalars(select(CheckIn).where(CheckIn.client_id == house.anna).order_by(CheckIn.due_on)).all()[0]


def _standing(session: Session, client_id: int) -> StandingDetail:
    kept = standing_queries.standing_detail(session, client_id)
    assert kept is not None
    return StandingDetail.from_json(kept)


def test_a_planned_ending_keeps_kind_reason_and_four_check_ins(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        ending = endings.ending_of(session, house.lark, house.anna, NOW)
        assert ending.closed is not None
        assert (ending.closed.ended_on, ending.closed.kind) == (ENDED, EndingKind.COMPLETED)
        assert ending.closed.over_reason == "Papers follow." and len(ending.closed.closed_over) == 2
        days = session.scalars(select(CheckIn.due_on).order_by(CheckIn.due_on)).all()
        assert days == [date(2025, 12, 3), date(2026, 2, 3), date(2026, 5, 3), date(2026, 11, 3)]
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "course_closed")).one()
        assert "goal" not in repr(told.details)


def test_an_open_risk_flag_blocks_and_no_reason_closes_over_it(database: Database) -> None:
    with database.writing() as session:
        house = _course(session)
        form = factories.phq9("SB-001", ENDED, 0, 0, 0, 0, 0, 0, 0, 0, 1)
        factories.enter(session, house.lark, house.anna, form)
        with pytest.raises(Blocked, match="cannot be closed"):
            endings.close_course(session, house.lark, house.anna, DRAFT, NOW, D)
        flag = session.scalars(select(Flag).where(Flag.is_risk)).one()
        flags.respond_to_flag(session, house.lark, flag.id, house.anna, "Asked; safe.", NOW, D)
        endings.close_course(session, house.lark, house.anna, DRAFT, NOW, D)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"over_reason": ""}, Blocked),
        ({"reason": " "}, InvalidInput),
        ({"ended_on": BEGAN - timedelta(days=1)}, InvalidInput),
        ({"ended_on": TODAY + timedelta(days=1)}, InvalidInput),
        ({"check_ins": ((1, ENDED),)}, InvalidInput),
        ({"measures": ("no_such",)}, InvalidInput),
        ({"is_sudden": True, "kind": EndingKind.WITHDREW}, InvalidInput),
        ({"is_sudden": True, "not_done": "No goodbye."}, InvalidInput),
        (
            {"is_sudden": True, "kind": EndingKind.OTHER, "not_done": "-", "check_ins": usual_days(ENDED)},
            InvalidInput,
        ),
    ],
)
def test_an_ending_that_cannot_be_is_refused_and_leaves_nothing(
    database: Database, change: dict[str, object], error: type[Exception]
) -> None:
    with database.writing() as session:
        house = _course(session)
        with pytest.raises(error):
            endings.close_course(session, house.lark, house.anna, replace(DRAFT, **change), NOW, D)  # type: ignore[arg-type]
        assert session.scalars(select(EpisodeEnding)).all() == []


def test_a_course_does_not_end_before_its_last_session(database: Database) -> None:
    with database.writing() as session:
        house = _course(session)
        later = ENDED + timedelta(days=7)
        sessions.record_session(session, house.lark, house.anna, later, SessionDetails(), NOW, D)
        with pytest.raises(InvalidInput, match="session"):
            endings.close_course(session, house.lark, house.anna, DRAFT, NOW, D)


def test_a_sudden_ending_tells_documents_of_outreach_and_what_was_not_done(database: Database) -> None:
    with database.writing() as session:
        house = _course(session)
        tried = Tried(ENDED - timedelta(days=9), OutreachWay.TELEPHONE, "No answer.")
        endings.note_outreach(session, house.lark, house.anna, tried, _at(ENDED))
        draft = replace(
            DRAFT, kind=EndingKind.WITHDREW, is_sudden=True, reason="Did not come again.", not_done="No goodbye."
        )
        endings.close_course(session, house.lark, house.anna, draft, _at(ENDED), D)
        letter = Tried(ENDED + timedelta(days=10), OutreachWay.LETTER, "No reply yet")
        endings.note_outreach(session, house.lark, house.anna, letter, NOW)
        client = access.client_for(session, house.lark, Action.READ, RecordKind.CLINICAL_RECORD, house.anna, NOW)
        fact = record_extract.extract(session, client, (), NOW, D).episode
        assert fact is not None and fact.ending == "withdrew, without a planned ending"
        assert fact.reason == (
            "Did not come again. Outreach: 25 Oct 2025 by telephone: No answer; 13 Nov 2025 by letter: No reply yet."
            " Not done: No goodbye."
        )


Write = Callable[[Session, House], object]
HAND: dict[str, Write] = {
    "a form": lambda s, h: factories.enter(s, h.lark, h.anna, factories.phq9_total("SB-001", TODAY, 3)),
    "a form of then": lambda s, h: factories.enter(s, h.lark, h.anna, factories.phq9_total("SB-001", BEGAN, 3)),
    "a rating": lambda s, h: measures.rate_marker(
        s, h.lark, h.anna, RatingDraft(next(iter(D.model.markers)), None, TODAY), NOW, D
    ),
    "an entry": lambda s, h: entries.add_entry(s, h.lark, h.anna, Rupture(TODAY, "It tore."), NOW, D),
    "a session": lambda s, h: sessions.record_session(s, h.lark, h.anna, TODAY, SessionDetails(), NOW, D),
    "a note": lambda s, h: notes.start_note(
        s, h.lark, h.anna, TODAY, NoteFormat.NARRATIVE, Compartment.PROGRESS, NOW, definitions=D
    ),
    "a level": lambda s, h: agreed_levels.agree_level(s, h.lark, h.anna, "phq9.total", 9, "", NOW, D),
    "a link": lambda s, h: questionnaire_links.make_link(s, h.lark, h.anna, "phq9", "general", NOW, D, "p"),
}


@pytest.mark.parametrize("what", HAND)
def test_a_closed_record_takes_nothing_by_hand_until_a_new_episode_begins(database: Database, what: str) -> None:
    with database.writing() as session:
        house = _closed(session)
        with pytest.raises(Frozen) as refused:
            HAND[what](session, house)
        assert "new episode" in refused.value.mend
        overview = client_record.client_overview(session, house.lark, house.anna, NOW, D)
        assert not overview.client.may_write and overview.client.may_respond and overview.client.may_edit
        assert not entries.may_write(session, house.lark, house.anna, NOW)
        episodes.begin_episode(session, house.lark, house.anna, date(2026, 2, 2), "again", NOW, D)
        HAND[what](session, house)
        assert client_record.client_overview(session, house.lark, house.anna, NOW, D).client.may_write


def test_who_may_not_know_of_a_client_learns_nothing_of_a_closed_one(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        row = _first(session, house)
        with pytest.raises(NotYours):
            entries.add_entry(session, house.finch, house.anna, Rupture(TODAY, "It tore."), NOW, D)
        with pytest.raises(NotYours):
            endings.ending_of(session, house.finch, house.anna, NOW)
        with pytest.raises(NotYours):
            check_ins.hold_check_in(
                session, house.finch, house.boris, row.id, CheckInState.HELD, TODAY, "Well.", [], NOW, D
            )
        for supervisor_act in (
            lambda: endings.note_outreach(
                session, house.heron, house.anna, Tried(TODAY, OutreachWay.EMAIL, "Nothing."), NOW
            ),
            lambda: endings.close_course(session, house.heron, house.anna, DRAFT, NOW, D),
            lambda: check_ins.move_check_in(session, house.heron, house.anna, row.id, TODAY, NOW, D),
        ):
            with pytest.raises(NotAllowed):
                supervisor_act()
        assert endings.ending_of(session, house.heron, house.anna, NOW).may_note is False


def test_a_second_course_has_its_own_baseline_and_the_first_is_kept(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        assert _standing(session, house.anna).main.verdict == "recovered"  # type: ignore[union-attr]
        episodes.begin_episode(session, house.lark, house.anna, date(2026, 2, 2), "again", NOW, D)
        factories.course(session, house.lark, house.anna, "SB-001", [16, 15], date(2026, 2, 9), 14)
        now_stands = _standing(session, house.anna).measure("phq9.total")
        assert now_stands is not None
        assert (now_stands.first, now_stands.latest, now_stands.points) == (16, 15, 2)
        assert now_stands.verdict == "unchanged"
        shown = client_record.client_overview(session, house.lark, house.anna, NOW, D).measures
        course = next(one for one in shown if one.measure == "phq9.total")
        assert [point.value for point in course.points] == [18, 12, 6, 16, 15]


def test_a_due_check_in_asks_for_the_therapist_from_its_day_on(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        before = caseload.own_caseload(session, house.lark, _at(date(2025, 12, 2)))
        assert [entry.client_id for entry in before] == []
        (entry,) = caseload.own_caseload(session, house.lark, _at(date(2025, 12, 3)))
        assert entry.client_id == house.anna
        assert [(r.kind, r.reason) for r in entry.reasons] == [
            (FlagKind.CHECK_IN_DUE, "Check-in at 1 month due 3 Dec 2025.")
        ]
        row = _first(session, house)
        check_ins.move_check_in(session, house.lark, house.anna, row.id, TODAY + timedelta(days=3), NOW, D)
        kinds = [reason.reason for reason in caseload.own_caseload(session, house.lark, NOW)[0].reasons]
        assert kinds == ["Check-in at 3 months due 3 Feb 2026."]


@pytest.mark.parametrize(("total", "crossed"), [(11, False), (12, True), (17, True)])
def test_a_check_in_at_the_agreed_level_raises_a_flag(database: Database, total: int, crossed: bool) -> None:
    with database.writing() as session:
        house = _closed(session)
        row, day = _first(session, house), date(2025, 12, 4)
        form = factories.phq9_total("SB-001", day, total)
        check_ins.enter_form(session, house.lark, house.anna, row.id, form, NOW, D)
        signs = [SignSeen("I stop answering.", True), SignSeen("I plan to move.", None)]
        check_ins.hold_check_in(
            session, house.lark, house.anna, row.id, CheckInState.HELD, day, "Wobbling.", signs, NOW, D
        )
        after = check_ins.after_the_end(session, house.lark, house.anna, NOW, D)
        held = after.check_ins[0]
        assert (held.state, held.level_value, held.crossed) == (CheckInState.HELD, total, crossed)
        assert held.signs == tuple(signs) and after.level is not None and after.level[1:] == (12, "above")
        raised = session.scalars(select(Flag).where(Flag.kind == FlagKind.CHECK_IN_CROSSED)).all()
        assert bool(raised) is crossed
        if crossed:
            assert raised[0].reason.endswith('12 was agreed as "get in touch".')
        with pytest.raises(Frozen):
            check_ins.hold_check_in(
                session, house.lark, house.anna, row.id, CheckInState.HELD, day, "Again.", [], NOW, D
            )


def test_charts_know_the_end_the_check_ins_after_it_and_the_agreed_level(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        form = factories.phq9_total("SB-001", date(2025, 12, 4), 13)
        check_ins.enter_form(session, house.lark, house.anna, _first(session, house).id, form, NOW, D)
        overview = client_record.client_overview(session, house.lark, house.anna, NOW, D)
        main = next(one for one in overview.measures if one.measure == "phq9.total")
        drawn = course_views.drawing_of(main, overview, D.model, TODAY)
        assert [point.is_check_in for point in drawn.points] == [False, False, False, True]
        assert (drawn.ends, drawn.level) == ((ENDED,), 12)
        client = access.client_for(session, house.lark, Action.READ, RecordKind.CLINICAL_RECORD, house.anna, NOW)
        (chart,) = charts_of(record_extract.extract(session, client, (), NOW, D))
        assert [value for _, value in chart.points] == [18, 12, 6]
        assert record_extract.extract(session, client, (), NOW, D).forms_after_end == (date(2025, 12, 4),)
        check_ins.hold_check_in(
            session, house.lark, house.anna, _first(session, house).id, CheckInState.HELD, date(2025, 12, 4), "Well.",
            [], NOW, D,
        )  # fmt: skip
        assert record_extract.extract(session, client, (), NOW, D).forms_after_end == ()
        assert (chart.ended_on, chart.after, chart.level) == (ENDED, ((date(2025, 12, 4), 13.0),), 12)
        episodes.begin_episode(session, house.lark, house.anna, date(2026, 2, 2), "again", NOW, D)
        factories.course(session, house.lark, house.anna, "SB-001", [16], date(2026, 2, 9), 14)
        overview = client_record.client_overview(session, house.lark, house.anna, NOW, D)
        main = next(one for one in overview.measures if one.measure == "phq9.total")
        drawn = course_views.drawing_of(main, overview, D.model, TODAY)
        assert [point.is_check_in for point in drawn.points] == [False, False, False, True, False]


def test_a_check_in_without_a_score_says_nothing_about_the_level(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        row = _first(session, house)
        day = date(2025, 12, 4)
        check_ins.hold_check_in(session, house.lark, house.anna, row.id, CheckInState.HELD, day, "Well.", [], NOW, D)
        held = check_ins.after_the_end(session, house.lark, house.anna, NOW, D).check_ins[0]
        assert (held.level_value, held.crossed) == (None, None)
        form = factories.phq9_total("SB-001", day, 14)
        check_ins.enter_form(session, house.lark, house.anna, row.id, form, NOW, D)
        assert check_ins.after_the_end(session, house.lark, house.anna, NOW, D).check_ins[0].crossed is True


def test_a_risk_item_at_a_check_in_raises_its_flag(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        form = factories.phq9("SB-001", date(2025, 12, 4), 0, 0, 0, 0, 0, 0, 0, 0, 2)
        check_ins.enter_form(session, house.lark, house.anna, _first(session, house).id, form, NOW, D)
        assert _standing(session, house.anna).open_risk_flags == 1


def test_a_link_is_given_at_a_check_in_and_its_answer_comes_in(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        row = _first(session, house)
        token = questionnaire_links.make_link(
            session, house.lark, house.anna, "phq9", "general", NOW, D, "p", check_in_id=row.id
        )
        answers = dict(factories.phq9_total("SB-001", TODAY, 15).answers or {})
        assert questionnaire_links.answer(session, token, answers, NOW, D)
        assert session.scalars(select(Flag).where(Flag.kind == FlagKind.CHECK_IN_CROSSED)).one().state == "open"
        with pytest.raises(NotYours):
            questionnaire_links.make_link(
                session, house.finch, house.boris, "phq9", "general", NOW, D, "p", check_in_id=row.id
            )


@pytest.mark.parametrize("day", [ENDED, TODAY + timedelta(days=1)])
def test_a_check_in_lies_after_the_end_and_not_in_the_future(database: Database, day: date) -> None:
    with database.writing() as session:
        house = _closed(session)
        with pytest.raises(InvalidInput):
            check_ins.hold_check_in(
                session, house.lark, house.anna, _first(session, house).id, CheckInState.HELD, day, "Well.", [], NOW, D
            )


def test_a_supervisor_sees_how_courses_ended_and_what_held_and_nobody_elses(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        row, day = _first(session, house), date(2025, 12, 4)
        form = factories.phq9_total("SB-001", day, 15)
        check_ins.enter_form(session, house.lark, house.anna, row.id, form, NOW, D)
        check_ins.hold_check_in(session, house.lark, house.anna, row.id, CheckInState.HELD, day, "Low.", [], NOW, D)
        period = Period(date(2025, 10, 1), TODAY)
        found = ending_figures.team_endings(session, house.heron, period, NOW)
        assert found.endings == (EndingCount("completed", False, 1, 0, 0),)
        assert found.check_ins == (CheckInCount(1, 1, 1, 1, 0), CheckInCount(3, 1, 0, 0, 0))
        other = ending_figures.team_endings(session, house.stork, period, NOW)
        assert other.endings == () and other.check_ins == ()
        with pytest.raises(NotAllowed):
            ending_figures.team_endings(session, house.lark, period, NOW)


def _plan_in(session: Session, house: House, now: datetime) -> int:
    return closure_versions.start_document(
        session, house.lark, house.anna, DocumentKind.PLAN, Audience.CLIENT, now, D
    )  # fmt: skip


def _signed(session: Session, house: House, document_id: int) -> None:
    """The plan signed, past what must be looked at: this is about its days."""
    at = _at(ENDED)
    draft = document_records.draft_as_kept(session, document_id)
    signed = closure.as_signed(draft, house.lark.name, at, "I have read it.")
    document_signatures.add_signed(session, document_id, house.lark.account_id or 0, signed, b"%PDF", b"PK")
    document_records.set_status(session, document_id, document_records.SIGNED)


def _days_told(session: Session, house: House, document_id: int) -> list[str]:
    opened = closure_service.open_document(session, house.lark, document_id, _at(ENDED), D)
    assert not opened.changed, "a check-in that was moved leaves nothing to draft again"
    return [line.text for line in opened.stored.draft.section("checkins").sentences]


def test_an_open_draft_follows_a_check_in_that_is_moved(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        document_id = _plan_in(session, house, _at(ENDED))
        own = [*_days_told(session, house, document_id), "We meet on 3 Feb 2026 at the practice."]
        closure_sections.change_section(session, house.lark, document_id, house.anna, "checkins", own, 1, _at(ENDED))
        closure_sections.review_section(session, house.lark, document_id, house.anna, "checkins", 2, _at(ENDED))
        second = session.scalars(select(CheckIn).where(CheckIn.month == 3)).one()
        check_ins.move_check_in(session, house.lark, house.anna, second.id, date(2026, 2, 20), _at(ENDED), D)
    with database.writing() as session:
        assert _days_told(session, house, document_id) == [
            "Check-in at 1 month: 3 Dec 2025.",
            "Check-in at 3 months: 20 Feb 2026.",
            "Check-in at 6 months: 3 May 2026.",
            "Check-in at 12 months: 3 Nov 2026.",
            "We meet on 3 Feb 2026 at the practice.",
        ]
        section = document_records.draft_as_kept(session, document_id).section("checkins")
        assert section.reviewed_at is None, "what changed is to be reviewed again"
        assert section.sentences[1].sources[0].dated_on == date(2026, 2, 20)


def test_a_signed_plan_never_changes_and_says_which_day_it_does_not_name(database: Database) -> None:
    with database.writing() as session:
        house = _closed(session)
        document_id = _plan_in(session, house, _at(ENDED))
        _signed(session, house, document_id)
        frozen = session.scalars(select(SignedDocument.content)).one()
        assert check_ins.after_the_end(session, house.lark, house.anna, _at(ENDED), D).not_named == ()
        second = session.scalars(select(CheckIn).where(CheckIn.month == 3)).one()
        check_ins.move_check_in(session, house.lark, house.anna, second.id, date(2026, 2, 20), _at(ENDED), D)
    with database.writing() as session:
        assert session.scalars(select(SignedDocument.content)).one() == frozen
        after = check_ins.after_the_end(session, house.lark, house.anna, _at(ENDED), D)
        opened = closure_service.open_document(session, house.lark, document_id, _at(ENDED), D)
        assert after.not_named == opened.days_not_named == (date(2026, 2, 20),)
        corrected = closure_versions.correct_document(session, house.lark, document_id, house.anna, _at(ENDED), D)
        assert "Check-in at 3 months: 20 Feb 2026." in _days_told(session, house, corrected)
