"""Opening: what must hold before the first request, and what is made ready so that the first page is quick."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from anyio import to_thread

from lib.domain.errors import SecureBaseError
from lib.services import practice
from lib.ui import app_context
from lib.ui.door import configuration, set_up_code
from lib.ui.logging_setup import keep_record_text_out

_LOG = logging.getLogger("secure_base")


def open_the_house() -> None:
    """Check the settings, open the practice's database, migrated, and read the definitions, before anything is served.

    Ends the program with words when a setting would leave records open, the key is missing or the schema unknown."""
    keep_record_text_out()
    here = app_context.house()
    unsafe = configuration.unsafe_settings(here.settings.behind_proxy)
    if unsafe:
        _end("\n".join(["Secure Base does not start with these settings:", *(f"- {one}" for one in unsafe)]))
    try:
        _LOG.debug("%d instruments", len(here.definitions.instruments))
        with here.practice.reading() as session:
            is_set_up = practice.is_set_up(session)
    except SecureBaseError as error:
        _end(f"Secure Base does not start. {error}")
    if not is_set_up:
        print(f"\n  Set-up code, needed only from another machine: {set_up_code.code()}", flush=True)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Warm up, serve, close."""
    await to_thread.run_sync(warm_up)
    yield {}
    app_context.close_house()


def warm_up() -> None:
    """Import and draw once what the first page would wait for, then leave it out of every later collection.

    Streamlit collects garbage fully after each run; frozen objects took a rerun from 67 to 26 ms when measured."""
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

    pa.Table.from_pandas(pd.DataFrame({"warm": [1.0]}))
    gc.collect()
    gc.freeze()


def _end(words: str) -> NoReturn:
    print(words, file=sys.stderr, flush=True)
    sys.exit(1)
