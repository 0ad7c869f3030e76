"""The quotations of a manuscript: every kind of marks, block quotes, and the pages that are given for them."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from askjapan.documents.manuscript import MOST_QUOTATIONS, MOST_QUOTED, pages_of, quotations
from askjapan.documents.readers import read
from askjapan.errors import QuestionError
from askjapan.findings import Quoted
from askjapan.readings import Reading


def quoted_in(text: str, markup: str = "markdown") -> list[str]:
    return [one.text for one in quotations(Reading(text, markup))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "He says that “four carved benches stand there” today.",
        'He says that "four carved benches stand there" today.',
        'He says "four carved benches stand there", a height of 5" apart.',
        "He says that ‘four carved benches stand there’ today, in the town’s words.",
        "He says that 'four carved benches stand there' today, in the town's words.",
        "Er sagt, „four carved benches stand there“ heute.",
        "Er sagt, »four carved benches stand there« heute.",
        "Il dit : «four carved benches stand there» et non ‹no›.",
        "He says that ``four carved benches stand there'' today.",
        "Of the '90s and the students' rooms he says: “four carved benches stand there”.",
        "> four carved benches stand there\n",
        "> “four carved benches\n> stand there” (Morikawa 2006: 3)\n",
        "He says:\n> four carved benches stand there\n\nAnd then.",
    ],
)
def test_marks_of_every_kind(text: str) -> None:
    assert [text for text in quoted_in(text) if text != "no"] == ["four carved benches stand there"]


def test_japanese_marks_and_what_is_quoted_inside_of_a_quotation() -> None:
    text = "町長は「灯籠は『友好のしるし』であると書いた」と述べ、『木彫りの長椅子が今も残る』とした。"
    assert quoted_in(text) == ["灯籠は『友好のしるし』であると書いた", "木彫りの長椅子が今も残る"]
    assert quoted_in("He wrote “they ‘sang all night long’ in the hall” and “left”.") == [
        "they ‘sang all night long’ in the hall",
        "left",
    ]


def test_indented_paragraphs_are_quotations_in_plain_text_only() -> None:
    text = "He says:\n\n    four carved benches\n    stand there\n\nAnd:\n\n    1. an item of a list that is long\n"
    assert quoted_in(text, "plain") == ["four carved benches stand there"]
    assert quoted_in(text) == []


def test_an_open_mark_ends_with_its_paragraph() -> None:
    assert quoted_in("He said “this and that.\n\nA second paragraph” ends. “Only this one is whole.”") == [
        "Only this one is whole."
    ]


def test_kinds_and_lines() -> None:
    text = (
        "The so-called “soft power” is one thing.\n\nA claim: “benches stand beside the pier”.\n\n> Forty lanterns were sent.\n"
    )
    assert quotations(Reading(text, "markdown")) == [
        Quoted("soft power", "term", 1),
        Quoted("benches stand beside the pier", "quotation", 3),
        Quoted("Forty lanterns were sent.", "block", 5),
    ]


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("“benches stand beside the pier” (Morikawa 2006, p. 12)", "12"),
        ("“benches stand beside the pier” (Morikawa 2006: 12–13).", "12–13"),
        ("“benches stand beside the pier” (Morikawa, 2006, 12)", "12"),
        ("“benches stand beside the pier” [@morikawa2006, pp. 12-13]", "12-13"),
        ("Morikawa (2006: 12) says that “benches stand beside the pier”.", "12"),
        ("On p. 3 is another thing. Morikawa says “benches stand beside the pier”.", ""),
        ("“benches stand beside the pier”[^1] and more (p. 99).\n\n[^1]: Morikawa, p. iv.\n", "iv"),
        ("“benches stand beside the pier”[^a]\n\n[^a]: Morikawa, Towns\n(2006), pp. 12–13.\n", "12–13"),
        ("彼は「長椅子が今も桟橋のそばに残る」という（森川 2006、12頁）。", "12"),
        ("“benches stand beside the pier” (p. 1), “forty lanterns were sent away” (p. 2)", "1 2"),
        ("> benches stand beside the pier (Morikawa 2006: 12)\n", "12"),
        ("> benches stand beside the pier[^1]\n\n[^1]: p. 7\n", "7"),
        ("Morikawa (2006, p. 12) has:\n\n> benches stand beside the pier\n", "12"),
        ("“benches stand beside the pier” in 2006.", ""),
    ],
)
def test_pages_that_are_given(text: str, pages: str) -> None:
    assert " ".join(one.pages for one in quotations(Reading(text, "markdown"))) == pages


def test_pages_of_a_range() -> None:
    assert pages_of("12–14") == ["12", "13", "14"]
    assert pages_of("212-4") == ["212", "213", "214"]
    assert pages_of("iv") == ["iv"]
    assert pages_of("7") == ["7"]


def test_a_word_document_with_block_quotes_and_footnotes(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("The town, “twinned with the port”, has this:")
    document.add_paragraph("Forty lanterns were sent by ship.", style="Quote")
    document.add_paragraph("And this:")
    document.add_paragraph("The mayor answered with a bench.", style="Intense Quote")
    document.save(str(tmp_path / "draft.docx"))
    reading = read(tmp_path / "draft.docx")
    assert "\n\n> Forty lanterns were sent by ship.\n\n" in reading.text
    found = [(one.kind, one.text) for one in quotations(reading)]
    assert found == [
        ("quotation", "twinned with the port"),
        ("block", "Forty lanterns were sent by ship."),
        ("block", "The mayor answered with a bench."),
    ]


@pytest.mark.parametrize("unit", ["“", "“the port ", "„", "「", '"a ', "‘a ", "``", "«", "'a b c d e ", "> “", "“a” “"])
def test_marks_that_nothing_closes_take_no_time_of_their_own(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        begun = time.process_time()
        with contextlib.suppress(QuestionError):
            quotations(Reading(text, "markdown"))
        return time.process_time() - begun

    assert seconds(40_000) < 2 or seconds(40_000) < 2


def test_a_draft_has_so_many_quotations_at_most() -> None:
    long = "> " + "word " * (MOST_QUOTED // 5 + 1)
    with pytest.raises(QuestionError, match=f"^The draft quotes more than {MOST_QUOTED} characters. Check it in parts.$"):
        quotations(Reading(long, "markdown"))
    text = "“It is so” " * (MOST_QUOTATIONS + 1)
    with pytest.raises(QuestionError, match=f"^The draft has more than {MOST_QUOTATIONS} quotations. Check it in parts.$"):
        quotations(Reading(text, "markdown"))
