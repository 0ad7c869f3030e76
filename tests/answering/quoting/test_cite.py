"""Units → citations that resolve to the character, on one page each, or none at all."""

from __future__ import annotations

import pytest

from askjapan.answering.quoting.cite import cite
from askjapan.language.quotation import fingerprint, same
from askjapan.readings import Page
from askjapan.records import Document, Hit, Passage, Unit
from tests.support.stages import document, passages


def hit(passage: Passage, work: Document) -> Hit:
    return Hit(passage=passage, document=work, score=1.0, rank=1)


def only(text: str, **facts: object) -> tuple[Passage, Unit]:
    passage = passages(text)[0]
    return passage, passage.units[0]


def test_every_field_of_a_citation():
    text = "1. Ports\n\nShips *came* in.<sup>1</sup> Nobody saw it."
    passage, unit = only(text)
    work = document(text, title="Ports", authors=("M. Okada",), year=1997, path="ports.txt", sha256="f" * 64)
    (citation,) = cite(unit, hit(passage, work), text, 3) or ()
    assert citation.marker == 3
    assert (citation.document_id, citation.document_sha256, citation.document_kind) == ("work", "f" * 64, "full text")
    assert (citation.title, citation.authors, citation.year, citation.path) == ("Ports", ("M. Okada",), 1997, "ports.txt")
    assert (citation.page, citation.page_label, citation.section, citation.offsets) == (None, None, "1. Ports", "document")
    assert (citation.quote, citation.quote_sha256) == ("Ships came in.", fingerprint("Ships came in."))
    assert text[citation.start : citation.end] == "Ships *came* in.<sup>1</sup>"
    assert (citation.passage_id, citation.unit) == (passage.id, "sentence")


def test_an_interrupted_sentence_is_several_citations_under_one_marker():
    half = "The harbour office counted every ship that came in during the long winter and gave the figures to"
    text = f"{half}\n\n¹ A note.\n\nthe mayor."
    passage, unit = only(text)
    found = cite(unit, hit(passage, document(text)), text, 7) or ()
    assert [(citation.marker, citation.quote) for citation in found] == [(7, half), (7, "the mayor.")]
    assert all(same(text[citation.start : citation.end], citation.quote) for citation in found)


def test_a_row_with_its_group_label():
    text = "Table 2 Workers\n\nCountry\tTrade\tWorkers\nSingapore\tTotal\t1,157\n\tService\t313\n\nSource: me"
    passage = passages(text)[0]
    row = next(unit for unit in passage.units if "Service" in unit.text)
    found = cite(row, hit(passage, document(text)), text, 1) or ()
    assert [(citation.quote, citation.unit) for citation in found] == [("Singapore", "row"), ("Service\t313", "row")]
    header = next(unit for unit in passage.units if unit.kind == "header")
    assert [citation.quote for citation in cite(header, hit(passage, document(text)), text, 1) or ()] == [
        "Country\tTrade\tWorkers"
    ]


HALF = "The harbour office counted every ship that came in during the long winter and gave the figures to"


def test_on_paged_files_offsets_count_within_the_page():
    text = f"Cover.\n\f{HALF}\n\fthe mayor. Nobody saw it."
    first, second = text.index(HALF), text.index("the mayor")
    pages = (Page(1, None, 0, first - 1), Page(2, "iv", first, second - 1), Page(3, "v", second, len(text)))
    found = passages(text, pages=pages)
    passage, unit = next((p, u) for p in found for u in p.units if u.text.endswith("the mayor."))
    citations = cite(unit, hit(passage, document(text, pages=pages)), text, 1) or ()
    assert [(c.page, c.page_label, c.start, c.end, c.offsets, c.quote) for c in citations] == [
        (2, "iv", 0, len(HALF), "page", HALF),
        (3, "v", 0, 10, "page", "the mayor."),
    ]
    for citation in citations:
        page = pages[(citation.page or 0) - 1]
        assert same(text[page.start : page.end][citation.start : citation.end], citation.quote)


def test_an_empty_page_in_between_is_passed_over():
    text = f"{HALF}\n\f \n\fthe mayor."
    bounds = [0, text.index("\f") + 1, text.rindex("\f") + 1, len(text)]
    pages = tuple(Page(number + 1, None, bounds[number], bounds[number + 1]) for number in range(3))
    passage = passages(text, pages=pages)[0]
    citations = cite(passage.units[0], hit(passage, document(text, pages=pages)), text, 1) or ()
    assert [(citation.page, citation.quote) for citation in citations] == [(1, HALF), (3, "the mayor.")]


@pytest.mark.parametrize("segments", [((0, 5),), ((40, 60),), ()])
def test_what_does_not_resolve_is_not_cited(segments):
    text = "     Ships came in."
    passage, _ = only(text)
    assert cite(Unit("Ships came in.", segments), hit(passage, document(text)), text, 1) is None


def test_a_unit_of_which_one_part_is_gone_is_not_cited():
    text = "Ships came in.     "
    passage, _ = only(text)
    assert cite(Unit("Ships came in.", ((0, 14), (15, 18))), hit(passage, document(text)), text, 1) is None


# --- what part of the work a study note reports ---


def test_the_locator_of_a_unit_goes_with_its_citation():
    text = "Ships came in. [§3,Table2#f1]"
    passage, _ = only(text)
    unit = Unit("Ships came in.", ((0, 14),), locator="§3,Table2", key="f1")
    (citation,) = cite(unit, hit(passage, document(text, kind="study note")), text, 1) or ()
    assert (citation.quote, citation.locator, citation.section, citation.parallel) == ("Ships came in.", "§3,Table2", "", None)


def test_in_a_full_text_brackets_are_text():
    text = "Nobody saw it. [§3]"
    passage, unit = only(text)
    (citation,) = cite(unit, hit(passage, document(text)), text, 1) or ()
    assert (citation.section, citation.locator) == ("", "")
