"""Collector: Python's search for unreachable objects rests while many values that all stay are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """Hold the collector off: half of a large import, and of making a phrase book, was spent in it, looking through
    values that all stay.

    It counts for the whole process, so only for the seconds of one act; where it was off already it stays off."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
