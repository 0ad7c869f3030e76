"""Stars around words, shown as emphasis; stars that mean something else stay."""

from __future__ import annotations

import re
from html import unescape

import pytest

from askjapan.web.html.emphasis import emphasised, emphasised_in_place


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("the *higher* cost", "the <em>higher</em> cost"),
        ("*Nets & Knots:*", "<em>Nets &amp; Knots:</em>"),
        ("**Table 2** of *two words*, then", "<strong>Table 2</strong> of <em>two words</em>, then"),
        ("2*3*4 and a * b * c", "2*3*4 and a * b * c"),
        ("Boats* and nets*", "Boats* and nets*"),
        ("* a list\n* of two", "* a list\n* of two"),
        ("*<img src=x>*", "<em>&lt;img src=x&gt;</em>"),
    ],
)
def test_stars(text: str, html: str) -> None:
    assert emphasised(text) == html
    assert unescape(re.sub(r"<(?!img)[^<>]+>", "", emphasised_in_place(text))) == text
