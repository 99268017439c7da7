"""Expected response: fitted on closed courses alone, versioned and audited, and the only answer that others change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.errors import NotAllowed
from lib.domain.expected_response import Track
from lib.domain.flags import FlagKind
from lib.domain.people import OPERATOR
from lib.services import client_record, standing
from lib.services.client_record import ClientOverview
from lib.services.expected_response import fit_responses, fitted_responses
from lib.storage.engine import Database
from lib.storage.tables import (
    Administration,
    AuditEvent,
    Client,
    Episode,
    FittedResponse,
    Flag,
    TherapySession,
)
from tests import factories
from tests.conftest import NOW
from tests.factories import House

KNOWN = factories.definitions()
TODAY = NOW.date()


def add_closed(session: Session, count: int, seed: int = 1, status: str = "closed", prefix: str = "OLD") -> None:
    """Closed courses of weekly PHQ-9 totals, written as rows: a hundred through the services would take a minute."""
    rng = np.random.default_rng(seed)
    clients = [Client(code=f"{prefix}-{n}", name="", created_at=NOW) for n in range(count)]
    session.add_all(clients)
    session.flush()
    for client in clients:
        first, began = float(rng.integers(10, 25)), date(2025, 1, 6)
        session.add(Episode(client_id=client.id, number=1, status=status, starts_on=began, ends_on=TODAY))
        for week in range(int(rng.integers(5, 13))):
            score = float(np.clip(round(first - 2.5 * np.log1p(week) + rng.normal(0, 2)), 0, 27)) if week else first
            on = began + timedelta(days=7 * week)
            session.add(TherapySession(client_id=client.id, held_on=on, attendance="attended"))
            session.add(
                Administration(
                    client_id=client.id, instrument="phq9", instrument_version="1", target="general",
                    respondent="client", taken_on=on, answers=None, scales={"total": score}, entered_at=NOW,
                )
            )  # fmt: skip
    session.flush()
    standing.rebuild(session, NOW, KNOWN, [client.id for client in clients])


def seen(session: Session, house: House) -> ClientOverview:
    session.expire_all()
    return client_record.client_overview(session, house.lark, house.anna, NOW, KNOWN)


def worsening(session: Session, house: House) -> None:
    """Anna moves from 15 to 20: no reliable change, but worse than nearly all others."""
    factories.course(session, house.lark, house.anna, "SB-001", [15, 15, 16, 18, 19, 20], TODAY - timedelta(days=35))


def test_a_hundred_closed_courses_give_a_model_and_ninety_nine_do_not(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        worsening(session, house)
        add_closed(session, 99)
        (told,) = fit_responses(session, house.admin, NOW, KNOWN)
        assert (told.clients, told.version) == (99, None)
        assert "fewer than 100" in told.why
        assert session.scalars(select(FittedResponse)).all() == []
        assert seen(session, house).measures[0].expected is None
        add_closed(session, 30, seed=2, status="open", prefix="NOW")
        assert fit_responses(session, house.admin, NOW, KNOWN)[0].clients == 99
        add_closed(session, 1, seed=3, prefix="ONE")
        (told,) = fit_responses(session, house.admin, NOW, KNOWN)
        assert (told.name, told.clients, told.version, told.fitted_on) == ("PHQ-9", 100, 1, TODAY)
        expected = seen(session, house).measures[0].expected
        assert expected is not None and expected.track is Track.RED and len(expected.points) == 5
        assert "100 closed courses of this practice (version 1)" in expected.sentence
        of_anna = select(Flag).where(Flag.kind == FlagKind.NOT_ON_TRACK, Flag.client_id == house.anna)
        flag = session.scalars(of_anna).one()
        assert "worse than the band of 90 %, red" in flag.reason


def test_each_fit_is_a_version_of_its_own_and_an_event(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        add_closed(session, 100)
        for _ in range(2):
            fit_responses(session, house.admin, NOW, KNOWN)
        versions = session.scalars(select(FittedResponse).order_by(FittedResponse.version)).all()
        assert [(row.version, row.fitted_by_id, row.clients) for row in versions] == [
            (1, house.admin.account_id, 100), (2, house.admin.account_id, 100),
        ]  # fmt: skip
        first, second = (dict(row.parameters or {}) for row in versions)
        assert first == second  # the same record gives the same figures
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "expected_response_fitted")).all()
        assert events[-1].details == {"phq9.total": {"clients": 100, "version": 2}}
        assert [one.version for one in fitted_responses(session, house.admin, KNOWN)] == [2]


def test_a_model_is_withdrawn_when_too_few_closed_courses_are_left(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        worsening(session, house)
        add_closed(session, 100)
        fit_responses(session, OPERATOR, NOW, KNOWN)
        session.scalars(select(Episode).where(Episode.status == "closed")).first().status = "open"  # type: ignore[union-attr]
        session.flush()
        standing.rebuild(session, NOW, KNOWN)
        (told,) = fit_responses(session, OPERATOR, NOW, KNOWN)
        assert told.version is None and told.clients == 99
        assert fitted_responses(session, OPERATOR, KNOWN) == () and seen(session, house).measures[0].expected is None
        assert session.scalars(select(Flag.state).where(Flag.kind == FlagKind.NOT_ON_TRACK)).all() == ["lapsed"]


@pytest.mark.parametrize("name", ["lark", "heron"])
def test_only_who_looks_after_the_settings_may_fit(sqlite_database: Database, name: str) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        with pytest.raises(NotAllowed):
            fit_responses(session, getattr(house, name), NOW, KNOWN)
        with pytest.raises(NotAllowed):
            fitted_responses(session, getattr(house, name), KNOWN)


def test_nothing_but_the_expected_response_depends_on_who_else_is_here(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        worsening(session, house)
        factories.enter(
            session, house.lark, house.anna, factories.phq9("SB-001", TODAY - timedelta(days=3), 1, 1, None)
        )
        alone = seen(session, house)
        add_closed(session, 120)
        standing.rebuild(session, NOW, KNOWN)
        assert seen(session, house) == alone
        fit_responses(session, house.admin, NOW, KNOWN)
        among = seen(session, house)
        assert among.measures[0].expected is not None
        assert replace(among.measures[0], expected=None) == alone.measures[0]
        kept = {flag.kind for flag in among.flags} - {FlagKind.NOT_ON_TRACK}
        assert kept == {flag.kind for flag in alone.flags} and among.standing.measures == alone.standing.measures
