"""Supervision on real databases: queue, comments, sessions, break-glass, who looked, audits, progress, exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lib.domain.audit_figures import Indicator, IntakePattern, share
from lib.domain.entries import EndingTalk, Repair, Rupture, TherapyBreak
from lib.domain.errors import Blocked, InvalidInput, NotAllowed, NotYours, ReauthenticationNeeded, StaleVersion
from lib.domain.funnel import DRAWN, Place
from lib.domain.imports import AdministrationIn
from lib.domain.markers import RatingDraft
from lib.domain.notes import SessionDetails
from lib.domain.people import Permission
from lib.domain.process import EndingKind
from lib.domain.small_groups import Untold
from lib.services import (
    access_log,
    account_changes,
    accounts,
    audit_samples,
    break_glass,
    client_record,
    entries,
    episodes,
    flags,
    hashing,
    measures,
    progress,
    record_audit,
    review_queue,
    sessions,
    supervision,
    supervision_exports,
)
from lib.services.access_log import Way
from lib.services.audit_samples import FileAudit, Finding
from lib.services.progress import Filters
from lib.services.record_audit import Period
from lib.services.review_queue import Topic
from lib.services.supervision import CaseDraft
from lib.services.supervision_exports import Asked, What
from lib.storage.engine import Database
from lib.storage.tables import Account, AuditEvent, Flag, Supervision
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.integration.access_world import opened_once

TODAY, DEFS = NOW.date(), factories.definitions()
FIRST = date(2026, 1, 5)
PASSWORD = "violet anchor seven moss"
REASON = "The therapist is ill and the client has called twice."


class _TakeBack(Exception):
    """Ends a transaction, so that the next test meets the same practice."""


@dataclass
class Team:
    """The people and clients: lark's Anna has a risk, six more of lark's have two scores. No test leaves a trace."""

    database: Database
    house: House
    clients: dict[str, int]

    @contextmanager
    def trying(self) -> Iterator[Session]:
        """One transaction, taken back at its end."""
        with suppress(_TakeBack), self.database.writing() as session:
            yield session
            raise _TakeBack


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def team(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Lark's clients with courses; finch's Boris with one. Made once on each database."""
    for database in opened_once(request, tmp_path_factory.mktemp("supervision")):
        with database.writing() as session:
            house = factories.house(session)
            session.execute(update(Account).values(password_hash=hashing.password_hash(PASSWORD)))
            clients = {}
            for number, totals in enumerate([(18, 6), (8, 20), (12, 12), (17, 8), (9, 9), (14, 13)], start=10):
                code = f"SB-{number:03}"
                clients[code] = factories.client(session, house.lark, code, f"Person {number}")
                factories.course(session, house.lark, clients[code], code, totals, FIRST)
            factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", FIRST, 12, item_9=1))
            factories.course(session, house.finch, house.boris, "SB-002", [5, 20], FIRST)
        yield Team(database, house, clients)


def test_the_queue_tells_what_waits_why_and_what_was_done_risk_first(team: Team) -> None:
    with team.trying() as session:
        rupture = Rupture(date(2026, 2, 2), "Left early.")
        entries.add_entry(session, team.house.lark, team.house.anna, rupture, NOW, DEFS)
        for day in (9, 16):
            held = SessionDetails(attendance="attended")
            sessions.record_session(session, team.house.lark, team.house.anna, date(2026, 2, day), held, NOW, DEFS)
        flag = session.scalars(select(Flag.id).where(Flag.client_id == team.house.anna, Flag.is_risk)).one()
        found = review_queue.queue(session, team.house.heron, NOW)
        anna = {case.topic: case for case in found.cases if case.client_id == team.house.anna}
        assert found.cases[0].topic is Topic.RISK and found.cases[0].deed is None
        assert "open for 2 sessions" in anna[Topic.RUPTURE].reason
        assert {case.code for case in found.cases if case.topic is Topic.WORSE} == {"SB-011"}
        flags.respond_to_flag(session, team.house.lark, flag, team.house.anna, "Asked directly.", NOW, DEFS)
        after = review_queue.queue(session, team.house.heron, NOW)
        left = {case.topic: case for case in after.cases if case.client_id == team.house.anna}
        assert Topic.RISK not in left and left[Topic.RUPTURE].deed is not None
        assert left[Topic.RUPTURE].deed.what == "Asked directly."


