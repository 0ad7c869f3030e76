"""Documents opened beside the chat, with the quotes marked in them."""

from __future__ import annotations

import re
from dataclasses import replace

from askjapan.language.quotation import same
from askjapan.web.columns.chat import Chat
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.answers import note_html
from askjapan.web.shared.service import AssistantService
from askjapan.web.source_pane.calls import SourcePane
from askjapan.web.source_pane.text import citation_pane, passage_pane
from tests.support.chats import ENGLISH, marked, rows_quoted, turn_of
from tests.support.places import LANTERNS
from tests.support.web_places import (
    MONEY,
    MONEY_QUOTE,
    PAGES,
    PAGES_QUOTE,
)


def test_the_pane_shows_a_table_of_a_markdown_file_as_rows_of_cells(service: AssistantService) -> None:
    html = citation_pane(rows_quoted(service, "Asahi"), 1, service.assistant().documents, service.text, ENGLISH)
    bar, cell = '<span class="aj-hash">|</span>', '<span class="aj-td">{}</span>'
    row = bar + bar.join(cell.format(f" {text} ") for text in ("Asahi", "44", "61")) + bar
    assert f'<mark class="aj-mark aj-current" data-markers="1">{row}</mark>' in html
    other = bar + bar.join(cell.format(f" {text} ") for text in ("Yoichi", "15", "12")) + bar
    assert f'<span class="aj-row">{other}\n</span>' in html
    assert '<span class="aj-hash">|---|---|---|\n</span>' in html


def test_a_work_opens_from_its_beginning(service: AssistantService, store: ConversationStore, chat: Chat) -> None:
    handlers = SourcePane(service, store)
    document = next(entry for entry in service.assistant().documents if entry.title == "The Lantern Towns of Hoshino Bay")
    html = handlers.show_work(document.id, "en")
    assert "The Lantern Towns of Hoshino Bay (2006)" in html
    assert "<mark" not in html
    assert handlers.show_work("nobody's", "en") == note_html(ENGLISH.plain("gone_work"), "error")


def test_the_pane_marks_the_quote_strongest_and_the_other_quotes_weaker(service: AssistantService) -> None:
    turn = turn_of(service, MONEY)
    document = turn.answer.citations[0].document_id
    others = [c for c in turn.answer.citations if c.document_id == document and c.marker != 1]
    html = citation_pane(turn, 1, service.assistant().documents, service.text, ENGLISH)
    assert marked(html) == MONEY_QUOTE
    assert marked(html, "") == " ".join(c.quote for c in sorted(others, key=lambda c: c.start))
    assert "1 of" in html
    assert 'class="aj-step aj-next" href="#aj-cite/t1/2"' in html
    assert "aj-previous" not in html.replace('aria-hidden="true">Previous', "")


def test_the_pane_holds_the_whole_document(service: AssistantService) -> None:
    from html import unescape

    html = citation_pane(turn_of(service, MONEY), 1, service.assistant().documents, service.text, ENGLISH)
    text = re.sub(r"<[^>]+>", "", html[html.index('<div class="aj-text"') :])
    assert unescape(text).split() == LANTERNS.split()


def test_a_pdf_shows_its_pages(service: AssistantService) -> None:
    turn = turn_of(service, PAGES)
    citation = turn.answer.citations[0]
    assert (citation.quote, citation.page, citation.offsets) == (PAGES_QUOTE, 2, "page")
    html = citation_pane(turn, citation.marker, service.assistant().documents, service.text, ENGLISH)
    assert marked(html) == PAGES_QUOTE
    assert '<p class="aj-place">page 2' in html
    assert re.findall(r'<span class="aj-page">(.*?)</span>', html) == ["page 1", "page 2"]
    assert html.index("page 2</span>") < html.index("aj-current")


def test_a_document_that_has_changed_or_gone_shows_the_quote_as_it_was(service: AssistantService) -> None:
    turn = turn_of(service, MONEY)
    documents = service.assistant().documents
    changed = [replace(document, sha256="0" * 64) for document in documents]
    html = citation_pane(turn, 1, changed, service.text, ENGLISH)
    assert "This file has changed since the answer was given." in html
    assert f"<blockquote>{MONEY_QUOTE}</blockquote>" in html
    assert "aj-mark" not in html
    assert "This work is no longer in the library." in citation_pane(turn, 1, [], service.text, ENGLISH)
    assert "This answer has no such citation." in citation_pane(turn, 99, documents, service.text, ENGLISH)


def test_a_passage_opens_in_its_document(service: AssistantService) -> None:
    hit = service.retrieve(MONEY, 1)[0]
    text = service.text(hit.document.id)
    html = passage_pane(hit.passage, hit.document, text, ENGLISH)
    assert same(text[hit.passage.start : hit.passage.end], marked(html))


def test_the_pane_functions_answer_with_a_sentence_when_there_is_nothing(
    service: AssistantService, store: ConversationStore, chat: Chat
) -> None:
    show_citation, show_near, show_passage, copy_text, *_ = SourcePane(service, store).functions()
    assert "The link leads to no answer that is kept here." in show_citation(["nobody", 1, "en"])
    assert "This passage is no longer in the index." in show_passage(["nothing", "en"])
    assert "This passage is no longer in the index." in show_near(["nobody", 1, "en"])
    assert copy_text(["nobody", True, "en"]) == ""


def test_copying_with_and_without_citations(service: AssistantService, store: ConversationStore, chat: Chat) -> None:
    copy_text = SourcePane(service, store).functions()[3]
    turn = store.keep("emilia", "", service.ask(MONEY))
    bare, cited = copy_text([turn.id, False, "en"]), copy_text([turn.id, True, "en"])
    assert bare.split("\n\n")[0] == f"“{MONEY_QUOTE}”"
    assert "[1]" not in bare
    assert f"“{MONEY_QUOTE}” [1]" in cited
    assert "[1] Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006)" in cited
    assert "登録文献に答えがある確率：" in copy_text([turn.id, True, "ja"])
