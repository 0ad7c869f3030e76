"""Years in every writing → one: figures, kanji, eras, ranges."""

from __future__ import annotations

import pytest

from askjapan.language.terms import terms
from askjapan.language.years import common_years, years_covered, years_in


@pytest.mark.parametrize(
    "written",
    [
        "1907",
        "in 1907.",
        "1907年",
        "１９０７年",
        "一九〇七年",
        "一九零七年",
        "明治40年",
        "明治四十年",
        "明治 40 年",
        "明治４０年",
    ],
)
def test_one_year_in_every_writing(written):
    assert years_in(written) == ("1907",)
    assert "1907" in terms(written)


@pytest.mark.parametrize(
    ("era", "common"),
    [
        ("明治元年", "1868年"),
        ("明治四十五年", "1912年"),
        ("大正元年", "1912年"),
        ("大正15年", "1926年"),
        ("昭和三十六年", "1961年"),
        ("昭和十年", "1935年"),
        ("昭和64年", "1989年"),
        ("平成元年", "1989年"),
        ("平成二十一年", "2009年"),
        ("令和2年", "2020年"),
        ("二〇〇九年", "2009年"),
    ],
)
def test_eras_and_kanji_become_common_years(era, common):
    assert common_years(f"それは{era}に") == f"それは{common}に"


@pytest.mark.parametrize("text", ["昭和の町", "平成の大合併", "明治大学", "一九〇七", "四十年", "2009年", "Showa 36"])
def test_what_names_no_year_of_an_era_stays(text):
    assert common_years(text) == text


@pytest.mark.parametrize("text", ["1499", "2100", "11907", "19070", "1,907", "3.1907", "1907.5", "1907,500", "a 190 7"])
def test_other_figures_are_no_years(text):
    assert years_in(text) == ()


def test_years_in_their_order_and_once():
    assert years_in("From 2004 (and not 1998), as 2004年 and 平成10年 say: 1500 and 2099.") == ("2004", "1998", "1500", "2099")


@pytest.mark.parametrize(
    ("text", "ends", "between"),
    [
        ("1998-2001", ("1998", "2001"), {"1999", "2000"}),
        ("1998–2001", ("1998", "2001"), {"1999", "2000"}),
        ("1998–01", ("1998", "2001"), {"1999", "2000"}),
        ("1998-99", ("1998", "1999"), set()),
        ("1996/98", ("1996", "1998"), {"1997"}),
        ("from 1998 to 2001", ("1998", "2001"), {"1999", "2000"}),
        ("1998～2001年", ("1998", "2001"), {"1999", "2000"}),
        ("1998から2001年", ("1998", "2001"), {"1999", "2000"}),
        ("1998 and 2001", ("1998", "2001"), set()),
    ],
)
def test_ranges(text, ends, between):
    assert set(ends) <= set(years_in(text))
    assert years_covered(text) == set(years_in(text)) | between


def test_a_range_backwards_or_longer_than_a_lifetime_covers_its_ends_only():
    assert years_covered("2001-1998") == {"2001", "1998"}
    assert years_covered("1868-1945") == {"1868", "1945"}
    assert years_covered("1905-1945") == {str(year) for year in range(1905, 1946)}
    assert years_covered("1904-1945") == {"1904", "1945"}


def test_a_text_without_years():
    assert years_in("The lantern towns") == ()
    assert years_covered("") == set()


@pytest.mark.parametrize("text", ["in the 1990s", "the 1990’s", "1990年代に"])
def test_a_decade_covers_its_ten_years(text: str) -> None:
    assert years_covered(text) == {str(year) for year in range(1990, 2000)}
    assert years_in(text) == ("1990",)


def test_between_two_years_covers_those_between_and_names_both() -> None:
    assert years_covered("Between 1996 and 1999 boats vanished.") == {"1996", "1997", "1998", "1999"}
    assert years_in("between 1996 and 1999") == ("1996", "1999")
    assert years_covered("between 1999 and 1996") == {"1996", "1999"}