def test_an_ending_planned_and_past_and_raters_that_disagree_are_cases(team: Team) -> None:
    anna, lark = team.house.anna, team.house.lark
    with team.trying() as session:
        from lib.storage.tables import Episode, Rating

        episodes.begin_episode(session, lark, anna, FIRST, "trust", NOW, DEFS)
        session.execute(update(Episode).values(ending_planned_on=TODAY - timedelta(days=3)))
        marker = next(iter(DEFS.model.markers))
        measures.rate_marker(session, lark, anna, RatingDraft(marker, 1, TODAY, evidence="Said so."), NOW, DEFS)
        own = {"subject": "marker", "key": marker, "source": "client", "level": 4, "rated_on": TODAY, "rated_at": NOW}
        session.add(Rating(client_id=anna, **own))
        session.flush()  # what is entered later about an earlier day is not the newest word
        session.add(Rating(client_id=anna, **own | {"level": 1, "rated_on": TODAY - timedelta(days=30)}))
        session.flush()
        cases = [case for case in review_queue.queue(session, team.house.heron, NOW).cases if case.client_id == anna]
    told = {case.topic: case.reason for case in cases}
    assert "has passed" in told[Topic.ENDING]
    assert "therapist rated 1, the client 4" in told[Topic.SOURCES]


def test_an_agreed_step_is_the_therapists_today_until_it_was_looked_at_again(team: Team) -> None:
    anna, lark, heron = team.house.anna, team.house.lark, team.house.heron
    with team.trying() as session:
        draft = CaseDraft("Slow down.", "Ask about the break", TODAY)
        made = supervision.comment_on_case(session, heron, anna, draft, NOW)
        (step,) = supervision.steps_for_me(session, lark, NOW)
        assert (step.client_id, step.agreed_step, step.due_on) == (anna, "Ask about the break", TODAY)
        held = supervision.hold_meeting(session, heron, team.house.lark.account_id or 0, TODAY, "", [made], [], NOW)
        assert [one.id for one in supervision.to_look_at(session, heron, lark.account_id or 0, NOW)] == [made]
        again = [made]
        supervision.hold_meeting(session, heron, lark.account_id or 0, TODAY, "Looked again.", [], again, NOW)
        assert supervision.steps_for_me(session, lark, NOW) == []
        meetings = supervision.meetings(session, lark, NOW)
        assert [one.meeting.id for one in meetings][-1] == held and meetings[-1].cases[0].id == made


def test_a_step_the_therapist_said_was_done_waits_for_the_supervisor_and_no_more_for_them(team: Team) -> None:
    anna, lark, heron = team.house.anna, team.house.lark, team.house.heron
    with team.trying() as session:
        made = supervision.comment_on_case(session, heron, anna, CaseDraft("", "Ask about the break"), NOW)
        supervision.say_step_done(session, lark, made, anna, TODAY, "Asked; she was glad.", NOW)
        assert supervision.steps_for_me(session, lark, NOW) == []
        (waiting,) = supervision.to_look_at(session, heron, lark.account_id or 0, NOW)
        assert (waiting.said_done_on, waiting.said, waiting.is_open_step) == (TODAY, "Asked; she was glad.", True)
        with pytest.raises(Blocked):
            supervision.say_step_done(session, lark, made, anna, TODAY, "", NOW)
        supervision.mark_step_done(session, heron, made, anna, TODAY, NOW)
        assert not supervision.comment_of_client(session, heron, made, anna, NOW).is_open_step
        assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence.desc())).first() == (
            "supervision_step_done"
        )


