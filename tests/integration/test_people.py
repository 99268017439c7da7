"""People: dated relations begin and end, and access follows them at the next action."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, InvalidInput, NotAllowed, NotYours
from lib.domain.people import OPERATOR, Actor, Role
from lib.domain.policy import Action, RecordKind
from lib.services import access, accounts, audit_log, people, practice
from lib.services.practice import CrisisContact
from lib.storage.engine import Database
from lib.storage.tables import Account, AuditEvent, Client, Note

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
TOMORROW = NOW + timedelta(days=1)


class Cast:
    """A practice with two therapists, a supervisor, an admin and one client of the first therapist."""

    def __init__(self, session: Session) -> None:
        practice.set_up_practice(session, "Harbour", "Ada", "ada@practice.example", "violet anchor seven moss", NOW)
        self.admin = self._actor(session, "admin@practice.example", Role.PRACTICE_ADMIN)
        self.rosa = self._actor(session, "rosa@practice.example", Role.THERAPIST)
        self.ivo = self._actor(session, "ivo@practice.example", Role.THERAPIST)
        self.sam = self._actor(session, "sam@practice.example", Role.SUPERVISOR)
        client = Client(code="C-01", name="Demo Client", created_at=NOW)
        session.add(client)
        session.flush()
        self.client = client.id
        people.assign_client(session, self.admin, self.client, self.id_of(self.rosa), NOW)

    @staticmethod
    def _actor(session: Session, email: str, role: Role) -> Actor:
        made = accounts.create_account(session, OPERATOR, email, email.partition("@")[0], [role], NOW)
        return Actor(made.account_id, email, email, frozenset({role}))

    @staticmethod
    def id_of(actor: Actor) -> int:
        assert actor.account_id is not None
        return actor.account_id

    def sees(self, session: Session, actor: Actor, at: datetime) -> bool:
        """Whether the actor may read the client's record at this moment."""
        try:
            access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, self.client, at)
        except NotYours:
            return False
        return True


@pytest.fixture
def cast(database: Database) -> Cast:
    with database.writing() as session:
        return Cast(session)


def test_a_transfer_moves_access_at_once_and_keeps_the_history(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        people.transfer_client(session, cast.admin, cast.client, cast.id_of(cast.ivo), TOMORROW)
    with database.reading() as session:
        assert not cast.sees(session, cast.rosa, TOMORROW)
        assert cast.sees(session, cast.ivo, TOMORROW)
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "client_transferred")).one()
        assert event.client_code == "C-01"
        assert event.details == {"from": [cast.id_of(cast.rosa)], "to": cast.id_of(cast.ivo), "grants_ended": []}


