"""Every screen of the page at both widths and in both languages: nothing lies over anything, nothing is cut, axe finds nothing serious."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askjapan.index.build import build
from tests.support.browsing import SLOW_IN_BROWSER, Visit
from tests.support.fakes import HashEncoder
from tests.support.page_walk import CUT, LYING_OVER, Asked, screens_of_asking, screens_of_works
from tests.support.web_places import MONEY, MONEY_QUOTE, make_library, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = SLOW_IN_BROWSER
ASKED = Asked(MONEY, "lantern", f"“{MONEY_QUOTE.replace('312', '321')}” and “{'nothing of this stands in any work ' * 3}”")
LONG = """---
title: Municipalities and the Wide World beyond the Northern Strait and the Challenge for the Small Harbour Towns of a New Century
authors: Alexandra Konstantinopoulou-Winterbottom; Bartholomew Featherstonehaugh-Cholmondeley
themes: sister cities, local governments abroad, production networks
---

# Findings

The harbour office counted 214 letters in 1988.
"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over works of which one has long names."""
    place = make_library(tmp_path_factory.mktemp("crowded") / "home", pdf=True)
    (place.works / "a-long.md").write_text(LONG, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    with served(place, tmp_path_factory.mktemp("kept") / "c.sqlite3") as url:
        yield url


def serious(page: Page, axe: str) -> list[str]:
    """What axe holds against what is shown: rule, place and, of a contrast, its figures."""
    page.mouse.move(0, 0)
    # What is on its way from one colour to another would be measured in between.
    page.wait_for_function(
        "document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running')"
    )
    page.evaluate(axe)
    told = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    return [
        f"{one['id']} {node['target']} {node['any'][0]['message'] if node['any'] else ''}"
        for one in told["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("walk", ["asking", "works"])
@pytest.mark.parametrize(
    ("width", "language", "theme"), [(1280, "en", "light"), (390, "en", "dark"), (1280, "ja", "dark"), (390, "ja", "light")]
)
def test_every_screen_is_whole(visit: Visit, crowded: str, axe: str, width: int, language: str, theme: str, walk: str) -> None:
    page = visit(url=crowded, viewport={"width": width, "height": 800}, locale={"en": "en-US", "ja": "ja-JP"}[language])
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("theme => document.body.classList.toggle('dark', theme === 'dark')", theme)
    seen: dict[str, object] = {}
    for screen in screens_of_asking(page, ASKED) if walk == "asking" else screens_of_works(page, language, ASKED):
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        seen[screen] = (page.evaluate(LYING_OVER), page.evaluate(CUT), max(0, wider), serious(page, axe))
    assert seen == dict.fromkeys(seen, ([], [], 0, []))
    assert len(seen) == {"asking": 5, "works": 7}[walk]


def test_the_works_to_begin_with_stand_beside_each_other_and_end_in_an_ellipsis(
    visit: Visit, crowded: str, tmp_path: Path
) -> None:
    page = visit(url=crowded)
    cards = page.locator(".aj-start-works a")
    assert cards.count() == 5
    boxes = [box for card in cards.all() if (box := card.bounding_box())]
    room = page.locator(".aj-start-works").bounding_box()
    assert room is not None
    assert all(box["x"] >= room["x"] and box["x"] + box["width"] <= room["x"] + room["width"] + 1 for box in boxes)
    assert len({round(box["width"]) for box in boxes}) == 1
