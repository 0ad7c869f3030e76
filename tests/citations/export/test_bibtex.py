"""Cited works as BibTeX: locators, names, types, letters that LaTeX would take for commands."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
import rispy
from pybtex.database import BibliographyData, parse_string
from pybtex.plugin import find_plugin

from askjapan.citations.bibliography import split_name
from askjapan.citations.export import locator, to_bibtex, to_csl, to_markdown, to_ris
from askjapan.records import Answer
from tests.support.cited_works import SPECIALS, answer, cite, hit, of_works, quoted, work


def bibtex_entries(answers: Sequence[Answer]) -> BibliographyData:
    return parse_string(to_bibtex(answers), "bibtex")


def from_latex(text: str) -> str:
    """The characters that LaTeX would print."""
    names = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    return re.sub(r"\\(?:text(\w+)\{\}|([%&#_$]))", lambda match: match.group(2) or names[match.group(1)], text)


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
