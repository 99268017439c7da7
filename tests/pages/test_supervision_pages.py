"""Supervisor's pages as they are opened: the queue, a word on a case, the audit, reading with a reason, who looked."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.services import break_glass, hashing, supervision
from lib.services.supervision import CaseDraft
from lib.storage.tables import Account, AuditEvent, Supervision, SupervisionComment
from lib.ui import plain_table
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

REVIEW, AUDIT, REASON_PAGE = (f"pages/supervisor/{name}.py" for name in ("review_queue", "audit", "break_glass"))
CLIENT, CASELOAD = "pages/clinician/client.py", "pages/clinician/caseload.py"
PASSWORD, REASON = "violet anchor seven moss", "The therapist is ill and the client called."


@pytest.fixture
def at_risk(practice: Practice, people: House) -> House:
    """Anna and Boris each have a risk flag without an answer."""
    with practice.database.writing() as session:
        for actor, client_id, code in ((people.lark, people.anna, "SB-001"), (people.finch, people.boris, "SB-002")):
            factories.enter(session, actor, client_id, factories.phq9_total(code, date(2026, 2, 2), 12, item_9=1))
        for row in session.scalars(select(Account)):
            row.password_hash = hashing.password_hash(PASSWORD)
    return people


def _rows(browser: AppTest, key: str) -> list[list[str]]:
    for element in browser.get("bidi_component"):
        data = json.loads(element.proto.json)
        if str(element.key) == key:
            return [[cell["text"] for cell in row["cells"]] for row in data["rows"]]
    return []


def _choosing(monkeypatch: pytest.MonkeyPatch, client_id: int) -> None:
    """From now on the browser says of every table that this row was chosen."""
    monkeypatch.setattr(plain_table, "_mount", lambda **_: {"opened": str(client_id)})


def test_the_queue_shows_this_supervisors_cases_with_reason_and_what_was_done(
    practice: Practice, at_risk: House
) -> None:
    (row,) = _rows(practice.open(REVIEW, at_risk.heron), "review-queue")
    assert row[0] == "▲ Risk" and "item 9" in row[4] and "nothing recorded" in row
    assert "SB-002" not in str(row)


def test_a_comment_and_a_step_reach_the_therapists_first_page(
    practice: Practice, at_risk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = practice.open(REVIEW, at_risk.heron)
    with monkeypatch.context() as chosen:
        _choosing(chosen, at_risk.anna)
        browser.run()
        browser.text_area[0].set_value("Ask about the plan.")
        browser.text_input[0].set_value("Call on Friday")
        next(one for one in browser.button if one.label == "Keep").click().run()
    (row,) = _rows(practice.open(CASELOAD, at_risk.lark), "agreed-steps")
    assert row[0] == "Anna Muster" and row[1] == "Call on Friday"
    assert _rows(practice.open(CASELOAD, at_risk.finch), "agreed-steps") == []


def test_a_therapist_says_on_the_first_page_that_a_step_is_done_and_the_supervisor_reads_it(
    practice: Practice, at_risk: House
) -> None:
    with practice.database.writing() as session:
        supervision.comment_on_case(session, at_risk.heron, at_risk.anna, CaseDraft("", "Call on Friday"), NOW)
    browser = practice.open(CASELOAD, at_risk.lark)
    browser.session_state["steps-done"] = True
    browser.run()
    next(one for one in browser.text_input if one.label.startswith("What came of it")).set_value("She was glad.")
    next(one for one in browser.button if one.label == "Say it is done").click().run()
    assert _rows(browser, "agreed-steps") == []
    rows = _rows(practice.open(REVIEW, at_risk.heron), "review-queue")
    assert any("said done 2 Mar: She was glad." in row[-1] for row in rows)


def test_a_forged_choice_opens_no_case_and_a_comment_after_the_supervision_ended_is_refused(
    practice: Practice, at_risk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = practice.open(REVIEW, at_risk.heron)
    _choosing(monkeypatch, at_risk.boris)
    browser.run()
    assert len(browser.text_area) == 0 and "Boris" not in words_on(browser)
    browser.session_state["review-case"] = at_risk.boris
    browser.run()
    assert len(browser.text_area) == 0 and "Boris" not in words_on(browser)
    _choosing(monkeypatch, at_risk.anna)
    browser.run()
    browser.text_area[0].set_value("Too late.")
    with practice.database.writing() as session:
        ended = select(Supervision).where(Supervision.supervisor_id == at_risk.heron.account_id)
        session.scalars(ended).one().ends_on = NOW.date() - timedelta(days=1)
    next(one for one in browser.button if one.label == "Keep").click().run()
    assert "You supervise nobody today" in words_on(browser) and "Anna" not in words_on(browser)
    with practice.database.reading() as session:
        assert session.scalar(select(SupervisionComment.id)) is None


@pytest.mark.parametrize("section", ["Records", "Process", "Random sample"])
def test_every_part_of_the_audit_opens_without_another_teams_names(
    practice: Practice, at_risk: House, section: str
) -> None:
    browser = practice.open(AUDIT, at_risk.heron)
    browser.session_state["audit-section"] = section
    browser.run()
    assert not browser.exception and "Finch" not in words_on(browser)
    assert "Finch" not in str([json.loads(one.proto.json) for one in browser.get("bidi_component")])


def test_a_chosen_period_is_told_on_its_button_and_holds_when_its_field_is_closed_again(
    practice: Practice, at_risk: House
) -> None:
    browser = practice.open(AUDIT, at_risk.heron)
    assert not browser.date_input, "the calendars are heavy: they come on asking"
    browser.session_state["audit-period-menu"] = True
    (field,) = browser.run().date_input
    chosen = (NOW.date() - timedelta(days=40), NOW.date() - timedelta(days=10))
    field.set_value(chosen).run()
    browser.session_state["audit-period-menu"] = False
    browser.run()
    assert not browser.date_input and browser.session_state["audit-period-kept"] == chosen
    labels = [one.proto.popover.label for one in browser.get("popover")]
    assert "Period: 21 Jan 2026 to 20 Feb 2026" in labels


def _ask(browser: AppTest, code: str, reason: str, password: str) -> AppTest:
    browser.text_input(key="reason-code").set_value(code)
    browser.text_area[0].set_value(reason)
    browser.text_input(key="reason-password").set_value(password)
    return next(one for one in browser.button if one.label == "Open for an hour").click().run()


def test_an_admin_reads_with_a_reason_to_read_only_and_the_owner_is_told_until_they_saw_it(
    practice: Practice, at_risk: House
) -> None:
    before = practice.open_past_the_shell(CLIENT, at_risk.admin, at_risk.anna)
    assert "Your role does not include this." in words_on(before)
    opened = _ask(practice.open(REASON_PAGE, at_risk.admin), "SB-001", REASON, PASSWORD)
    assert "SB-001" in words_on(opened) and "until 10:30" in words_on(opened)
    reading = practice.open(CLIENT, at_risk.admin, at_risk.anna)
    assert "Anna Muster" in words_on(reading) and "Write note" not in [one.label for one in reading.button]
    told = practice.open(CASELOAD, at_risk.lark)
    assert "out of the ordinary" in words_on(told) and REASON in words_on(told)
    next(one for one in told.button if one.label == "I have seen this").click().run()
    assert REASON not in words_on(practice.open(CASELOAD, at_risk.lark))


@pytest.mark.parametrize("code", ["SB-002", "SB-NONE"])
def test_a_supervisor_opens_nobody_elses_client_and_the_words_are_those_of_no_client(
    practice: Practice, at_risk: House, code: str
) -> None:
    refused = words_on(_ask(practice.open(REASON_PAGE, at_risk.heron), code, REASON, PASSWORD))
    assert "There is no such client among those you work with." in refused and "Boris" not in refused
    with practice.database.reading() as session:
        assert "denied_break_glass" in session.scalars(select(AuditEvent.action)).all()


def test_who_looked_is_for_owner_and_supervisor_and_not_for_a_cover(practice: Practice, at_risk: House) -> None:
    with practice.database.writing() as session:
        break_glass.open_with_a_reason(session, at_risk.admin, "SB-001", REASON, PASSWORD, NOW)
        supervision.comment_on_case(session, at_risk.heron, at_risk.anna, CaseDraft("Slow down."), NOW)
        factories.assign(session, at_risk.anna, at_risk.finch, "cover")
    for actor, sees in ((at_risk.lark, True), (at_risk.heron, True), (at_risk.finch, False)):
        browser = practice.open(CLIENT, actor, at_risk.anna)
        labels = [one.label for one in browser.expander]
        assert ("Supervision, and who looked" in labels) is sees
    browser = practice.open(CLIENT, at_risk.lark, at_risk.anna)
    browser.session_state[f"supervised-{at_risk.anna}"] = True
    browser.run()
    assert REASON in words_on(browser) and _rows(browser, f"comments-{at_risk.anna}")[0][2] == "Slow down."


@pytest.mark.parametrize(
    ("page", "name"), [("pages/clinician/own_figures.py", "lark"), ("pages/practice/figures.py", "admin")]
)
def test_own_and_practice_figures_open_for_theirs(practice: Practice, at_risk: House, page: str, name: str) -> None:
    browser = practice.open(page, getattr(at_risk, name))
    assert not browser.exception and "role does not include" not in words_on(browser)
    assert "Boris" not in words_on(browser)
