"""Web pages: the main text as Markdown, without menus, footers and banners."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path

from askjapan.documents.readers.html.facts import facts_of
from askjapan.documents.readers.html.main_text import keep_main_text
from askjapan.documents.readers.markup.markdown_text import to_markdown
from askjapan.documents.readers.markup.page_notes import find_notes
from askjapan.documents.readers.markup.styles import mark_hidden, style_sheets
from askjapan.documents.readers.markup.trees import declared_encoding, parse_page
from askjapan.documents.readers.signatures import HTML, read_bytes, seems_to_be, wrong_format
from askjapan.documents.readers.text.decoding import decode
from askjapan.errors import DamagedFile
from askjapan.readings import Reading
from askjapan.sayings import Saying

_ANY_TAG = re.compile(r"<(?:!doctype html|html|head|body|title|meta|div|p|h[1-6]|table|ul|ol|br|article|a)\b", re.IGNORECASE)
_MUCH = 50
_SHARE = 0.05


def read_html(path: Path) -> Reading:
    """Read a web page as Markdown.

    `text` has headings, lists, pipe tables, notes (`[^1]`) and formulas (`2^10`); see `markdown_text`. Deleted text and text that
    the page's own style hides are left out. The facts come from the page's metadata, those for scholarly articles
    (`citation_title` and so on) first; `year` and `date` are there only if the metadata give a date. Nothing is fetched. A warning
    gives the amount of prose that was left out or is hidden, if that is much.

    Raises:
        WrongFormat: the file is no HTML.
        UnreadableText: its encoding cannot be found out.
        DamagedFile: it holds no main text, or its elements are nested too deep.
    """
    data = read_bytes(path)
    if (seems := seems_to_be(data)) not in (HTML, ""):
        raise wrong_format(path, HTML, seems)
    decoded = decode(path, data, declared_encoding(data))
    if not _ANY_TAG.search(decoded.text):
        raise wrong_format(path, HTML, "plain text")
    page, _ = parse_page(path, decoded.text)
    if page is None:
        raise _no_main_text(path)
    whole = deepcopy(page)
    hidden = mark_hidden(page, style_sheets(page))
    dropped = keep_main_text(page)
    text = to_markdown(page, find_notes({"": page}))
    if not text:
        raise _no_main_text(path)
    facts = facts_of(whole, page)
    kept = len(text.split())
    warnings = (
        *decoded.warnings,
        *_left_out(path, dropped, kept, "prose_left_out"),
        *_left_out(path, hidden, kept, "prose_hidden"),
    )
    return Reading(text, "markdown", facts=facts, facts_from="the page's metadata" if facts else "", warnings=warnings)


def _left_out(path: Path, words: int, kept: int, key: str) -> tuple[Saying, ...]:
    much = words >= _MUCH and words > _SHARE * kept
    return (Saying.of(key, file=path.name, words=words),) if much else ()


def _no_main_text(path: Path) -> DamagedFile:
    return DamagedFile(
        f"{path.name} has no main text: nothing is left without its menus.",
        "If the page is filled in by a script, save it from the browser when its text is shown, and add that.",
    )
