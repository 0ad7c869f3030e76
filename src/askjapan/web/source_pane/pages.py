"""Second view of a PDF in the source pane: its pages as pictures, with the quotes marked on them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from askjapan.assistant import Assistant
from askjapan.citations.page_drawing import Picture, Rectangle
from askjapan.citations.page_images import draw, place
from askjapan.citations.render import shortened
from askjapan.file_names import path_of
from askjapan.readings import Page
from askjapan.records import Document
from askjapan.web.html.answers import note_html, page_name
from askjapan.web.source_pane.highlights import Mark
from askjapan.web.words.translations import Words


def has_pages(document: Document) -> bool:
    """Whether the pages of a document can be shown as they were printed."""
    return document.format == "pdf" and bool(document.pages)


def switch_html(document: Document, words: Words) -> str:
    """The choice between text and page; nothing for a document without pages."""
    if not has_pages(document):
        return ""
    buttons = "".join(
        f'<button type="button" class="aj-tool aj-view" data-view="{view}" aria-pressed="{pressed}">{words("view_" + view)}</button>'
        for view, pressed in (("text", "true"), ("page", "false"))
    )
    return f'<div class="aj-views" role="group" aria-label="{words("view")}">{buttons}</div>'


def frame_html(document: Document, marks: Sequence[Mark], words: Words) -> str:
    """Empty, hidden container for pages, with the data by which the script requests them; empty text for a document without pages."""
    if not has_pages(document):
        return ""
    first = next((page.number for page in document.pages if _on(page, [mark for mark in marks if mark.leading])), 1)

    def button(css: str, key: str, sign: str = "") -> str:
        name = f' aria-label="{words(key)}" title="{words(key)}"' if sign else ""
        return f'<button type="button" class="aj-tool {css}"{name}>{sign or words(key)}</button>'

    count = '<span class="aj-page-count"></span>'
    turn = button("aj-page-previous", "page_previous", "‹") + count + button("aj-page-next", "page_next", "›")
    zoom = button("aj-zoom-out", "zoom_out", "−") + button("aj-zoom-fit", "zoom_fit") + button("aj-zoom-in", "zoom_in", "+")
    return (
        f'<div class="aj-paper" data-document="{escape(document.id)}" data-page="{first}" data-pages="{len(document.pages)}" hidden>'
        f'<div class="aj-paper-bar">{turn}<span class="aj-zoom">{zoom}</span></div>'
        f'<div class="aj-paper-sheet" tabindex="0" role="region" aria-label="{words("page_region")}"></div></div>'
    )


def page_html(assistant: Assistant, document_id: str, number: int, marks: Sequence[Mark], words: Words) -> str:
    """HTML of one page of a document of the index in use, drawn from the very file that was indexed.

    Args:
        assistant: over the index in use; no file outside it is ever opened.
        document_id: names the document.
        number: of the page, from 1.
        marks: of the whole document.
        words: the interface's language.

    Raises:
        AskJapanError: the page cannot be drawn.
    """
    document = assistant.index.documents.get(document_id)
    page = next((page for page in document.pages if page.number == number), None) if document and has_pages(document) else None
    file = _file(assistant, document) if document else None
    if document is None or page is None or file is None:
        return note_html(words.plain("page_gone"), "error")
    picture = draw(file, document.sha256, number)
    text = assistant.text(document_id)
    here = _on(page, marks)
    boxes = [(mark, place(picture, text[page.start : page.end], _within(mark, page))) for mark in here]
    current = [rectangles for mark, rectangles in boxes if mark.current]
    placed = "" if not current else "no" if None in current else "yes"
    told = f'<p class="aj-notice aj-unplaced">{words("page_unplaced")}</p>' if placed == "no" else ""
    drawn = "".join(_box(box, mark, words) for mark, rectangles in boxes for box in rectangles or ())
    return (
        f'<div class="aj-leaf" data-number="{number}" data-placed="{placed}" data-count="{_count(page, document, words)}">'
        f"{told}{_elsewhere(page, document, marks, words)}"
        f'<div class="aj-picture">{_image(picture, page, document, _marked(text, page, here), words)}{drawn}</div></div>'
    )


def _file(assistant: Assistant, document: Document) -> Path | None:
    """The file that a document was read from, by its contents: the index knows it with its whole path."""
    known = assistant.index.manifest.files.items()
    return next((path_of(path) for path, digest in known if digest == document.sha256 and digest), None)


def _on(page: Page, marks: Sequence[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.start < page.end and mark.end > page.start]


def _within(mark: Mark, page: Page) -> tuple[int, int]:
    """A mark's stretch of the page's own text."""
    return max(mark.start, page.start) - page.start, min(mark.end, page.end) - page.start


def _marked(text: str, page: Page, marks: Sequence[Mark]) -> str:
    pieces = (text[max(mark.start, page.start) : min(mark.end, page.end)] for mark in marks if mark.current)
    return " … ".join(" ".join(piece.split()) for piece in pieces)


def _count(page: Page, document: Document, words: Words) -> str:
    count = words("page_of", number=str(page.number), total=str(len(document.pages)))
    return count if page.label in (None, str(page.number)) else f"{escape(str(page.label))} · {count}"


def _elsewhere(page: Page, document: Document, marks: Sequence[Mark], words: Words) -> str:
    """Buttons to the other pages that the quote stands on."""
    current = [mark for mark in marks if mark.current]
    others = [other for other in document.pages if other.number != page.number and _on(other, current)]
    buttons = " ".join(
        f'<button type="button" class="aj-tool aj-page-go" data-page="{other.number}">'
        f"{escape(page_name(other.number, other.label, words))}</button>"
        for other in others
    )
    return f'<p class="aj-also">{words("page_also")} {buttons}</p>' if others else ""


def _image(picture: Picture, page: Page, document: Document, quote: str, words: Words) -> str:
    key = "page_alt_marked" if quote else "page_alt"
    alt = words(key, number=str(page.number), title=document.title, quote=shortened(quote, 420))
    data = base64.b64encode(picture.png).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" width="{picture.width}" height="{picture.height}" alt="{alt}">'


def _box(box: Rectangle, mark: Mark, words: Words) -> str:
    left, top, right, bottom = box
    sides = {"left": left, "top": top, "width": right - left, "height": bottom - top}
    style = ";".join(f"{side}:{share * 100:.3f}%" for side, share in sides.items())
    css = "aj-box aj-box-current" if mark.current else "aj-box"
    return f'<span class="{css}" data-marker="{mark.marker}" style="{style}"></span>'
