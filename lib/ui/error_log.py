"""Error log: what went wrong and where, under an id, without any word of a record."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Iterator

_LOG = logging.getLogger("secure_base")


def log_under_an_id(error: BaseException) -> str:
    """Log kinds of error and places in the code, never messages: those may hold what somebody typed.

    Returns the id that the person is shown."""
    error_id = secrets.token_hex(4)
    _LOG.error("error %s: %s", error_id, places(error))
    return error_id


def places(error: BaseException) -> str:
    """The error and its causes as kinds and places, on one line."""
    return " <- ".join(_links(error))


def _links(error: BaseException | None) -> Iterator[str]:
    """The error and what caused it: kind, and the frames it went through, newest last."""
    while error is not None:
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        yield f"{type(error).__module__}.{type(error).__qualname__} at {' > '.join(frames[-12:])}"
        error = error.__cause__ or error.__context__
