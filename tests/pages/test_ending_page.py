"""Ending page: closing a course by its form, what stands in the way, check-ins held, and who sees no button."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from lib.domain.check_ins import usual_days
from lib.domain.closure import Audience, DocumentKind, as_signed
from lib.domain.endings import DecidedBy, EndingDraft
from lib.domain.process import EndingKind
from lib.services import closure_versions, endings, episodes
from lib.storage import document_records, document_signatures
from lib.storage.tables import Assignment, CheckIn, Episode, EpisodeEnding, Outreach
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, components_on, words_on

PAGE, CLIENT = "pages/clinician/ending.py", "pages/clinician/client.py"
TODAY, ENDED = NOW.date(), date(2026, 1, 5)
D = factories.definitions()


@pytest.fixture
def course(practice: Practice, people: House) -> House:
    """Anna's course, open since the summer, with a score."""
    with practice.database.writing() as session:
        session.execute(update(Assignment).values(starts_on=factories.LONG_AGO))
        episodes.begin_episode(session, people.lark, people.anna, date(2025, 6, 2), "to stay", NOW, D)
        factories.enter(session, people.lark, people.anna, factories.phq9_total("SB-001", date(2025, 6, 3), 14))
    return people


@pytest.fixture
def closed(practice: Practice, course: House) -> House:
    """The same, closed in January as planned, with check-ins."""
    draft = EndingDraft(
        ENDED, EndingKind.COMPLETED, DecidedBy.TOGETHER, "Goal *reached*.", over_reason="Papers follow.",
        check_ins=usual_days(ENDED), measures=("phq9",),
    )  # fmt: skip
    with practice.database.writing() as session:
        endings.close_course(session, course.lark, course.anna, draft, NOW, D)
    return course


def test_a_course_is_closed_as_planned_with_its_check_ins(practice: Practice, course: House) -> None:
    browser = practice.open(PAGE, course.lark, course.anna)
    assert "not begun" in components_on(browser) + words_on(browser)
    browser.button_group(key=f"close-road-{course.anna}").set_value("Planned ending").run()
    key = f"{course.anna}-planned"
    browser.text_area(key=f"close-reason-{key}").input("Goal reached.")
    browser.text_area(key=f"close-over-{key}").input("Papers follow.")
    next(one for one in browser.button if one.label == "Close the course").click().run()
    assert "Course closed" in words_on(browser) and "read-only" in words_on(browser)
    with practice.database.reading() as session:
        assert session.scalars(select(Episode.status)).one() == "closed"
        assert len(session.scalars(select(CheckIn)).all()) == 4


def test_a_sudden_ending_asks_what_was_not_done(practice: Practice, course: House) -> None:
    browser = practice.open(PAGE, course.lark, course.anna)
    browser.button_group(key=f"close-road-{course.anna}").set_value("Sudden ending").run()
    key = f"{course.anna}-sudden"
    browser.text_area(key=f"close-reason-{key}").input("Did not come again.")
    browser.text_area(key=f"close-over-{key}").input("Cannot be reached.")
    next(one for one in browser.button if one.label == "Close the course").click().run()
    assert "What was not done is missing." in words_on(browser)
    browser = practice.open(PAGE, course.lark, course.anna)
    with practice.database.reading() as session:
        assert session.scalars(select(EpisodeEnding)).all() == []


def test_an_open_risk_flag_leaves_no_form_to_close_with(practice: Practice, course: House) -> None:
    with practice.database.writing() as session:
        form = factories.phq9("SB-001", TODAY - timedelta(days=1), 0, 0, 0, 0, 0, 0, 0, 0, 2)
        factories.enter(session, course.lark, course.anna, form)
    browser = practice.open(PAGE, course.lark, course.anna)
    browser.button_group(key=f"close-road-{course.anna}").set_value("Planned ending").run()
    assert not [one for one in browser.button if one.label == "Close the course"]
    assert "A risk flag is open." in components_on(browser)


