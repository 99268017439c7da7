"""The verb `account`: people, supervision and assignment, with their dates."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.commands.context import Context, Outcome
from lib.domain.errors import InvalidInput
from lib.domain.people import Actor, Role
from lib.domain.policy import Action, Record, RecordKind, may, relations_of_role
from lib.services import access, account_changes, accounts, named_accounts, people


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`account create|disable|enable|reset|supervise|assign|transfer|list`."""
    account = verbs.add_parser("account", parents=[common], help="people, supervision and assignment with dates")
    doing = account.add_subparsers(dest="doing", required=True)

    def add(name: str, what: str, run: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = doing.add_parser(name, parents=[common], help=what)
        made.set_defaults(run=run)
        return made

    creating = add("create", "a new account; prints a one-time password", run_create)
    creating.add_argument("email")
    creating.add_argument("--name", required=True)
    creating.add_argument("--role", action="append", required=True, choices=[role.value for role in Role])
    creating.add_argument("--trainee", action="store_true", help="notes and documents need a co-signature")
    add("disable", "out at the next action", run_disable).add_argument("email")
    add("enable", "open a closed account again", run_enable).add_argument("email")
    resetting = add("reset", "a new one-time password", run_reset)
    resetting.add_argument("email")
    resetting.add_argument("--without-second-step", action="store_true", help="for a lost telephone")
    supervising = add("supervise", "a supervisor answers for a therapist", run_supervise)
    supervising.add_argument("supervisor", metavar="SUPERVISOR_EMAIL")
    supervising.add_argument("therapist", metavar="THERAPIST_EMAIL")
    _add_days(supervising)
    assigning = add("assign", "give a client to a therapist, as owner or as cover", run_assign)
    assigning.add_argument("client", metavar="CLIENT")
    assigning.add_argument("therapist", metavar="THERAPIST_EMAIL")
    assigning.add_argument("--kind", choices=("owner", "cover"), default="owner")
    _add_days(assigning)
    transferring = add("transfer", "give a client from its owner to another therapist", run_transfer)
    transferring.add_argument("client", metavar="CLIENT")
    transferring.add_argument("therapist", metavar="THERAPIST_EMAIL")
    add("list", "who works here", run_list)


def _add_days(to: argparse.ArgumentParser) -> None:
    to.add_argument("--from", dest="starts_on", type=_day, metavar="DATE", help="first day; else today")
    to.add_argument("--until", dest="ends_on", type=_day, metavar="DATE", help="last day; else open")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write YYYY-MM-DD") from None


def run_create(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Create an account and show its one-time password, this once."""
    with context.writing() as (session, actor, now):
        made = accounts.create_account(
            session,
            actor,
            chosen.email,
            chosen.name,
            [Role(role) for role in chosen.role],
            now,
            is_trainee=chosen.trainee,
        )
    data = {"account_id": made.account_id, "email": chosen.email, "one_time_password": made.one_time_password}
    said = f"{chosen.email}: one-time password {made.one_time_password}"
    return Outcome(data, (said, "It is shown this once; a new one is chosen at the first sign-in."))


def run_disable(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Close an account."""
    with context.writing() as (session, actor, now):
        account_changes.disable_account(session, actor, _persons_id(session, actor, chosen.email), now)
    return Outcome({"disabled": chosen.email}, (f"{chosen.email} is closed.",))


def run_enable(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Open a closed account again."""
    with context.writing() as (session, actor, now):
        account_changes.enable_account(session, actor, _persons_id(session, actor, chosen.email), now)
    return Outcome({"enabled": chosen.email}, (f"{chosen.email} is open again.",))


def run_reset(context: Context, chosen: argparse.Namespace) -> Outcome:
    """A new one-time password. An admin's own password is asked for at the terminal."""
    with context.writing() as (session, actor, now):
        password = "" if actor.is_operator else own_password(actor.email)
        once = account_changes.reset_password(
            session,
            actor,
            _persons_id(session, actor, chosen.email),
            password,
            now,
            without_second_step=chosen.without_second_step,
        )
    return Outcome({"email": chosen.email, "one_time_password": once}, (f"{chosen.email}: one-time password {once}",))


def own_password(email: str) -> str:
    """The password of whoever acts, asked for at the terminal. Raises InvalidInput where nobody can type."""
    if not sys.stdin.isatty():
        raise InvalidInput("Your password is asked for at a terminal.", "Run this by hand.", field="password")
    return getpass.getpass(f"Password of {email}: ")


def run_supervise(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Begin a supervision."""
    with context.writing() as (session, actor, now):
        supervisor = _persons_id(session, actor, chosen.supervisor)
        therapist = _persons_id(session, actor, chosen.therapist)
        made = people.supervise(
            session, actor, supervisor, therapist, now, starts_on=chosen.starts_on, ends_on=chosen.ends_on
        )
    return Outcome({"supervision_id": made}, (f"{chosen.supervisor} supervises {chosen.therapist}.",))


def run_assign(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Give a client to a therapist."""
    with context.writing() as (session, actor, now):
        made = people.assign_client(
            session,
            actor,
            _client_to_give(session, actor, chosen.client, now),
            _colleagues_id(session, actor, chosen.therapist),
            now,
            kind=chosen.kind,
            starts_on=chosen.starts_on,
            ends_on=chosen.ends_on,
        )
    return Outcome({"assignment_id": made}, (f"{chosen.client} is with {chosen.therapist} as {chosen.kind}.",))


def run_transfer(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Give a client from one owner to another."""
    with context.writing() as (session, actor, now):
        client_id = _client_to_give(session, actor, chosen.client, now)
        made = people.transfer_client(session, actor, client_id, _colleagues_id(session, actor, chosen.therapist), now)
    return Outcome({"assignment_id": made}, (f"{chosen.client} is with {chosen.therapist} from today.",))


def run_list(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Everybody with an account."""
    with context.reading() as (session, actor, _now):
        rows = people.people_of_practice(session, actor)
    data = [
        {"email": row.email, "name": row.name, "roles": sorted(row.roles), "disabled": row.is_disabled} for row in rows
    ]
    lines = (f"{row.email}  {row.name}  {', '.join(sorted(row.roles))}{'  closed' * row.is_disabled}" for row in rows)
    return Outcome(data, tuple(lines))


def _persons_id(session: Session, actor: Actor, email: str) -> int:
    """The account behind an address, for who may look after people: to others no address tells anything."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.PEOPLE)
    return _account_id(session, email)


def _client_to_give(session: Session, actor: Actor, code: str, now: datetime) -> int:
    """A client this actor may give to somebody: asked before any address is looked up."""
    client_id = access.client_id_by_code(session, actor, code, now, RecordKind.ASSIGNMENT)
    return access.client_for(session, actor, Action.WRITE, RecordKind.ASSIGNMENT, client_id, now).client_id


def _colleagues_id(session: Session, actor: Actor, email: str) -> int:
    """The account behind an address an owner names: one there is not reads like one that cannot have a client."""
    may_look = may(actor, Action.READ, Record(RecordKind.PEOPLE, relations_of_role(actor)))
    try:
        return _account_id(session, email)
    except InvalidInput:
        if may_look:
            raise
        raise InvalidInput("This person has no active account as therapist.", field="therapist") from None


def _account_id(session: Session, email: str) -> int:
    return named_accounts.account_id_of_email(session, email)
