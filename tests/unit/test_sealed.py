"""Sealed files: what goes in comes out, and nothing can be read, changed, cut off or moved about unseen."""

from __future__ import annotations

import io
import os
from typing import BinaryIO, cast

import pytest

from lib.domain.errors import HouseError, KeyMissing
from lib.storage.sealed import MAGIC, SealedReader, SealedWriter

KEY = bytes(range(32))
MEBIBYTE = 1 << 20
BEGIN = len(MAGIC) + 32
WHOLE_FRAME = 5 + MEBIBYTE + 16  # heading, content, tag


def _sealed(content: bytes, piece: int = 70_001) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY)
    for start in range(0, len(content), piece):
        writer.write(content[start : start + piece])
    writer.finish()
    return out.getvalue()


def _opened(sealed: bytes, key: bytes = KEY) -> bytes:
    return io.BufferedReader(SealedReader(cast(BinaryIO, io.BytesIO(sealed)), key)).read()


@pytest.mark.parametrize("size", [0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE])
def test_what_goes_in_comes_out(size: int) -> None:
    content = os.urandom(size)
    assert _opened(_sealed(content)) == content


def test_the_same_content_is_sealed_differently_each_time_and_never_plain() -> None:
    content = b"afraid of closeness " * 100
    first, second = _sealed(content), _sealed(content)
    assert first != second
    assert b"closeness" not in first


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(KeyMissing, match="another key"):
        _opened(_sealed(b"x"), bytes(32))


@pytest.mark.parametrize("place", [len(MAGIC), BEGIN, BEGIN + 5, -1])
def test_a_changed_byte_is_noticed_wherever_it_is(place: int) -> None:
    sealed = bytearray(_sealed(b"x" * 1000))
    sealed[place] ^= 1
    with pytest.raises(HouseError):
        _opened(bytes(sealed))


def test_a_file_cut_off_between_two_frames_is_noticed() -> None:
    sealed = _sealed(os.urandom(3 * MEBIBYTE))
    with pytest.raises(HouseError, match="cut off"):
        _opened(sealed[: BEGIN + WHOLE_FRAME])


def test_a_frame_cannot_be_declared_the_last() -> None:
    sealed = bytearray(_sealed(os.urandom(3 * MEBIBYTE))[: BEGIN + WHOLE_FRAME])
    sealed[BEGIN] = 1
    with pytest.raises(KeyMissing, match="altered"):
        _opened(bytes(sealed))


def test_frames_cannot_change_places() -> None:
    sealed = _sealed(os.urandom(3 * MEBIBYTE))
    first, second = (sealed[BEGIN + start : BEGIN + start + WHOLE_FRAME] for start in (0, WHOLE_FRAME))
    with pytest.raises(KeyMissing, match="altered"):
        _opened(sealed[:BEGIN] + second + first + sealed[BEGIN + 2 * WHOLE_FRAME :])


def test_a_file_that_was_never_finished_is_cut_off() -> None:
    out = io.BytesIO()
    SealedWriter(out, KEY).write(b"x" * 2 * MEBIBYTE)
    with pytest.raises(HouseError, match="cut off"):
        _opened(out.getvalue())


def test_another_file_is_not_taken_for_a_sealed_one() -> None:
    with pytest.raises(HouseError, match="not a sealed backup"):
        _opened(b"SQLite format 3\x00")