def test_a_check_in_is_recorded_by_the_therapist(practice: Practice, closed: House) -> None:
    browser = practice.open(PAGE, closed.lark, closed.anna)
    assert any("Goal *reached*." in element.value for element in browser.text)
    browser.button_group(key=f"check-in-step-{closed.anna}").set_value("Record the check-in").run()
    with practice.database.reading() as session:
        first = session.scalars(select(CheckIn.id).order_by(CheckIn.due_on)).first()
    browser.text_area(key=f"check-in-what-{closed.anna}-{first}").input("Well; tea on Sundays.")
    next(one for one in browser.button if one.label == "Keep the check-in").click().run()
    with practice.database.reading() as session:
        assert session.get_one(CheckIn, first).state == "held"


def _signed_plan(practice: Practice, people: House) -> None:
    """Anna's plan as it is drafted today, signed past what must be looked at: this is about its days."""
    with practice.database.writing() as session:
        document_id = closure_versions.start_document(
            session, people.lark, people.anna, DocumentKind.PLAN, Audience.CLIENT, NOW, D
        )
        draft = document_records.draft_as_kept(session, document_id)
        signed = as_signed(draft, people.lark.name, NOW, "I have read it.")
        document_signatures.add_signed(session, document_id, people.lark.account_id or 0, signed, b"%PDF", b"PK")
        document_records.set_status(session, document_id, document_records.SIGNED)


def test_a_check_in_moved_after_the_plan_was_signed_is_said_where_it_is_moved_and_on_the_plan(
    practice: Practice, closed: House
) -> None:
    _signed_plan(practice, closed)
    browser = practice.open(PAGE, closed.lark, closed.anna)
    assert "does not name" not in words_on(browser)
    browser.button_group(key=f"check-in-step-{closed.anna}").set_value("Move it").run()
    browser.date_input[0].set_value(date(2026, 3, 20))
    browser = next(one for one in browser.button if one.label == "Move").click().run()
    told = "The signed plan does not name the check-in of 20 Mar. It stays as it was signed; a new version can name it."
    assert told in words_on(browser)
    assert "1 month, due 20 Mar" in str(browser.selectbox[0].options)
    browser.button(key=f"plan-open-{closed.anna}").click().run()
    browser = practice.open("pages/clinician/closure.py", closed.lark, closed.anna)
    browser = browser.button_group(key=f"closure-slot-{closed.anna}").set_value("plan-client").run()
    assert told in words_on(browser)


@pytest.mark.parametrize("who", ["lark", "heron"])
def test_a_closed_record_offers_no_writing(practice: Practice, closed: House, who: str) -> None:
    browser = practice.open(CLIENT, getattr(closed, who), closed.anna)
    assert "read-only" in words_on(browser)
    labels = {one.label for one in browser.button}
    assert not labels & {"Write note", "Enter scores", "Rate markers"}


def test_a_supervisor_reads_the_ending_and_writes_nothing(practice: Practice, closed: House) -> None:
    browser = practice.open(PAGE, closed.heron, closed.anna)
    assert "Course closed" in words_on(browser)
    labels = {one.label for one in browser.button}
    assert not labels & {"Keep the check-in", "Begin", "Keep", "Close the course"}
    assert not browser.expander
    with practice.database.reading() as session:
        assert session.scalars(select(Outreach)).all() == []


def test_a_second_course_tells_its_own_change_beside_that_since_the_first(practice: Practice, closed: House) -> None:
    with practice.database.writing() as session:
        episodes.begin_episode(session, closed.lark, closed.anna, date(2026, 2, 2), "again", NOW, D)
        factories.course(session, closed.lark, closed.anna, "SB-001", [20, 19], date(2026, 2, 9), 14)
    browser = practice.open(CLIENT, closed.lark, closed.anna)
    browser.session_state[f"tabs-{closed.anna}"] = "Progress"
    told = components_on(browser.run())
    assert "Since the very first score" in told and "This episode" in told
    assert "From 9 Feb" in told and "From 3 Jun 2025" in told