@pytest.mark.parametrize("days", [-1, 1])
def test_a_step_is_not_said_done_before_it_was_agreed_or_in_the_future(team: Team, days: int) -> None:
    anna, lark, heron = team.house.anna, team.house.lark, team.house.heron
    with team.trying() as session:
        made = supervision.comment_on_case(session, heron, anna, CaseDraft("", "Ask about the break"), NOW)
        with pytest.raises(InvalidInput):
            supervision.say_step_done(session, lark, made, anna, TODAY + timedelta(days=days), "", NOW)


@pytest.mark.parametrize("draft", [CaseDraft(), CaseDraft("a", "", TODAY), CaseDraft("", "b", date(2020, 1, 1))])
def test_a_comment_says_something_and_its_step_falls_due_ahead(team: Team, draft: CaseDraft) -> None:
    with team.trying() as session, pytest.raises(InvalidInput):
        supervision.comment_on_case(session, team.house.heron, team.house.anna, draft, NOW)


def test_when_supervision_ends_the_supervisors_own_words_are_out_of_their_sight(team: Team) -> None:
    anna, heron = team.house.anna, team.house.heron
    with team.trying() as session:
        made = supervision.comment_on_case(session, heron, anna, CaseDraft("Slow down."), NOW)
        ended = select(Supervision).where(Supervision.supervisor_id == heron.account_id)
        session.scalars(ended).one().ends_on = TODAY - timedelta(days=1)
        session.flush()
        with pytest.raises(NotYours):
            supervision.comment_of_client(session, heron, made, anna, NOW)
        assert review_queue.queue(session, heron, NOW).cases == ()
        assert supervision.comment_of_client(session, team.house.lark, made, anna, NOW).comment == "Slow down."


def test_a_reading_with_a_reason_opens_one_record_for_an_hour_and_the_owner_is_told(team: Team) -> None:
    anna, admin, lark = team.house.anna, team.house.admin, team.house.lark
    with team.trying() as session:
        with pytest.raises(NotYours):
            client_record.client_overview(session, admin, anna, NOW, DEFS)
        opened = break_glass.open_with_a_reason(session, admin, "SB-001", REASON, PASSWORD, NOW)
        assert client_record.client_overview(session, admin, anna, NOW, DEFS).client.may_write is False
        with pytest.raises(NotYours):
            client_record.client_overview(session, admin, team.house.boris, NOW, DEFS)
        (notice,) = break_glass.notices(session, lark, NOW)
        assert (notice.reader, notice.reason) == ("Admin", REASON)
        assert break_glass.notices(session, team.house.finch, NOW) == []
        break_glass.acknowledge_notice(session, lark, opened.id, anna, NOW)
        assert break_glass.notices(session, lark, NOW) == []
        with pytest.raises(NotYours):
            client_record.client_overview(session, admin, anna, NOW + timedelta(minutes=60), DEFS)


def test_a_reading_needs_a_reason_and_the_password_and_can_be_ended(team: Team) -> None:
    admin = team.house.admin
    with team.trying() as session:
        for reason, password, error in (("no", PASSWORD, InvalidInput), (REASON, "wrong", ReauthenticationNeeded)):
            with pytest.raises(error):
                break_glass.open_with_a_reason(session, admin, "SB-001", reason, password, NOW)
        opened = break_glass.open_with_a_reason(session, admin, "SB-001", REASON, PASSWORD, NOW)
        with pytest.raises(Blocked):
            break_glass.open_with_a_reason(session, admin, "SB-001", REASON, PASSWORD, NOW)
        with pytest.raises(NotYours):
            break_glass.end_reading(session, team.house.heron, opened.id, NOW)
        later = NOW + timedelta(minutes=1)
        break_glass.end_reading(session, admin, opened.id, later)
        with pytest.raises(NotYours):
            client_record.client_overview(session, admin, team.house.anna, later, DEFS)


