"""A file is what its bytes are: wrong magic bytes, encodings and sizes are refused with the reason."""

from __future__ import annotations

import pytest

from lib.domain.errors import ImportProblem
from lib.exchange.file_bytes import MAX_UPLOAD_BYTES
from lib.exchange.read_options import ReadOptions
from tests.unit.exchange_material import PHQ9_HEADER, TODAY, scores

ROW = "Änne,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0"
TEXT = f"{PHQ9_HEADER}\n{ROW}\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_a_marked_encoding_and_any_line_end_are_read(data):
    assert [form.client_code for form in scores(data).administrations] == ["Änne"]


def test_bytes_that_are_no_utf_8_are_asked_about_and_never_replaced():
    with pytest.raises(ImportProblem, match=r"not UTF-8: byte \d+ \(line 2\)") as caught:
        scores(TEXT.encode("latin-1"))
    assert "--encoding" in caught.value.mend


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252", "ISO-8859-15", "cp1252"])
def test_a_named_encoding_is_used(encoding):
    parsed = scores(TEXT.encode("latin-1"), ReadOptions(today=TODAY, encoding=encoding))
    assert parsed.administrations[0].client_code == "Änne"


def test_a_named_encoding_that_does_not_fit_is_refused():
    with pytest.raises(ImportProblem, match="does not fit"):
        scores(b"client,date\n\x81\x8d,", ReadOptions(today=TODAY, encoding="windows-1252"))


def test_an_unknown_encoding_is_refused():
    with pytest.raises(ImportProblem, match="not known"):
        scores(TEXT, ReadOptions(today=TODAY, encoding="klingon"))


def test_utf_16_without_its_mark_is_refused_with_the_way_out():
    with pytest.raises(ImportProblem, match="UTF-16 without its mark") as caught:
        scores(TEXT.encode("utf-16-le"))
    assert "utf-16-le" in caught.value.mend


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "only blanks"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"MZ\x90\x00\x03\x00", "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old Office format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"<html><table>", "web page"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b'{"resourceType": "Bundle"}', "JSON"),
        (b'[\n {"a": 1}]', "JSON"),
        (bytes(range(256)) * 8, "not UTF-8"),
        (b"client\nA\n", "No columns"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason_whatever_its_name(data, words):
    with pytest.raises(ImportProblem, match=words):
        scores(data, name="scores.csv")


def test_a_file_over_the_upload_limit_is_refused():
    with pytest.raises(ImportProblem, match="limit is 10 MB"):
        scores(b"a" * (MAX_UPLOAD_BYTES + 1))
