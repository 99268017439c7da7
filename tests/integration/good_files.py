"""Files that must come in, as other people make them."""

from __future__ import annotations

from tests.integration.import_material import ANSWERS, CELLS, ECR_RS, SIDE, Good, document, said, spread
from tests.integration.terminal import LONG, NOTES, PHQ9, RATINGS, phq9, sheet
from tests.unit.exchange_material import workbook, zipped

GOOD = [
    Good("wide with semicolons", sheet(PHQ9, phq9()).replace(",", ";"), 1),
    Good("wide with tabs", sheet(PHQ9, phq9()).replace(",", "\t"), 1, file="a.tsv"),
    Good("byte order mark", b"\xef\xbb\xbf" + sheet(PHQ9, phq9()).encode(), 1),
    Good(
        "UTF-16 as a spreadsheet exports it", sheet(PHQ9, phq9()).replace(",", "\t").encode("utf-16"), 1, file="a.txt"
    ),
    Good("mixed line ends", f"{PHQ9}\r\n{phq9()}\n{phq9('007')}\r{phq9('NA')}\r\n", 3),
    Good("numbers as a statistics program writes them", sheet(PHQ9, phq9(answers="0.0,1.0,2.0,3.0,0.0,0,0,0,0")), 1),
    Good("other spellings of the instrument", sheet(PHQ9, phq9().replace("PHQ-9", "phq9")), 1),
    Good("header with capitals and blanks", sheet(PHQ9.title().replace("_", " "), phq9()), 1),
    Good("a right total", sheet(PHQ9 + ",total", phq9() + ",8"), 1),
    Good("two instruments side by side", sheet(SIDE, "A-1,2026-01-05," + "1," * 9 + "2,2,2,2,2,2,2"), 1, keeps="gad7"),
    Good(
        "a form about one's mother", sheet(ECR_RS, "A-1,2026-01-05,ECR-RS,mother,1,2,3,4,5,6,7,1,2"), 1, keeps="mother"
    ),
    Good("trailing separators throughout", sheet(PHQ9 + ",", phq9() + ","), 1),
    Good("blank lines and lines of separators", sheet("", PHQ9, "", phq9(), "," * 11), 1),
    Good("a first line that names the separator", "sep=;\r\n" + sheet(PHQ9, phq9()).replace(",", ";"), 1),
    Good(
        "a proven order of dates", sheet(PHQ9, phq9(day="05/01/2026"), phq9("007", "31/01/2026")), 2, keeps="2026-01-05"
    ),
    Good(
        "a named order of dates",
        sheet(PHQ9, phq9(day="05/01/2026")),
        1,
        options=("--date-format", "m/d/y"),
        keeps="2026-05-01",
    ),
    Good("codes that look like numbers and gaps", sheet(PHQ9, phq9("007"), phq9("NA"), phq9("1e5")), 3),
    Good(
        "a named encoding",
        sheet(NOTES, "A-1,2026-01-05,müde").encode("latin-1"),
        1,
        "notes",
        options=("--encoding", "windows-1252"),
        keeps="müde",
    ),
    Good("long in any order", sheet(LONG, *reversed(ANSWERS)), 9),
    Good(
        "totals with a decimal comma",
        "client;date;instrument;score;scale\nA-1;2026-01-05;ECR-R;3,472;anxiety\n",
        1,
        keeps="3.472",
    ),
    Good(
        "ratings, one without enough evidence",
        sheet(RATINGS, "A-1,2026-01-05,trust,2", "A-1,2026-01-05,needs,NE"),
        2,
        "markers",
    ),
    Good(
        "a note with quotes, lines and other scripts",
        'client,date,text\nA-1,2026-01-05,"she said ""no""\nשלום 🙂"\n',
        1,
        "notes",
        keeps='she said "no"\nשלום 🙂',
    ),
    Good(
        "a note that looks like a formula",
        sheet(NOTES, "A-1,2026-01-05,=1+1 she wrote"),
        1,
        "notes",
        keeps="=1+1 she wrote",
    ),
    Good(
        "a note that looks like a page",
        sheet(NOTES, "A-1,2026-01-05,<script>x</script>"),
        1,
        "notes",
        keeps="<script>x</script>",
    ),
    Good(
        "a text file named for client and day",
        "S: slept badly",
        1,
        "notes",
        "A-1_2026-01-05_evening.txt",
        keeps="slept badly",
    ),
    Good(
        "deleted words of a document",
        document(said("k") + '<w:p><w:del w:author="X"><w:r><w:delText>never loved</w:delText></w:r></w:del></w:p>'),
        1,
        "notes",
        "A-1_2026-01-05.docx",
        keeps="[deleted by X: never loved]",
    ),
    Good(
        "words hidden by a style",
        document(
            said("k") + '<w:p><w:pPr><w:pStyle w:val="B"/></w:pPr><w:r><w:t>unseen</w:t></w:r></w:p>',
            styles='<w:style w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style>'
            '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>',
        ),
        1,
        "notes",
        "A-1_2026-01-05.docx",
        keeps="[hidden: unseen]",
    ),
    Good(
        "a table in a document",
        document(said("k") + f"<w:tbl><w:tr><w:tc>{said('left')}</w:tc><w:tc>{said('right')}</w:tc></w:tr></w:tbl>"),
        1,
        "notes",
        "A-1_2026-01-05.docx",
        keeps="left | right",
    ),
    Good(
        "an archive with a computer's own files",
        zipped({"n/A-1_2026-01-05.txt": "one", "__MACOSX/._x": "x", ".DS_Store": "x"}),
        1,
        "notes",
        "n.zip",
    ),
    Good(
        "a workbook with real dates",
        workbook([CELLS, spread(), spread(client="NA")]),
        2,
        file="a.xlsx",
        keeps="2026-01-05",
    ),
    Good("a workbook by another name", workbook([CELLS, spread()]), 1),
    Good("a text by a workbook's name", sheet(PHQ9, phq9()), 1, file="a.xlsx"),
]
