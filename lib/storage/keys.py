"""Keys: where the master key lives, what is derived from it, and how it is written down for recovery."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import keyring
import keyring.errors
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lib.domain.errors import Blocked, InvalidInput, KeyMissing

KEY_BYTES = 32
KEYRING_SERVICE = "secure-base"
KEYRING_ACCOUNT = "master key"
_CHECKSUM_BYTES = 3  # 35 bytes are 56 base32 letters without padding: fourteen groups of four
_GROUP = 4
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})  # not in the base32 alphabet, easily written for these

# A desktop keyring fails in its own ways: none installed, locked, no message bus, no display.
_KEYRING_FAILURES = (keyring.errors.KeyringError, OSError, RuntimeError)


class KeySource(StrEnum):
    """Where a master key was found or put."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A master key (32 bytes, never in a repr) and where it lives; `created` only in the call that made it."""

    key: bytes = field(repr=False)
    source: KeySource
    created: bool = False


def database_key(master: bytes) -> bytes:
    """The 32-byte key that encrypts the embedded database and its backups."""
    return _derived(master, b"secure-base database v1")


def audit_key(master: bytes) -> bytes:
    """The 32-byte key that chains the audit log; it is never inside the database."""
    return _derived(master, b"secure-base audit v1")


def _derived(master: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256, RFC 5869. No salt: the master key is already uniformly random."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master)


def recovery_text(master: bytes) -> str:
    """The master key to write on paper: fourteen groups of four base32 letters, the last letters a checksum."""
    letters = base64.b32encode(master + _checksum(master)).decode("ascii")
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def key_from_recovery(text: str) -> bytes:
    """The master key from its written form. Raises InvalidInput when a letter was lost or misread."""
    letters = "".join(text.split()).replace("-", "").upper().translate(_MISREAD)
    try:
        raw = base64.b32decode(letters)
    except ValueError:  # not base32, or not ASCII at all
        raw = b""
    master, checksum = raw[:KEY_BYTES], raw[KEY_BYTES:]
    if len(raw) != KEY_BYTES + _CHECKSUM_BYTES or not secrets.compare_digest(checksum, _checksum(master)):
        raise InvalidInput(
            "This recovery key is not complete or has a wrong letter.",
            "Compare it with your note, group by group: it has fourteen groups of four.",
            field="recovery key",
        )
    return master


def _checksum(master: bytes) -> bytes:
    return hashlib.sha256(b"secure-base recovery " + master).digest()[:_CHECKSUM_BYTES]


def key_from_text(text: str, where: str) -> bytes:
    """A master key as hexadecimal, plain base32 or recovery text. Raises KeyMissing, naming `where`, never the text."""
    compact = "".join(text.split()).replace("-", "")
    if len(compact) == 2 * KEY_BYTES:
        try:
            return bytes.fromhex(compact)
        except ValueError:
            pass
    try:
        raw = base64.b32decode(compact.upper() + "=" * (-len(compact) % 8))
    except ValueError:  # not base32, or not ASCII at all
        raw = b""
    if len(raw) == KEY_BYTES:
        return raw
    try:
        return key_from_recovery(text)
    except InvalidInput:
        raise KeyMissing(f"The key in {where} is not 32 bytes written as hexadecimal or base32.") from None


def find_master_key(explicit: str | None, key_file: Path, use_keyring: bool = True) -> FoundKey | None:
    """The master key from the environment's value, the keyring or the key file, in this order; None when nowhere.

    Raises KeyMissing when a place holds something that is no key: passing on to the next place, or making a
    new key, would lock the database."""
    if explicit:
        return FoundKey(key_from_text(explicit, "SECUREBASE_KEY"), KeySource.ENVIRONMENT)
    held = _from_keyring() if use_keyring else None
    if held is not None:
        return FoundKey(key_from_text(held, "the keyring"), KeySource.KEYRING)
    if key_file.exists():
        return FoundKey(_from_file(key_file), KeySource.FILE)
    return None


def obtain_master_key(
    explicit: str | None,
    key_file: Path,
    database_file: Path | None,
    use_keyring: bool = True,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> FoundKey:
    """The master key, made new only where there is no database yet that would need the old one.

    Raises KeyMissing when the database file stands and its key is nowhere."""
    found = find_master_key(explicit, key_file, use_keyring)
    if found is not None:
        return found
    if database_file is not None and database_file.exists() and database_file.stat().st_size > 0:
        raise KeyMissing(
            f"The database {database_file.name} is encrypted and its key was not found: not in SECUREBASE_KEY, "
            f"not in the keyring, not in {key_file}. No new key is made over an existing database. "
            "Put the key back, or give the recovery key that was shown at set-up."
        )
    folder = database_file.parent if database_file is not None else None
    master = random_bytes(KEY_BYTES)
    return FoundKey(master, store_master_key(master, key_file, folder, use_keyring), created=True)


def store_master_key(
    master: bytes, key_file: Path, data_folder: Path | None = None, use_keyring: bool = True
) -> KeySource:
    """Keep the key in the keyring, or where there is none in the key file (mode 0600).

    Raises Blocked when a different key is already kept, or when the file would lie in the data folder."""
    held = find_master_key(None, key_file, use_keyring)
    if held is not None and held.key == master:
        return held.source
    if held is not None:
        raise Blocked(
            "Another key is already kept on this machine.",
            [("It may belong to another database.", f"Move it away from the {held.source} first.")],
        )
    if use_keyring and _into_keyring(recovery_text(master)):
        return KeySource.KEYRING
    _into_file(master, key_file, data_folder)
    return KeySource.FILE


def _from_keyring() -> str | None:
    try:
        return keyring.get_password(KEYRING_SERVICE, KEYRING_ACCOUNT)
    except _KEYRING_FAILURES:
        return None


def _into_keyring(text: str) -> bool:
    """Whether the keyring took the key and gives it back: some accept a password and keep nothing."""
    try:
        keyring.set_password(KEYRING_SERVICE, KEYRING_ACCOUNT, text)
        return keyring.get_password(KEYRING_SERVICE, KEYRING_ACCOUNT) == text
    except _KEYRING_FAILURES:
        return False


def _from_file(key_file: Path) -> bytes:
    if os.name == "posix" and stat.S_IMODE(key_file.stat().st_mode) & 0o077:
        raise KeyMissing(f"The key file {key_file} can be read by others on this machine: set its mode to 0600.")
    return key_from_text(key_file.read_text(encoding="ascii", errors="replace"), f"the key file {key_file}")


def _into_file(master: bytes, key_file: Path, data_folder: Path | None) -> None:
    if data_folder is not None and key_file.resolve().is_relative_to(data_folder.resolve()):
        raise Blocked(
            "The key file would lie beside the data it locks.",
            [("Whoever takes the folder takes both.", "Choose a place outside the data folder.")],
        )
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # O_EXCL: made in one step with its mode, and never over a key that another start made meanwhile.
    handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(recovery_text(master) + "\n")
        file.flush()
        os.fsync(file.fileno())
