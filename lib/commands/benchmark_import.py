"""The benchmark's import: many answers through the import service, and the same file through pandas beside it."""

from __future__ import annotations

import csv
import hashlib
import random
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from lib.bootstrap import local_now
from lib.commands.benchmark_house import BenchmarkHouse
from lib.domain.errors import HouseError
from lib.domain.people import OPERATOR
from lib.services import collector, imports
from lib.services.demonstration import SEED
from lib.services.reading_files import FileKind, ReadingAnswers, read_upload

FORMS, ITEMS = 11_112, 9  # 100,008 answers
FIRST_ON = date(2015, 1, 5)  # long before any course of the crowd
REPEATS = 3
_YARDSTICK = "benchmark_yardstick"


def time_import(held: BenchmarkHouse, runs: int) -> dict[str, Any]:
    """Seconds for the same files both ways, medians of up to three, and how many times pandas' time ours is."""
    ours, theirs = [], []
    for turn in range(min(runs, REPEATS)):
        file = held.folder / f"answers-{turn}.csv"
        _write(file, held.clients, FIRST_ON + timedelta(days=turn))
        theirs.append(_by_pandas(held, file))
        ours.append(_by_service(held, file))
    mine, yardstick = median(ours), median(theirs)
    return {
        "forms": FORMS,
        "answers": FORMS * ITEMS,
        "service_s": round(mine, 3),
        "pandas_s": round(yardstick, 3),
        "ratio": round(mine / yardstick, 2),
        "service_runs_s": [round(each, 3) for each in ours],
        "pandas_runs_s": [round(each, 3) for each in theirs],
    }


def _write(file: Path, clients: int, first_on: date) -> None:
    """PHQ-9 forms, one row each, spread over the clients of the crowd."""
    rng = random.Random(SEED)  # noqa: S311 - invented answers, not secrets
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["client", "date", *(f"phq9_{number}" for number in range(1, ITEMS + 1))])
        for place in range(FORMS):
            week, client = divmod(place, clients)
            taken_on = first_on + timedelta(weeks=week)
            answers = [rng.randrange(4) for _ in range(ITEMS - 1)]
            writer.writerow([f"DEMO-{client + 1:06d}", taken_on.isoformat(), *answers, 0])


def _by_service(held: BenchmarkHouse, file: Path) -> float:
    """From the bytes to the committed record: read, checked, scored, flags and standings renewed."""
    begun = time.perf_counter()
    taken = _take_in(held, file)
    took = time.perf_counter() - begun
    if taken != FORMS:
        raise HouseError(f"The import took {taken} forms in where {FORMS} stood in the file.")
    return took


@collector.at_rest()
def _take_in(held: BenchmarkHouse, file: Path) -> int:
    """What the verb `import` does with a file, the collector at rest as there. Returns how many forms were new."""
    definitions, now = held.house.definitions, local_now()
    data = file.read_bytes()
    parsed = read_upload(data, file.name, ReadingAnswers(), definitions, now.date(), FileKind.SCORES)
    sha256 = hashlib.sha256(data).hexdigest()
    with held.house.practice.writing() as session:
        receipt = imports.commit_import(
            session, OPERATOR, parsed, imports.ImportOptions(), file.name, sha256, now, definitions
        )
    return receipt.new


def _by_pandas(held: BenchmarkHouse, file: Path) -> float:
    """The floor: the same file into one plain table of the same database, nothing checked."""
    import pandas as pd

    begun = time.perf_counter()
    frame = pd.read_csv(file)
    with held.house.practice.writing() as session:
        frame.to_sql(_YARDSTICK, session.connection(), index=False, if_exists="replace")
    return time.perf_counter() - begun
