"""Accounts as the practice admin sees them: who is here, a new one, other roles, a lost password, closing one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.bootstrap import local_now
from lib.domain.people import Actor, Role
from lib.services import account_changes, accounts
from lib.storage.account_queries import PersonRow
from lib.ui import app_context, done_words, errors, plain_table
from lib.ui.gate import the_actor

_ONCE = "one_time_password_to_show"
_ADDED = "accounts_added"
_COLUMNS = ("Name", "E-mail", "Roles", "Team", "Second step", "State")
_ROLES = {Role.THERAPIST: "Therapist", Role.SUPERVISOR: "Supervisor", Role.PRACTICE_ADMIN: "Practice admin"}


def show(everybody: Sequence[PersonRow], actor: Actor) -> None:
    """The list, what is to be shown once, and the forms."""
    _one_time_password()
    plain_table.show([_row(one) for one in everybody], _COLUMNS, "Name", "Accounts of this practice", "accounts")
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Add an account")
        _new_account()
    with right:
        st.header("Change an account")
        _changes(everybody, actor)


def person_words(person: PersonRow) -> str:
    """Name and address, so that two of one name are told apart."""
    return f"{person.name} ({person.email})"


def _row(one: PersonRow) -> plain_table.Row:
    return plain_table.plain_row(
        {
            "Name": one.name,
            "E-mail": one.email,
            "Roles": ", ".join(_ROLES[Role(role)] for role in one.roles) + (", trainee" if one.is_trainee else ""),
            "Team": one.team,
            "Second step": "on" if one.has_second_step else "off",
            "State": _state(one),
        }
    )


def _state(person: PersonRow) -> str:
    if person.is_disabled:
        return "closed"
    return "one-time password not used yet" if person.must_change_password else "open"


def _one_time_password() -> None:
    """One-time passwords, each until the admin says that it was passed on: a second account hides none."""
    for number, name, once in st.session_state.get(_ONCE, []):
        with st.container(border=True, key=f"strong_once_{number}"):
            st.text(f"One-time password for {name}. It is shown only now; pass it on by voice or on paper.")
            st.code(once, language=None)
            if st.button("I have passed it on", type="primary", key=f"passed_on_{number}"):
                st.session_state[_ONCE] = [one for one in st.session_state[_ONCE] if one[0] != number]
                st.rerun()


def _show_once(name: str, once: str) -> None:
    """Keep a one-time password on the page, beside those that were not passed on yet."""
    held = st.session_state.get(_ONCE, [])
    number = max((one[0] for one in held), default=0) + 1
    st.session_state[_ONCE] = [*held, (number, name, once)]


def _new_account() -> None:
    # A form with a new key is empty again; one that was refused keeps what was typed.
    with st.form(f"new_account_{st.session_state.get(_ADDED, 0)}"):
        name = st.text_input("Name", max_chars=200)
        email = st.text_input("E-mail", max_chars=254)
        roles = st.multiselect("Roles", list(_ROLES), format_func=_ROLES.__getitem__, default=[Role.THERAPIST])
        is_trainee = st.checkbox("Trainee: notes and documents need a supervisor's co-signature")
        if not st.form_submit_button("Add the account", type="primary"):
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        made = accounts.create_account(session, actor, email, name, roles, local_now(), is_trainee=is_trainee)
    _show_once(name.strip(), made.one_time_password)
    st.session_state[_ADDED] = st.session_state.get(_ADDED, 0) + 1
    st.rerun()


def _changes(everybody: Sequence[PersonRow], actor: Actor) -> None:
    by_id = {one.account_id: one for one in everybody}
    chosen = st.selectbox(
        "Whose", list(by_id), format_func=lambda one: person_words(by_id[one]), key="account_to_change"
    )
    if chosen is None:
        return
    person = by_id[chosen]
    done_words.show("account")
    _roles_form(person)
    if Role.THERAPIST in person.roles:
        _team_form(person, sorted({one.team for one in everybody if one.team}))
    _reset_form(person)
    if person.is_disabled:
        if st.button("Open the account again", key=f"enable_{person.account_id}"):
            actor = the_actor()
            with errors.shown_to_the_user(), app_context.writing() as session:
                account_changes.enable_account(session, actor, person.account_id, local_now())
            done_words.keep("account", f"The account of {person.name} is open again.")
            st.rerun()
    elif person.account_id != actor.account_id:
        _disable_form(person)


def _roles_form(person: PersonRow) -> None:
    key = person.account_id
    with st.form(f"roles_{key}"):
        present = [Role(role) for role in person.roles]
        roles = st.multiselect("Roles", list(_ROLES), present, format_func=_ROLES.__getitem__, key=f"roles_of_{key}")
        is_trainee = st.checkbox("Trainee", person.is_trainee, key=f"trainee_{key}")
        password = st.text_input("Your own password", type="password", key=f"roles_password_{key}")
        if not st.form_submit_button("Change the roles"):
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        account_changes.change_roles(session, actor, key, roles, is_trainee, password, local_now())
    done_words.keep("account", f"{person.name} has these roles now, and signs in anew.")
    st.rerun()


def _team_form(person: PersonRow, teams: list[str]) -> None:
    """A team is a name to count by in a supervisor's figures; who sees whom follows supervision alone."""
    key = person.account_id
    with st.form(f"team_{key}"):
        team = st.text_input(
            "Team, to narrow figures by; empty for none", person.team, max_chars=60, key=f"team_of_{key}_{person.team}"
        )
        if teams:
            st.text(f"Teams there are: {', '.join(teams)}.")
        if not st.form_submit_button("Keep the team"):
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        account_changes.put_in_team(session, actor, key, team, local_now())
    said = f"the team {team.strip()}" if team.strip() else "no team"
    done_words.keep("account", f"{person.name} is counted in {said}.")
    st.rerun()


def _reset_form(person: PersonRow) -> None:
    key = person.account_id
    with st.expander("Lost password or telephone"), st.form(f"reset_{key}", clear_on_submit=True):
        st.text("Signs the person out and makes a one-time password.")
        without = st.checkbox("Take away the second step too", key=f"without_{key}")
        password = st.text_input("Your own password", type="password", key=f"reset_password_{key}")
        if not st.form_submit_button("Make a one-time password"):
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        once = account_changes.reset_password(session, actor, key, password, local_now(), without_second_step=without)
    _show_once(person.name, once)
    st.rerun()


def _disable_form(person: PersonRow) -> None:
    key = person.account_id
    with st.expander("Close the account"), st.form(f"disable_{key}"):
        st.text("The person is out at the next action. What they wrote stays. Transfer their clients under Clients.")
        sure = st.checkbox("Yes, close this account", key=f"sure_{key}")
        if not st.form_submit_button("Close the account"):
            return
        if not sure:
            st.text("The account is still open: tick the box, then close it.")
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        account_changes.disable_account(session, actor, key, local_now())
    done_words.keep("account", f"The account of {person.name} is closed.")
    st.rerun()
