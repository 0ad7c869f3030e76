"""The map of the passages: what lies where, and what its legend says in each language."""

from __future__ import annotations

import re
from pathlib import Path

from askjapan.index.build import build
from askjapan.web.html.corpus_map import HEIGHT, MARGIN, WIDTH, map_html
from askjapan.web.words.translations import words
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS_NOTE_JA, make_place
from tests.support.web_places import make_service


def test_the_points_fill_the_picture_whatever_language_the_notes_have_besides(tmp_path: Path) -> None:
    place = make_place(tmp_path / "home")
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    html = map_html(make_service(place).assistant(), set(), words("ja"))
    places = [tuple(map(float, found)) for found in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', html)]
    # The three passages of the two notes in English; the note's other edition is not drawn, and no room is left for it.
    assert len(places) == 3
    assert (min(x for x, _ in places), max(x for x, _ in places)) == (MARGIN, WIDTH - MARGIN)
    assert (min(y for _, y in places), max(y for _, y in places)) == (MARGIN, HEIGHT - MARGIN)
    assert "</span>姉妹都市</li>" in html
    assert "</span>人の国際移動</li>" in html


def test_a_point_opens_the_passage_in_the_pages_language_and_is_lit_by_a_quote_of_it(tmp_path: Path) -> None:
    place = make_place(tmp_path / "home")
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assistant = make_service(place).assistant()
    quoted = assistant.index.passages_of("hoshino-lanterns-note-ja")[1]
    html = map_html(assistant, {quoted.id}, words("ja"))
    lit = re.findall(r'<a href="#aj-passage/([^"]+)" class="[^"]* aj-lit" tabindex="-1" aria-label="([^"]+)"', html)
    assert [id_ for id_, _ in lit] == [quoted.id]
    assert lit[0][1].startswith("Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006) – ")
    assert "星野町の交流支出は1998年に3億1,200万円" in lit[0][1]
    assert map_html(assistant, {quoted.id}, words("en")).count(" aj-lit") == 1
