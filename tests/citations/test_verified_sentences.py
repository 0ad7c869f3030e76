"""Sentences, tables and facts that an answer says beside its quotes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from askjapan.citations.verify import Verdict, verify
from askjapan.records import Sentence, Unit
from tests.support.citations import QUOTE, answered, cited, document, hit, only, quoting


def test_a_word_that_no_citation_quotes_makes_the_sentence_wrong(harbour: Path) -> None:
    citation = cited(harbour, QUOTE)
    said = "Surely the port of Aoba opened in 1887."
    verdicts = verify([answered(Sentence(said, "quote", (citation,))).to_dict()], [])
    assert [verdict.status for verdict in verdicts] == ["ok", "wrong"]
    assert verdicts[1] == Verdict(
        1,
        "harbours",
        "Harbours of the North",
        "wrong",
        f"The sentence is not what its citations quote: it reads “{said}”, they read “{QUOTE}”.",
    )


def test_a_quoted_sentence_of_several_citations_is_their_quotes_in_order(harbour: Path) -> None:
    first, second = cited(harbour, "The port of Aoba"), cited(harbour, "opened in 1887.")
    assert [v.status for v in verify([quoting(first, second)], [])] == ["ok", "ok"]
    swapped = answered(Sentence(QUOTE, "quote", (second, first))).to_dict()
    assert [v.status for v in verify([swapped], [])] == ["ok", "ok", "wrong"]


def test_a_quoted_sentence_without_citation_is_wrong() -> None:
    data = answered(Sentence("The port opened in 1900.", "quote")).to_dict()
    assert verify([data], []) == [Verdict(0, "", "", "wrong", "A quoted sentence has no citation: “The port opened in 1900.”.")]


def test_framing_needs_no_citation_but_what_it_cites_is_checked(harbour: Path) -> None:
    citation = cited(harbour, QUOTE, start=0)
    data = answered(Sentence("Own words.", "framing"), Sentence("A model's words.", "generated", (citation,))).to_dict()
    assert only(verify([data], []))[0] == "wrong"


def test_a_table_row_with_its_header_is_ok(tmp_path: Path) -> None:
    path = tmp_path / "table.md"
    path.write_text("# Ships\n\n| Port | 2009 | 2010 |\n| --- | --- | --- |\n| **Aoba** | 12 | 14 |\n")
    citations = (
        cited(path, "| Port | 2009 | 2010 |", "Port\t2009\t2010", unit="header"),
        cited(path, "| **Aoba** | 12 | 14 |", "Aoba\t12\t14", unit="row"),
    )
    sentence = Sentence("Port\t2009\t2010\nAoba\t12\t14", "quote", citations)
    assert [v.status for v in verify([answered(sentence).to_dict()], [])] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"title": "Harbours of the South"}, "title is not that of the document in the answer's hits"),
        ({"authors": ("Somebody Else",)}, "authors is not that of the document in the answer's hits"),
        ({"year": 1999}, "year is not that of the document in the answer's hits: “1999” instead of “2011”."),
        ({"document_kind": "study note"}, "document_kind is not that of the document in the answer's hits"),
        ({"document_sha256": "0" * 64}, "document_sha256 is not that of the document in the answer's hits"),
    ],
)
def test_facts_that_differ_from_the_hits_are_wrong(harbour: Path, changes: dict[str, Any], detail: str) -> None:
    citation = cited(harbour, QUOTE)
    found = hit(document(harbour), Unit(QUOTE, ((12, 44),)))
    good, bad = (answered(Sentence(QUOTE, "quote", (c,)), hits=(found,)) for c in (citation, replace(citation, **changes)))
    assert only(verify([good.to_dict()], [])) == ("ok", "")
    status, said = only(verify([bad.to_dict()], []))
    assert status == "wrong"
    assert said.startswith(detail)


def test_a_document_hash_that_is_none_is_wrong_and_not_changed(harbour: Path) -> None:
    status, detail = only(verify([quoting(cited(harbour, QUOTE, document_sha256="abc"))], []))
    assert status == "wrong"
    assert detail.startswith("document_sha256 is no SHA-256: “abc”.")
