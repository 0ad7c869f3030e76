"""A page in Japanese over a work in Japanese: no word of English is seen or said on any screen, in any message."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askjapan.index.build import build
from tests.support.browsing import SLOW_IN_BROWSER, Visit, ask, history
from tests.support.fakes import HashEncoder
from tests.support.page_walk import Asked, screens_of_asking, screens_of_works
from tests.support.places import Place
from tests.support.web_places import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = SLOW_IN_BROWSER
HARBOUR = """---
title: 北の港町
authors: 森田幸子
year: 2006
language: ja
themes: sister cities
---

# 港の手紙

星野町は1961年に南の港町と友好の手紙を交わした。灯籠が船で運ばれ、木の長椅子が返礼として届いた。

# 町の支出

星野町は1998年に交流のために3億円を支出した。2004年には支出が減った。
"""
QUESTION = "星野町は1998年に交流のためにいくら支出しましたか。"
ASKED = Asked(
    QUESTION, "灯籠", "「星野町は1998年に交流のために2億円を支出した。」と「この文はどの文献にも見当たらないはずである。」"
)
NAMES = {"askjapan", "English", "Word", "APA", "Markdown", "Pandoc", "Zotero", "BibTeX", "CSL", "JSON", "RIS", "CSV", "XLSX"} | {
    "PDF", "DOCX", "EPUB", "HTML", "kelp", "broken", "md", "pdf", "JICA", "Enter",
}  # fmt: skip
"""What has no other name in Japanese: this program, the language itself, forms of files, the files that a test gives, an agency, a key."""
LATIN = """(names) => {
    const found = new Set();
    const note = (text, where) => {
        for (const word of (text || "").match(/[A-Za-z]{2,}/g) || [])
            if (!names.includes(word)) found.add(`${word}: ${text.trim().slice(0, 60)} (${where})`);
    };
    const sight = (element) =>
        element?.checkVisibility({visibilityProperty: true, opacityProperty: true}) && getComputedStyle(element).fontSize !== "0px";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (sight(node.parentElement) && !node.parentElement.closest("script, style, .aj-hash, .aj-front")) note(node.data, "text");
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-say", "data-part", "data-sure"])
        for (const element of document.querySelectorAll(`[${name}]`)) if (sight(element)) note(element.getAttribute(name), name);
    return [...found];
}"""
"""The words in Latin letters that are seen, or said by a screen reader, with their context; the front matter of a file is its own."""


@pytest.fixture(scope="module")
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over one work, all in Japanese."""
    place = Place(tmp_path_factory.mktemp("japanese") / "home")
    place.notes.mkdir(parents=True)
    place.works.mkdir()
    place.catalogue.write_text("", encoding="utf-8")
    (place.works / "minato.md").write_text(HARBOUR, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue, multilingual=HashEncoder())
    with served(place, tmp_path_factory.mktemp("kept") / "c.sqlite3", BILINGUAL="yes") as url:
        yield url


def latin(page: Page) -> list[str]:
    return list(page.evaluate(LATIN, sorted(NAMES)))


def test_no_screen_has_english_on_it(visit: Visit, japanese: str) -> None:
    # Who chooses Japanese on the page may have a browser in another language.
    page = visit("/?lang=ja", japanese, locale="en-US")
    walk = chain(screens_of_asking(page, ASKED), screens_of_works(page, "ja", ASKED))
    seen = {screen: latin(page) for screen in walk}
    assert {screen: words for screen, words in seen.items() if words} == {}
    assert len(seen) == 12


def test_no_message_is_in_english(visit: Visit, japanese: str, tmp_path: Path) -> None:
    page = visit("/?lang=ja", japanese, locale="en-US")
    told: dict[str, list[str]] = {}
    page.on("dialog", lambda dialog: (told.update({"dialog": [dialog.message]}), dialog.dismiss()))
    for text in ("🙂", "長" * 2001):
        page.fill("#aj-question textarea", text)
        page.press("#aj-question textarea", "Enter")
        page.wait_for_selector("#aj-note .aj-error")
        told[f"box {len(text)}"] = latin(page)
        page.fill("#aj-question textarea", "")
    ask(page, QUESTION)
    page.locator(".aj-explained summary").click()
    page.locator(".aj-explained li").first.wait_for(state="visible")
    told["explanation"] = latin(page)
    page.get_by_role("button", name="出典つきでコピー").click()
    page.wait_for_selector("#aj-live:not(:empty)")
    told["copied"] = latin(page)
    page.get_by_role("tab", name="比較", exact=True).click()
    page.click("#aj-ask-works")
    page.wait_for_selector("#aj-matrix .aj-error")
    told["matrix"] = latin(page)
    page.get_by_role("tab", name="引用確認", exact=True).click()
    page.click("#aj-check")
    page.wait_for_selector("#aj-checked .aj-error")
    told["draft"] = latin(page)
    page.get_by_role("tab", name="文献", exact=True).click()
    page.locator("#aj-add-other button.label-wrap").click()
    page.locator("#aj-add").click()
    page.wait_for_selector("#aj-told .aj-error")
    told["nothing to add"] = latin(page)
    good, bad = tmp_path / "kelp.md", tmp_path / "broken.pdf"
    good.write_text("# 昆布\n\n羅臼は1987年に昆布を900トン出荷した。\n", encoding="utf-8")
    bad.write_text("これはPDFではない。", encoding="utf-8")
    page.locator("#aj-upload input[type=file]").set_input_files([good, bad])
    page.wait_for_selector("#aj-adding [data-state=done]")
    page.wait_for_selector("#aj-adding [data-state=failed]")
    told["added"] = latin(page)
    page.locator(".aj-work-card", has_text="昆布").get_by_role("button", name="削除").click()
    assert told.pop("dialog") == ["「昆布」を登録文献から削除しますか。ファイルも削除されます。"]
    history(page)
    page.locator("#aj-conversations summary").first.click()
    page.get_by_role("button", name="会話名を変更").click()
    assert told.pop("dialog") == ["新しい会話名"]
    page.locator("#aj-history input").first.fill("見当たらない語")
    page.wait_for_selector("#aj-conversations .aj-note")
    told["no conversation"] = latin(page)
    assert {where: words for where, words in told.items() if words} == {}
