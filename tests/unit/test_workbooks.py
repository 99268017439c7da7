"""XLSX: dates, formulas, merged cells, hidden sheets are told; bombs, macros, encryption and DOCTYPE are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest

from lib.domain.errors import ImportProblem
from lib.exchange.read_options import ReadOptions
from tests.unit.exchange_material import PHQ9_HEADER, TODAY, rules, scores, workbook, zipped

HEADER = PHQ9_HEADER.split(",")
ROW = ["A", "2026-01-05", "PHQ-9", 0, 1, 2, 3, 0, 0, 0, 0, 0]
SHEET = "xl/worksheets/sheet1.xml"


def xlsx(*rows: list[object], edit: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    """A workbook of the header and these rows, changed by `edit` before it is saved."""
    book = openpyxl.load_workbook(io.BytesIO(workbook([HEADER, *rows])))
    if edit:
        edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(data: bytes, **parts: bytes | str) -> bytes:
    """The workbook with parts replaced or added; `__` in a name stands for a slash, `_dot_` for a point."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        contents: dict[str, bytes | str] = {name: package.read(name) for name in package.namelist()}
    contents |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return zipped(contents)


def one_cell(attributes: str, value: str) -> str:
    """A sheet of a single cell."""
    return f'<worksheet><sheetData><row r="1"><c {attributes}><v>{value}</v></c></row></sheetData></worksheet>'


def read(data: bytes, name: str = "scores.xlsx", **options: str):
    return scores(data, ReadOptions(today=TODAY, **options), name)  # type: ignore[arg-type]


def test_a_workbook_is_read_like_a_csv():
    parsed = read(xlsx(ROW))
    assert parsed.administrations[0].answers["phq9_4"] == 3
    assert "XLSX, sheet 'Scores'" in parsed.recognised


def test_a_workbook_called_csv_is_recognised_by_content_and_said():
    parsed = read(xlsx(ROW), name="scores.csv")
    assert len(parsed.administrations) == 1
    assert any("XLSX workbook, whatever its name says" in warning for warning in parsed.warnings)


@pytest.mark.parametrize("day", [date(2026, 1, 5), datetime(2026, 1, 5, 14, 30), "2026-01-05"])
def test_a_real_date_cell_is_a_date(day):
    assert read(xlsx(["A", day, *ROW[2:]])).administrations[0].taken_on == date(2026, 1, 5)


