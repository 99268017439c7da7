"""Which letters the shipped fonts can draw, read from their own tables, so that none is lost in silence."""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"
LAST_UNICODE = 0x10FFFF
UNPRINTED = frozenset({"Cc", "Cs", "Co", "Cn"})
# Explicit directions turn the letters round them: what is read would not be what was signed.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@lru_cache(maxsize=4)
def drawable(folder: Path = FONTS) -> frozenset[int]:
    """Code points that at least one font of the folder has a letter for."""
    found: set[int] = set()
    for path in sorted(each for each in folder.iterdir() if each.suffix in (".ttf", ".otf")):
        found |= _code_points(path.read_bytes())
    return frozenset(found)


def is_drawable(letter: str, folder: Path = FONTS) -> bool:
    """Whether a font has this letter and may stand in print: controls, surrogates and direction overrides never."""
    if letter == "\ufeff" or letter in TURNING or unicodedata.category(letter) in UNPRINTED:
        return False
    return ord(letter) in drawable(folder)


def _code_points(font: bytes) -> set[int]:
    """Code points of an OpenType font's Unicode `cmap` (OpenType 1.9, formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == b"cmap":
            return _cmap(font, offset)
    return set()


def _cmap(font: bytes, start: int) -> set[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        table = start + offset
        shape = struct.unpack_from(">H", font, table)[0]
        if platform in (0, 3) and shape == 12:
            found |= _groups(font, table)
        elif platform in (0, 3) and shape == 4:
            found |= _segments(font, table)
    return found


def _groups(font: bytes, table: int) -> set[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">I", font, table + 12)[0]):
        first, last, _ = struct.unpack_from(">III", font, table + 16 + 12 * index)
        found.update(range(first, min(last, LAST_UNICODE) + 1))
    return found


def _segments(font: bytes, table: int) -> set[int]:
    """Format 4: a code point counts only when it maps to a glyph other than 0, the empty box."""
    double = struct.unpack_from(">H", font, table + 6)[0]
    ends, starts = table + 14, table + 16 + double
    deltas, offsets = starts + double, starts + 2 * double
    found: set[int] = set()
    for at in range(0, double, 2):
        last, first, delta, offset = (
            struct.unpack_from(">H", font, where + at)[0] for where in (ends, starts, deltas, offsets)
        )
        for code in range(first, last + 1):
            if code == 0xFFFF:
                continue
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", font, offsets + at + offset + 2 * (code - first))[0]
            if (glyph and (glyph + delta) & 0xFFFF) or (not offset and (code + delta) & 0xFFFF):
                found.add(code)
    return found
