"""Hashing: how passwords, tokens and recovery codes are made and compared. Nothing here touches a database."""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_PASSWORDS = PasswordHash((Argon2Hasher(),))


def password_hash(password: str) -> str:
    """The argon2id hash of a password, with its salt and costs."""
    return _PASSWORDS.hash(password)


def password_matches(password: str, held: str | None) -> bool:
    """Whether the password is right. Without a held hash the same work is done for nothing, and the answer is no."""
    right = _PASSWORDS.verify(password, held or _hash_of_nobody())
    return right and held is not None


def digest(text: str) -> str:
    """sha256 of a random token or code. Plain is enough: what is 80 bits or longer by chance cannot be guessed."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_token() -> str:
    """32 random bytes, as letters that a cookie bears."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """80 random bits in four groups of four letters: for recovery codes and one-time passwords."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def plain_code(code: str) -> str:
    """A typed code without blanks, hyphens and capitals."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


@cache
def _hash_of_nobody() -> str:
    return password_hash(secrets.token_urlsafe(32))
