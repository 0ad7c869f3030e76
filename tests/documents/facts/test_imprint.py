"""The imprint: years that date a publication and years that are only spoken of, DOIs, and ISBNs with their check digits."""

from __future__ import annotations

import pytest

from askjapan.documents.facts.imprint import doi_of, isbn13, isbn_of, year_in_doi, year_of


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("May 1997", "1997"),
        ("23rd April, 2014", "2014"),
        ("April 23rd, 2014", "2014"),
        ("Harbour Papers, vol. 3, no. 2 (Spring, 1985), pp. 1–20", "1985"),
        (
            "© 2009 The Harbour Press. No part of this book may be copied in any form without the written consent of its owner.",
            "2009",
        ),
        ("(2003)", "2003"),
        ("2011-03-09", "2011"),
        ("港湾研究 第3号（2012年3月）", "2012"),
        ("平成24年3月", "2012"),
        ("令和元年", "2019"),
        ("昭和五十三年刊", "1978"),
        ("二〇一二年", "2012"),
        ("Fisheries of the Bay, 1945–1952", ""),
        ("In the winter of 1954 the ropes of Tomari were sold by the rope walk to whaling ships from the north of Norway.", ""),
        ("1961年に船が来た。", ""),
    ],
)
def test_a_year_counts_where_a_line_dates_the_work(line: str, year: str) -> None:
    assert year_of([line]) == year


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("See https://doi.org/10.1080/09555803.2014.900001.", "10.1080/09555803.2014.900001"),
        ("DOI: 10.1111/J.1468-2427.2007.00711.X, online", "10.1111/j.1468-2427.2007.00711.x"),
        ("(doi:10.1016/S0022-1996(00)00081-4)", "10.1016/s0022-1996(00)00081-4"),
        ("A figure of 10.5/8", ""),
        ("." * 6_000 + "10.1080/09555803.2014.900001", ""),
    ],
)
def test_the_doi_at_the_beginning_is_the_works_own(text: str, doi: str) -> None:
    assert doi_of(text) == doi


def test_a_year_in_a_doi() -> None:
    assert year_in_doi("10.1080/09555803.2014.900001") == "2014"
    assert year_in_doi("10.1016/s0022-1996(00)00081-4") == ""


@pytest.mark.parametrize(
    ("number", "isbn"),
    [
        ("0-306-40615-2", "9780306406157"),
        ("978-0-306-40615-7", "9780306406157"),
        ("0-8044-2957-X", "9780804429573"),
        ("978-0-306-40615-8", ""),
        ("0-306-40615-3", ""),
    ],
)
def test_an_isbn_counts_with_a_right_check_digit(number: str, isbn: str) -> None:
    assert isbn13(number) == isbn
    assert isbn_of(f"Harbour Press\nISBN: {number} (cloth)") == isbn
