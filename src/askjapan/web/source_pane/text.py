"""HTML of the source pane: a document's whole text with the quotes of one answer marked in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from askjapan.citations.render import by_marker
from askjapan.citations.zotero_links import zotero_link
from askjapan.language.quotation import same
from askjapan.records import Citation, Document, Passage
from askjapan.web.conversations.store import Turn
from askjapan.web.html.answers import document_line, kind_badge, page_name, place_line
from askjapan.web.html.emphasis import emphasised_in_place
from askjapan.web.html.study_notes import part_of_work
from askjapan.web.source_pane.highlights import Mark, citation_marks, leading_of, passage_mark
from askjapan.web.source_pane.pages import frame_html, switch_html
from askjapan.web.words.translations import Words

_HEADING = re.compile(r"^#{1,6}[ \t].*$", re.MULTILINE)
_HASHES = re.compile(r"\A#{1,6}[ \t]+")
_ROW = re.compile(r"^\|.*\|[ \t]*(?:\n|\Z)", re.MULTILINE)
_RULE = re.compile(r"[\s|:-]*")
_BAR = re.compile(r"(?<!\\)\|")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKER = re.compile(r"(?:(?<![ \t])[ \t]++)?\[([^\[\]\s#]+)#[a-z]\d+\](?=[ \t\r]*$)", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n[ \t\r]*\n(?:[ \t\r]*\n)+")


def citation_pane(turn: Turn, marker: int, documents: Sequence[Document], text_of: Callable[[str], str], words: Words) -> str:
    """The document that a number of an answer cites, its quote marked strongest and the answer's other quotes from it weaker."""
    groups = by_marker(turn.answer.citations)
    position = next((place for place, group in enumerate(groups) if group[0].marker == marker), None)
    if position is None:
        return _pane("", words("no_such_citation"), "")
    group = groups[position]
    first = leading_of(group, turn.answer) or group[0]
    document = next((entry for entry in documents if entry.id == first.document_id), None)
    steps = _steps(turn, [entry[0].marker for entry in groups], position, words)
    head = _head(kind_badge(first.document_kind, words), _title(first), place_line(first, words), steps)
    if document is None or document.sha256 != first.document_sha256:
        quotes = "".join(f"<blockquote>{escape(citation.quote)}</blockquote>" for citation in group)
        return _pane(head, words("gone" if document is None else "changed"), quotes)
    text = text_of(document.id)
    cited = [citation for citation in turn.answer.citations if citation.document_id == document.id]
    marks = citation_marks(turn, document, marker)
    wrong = any(not same(text[mark.start : mark.end], citation.quote) for mark, citation in zip(marks, cited, strict=True))
    notice = words("misplaced") if wrong else ""
    return _views(head + _zotero(document, first.page, words), notice, document, marks, text, words)


def passage_pane(passage: Passage, document: Document, text: str, words: Words) -> str:
    """A document opened at one passage."""
    page = [page_name(passage.page, passage.page_label, words)] if passage.page is not None else []
    place = " · ".join([*page, *([passage.section] if passage.section else [])])
    head = _head(kind_badge(document.kind, words), document_line(document), place, _back(words))
    return _views(head + _zotero(document, passage.page, words), "", document, [passage_mark(passage)], text, words)


def _zotero(document: Document, page: int | None, words: Words) -> str:
    """A link that opens the document in Zotero, at the page; empty for a document that did not come from there."""
    link = zotero_link(document, page)
    return f'<p class="aj-zotero"><a href="{escape(link)}">{words("open_in_zotero")}</a></p>' if link else ""


def work_pane(document: Document, text: str, words: Words) -> str:
    """A whole document from its beginning."""
    head = _head(kind_badge(document.kind, words), document_line(document), "", _back(words))
    return _views(head, "", document, [], text, words)


def document_html(text: str, document: Document, marks: Sequence[Mark], words: Words) -> str:
    """HTML of a text as read: escaped, with its marks, its headings set off and a line where a page begins."""
    pages = {page.start: page for page in document.pages}
    spans = _spans(text, document)
    edges = {0, len(text), *pages}
    edges.update(edge for mark in marks for edge in (mark.start, mark.end))
    edges.update(edge for start, (end, _) in spans.items() for edge in (start, end))
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(text))
    parts: list[str] = []
    span_end, style = -1, ""
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        if start in pages:
            page = pages[start]
            parts.append(f'<span class="aj-page">{escape(page_name(page.number, page.label, words))}</span>')
        if start in spans:
            span_end, style = spans[start]
        covering = [mark for mark in marks if mark.start <= start and end <= mark.end]
        parts.append(_piece(text[start:end], covering, style if start < span_end else "", words))
    label = escape(document.title)
    return f'<div class="aj-text" tabindex="0" role="region" aria-label="{label}" lang="{escape(document.language)}">{"".join(parts)}</div>'


