"""The collector rests for one act and is as it was before, whatever happened in between."""

from __future__ import annotations

import gc

import pytest

from lib.services import collector


def test_the_collector_rests_and_comes_back_after_a_failure() -> None:
    with pytest.raises(ValueError, match="halfway"), collector.at_rest():
        assert not gc.isenabled()
        raise ValueError("halfway")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector.at_rest(), collector.at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
