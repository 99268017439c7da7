"""Search index: the words of progress notes, kept in step by the database itself, whoever writes.

Embedded: two FTS5 tables over views that hold no process note and nothing retracted, filled by triggers. PostgreSQL:
an index over the note's own words, so there is nothing that could fall behind; addenda are few and read as they are.
Words are split at everything but letters and digits and compared without regard to case, on both alike."""

from __future__ import annotations

from collections.abc import Iterable

TABLES = ("note_search", "addendum_search")
_SEARCHABLE = "compartment = 'progress' AND status <> 'retracted'"
_TOKENS = "unicode61 remove_diacritics 0"
# Signs that are not part of a word. PostgreSQL would keep some of them (web-site, host.name, and/or) in one.
_SIGNS = "!\"#$&()*+,-./:;<=>?@[\\]^_`{|}~'‘’“”„‚«»–—…·•\u00a0\u2011"


def words_of(column: str) -> str:
    """The PostgreSQL expression for a text's words; the same letters in the index and in every question."""
    signs = _SIGNS.replace("'", "''")
    return f"to_tsvector('simple'::regconfig, translate({column}, '{signs}', '{' ' * len(_SIGNS)}'))"


def is_part_of_index(name: str) -> bool:
    """Whether this table only serves the index: derived, so that no backup list and no comparison speaks of it."""
    return name in TABLES or any(name.startswith(f"{table}_") for table in TABLES)


def without_index(names: Iterable[str]) -> list[str]:
    """These table names without those of the index."""
    return [name for name in names if not is_part_of_index(name)]


def index_statements(dialect: str) -> list[str]:
    """DDL, statement by statement, that makes the index and fills it from the notes that are there."""
    if dialect == "postgresql":
        return [f"CREATE INDEX note_search ON note USING gin (({words_of('text')})) WHERE {_SEARCHABLE}"]
    return [
        f"CREATE VIEW note_searchable AS SELECT id, text FROM note WHERE {_SEARCHABLE}",
        "CREATE VIEW addendum_searchable AS SELECT addendum.id, addendum.text FROM addendum "
        f"JOIN note ON note.id = addendum.note_id WHERE {_SEARCHABLE}",
        *(_table(name) for name in TABLES),
        *_triggers(),
        *(f"INSERT INTO {name}({name}) VALUES ('rebuild')" for name in TABLES),
    ]


def _table(name: str) -> str:
    view = name.removesuffix("_search") + "_searchable"
    return f"CREATE VIRTUAL TABLE {name} USING fts5(text, content='{view}', content_rowid='id', tokenize='{_TOKENS}')"


def _triggers() -> list[str]:
    old, new = (_SEARCHABLE_ROW.replace("ROW", row) for row in ("OLD", "NEW"))
    take_out = f"INSERT INTO note_search(note_search, rowid, text) SELECT 'delete', OLD.id, OLD.text WHERE {old};"
    put_in = f"INSERT INTO note_search(rowid, text) SELECT NEW.id, NEW.text WHERE {new};"
    addenda_out = (
        "INSERT INTO addendum_search(addendum_search, rowid, text) SELECT 'delete', id, text FROM addendum "
        f"WHERE note_id = OLD.id AND {old} AND NOT ({new});"
    )
    addendum_in = (
        "INSERT INTO addendum_search(rowid, text) SELECT NEW.id, NEW.text "
        f"FROM note WHERE note.id = NEW.note_id AND {_SEARCHABLE};"
    )
    return [
        f"CREATE TRIGGER note_search_add AFTER INSERT ON note BEGIN {put_in} END",
        "CREATE TRIGGER note_search_change AFTER UPDATE OF id, text, status, compartment ON note "
        f"BEGIN {take_out} {put_in} {addenda_out} END",
        f"CREATE TRIGGER note_search_remove AFTER DELETE ON note BEGIN {take_out} END",
        f"CREATE TRIGGER addendum_search_add AFTER INSERT ON addendum BEGIN {addendum_in} END",
    ]


_SEARCHABLE_ROW = "ROW.compartment = 'progress' AND ROW.status <> 'retracted'"
