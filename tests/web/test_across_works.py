"""The tabs of the matrix, the mentions and the draft check: what each shows, in both languages, and what it exports."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from askjapan.citations.drafts import draft_check
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.exporting import Exports
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.draft import DraftTab
from askjapan.web.tabs.matrix import MatrixTab
from askjapan.web.tabs.mentions import MentionsTab
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import words
from tests.support.web_places import MONEY, MONEY_QUOTE, MONEY_SENTENCE, NETS_SHOWN, make_library, make_service

ENGLISH = Visitor("emilia", language="en").stored()
JAPANESE = Visitor("emilia", language="ja").stored()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> AssistantService:
    return make_service(make_library(tmp_path_factory.mktemp("library") / "home"))


@pytest.fixture
def tab(service: AssistantService) -> Any:
    """Makes one of the tabs, with exports and words of its own."""
    return lambda kind: kind(service, Exports(), Spoken(), words("en"))


def visible(updates: tuple[Any, ...]) -> set[bool]:
    return {update["visible"] for update in updates if isinstance(update, dict)}


def test_mentions(tab: Any) -> None:
    mentions = tab(MentionsTab)
    html, *buttons = mentions.find("lantern", False, ENGLISH)
    assert "<strong>lantern</strong> 2 mentions in 1 of 3 works</p>" in html
    assert "<mark>lantern</mark> towns of Hoshino Bay" in html
    assert 'href="#aj-passage/hoshino-lanterns#' in html
    assert visible(tuple(buttons)) == {True}
    assert "全3点の文献のうち、1点に2件あります" in mentions.find("lantern", False, JAPANESE)[0]
    assert mentions.find("lantern", True, ENGLISH)[0].count("<mark>") == 1
    data = json.loads(Path(mentions.export("JSON", "lantern", False, ENGLISH)).read_text(encoding="utf-8"))
    assert data["count"] == 2
    assert Path(mentions.export("CSV", "lantern", False, JAPANESE)).name == "mentions.csv"


def test_of_very_many_mentions_the_page_shows_some(tab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askjapan.web.tabs.mentions.SHOWN_MOST", 2)
    shown, *_ = tab(MentionsTab).find("the", False, ENGLISH)
    total = sum(map(int, re.findall(r"</span> [^<]*<b>(\d+)</b>", shown)))
    more = sum(map(int, re.findall(r">(\d+) more are not shown here; the exports have them all\.<", shown)))
    assert shown.count("<mark>") + more == total
    assert more > 0


def test_mentions_of_nothing(tab: Any) -> None:
    mentions = tab(MentionsTab)
    assert mentions.find("  ", False, ENGLISH)[0] == ""
    html, *buttons = mentions.find("zeppelin", False, ENGLISH)
    assert "0 mentions in 0 of 3 works" in html
    assert visible(tuple(buttons)) == {False}
    assert 'class="aj-error"' in mentions.find("?", False, ENGLISH)[0]
    assert mentions.export("CSV", "?", False, ENGLISH) is None


def test_a_file_cannot_put_markup_into_the_page(tab: Any) -> None:
    html, *_ = tab(MentionsTab).find("nets", False, ENGLISH)
    assert "<mark>nets</mark>" in html
    assert "<script" not in html
    assert "<img" not in html
    html, *_ = tab(MentionsTab).find("<b>nets</b>", False, ENGLISH)
    assert "<b>nets" not in html


def test_matrix(tab: Any) -> None:
    matrix = tab(MatrixTab)
    (waiting, nothing, *_), (html, kept, *buttons) = matrix.fill(f"{MONEY}\n\n", ENGLISH)
    assert "Asking each work" in waiting
    assert nothing is None
    assert f">“{MONEY_SENTENCE}”</a>" in html
    assert html.count("<tr>") == 4
    assert visible(tuple(buttons)) == {True}
    assert "文献" in list(matrix.fill(MONEY, JAPANESE))[-1][0]
    names = {Path(matrix.export(form, kept, ENGLISH)).name for form in matrix.exporting.forms}
    assert names == {"matrix.xlsx", "matrix.docx", "matrix.csv", "matrix.md", "matrix.json"}
    assert matrix.export("CSV", None, ENGLISH) is None
    assert Path(matrix.export("CSV", kept, JAPANESE)).read_text(encoding="utf-8").startswith("\ufeff文献ID,文献,")
    assert "No question was given." in list(matrix.fill(" ", ENGLISH))[-1][0]


def test_draft(tab: Any, tmp_path: Path) -> None:
    draft = tab(DraftTab)
    text = f"“{MONEY_QUOTE.replace('312', '321')}” (p. 3) and “nobody has ever written this”, so ‘soft power’."
    (tmp_path / "draft.md").write_text(text, encoding="utf-8")
    for given in ((None, text), (str(tmp_path / "draft.md"), "")):
        *_, (html, kept, *buttons) = draft.run(*given, ENGLISH)
        assert "<del>321</del> <ins>312</ins>" in html
        assert 'aj-status-altered">altered</span> <b>1</b>' in html
        assert 'aj-status-not_found">not found</span> <b>1</b>' in html
        assert "1 short expression in quotation marks stands in no work." in html
        assert visible(tuple(buttons)) == {True}
        assert "321 → 312" in Path(draft.export("CSV", kept, ENGLISH)).read_text(encoding="utf-8")
    assert "相違あり" in list(draft.run(None, text, JAPANESE))[-1][0]
    assert "行,結果,引用文," in Path(draft.export("CSV", kept, JAPANESE)).read_text(encoding="utf-8")
    assert NETS_SHOWN[:30] in list(draft.run(None, f"“{NETS_SHOWN}”", ENGLISH))[-1][0]


def test_draft_without_anything_to_check(tab: Any, tmp_path: Path) -> None:
    draft = tab(DraftTab)
    assert "Choose a file, or paste a text." in list(draft.run(None, " ", ENGLISH))[-1][0]
    assert "Nothing stands in quotation marks" in list(draft.run(None, "No quotes.", ENGLISH))[-1][0]
    assert "cannot be opened" in list(draft.run(str(tmp_path / "gone.md"), "", ENGLISH))[-1][0]
    assert draft.export("CSV", None, ENGLISH) is None


def test_a_draft_for_which_the_time_does_not_suffice(tab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = count(0, 3600)
    timed = partial(draft_check.check_quotations, clock=lambda: float(next(hours)))
    monkeypatch.setattr(draft_check, "check_quotations", timed)
    draft = tab(DraftTab)
    *_, (html, kept, *buttons) = draft.run(None, f"“{MONEY_QUOTE}”", ENGLISH)
    assert "1 quotation from line 1 on was not compared with all works. Check the draft in parts or against fewer works" in html
    assert 'aj-status-not_checked">not checked</span> <b>1</b>' in html
    assert (kept.is_complete, visible(tuple(buttons))) == (False, {True})
    *_, (html, _, *_) = draft.run(None, f"“{MONEY_QUOTE}”", JAPANESE)
    assert "1行目以降の引用1件は、すべての文献とは照合できませんでした" in html
    assert "未確認" in html