def test_a_client_assigned_and_transferred_on_one_day_is_with_the_second_only(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        people.transfer_client(session, cast.admin, cast.client, cast.id_of(cast.ivo), NOW)
    with database.reading() as session:
        assert not cast.sees(session, cast.rosa, NOW) and cast.sees(session, cast.ivo, NOW)


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_unsigned_drafts_of_the_old_owner_block_a_transfer_with_words(
    database: Database, cast: Cast, status: str
) -> None:
    with database.writing() as session:
        note = Note(
            client_id=cast.client,
            originator_id=cast.id_of(cast.rosa),
            compartment="progress",
            status=status,
            format="narrative",
            dated_on=TODAY,
            saved_at=NOW,
        )
        session.add(note)
    with pytest.raises(Blocked, match="cannot change hands") as blocked, database.writing() as session:
        people.transfer_client(session, cast.admin, cast.client, cast.id_of(cast.ivo), NOW)
    assert "1 note or document is begun" in blocked.value.in_words()
    with database.reading() as session:
        assert cast.sees(session, cast.rosa, NOW)


def test_the_owner_may_transfer_and_a_peer_may_not_even_know(database: Database, cast: Cast) -> None:
    with pytest.raises(NotYours), database.writing() as session:
        people.transfer_client(session, cast.ivo, cast.client, cast.id_of(cast.ivo), NOW)
    with database.writing() as session:
        people.transfer_client(session, cast.rosa, cast.client, cast.id_of(cast.ivo), NOW)
    with database.reading() as session:
        assert cast.sees(session, cast.ivo, NOW)


def test_a_client_has_one_owner(database: Database, cast: Cast) -> None:
    with pytest.raises(Blocked, match="has a therapist already"), database.writing() as session:
        people.assign_client(session, cast.admin, cast.client, cast.id_of(cast.ivo), NOW)


def test_only_an_open_account_as_therapist_gets_a_client(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        row = session.get(Account, cast.id_of(cast.ivo))
        assert row is not None
        row.is_disabled = True
    for other in (cast.sam, cast.ivo):
        with pytest.raises(InvalidInput), database.writing() as session:
            people.transfer_client(session, cast.admin, cast.client, cast.id_of(other), NOW)


def test_a_cover_sees_the_client_on_its_days_and_not_after(database: Database, cast: Cast) -> None:
    first, last = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
    with database.writing() as session:
        people.assign_client(
            session, cast.admin, cast.client, cast.id_of(cast.ivo), NOW, kind="cover", starts_on=first, ends_on=last
        )
    with database.reading() as session:
        seen = [cast.sees(session, cast.ivo, NOW + timedelta(days=day)) for day in (2, 3, 5, 6)]
        assert cast.sees(session, cast.rosa, NOW + timedelta(days=4))
    assert seen == [False, True, True, False]


def test_a_cover_needs_a_last_day(database: Database, cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="last day"), database.writing() as session:
        people.assign_client(session, cast.admin, cast.client, cast.id_of(cast.ivo), NOW, kind="cover")


def test_a_supervisor_sees_from_the_first_day_to_the_last(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        made = people.supervise(session, cast.admin, cast.id_of(cast.sam), cast.id_of(cast.rosa), NOW)
    with database.reading() as session:
        assert cast.sees(session, cast.sam, NOW)
    with database.writing() as session:
        people.end_supervision(session, cast.admin, made, TODAY, TOMORROW)
    with database.reading() as session:
        assert cast.sees(session, cast.sam, NOW) and not cast.sees(session, cast.sam, TOMORROW)


def test_the_same_supervision_is_not_entered_twice_and_nobody_supervises_themselves(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        people.supervise(session, cast.admin, cast.id_of(cast.sam), cast.id_of(cast.rosa), NOW)
    with pytest.raises(Blocked), database.writing() as session:
        people.supervise(session, cast.admin, cast.id_of(cast.sam), cast.id_of(cast.rosa), TOMORROW)
    with pytest.raises(InvalidInput), database.writing() as session:
        people.supervise(session, cast.admin, cast.id_of(cast.sam), cast.id_of(cast.sam), NOW)


def test_what_was_seen_cannot_be_unsaid_by_an_early_last_day(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        made = people.supervise(session, cast.admin, cast.id_of(cast.sam), cast.id_of(cast.rosa), NOW)
    with pytest.raises(InvalidInput, match="yesterday at the earliest"), database.writing() as session:
        people.end_supervision(session, cast.admin, made, date(2026, 1, 1), NOW)


def test_the_admin_lists_clients_without_a_therapist_first_and_finds_them_literally(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.add_all([Client(code=code, name=name, created_at=NOW) for code, name in (("Z_9", "Zoe"), ("A%1", ""))])
    with database.reading() as session:
        everyone = people.clients_of_practice(session, cast.admin, "", NOW)
        underscore = people.clients_of_practice(session, cast.admin, "z_", NOW)
        percent = people.clients_of_practice(session, cast.admin, "%", NOW)
    assert [row.code for row in everyone.rows] == ["A%1", "Z_9", "C-01"]
    assert (everyone.found, everyone.unassigned) == (3, 2)
    assert [row.code for row in underscore.rows] == ["Z_9"]
    assert [row.code for row in percent.rows] == ["A%1"]


@pytest.mark.parametrize("who", ["rosa", "sam"])
def test_lists_of_people_clients_settings_and_log_are_the_admins(database: Database, cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    reads = [
        lambda s: people.people_of_practice(s, actor),
        lambda s: people.supervisions_of_practice(s, actor),
        lambda s: people.covers_of_practice(s, actor, NOW),
        lambda s: people.clients_of_practice(s, actor, "", NOW),
        lambda s: practice.practice_settings(s, actor),
        lambda s: audit_log.latest_events(s, actor),
        lambda s: audit_log.verify_log(s, actor, NOW),
        lambda s: people.supervise(s, actor, cast.id_of(cast.sam), cast.id_of(cast.rosa), NOW),
        lambda s: practice.change_settings(s, actor, "Mine", [], [], 1, NOW),
    ]
    for read in reads:
        with pytest.raises((NotYours, NotAllowed)), database.writing() as session:
            read(session)


def test_crisis_contacts_count_for_ninety_days_after_they_were_confirmed(database: Database, cast: Cast) -> None:
    contacts = [
        CrisisContact("Fresh line", "1", "", TODAY),
        CrisisContact("Last day", "2", "", TODAY - timedelta(days=90)),
        CrisisContact("Too old", "3", "", TODAY - timedelta(days=91)),
        CrisisContact("Never", "4"),
    ]
    with database.writing() as session:
        practice.change_settings(session, cast.admin, "Harbour", ["Harbour Practice", " "], contacts, 1, NOW)
    with database.reading() as session:
        assert [one.name for one in practice.crisis_contacts(session, TODAY)] == ["Fresh line", "Last day"]
        assert practice.letterhead(session) == ("Harbour Practice",)


def test_settings_saved_by_somebody_else_meanwhile_are_not_overwritten(database: Database, cast: Cast) -> None:
    from lib.domain.errors import StaleVersion

    with database.writing() as session:
        practice.change_settings(session, cast.admin, "First", [], [], 1, NOW)
    with pytest.raises(StaleVersion), database.writing() as session:
        practice.change_settings(session, cast.admin, "Second", [], [], 1, NOW)
    with database.reading() as session:
        assert practice.practice_settings(session, cast.admin).practice_name == "First"


def test_a_contact_confirmed_in_the_future_is_an_error(database: Database, cast: Cast) -> None:
    future = [CrisisContact("Line", "1", "", TODAY + timedelta(days=1))]
    with pytest.raises(InvalidInput), database.writing() as session:
        practice.change_settings(session, cast.admin, "Harbour", [], future, 1, NOW)


def test_the_log_verifies_and_the_check_is_itself_an_event(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        found = audit_log.verify_log(session, cast.admin, NOW)
    assert not found.problem and found.count > 5
    with database.reading() as session:
        newest = audit_log.latest_events(session, cast.admin)[0]
    assert (newest.sequence, newest.facts.action) == (found.count + 1, "audit_verified")
