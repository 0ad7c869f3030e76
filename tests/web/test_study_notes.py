"""Sentences of our own notes on the page: never in quotation marks, with whose they are, and their other language folded away."""

from __future__ import annotations

import re
from dataclasses import replace

from askjapan.language.quotation import fingerprint
from askjapan.records import Answer, Citation, Document, Parallel, Sentence
from askjapan.web.conversations.store import Turn
from askjapan.web.html.answers import answer_html, sources_html
from askjapan.web.source_pane.highlights import Mark
from askjapan.web.source_pane.text import document_html
from askjapan.web.words.translations import words

ENGLISH, JAPANESE = words("en"), words("ja")
TEXT = "Spending was 312 million yen in 1998."
TEXT_JA = "支出は1998年に3億1,200万円であった。"
NOTED = Citation(
    marker=1, document_id="lanterns-note", document_sha256="0" * 64, document_kind="study note", title="The Lantern Towns",
    authors=("Sachi Morikawa",), year=2006, path="lanterns.md", page=None, page_label=None, section="Findings and figures", start=0,
    end=len(TEXT), offsets="document", quote=TEXT, quote_sha256=fingerprint(TEXT), passage_id="p", locator="§2,AnnexTable",
    parallel=Parallel("lanterns-note-ja", "1" * 64, "lanterns.ja.md", "ja", TEXT_JA, 0, len(TEXT_JA)),
)  # fmt: skip
QUOTED = replace(
    NOTED, marker=2, document_id="lanterns", document_kind="full text", locator="", parallel=None, section="2. Money"
)
NOTE = Document(
    id="lanterns-note", title="T", authors=(), year=None, venue="", themes=(), kind="study note", language="en",
    path="lanterns.md", sha256="0" * 64, format="md", described_by="",
)  # fmt: skip


def turn(*sentences: Sentence) -> Turn:
    return Turn("t1", "c1", 0, Answer("How much?", "How much?", True, "", 0.9, sentences, (), "f" * 64))


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r'<span class="aj-card".*?</span></span></span>', "", html)).split())


def test_a_sentence_of_a_note_has_no_quotation_marks_and_says_whose_it_is() -> None:
    html = answer_html(turn(Sentence(TEXT, "quote", (NOTED,))), ENGLISH)
    assert "“" not in html
    assert "<blockquote" not in html
    assert f'<div class="aj-ours"><p>{TEXT}' in html
    assert '<span class="aj-whose">note on Morikawa, §2, Annex Table</span>' in html
    assert (
        '<details class="aj-parallel" lang="ja"><summary>In Japanese</summary><p>支出は1998年に3億1,200万円であった。</p></details>'
        in html
    )


def test_in_japanese_the_label_is_japanese() -> None:
    other = replace(NOTED, quote=TEXT_JA, locator="note14,¶3", parallel=replace(NOTED.parallel, language="en", text=TEXT))  # type: ignore[type-var]
    html = answer_html(turn(Sentence(TEXT_JA, "quote", (other,))), JAPANESE)
    assert '<span class="aj-whose">研究ノート（Morikawa、注14、第3段落）</span>' in html
    assert f'<details class="aj-parallel" lang="en"><summary>英語で読む</summary><p>{TEXT}</p></details>' in html


def test_the_works_own_words_stay_in_quotation_marks_under_the_companion() -> None:
    answer = turn(Sentence(TEXT_JA, "companion", (replace(NOTED, quote=TEXT_JA),)), Sentence(TEXT, "quote", (QUOTED,)))
    html = answer_html(answer, JAPANESE)
    assert html.index(f'<div class="aj-ours"><p>{TEXT_JA}') < html.index(f'<blockquote class="aj-quote"><p>“{TEXT}”')


def test_a_card_names_the_part_of_the_work() -> None:
    html = sources_html(turn(Sentence(TEXT, "quote", (NOTED,))), ENGLISH)
    assert f'<span class="aj-card-quote">{TEXT}</span>' in html
    assert '<span class="aj-card-place">§2, Annex Table · Findings and figures</span>' in html


def test_a_table_of_a_note_says_whose_it_is() -> None:
    header, row = (
        replace(NOTED, quote=quote, unit=unit, parallel=None) for quote, unit in (("Port\tBoats", "header"), ("Asahi\t61", "row"))
    )
    html = answer_html(turn(Sentence("Port\tBoats\nAsahi\t61", "quote", (header, row))), ENGLISH)  # type: ignore[arg-type]
    assert '<p> <span class="aj-whose">note on Morikawa, §2, Annex Table</span></p>' in html


def test_hostile_names_and_locators_are_escaped() -> None:
    bad = replace(NOTED, authors=("<b>X</b>",), locator="<i>1", parallel=replace(NOTED.parallel, language='"><s>', text="<u>"))  # type: ignore[type-var]
    html = answer_html(turn(Sentence(TEXT, "quote", (bad,))), ENGLISH)
    assert not {"<b>X", "<i>1", "<s>", "<u>"} & set(re.findall(r"<[bisu]>(?:X|1)?", html))


def test_the_pane_shows_the_part_of_the_work_and_not_the_marker() -> None:
    note = f"# Note\n\n{TEXT} [§2#f1]\n"
    html = document_html(note, NOTE, [], ENGLISH)
    assert f'{TEXT}<span class="aj-hash"> [§2#f1]</span><span class="aj-part" data-part="§2"></span>' in html
    assert "aj-part" not in document_html(note, replace(NOTE, kind="full text"), [], ENGLISH)


def test_several_sentences_have_one_fold_for_their_other_language_with_their_numbers() -> None:
    other = replace(NOTED, marker=2, parallel=replace(NOTED.parallel, text="会議は2004年に終わった。"))  # type: ignore[type-var]
    html = answer_html(turn(Sentence(TEXT, "quote", (NOTED,)), Sentence("Talks ended in 2004.", "quote", (other,))), ENGLISH)
    assert html.count("<details") == 1
    assert f"<summary>In Japanese</summary><p>{TEXT_JA} [1]</p><p>会議は2004年に終わった。 [2]</p></details>" in html


def test_a_question_that_is_asked_back_opens_nothing() -> None:
    asked = replace(turn(Sentence(TEXT, "quote", (NOTED,))).answer, readings=("What was spent?", "Who spent it?"))
    assert 'data-first="#aj-cite/t1/1"' in sources_html(turn(Sentence(TEXT, "quote", (NOTED,))), ENGLISH)
    assert "data-first" not in sources_html(Turn("t1", "c1", 0, asked), ENGLISH)


def test_a_line_end_at_the_edge_of_a_mark_is_not_marked() -> None:
    note = f"# Note\n\n{TEXT} [§2#f1]\nTalks ended in 2004. [§2#f2]\n"
    html = document_html(note, NOTE, [Mark(8, len(note), 0, True, True)], ENGLISH)
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL) == [TEXT, "Talks ended in 2004."]
    assert "\n<mark" in html
