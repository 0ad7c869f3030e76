"""What an empty conversation shows: works and themes as links that ask, and the way to add papers."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from askjapan.web.html.start_screen import SHOWN, start_html
from askjapan.web.words.translations import words
from tests.support.stages import document

ENGLISH, JAPANESE = words("en"), words("ja")


def test_works_and_themes_ask_for_their_overview() -> None:
    ports = document("Text.", title="Ports & <b>Harbours</b>", authors=("Rin Sato",), year=2011, themes=("soft power",))
    html = start_html([ports], ENGLISH, editing=True)
    asked = quote("Give an overview of “Ports & <b>Harbours</b>”.", safe="")
    shown = "<strong>Ports &amp; &lt;b&gt;Harbours&lt;/b&gt;</strong><span>Rin Sato · 2011</span>"
    assert f'<a class="aj-asks" href="#aj-ask/{asked}">{shown}</a>' in html
    assert f'href="#aj-ask/{quote("Give an overview of soft power.", safe="")}">soft power</a>' in html
    assert 'href="#aj-tab/library">Add papers</a>' in html
    assert "1 work is in the library." in html
    assert "ソフトパワー</a>" in start_html([ports], JAPANESE, editing=True)


def test_a_closed_library_offers_no_adding_and_a_large_one_its_first_works() -> None:
    many = [document("Text.", id=f"work-{number}", title=f"Work {number}") for number in range(9)]
    html = start_html(many, ENGLISH, editing=False)
    assert "Add papers" not in html
    assert html.count("<strong>Work ") == SHOWN
    assert "All 9 works" in html
    assert "9 works are in the library." in html


@pytest.mark.parametrize("documents", [None, []])
def test_without_works_it_only_greets(documents: list[object] | None) -> None:
    html = start_html(documents, ENGLISH, editing=False)  # type: ignore[arg-type]
    assert "What would you like to know?" in html
    assert ("No work is in the library yet." in html) is (documents == [])
