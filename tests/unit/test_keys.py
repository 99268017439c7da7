"""Keys: found where they are kept, never made over an existing database, never overwritten, recoverable from paper."""

from __future__ import annotations

import hashlib
import hmac
import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.errors import Blocked, InvalidInput, KeyMissing
from lib.storage import keys
from lib.storage.keys import KeySource, find_master_key, key_from_recovery, obtain_master_key, recovery_text

MASTER = bytes(range(32))
OTHER = bytes(range(32, 64))


class _Keyring(keyring.backend.KeyringBackend):
    """A keyring in memory: takes, gives back, forgets or fails, as real ones do."""

    priority = 1

    def __init__(self, failure: Exception | None = None, forgets: bool = False) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.failure = failure
        self.forgets = forgets

    def get_password(self, service: str, username: str) -> str | None:
        if self.failure:
            raise self.failure
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.failure:
            raise self.failure
        if not self.forgets:
            self.held[service, username] = password


@pytest.fixture
def ring() -> Iterator[_Keyring]:
    """A working keyring, in place of the machine's own for one test."""
    before = keyring.get_keyring()
    standing_in = _Keyring()
    keyring.set_keyring(standing_in)
    yield standing_in
    keyring.set_keyring(before)


@pytest.fixture
def no_ring(ring: _Keyring) -> _Keyring:
    """A machine without a keyring."""
    ring.failure = keyring.errors.NoKeyringError("none")
    return ring


def test_the_derived_keys_are_those_of_the_standard() -> None:
    """HKDF-SHA256 (RFC 5869) done by hand with the standard library."""
    for derived, purpose in ((keys.database_key, b"database"), (keys.audit_key, b"audit")):
        extracted = hmac.new(bytes(32), MASTER, hashlib.sha256).digest()
        assert derived(MASTER) == hmac.new(extracted, b"secure-base " + purpose + b" v1\x01", hashlib.sha256).digest()
    assert keys.database_key(MASTER) != keys.audit_key(MASTER)


@given(st.binary(min_size=32, max_size=32))
def test_what_is_written_on_paper_gives_the_key_back(master: bytes) -> None:
    text = recovery_text(master)
    assert [len(group) for group in text.split("-")] == [4] * 14
    assert key_from_recovery(text) == master
    assert key_from_recovery(text.lower().replace("-", "  ")) == master
    assert key_from_recovery(text.replace("O", "0").replace("I", "1").replace("B", "8")) == master


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_wrong_letter_is_noticed(master: bytes, place: int, letter: str) -> None:
    letters = recovery_text(master).replace("-", "")
    if letters[place] == letter:
        return
    with pytest.raises(InvalidInput, match="wrong letter"):
        key_from_recovery(letters[:place] + letter + letters[place + 1 :])


@pytest.mark.parametrize("text", ["", "AAAA", "not a key at all!", "é", "A" * 56, recovery_text(MASTER)[:-5]])
def test_what_is_no_recovery_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        key_from_recovery(text)
    assert "fourteen groups" in refused.value.mend


@pytest.mark.parametrize(
    "text",
    [MASTER.hex(), MASTER.hex().upper(), recovery_text(MASTER), "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ"],
)
def test_a_key_from_the_environment_may_be_hexadecimal_base32_or_recovery_text(
    text: str, tmp_path: Path, ring: _Keyring
) -> None:
    found = find_master_key(text, tmp_path / "master.key")
    assert found == keys.FoundKey(MASTER, KeySource.ENVIRONMENT)


def test_a_wrong_key_in_the_environment_stops_and_is_not_quoted(tmp_path: Path, ring: _Keyring) -> None:
    keys.store_master_key(MASTER, tmp_path / "master.key")
    with pytest.raises(KeyMissing, match="SECUREBASE_KEY") as refused:
        find_master_key("my-secret-attempt", tmp_path / "master.key")
    assert "attempt" not in str(refused.value)


def test_the_keyring_is_asked_before_the_file(tmp_path: Path, ring: _Keyring) -> None:
    file = tmp_path / "master.key"
    keys.store_master_key(OTHER, file, use_keyring=False)
    ring.held[keys.KEYRING_SERVICE, keys.KEYRING_ACCOUNT] = recovery_text(MASTER)
    assert find_master_key(None, file) == keys.FoundKey(MASTER, KeySource.KEYRING)
    assert find_master_key(None, file, use_keyring=False) == keys.FoundKey(OTHER, KeySource.FILE)


@pytest.mark.parametrize(
    "failure",
    [
        keyring.errors.NoKeyringError("none"),
        keyring.errors.KeyringLocked("locked"),
        keyring.errors.InitError("no bus"),
        RuntimeError("no display"),
        OSError("no socket"),
    ],
)
def test_a_keyring_that_fails_in_any_way_counts_as_not_there(
    failure: Exception, tmp_path: Path, ring: _Keyring
) -> None:
    ring.failure = failure
    made = obtain_master_key(None, tmp_path / "keys" / "master.key", None)
    assert (made.source, made.created) == (KeySource.FILE, True)
    again = obtain_master_key(None, tmp_path / "keys" / "master.key", None)
    assert (again.key, again.created) == (made.key, False)


