"""Cited works as CSL-JSON, rendered by citeproc, and as RIS."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest
import rispy
from citeproc import Citation as CitationInText
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from askjapan.citations.export import to_bibtex, to_csl, to_ris
from askjapan.records import Answer
from tests.support.cited_works import SPECIALS, of_works, work


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


def test_a_fact_that_holds_the_lines_of_a_record_begins_none() -> None:
    bait = "10.1/x\nER  - \n\nTY  - BOOK\nTI  - Bait"
    told = to_ris([of_works(work(doi=bait, isbn=bait, language=bait, venue=bait))])
    assert [line[:2] for line in told.splitlines()].count("TY") == 1
    assert [line for line in told.splitlines() if line.startswith("ER")] == ["ER  - "]


@pytest.mark.parametrize("key", ["a},\n@string{x = {y}}\n@book{b", "a b", "a]{=html}<b>", "@a", "a,b", "{a}", ""])
def test_a_key_that_would_end_the_entry_is_not_taken(key: str) -> None:
    answers = [of_works(work(citekey=key))]
    assert to_bibtex(answers).startswith("@techreport{aoki2011quays,\n")
    assert json.loads(to_csl(answers))[0]["id"] == "aoki2011quays"


def test_a_key_of_the_users_own_is_taken() -> None:
    assert to_bibtex([of_works(work(citekey="aoki:2011+青木"))]).splitlines()[0].endswith("{aoki:2011+青木,")
