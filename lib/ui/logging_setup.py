"""Logging: one place that makes sure no log line carries the text of an error, which may be the text of a record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from lib.ui.error_log import places

_plain_factory: Callable[..., logging.LogRecord] = logging.getLogRecordFactory()


def keep_record_text_out() -> None:
    """From now on a log line tells an error's kind and its places in the code, whoever logs it.

    Streamlit and the server log every uncaught error with its message otherwise."""
    logging.setLogRecordFactory(_record)


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    made = _plain_factory(*args, **kwargs)
    if made.exc_info and made.exc_info[1] is not None:
        made.msg = f"{made.getMessage()} [{places(made.exc_info[1])}]"
        made.args = ()
        made.exc_info = None
    return made