def _spans(text: str, document: Document) -> dict[int, tuple[int, str]]:
    """The stretches of a text with a style of their own: for each start the end and the style."""
    spans = {match.start(): (match.end(), "heading") for match in _HEADING.finditer(text)}
    if document.path.lower().endswith((".md", ".markdown")):
        spans.update({match.start(): (match.end(), "row") for match in _ROW.finditer(text)})
    if document.kind == "study note":
        spans.update({match.start(): (match.end(), "marker") for match in _MARKER.finditer(text)})
    if front := _FRONT_MATTER.match(text):
        # What stands over a note of ours names files and says nothing of the work.
        spans[0] = (front.end(), "hidden" if document.kind == "study note" else "front")
    return spans


def _cells(row: str) -> str:
    """A row of a Markdown table as cells; its bars are kept out of sight."""
    bar = '<span class="aj-hash">|</span>'
    return bar.join(f'<span class="aj-td">{escape(cell)}</span>' if cell.strip() else escape(cell) for cell in _BAR.split(row))


def _quiet(text: str, style: str) -> str:
    """A text with the stars that make it bold or italic kept out of sight."""
    return escape(text) if style == "front" else emphasised_in_place(text)


def _part(marker: str, words: Words) -> str:
    """The marker of a study note's sentence, in the place of which the part of the work is seen, in the interface's language."""
    part = part_of_work(match.group(1), words) if (match := _MARKER.search(marker)) else ""
    return f'<span class="aj-hash">{escape(marker)}</span><span class="aj-part" data-part="{escape(part)}"></span>'


def _piece(text: str, covering: Sequence[Mark], style: str, words: Words) -> str:
    if not text:
        return ""
    if style == "marker":
        return _part(text, words)
    if style == "hidden":
        return f'<span class="aj-hash">{escape(text)}</span>'
    # Where a table's rows follow each other nothing may be seen between them, and empty lines are no quote.
    if style == "row" and _RULE.fullmatch(text):
        return f'<span class="aj-hash">{escape(text)}</span>'
    if not covering and style == "row":
        return f'<span class="aj-row">{_cells(text)}</span>'
    if not covering or not text.strip():
        shown = _quiet(_EMPTY_LINES.sub("\n\n", text), style)
        if style == "heading":
            shown = _HASHES.sub(r'<span class="aj-hash">\g<0></span>', shown)
        return f'<span class="aj-{style}">{shown}</span>' if style else shown
    current = any(mark.current for mark in covering)
    markers = " ".join(str(mark.marker) for mark in covering if mark.marker)
    if style != "row":
        # A line's end that is marked shows as a sliver behind the line.
        inner = text.strip()
        before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
    else:
        inner, before, after = text, "", ""
    shown = _cells(inner) if style == "row" else _quiet(inner, style)
    css, leading = " aj-current" if current else "", " data-leading" if any(mark.leading for mark in covering) else ""
    return f'{escape(before)}<mark class="aj-mark{css}" data-markers="{markers}"{leading}>{shown}</mark>{escape(after)}'


def _title(citation: Citation) -> str:
    people = ", ".join(citation.authors)
    year = f" ({citation.year})" if citation.year else ""
    return f"{people + ', ' if people else ''}{citation.title}{year}"


def _steps(turn: Turn, markers: Sequence[int], position: int, words: Words) -> str:
    def step(to: int, key: str) -> str:
        if not 0 <= to < len(markers):
            return f'<span class="aj-step aj-off" aria-hidden="true">{words(key)}</span>'
        return f'<a class="aj-step aj-{key}" href="#aj-cite/{turn.id}/{markers[to]}">{words(key)}</a>'

    if len(markers) == 1:
        return _back(words)
    count = words("position", number=str(position + 1), total=str(len(markers)))
    return f'{_back(words)}{step(position - 1, "previous")}<span class="aj-count">{count}</span>{step(position + 1, "next")}'


def _back(words: Words) -> str:
    return f'<a class="aj-step aj-back" href="#aj-back">{words("back")}</a>'


def _head(badge: str, title: str, place: str, steps: str) -> str:
    where = f'<p class="aj-place">{escape(place)}</p>' if place else ""
    return f'<div class="aj-steps">{steps}</div><h2 class="aj-title" tabindex="-1">{badge} {escape(title)}</h2>{where}'


def _views(head: str, notice: str, document: Document, marks: Sequence[Mark], text: str, words: Words) -> str:
    """A document's text and, for a PDF, the place for its pages, with the choice between them."""
    views = document_html(text, document, marks, words) + frame_html(document, marks, words)
    find = (
        f'<div class="aj-find" role="search"><input type="search" aria-label="{words("find")}" placeholder="{words("find")}">'
        f'<span class="aj-find-count" role="status"></span></div>'
    )
    return _pane(f'{head}<div class="aj-doc-tools">{switch_html(document, words)}{find}</div>', notice, views)


def _pane(head: str, notice: str, body: str) -> str:
    told = f'<p class="aj-notice">{notice}</p>' if notice else ""
    return f'<div class="aj-doc-head">{head}{told}</div>{body}'
