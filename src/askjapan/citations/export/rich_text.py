"""Formats papers as HTML with notes at its end, which word processors take from the clipboard, and answers as notes for Zotero."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from askjapan.citations.bibliography import Cited, cited_works, locators_of
from askjapan.citations.export.references.csl import csl_item
from askjapan.citations.export.written import Block, WrittenPaper
from askjapan.citations.labels import Labels, labels
from askjapan.citations.render import by_marker
from askjapan.citations.zotero_links import zotero_link
from askjapan.records import Answer, Citation
from askjapan.sayings import ENGLISH

SCHEMA_VERSION = 9
"""Version of the schema of Zotero's note editor."""
_TAGS = {"heading": "h2", "quote": "blockquote", "text": "p", "framing": "p", "refusal": "p"}


def to_rich_text(paper: WrittenPaper) -> str:
    """A piece of HTML: the title, paragraphs or table with raised numbers, the notes and the works cited."""
    notes = "".join(f"<li>{note}</li>" for note in paper.notes)
    works = "".join(f"<p>{work}</p>" for work in paper.works)
    return (
        f"<h1>{escape(paper.title)}</h1>{''.join(map(_block, paper.blocks))}{_table(paper.grid)}"
        + (f"<hr><ol>{notes}</ol>" if notes else "")
        + (f"<h2>{escape(labels(paper.language)('references'))}</h2>{works}" if works else "")
    )


def _block(block: Block) -> str:
    tag = _TAGS[block.kind]
    return f"<{tag}>{_inner(block)}</{tag}>"


def _inner(block: Block) -> str:
    text = escape(block.text)
    shown = f"<em>{text}</em>" if block.kind in ("framing", "refusal") else text
    return shown + "".join(f"<sup>{number}</sup>" for number in block.notes)


def _table(grid: Sequence[Sequence[Block]]) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<{'td' if line else 'th'}>{_inner(block)}</{'td' if line else 'th'}>" for block in row) + "</tr>"
        for line, row in enumerate(grid)
    )
    return f'<table border="1">{rows}</table>' if rows else ""


def to_zotero_note(answers: Sequence[Answer], language: str = ENGLISH) -> str:
    """A note as Zotero's editor writes it: quotes, each with a citation that Zotero knows, and a link that opens the PDF at its page."""
    works = {work.document.id: work for work in cited_works(answers, language)}
    places, tell = locators_of(answers, language), labels(language)
    # Without an address Zotero takes the data that stand in the note itself.
    items: dict[str, dict[str, object]] = {id_: {"uris": [], "itemData": _item_data(work)} for id_, work in works.items()}
    parts = []
    for answer in answers:
        parts.append(f"<h1>{escape(answer.question)}</h1>")
        if not answer.answered:
            parts.append(f"<p><em>{escape(tell.own(answer.saying, answer.reason))}</em></p>")
        for sentence in answer.sentences:
            told = tell.own(sentence.saying, sentence.text)
            cited = "".join(_citation(group, items, works, places, tell) for group in by_marker(sentence.citations))
            tag = "blockquote" if sentence.kind == "quote" else "p"
            lines = "<br>".join(escape(line.replace("\t", " | ")) for line in told.split("\n"))
            parts.append(f"<{tag}><p>{lines} {cited}</p></{tag}>" if tag == "blockquote" else f"<p>{lines} {cited}</p>")
    cited_items = escape(quote(json.dumps(list(items.values()), ensure_ascii=False)))
    inner = f'<div data-citation-items="{cited_items}" data-schema-version="{SCHEMA_VERSION}">{"".join(parts)}</div>'
    return f'<div class="zotero-note znv1">{inner}</div>\n'


def _item_data(work: Cited) -> dict[str, object]:
    """The work as CSL-JSON; what stands in `note` is for managers of references, and is in the quotes already."""
    return {name: value for name, value in csl_item(work).items() if name != "note"}


def _citation(
    group: Sequence[Citation],
    items: Mapping[str, dict[str, object]],
    works: Mapping[str, Cited],
    places: Mapping[Citation, str],
    tell: Labels,
) -> str:
    first = group[0]
    page = first.page_label or (str(first.page) if first.page is not None else "")
    item = items[first.document_id] | (
        {"locator": page, "label": "page"} if page else {"locator": places[first], "label": "section"}
    )
    data = escape(quote(json.dumps({"citationItems": [item], "properties": {}}, ensure_ascii=False)))
    people = first.authors[0] if first.authors else first.title
    place = tell("page", label=page) if page else places[first]
    shown = tell("list_comma").join(filter(None, (people, str(first.year or ""), place)))
    link = zotero_link(works[first.document_id].document, first.page)
    opened = f' <a href="{escape(link)}">PDF</a>' if link else ""
    return f'<span class="citation" data-citation="{data}">(<span class="citation-item">{escape(shown)}</span>)</span>{opened}'
