"""The directions and habits of the house, held by plain reading of the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("domain", "storage", "exchange", "services", "ui", "commands")
# what each floor may import of the house
MAY_IMPORT = {
    "domain": {"domain"},
    "storage": {"storage", "domain"},
    "exchange": {"exchange", "domain"},
    "services": {"services", "storage", "exchange", "domain"},
    "ui": {"ui", "bootstrap", "services", "storage", "exchange", "domain"},
    "commands": {"commands", "bootstrap", "services", "storage", "exchange", "domain"},
    "pages": {"ui", "services", "domain"},
}
NOT_BELOW_UI = {"streamlit"}
NOT_IN_DOMAIN = {"sqlalchemy", "pandas", "openpyxl", "docx", "typst", "os", "pathlib", "sqlite3", "time"}
PAGES = sorted((ROOT / "pages").rglob("*.py"))


def python_files(*folders: str) -> list[Path]:
    """Every source file below these folders, migrations apart: they are history."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


def tree_of(path: Path) -> ast.Module:
    """The parsed source."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(tree: ast.AST) -> Iterator[str]:
    """Every module named by an import, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "lib":
                yield from (f"lib.{alias.name}" for alias in node.names)


def house_floor(module: str) -> str | None:
    """The floor a module of the house belongs to; None for everything else."""
    parts = module.split(".")
    return parts[1] if parts[0] == "lib" and len(parts) > 1 else None


@pytest.mark.parametrize("floor", [*FLOORS, "pages"])
def test_a_floor_imports_only_what_lies_below_it(floor: str) -> None:
    """pages -> ui, services, domain; ui | commands -> bootstrap -> services -> storage | exchange -> domain."""
    folder = floor if floor == "pages" else f"lib/{floor}"
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files(folder)
        for module in imported_modules(tree_of(path))
        if (target := house_floor(module)) is not None and target not in MAY_IMPORT[floor]
    ]
    assert wrong == []


def test_streamlit_is_drawn_only_on_the_top_floor() -> None:
    below = python_files("lib/domain", "lib/storage", "lib/exchange", "lib/services", "lib/commands")
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in [*below, ROOT / "lib/bootstrap.py"]
        for module in imported_modules(tree_of(path))
        if module.split(".")[0] in NOT_BELOW_UI
    ]
    assert wrong == []


def test_the_domain_touches_no_database_no_file_and_no_clock() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files("lib/domain")
        for module in imported_modules(tree_of(path))
        if module.split(".")[0] in NOT_IN_DOMAIN
    ]
    assert wrong == []


def test_only_the_edges_read_the_clock_and_only_bootstrap_the_environment() -> None:
    """`now` and `today` are arguments; the wall clock is read by bootstrap for screens and commands."""
    wrong = []
    for path in python_files("lib/domain", "lib/storage", "lib/exchange", "lib/services", "pages"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}:
                owner = ast.unparse(node.value)
                if owner in {"datetime", "date", "datetime.datetime", "datetime.date"}:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {owner}.{node.attr}")
    for path in [*python_files("lib", "pages")]:
        if path == ROOT / "lib/bootstrap.py":
            continue
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno} reads the environment"
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
        ]
    assert wrong == []


def test_no_page_lies_directly_under_pages() -> None:
    """Such a page is reachable without the door on a fresh server."""
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == []
    assert PAGES, "there are pages"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_first_statement_of_every_page_is_the_gate(page: Path) -> None:
    """After the docstring and the imports comes `actor = gate.require(Permission.X)` and nothing before it."""
    body = tree_of(page).body
    assert isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant), "first line says what it is for"
    statements = [node for node in body[1:] if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert ast.unparse(statements[0]).startswith("actor = gate.require(Permission.")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_is_thin(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 60


def test_nothing_about_people_is_cached_across_users() -> None:
    """`st.cache_data` is shared by all users, and hashes a sample only; nothing persists in caches."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in python_files("lib", "pages")
        if "cache_data" in (text := path.read_text(encoding="utf-8")) or "persist=" in text
    ]
    assert wrong == []


def test_no_markup_from_data() -> None:
    """`unsafe_allow_html` would let a note's text become markup."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in python_files("lib", "pages")
        if "unsafe_allow" in path.read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_nothing_is_drawn_inside_a_transaction() -> None:
    """st.rerun and st.stop are BaseExceptions: inside a unit of work they would roll it back in silence."""
    wrong = []
    for path in python_files("lib/ui", "pages"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.With) and any(_opens_a_transaction(item) for item in node.items):
                wrong += [
                    f"{path.relative_to(ROOT)}:{inner.lineno}"
                    for statement in node.body
                    for inner in ast.walk(statement)
                    if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "st"
                ]
    assert wrong == []


def test_no_form_that_holds_a_persons_words_is_cleared_as_it_is_sent() -> None:
    """Cleared before the server has answered, words that are refused or never arrive would be gone."""
    cleared = {
        path.name
        for path in python_files("lib/ui", "pages")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword) and node.arg == "clear_on_submit"
    }
    only_passwords_codes_and_files = {
        "account_forms.py", "instrument_forms.py", "practice_people.py", "turn_round_screen.py",
    }  # fmt: skip
    assert cleared == only_passwords_codes_and_files


def _opens_a_transaction(item: ast.withitem) -> bool:
    return ast.unparse(item.context_expr).endswith((".reading()", ".writing()"))


def test_every_file_says_what_it_is_for_and_stays_readable() -> None:
    long, silent = [], []
    for path in python_files("lib", "pages"):
        tree = tree_of(path)
        if ast.get_docstring(tree) is None:
            silent.append(str(path.relative_to(ROOT)))
        if len(path.read_text(encoding="utf-8").splitlines()) > 300:
            long.append(str(path.relative_to(ROOT)))
    assert silent == []
    assert long == []


def test_no_error_is_swallowed_whole() -> None:
    """A failed query shown as "0 clients" is a lie: what catches everything raises again, or logs it under an id."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("lib", "pages")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and not isinstance(node.body[-1], ast.Raise)
        and not any(told in ast.unparse(node) for told in ("log_under_an_id(", "_unforeseen(", "show_unexpected("))
    ]
    assert wrong == []


def test_the_private_folder_is_ignored_and_lib_is_not() -> None:
    """GitHub's standard Python .gitignore contains `lib/`: ours must not."""
    rules = [line.strip() for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()]
    assert "data/private/*" in rules
    assert not {"lib/", "lib", "/lib"} & set(rules)