def test_an_admins_sign_in_opens_the_client_page_while_a_reading_holds(team: Team) -> None:
    admin = team.house.admin
    with team.trying() as session:
        token = accounts.first_login(session, admin.account_id or 0, NOW)
        before = accounts.signed_in_for_token(session, token, NOW)
        break_glass.open_with_a_reason(session, admin, "SB-001", REASON, PASSWORD, NOW)
        during = accounts.signed_in_for_token(session, token, NOW)
    assert before is not None and not before.actor.has(Permission.VIEW_CLIENT)
    assert during is not None and during.actor.has(Permission.VIEW_CLIENT)


def test_the_log_tells_who_looked_and_a_reading_out_of_the_ordinary_stands_out(team: Team) -> None:
    anna, admin = team.house.anna, team.house.admin
    with team.trying() as session:
        access_log.note_opening(session, team.house.heron, anna, NOW)
        access_log.note_opening(session, team.house.heron, anna, NOW + timedelta(minutes=5))
        break_glass.open_with_a_reason(session, admin, "SB-001", REASON, PASSWORD, NOW)
        access_log.note_opening(session, admin, anna, NOW + timedelta(minutes=6))
        log = access_log.log_of_client(session, team.house.lark, anna, NOW)
    by_heron = [look for look in log.looks if look.event.actor == "Heron"]
    assert [look.way for look in by_heron] == [Way.READ]
    assert {look.way for look in log.looks if look.event.actor == "Admin"} == {Way.BREAK_GLASS}
    assert [reading.reason for reading in log.readings] == [REASON]
    assert REASON not in str([look.event for look in log.looks])


def test_change_is_told_with_its_denominators_effect_and_place_in_the_funnel(team: Team) -> None:
    with team.trying() as session:
        found = progress.progress(session, team.house.heron, None, Filters(), NOW, DEFS)
    assert found.measure == "phq9.total" and found.group.clients == 7
    assert (found.change.with_score, found.change.with_two) == (7, 6)
    assert found.change.better == 2 and found.change.worse == 1
    assert found.change.effect is not None and found.change.effect.low < found.change.effect.value
    (lark,) = found.therapists
    assert lark.therapist == "Lark" and lark.change.over_cutoff == 4
    assert {pair.code for pair in found.pairs} == {"SB-001", *team.clients}


def test_a_narrowed_group_under_five_tells_no_verdicts_and_a_filter_shows_nobody_elses_clients(team: Team) -> None:
    approach, sign = next(iter(DEFS.model.approaches)), next(iter(DEFS.model.signs))
    heron = team.house.heron
    with team.trying() as session:
        for code in ("SB-010", "SB-011"):
            held = SessionDetails(approaches=(approach,))
            sessions.record_session(session, team.house.lark, team.clients[code], FIRST, held, NOW, DEFS)
        episodes.begin_episode(session, team.house.lark, team.clients["SB-010"], FIRST, "", NOW, DEFS)
        narrowed = progress.progress(session, heron, None, Filters(approach=approach), NOW, DEFS)
        begun = progress.progress(session, heron, None, Filters(begun_in=FIRST.year), NOW, DEFS)
        signed = progress.progress(session, heron, None, Filters(sign=sign), NOW, DEFS)
        assert progress.choices(session, heron, NOW) == progress.Choices((), (FIRST.year,))
        finch = Filters(therapist_id=team.house.finch.account_id)
        with pytest.raises(NotYours):
            progress.progress(session, heron, None, finch, NOW, DEFS)
    assert narrowed.group.clients == 2 and narrowed.change.verdicts is None and narrowed.change.effect is None
    assert narrowed.change.untold is Untold.TOO_FEW and narrowed.pairs == ()
    assert (begun.group.clients, begun.change.with_two, begun.pairs) == (1, 1, ()) and signed.group.clients == 0


