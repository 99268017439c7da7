"""A ZIP of note files: which entries are notes, which are passed over and said, which make the archive refused."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lib.domain.errors import ImportProblem
from lib.exchange.archives import is_symlink

_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
_NESTED = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One entry to be read, under its true name; `refusal` says why it cannot be, empty when it can."""

    info: zipfile.ZipInfo
    name: str
    refusal: str = ""
    mend: str = ""


@dataclass(slots=True)
class ArchiveList:
    """The entries of an archive that are notes or should be, and the names of those passed over."""

    entries: list[ArchiveEntry] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def list_notes(package: zipfile.ZipFile) -> ArchiveList:
    """What is in the archive. ImportProblem for names that lead outside of it, and for links."""
    found = ArchiveList()
    names = [_true_name(info) for info in package.infolist()]
    times = Counter(name or "" for name in names)
    for info, name in zip(package.infolist(), names, strict=True):
        _check_place(info, name)
        if info.is_dir():
            continue
        shown = name or info.filename
        if _is_litter(shown):
            found.passed_over.append(shown)
        else:
            found.entries.append(ArchiveEntry(info, shown, *_refusal(info, name, times)))
    return found


def _true_name(info: zipfile.ZipInfo) -> str | None:
    """The entry's name. Some programs write UTF-8 without saying so; None when it is in an unknown encoding."""
    name = info.orig_filename
    if info.flag_bits & _NAME_IS_UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return None


def _check_place(info: zipfile.ZipInfo, name: str | None) -> None:
    written = name if name is not None else info.orig_filename
    outside = written.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", written) is not None
    if outside or ".." in re.split(r"[/\\]", written) or "\\" in written or "\0" in written:
        raise ImportProblem(
            f"The archive holds a name that leads outside of it: {written[:80]!r}.",
            "Such an archive may be an attack. Pack the note files again, without folders.",
        )
    if is_symlink(info):
        raise ImportProblem(f"The archive holds a link: {written[:80]!r}.", "Pack the files themselves.")


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or PurePosixPath(name).name.casefold() in _LITTER or parts[-1].startswith("._")


def _refusal(info: zipfile.ZipInfo, name: str | None, times: Counter[str]) -> tuple[str, str]:
    if name is None:
        return "the name is in an unknown encoding", "Pack the files with UTF-8 names, or rename the file in ASCII."
    if info.flag_bits & _ENCRYPTED:
        return "the file is encrypted", "Take the password off and pack it again."
    if name.casefold().endswith(_NESTED):
        return "an archive inside an archive is not read", "Unpack it and put its files beside the others."
    if times[name] > 1:
        return "two files of the archive have this same name", "Keep the right one and pack again."
    return "", ""
