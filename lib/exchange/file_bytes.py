"""Bytes of an upload: what they are by content, how big they may be, and which text they hold."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum

from lib.domain.errors import ImportProblem

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
"""10 MB: the same limit the screen's upload has."""

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "windows-1250": "cp1250",
    "cp1250": "cp1250",
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "iso-8859-2": "iso8859-2",
    "iso-8859-15": "iso8859-15",
    "mac-roman": "mac-roman",
}
"""The encodings a person may name. All are decoded strictly: no character is ever replaced."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)

# Tab, newline and return are the only controls text may hold. C1 controls (80-9F) betray a wrong encoding.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


class Content(StrEnum):
    """What the bytes are, by content and never by name."""

    TEXT = "text"
    ZIP = "zip"


_FOREIGN = (
    (b"%PDF-", "a PDF document", "Export the table as CSV or XLSX, or the note as .docx or .txt."),
    (b"\x89PNG", "a picture (PNG)", "A picture cannot be read. Export the data as CSV or XLSX."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "A picture cannot be read. Export the data as CSV or XLSX."),
    (b"GIF8", "a picture (GIF)", "A picture cannot be read. Export the data as CSV or XLSX."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first, or use .zip."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it first, or use .zip."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it first."),
    (b"{\\rtf", "an RTF document", "Save it as .docx or .txt."),
    (b"MZ", "a Windows program", "This is not a data file."),
    (b"\x7fELF", "a program", "This is not a data file."),
    (b"SQLite format 3\x00", "a database", "Export its tables as CSV."),
    (b"PAR1", "a Parquet file", "Export it as CSV."),
    (b"HEADER RECORD*******LIBRARY", "a SAS transport file", "Export it as CSV."),
    (b"$FL2", "an SPSS file", "Export it as CSV."),
    (b"<stata_dta>", "a Stata file", "Export it as CSV."),
)


def content_of(data: bytes) -> Content:
    """Text or ZIP, by magic bytes. ImportProblem for everything else, for an empty and for a too big file."""
    check_size(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Content.ZIP
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _old_office(data)
    for magic, what, mend in _FOREIGN:
        # A few letters may also begin a text; a program or archive has controls right after them.
        if data.startswith(magic) and (len(magic) > 3 or not magic.isascii() or _has_controls(data[:64])):
            raise ImportProblem(f"The file is {what}, whatever its name says.", mend)
    return Content.TEXT


def check_size(data: bytes) -> None:
    """ImportProblem when the file is empty or bigger than the upload limit."""
    if not data:
        raise ImportProblem("The file is empty (0 bytes).", "Export it again and check that it opens.")
    if len(data) > MAX_UPLOAD_BYTES:
        raise ImportProblem(
            f"The file has {len(data) / 1_048_576:.1f} MB; the limit is 10 MB.", "Split it into smaller files."
        )


def _has_controls(data: bytes) -> bool:
    return any(byte < 9 or 13 < byte < 32 for byte in data)


def _old_office(data: bytes) -> ImportProblem:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ImportProblem(
            "The file is encrypted with a password.", "Open it, take the password off, save and import again."
        )
    return ImportProblem(
        "The file is in the old Office format (.xls or .doc), or encrypted.", "Save it as .xlsx, .docx or CSV."
    )


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Text of the bytes and the encoding in words: byte order mark, then strict UTF-8, then ask.

    ImportProblem names the first byte that fits no UTF-8 and how to say the encoding. Nothing is replaced."""
    for bom, codec, words in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], codec, words), words
    if encoding:
        codec = ENCODINGS.get(encoding.strip().lower().replace("_", "-"), "")
        if not codec:
            raise ImportProblem(
                f"The encoding {encoding!r} is not known here.", f"Known: {', '.join(sorted(ENCODINGS))}."
            )
        return _strictly(data, codec, encoding), encoding
    start = data[:4096]
    if len(start) >= 16 and start.count(0) * 5 > len(start):
        raise ImportProblem(
            "The file holds NUL bytes throughout: it looks like UTF-16 without its mark, or like a binary file.",
            "Save it as UTF-8, or name its encoding (terminal: --encoding utf-16-le).",
        )
    return _strictly(data, "utf-8", "UTF-8"), "UTF-8"


def _strictly(data: bytes, codec: str, words: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ImportProblem(
            f"The file is not {words}: byte {error.start + 1} (line {line}) does not fit.",
            "Save it as UTF-8, or name its encoding (terminal: --encoding windows-1252 is common in Western Europe).",
        ) from error
