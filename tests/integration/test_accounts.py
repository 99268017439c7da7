"""Accounts: signing in and out, limits, the second step, and what throws somebody out."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, InvalidInput, NotAllowed, NotYours, ReauthenticationNeeded
from lib.domain.people import OPERATOR, Actor, Role
from lib.services import account_changes, accounts, own_account, practice
from lib.storage.engine import Database
from lib.storage.tables import Account, AuditEvent, LoginSession, Practice

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GOOD = "violet anchor seven moss"
HERE = "192.0.2.7"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def add(session: Session, email: str, *roles: Role) -> Actor:
    made = accounts.create_account(session, OPERATOR, email, "Some One", roles or (Role.THERAPIST,), NOW, password=GOOD)
    account = session.get(Account, made.account_id)
    assert account is not None
    return accounts.actor_of(account)


def try_in(
    database: Database, email: str, password: str = GOOD, code: str = "", at: datetime = NOW, address: str = HERE
) -> accounts.SignInOutcome:
    with database.writing() as session:
        return accounts.sign_in(session, email, password, code, address, at, "p")


def token_of(database: Database, email: str, at: datetime = NOW) -> str:
    outcome = try_in(database, email, at=at)
    assert outcome.token is not None, outcome.refusal
    return outcome.token


def holds(database: Database, token: str, at: datetime) -> bool:
    with database.reading() as session:
        return accounts.signed_in_for_token(session, token, at) is not None


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


@pytest.fixture
def peopled(database: Database) -> Database:
    with database.writing() as session:
        add(session, "rosa@practice.example", Role.THERAPIST)
        add(session, "admin@practice.example", Role.PRACTICE_ADMIN)
    return database


def admin_of(database: Database) -> Actor:
    with database.reading() as session:
        row = session.scalar(select(Account).where(Account.email == "admin@practice.example"))
        assert row is not None
        return accounts.actor_of(row)


def test_the_right_password_gives_a_token_and_only_its_hash_is_kept(peopled: Database) -> None:
    token = token_of(peopled, " Rosa@Practice.Example ")
    with peopled.reading() as session:
        found = accounts.signed_in_for_token(session, token, NOW)
        held = session.scalars(select(LoginSession.token_hash)).all()
    assert found is not None and found.actor.email == "rosa@practice.example"
    assert len(token) >= 43 and token not in held and token.removeprefix("p.") not in held
    assert actions(peopled)[-1] == "sign_in"


def test_a_wrong_password_and_an_unknown_account_read_the_same(peopled: Database) -> None:
    wrong = try_in(peopled, "rosa@practice.example", "not this one at all")
    unknown = try_in(peopled, "nobody@practice.example", "not this one at all")
    assert wrong == unknown == accounts.SignInOutcome(None, accounts.WRONG)
    assert actions(peopled)[-2:] == ["sign_in_failed", "sign_in_failed"]


def test_what_a_stranger_typed_as_address_is_not_written_into_the_log(peopled: Database) -> None:
    try_in(peopled, "my secret password typed here", "x")
    with peopled.reading() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc())).first()
    assert event is not None
    assert (event.role, event.actor_id, event.actor_email) == ("stranger", None, "")


@pytest.mark.parametrize("email", ["rosa@practice.example", "nobody@practice.example"])
def test_after_five_failures_even_the_right_password_waits_fifteen_minutes(peopled: Database, email: str) -> None:
    for second in range(5):
        assert try_in(peopled, email, "wrong", at=NOW + timedelta(seconds=second)).refusal == accounts.WRONG
    assert try_in(peopled, email, at=NOW + minutes(14)).refusal == accounts.TOO_MANY
    later = try_in(peopled, email, at=NOW + minutes(16))
    assert (later.token is not None) == (email == "rosa@practice.example")


def test_the_limit_of_an_address_holds_over_all_accounts(peopled: Database) -> None:
    for number in range(20):
        try_in(peopled, f"guess{number}@practice.example", "wrong")
    assert try_in(peopled, "rosa@practice.example").refusal == accounts.TOO_MANY
    assert try_in(peopled, "rosa@practice.example", address="192.0.2.8").token is not None


def test_a_success_clears_the_account_of_its_failures(peopled: Database) -> None:
    for _ in range(4):
        try_in(peopled, "rosa@practice.example", "wrong")
    token_of(peopled, "rosa@practice.example")
    for _ in range(4):
        assert try_in(peopled, "rosa@practice.example", "wrong").refusal == accounts.WRONG


def test_a_sign_in_ends_after_fifteen_minutes_without_use(peopled: Database) -> None:
    token = token_of(peopled, "rosa@practice.example")
    assert holds(peopled, token, NOW + minutes(15))
    assert not holds(peopled, token, NOW + minutes(15.1))
    with peopled.writing() as session:
        accounts.note_activity(session, token, NOW + minutes(14))
    assert holds(peopled, token, NOW + minutes(28))


def test_activity_after_the_end_does_not_bring_a_sign_in_back(peopled: Database) -> None:
    token = token_of(peopled, "rosa@practice.example")
    with peopled.writing() as session:
        accounts.note_activity(session, token, NOW + minutes(16))
    assert not holds(peopled, token, NOW + minutes(17))


def test_a_sign_in_ends_after_twelve_hours_however_busy(peopled: Database) -> None:
    token = token_of(peopled, "rosa@practice.example")
    for quarter in range(1, 72):
        with peopled.writing() as session:
            accounts.note_activity(session, token, NOW + minutes(10 * quarter))
    assert holds(peopled, token, NOW + minutes(719))
    assert not holds(peopled, token, NOW + minutes(720))


def test_signing_out_ends_this_browser_and_not_the_other(peopled: Database) -> None:
    one, other = (token_of(peopled, "rosa@practice.example") for _ in range(2))
    with peopled.writing() as session:
        accounts.revoke(session, one, NOW)
        accounts.revoke(session, one, NOW)
    assert not holds(peopled, one, NOW) and holds(peopled, other, NOW)
    assert actions(peopled).count("sign_out") == 1


@pytest.mark.parametrize("change", ["disable", "roles", "reset", "everywhere"])
def test_what_an_admin_changes_throws_the_person_out(peopled: Database, change: str) -> None:
    token, admin = token_of(peopled, "rosa@practice.example"), admin_of(peopled)
    with peopled.writing() as session:
        found = accounts.signed_in_for_token(session, token, NOW)
        assert found is not None and found.actor.account_id is not None
        rosa = found.actor
        if change == "disable":
            account_changes.disable_account(session, admin, rosa.account_id, NOW)
        elif change == "roles":
            account_changes.change_roles(session, admin, rosa.account_id, [Role.SUPERVISOR], False, GOOD, NOW)
        elif change == "reset":
            account_changes.reset_password(session, admin, rosa.account_id, GOOD, NOW)
        else:
            accounts.sign_out_everywhere(session, rosa, NOW)
    assert not holds(peopled, token, NOW)
    wanted = {"disable": "account_disabled", "roles": "role_changed", "reset": "password_changed"}
    assert actions(peopled)[-1] == wanted.get(change, "sign_out")


def test_a_closed_account_cannot_sign_in_and_the_words_do_not_tell(peopled: Database) -> None:
    with peopled.writing() as session:
        row = session.scalar(select(Account).where(Account.email == "rosa@practice.example"))
        assert row is not None
        account_changes.disable_account(session, admin_of(peopled), row.id, NOW)
    assert try_in(peopled, "rosa@practice.example").refusal == accounts.WRONG


def test_roles_change_only_with_the_admins_own_password(peopled: Database) -> None:
    admin = admin_of(peopled)
    for password in ("", "wrong"):
        with pytest.raises(ReauthenticationNeeded), peopled.writing() as session:
            account_changes.change_roles(session, admin, 1, [Role.PRACTICE_ADMIN], False, password, NOW)
    with peopled.reading() as session:
        row = session.get(Account, 1)
        assert row is not None and row.roles == ["therapist"]


def test_wrong_passwords_inside_are_counted_as_tries_at_the_door(peopled: Database) -> None:
    admin = admin_of(peopled)
    for _ in range(5):
        with peopled.writing() as session:
            accounts.count_failed_reauthentication(session, admin, NOW)
    with pytest.raises(ReauthenticationNeeded, match="Too many"), peopled.reading() as session:
        accounts.reauthenticate(session, admin, GOOD, NOW)
    assert try_in(peopled, "admin@practice.example").refusal == accounts.TOO_MANY


def test_the_last_practice_admin_can_neither_be_closed_nor_lose_the_role(peopled: Database) -> None:
    admin = admin_of(peopled)
    assert admin.account_id is not None
    with pytest.raises(Blocked), peopled.writing() as session:
        account_changes.disable_account(session, admin, admin.account_id, NOW)
    with pytest.raises(Blocked), peopled.writing() as session:
        account_changes.change_roles(session, admin, admin.account_id, [Role.THERAPIST], False, GOOD, NOW)


@pytest.mark.parametrize("roles", [(Role.THERAPIST,), (Role.SUPERVISOR,), (Role.THERAPIST, Role.SUPERVISOR)])
def test_nobody_but_an_admin_touches_accounts(peopled: Database, roles: tuple[Role, ...]) -> None:
    someone = Actor(1, "rosa@practice.example", "Rosa", frozenset(roles))
    attempts = [
        lambda s: accounts.create_account(s, someone, "new@practice.example", "New", [Role.PRACTICE_ADMIN], NOW),
        lambda s: account_changes.change_roles(s, someone, 1, [Role.PRACTICE_ADMIN], False, GOOD, NOW),
        lambda s: account_changes.disable_account(s, someone, 2, NOW),
        lambda s: account_changes.reset_password(s, someone, 2, GOOD, NOW),
    ]
    for attempt in attempts:
        with pytest.raises((NotYours, NotAllowed)), peopled.writing() as session:
            attempt(session)


def test_a_one_time_password_must_be_changed_and_opens_nothing_else(peopled: Database) -> None:
    admin = admin_of(peopled)
    with peopled.writing() as session:
        made = accounts.create_account(session, admin, "new@practice.example", "New One", [Role.THERAPIST], NOW)
    first = try_in(peopled, "new@practice.example", made.one_time_password)
    assert first.token is not None
    with peopled.reading() as session:
        found = accounts.signed_in_for_token(session, first.token, NOW)
    assert found is not None and found.must_change_password
    with peopled.writing() as session:
        with pytest.raises(InvalidInput, match="is the old one"):
            accounts.change_password(session, found.actor, None, made.one_time_password, NOW, "p")
        fresh = accounts.change_password(session, found.actor, None, GOOD, NOW, "p")
        with pytest.raises(ReauthenticationNeeded):  # only in place of a one-time one; afterwards it is asked for
            accounts.change_password(session, found.actor, None, "harbour lights at dusk", NOW, "p")
    assert not holds(peopled, first.token, NOW)
    with peopled.reading() as session:
        after = accounts.signed_in_for_token(session, fresh, NOW)
    assert after is not None and not after.must_change_password
    assert try_in(peopled, "new@practice.example", made.one_time_password).token is None


@pytest.mark.parametrize(
    ("email", "name", "roles"),
    [
        ("no address", "New", [Role.THERAPIST]),
        ("a@b@c", "New", [Role.THERAPIST]),
        ("new@practice.example", "  ", [Role.THERAPIST]),
        ("new@practice.example", "Two\nlines", [Role.THERAPIST]),
        ("new@practice.example", "New", []),
        ("ROSA@practice.example", "Second Rosa", [Role.THERAPIST]),
    ],
)
def test_an_account_needs_an_address_of_its_own_a_name_and_a_role(
    peopled: Database, email: str, name: str, roles: list[Role]
) -> None:
    with pytest.raises(InvalidInput), peopled.writing() as session:
        accounts.create_account(session, OPERATOR, email, name, roles, NOW)


class TestSecondStep:
    """Six-digit codes and recovery codes."""

    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)

    def enrolled(self, database: Database) -> list[str]:
        with database.writing() as session:
            row = session.scalar(select(Account).where(Account.email == "rosa@practice.example"))
            assert row is not None
            actor = accounts.actor_of(row)
            return own_account.add_second_step(session, actor, self.secret, self.code(NOW), GOOD, NOW)

    def test_the_password_alone_no_longer_opens_the_account(self, peopled: Database) -> None:
        self.enrolled(peopled)
        later = NOW + minutes(2)
        assert try_in(peopled, "rosa@practice.example", at=later).refusal == accounts.WRONG
        assert try_in(peopled, "rosa@practice.example", code="000000", at=later).token is None
        assert try_in(peopled, "rosa@practice.example", code=self.code(later), at=later).token is not None

    def test_a_code_is_good_once_and_so_is_every_older_one(self, peopled: Database) -> None:
        self.enrolled(peopled)
        later = NOW + minutes(2)
        code, older = self.code(later), self.code(later - timedelta(seconds=30))
        assert try_in(peopled, "rosa@practice.example", code=code, at=later).token is not None
        assert try_in(peopled, "rosa@practice.example", code=code, at=later).token is None
        assert try_in(peopled, "rosa@practice.example", code=older, at=later).token is None

    def test_the_code_of_the_enrolment_cannot_be_used_to_sign_in(self, peopled: Database) -> None:
        self.enrolled(peopled)
        assert try_in(peopled, "rosa@practice.example", code=self.code(NOW)).token is None

    def test_a_recovery_code_works_once_however_it_is_typed(self, peopled: Database) -> None:
        first, second, *_ = self.enrolled(peopled)
        assert try_in(peopled, "rosa@practice.example", code=first.upper().replace("-", " ")).token is not None
        assert try_in(peopled, "rosa@practice.example", code=first).token is None
        assert try_in(peopled, "rosa@practice.example", code=second).token is not None

    def test_recovery_codes_are_kept_only_as_hashes(self, peopled: Database) -> None:
        codes = self.enrolled(peopled)
        with peopled.reading() as session:
            row = session.scalar(select(Account).where(Account.email == "rosa@practice.example"))
            assert row is not None
            assert len(row.recovery_hashes) == len(set(codes)) == 10
            assert not {code.replace("-", "") for code in codes} & set(row.recovery_hashes)

    def test_a_wrong_code_enrols_nothing(self, peopled: Database) -> None:
        with pytest.raises(InvalidInput), peopled.writing() as session:
            row = session.scalar(select(Account).where(Account.email == "rosa@practice.example"))
            assert row is not None
            own_account.add_second_step(session, accounts.actor_of(row), self.secret, "123", GOOD, NOW)
        assert try_in(peopled, "rosa@practice.example").token is not None


class TestSetUp:
    """The practice is set up once."""

    def test_the_first_account_is_practice_admin_and_therapist(self, database: Database) -> None:
        with database.writing() as session:
            practice.set_up_practice(session, "Harbour", "Rosa Linden", "rosa@practice.example", GOOD, NOW)
        with database.reading() as session:
            row = session.scalars(select(Account)).one()
            assert row.roles == ["practice_admin", "therapist"] and not row.must_change_password
        assert actions(database) == ["practice_set_up", "account_created"]

    def test_a_second_set_up_is_refused(self, peopled: Database) -> None:
        with pytest.raises(Blocked, match="set up already"), peopled.writing() as session:
            practice.set_up_practice(session, "Second", "Eve", "eve@practice.example", GOOD, NOW)

    def test_of_two_set_ups_at_once_exactly_one_happens(self, database: Database) -> None:
        together = threading.Barrier(2)

        def set_up(number: int) -> str:
            together.wait(10)
            try:
                with database.writing() as session:
                    practice.set_up_practice(session, "Harbour", "Rosa", f"rosa{number}@practice.example", GOOD, NOW)
            except Blocked:
                return "refused"
            return "set up"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(set_up, range(2))) == ["refused", "set up"]
        with database.reading() as session:
            assert len(session.scalars(select(Account)).all()) == 1

    def test_a_weak_password_sets_nothing_up(self, database: Database) -> None:
        with pytest.raises(InvalidInput), database.writing() as session:
            practice.set_up_practice(session, "Harbour", "Rosa", "rosa@practice.example", "short", NOW)
        with database.reading() as session:
            assert not practice.is_set_up(session)


def test_the_demonstration_is_entered_without_password_only_where_it_is_one(peopled: Database) -> None:
    with peopled.writing() as session:
        add(session, "therapist@demo.invalid", Role.THERAPIST)
    with pytest.raises(NotAllowed), peopled.writing() as session:
        accounts.enter_demonstration(session, "therapist@demo.invalid", NOW)


def test_in_the_demonstration_nobody_knows_a_password_and_none_is_asked(peopled: Database) -> None:
    with peopled.writing() as session:
        rosa = add(session, "therapist@demo.invalid", Role.THERAPIST)
        session.add(Practice(id=1, name="Demo", is_demonstration=False, settings={}, created_at=NOW))
        session.flush()
        with pytest.raises(ReauthenticationNeeded):
            accounts.reauthenticate(session, rosa, "", NOW)
        held = session.get(Practice, 1)
        assert held is not None
        held.is_demonstration = True
        session.flush()
        accounts.reauthenticate(session, rosa, "", NOW)
        assert accounts.enter_demonstration(session, "therapist@demo.invalid", NOW).startswith("d.")
        with pytest.raises(NotAllowed):
            accounts.enter_demonstration(session, "rosa@practice.example", NOW)