def test_a_named_team_is_told_unless_what_is_left_beside_it_would_be_fewer_than_five(team: Team) -> None:
    """Lark has six clients with two scores, Finch one, a third therapist five; heron answers for all of them."""
    heron, admin = team.house.heron, team.house.admin
    with team.trying() as session:
        wren = factories.account(session, "Wren")
        for number in range(30, 35):
            client_id = factories.client(session, wren, f"SB-{number:03}")
            factories.course(session, wren, client_id, f"SB-{number:03}", (18, 6 + number - 30), FIRST)
        for therapist in (wren, team.house.finch):
            factories.supervise(session, heron, therapist)
        account_changes.put_in_team(session, admin, team.house.lark.account_id or 0, " North  side ", NOW)
        account_changes.put_in_team(session, admin, team.house.finch.account_id or 0, "South", NOW)
        account_changes.put_in_team(session, admin, wren.account_id or 0, "south", NOW)
        account_changes.put_in_team(session, admin, team.house.finch.account_id or 0, "", NOW)
        found = progress.progress(session, heron, None, Filters(), NOW, DEFS)
        places = {one.therapist: one.place for one in found.therapists}
        assert places["Finch"] is Place.TOO_FEW and places["Wren"] is Place.HELD_BACK  # or Finch's one would be known
        assert places["Lark"] in DRAWN
        teams = {name: progress.progress(session, heron, None, Filters(team=name), NOW, DEFS) for name in
                 progress.choices(session, heron, NOW).teams}  # fmt: skip
        assert {name: one.change.untold for name, one in teams.items()} == {
            "North side": None, "South": Untold.HELD_BACK
        }  # fmt: skip
        assert len(teams["North side"].pairs) == 7 and teams["South"].pairs == ()
        with pytest.raises(InvalidInput):
            progress.progress(session, heron, None, Filters(team="Nowhere"), NOW, DEFS)
        with pytest.raises(InvalidInput):
            account_changes.put_in_team(session, admin, wren.account_id or 0, "x" * 61, NOW)
        with pytest.raises(NotAllowed):
            account_changes.put_in_team(session, heron, wren.account_id or 0, "South", NOW)


def test_growth_markers_of_a_small_part_of_a_team_show_no_dots(team: Team) -> None:
    heron, marker = team.house.heron, next(iter(DEFS.model.markers))
    with team.trying() as session:
        for code in ("SB-010", "SB-011"):
            for level, day in ((0, FIRST), (1, TODAY)):
                draft = RatingDraft(marker, level, day, evidence="Said so.")
                measures.rate_marker(session, team.house.lark, team.clients[code], draft, NOW, DEFS)
        whole = progress.marker_pairs(session, heron, marker, Filters(), NOW, DEFS)
        lark = Filters(therapist_id=team.house.lark.account_id)
        part = progress.marker_pairs(session, heron, marker, lark, NOW, DEFS)
    assert (whole.rated, len(whole.pairs), whole.untold) == (2, 2, None)
    assert (part.rated, part.pairs, part.untold) == (2, (), Untold.TOO_FEW)


def test_a_therapist_sees_their_own_figures_and_nobody_elses(team: Team) -> None:
    with team.trying() as session:
        own = progress.progress(session, team.house.finch, None, Filters(own=True), NOW, DEFS)
        assert own.group.clients == 1 and own.change.verdicts is not None and own.therapists == ()
        with pytest.raises(NotAllowed):
            progress.progress(session, team.house.finch, None, Filters(), NOW, DEFS)
        other = Filters(own=True, therapist_id=team.house.lark.account_id)
        with pytest.raises(NotYours):
            progress.progress(session, team.house.finch, None, other, NOW, DEFS)


def test_marker_pairs_take_the_first_and_the_latest_level(team: Team) -> None:
    marker = next(key for key, one in DEFS.model.markers.items() if not one.two_halves)
    with team.trying() as session:
        for day, level in ((FIRST, 1), (date(2026, 2, 2), 2), (TODAY, 3)):
            draft = RatingDraft(marker, level, day, episode_on=day, evidence="Asked for help.")
            measures.rate_marker(session, team.house.lark, team.house.anna, draft, NOW, DEFS)
        (pair,) = progress.marker_pairs(session, team.house.heron, marker, Filters(), NOW, DEFS).pairs
        assert progress.marker_pairs(session, team.house.stork, marker, Filters(), NOW, DEFS).pairs == ()
    assert (pair.first, pair.latest, pair.points) == (1, 3, 3)


