"""Start screen of an empty conversation: the works of the library, ways to ask about them, and a link to add papers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from askjapan.citations.render import shortened
from askjapan.records import Document
from askjapan.web.words.translations import Words

SHOWN = 6
LINE = 90  # characters of a card's line


def start_html(documents: Sequence[Document] | None, speak: Words, *, editing: bool) -> str:
    """The start screen as HTML; Gradio's chat keeps only texts, classes and links of it, so that links carry the actions.

    Args:
        documents: the works in the index; None where they are not known yet.
        speak: the interface's language.
        editing: whether papers may be added here.
    """
    hint = f"<h2>{speak('welcome')}</h2><p>{speak('welcome_hint')}</p>"
    if documents is None:
        return f'<div class="aj-welcome">{hint}</div>'
    works = "".join(_work(document, speak) for document in documents[:SHOWN])
    names = [speak.theme(theme) for theme in dict.fromkeys(theme for document in documents for theme in document.themes)]
    chips = "".join(f"<li>{_asking(speak.plain('ask_theme', theme=name), escape(name))}</li>" for name in names)
    count = speak({0: "start_no_works", 1: "start_work"}.get(len(documents), "start_works"), number=str(len(documents)))
    add = f' <a class="aj-start-add" href="#aj-tab/library">{speak("start_add")}</a>' if editing else ""
    more = f'<li><a class="aj-asks" href="#aj-tab/library">{speak("start_all", number=str(len(documents)))}</a></li>'
    return (
        f'<div class="aj-welcome">{hint}<p class="aj-start-count"><strong>{count}</strong>{add}</p>'
        f'<ul class="aj-start-works">{works}{more if len(documents) > SHOWN else ""}</ul>'
        f'<ul class="aj-start-themes">{chips}</ul></div>'
    )


def _work(document: Document, speak: Words) -> str:
    people = ", ".join(document.authors)
    year = str(document.year) if document.year else speak.plain("undated")
    # The themes stand below the works, for all of them.
    line = " · ".join(filter(None, (people, year)))
    inner = f"<strong>{escape(shortened(document.title, LINE))}</strong><span>{escape(shortened(line, LINE))}</span>"
    return f"<li>{_asking(speak.plain('ask_work', title=document.title), inner)}</li>"


def _asking(question: str, inner: str) -> str:
    """A link that asks a question; what is in it is HTML already."""
    return f'<a class="aj-asks" href="#aj-ask/{quote(question, safe="")}">{inner}</a>'
