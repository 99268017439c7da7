"""Charts' words: the names of the levels 0-4, for drawings and for text, without the chart library."""

from __future__ import annotations

LEVEL_WORDS = ("absent", "emerging", "inconsistent", "mostly present", "established")
LEVELS = tuple(f"{number} {word}" for number, word in enumerate(LEVEL_WORDS))
