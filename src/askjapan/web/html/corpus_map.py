"""Map of the corpus: works by year, and their passages as points, placed by the similarity of their vectors."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray

from askjapan.assistant import Assistant
from askjapan.citations.render import shortened
from askjapan.index.encoders.embedding import PASSAGE_VECTORS
from askjapan.records import Document
from askjapan.web.html.answers import document_line
from askjapan.web.words.translations import Words

WIDTH, HEIGHT, MARGIN = 640, 420, 14
COLOURS = 8
Points = NDArray[np.float32]


def map_html(assistant: Assistant, lit: Collection[str], speak: Words) -> str:
    """The map as HTML with one SVG; a point is a link that opens its passage.

    Args:
        assistant: over the index in use.
        lit: ids of the passages that the last answer quotes.
        speak: the interface's language.
    """
    # A work has the colour of its first theme; a theme that is nobody's first has no points to explain.
    firsts = dict.fromkeys(document.themes[0] for document in assistant.documents if document.themes)
    colours = {theme: number % COLOURS for number, theme in enumerate(firsts)}
    documents = assistant.index.documents
    circles = []
    places = _places(assistant)
    passages = {row: assistant.index.passages[row] for row in places}
    # A point opens a note in the page's language, and a quote of either edition lights it.
    shown = {row: next(iter(assistant.parallels(passage, speak.language)), passage) for row, passage in passages.items()}
    quoted = {other.id for id_ in lit if (one := assistant.index.passage(id_)) for other in (one, *assistant.parallels(one))}
    order = sorted(places, key=lambda row: passages[row].id in quoted)
    for row in order:
        passage, (x, y) = shown[row], places[row]
        document = documents[passage.document_id]
        colour = colours[document.themes[0]] if document.themes else COLOURS
        is_lit = passages[row].id in quoted
        name = f"{document_line(document)} – {passage.section}: {shortened(passage.text, 140)}"
        circles.append(
            f'<a href="#aj-passage/{escape(passage.id)}" class="aj-point aj-colour-{colour}{" aj-lit" if is_lit else ""}" '
            f'tabindex="-1" aria-label="{escape(name)}"><circle cx="{x:.1f}" cy="{y:.1f}" r="{7 if is_lit else 3.5}"/>'
            f"<title>{escape(name)}</title></a>"
        )
    legend = "".join(
        f'<li><span class="aj-dot aj-colour-{number}"></span>{escape(speak.theme(theme))}</li>'
        for theme, number in colours.items()
    )
    total = len(assistant.index.passages)
    counted = speak("map_all" if total == len(order) else "map_editions", points=len(order), passages=total)
    return (
        f'<figure class="aj-map"><figcaption>{counted} {speak("map_caption")}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="{speak("map_label")}">{"".join(circles)}</svg>'
        f'<ul class="aj-legend">{legend}</ul>{_years(assistant.documents, colours, speak)}</figure>'
    )


@lru_cache(maxsize=2)
def _places(assistant: Assistant) -> dict[int, tuple[float, float]]:
    """The (x, y) place of each passage in the picture, in SVG units, by its row in the index: its first two principal components (PCA).

    Texts that are no work of their own, as a note's other edition, are left out: languages would differ more than subjects.
    """
    index = assistant.index
    rows = [row for row, passage in enumerate(index.passages) if index.documents[passage.document_id].is_listed]
    vectors = np.asarray(index.vectors_of(PASSAGE_VECTORS), dtype=np.float32)[rows]
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    flat = centred @ directions[:, -2:][:, ::-1]
    # Ranks instead of distances, half and half: otherwise a few far passages press the others into one spot.
    spread = (_scaled(flat) + _scaled(np.argsort(np.argsort(flat, axis=0), axis=0).astype(np.float32))) / 2
    placed = ((float(MARGIN + x * (WIDTH - 2 * MARGIN)), float(MARGIN + y * (HEIGHT - 2 * MARGIN))) for x, y in spread)
    return dict(zip(rows, placed, strict=True))


def _scaled(values: Points) -> Points:
    lowest, highest = values.min(axis=0), values.max(axis=0)
    return np.asarray((values - lowest) / np.where(highest > lowest, highest - lowest, 1), dtype=np.float32)


def _years(documents: Sequence[Document], colours: dict[str, int], speak: Words) -> str:
    """The works by year, each with the colour of its theme."""
    dated = sorted(documents, key=lambda document: (document.year is None, document.year or 0))
    rows = "".join(
        f'<li><span class="aj-year">{document.year or speak("undated")}</span>'
        f'<span class="aj-dot aj-colour-{colours[document.themes[0]] if document.themes else COLOURS}"></span>'
        f"{escape(shortened(document.title, 70))}</li>"
        for document in dated
    )
    return f'<ol class="aj-years" aria-label="{speak("years_label")}">{rows}</ol>'