def test_the_day_count_of_1904_workbooks_is_read_from_1904():
    def from_1904(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    data = xlsx(["A", date(2026, 1, 5), *ROW[2:]], edit=from_1904)
    assert read(data).administrations[0].taken_on == date(2026, 1, 5)


def test_a_bare_day_count_is_no_date():
    assert "day count" in rules(read(xlsx(["A", 46027, *ROW[2:]])))


def test_real_and_text_dates_in_one_column_may_have_been_swapped_and_are_refused():
    parsed = read(xlsx(["A", date(2026, 5, 1), *ROW[2:]], ["B", "13/01/2026", *ROW[2:]]))
    assert parsed.administrations == ()
    assert "exchanged day and month" in rules(parsed)


def test_codes_keep_the_zeros_a_format_shows_and_whole_numbers_gain_nothing():
    def padded(book: openpyxl.Workbook) -> None:
        book.active["A2"].number_format = "000"

    assert read(xlsx([7, *ROW[1:]], edit=padded)).administrations[0].client_code == "007"
    assert read(xlsx([7, *ROW[1:]])).administrations[0].client_code == "7"


@pytest.mark.parametrize("code", [12345678901234567890, date(2026, 3, 7)])
def test_a_code_the_spreadsheet_has_damaged_is_a_problem(code):
    assert read(xlsx([code, *ROW[1:]])).bad_rows == (2,)


def test_a_formula_without_its_result_is_a_problem_and_with_it_is_read_and_said():
    without = xlsx([*ROW[:3], "=1+1", *ROW[4:]])
    assert "stored result" in rules(read(without))
    with zipfile.ZipFile(io.BytesIO(without)) as package:
        sheet = package.read(SHEET).replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(b"<v></v>", b"<v>2</v>")
    parsed = read(repacked(without, xl__worksheets__sheet1_dot_xml=sheet))
    assert parsed.administrations[0].answers["phq9_1"] == 2
    assert "1 cells are formulas; their stored results were read." in parsed.warnings


def test_an_error_cell_is_a_problem():
    parsed = read(xlsx([*ROW[:3], "#N/A", *ROW[4:]]))
    assert (parsed.problems[0].column, parsed.problems[0].value) == ("item_1", "#N/A")


def test_merged_cells_are_a_problem_on_every_row_they_cover():
    parsed = read(xlsx(ROW, ["B", *ROW[1:]], ["C", *ROW[1:]], edit=lambda book: book.active.merge_cells("B2:B3")))
    assert [form.client_code for form in parsed.administrations] == ["C"]
    assert parsed.bad_rows == (2, 3)


def test_a_missing_cell_is_a_missing_answer_and_a_cell_beyond_the_header_a_problem():
    parsed = read(xlsx(ROW[:-1], ["B", *ROW[1:], "x"]))
    assert parsed.administrations[0].answers["phq9_9"] is None
    assert parsed.bad_rows == (3,)


def test_true_and_false_are_no_answers():
    assert read(xlsx([*ROW[:3], True, *ROW[4:]])).bad_rows == (2,)


def with_cover(book: openpyxl.Workbook) -> None:
    """Put a cover sheet before the data."""
    book.create_sheet("Cover", 0).append(["client", "date", "Hello"])
    book["Cover"].append(["x", "y", "z"])


def test_the_first_sheet_is_used_and_the_others_are_named():
    parsed = read(xlsx(ROW, edit=lambda book: book.create_sheet("More")))
    assert any("Only the sheet 'Scores' was read; not read: 'More'" in warning for warning in parsed.warnings)


def test_a_named_sheet_is_read_and_an_unknown_one_is_refused():
    assert len(read(xlsx(ROW, edit=with_cover), sheet="scores").administrations) == 1
    with pytest.raises(ImportProblem, match="no sheet 'Nope'"):
        read(xlsx(ROW), sheet="Nope")


def test_a_cover_sheet_in_front_names_the_other_sheets_in_its_refusal():
    with pytest.raises(ImportProblem, match="not read: 'Scores'"):
        read(xlsx(ROW, edit=with_cover))


def test_hidden_sheets_are_passed_over_and_hidden_rows_read_and_both_are_said():
    def hide(book: openpyxl.Workbook) -> None:
        with_cover(book)
        book["Cover"].sheet_state = "hidden"
        book["Scores"].row_dimensions[2].hidden = True

    parsed = read(xlsx(ROW, edit=hide))
    assert len(parsed.administrations) == 1
    assert any("'Cover' (hidden)" in warning for warning in parsed.warnings)
    assert any("1 hidden rows were read" in warning for warning in parsed.warnings)


def test_places_left_out_by_a_writer_are_counted():
    def row(*cells: str) -> str:
        inner = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
        return f"<row>{inner}</row>"

    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{row(*HEADER)}{row(*map(str, ROW))}</sheetData></worksheet>'
    assert len(read(repacked(xlsx(ROW), xl__worksheets__sheet1_dot_xml=sheet)).administrations) == 1


def test_characters_xml_cannot_hold_are_turned_back():
    data = xlsx(["A_x005F_x0041_", *ROW[1:]])
    assert read(data).administrations[0].client_code == "A_x0041_"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl__vbaProject_dot_bin": b"x"}, "macros"),
        (
            {"[Content_Types]_dot_xml": "<Types><Override ContentType='application/x.macroEnabled.12'/></Types>"},
            "macros",
        ),
        (
            {"xl__worksheets__sheet1_dot_xml": '<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'},
            "DOCTYPE or entities",
        ),
        ({"xl__workbook_dot_xml": "<!DOCTYPE a><workbook/>"}, "DOCTYPE or entities"),
        ({"xl__sharedStrings_dot_xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><sst/>'}, "DOCTYPE or entities"),
        ({"xl__worksheets__sheet1_dot_xml": "<worksheet><sheetData><row"}, "damaged"),
        ({"xl__worksheets__sheet1_dot_xml": "<a>" * 5_000 + "</a>" * 5_000}, "too deep"),
        (
            {"xl__worksheets__sheet1_dot_xml": one_cell('r="A1" t="s"', "999")},
            "damaged",
        ),
        (
            {"xl__worksheets__sheet1_dot_xml": one_cell('r="ZZZ1"', "1")},
            "damaged",
        ),
        ({"xl__worksheets__sheet1_dot_xml": "<worksheet><sheetData/></worksheet>"}, "is empty"),
        (
            {"xl__worksheets__sheet1_dot_xml": b"<worksheet><sheetData>" + b'<row r="1"/>' * 400_000},
            "more than 100 times",
        ),
    ],
)
def test_a_hostile_or_broken_workbook_is_refused_with_the_reason(parts, words):
    with pytest.raises(ImportProblem, match=words):
        read(repacked(xlsx(ROW), **parts))


def test_a_small_workbook_that_points_far_away_is_read_where_it_stands():
    with zipfile.ZipFile(io.BytesIO(xlsx(ROW))) as package:
        sheet = package.read(SHEET)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    sheet = sheet.replace(b"</sheetData>", far)
    parsed = read(repacked(xlsx(ROW), xl__worksheets__sheet1_dot_xml=sheet))
    assert parsed.bad_rows == (1_048_576,)


@pytest.mark.parametrize("cut", [30, 200, 1_000])
def test_a_truncated_workbook_is_refused(cut):
    with pytest.raises(ImportProblem, match="damaged"):
        read(xlsx(ROW)[:-cut])


def test_an_open_document_spreadsheet_and_a_plain_archive_are_no_table():
    with pytest.raises(ImportProblem, match="OpenDocument"):
        read(zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}))
    with pytest.raises(ImportProblem, match="no table"):
        read(zipped({"scores.csv": PHQ9_HEADER}))
