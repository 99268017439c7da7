"""Bootstrap: settings become an open house. The only file that reads the environment."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

import keyring
import keyring.backends.null

from lib.domain.definitions import Definitions
from lib.domain.phrase_book import PhraseBook, Polarity
from lib.domain.practice_phrases import ShippedPhrases
from lib.exchange.definition_files import load_definitions
from lib.exchange.phrase_files import load_mirror
from lib.exchange.shipped_phrases import load_shipped_phrases
from lib.services import collector, phrases, practice_definitions, standing
from lib.services.practice_definitions import Stamp
from lib.storage import keys
from lib.storage.engine import Database, open_database
from lib.storage.schema import migrate

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations. Paths are absolute; no `database_url`: the embedded file."""

    data_folder: Path
    key_file: Path
    database_url: str | None = None
    master_key_text: str | None = None
    use_keyring: bool = True
    behind_proxy: bool = False

    @property
    def practice_url(self) -> str:
        """The database of the practice: as told, else the encrypted embedded file."""
        return self.database_url or f"sqlcipher:///{self.data_folder / 'practice.db'}"

    @property
    def demonstration_url(self) -> str:
        """The demonstration lives in a database of its own, always embedded, always apart."""
        return f"sqlcipher:///{self.data_folder / 'demonstration.db'}"

    @property
    def backup_folder(self) -> Path:
        """Where verified backups go."""
        return self.data_folder / "backups"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from SECUREBASE_DATA, SECUREBASE_DATABASE_URL, SECUREBASE_KEY, SECUREBASE_KEY_FILE,
    SECUREBASE_KEYRING (0 switches it off) and SECUREBASE_BEHIND_PROXY (1 when a proxy with TLS stands in front)."""
    env = os.environ if environment is None else environment
    return Settings(
        data_folder=Path(env.get("SECUREBASE_DATA", ROOT / "data" / "private")).expanduser().resolve(),
        key_file=Path(env.get("SECUREBASE_KEY_FILE") or _configuration_folder(env) / "master.key").expanduser(),
        database_url=env.get("SECUREBASE_DATABASE_URL") or None,
        master_key_text=env.get("SECUREBASE_KEY") or None,
        use_keyring=env.get("SECUREBASE_KEYRING", "1") != "0",
        behind_proxy=env.get("SECUREBASE_BEHIND_PROXY", "0") == "1",
    )


def environment_for(settings: Settings) -> dict[str, str]:
    """This process's environment with these settings in it, for a process of our own that reads them back."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECUREBASE_")}
    told = {
        "SECUREBASE_DATA": str(settings.data_folder),
        "SECUREBASE_KEY_FILE": str(settings.key_file),
        "SECUREBASE_DATABASE_URL": settings.database_url or "",
        "SECUREBASE_KEY": settings.master_key_text or "",
        "SECUREBASE_KEYRING": "1" if settings.use_keyring else "0",
        "SECUREBASE_BEHIND_PROXY": "1" if settings.behind_proxy else "0",
    }
    return kept | told


