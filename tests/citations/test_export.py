"""Exports checked by the programs that read them: pybtex, citeproc-py, rispy and a CommonMark parser."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import rispy
from citeproc import Citation as CitationInText
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from markdown_it import MarkdownIt
from pybtex.database import BibliographyData, parse_string
from pybtex.plugin import find_plugin

from askjapan.citations.bibliography import split_name
from askjapan.citations.export import locator, to_bibtex, to_csl, to_markdown, to_ris
from askjapan.citations.render import block_lines
from askjapan.language.quotation import fingerprint, normalise
from askjapan.records import Answer, Citation, Document, Hit, Passage, Sentence, SentenceKind, Unit

QUOTE = "Aoba has five quays."
SPECIALS = r"Up 5% & #3_b ~ $7 ^2 {open \ close} [x] <b> *y* `z` | – “ß” 港"
RECHECK_START = (
    "Re-check: save the answer with `askjapan ask QUESTION --json > answer.json` and run `askjapan verify answer.json`."
)


def work(id_: str = "quays", **changes: Any) -> Document:
    made = Document(
        id=id_,
        title="Quays and Ships",
        authors=("Mika Aoki",),
        year=2011,
        venue="Aoba Institute Working Paper 01.07",
        themes=(),
        kind="full text",
        language="en",
        path=f"{id_}.txt",
        sha256="ab" * 32,
        format="txt",
        described_by="the catalogue",
        date="2011-04-23",
    )
    return replace(made, **changes)


def cite(document: Document, quote: str = QUOTE, **changes: Any) -> Citation:
    made = Citation(
        marker=1,
        document_id=document.id,
        document_sha256=document.sha256,
        document_kind=document.kind,
        title=document.title,
        authors=document.authors,
        year=document.year,
        path=document.path,
        page=None,
        page_label=None,
        section="2. The Port",
        start=100,
        end=120,
        offsets="document",
        quote=quote,
        quote_sha256=fingerprint(quote),
        passage_id=f"{document.id}#1",
    )
    return replace(made, **changes)


def hit(document: Document, *units: Unit) -> Hit:
    passage = Passage(f"{document.id}#1", document.id, QUOTE, "2. The Port", None, None, 100, 120, "prose", units)
    return Hit(passage, document, 1.0, 1)


def answer(*sentences: Sentence, hits: Sequence[Hit] = (), **changes: Any) -> Answer:
    made = Answer(
        question="How many quays?",
        standalone_question="How many quays?",
        answered=True,
        reason="",
        confidence=0.914,
        sentences=sentences,
        hits=tuple(hits),
        index_fingerprint="f00d" * 4,
    )
    return replace(made, **changes)


def quoted(*citations: Citation, text: str | None = None, kind: SentenceKind = "quote") -> Sentence:
    return Sentence(" ".join(c.quote for c in citations) if text is None else text, kind, citations)


def of_works(*documents: Document, quote: str = QUOTE) -> Answer:
    sentences = [quoted(cite(document, quote, marker=number)) for number, document in enumerate(documents, 1)]
    return answer(*sentences, hits=[hit(document) for document in documents])


def bibtex_entries(answers: Sequence[Answer]) -> BibliographyData:
    return parse_string(to_bibtex(answers), "bibtex")


def from_latex(text: str) -> str:
    """The characters that LaTeX would print."""
    names = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    return re.sub(r"\\(?:text(\w+)\{\}|([%&#_$]))", lambda match: match.group(2) or names[match.group(1)], text)


# --- locators


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"page": 6, "page_label": "iv", "section": "3. Seeking a Rationale"}, "p. iv (file page 6), § 3. Seeking a Rationale"),
        ({"page": 6, "page_label": "6"}, "p. 6, § 2. The Port"),
        ({"page": 6, "section": ""}, "file page 6"),
        ({"section": ""}, "characters 100–120"),
        ({"section": "Quays and ships › 2. The Port › History"}, "§ 2. The Port › History"),
        ({"section": "第2章 港", "page": 3, "page_label": "3"}, "p. 3, § 第2章 港"),
        ({"unit": "row"}, "table in § 2. The Port"),
        ({"unit": "row", "section": ""}, "table"),
        ({"unit": "row", "section": "4. Results › Table 2. Ships by year"}, "Table 2 in § 4. Results"),
        (
            {"unit": "caption", "quote": "TABLE 3-1: Ships by year", "page": 9, "page_label": "9"},
            "p. 9, TABLE 3-1 in § 2. The Port",
        ),
        ({"unit": "caption", "quote": "表2 港の数"}, "表2 in § 2. The Port"),
        ({"unit": "note", "quote": "Source: a survey"}, "§ 2. The Port"),
        ({"section": "Table manners › Table 2"}, "§ Table manners › Table 2"),
        ({"section": "2. The Port [pp. 3-4]"}, "§ 2. The Port [pp. 3-4]"),
        (
            {"document_kind": "study note", "section": "Study note: Aoki on quays › Findings", "locator": "§2,note3"},
            "§ Findings, in the work: §2, note 3",
        ),
        ({"document_kind": "study note", "section": "Study note: Aoki on quays", "locator": "p.3"}, "in the work: p.3"),
        (
            {"document_kind": "study note", "section": "Tables", "locator": "§2,AnnexTable", "unit": "row"},
            "table in § Tables, in the work: §2, Annex Table",
        ),
    ],
)
def test_locator(changes: dict[str, Any], expected: str) -> None:
    assert locator(cite(work(), **changes)) == expected


def test_a_caption_that_is_known_from_elsewhere_names_the_table() -> None:
    assert locator(cite(work(), unit="row"), "Table 7. Ships by year") == "Table 7 in § 2. The Port"
    assert locator(cite(work(), unit="row"), "Ships by year") == "table in § 2. The Port"


# --- names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mika Aoki", ("Aoki", "Mika", "")),
        ("Mika B. Aoki", ("Aoki", "Mika B.", "")),
        ("Ludo van der Berg", ("van der Berg", "Ludo", "")),
        ("Aoki, Mika", ("Aoki", "Mika", "")),
        ("John K. Smith, Jr.", ("Smith", "John K.", "Jr.")),
        ("Smith, John K., Jr.", ("Smith", "John K.", "Jr.")),
        ("John Smith III", ("Smith", "John", "III")),
        ("TANAKA Hiroshi", ("TANAKA", "Hiroshi", "")),
        ("Ольга Иванова", ("Иванова", "Ольга", "")),
        ("Stratfor", ("Stratfor", "", "")),
        ("Port Office of Aoba", ("Port Office of Aoba", "", "")),
        ("Ministry of Ports, Sea and Rivers", ("Ministry of Ports, Sea and Rivers", "", "")),
        ("Kita Research Institute", ("Kita Research Institute", "", "")),
        ("青木 美香", ("青木 美香", "", "")),
        ("外務省", ("外務省", "", "")),
    ],
)
def test_names_of_people_are_split_and_names_of_organisations_are_not(name: str, expected: tuple[str, str, str]) -> None:
    assert split_name(name) == expected


# --- BibTeX


def test_bibtex_of_a_working_paper() -> None:
    citation = cite(work(), page=6, page_label="iv")
    assert to_bibtex([answer(quoted(citation), hits=[hit(work())])]) == (
        "@techreport{aoki2011quays,\n"
        "  author = {Aoki, Mika},\n"
        "  title = {{Quays and Ships}},\n"
        "  year = {2011},\n"
        "  institution = {Aoba Institute},\n"
        "  type = {Working Paper},\n"
        "  number = {01.07},\n"
        "  language = {en},\n"
        "  note = {p. iv (file page 6), § 2. The Port: “Aoba has five quays.” "
        f"File SHA-256 {'ab' * 32}}},\n"
        "  month = apr,\n"
        "}\n"
    )


def test_pybtex_formats_the_entry() -> None:
    style = find_plugin("pybtex.style.formatting", "plain")()
    formatted = list(style.format_bibliography(bibtex_entries([of_works(work(authors=("Mika Aoki", "Port Office of Aoba")))])))
    assert len(formatted) == 1
    assert formatted[0].text.render_as("text") == (
        "Mika Aoki and Port Office of Aoba. Quays and Ships. Working Paper 01.07, Aoba Institute, April 2011. "
        f"§ 2. The Port: “Aoba has five quays.” File SHA-256 {'ab' * 32}."
    )


def test_specials_survive_bibtex() -> None:
    document = work(title=SPECIALS, authors=("Port & Ship_Company {Aoba",), venue=SPECIALS)
    entry = bibtex_entries([of_works(document, quote=SPECIALS)]).entries["portshipcompanyaoba2011up"]
    assert from_latex(entry.fields["title"]) == "{" + SPECIALS + "}"
    assert from_latex(entry.fields["howpublished"]) == SPECIALS
    assert from_latex(entry.fields["note"]) == f"§ 2. The Port: “{SPECIALS}” File SHA-256 {'ab' * 32}"
    assert from_latex(str(entry.persons["author"][0])) == "{Port & Ship_Company {Aoba}"


def test_each_special_is_escaped() -> None:
    assert (
        r"title = {{\textbackslash{} \textbraceleft{} \textbraceright{} \% \& \# \_ \textasciitilde{} \textasciicircum{} \$ é}},"
    ) in to_bibtex([of_works(work(title="\\ { } % & # _ ~ ^ $ é"))])


def test_two_works_of_one_author_and_year_have_distinct_keys() -> None:
    documents = [work("a"), work("b", title="Quays Again"), work("c", title="Piers"), work("d", title="The Quays")]
    answers = [of_works(*documents)]
    keys = ["aoki2011quays", "aoki2011quays-2", "aoki2011piers", "aoki2011quays-3"]
    assert list(bibtex_entries(answers).entries) == keys
    assert [item["id"] for item in json.loads(to_csl(answers))] == keys
    assert [record["id"] for record in rispy.loads(to_ris(answers))] == keys


def test_japanese_works_keep_their_names_and_titles() -> None:
    document = work("minato-3fa8", title="青葉港の歴史", authors=("青木 美香", "外務省"), venue="港湾研究 第3巻", language="ja")
    entry = bibtex_entries([of_works(document, quote="港は一八八七年に開かれた。")]).entries["minato3fa8"]
    assert entry.type == "article"
    assert entry.fields["title"] == "{青葉港の歴史}"
    assert (entry.fields["journal"], entry.fields["volume"]) == ("港湾研究", "3")
    assert [str(person) for person in entry.persons["author"]] == ["{青木 美香}", "{外務省}"]
    assert "“港は一八八七年に開かれた。”" in entry.fields["note"]


def test_a_work_is_entered_once_with_all_its_quotes() -> None:
    document = work()
    first, again = cite(document), cite(document, marker=4)
    other = cite(document, "It has no pier.", marker=2, start=300, end=315, section="3. Piers")
    answers = [answer(quoted(first), quoted(other)), answer(quoted(again))]
    entries = bibtex_entries(answers).entries
    assert len(entries) == 1
    assert entries["aoki2011quays"].fields["note"] == (
        f"§ 2. The Port: “Aoba has five quays.” § 3. Piers: “It has no pier.” File SHA-256 {'ab' * 32}"
    )


def test_without_hits_the_citation_gives_what_it_knows() -> None:
    assert to_bibtex([answer(quoted(cite(work())))]) == (
        "@misc{aoki2011quays,\n"
        "  author = {Aoki, Mika},\n"
        "  title = {{Quays and Ships}},\n"
        "  year = {2011},\n"
        f"  note = {{§ 2. The Port: “Aoba has five quays.” File SHA-256 {'ab' * 32}}},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("changes", "types"),
    [
        ({"venue": "Aoba Institute Working Paper 01.07"}, ("techreport", "report", "RPRT")),
        ({"venue": "Annual Report of the Port Office"}, ("techreport", "report", "RPRT")),
        ({"venue": "Review Committee Discussion Papers, no. 4"}, ("techreport", "report", "RPRT")),
        ({"venue": "Harbour Review, vol. 3, no. 2"}, ("article", "article-journal", "JOUR")),
        ({"venue": "港湾論集"}, ("article", "article-journal", "JOUR")),
        ({"venue": "In: Ships of the North, eds. M. Kita and R. Ono"}, ("incollection", "chapter", "CHAP")),
        ({"venue": "website of the Port Office"}, ("misc", "webpage", "ELEC")),
        ({"venue": "", "format": "html"}, ("misc", "webpage", "ELEC")),
        ({"venue": "Stratfor"}, ("misc", "document", "GEN")),
        ({"venue": ""}, ("misc", "document", "GEN")),
    ],
)
def test_the_type_follows_from_what_is_known(changes: dict[str, Any], types: tuple[str, str, str]) -> None:
    answers = [of_works(work(**changes))]
    (entry,) = bibtex_entries(answers).entries.values()
    (item,) = json.loads(to_csl(answers))
    (record,) = rispy.loads(to_ris(answers))
    assert (entry.type, item["type"], record["type_of_reference"]) == types


@pytest.mark.parametrize(
    ("venue", "expected"),
    [
        ("Harbour Review, vol. 10, no. 2, 2010, pp. 281–304", ("Harbour Review", "10", "2", "281--304")),
        ("Harbour Review 10(2): 281-304", ("Harbour Review", "10", "2", "281--304")),
        ("Harbour Review Volume 8 Issue 4", ("Harbour Review", "8", "4", "")),
        ("Harbour Review", ("Harbour Review", "", "", "")),
        ("港湾論集 第12巻第3号", ("港湾論集", "12", "3", "")),
    ],
)
def test_a_journal_is_parted_from_its_volume_issue_and_pages(venue: str, expected: tuple[str, str, str, str]) -> None:
    answers = [of_works(work(venue=venue))]
    (entry,) = bibtex_entries(answers).entries.values()
    (item,) = json.loads(to_csl(answers))
    (record,) = rispy.loads(to_ris(answers))
    assert tuple(entry.fields.get(name, "") for name in ("journal", "volume", "number", "pages")) == expected
    pages = expected[3].replace("--", "–")
    assert tuple(item.get(name, "") for name in ("container-title", "volume", "issue", "page")) == (*expected[:3], pages)
    names = ("secondary_title", "volume", "number", "start_page", "end_page")
    assert tuple(record.get(name, "") for name in names) == (*expected[:3], pages.partition("–")[0], pages.partition("–")[2])


def test_an_edited_volume_keeps_its_editors() -> None:
    (item,) = json.loads(to_csl([of_works(work(venue="In: Ships of the North, vol. 2, eds. M. Kita and R. Ono"))]))
    assert item["container-title"] == "In: Ships of the North, vol. 2, eds. M. Kita and R. Ono"


def test_an_address_in_the_venue_becomes_the_url() -> None:
    answers = [of_works(work(venue="Port Office (https://port.example/a_b?c=1%202)."))]
    (entry,) = bibtex_entries(answers).entries.values()
    (item,) = json.loads(to_csl(answers))
    assert entry.fields["url"] == item["URL"] == "https://port.example/a_b?c=1%202"
    assert (entry.fields["howpublished"], item["container-title"]) == ("Port Office", "Port Office")


def test_identifiers_are_exported_but_not_those_of_a_work_that_a_note_is_on() -> None:
    told = [of_works(work(doi="10.1234/hp.1987.3", isbn="9780306406157", language="und"))]
    assert "  doi = {10.1234/hp.1987.3},\n  isbn = {9780306406157},\n" in to_bibtex(told)
    assert "language = " not in to_bibtex(told)
    item = json.loads(to_csl(told))[0]
    assert (item["DOI"], item["ISBN"], "language" in item) == ("10.1234/hp.1987.3", "9780306406157", False)
    assert "DO  - 10.1234/hp.1987.3\n" in to_ris(told)
    assert "10.1234" not in to_csl([of_works(work(kind="study note", doi="10.1234/hp.1987.3"))])


def test_a_date_in_another_form_is_not_lost() -> None:
    (item,) = json.loads(to_csl([of_works(work(date="spring of 2011"))]))
    assert item["issued"] == {"date-parts": [[2011]]}
    assert item["note"].startswith("Dated spring of 2011. § 2. The Port: ")


def test_nothing_is_invented_for_a_work_without_year_or_author() -> None:
    (item,) = json.loads(to_csl([of_works(work("lost-3f", authors=(), year=None, date="", venue="", language=""))]))
    assert sorted(item) == ["id", "note", "title", "type"]
    assert item["id"] == "lost3f"


# --- study notes


def test_a_study_note_is_exported_as_a_note_on_the_work() -> None:
    note = work("quays-note", kind="study note", sha256="cd" * 32)
    answers = [of_works(work(), note)]
    title = "Study note on: Mika Aoki, Quays and Ships (2011)"
    said = f"A study note on the work, not the work itself. § 2. The Port: Aoba has five quays. File SHA-256 {'cd' * 32}"
    entry = bibtex_entries(answers).entries["aoki2011quaysnote"]
    assert (entry.type, dict(entry.fields), dict(entry.persons)) == (
        "misc",
        {"title": "{" + title + "}", "language": "en", "note": said},
        {},
    )
    assert json.loads(to_csl(answers))[1] == {
        "id": "aoki2011quaysnote",
        "type": "document",
        "title": title,
        "genre": "Study note",
        "language": "en",
        "note": said,
    }
    record = rispy.loads(to_ris(answers))[1]
    assert (record["title"], record["type_of_work"], record["notes"][0]) == (
        title,
        "Study note",
        "A study note on the work, not the work itself.",
    )
    assert not {"authors", "year", "date", "publisher"} & set(record)
    markdown = to_markdown(answers)
    assert f"[^2]: *{title}* (a study note, not the work itself), § 2. The Port: Aoba has five quays. (characters " in markdown
    # The work's own words are a block quote, ours are not, and say whose they are.
    assert "\n> Aoba has five quays.[^1]\n" in markdown
    assert "\nAoba has five quays.[^2] (note on Aoki)\n" in markdown


# --- CSL-JSON


def test_csl_of_a_working_paper() -> None:
    assert json.loads(to_csl([of_works(work(authors=("Mika Aoki", "Stratfor", "John Smith, Jr.", "青木 美香")))])) == [
        {
            "id": "aoki2011quays",
            "type": "report",
            "title": "Quays and Ships",
            "author": [
                {"family": "Aoki", "given": "Mika"},
                {"literal": "Stratfor"},
                {"family": "Smith", "given": "John", "suffix": "Jr."},
                {"literal": "青木 美香"},
            ],
            "issued": {"date-parts": [[2011, 4, 23]]},
            "publisher": "Aoba Institute",
            "genre": "Working Paper",
            "number": "01.07",
            "language": "en",
            "note": f"§ 2. The Port: “Aoba has five quays.” File SHA-256 {'ab' * 32}",
        }
    ]


def rendered(answers: Sequence[Answer]) -> list[str]:
    source = CiteProcJSON(json.loads(to_csl(answers)))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for key in source:
        bibliography.register(CitationInText([CitationItem(key)]))
    return [str(entry) for entry in bibliography.bibliography()]


def test_citeproc_renders_the_bibliography() -> None:
    journal = work(
        "piers",
        title="Piers & Moles",
        authors=("Port Office of Aoba",),
        venue="Harbour Review, vol. 3, no. 2, pp. 7-19",
        year=1999,
        date="",
    )
    assert rendered([of_works(work(), journal)]) == [
        "Aoki, M. (2011) Quays and Ships. Working Paper 01.07. Aoba Institute.",
        "Port Office of Aoba (1999) “Piers & Moles”, Harbour Review, 3(2), pp. 7–19.",
    ]


def test_citeproc_renders_japanese() -> None:
    document = work(title="青葉港の歴史", authors=("青木 美香",), venue="港湾論集 第3巻第2号", language="ja")
    assert rendered([of_works(document)]) == ["青木 美香 (2011) “青葉港の歴史”, 港湾論集, 3(2)."]


def test_specials_survive_csl() -> None:
    (item,) = json.loads(to_csl([of_works(work(title=SPECIALS), quote=SPECIALS)]))
    assert item["title"] == SPECIALS
    assert f"“{SPECIALS}”" in item["note"]


# --- RIS


def test_ris_of_a_working_paper() -> None:
    assert to_ris([of_works(work(authors=("John Smith, Jr.", "Stratfor", "青木 美香")))]) == (
        "TY  - RPRT\n"
        "ID  - smith2011quays\n"
        "AU  - Smith, John, Jr.\n"
        "AU  - Stratfor\n"
        "AU  - 青木 美香\n"
        "TI  - Quays and Ships\n"
        "PY  - 2011\n"
        "DA  - 2011/04/23\n"
        "PB  - Aoba Institute\n"
        "M3  - Working Paper\n"
        "SN  - 01.07\n"
        "LA  - en\n"
        "N1  - § 2. The Port: “Aoba has five quays.”\n"
        f"N1  - File SHA-256 {'ab' * 32}\n"
        "ER  - \n"
    )


def test_every_ris_line_is_a_field_whatever_the_texts_hold() -> None:
    broken = "One\r\nER  - \nTY  - BOOK\u2028two\x85three\x0bfour\x00five"
    answers = [of_works(work(title=broken, authors=(broken,)), work("b", title=SPECIALS, year=2012), quote=broken)]
    text = to_ris(answers)
    records = text.split("ER  - \n")
    assert [line for line in text.splitlines() if line and not re.match(r"[A-Z][A-Z0-9]  - ", line)] == []
    assert len(records) == 3
    first, second = rispy.loads(text)
    assert first["title"] == "One ER - TY - BOOK two three fourfive"
    assert first["notes"][0] == "§ 2. The Port: “One ER - TY - BOOK two three fourfive”"
    assert second["title"] == SPECIALS


# --- Markdown


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
