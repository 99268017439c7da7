"""Outcomes: a supervisor sees how supervisees' clients are doing, with denominators, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lib.domain.change import Verdict
from lib.domain.errors import NotAllowed
from lib.domain.imports import AdministrationIn
from lib.domain.notes import SessionDetails
from lib.domain.small_groups import Untold
from lib.services import outcomes, progress, review_queue, sessions
from lib.services.progress import Filters
from lib.services.review_queue import Topic
from lib.storage.engine import Database
from tests import factories
from tests.conftest import NOW
from tests.factories import House

TODAY = NOW.date()
BEGUN = TODAY - timedelta(days=30)


def supervised_house(session: Session) -> House:
    """Lark's clients: one of each verdict on the PHQ-9, one with a single score, one with none, one on the BDI."""
    house = factories.house(session)
    courses = {"REC": [17, 8], "IMP": [24, 15], "SAME": [12, 11], "WORSE": [12, 20], "ACROSS": [5, 14], "ONE": [14]}
    for code, totals in courses.items():
        house.others[code] = factories.client(session, house.lark, code)
        factories.course(session, house.lark, house.others[code], code, totals, BEGUN)
    house.others["BDI"] = factories.client(session, house.lark, "BDI")
    for day, total in ((BEGUN, 30.0), (TODAY, 10.0)):
        form = AdministrationIn("BDI", day, "bdi", None, {"total": total})
        factories.enter(session, house.lark, house.others["BDI"], form)
    factories.course(session, house.finch, house.boris, "SB-002", [17, 8], BEGUN)
    return house


def test_counts_stand_beside_their_denominators(database: Database) -> None:
    with database.writing() as session:
        house = supervised_house(session)
    with database.reading() as session:
        found = outcomes.supervised_progress(session, house.heron, NOW)
    assert (found.clients, found.open_clients, found.clients_with_score) == (8, 8, 7)
    bdi, phq9 = found.measures
    assert (phq9.measure, phq9.clients_with_score, phq9.with_two_scores, phq9.one_score_only) == ("phq9.total", 6, 5, 1)
    assert phq9.verdicts == {verdict: 0 if verdict == "undetermined" else 1 for verdict in Verdict}
    assert bdi.verdicts is not None and bdi.verdicts[Verdict.UNDETERMINED] == 1
    assert (bdi.with_two_scores, bdi.determined, phq9.determined) == (1, 0, 5)


def test_small_groups_are_not_compared_by_therapist(database: Database) -> None:
    with database.writing() as session:
        house = supervised_house(session)
    with database.reading() as session:
        (lark,) = outcomes.supervised_progress(session, house.heron, NOW).therapists
        by_measure = {
            measure: progress.progress(session, house.heron, measure, Filters(), NOW, factories.definitions())
            for measure in ("bdi.total", "phq9.total")
        }
    assert lark.therapist == "Lark" and lark.clients == 8
    untold = {measure: found.therapists[0].change.untold for measure, found in by_measure.items()}
    assert untold == {"bdi.total": Untold.TOO_FEW, "phq9.total": None}


def test_only_supervisees_count_and_an_ended_supervision_is_blind(database: Database) -> None:
    with database.writing() as session:
        house = supervised_house(session)
        ended = factories.account(session, "Crane", [factories.Role.SUPERVISOR])
        factories.supervise(session, ended, house.lark, ends_on=TODAY - timedelta(days=1))
    with database.reading() as session:
        stork = outcomes.supervised_progress(session, house.stork, NOW)
        assert [t.therapist for t in stork.therapists] == ["Finch"] and stork.clients == 1
        blind = outcomes.supervised_progress(session, ended, NOW)
        assert (blind.therapists, blind.clients, blind.measures) == ((), 0, ())
        for other in (house.lark, house.admin):
            with pytest.raises(NotAllowed):
                outcomes.supervised_progress(session, other, NOW)


def test_cover_does_not_pass_supervision_on(database: Database) -> None:
    with database.writing() as session:
        house = supervised_house(session)
        factories.assign(session, house.boris, house.lark, "cover")
    with database.reading() as session:
        assert outcomes.supervised_progress(session, house.heron, NOW).clients == 8


def test_an_open_risk_is_counted_since_its_day_and_time_alone_brings_silence(database: Database) -> None:
    with database.writing() as session:
        house = supervised_house(session)
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 3, 1))
        seen = house.others["SAME"]
        sessions.record_session(session, house.lark, seen, TODAY, SessionDetails(), NOW, factories.definitions())
    with database.reading() as session:
        found = outcomes.supervised_progress(session, house.heron, NOW)
        assert found.open_risk_flags == 1 and found.oldest_open_risk_on == TODAY
        asking = [(case.code, case.topic) for case in review_queue.queue(session, house.heron, NOW).cases]
        assert asking[0] == ("SB-001", Topic.RISK) and ("SAME", Topic.SILENCE) not in asking
        later = review_queue.queue(session, house.heron, NOW + timedelta(days=20)).cases
        assert ("SAME", Topic.SILENCE) in [(case.code, case.topic) for case in later]


def test_a_supervisee_without_clients_is_named_with_zero(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        wren = factories.account(session, "Wren")
        factories.supervise(session, house.heron, wren)
    with database.reading() as session:
        found = outcomes.supervised_progress(session, house.heron, NOW)
    assert [(t.therapist, t.clients) for t in found.therapists] == [("Lark", 1), ("Wren", 0)]
    assert found.oldest_open_risk_on is None and found.measures == ()
