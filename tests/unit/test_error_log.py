"""Error log: an error is found again by its id, and its words are nowhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from lib.ui import error_log, logging_setup

SECRET = "what the client said in session"


@pytest.fixture
def plain_logging() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    logging_setup.keep_record_text_out()
    yield
    logging.setLogRecordFactory(before)


def _failing() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(SECRET) from error


def test_an_error_is_logged_by_kind_and_place_under_its_id(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError) as raised:
        _failing()
    error_id = error_log.log_under_an_id(raised.value)
    assert error_id in caplog.text
    assert "builtins.ValueError" in caplog.text and "builtins.KeyError" in caplog.text
    assert "test_error_log.py" in caplog.text and "_failing" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("plain_logging")
def test_whoever_logs_an_error_its_words_stay_out(caplog: pytest.LogCaptureFixture) -> None:
    try:
        _failing()
    except ValueError:
        logging.getLogger("streamlit.error_util").exception("Uncaught app execution")
    assert "Uncaught app execution" in caplog.text and "builtins.ValueError" in caplog.text
    assert SECRET not in caplog.text
