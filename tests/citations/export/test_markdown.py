"""Answers, refusals and conversations as Markdown with footnotes."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from askjapan.citations.export import to_bibtex, to_csl, to_markdown, to_ris
from askjapan.citations.render import block_lines
from askjapan.language.quotation import normalise
from askjapan.records import Sentence, Unit
from tests.support.cited_works import QUOTE, SPECIALS, answer, cite, hit, quoted, work

RECHECK_START = (
    "Re-check: save the answer with `askjapan ask QUESTION --json > answer.json` and run `askjapan verify answer.json`."
)


def shown(markdown: str) -> str:
    """What a reader sees: the text of the rendered page."""
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_markdown_of_an_answer() -> None:
    document = work()
    page_quote = cite(document, page=6, page_label="iv", offsets="page")
    made = answer(
        Sentence("One work speaks of it.", "framing"),
        quoted(page_quote),
        quoted(cite(document, marker=2), text="There are five.", kind="generated"),
        hits=[hit(document)],
        question="And quays?",
    )
    assert to_markdown([made]).split(RECHECK_START)[0] == (
        "# And quays?\n\n"
        "Understood as: *How many quays?*\n\n"
        "Framing, askjapan's own words: *One work speaks of it.*\n\n"
        "> Aoba has five quays.[^1]\n\n"
        "Written by a language model: There are five.[^2]\n\n"
        "Confidence that the corpus holds the answer: 0.91.\n\n"
        "[^1]: Mika Aoki, *Quays and Ships* (2011), p. iv (file page 6), § 2. The Port: “Aoba has five quays.” "
        "(characters 100–120 of file page 6). The file's SHA-256 begins `abababababab`.\n\n"
        "[^2]: Mika Aoki, *Quays and Ships* (2011), § 2. The Port: “Aoba has five quays.” "
        "(characters 100–120 of the text). The file's SHA-256 begins `abababababab`.\n\n"
        "---\n\n"
        "Index: `f00df00df00df00d`. "
    )


def test_a_quotation_in_parts_has_one_footnote() -> None:
    document = work()
    parts = [cite(document, "Aoba has"), cite(document, "five quays.", start=400, end=411)]
    text = to_markdown([answer(quoted(*parts))])
    assert "> Aoba has five quays.[^1]\n" in text
    assert (
        "[^1]: Mika Aoki, *Quays and Ships* (2011), § 2. The Port: “Aoba has” (characters 100–120 of the text), "
        "“five quays.” (characters 400–411 of the text). The file's"
    ) in text


def test_a_table_row_is_shown_as_a_table() -> None:
    document = work()
    kinds = (("Table 2. Ships", "caption"), ("2009\t2010", "header"), ("Aoba | old\t12\t14", "row"))
    cells = [cite(document, quote, unit=kind, start=n, end=n + 1) for n, (quote, kind) in enumerate(kinds)]
    sentence = quoted(*cells, text="Table 2. Ships\n\t2009\t2010\nAoba | old\t12\t14")
    text = to_markdown([answer(sentence)])
    assert ("> Table 2. Ships\n>\n> |  | 2009 | 2010 |\n> | --- | --- | --- |\n> | Aoba \\| old | 12 | 14 |\n>\n> [^1]\n") in text
    assert (
        "Table 2 in § 2. The Port: “Table 2. Ships” (characters 0–1 of the text), “2009 \\| 2010” (characters 1–2 of the text), "
        "“Aoba \\| old \\| 12 \\| 14” (characters 2–3 of the text)."
    ) in text
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert re.findall(r"<t[hd]>(.*?)</t[hd]>", page) == ["", "2009", "2010", "Aoba | old", "12", "14"]


def test_a_row_without_header_and_a_note_under_it() -> None:
    document = work()
    cells = [cite(document, "Aoba\t12\t14", unit="row"), cite(document, "Source: a survey", unit="note", start=300, end=316)]
    text = to_markdown([answer(quoted(*cells, text="Aoba\t12\t14\nSource: a survey"))])
    assert "> |  |  |  |\n> | --- | --- | --- |\n> | Aoba | 12 | 14 |\n>\n> Source: a survey[^1]\n" in text


def test_a_row_of_one_cell_stands_under_its_header_with_its_number() -> None:
    document = work()
    units = (("Cap", "caption"), ("Year\tN", "header"), ("Europe", "row"))
    cells = [cite(document, quote, unit=kind, start=n, end=n + 1) for n, (quote, kind) in enumerate(units)]
    assert block_lines([quoted(*cells, text="Cap\nYear\tN\nEurope")]) == ["Cap", "Year  N", "Europe [1]"]
    later = [replace(cell, marker=2) for cell in (*cells[:2], cite(document, "2009\t12", unit="row", start=9, end=10))]
    both = [quoted(*cells, text="Cap\nYear\tN\nEurope"), quoted(*later, text="Cap\nYear\tN\n2009\t12")]
    assert block_lines(both) == ["Cap", "Year  N", "Europe [1]", "2009  12 [2]"]


def test_a_caption_among_the_hits_names_the_table() -> None:
    document = work()
    found = hit(document, Unit("(unit: ships)", ((0, 1),), "caption"), Unit("Table 5. Ships", ((1, 2),), "caption"))
    text = to_markdown([answer(quoted(cite(document, "Aoba\t12", unit="row")), hits=[found])])
    assert "*Quays and Ships* (2011), Table 5 in § 2. The Port: “Aoba \\| 12”" in text


@pytest.mark.parametrize(
    "quote",
    [
        SPECIALS,
        "# no heading",
        "1. no list",
        "12) no list",
        "- no list",
        "+ 5 percent",
        "=== no rule",
        "> no quotation",
        "~~kept~~ and **kept** and __kept__",
        "![no](picture) and [no](link) and [^9] and [^9]: no note",
        "AT&amp;T &#38; &copy; & Co.",
        "<script>alert(1)</script> <!-- seen -->",
        "a \\* b \\",
        "$5 and $6",
    ],
)
def test_markdown_shows_a_quote_as_it_is(quote: str) -> None:
    document = work()
    text = to_markdown([answer(quoted(cite(document, quote)), quoted(cite(document, quote), text=quote, kind="generated"))])
    page = shown(text)
    assert f"\n{quote}[^1]\n" in page
    assert f"\nWritten by a language model: {quote}[^1]\n" in page
    assert f"“{quote}” (characters 100–120 of the text)" in page


def test_a_quote_taken_from_the_markdown_still_equals_the_file_under_the_normalisation() -> None:
    quote = "Up 5% & #3_b ~ $7 {open} [x] *y* | – “ß” 港"
    line = to_markdown([answer(quoted(cite(work(), quote)))]).splitlines()[2]
    assert line == "> Up 5% & \\#3\\_b \\~ \\$7 {open} \\[x\\] \\*y\\* \\| – “ß” 港[^1]"
    assert normalise(line.removesuffix("[^1]")) == normalise(quote)


def test_a_refusal_is_a_finding() -> None:
    note = work("quays-note", kind="study note")
    refusal = answer(
        hits=[hit(work()), hit(work()), hit(note)],
        answered=False,
        reason="This corpus does not say. Looked for: 2050",
        confidence=0.1,
    )
    assert to_markdown([refusal]).split("---")[0] == (
        "# How many quays?\n\n"
        "**Finding: this corpus does not answer the question.** This corpus does not say. Looked for: 2050\n\n"
        "Confidence that the corpus holds the answer: 0.10.\n\n"
        "Nearest works, none of which answers it:\n\n"
        "- Mika Aoki, *Quays and Ships* (2011)\n"
        "- *Study note on: Mika Aoki, Quays and Ships (2011)* (a study note, not the work itself)\n\n"
    )
    assert (to_bibtex([refusal]), to_csl([refusal]), to_ris([refusal])) == ("", "[]\n", "")


def test_a_conversation_has_every_footnote_once() -> None:
    document = work()
    turns = [
        answer(
            quoted(cite(document, marker=1)),
            quoted(cite(document, "Two.", marker=2)),
            question="One?",
            standalone_question="One?",
        ),
        answer(answered=False, reason="No.", question="Two?", standalone_question="Two?"),
        answer(
            quoted(cite(document, "Three.", marker=1)), question="Three?", standalone_question="Three?", index_fingerprint="beef"
        ),
    ]
    text = to_markdown(turns)
    assert [line for line in text.splitlines() if line.startswith("#")] == ["# Conversation", "## One?", "## Two?", "## Three?"]
    assert [line for line in text.splitlines() if line.startswith("> ")] == [
        "> Aoba has five quays.[^1]",
        "> Two.[^2]",
        "> Three.[^3]",
    ]
    assert re.findall(r"^\[\^(\d)\]: .*?“(.*?)”", text, re.MULTILINE) == [("1", QUOTE), ("2", "Two."), ("3", "Three.")]
    assert "Index: `f00df00df00df00d`, `beef`." in text


def test_a_conversation_that_counts_on_keeps_its_markers() -> None:
    document = work()
    text = to_markdown([answer(quoted(cite(document, marker=1))), answer(quoted(cite(document, "Two.", marker=2)))])
    assert re.findall(r"^\[\^(\d)\]: .*?“(.*?)”", text, re.MULTILINE) == [("1", QUOTE), ("2", "Two.")]
