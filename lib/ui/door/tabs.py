"""Tabs: which sign-in each open tab and each made file belongs to, so that an id alone opens nothing to another."""

from __future__ import annotations

import hashlib
import threading

_MOST = 10_000
_lock = threading.Lock()
_owners: dict[str, str] = {}  # Streamlit session id -> sha256 of the token that opened it
_files: dict[str, str] = {}  # name of a file that was made -> sha256 of the token it was made for


def remember(tab: str, token: str) -> None:
    """A tab now runs for this token. The oldest are forgotten when there are too many."""
    _put(_owners, tab, token)


def file_made(file_name: str, token: str) -> None:
    """A file of this name, which nobody can guess, was made for this token."""
    _put(_files, file_name, token)


def is_file_of(file_name: str, token: str) -> bool:
    """Whether the file of this name was made for this token."""
    with _lock:
        return _files.get(file_name) == _digest(token)


def is_of(tab: str, token: str) -> bool:
    """Whether this tab is known to run for this token."""
    with _lock:
        return _owners.get(tab) == _digest(token)


def may_resume(tab: str, token: str) -> bool:
    """Whether a socket may ask for this tab: a new tab, one nobody knows (it gets a fresh session), or its own."""
    with _lock:
        return not tab or tab not in _owners or _owners[tab] == _digest(token)


def _put(where: dict[str, str], name: str, token: str) -> None:
    with _lock:
        where.pop(name, None)
        where[name] = _digest(token)
        while len(where) > _MOST:
            where.pop(next(iter(where)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
