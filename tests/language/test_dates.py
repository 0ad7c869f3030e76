"""One date in every writing."""

from __future__ import annotations

import pytest

from askjapan.language.dates import Date, dates_in


@pytest.mark.parametrize(
    "written",
    [
        "23 April 1965", "23rd April, 1965", "23rd of April 1965", "April 23, 1965", "April 23rd, 1965", "23 Apr. 1965", "1965-04-23",
        "1965年4月23日", "昭和40年4月23日", "一九六五年四月二十三日", "昭和四十年四月二十三日",
    ],
)  # fmt: skip
def test_one_day_in_every_writing(written: str) -> None:
    text = f"x {written} y"
    assert dates_in(text) == [Date(2, 2 + len(written), 1965, 4, 23)]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("in June 1973 and 1974", [(1973, 6, 0), (1974, 0, 0)]),
        ("1973年6月", [(1973, 6, 0)]),
        ("明治元年", [(1868, 0, 0)]),
        ("令和2年", [(2020, 0, 0)]),
        ("page 23 of 40", []),
        ("1,965 people; 1965% and 3.1965", []),
        ("35 April 1965", [(1965, 4, 0)]),
    ],
)
def test_months_and_years_alone(text: str, dates: list[tuple[int, int, int]]) -> None:
    assert [(date.year, date.month, date.day) for date in dates_in(text)] == dates


@pytest.mark.parametrize(
    ("named", "asked", "within"),
    [
        ("23 April 1965", "April 1965", True),
        ("April 1965", "23 April 1965", False),
        ("23 April 1965", "1965", True),
        ("1966", "1965", False),
    ],
)
def test_a_day_lies_within_its_month_and_not_the_other_way_round(named: str, asked: str, within: bool) -> None:
    assert dates_in(named)[0].within(dates_in(asked)[0]) is within
