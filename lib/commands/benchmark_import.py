"""The benchmark's import: many answers through the import service, and the same file through pandas beside it."""

from __future__ import annotations

import csv
import hashlib
import random
import time
from collections.abc import Sequence
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
# The first days of the files, long before any course of the crowd; each turn a day later, so that no form comes twice.
SHAPES = {"long": date(2015, 1, 5), "wide": date(2015, 1, 8)}
REPEATS = 3
_YARDSTICK = "benchmark_yardstick"


def time_import(held: BenchmarkHouse, runs: int) -> dict[str, Any]:
    """Seconds for the same files both ways, in both shapes a file of answers has: `long` and `wide`.

    Medians of up to three files of each; the shapes take turns, for the record grows with every file."""
    import pandas  # noqa: F401 - loading it is no part of the floor

    seconds: dict[str, list[tuple[float, float]]] = {shape: [] for shape in SHAPES}
    for turn in range(min(runs, REPEATS)):
        for shape, first_on in SHAPES.items():
            file = held.folder / f"answers-{shape}-{turn}.csv"
            _write(file, shape, held.clients, first_on + timedelta(days=turn))
            yardstick = _by_pandas(held, file)
            seconds[shape].append((_by_service(held, file), yardstick))
    return {"forms": FORMS, "answers": FORMS * ITEMS, **{shape: _told(pairs) for shape, pairs in seconds.items()}}


def _told(pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Medians, and how many times pandas' time ours is."""
    ours, theirs = zip(*pairs, strict=True)
    mine, yardstick = median(ours), median(theirs)
    return {
        "service_s": round(mine, 3),
        "pandas_s": round(yardstick, 3),
        "ratio": round(mine / yardstick, 2),
        "service_runs_s": [round(each, 3) for each in ours],
        "pandas_runs_s": [round(each, 3) for each in theirs],
    }


def _write(file: Path, shape: str, clients: int, first_on: date) -> None:
    """PHQ-9 forms spread over the clients of the crowd: a row for each answer (long) or for each form (wide)."""
    rng = random.Random(SEED)  # noqa: S311 - invented answers, not secrets
    items = [f"phq9_{number}" for number in range(1, ITEMS + 1)]
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["client", "date", *(items if shape == "wide" else ("instrument", "item", "answer"))])
        for place in range(FORMS):
            week, client = divmod(place, clients)
            code, day = f"DEMO-{client + 1:06d}", (first_on + timedelta(weeks=week)).isoformat()
            answers = [*(rng.randrange(4) for _ in range(ITEMS - 1)), 0]
            if shape == "wide":
                writer.writerow([code, day, *answers])
            else:
                writer.writerows([code, day, "phq9", *pair] for pair in zip(items, answers, strict=True))


def _by_service(held: BenchmarkHouse, file: Path) -> float:
    """From the bytes to the committed record: read, checked, scored, flags and standings renewed."""
    begun = time.perf_counter()
    receipt = _take_in(held, file)
    took = time.perf_counter() - begun
    if receipt.new not in (FORMS, FORMS * ITEMS) or receipt.new != receipt.rows:
        raise HouseError(f"The import took {receipt.new} rows in where {receipt.rows} stood in the file.")
    return took


@collector.at_rest()
def _take_in(held: BenchmarkHouse, file: Path) -> imports.Receipt:
    """What the verb `import` does with a file, the collector at rest as there."""
    definitions, now = held.house.definitions, local_now()
    data = file.read_bytes()
    parsed = read_upload(data, file.name, ReadingAnswers(), definitions, now.date(), FileKind.SCORES)
    sha256 = hashlib.sha256(data).hexdigest()
    with held.house.practice.writing() as session:
        return imports.commit_import(
            session, OPERATOR, parsed, imports.ImportOptions(), file.name, sha256, now, definitions
        )


def _by_pandas(held: BenchmarkHouse, file: Path) -> float:
    """The floor: the same file into one plain table of the same database, nothing checked."""
    import pandas as pd

    begun = time.perf_counter()
    frame = pd.read_csv(file)
    with held.house.practice.writing() as session:
        frame.to_sql(_YARDSTICK, session.connection(), index=False, if_exists="replace")
    return time.perf_counter() - begun
