"""Files that must be refused, as other people make them."""

from __future__ import annotations

from datetime import date

from tests.integration.import_material import ANSWERS, CELLS, ECR_RS, TOMORROW, Bad, document, said, spread
from tests.integration.terminal import LONG, NOTES, PHQ9, RATINGS, TOTALS, phq9, sheet
from tests.unit.exchange_material import workbook, zipped

BAD = [
    *(
        Bad(
            f"the answer {answer!r}",
            sheet(PHQ9, phq9("007"), phq9(answers=f"1,1,{answer},1,1,1,1,1,0")),
            ((3, "item_3"),),
        )
        for answer in ("4", "-1", "NaN", "inf", "1.5", "３", "+1", "1e0", "9", "N/A", "=1", "-0")
    ),
    *(
        Bad(f"the date {day!r}", sheet(PHQ9, phq9("007"), phq9(day=day)), ((3, "date"),))
        for day in ("2026-02-30", TOMORROW, "1975-01-01", "2024-12-31", "46027", "05/01/26", "soon", "")
    ),
    *(
        Bad(f"the rating {level!r}", sheet(RATINGS, f"A-1,2026-01-05,trust,{level}"), ((2, "level"),), "markers")
        for level in ("5", "-1", "2.5", "", "high")
    ),
    *(
        Bad(f"the score {score!r}", sheet(TOTALS, f'A-1,2026-01-05,BDI-II,"{score}"'), ((2, "score"),))
        for score in ("64", "-3", "NaN", "1,000", "１２", "1e999")
    ),
    Bad("dates that could be either", sheet(PHQ9, phq9(day="05/01/2026")), ((None, "date"),), says="--date-format"),
    Bad(
        "dates that contradict each other",
        sheet(PHQ9, phq9(day="31/01/2026"), phq9("NA", "01/31/2026")),
        ((2, "date"), (3, "date")),
    ),
    Bad("a wrong total", sheet(PHQ9 + ",total", phq9() + ",9"), ((2, "total"),)),
    Bad("a short and a long row", sheet(PHQ9, "A-1,2026-01-05,PHQ-9,1", phq9() + ",1"), ((2, ""), (3, ""))),
    Bad("a header twice", sheet(PHQ9 + ",Item 1", phq9() + ",1"), says="twice"),
    Bad("a column nobody knows", sheet(PHQ9 + ",remarks", phq9() + ",x"), ((None, "remarks"),)),
    Bad("a second header row", sheet(PHQ9, phq9(), PHQ9), ((3, "instrument"),)),
    Bad("items counted from nought", sheet("client,date,phq9_0,phq9_1", "A-1,2026-01-05,1,1"), says="phq9_0"),
    Bad("a ninth answer to seven items", sheet(PHQ9, phq9().replace("PHQ-9", "GAD-7")), ((2, "item_8"),)),
    Bad(
        "the same form with two contents",
        sheet(PHQ9, phq9(), phq9(answers="2,2,2,2,2,2,2,2,2")),
        ((2, "client"), (3, "client")),
    ),
    Bad(
        "one answer twice in a long sheet",
        sheet(LONG, *ANSWERS, "A-1,2026-01-05,PHQ-9,9,2"),
        ((10, "answer"), (11, "answer")),
    ),
    Bad(
        "a target the form does not know",
        sheet(ECR_RS, "A-1,2026-01-05,ECR-RS,boss,1,2,3,4,5,6,7,1,2"),
        ((2, "target"),),
    ),
    Bad("a code that would run", sheet(PHQ9, phq9("=cmd|x")), ((2, "client"),), options=("--create-clients",)),
    Bad(
        "a code with an unseen letter", sheet(PHQ9, phq9("A\u200b-1")), ((2, "client"),), options=("--create-clients",)
    ),
    Bad("a code that lost its noughts", sheet(PHQ9, phq9("7")), ((2, "client"),)),
    Bad("a NUL in a note", sheet(NOTES, "A-1,2026-01-05,wo\0rds"), ((2, "text"),), "notes"),
    Bad("an unquoted comma in a note", sheet(NOTES, "A-1,2026-01-05,badly, tired"), ((2, ""),), "notes"),
    Bad("a quotation mark left open", PHQ9 + '\n"A-1,2026-01-05', says="quotation marks"),
    Bad("an encoding not said", sheet(NOTES, "A-1,2026-01-05,müde").encode("latin-1"), (), "notes", says="--encoding"),
    Bad("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", says="PDF"),
    Bad(
        "an encrypted workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        file="a.xlsx",
        says="password",
    ),
    Bad(
        "macros",
        zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>", "xl/vbaProject.bin": "x"}),
        file="a.xlsm",
        says="macros",
    ),
    Bad(
        "a document that declares entities",
        zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        (),
        "notes",
        "A-1_2026-01-05.docx",
        says="DOCTYPE",
    ),
    Bad(
        "a small archive that grows",
        zipped({"A-1_2026-01-05.txt": b"0" * 30_000_000}),
        (),
        "notes",
        "n.zip",
        says="100 times",
    ),
    Bad(
        "one that grows inside another",
        zipped({"A-1_2026-01-05.docx": document(said("A" * 20_000_000))}),
        ((1, ""),),
        "notes",
        "n.zip",
    ),
    Bad("a name that leads outside", zipped({"../A-1_2026-01-05.txt": "x"}), (), "notes", "n.zip", says="outside"),
    Bad(
        "an archive inside an archive",
        zipped({"A-1_2026-01-05.txt": "x", "more.zip": zipped({"a": "b"})}),
        ((2, ""),),
        "notes",
        "n.zip",
    ),
    Bad(
        "a formula without its result",
        workbook([CELLS, spread("=1+1", 1, 1, 1, 1, 1, 1, 1, 0)]),
        ((2, "item_1"),),
        file="a.xlsx",
    ),
    Bad(
        "real dates beside text dates",
        workbook([CELLS, spread(), spread(client="NA", day="13/01/2026")]),
        ((2, "date"),),
        file="a.xlsx",
    ),
    Bad("a day count for a date", workbook([CELLS, spread(day=46027)]), ((2, "date"),), file="a.xlsx"),
    Bad(
        "a code turned into a date",
        workbook([CELLS, spread(client=date(2026, 3, 1))]),
        ((2, "client"),),
        file="a.xlsx",
        options=("--create-clients",),
    ),
    Bad("nothing but a header", sheet(PHQ9), says="no rows"),
    Bad("nothing", b"", says="empty"),
    Bad("nothing but answers left out", sheet(PHQ9, phq9(answers=",,,,,,,,")), ((None, ""),)),
]