def test_the_practice_figures_carry_no_name_and_no_small_group(team: Team) -> None:
    with team.trying() as session:
        found = progress.practice_figures(session, team.house.admin)
    (phq9,) = found.measures
    assert (found.clients, phq9.with_score, phq9.with_two) == (8, 8, 7)
    assert phq9.verdicts is not None and sum(phq9.verdicts.values()) == 7
    assert "Lark" not in repr(found) and "Person" not in repr(found)


def _figures(team: Team, session: Session) -> record_audit.AuditFigures:
    return record_audit.team_figures(session, team.house.heron, Period(FIRST, TODAY), NOW)


def test_the_audit_counts_what_was_done_of_what_should_be(team: Team) -> None:
    lark, anna = team.house.lark, team.house.anna
    with team.trying() as session:
        flag = session.scalars(select(Flag.id).where(Flag.client_id == anna, Flag.is_risk)).one()
        first = entries.add_entry(session, lark, anna, Rupture(date(2026, 2, 2), "Left early."), NOW, DEFS)
        entries.add_entry(session, lark, anna, Rupture(date(2026, 2, 3), "Was silent."), NOW, DEFS)
        entries.add_entry(session, lark, anna, Repair(first, date(2026, 2, 9), "Spoke of it."), NOW, DEFS)
        winter = TherapyBreak("holiday" if "holiday" in DEFS.model.breaks else next(iter(DEFS.model.breaks)), FIRST)
        entries.add_entry(session, lark, anna, winter, NOW, DEFS)
        episodes.begin_episode(session, lark, anna, FIRST, "", NOW, DEFS)
        entries.add_entry(session, lark, anna, EndingTalk(date(2026, 2, 16), "In spring."), NOW, DEFS)
        episodes.end_episode(session, lark, anna, TODAY, EndingKind.COMPLETED, "", NOW, DEFS)
        flags.respond_to_flag(session, lark, flag, anna, "Asked.", NOW, DEFS)
        found = _figures(team, session)
    told = {one: share(found.figures, one) for one in Indicator}
    assert (told[Indicator.RUPTURES_REPAIRED].met, told[Indicator.RUPTURES_REPAIRED].of) == (1, 2)
    assert (told[Indicator.ALERTS_ANSWERED].met, told[Indicator.ALERTS_SOON].met) == (1, 0)
    assert found.answered_in_days == (TODAY - FIRST).days and found.repaired_in_days == 7
    assert (told[Indicator.BREAKS_PREPARED].met, told[Indicator.BREAKS_PREPARED].of) == (0, 1)
    assert (told[Indicator.ENDINGS_TALKED].met, told[Indicator.ENDINGS_WITH_SUMMARY].met) == (1, 0)
    assert told[Indicator.ENDINGS_WITH_SUMMARY].of == 1 and told[Indicator.MEASURES_CURRENT].of == 6


def test_the_pattern_at_intake_rests_on_the_first_measured_scores(team: Team) -> None:
    with team.trying() as session:
        for day, avoidance in ((FIRST, 5.5), (TODAY, 2.0)):
            form = AdministrationIn("SB-001", day, "ecr_r", None, {"anxiety": 2.5, "avoidance": avoidance})
            factories.enter(session, team.house.lark, team.house.anna, form)
        figures = _figures(team, session).figures
    risks = [one for one in figures if one.indicator is Indicator.ALERTS_ANSWERED]
    assert {one.pattern for one in risks} == {IntakePattern.AVOIDANCE}


