"""Exports in Japanese: the words around quotes and facts are Japanese, what comes from a work stays as it is."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest

from askjapan.citations.export import export_answers, export_matrix_docx
from askjapan.citations.export.draft import draft_csv, draft_markdown
from askjapan.citations.export.matrix import matrix_csv, matrix_markdown, matrix_text, matrix_xlsx
from askjapan.citations.labels import labels, language_of
from askjapan.citations.render import to_plain, to_text
from askjapan.findings import CheckedQuotation, Difference, DraftCheck, Matrix, MatrixRow, QuotationPlace
from askjapan.records import Answer, Sentence, Written, WrittenSentence
from askjapan.sayings import Saying
from tests.support.cited_works import answer, cite, hit, quoted, work

QUESTION = "青葉に埠頭はいくつありますか"
NOTE = work("quays-note", title="Quays and Ships", kind="study note", venue="")
PAGED = cite(work(), page=4, page_label="12", offsets="page", recognised=True, unconfirmed=("5", "6"))
OF_NOTE = cite(NOTE, "青葉には埠頭が五つある。", marker=2, locator="§3,Table1", section="要旨")
WHY = Saying.of("not_in_this_work", question=QUESTION)
FRAMED = Sentence("told in English", "framing", saying=Saying.of("opinion"))
MODEL = Written("gpt", (WrittenSentence("五つ。", (1,), True), WrittenSentence("九つ。", (1,), False, ("九つ",))), "")
FULL = answer(
    FRAMED,
    quoted(PAGED),
    quoted(OF_NOTE),
    hits=[hit(work()), hit(NOTE)],
    question=QUESTION,
    standalone_question=f"{QUESTION}（2011年）",
    written=MODEL,
    inherited=(PAGED.quote_sha256,),
)
REFUSED = replace(
    FULL, answered=False, reason="told in English", saying=WHY, standalone_question=QUESTION, sentences=(), written=None
)
# What comes from the works, and names of programs, files and fields.
DATA = (
    r"Aoba has five quays\.|Quays and Ships|Mika|Aoki|Aoba Institute Working Paper 01\.07|Aoba Institute|2\. The Port|SHA-256|OCR|gpt"
    r"|askjapan(?: (?:ask|verify|export))?|--json|answer\.json|[a-f0-9]{8,}|draft\.md|CSV|quays-note|quays|ID"
)


def english(text: str) -> list[str]:
    """The words of a text in Latin letters that are no data."""
    return re.findall(r"[A-Za-z]{2,}", re.sub(DATA, "", text.replace("<br>", "")))


@pytest.mark.parametrize("turns", [[FULL], [FULL, REFUSED]], ids=["answer", "conversation"])
def test_markdown_has_no_english_around_the_quotes(turns: list[Answer]) -> None:
    text = str(export_answers(turns, "markdown", language="ja"))
    assert english(text) == []
    assert "次の質問として調べました：*青葉に埠頭はいくつありますか（2011年）*" in text
    assert "> Aoba has five quays.[^1]" in text
    assert "青葉には埠頭が五つある。[^2]（研究ノート：Aoki、§3、表1）" in text
    assert "~~九つ。~~[^1]（引用に裏づけがありません。引用にない語：九つ）" in text
    assert (
        "12ページ（ファイルの4ページ目）、§ 2. The Port、文字認識（OCR）による読み取り、二度目の読み取りで確認できなかった数値：5、6"
        in text
    )
    assert ("# 会話" in text) == (len(turns) > 1)
    assert ("**結果：登録文献に答えは見つかりませんでした。** この文献には" in text) == (len(turns) > 1)


def words_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as file:
        parts = [file.read(name).decode("utf-8") for name in ("word/document.xml", "word/footnotes.xml")]
    return " ".join(unescape(found) for part in parts for found in re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", part))


def test_word_and_rich_text() -> None:
    text = words_of(export_answers([FULL, REFUSED], "docx", "japanese", "ja"))  # type: ignore[arg-type]
    assert english(text) == []
    assert "会話" in text
    assert "参考文献" in text
    assert "（研究ノート：Aoki、§3、表1）" in text
    html = str(export_answers([FULL], "html", "japanese", "ja"))
    assert english(re.sub(r"<[^>]+>", " ", html)) == []
    assert "<h2>参考文献</h2>" in html


@pytest.mark.parametrize("form", ["pandoc", "zotero", "bibtex", "csl", "ris"])
def test_forms_for_other_programs_keep_their_syntax_alone(form: str) -> None:
    text = unquote(str(export_answers([FULL], form, language="ja")))
    told = {
        "pandoc": "青葉には埠頭が五つある。（研究ノート：Aoki、§3、表1） [@aoki2011quaysnote, {§ 要旨、原著：§3、表1}]",
        "zotero": "Mika Aoki、2011、12ページ",
        "bibtex": "原著そのものではなく、原著についての研究ノートです。 § 要旨、原著：§3、表1：青葉には埠頭が五つある。 ファイルのSHA-256：",
        "csl": '"genre": "研究ノート"',
        "ris": "TI  - 研究ノート：Mika Aoki, Quays and Ships (2011)",
    }
    assert told[form] in text
    assert not re.search(r"[Ss]tudy note|in the work|File SHA|told in English", text)


def test_an_answer_that_is_copied() -> None:
    assert english(to_text(FULL, language="ja")) == []
    assert "[2] 研究ノート：Mika Aoki, Quays and Ships (2011)、§3、表1 – 要旨、本文の100–120文字目" in to_text(
        FULL, language="ja"
    )
    assert english(to_text(REFUSED, language="ja")) == []
    assert english(to_plain(FULL, "ja")) == []


MATRIX = Matrix((QUESTION,), (MatrixRow(work(), (FULL,)), MatrixRow(NOTE, (REFUSED,))), "f00d")


def test_a_matrix() -> None:
    for made in (matrix_markdown(MATRIX, "ja"), matrix_csv(MATRIX, "ja"), matrix_text(MATRIX, "ja")):
        assert english(made) == []
        assert "この文献には見当たりません" in made
    assert matrix_csv(MATRIX, "ja").startswith(f"\ufeff文献ID,文献,{QUESTION},箇所,答えがある確率\r\n")
    assert english(words_of(export_matrix_docx(MATRIX, "japanese", "ja"))) == []
    with zipfile.ZipFile(io.BytesIO(matrix_xlsx(MATRIX, "ja"))) as book:
        assert 'name="文献の比較"' in book.read("xl/workbook.xml").decode("utf-8")


def test_a_draft() -> None:
    place = QuotationPlace("quays", "Quays and Ships", "2. The Port", 4, "12", 1, 9, "five quays")
    one = CheckedQuotation("six quays", "quotation", 3, "altered", "11", (place,), (Difference("six", ""),), 0.9, None)
    check = DraftCheck("draft.md", (one, replace(one, kind="term", status="not found")), "f00d")
    assert draft_csv(check, "ja").split("\r\n")[:2] == [
        "\ufeff行,結果,引用文,記載ページ,箇所,相違点",
        "3,相違あり,six quays,11,Quays and Ships、12ページ、§ 2. The Port,six → （なし）",
    ]
    text = draft_markdown(check, "ja")
    assert text.startswith(
        "# 引用の確認：draft.md\n\n引用1件（相違あり1件）。 引用符付きの短い語句のうち1件は、どの文献にもありません。\n"
    )
    assert draft_markdown(replace(check, draft="")).startswith("# Quotations\n\n1 quotation: 1 altered. 1 short expression in")


def test_where_nobody_chose_a_language_the_questions_decide() -> None:
    assert [language_of(asked) for asked in ([QUESTION], [QUESTION, "Why?"], ["Why?"], [])] == ["ja", "en", "en", "en"]
    assert "# 会話" in str(export_answers([FULL, REFUSED], "markdown"))
    assert "# Conversation" in str(export_answers([FULL, replace(REFUSED, question="Why?")], "markdown"))
    assert json.loads(str(export_answers([replace(FULL, question="Why?")], "csl")))[1]["genre"] == "Study note"
    assert labels("fr").language == "en"
