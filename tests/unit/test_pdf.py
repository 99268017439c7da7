"""The PDF of a closure document: every word survives, nothing becomes markup, nothing is lost in silence."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pypdf import PdfReader

from lib.domain.closure import Audience, ClientHeader, DocumentDraft, Letterhead, Sentence, as_signed
from lib.domain.closure_charts import ChartSeries, charts_of
from lib.domain.draft_words import day
from lib.domain.measure_facts import ScorePoint
from lib.domain.record_extract import AgreedLevel, EpisodeFact
from lib.exchange import pdf
from lib.exchange.font_coverage import FONTS, is_drawable
from lib.exchange.pdf import _runs, chart_data, render_pdf, undrawable_letters
from lib.storage.document_values import chart_in, chart_out
from tests.unit.closure_record import EMPTY, FULL, phq, plan, rated, summary

HOSTILE = [
    "<script>alert(1)</script> & <b>bold</b> &amp; </w:t>",
    "#panic(1) $x^2$ *bold* _it_ @ref `raw` \\n \\u{41} ~ -- --- ...",
    "// comment /* x */ [a] {b} (c) = head - list + enum /term: x",
    "{{ client }} {% for x in y %} {# c #} {name} %s %d",
    '#read("/etc/passwd") #import "@preview/x:1.0.0" #sys.inputs',
    "it's \"quoted\" 'single' 1/2 -> <- http://example.org/?a=b&c=d",
    "Ελληνικά Жизнь ąęłő čšž ğış ﬁ office fluffy ñ ß Å",
    "tab\there nbsp\u00a0x line\nbreak",
    "ქართული Հայերեն አማርኛ ไทย",
    "她說：「你好，世界」。今天王小明来了吗？（是的；当然！）㐀",
    "彼女は「待って」と言った。ｶﾀｶﾅ ＡＢＣ～ ゔァ〆〒",
    "그녀는 기다려 달라고 말했다. ㄱㅏ 힣",
]


def _pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _saying(*lines: str) -> DocumentDraft:
    draft = summary(EMPTY)
    section = replace(draft.sections[0], sentences=tuple(Sentence(line, own_words=True) for line in lines))
    return replace(draft, sections=(section,))


@pytest.mark.parametrize("audience", tuple(Audience))
def test_the_text_of_the_pdf_holds_every_sentence_question_and_title(audience: Audience) -> None:
    draft = summary(FULL, audience)
    printed = _squeezed(re.sub(r"^.*DRAFT - not signed$|^.*Page \d+ of \d+$", "", _joined(draft), flags=re.M))
    for section in draft.sections:
        for text in (section.title, *section.asks, *(line.text for line in section.sentences)):
            assert _squeezed(text) in printed, text


def _joined(draft: DocumentDraft) -> str:
    return "\n".join(_pages(render_pdf(draft, charts_of(FULL))))


def test_the_plan_prints_every_sentence() -> None:
    printed = _squeezed("".join(_pages(render_pdf(plan(FULL)))))
    for section in plan(FULL).sections:
        assert all(_squeezed(line.text) in printed for line in section.sentences)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_stands(text: str) -> None:
    assert _squeezed(text) in _squeezed("".join(_pages(render_pdf(_saying(text)))))


def test_hostile_names_letterheads_and_titles_are_only_text() -> None:
    odd = '#panic() $x$ *a* <b> \\ "q" שלום'
    draft = replace(
        _saying("x"),
        title=odd,
        client=ClientHeader(odd, "#1*", None),
        practice=Letterhead(odd, ("a*b", "#c")),
        therapist=odd,
    )
    printed = _pages(render_pdf(draft))[0]
    assert printed.count('#panic() $x$ *a* <b> \\ "q"') >= 5


def test_right_to_left_words_keep_all_their_letters() -> None:
    text = "שלום אני בסדר לבד"
    printed = Counter("".join(_pages(render_pdf(_saying(text)))))
    assert all(printed[letter] >= count for letter, count in Counter(text.replace(" ", "")).items())
    assert undrawable_letters(_saying(text, "أنا بخير وحدي، شكرا")) == ()


def test_a_name_and_a_title_in_chinese_japanese_and_korean_stand_on_every_page_with_no_word_about_letters() -> None:
    name = "王小明 佐藤はな 김하늘"
    draft = replace(_saying("が", "각"), client=ClientHeader(name, "客-1"), practice=Letterhead("診療所"))
    printed = "".join(_pages(render_pdf(draft)))
    assert _squeezed(name) in _squeezed(printed) and "客-1" in printed and "診療所" in printed
    assert "typeface" not in printed and undrawable_letters(draft) == ()


def test_every_mark_of_east_asian_writing_can_be_set_and_not_only_looked_up() -> None:
    marks = "".join(chr(code) for block in ((0x3001, 0x3040), (0xFF01, 0xFFEF)) for code in range(*block))
    # The wave dash and the fullwidth tilde are one drawing, and halfwidth sound marks join the letter before them:
    # there the PDF says in its "ActualText" what stands on the page, and this reader does not read that.
    apart = [each for each in marks if not (unicodedata.category(each).startswith("M") or each in "～ﾞﾟ")]
    told = "".join(each for each in apart if is_drawable(each))
    assert len(told) > 200
    assert told in _squeezed("".join(_pages(render_pdf(_saying(told)))))


def test_a_word_longer_than_a_line_wraps_and_loses_nothing() -> None:
    word = "supercalifragilistic" * 30
    printed = "".join(_pages(render_pdf(_saying(word))))
    assert word in _squeezed(printed)
    # Some 130 letters fit between the margins; a word that ran off the page would stand on one line.
    assert max(len(line) for line in printed.splitlines()) < 150


def test_a_letter_no_font_has_is_told_and_printed_as_its_number() -> None:
    draft = _saying("𠀀 said 😀 bell\x07 null\x00 turned\u202e")
    printed = _pages(render_pdf(draft))[0]
    assert set(undrawable_letters(draft)) == {"𠀀", "😀", "\x07", "\x00", "\u202e"}
    for number in ("[U+20000]", "[U+1F600]", "[U+0007]", "[U+0000]", "[U+202E]"):
        assert number in printed
    assert "Letters this PDF has no typeface for" in printed


def test_a_document_all_of_whose_letters_can_be_drawn_tells_nothing_about_letters() -> None:
    assert undrawable_letters(summary(FULL)) == ()
    assert "typeface" not in "".join(_pages(render_pdf(summary(FULL))))


def test_the_shipped_fonts_cover_the_scripts_they_promise_and_carry_their_licence() -> None:
    for letter in "aéłğßΩЖאעع،پहবกაԱአ‘’“”–—…€×✓你好龥の゙ヲ、。「」：？한글ㄱ":
        assert is_drawable(letter), letter
    assert not is_drawable("😀")
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8").upper()
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 14_000_000


def test_name_and_code_stand_on_every_page_with_its_number() -> None:
    pages = _pages(render_pdf(_saying(*[f"Sentence number {index}." for index in range(160)])))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "Cleo Sample" in page and "SB-003" in page and "born 19 Sep 1978" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "DRAFT - not signed" in page


def test_a_summary_is_set_smaller_where_that_saves_a_page_and_not_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    spilling, short = (_saying(*[f"Sentence number {index}." for index in range(count)]) for count in (126, 80))
    fitted, kept = len(_pages(render_pdf(spilling))), render_pdf(short)
    monkeypatch.setattr(pdf, "CLOSE_SIZES", pdf.CLOSE_SIZES[:1])
    assert (fitted, len(_pages(render_pdf(spilling)))) == (2, 3)
    assert kept == render_pdf(short), "the largest letters of as few pages"


@pytest.mark.parametrize(("course", "is_under"), [((16, 14, 12), True), ((16, 12, 4), False), ((3, 3, 3), False)])
def test_the_words_beside_a_cut_off_stand_where_the_scores_do_not_run(course: tuple[int, ...], is_under: bool) -> None:
    (chart,) = charts_of(replace(EMPTY, scales=(phq(list(course)),)))
    drawn = chart_data(chart, lambda text: text)
    assert drawn["cutoff"]["is_under"] is is_under


def test_the_pdf_is_tagged_titled_and_has_every_font_embedded() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(summary(FULL), charts_of(FULL))))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en"
    assert "Closure summary" in str(reader.metadata.title) and "SB-003" in str(reader.metadata.title)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_headings_are_real_and_charts_say_in_words_what_they_draw() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(summary(FULL), charts_of(FULL))))
    tags, alts = _structure(reader.trailer["/Root"]["/StructTreeRoot"])
    assert tags["/H1"] >= 12 or tags["/H2"] >= 12
    assert tags["/Figure"] == len(charts_of(FULL)) == 2
    assert any("17" in alt and "21 Jan 2025" in alt for alt in alts)


def _structure(node: object) -> tuple[Counter[str], list[str]]:
    """Every tag of the structure tree with its count, and every alternative text."""
    tags: Counter[str] = Counter()
    alts: list[str] = []
    todo = [node]
    while todo:
        here = todo.pop()
        here = here.get_object() if hasattr(here, "get_object") else here
        if isinstance(here, list):
            todo.extend(here)
        elif isinstance(here, dict):
            tags[str(here.get("/S"))] += 1
            alts += [str(here["/Alt"])] if "/Alt" in here else []
            todo += [here["/K"]] if "/K" in here else []
    return tags, alts


def test_only_the_file_prints_numbered_sources() -> None:
    assert "[1] Event, 14 Jan 2025: Episode 1 began" in _joined(summary(FULL))
    assert _squeezed("Note, 16 Sep 2026: Told Ben she was struggling.") in _squeezed(_joined(summary(FULL)))
    for audience in (Audience.REFERRER, Audience.CLIENT):
        assert "Episode 1 began" not in _joined(summary(FULL, audience))


def test_a_document_signed_between_two_seconds_and_far_from_greenwich_is_made() -> None:
    at = datetime(2026, 11, 24, 9, 5, 7, 638283, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert render_pdf(as_signed(summary(FULL), "Dr Lark", at, "I wrote this.")).startswith(b"%PDF-")


def test_a_signed_document_says_by_whom_and_asks_nothing() -> None:
    at = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
    signed = as_signed(summary(FULL), "Dr Lark", at, "I wrote this.")
    printed = "".join(_pages(render_pdf(signed)))
    assert "Signed by Dr Lark, 22 Nov 2026, 14:03 UTC." in printed
    assert signed.content_sha256 in _squeezed(printed)
    assert "DRAFT" not in printed and "Still to answer" not in printed
    assert "Nothing recorded." in printed


def test_a_document_with_no_letterhead_no_therapist_and_no_birthday_is_still_printed() -> None:
    bare = replace(summary(EMPTY), practice=Letterhead(""), therapist="", client=ClientHeader("", "007"))
    printed = _pages(render_pdf(bare))[0]
    assert "007 · name not on record" in printed and " · 007" not in printed


def test_the_same_document_is_the_same_bytes() -> None:
    assert render_pdf(summary(FULL), charts_of(FULL)) == render_pdf(summary(FULL), charts_of(FULL))


# --- charts ----------------------------------------------------------------------------------------


def test_one_value_draws_no_chart() -> None:
    assert charts_of(replace(EMPTY, scales=(phq([14]),), ratings=rated([2, None]))) == ()


def test_a_chart_tells_a_rating_without_evidence_as_such() -> None:
    (chart,) = charts_of(replace(EMPTY, ratings=rated([1, None, 3])))
    assert "not enough evidence" in chart.alt
    assert [value for _, value in chart.points] == [1, None, 3]


def test_a_chart_draws_the_end_of_therapy_the_check_ins_after_it_and_the_agreed_level_and_says_so() -> None:
    scale = phq([14, 6])
    ended_on = scale.points[-1].taken_on + timedelta(days=7)
    record = replace(
        EMPTY,
        scales=(replace(scale, measure="phq9.total"),),
        episode=EpisodeFact(1, 1, scale.points[0].taken_on, ended_on),
        agreed_level=AgreedLevel(1, ended_on, scale.name, 11),
        check_in_scores={"phq9.total": (ScorePoint(9, ended_on + timedelta(days=30), 12.0),)},
    )
    (chart,) = charts_of(record)
    checked_on = day(ended_on + timedelta(days=30))
    assert chart.alt.endswith(
        f"Therapy ended {day(ended_on)}. Check-ins after it: {checked_on}: 12. Agreed as “get in touch”: 11."
    )
    printed = _squeezed("".join(_pages(render_pdf(summary(record), (chart,)))))
    for words in ("therapy ended", "check-in after it", "get in touch 11", checked_on):
        assert _squeezed(words) in printed
    assert chart_in(chart_out(chart)) == chart


def test_a_marker_s_chart_draws_the_end_of_therapy_as_a_measure_s_does() -> None:
    ratings = rated([1, None, 3])
    ended_on = ratings[-1].rated_on + timedelta(days=14)
    ended = EpisodeFact(1, 1, ratings[0].rated_on, ended_on)
    for episode, told in ((ended, True), (replace(ended, ended_on=None), False), (None, False)):
        record = replace(EMPTY, ratings=ratings, episode=episode)
        (chart,) = charts_of(record)
        assert chart.alt.endswith(f"Therapy ended {day(ended_on)}.") is told
        drawn = chart_data(chart, str)
        assert (drawn["ended"] is not None, "| therapy ended" in drawn["note"]) == (told, told)
    (chart,) = charts_of(replace(EMPTY, ratings=ratings, episode=ended))
    assert chart_data(chart, str)["ended"] == 1.0 and chart_data(chart, str)["unrated"] == [28 / 70]
    printed = _squeezed("".join(_pages(render_pdf(summary(EMPTY), (chart,)))))
    assert _squeezed("| therapy ended") in printed


def test_a_chart_kept_before_check_ins_were_drawn_is_still_read() -> None:
    (chart,) = charts_of(replace(EMPTY, scales=(phq([14, 6]),)))
    older = {name: value for name, value in chart_out(chart).items() if name not in ("after", "ended_on", "level")}
    assert chart_in(older) == replace(chart, ended_on=None)


def test_a_line_is_left_open_over_a_long_gap_and_over_a_missing_rating() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 20), date(2026, 6, 1), date(2026, 6, 20)]
    assert [len(run) for run in _runs(list(zip(days, [1.0, 2.0, 3.0, 4.0], strict=True)), 120)] == [2, 2]
    assert [len(run) for run in _runs(list(zip(days, [1.0, None, 3.0, 4.0], strict=True)), 400)] == [1, 2]
    assert _runs([(days[0], None)], 120) == []


def test_a_chart_of_equal_values_on_one_day_is_drawn() -> None:
    day = date(2026, 1, 1)
    flat = ChartSeries("outcome_measures", "Flat", "Flat, 3 and 3.", ((day, 3.0), (day, 3.0)), 3, 3)
    assert render_pdf(summary(EMPTY), (flat,)).startswith(b"%PDF")
