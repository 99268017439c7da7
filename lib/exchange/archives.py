"""Compressed files opened within bounds: entries, inflated bytes and ratio are checked before anything is parsed."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError  # only for types and the error; parsing is defused

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from lib.domain.errors import ImportProblem

MAX_ENTRIES = 2_000
MAX_INFLATED = 100 * 1024 * 1024
MAX_RATIO = 100
RATIO_FREE = 1024 * 1024
"""Entries that inflate to less than this many bytes may have any ratio: blank sheets compress very well."""

MAX_XML_ELEMENTS = 500_000
MAX_XML_DEPTH = 200
MAX_SECONDS = 30.0
"""For one part of a workbook; a sheet of 11,000 forms takes about two."""


# What `zipfile` raises on damaged files, found by damaging files at random.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    OverflowError,
    ValueError,
)


class Package(StrEnum):
    """What a ZIP holds."""

    WORKBOOK = "workbook"
    DOCUMENT = "document"
    ARCHIVE = "archive"


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The ZIP, its bounds checked from its directory. ImportProblem with the reason when it is not to be opened.

    `zipfile` never hands out more bytes than the directory states, so bounding those bounds what is inflated."""
    if data.count(b"PK\x01\x02") > MAX_ENTRIES * 2:
        raise _too_many()
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except _ZIP_FAULTS as error:
        raise _broken() from error
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _too_many()
    for entry in entries:
        _check_entry(entry)
    inflated = sum(entry.file_size for entry in entries)
    if inflated > MAX_INFLATED:
        raise ImportProblem(
            f"The file would unpack to {inflated / 1_048_576:,.0f} MB; the limit is 100 MB.", "Split it."
        )
    return package


def _too_many() -> ImportProblem:
    return ImportProblem(f"The file holds more than {MAX_ENTRIES:,} entries.", "Split it into smaller files.")


def _broken() -> ImportProblem:
    return ImportProblem("The file is damaged: it cannot be unpacked.", "Export or save it again.")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.file_size > RATIO_FREE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise ImportProblem(
            f"{entry.filename!r} in the file would grow more than {MAX_RATIO} times when unpacked.",
            "Such a file can stop a computer. Save it again from its program, or split it.",
        )
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ImportProblem(
            f"{entry.filename!r} is packed in a way not read here.", "Pack the file again with ordinary ZIP (deflate)."
        )


def entry_bytes(package: zipfile.ZipFile, entry: zipfile.ZipInfo | str) -> bytes:
    """The bytes of one entry. ImportProblem when it is encrypted or damaged."""
    info = package.getinfo(entry) if isinstance(entry, str) else entry
    if info.flag_bits & 0x1:
        raise ImportProblem(f"{info.filename!r} is encrypted.", "Take the password off and pack it again.")
    try:
        return package.read(info)
    except _ZIP_FAULTS as error:
        raise _broken() from error


def is_symlink(entry: zipfile.ZipInfo) -> bool:
    """True for an entry that only points to another place."""
    return stat.S_ISLNK(entry.external_attr >> 16)


def package_kind(data: bytes) -> Package:
    """Workbook, document or plain archive, by what lies inside. ImportProblem for macros and foreign packages."""
    with open_zip(data) as package:
        names = set(package.namelist())
        if any(name.casefold().endswith("vbaproject.bin") for name in names) or _macro_enabled(package, names):
            raise ImportProblem(
                "The file holds macros (programs).", "Save it as .xlsx or .docx, without macros, and import that."
            )
        if "mimetype" in names and entry_bytes(package, "mimetype").startswith(b"application/vnd.oasis"):
            raise ImportProblem("The file is an OpenDocument file.", "Save it as .xlsx, .docx or CSV.")
        if any(name.startswith("xl/") for name in names) and "[Content_Types].xml" in names:
            if "xl/workbook.bin" in names:
                raise ImportProblem("The file is a binary workbook (.xlsb).", "Save it as .xlsx or CSV.")
            return Package.WORKBOOK
        if any(name.startswith("word/") for name in names) and "[Content_Types].xml" in names:
            return Package.DOCUMENT
    return Package.ARCHIVE


def _macro_enabled(package: zipfile.ZipFile, names: set[str]) -> bool:
    if "[Content_Types].xml" not in names:
        return False
    return b"macroenabled" in entry_bytes(package, "[Content_Types].xml").lower()


def xml_root(data: bytes, what: str, limit: int = MAX_XML_ELEMENTS) -> Element:
    """The XML tree of one part, within bounds of size and depth; entities and DOCTYPE are refused."""
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth += 1
            count += 1
            if depth > MAX_XML_DEPTH or count > limit:
                raise ImportProblem(f"{what} is too deep or too big to be read.", "Save it again, or split it.")
    except DefusedXmlException as error:
        raise _forbidden_xml(what) from error
    except (ParseError, ValueError, LookupError) as error:
        raise ImportProblem(f"{what} is damaged: its XML cannot be read.", "Save it again.") from error
    if root is None:
        raise ImportProblem(f"{what} is empty.", "Save it again.")
    return root


def xml_pieces(
    data: bytes, what: str, wanted: Mapping[str, str], kept: frozenset[str]
) -> Iterator[tuple[str, Element]]:
    """Elements named in `wanted` at their "start" or "end"; all but `kept` is let go, so memory stays flat."""
    parents: list[Element] = []
    count = 0
    stop_at = time.monotonic() + MAX_SECONDS
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            kind = local(element.tag)
            if wanted.get(kind) == event:
                yield kind, element
            if event == "start":
                parents.append(element)
                count += 1
                if count % 1_024 == 0 and time.monotonic() > stop_at:
                    raise ImportProblem(f"{what} took longer than {MAX_SECONDS:.0f} seconds to read.", "Split it.")
                if len(parents) > MAX_XML_DEPTH:
                    raise ImportProblem(f"{what} is too deep to be read.", "Save it again.")
                continue
            parents.pop()
            if kind not in kept:
                element.clear()
                if parents:
                    parents[-1].remove(element)
    except DefusedXmlException as error:
        raise _forbidden_xml(what) from error
    except (ParseError, LookupError) as error:
        raise ImportProblem(f"{what} is damaged: its XML cannot be read.", "Save it again.") from error


def _forbidden_xml(what: str) -> ImportProblem:
    """The refusal of a DOCTYPE or an entity, which ordinary programs never write."""
    return ImportProblem(
        f"{what} declares a DOCTYPE or entities, which can be used to attack a computer.",
        "Save it again from its own program.",
    )


@lru_cache(maxsize=1_024)
def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]
