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


def refuse_unsafe_configuration() -> None:
    """End the program with words when a setting would leave records open. Called before anything is served."""
    keep_record_text_out()
    logging.getLogger("secure_base").setLevel(logging.INFO)
    unsafe = configuration.unsafe_settings(app_context.house().settings.behind_proxy)
    if unsafe:
        _end("\n".join(["Secure Base does not start with these settings:", *(f"- {one}" for one in unsafe)]))


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Open the house, warm up, serve, close."""
    try:
        await to_thread.run_sync(_open_the_house)
    except SecureBaseError as error:
        _end(f"Secure Base does not start. {error}")
    await to_thread.run_sync(warm_up)
    yield {}
    app_context.close_house()


def warm_up() -> None:
    """Import and draw once what the first page would wait for, then leave it out of every later collection.

    Streamlit collects garbage fully after each run; frozen objects took a rerun from 67 to 26 ms when measured."""
    import pandas as pd
    import plotly.graph_objects as go
    import pyarrow as pa  # type: ignore[import-untyped]

    pa.Table.from_pandas(pd.DataFrame({"warm": [1.0]}))
    go.Figure(go.Scatter(x=[0, 1], y=[0, 1])).to_json()
    gc.collect()
    gc.freeze()


def _open_the_house() -> None:
    here = app_context.house()
    _LOG.info("%d instruments", len(here.definitions.instruments))  # reading them now: a broken one stops the start
    with here.practice.reading() as session:
        is_set_up = practice.is_set_up(session)
    if not is_set_up:
        print(f"\n  Set-up code, needed only from another machine: {set_up_code.code()}\n", flush=True)


def _end(words: str) -> NoReturn:
    print(words, file=sys.stderr, flush=True)
    sys.exit(1)
