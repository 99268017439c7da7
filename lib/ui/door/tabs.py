"""Tabs: which sign-in each open tab belongs to, so that a tab's id alone opens nothing to somebody else."""

from __future__ import annotations

import hashlib
import threading

_MOST = 10_000
_lock = threading.Lock()
_owners: dict[str, str] = {}  # Streamlit session id -> sha256 of the token that opened it


def remember(tab: str, token: str) -> None:
    """A tab now runs for this token. The oldest are forgotten when there are too many."""
    with _lock:
        _owners.pop(tab, None)
        _owners[tab] = _digest(token)
        while len(_owners) > _MOST:
            _owners.pop(next(iter(_owners)))


def is_of(tab: str, token: str) -> bool:
    """Whether this tab is known to run for this token."""
    with _lock:
        return _owners.get(tab) == _digest(token)


def may_resume(tab: str, token: str) -> bool:
    """Whether a socket may ask for this tab: a new tab, one nobody knows (it gets a fresh session), or its own."""
    with _lock:
        return not tab or tab not in _owners or _owners[tab] == _digest(token)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
