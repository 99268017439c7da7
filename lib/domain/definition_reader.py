"""Reading a definition mapping key by key: every broken rule is named with its file, its key and the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from lib.domain.errors import DefinitionProblem

Choice = TypeVar("Choice", bound=StrEnum)


class Reader:
    """One table of a definition. Each read checks the type; `done` refuses keys nobody asked for.

    Every method raises DefinitionProblem naming where, key and rule."""

    def __init__(self, table: Any, where: str) -> None:
        self.where = where
        if not isinstance(table, Mapping):
            self.refuse("", "must be a table of keys and values")
        self._table: Mapping[str, Any] = table
        self._read: set[str] = set()

    def refuse(self, key: str, rule: str) -> NoReturn:
        """Raise DefinitionProblem for this key."""
        raise DefinitionProblem(f"{self.where}: {key}: {rule}" if key else f"{self.where}: {rule}")

    def has(self, key: str) -> bool:
        """True when the key stands in the table."""
        return key in self._table

    def _value(self, key: str, default: Any) -> Any:
        self._read.add(key)
        if key not in self._table:
            if default is None:
                self.refuse(key, "is missing")
            return default
        return self._table[key]

    def text(self, key: str, default: str | None = None, filled: bool = True) -> str:
        """A text; with `filled` an empty one is refused unless it is the default."""
        value = self._value(key, default)
        if not isinstance(value, str):
            self.refuse(key, "must be a text in quotes")
        if filled and key in self._table and not value.strip():
            self.refuse(key, "must not be empty")
        self._check_characters(key, value)
        return value

    def _check_characters(self, key: str, value: str) -> None:
        """Control characters and halves of characters have no place in a text, and no database takes them all."""
        if any(not (c.isprintable() or c in "\n\t\u00a0\u00ad") for c in value):
            self.refuse(key, "holds a character that cannot be printed")

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number."""
        value = self._value(key, default)
        # bool is an int in Python, and `low = true` is a slip, not a one; value - value is nan for inf and nan.
        if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
            self.refuse(key, "must be a finite number")
        return float(value)

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(key, "must be a whole number")
        return value

    def truth(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false")
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of an enum's values."""
        value = self._value(key, default)
        allowed = [member.value for member in kind]
        if value not in allowed:
            self.refuse(key, f"must be one of {', '.join(allowed)}, not {value!r}")
        return kind(value)

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        value = self._value(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) and v.strip() for v in value):
            self.refuse(key, "must be a list of texts")
        for text in value:
            self._check_characters(key, text)
        return tuple(value)

    def wholes(self, key: str, default: Sequence[int] | None = None) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = self._value(key, default)
        right = isinstance(value, list | tuple) and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
        if not right:
            self.refuse(key, "must be a list of whole numbers")
        return tuple(value)

    def tables(self, key: str) -> list[Reader]:
        """A list of tables, each named by its place; an absent list is an empty one."""
        value = self._value(key, ())
        if not isinstance(value, list | tuple):
            self.refuse(key, "must be a list of tables")
        return [Reader(table, f"{self.where}: {key} {place}") for place, table in enumerate(value, start=1)]

    def table(self, key: str) -> Reader | None:
        """One table, or None when the key is absent."""
        if not self.has(key):
            return None
        return Reader(self._value(key, None), f"{self.where}: {key}")

    def done(self) -> None:
        """Refuse keys that no rule knows: a mistyped key must not be passed over in silence."""
        unknown = sorted(str(key) for key in self._table if key not in self._read)
        if unknown:
            self.refuse(unknown[0], "is not a key of this table")
