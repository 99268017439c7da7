"""Account rules: what an address, a name and a set of roles must be."""

from __future__ import annotations

from collections.abc import Iterable

from lib.domain.errors import InvalidInput
from lib.domain.people import Role


def clean_email(email: str) -> str:
    """The address in small letters. Raises InvalidInput when it cannot be one."""
    email = email.strip().lower()
    local, _, domain = email.partition("@")
    if not local or not domain or "@" in domain or any(c.isspace() for c in email) or not 3 <= len(email) <= 254:
        raise InvalidInput("This is not an e-mail address.", "It looks like name@practice.org.", "e-mail")
    return email


def clean_name(name: str) -> str:
    """The name without blanks around it. Raises InvalidInput when empty, too long, or holding control characters."""
    name = name.strip()
    if not name or len(name) > 200 or not name.isprintable():
        raise InvalidInput("A name is needed, of up to 200 letters on one line.", field="name")
    return name


def clean_roles(roles: Iterable[Role]) -> list[str]:
    """The roles' values in one order, at least one. Raises InvalidInput."""
    chosen = sorted({Role(role).value for role in roles})
    if not chosen:
        raise InvalidInput("An account needs at least one role.", field="roles")
    return chosen
