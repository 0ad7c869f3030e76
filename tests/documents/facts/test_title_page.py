"""The title page: what stands on it beside the title – running heads, imprints, series, contents – never passes for the title."""

from __future__ import annotations

import pytest

from askjapan.documents.facts.title_page import FirstPage, first_page, is_no_title
from askjapan.readings import Page, Reading

BODY = "\n\nThe ferry to Kujira carries forty cars and has been in service for the town since the end of the war.\n"


def page(text: str) -> FirstPage:
    return first_page(Reading(text + BODY, pages=(Page(1, None, 0, len(text) + len(BODY)),)))


@pytest.mark.parametrize(
    "above",
    [
        "Harbour Papers, Vol. 3, No. 2 (2004), pp. 11–30",
        "港湾研究 第3号（2012年3月）",
        "HARBOUR INSTITUTE DISCUSSION PAPER SERIES 12-E-034",
        "Research Article",
        "論文",
        "Downloaded from the library on 3 May 2011",
        "https://doi.org/10.1080/09555803.2014.900001",
        "ISSN 0955-5803",
        "© 2009 Harbour Press",
        "May 1997",
        "17",
    ],
)
def test_what_stands_above_a_title_is_no_title(above: str) -> None:
    found = page(f"{above}\nFerries and Towns of the North\nMari Okada")
    assert (found.title, found.authors) == ("Ferries and Towns of the North", ("Mari Okada",))


@pytest.mark.parametrize(
    "heading",
    ["Contents", "CONTENTS", "Table of Contents", "目次", "目　次", "Abstract", "1. Introduction", "Chapter 1", "はじめに"],
)
def test_a_text_that_opens_with_a_part_of_itself_has_no_title_there(heading: str) -> None:
    assert page(f"{heading}\nFerries and Towns 1\nBells of Riga 17\nSail Lofts 31").title == ""
    assert is_no_title(heading)


def test_a_title_that_begins_like_a_part_is_one() -> None:
    assert page("Introductions to the North\nMari Okada").title == "Introductions to the North"
    assert not is_no_title("Contents­ofHarbours")
    assert not is_no_title("Noteworthy Harbours")


def test_a_sentence_of_the_text_is_no_title() -> None:
    assert page("").title == ""


def test_sentences_set_in_short_lines_are_no_title() -> None:
    notice = "This part of the HARBOUR GAZETTE\ncontains notices to the towns of\nthe coast and isles. The\nnotices give owners time to write."
    assert page(notice).title == ""


def test_a_part_of_the_running_heads_is_nobody() -> None:
    first = "Ferries and Towns\nPlanned Rules\n\nShips came in.\n"
    heads = [f"Harbour Gazette/Vol. 8/Planned Rules {number}\n" for number in (2, 3, 4)]
    text, furniture = first, []
    for head in heads:
        furniture.append((len(text), len(text) + len(head)))
        text += f"{head}More ships came in.\n"
    found = first_page(Reading(text, pages=(Page(1, None, 0, len(text)),), furniture=tuple(furniture)))
    assert (found.title, found.authors) == ("Ferries and Towns", ())


def test_a_running_head_of_a_text_without_pages_is_no_title() -> None:
    pages = [
        f"HARBOUR PRESS\n{heading}\n\nShips came in, number {number}."
        for number, heading in enumerate(["Ferries and Towns", "Bells", "Sails"])
    ]
    assert first_page(Reading("\n\n".join(pages))).title == "Ferries and Towns"


def test_a_title_that_returns_as_a_running_head_stays_the_title() -> None:
    pages = [
        f"Ferries and Towns\n{line}\n\nShips came in, number {number}." for number, line in enumerate(["Mari Okada", "", ""])
    ]
    found = first_page(Reading("\n\n".join(pages)))
    assert (found.title, found.authors) == ("Ferries and Towns", ("Mari Okada",))


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Mari Okada* and Jun Seto†", ("Mari Okada", "Jun Seto")),
        ("Mari Okada1, Jun Seto2", ("Mari Okada", "Jun Seto")),
        ("Mari Okada, University of the North", ("Mari Okada",)),
        ("Mari Okada (University of the North)", ("Mari Okada",)),
        ("Author(s): Mari Okada and Jun Seto", ("Mari Okada", "Jun Seto")),
        ("岡田　まり（北方大学）", ("岡田 まり",)),
        ("岡田まり著", ("岡田まり",)),
        ("岡田まり、瀬戸純 編", ("岡田まり", "瀬戸純")),
        ("The Bells of Riga", ()),
        ("Harbour Research Centre", ()),
        ("北方大学 紀要", ()),
    ],
)
def test_authors_stand_under_the_title(line: str, authors: tuple[str, ...]) -> None:
    assert page(f"Ferries and Towns of the North\n{line}").authors == authors


def test_titles_and_authors_of_several_lines() -> None:
    found = page(
        "Ferries and Towns\nOf the Northern Coast\nMari Okada1∗, Jun Seto2,\nRen Abe and\nEmi Hara\nUniversity of the North"
    )
    assert found == FirstPage("Ferries and Towns Of the Northern Coast", ("Mari Okada", "Jun Seto", "Ren Abe", "Emi Hara"))


def test_a_year_in_a_title_is_not_the_year_of_the_work() -> None:
    assert page("Ferries of the North in 1945\nMari Okada\nMay 1997") == FirstPage(
        "Ferries of the North in 1945", ("Mari Okada",), "1997"
    )
    assert page("Ferries of the North in 1945\nMari Okada").year == ""