def test_a_keyring_that_takes_a_key_and_keeps_nothing_is_not_trusted(tmp_path: Path, ring: _Keyring) -> None:
    ring.forgets = True
    assert obtain_master_key(None, tmp_path / "master.key", None).source is KeySource.FILE


def test_a_new_key_goes_into_the_keyring_and_leaves_no_file(tmp_path: Path, ring: _Keyring) -> None:
    made = obtain_master_key(None, tmp_path / "master.key", tmp_path / "data" / "practice.db")
    assert (made.source, made.created) == (KeySource.KEYRING, True)
    assert not (tmp_path / "master.key").exists()
    assert find_master_key(None, tmp_path / "master.key") == keys.FoundKey(made.key, KeySource.KEYRING)


def test_two_new_keys_differ_and_chance_is_an_argument(tmp_path: Path, no_ring: _Keyring) -> None:
    first, second = (obtain_master_key(None, tmp_path / name, None).key for name in ("a.key", "b.key"))
    assert first != second
    assert obtain_master_key(None, tmp_path / "c.key", None, random_bytes=lambda count: OTHER[:count]).key == OTHER


def test_the_key_file_is_its_owner_s_alone(tmp_path: Path, no_ring: _Keyring) -> None:
    file = tmp_path / "secure-base" / "master.key"
    obtain_master_key(None, file, None)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_key_file_others_can_read_is_refused(tmp_path: Path, no_ring: _Keyring) -> None:
    file = tmp_path / "master.key"
    obtain_master_key(None, file, None)
    file.chmod(0o644)
    with pytest.raises(KeyMissing, match="0600"):
        find_master_key(None, file)


@pytest.mark.parametrize("content", ["", "half a key", "é"])
def test_a_damaged_key_file_stops_and_is_not_replaced(content: str, tmp_path: Path, no_ring: _Keyring) -> None:
    file = tmp_path / "master.key"
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(KeyMissing, match="key file"):
        obtain_master_key(None, file, None)
    assert file.read_text(encoding="utf-8") == content


def test_no_new_key_is_made_over_an_existing_database(tmp_path: Path, ring: _Keyring) -> None:
    database = tmp_path / "data" / "practice.db"
    database.parent.mkdir()
    database.write_bytes(b"encrypted")
    with pytest.raises(KeyMissing, match=r"recovery key") as refused:
        obtain_master_key(None, tmp_path / "master.key", database)
    assert "practice.db" in str(refused.value)
    assert not (tmp_path / "master.key").exists()
    assert ring.held == {}


def test_an_existing_database_opens_again_once_its_key_is_put_back(tmp_path: Path, no_ring: _Keyring) -> None:
    database = tmp_path / "data" / "practice.db"
    database.parent.mkdir()
    database.write_bytes(b"encrypted")
    keys.store_master_key(key_from_recovery(recovery_text(MASTER)), tmp_path / "master.key", database.parent)
    assert obtain_master_key(None, tmp_path / "master.key", database).key == MASTER


def test_a_kept_key_is_never_overwritten(tmp_path: Path, no_ring: _Keyring) -> None:
    file = tmp_path / "master.key"
    keys.store_master_key(MASTER, file)
    assert keys.store_master_key(MASTER, file) is KeySource.FILE
    with pytest.raises(Blocked, match="Another key"):
        keys.store_master_key(OTHER, file)
    assert find_master_key(None, file) == keys.FoundKey(MASTER, KeySource.FILE)


def test_a_key_kept_meanwhile_by_another_start_is_not_overwritten(
    tmp_path: Path, no_ring: _Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "master.key"
    monkeypatch.setattr(keys, "find_master_key", lambda *_: None)
    keys.store_master_key(MASTER, file)
    with pytest.raises(FileExistsError):
        keys.store_master_key(OTHER, file)
    monkeypatch.undo()
    assert find_master_key(None, file, use_keyring=False) == keys.FoundKey(MASTER, KeySource.FILE)


def test_the_key_file_never_lies_beside_the_data(tmp_path: Path, no_ring: _Keyring) -> None:
    database = tmp_path / "data" / "practice.db"
    for file in (tmp_path / "data" / "master.key", tmp_path / "data" / "deeper" / "master.key"):
        with pytest.raises(Blocked, match="beside the data"):
            obtain_master_key(None, file, database)
        assert not file.exists()


def test_a_found_key_does_not_show_itself() -> None:
    assert str(MASTER) not in repr(keys.FoundKey(MASTER, KeySource.FILE))
