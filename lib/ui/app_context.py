"""App context: the open house, whose database this browser works in, who acts, and what time it is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

import streamlit as st
from sqlalchemy.orm import Session
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.bootstrap import Database, House, local_now, practice_now, read_settings
from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.domain.phrase_book import PhraseBook, Polarity
from lib.domain.practice_phrases import ShippedPhrases
from lib.services import accounts, practice
from lib.services.accounts import SignedIn

COOKIE = "secure_base"
PRACTICE_MARK, DEMONSTRATION_MARK = "p", "d"  # the token's first letter tells the database

_HELD = "cookie-of-this-tab"

_lock = threading.Lock()
_open: list[House] = []


def house() -> House:
    """The one house of this process, opened when first asked for."""
    with _lock:
        if not _open:
            _open.append(House(read_settings()))
        return _open[0]


def use_house(other: House | None) -> None:
    """Stand in another house from now on; None: open one from the environment when next asked. For tests."""
    with _lock:
        _open[:] = [other] if other is not None else []


def close_house() -> None:
    """Close the databases of the house, if one was opened."""
    with _lock:
        while _open:
            _open.pop().close()


def token() -> str:
    """The token of this browser's cookie, as it was when the tab connected; empty for a stranger.

    A tab that is closed while a run is under way has no cookies any more. The run is still its person's and of its
    database, never of another, so the token is the one it had; whether that still stands is asked anew."""
    held = st.context.cookies.get(COOKIE)
    if held is None and not st.context.headers:  # nobody is connected: a browser that is sends its host at least
        return str(st.session_state.get(_HELD, ""))
    st.session_state[_HELD] = held or ""
    return held or ""


def tab() -> str:
    """The id of this browser tab's Streamlit session; empty outside a running page."""
    context = get_script_run_ctx()
    return context.session_id if context is not None else ""


def is_demonstration() -> bool:
    """Whether this browser looks around the demonstration practice."""
    return token().startswith(f"{DEMONSTRATION_MARK}.")


def look_up(held: str, moment: datetime) -> SignedIn | None:
    """Who a token belongs to at this moment. Needs no page: the guard asks as well."""
    if not held.startswith((f"{PRACTICE_MARK}.", f"{DEMONSTRATION_MARK}.")):
        return None
    with database_of(held).reading() as session:
        return accounts.signed_in_for_token(session, held, moment)


def database_of(held: str) -> Database:
    """The database that a token tells of: the demonstration's, or the practice's."""
    here = house()
    with _lock:  # the first to ask opens it
        return here.demonstration if held.startswith(f"{DEMONSTRATION_MARK}.") else here.practice


def demonstration() -> Database:
    """The demonstration's own database, opened when first asked for."""
    return database_of(f"{DEMONSTRATION_MARK}.")


def signed_in() -> SignedIn | None:
    """Who is signed in here, looked up in the database now; None for a stranger or a sign-in that is over."""
    held = token()
    moment = local_now()  # a sign-in ends by the real clock, in the demonstration too
    found = look_up(held, moment)
    if found is None or found.must_change_password:
        return None
    if moment - found.seen_at >= accounts.NOTED_EVERY:
        with writing() as session:
            accounts.note_activity(session, held, moment)
    return found


def actor() -> Actor | None:
    """The person who acts, looked up anew on every call; None when nobody is signed in."""
    found = signed_in()
    return found.actor if found is not None else None


def turned_to() -> int | None:
    """The client who is looking at this browser's screen, if it was turned round; looked up anew on every call."""
    found = signed_in()
    return found.turned_to if found is not None else None


@contextmanager
def reading() -> Iterator[Session]:
    """One snapshot of this person's database. No st.* call inside."""
    with database_of(token()).reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction on this person's database, committed at the end. No st.* call inside."""
    with database_of(token()).writing() as session:
        yield session


def definitions() -> Definitions:
    """The clinical model, and the instruments with what this person's practice added to them."""
    return house().definitions_of(database_of(token()))


def shipped_definitions() -> Definitions:
    """The product's own definitions, as the screen that adds to them needs them."""
    return house().definitions


def now() -> datetime:
    """The practice's time with its zone: real, or the demonstration's fixed day at the real time of day."""
    return now_in(token())


def now_in(held: str) -> datetime:
    """The time in the practice that a token tells of."""
    if not held.startswith(f"{DEMONSTRATION_MARK}."):
        return local_now()
    with database_of(held).reading() as session:
        return practice_now(practice.clock_on(session), local_now())


def today() -> date:
    """The practice's day."""
    return now().date()


def phrase_book() -> PhraseBook:
    """The phrases by which notes are read for evidence in this person's practice."""
    return house().phrase_book_of(database_of(token()))


def mirror() -> Mapping[tuple[str, Polarity], tuple[str, Polarity]]:
    """Which marker a sign that was seen in a note speaks to."""
    return house().mirror


def shipped_phrases() -> ShippedPhrases:
    """The product's own phrases, as the screen that adds to them needs them."""
    return house().shipped_phrases
