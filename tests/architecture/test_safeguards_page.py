"""The page of safeguards names modules and tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<promise>[^|]+) \| `(?P<module>[^`]+)` \| `(?P<test>test_[^`]+)` \|$")
ROWS = [
    found.groupdict()
    for line in (ROOT / "docs" / "safeguards.md").read_text(encoding="utf-8").splitlines()
    if (found := ROW.match(line))
]
TESTS = {
    node.name
    for path in (ROOT / "tests").rglob("test_*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
}


def test_the_page_holds_promises() -> None:
    assert len(ROWS) >= 50


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["promise"][:60])
def test_a_promise_names_its_module_and_its_test(row: dict[str, str]) -> None:
    assert (ROOT / row["module"]).is_file(), row["module"]
    assert row["test"] in TESTS, row["test"]