def test_another_teams_records_are_in_no_figure(team: Team) -> None:
    with team.trying() as session:
        mine = record_audit.team_figures(session, team.house.heron, Period(FIRST, TODAY), NOW)
        with pytest.raises(NotYours):
            period = Period(FIRST, TODAY, team.house.finch.account_id)
            record_audit.team_figures(session, team.house.heron, period, NOW)
        own = record_audit.own_figures(session, team.house.finch, FIRST, TODAY, NOW)
    assert {one.therapist_id for one in mine.figures} == {team.house.lark.account_id}
    assert {one.therapist_id for one in own.figures} == {team.house.finch.account_id}


def test_a_sample_can_be_drawn_again_from_its_seed_and_keeps_its_findings(team: Team) -> None:
    heron = team.house.heron
    with team.trying() as session:
        with pytest.raises(Blocked):
            audit_samples.draw_sample(session, heron, None, FIRST, TODAY, 3, 7, NOW)
        for client_id in team.clients.values():
            sessions.record_session(session, team.house.lark, client_id, FIRST, SessionDetails(), NOW, DEFS)
        for _ in range(2):
            audit_samples.draw_sample(session, heron, None, FIRST, TODAY, 3, 7, NOW)
        newer, older = audit_samples.samples(session, heron, NOW)
        assert [one.code for one in newer.files] == [one.code for one in older.files] and newer.population == 6
        file, questions = newer.files[0], audit_samples.checklist(session, heron)
        audit = FileAudit({questions[0].id: (Finding.NO, "Too old.")}, "Write it anew", TODAY, file.version)
        audit_samples.keep_audit(session, heron, file.id, file.client_id, audit, NOW)
        with pytest.raises(StaleVersion):
            audit_samples.keep_audit(session, heron, file.id, file.client_id, audit, NOW)
        with pytest.raises(NotYours):
            audit_samples.keep_audit(session, team.house.stork, file.id, file.client_id, audit, NOW)
        audit_samples.edit_checklist(session, team.house.admin, ["Something else?"], NOW)
        kept = audit_samples.samples(session, heron, NOW)[0].files[0]
        assert kept.found[questions[0].question] == ("no", "Too old.")
        audit_samples.close_follow_up(session, heron, file.id, file.client_id, TODAY, NOW)
        with pytest.raises(Blocked):
            audit_samples.close_follow_up(session, heron, file.id, file.client_id, TODAY, NOW)


@pytest.mark.parametrize("what", [What.QUEUE, What.PROGRESS, What.RECORDS, What.PROCESS])
def test_tables_leave_without_a_formula_and_each_leaves_an_event(team: Team, what: What) -> None:
    with team.trying() as session:
        session.execute(update(Account).where(Account.name == "Lark").values(name="=HYPERLINK(1)"))
        plain = supervision_exports.take_table(session, team.house.heron, Asked(what), "csv", NOW, DEFS)
        book = supervision_exports.take_table(session, team.house.heron, Asked(what), "xlsx", NOW, DEFS)
        told = select(func.count()).where(AuditEvent.action == "figures_exported")
        assert session.scalar(told) == 2
        with pytest.raises(NotAllowed):
            supervision_exports.take_table(session, team.house.lark, Asked(what), "csv", NOW, DEFS)
    rows = list(csv.reader(io.StringIO(plain.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert len(rows) == sheet.max_row and "'=HYPERLINK(1)" in cells
    assert not any(cell.startswith("=") for cell in [*cells, *(one for row in rows for one in row)])
    assert "SB-002" not in plain.decode("utf-8-sig")


def test_the_report_for_a_session_is_a_pdf_of_this_supervisors_therapist_alone(team: Team) -> None:
    from pypdf import PdfReader

    with team.trying() as session:
        made = supervision_exports.meeting_report(session, team.house.heron, team.house.lark.account_id or 0, NOW)
        with pytest.raises(NotYours):
            supervision_exports.meeting_report(session, team.house.heron, team.house.finch.account_id or 0, NOW)
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "Supervision of Lark" in words and "SB-011" in words and "SB-002" not in words