def _configuration_folder(env: Mapping[str, str]) -> Path:
    """The person's own configuration folder, never the data folder: a copied database must not carry its key."""
    if sys.platform == "win32":
        return Path(env.get("APPDATA", Path.home())) / "secure-base"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "secure-base"
    return Path(env.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "secure-base"


class House:
    """The open house: settings, definitions, the practice's database, and the demonstration's when asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._known: dict[str, tuple[Stamp, Definitions]] = {}  # by database: definitions hold while their stamp does
        self._books: dict[str, tuple[phrases.Stamp, PhraseBook]] = {}  # the same for phrases
        if not settings.use_keyring:
            keyring.set_keyring(keyring.backends.null.Keyring())

    @cached_property
    def definitions(self) -> Definitions:
        """Instruments and the clinical model, read once from the data folder of the program."""
        return load_definitions(ROOT / "data")

    @cached_property
    def phrase_book(self) -> PhraseBook:
        """The phrases and cues by which notes are read for evidence, read once from the data folder."""
        return self.shipped_phrases.book

    @cached_property
    def shipped_phrases(self) -> ShippedPhrases:
        """The same book with what a practice's own phrases are built on."""
        with collector.at_rest():
            return load_shipped_phrases(ROOT / "data" / "phrases")

    @cached_property
    def mirror(self) -> Mapping[tuple[str, Polarity], tuple[str, Polarity]]:
        """Which marker a sign speaks to, read without the phrases, which take a second."""
        return load_mirror(ROOT / "data" / "phrases")

    def phrase_book_of(self, database: Database) -> PhraseBook:
        """The phrases that the practice of this database reads with: the shipped ones, its own, none it muted."""
        with database.reading() as session:
            stamp = phrases.stamp(session)
            known = self._books.get(database.url_shown)
            if known is None or known[0] != stamp:
                shipped = self.shipped_phrases
                with collector.at_rest():
                    known = stamp, phrases.book_in_use(session, shipped)
                self._books[database.url_shown] = known
        return known[1]

    def definitions_of(self, database: Database) -> Definitions:
        """The definitions with what the practice of this database added to its instruments."""
        with database.reading() as session:
            stamp = practice_definitions.stamp(session)
            known = self._known.get(database.url_shown)
            if known is None or known[0] != stamp:
                known = stamp, practice_definitions.definitions_of(session, self.definitions)
                self._known[database.url_shown] = known
        return known[1]

    @cached_property
    def practice(self) -> Database:
        """The practice's database, migrated. Raises KeyMissing or SchemaUnknown when it must not be opened."""
        return self.opened(self.settings.practice_url)

    @cached_property
    def demonstration(self) -> Database:
        """The demonstration's database, migrated; empty until the demonstration is made."""
        return self.opened(self.settings.demonstration_url)

    def opened(self, url: str) -> Database:
        """A database by its address, migrated, its standings made by the rules of this program."""
        database = self.as_it_is(url)
        migrate(database, self.settings.backup_folder, local_now())
        with database.reading() as session:
            due = standing.renewal_is_due(session)
        if due:
            definitions = self.definitions_of(database)
            with database.writing() as session:
                standing.renew(session, local_now(), definitions)
        return database

    def as_it_is(self, url: str) -> Database:
        """A database by its address, its schema untouched: for migrating, restoring and verifying."""
        return open_database(url, self.obtain_key(url).key)

    def anchor_file(self, database: Database) -> Path:
        """Where the last anchor of this database's audit log is kept: beside the key, never in the data folder."""
        name = hashlib.sha256(database.url_shown.encode("utf-8")).hexdigest()[:16]
        return self.settings.key_file.parent / "anchors" / f"{name}.json"

    def recovery_key(self) -> str:
        """The master key in its written form, to be shown once at set-up and kept on paper."""
        return keys.recovery_text(self.obtain_key(self.settings.practice_url).key)

    def close(self) -> None:
        """Close the databases that were opened."""
        for name in ("practice", "demonstration"):
            opened = self.__dict__.pop(name, None)  # where cached_property keeps it, if it was ever asked for
            if opened is not None:
                opened.close()

    def obtain_key(self, url: str) -> keys.FoundKey:
        """The master key for this database; made new only where nothing would be locked out by it."""
        file = Path(url.removeprefix("sqlcipher:///")) if url.startswith("sqlcipher:") else None
        return keys.obtain_master_key(self.settings.master_key_text, self.settings.key_file, file)


def local_now() -> datetime:
    """The wall clock with its zone, read at the edges only."""
    return datetime.now().astimezone()


def practice_now(clock_on: date | None, real: datetime) -> datetime:
    """The practice's time: the demonstration's fixed day at the real time of day, or the real time."""
    return (
        real if clock_on is None else datetime.combine(clock_on, time(real.hour, real.minute, real.second), real.tzinfo)
    )
