"""Records → HTML for the page. Every text that comes from a document, a user or a model passes through `escape` here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from askjapan.present import by_marker, shortened, source_line, table_rows
from askjapan.records import Answer, Citation, DocumentKind, Hit, Sentence, Unit
from askjapan.web.keeping import Turn
from askjapan.web.words import Words

ROWS_AROUND = 6


def answer_html(turn: Turn, words: Words, shown: int | None = None) -> str:
    """An answer as one block of HTML without empty lines, so that Markdown leaves it alone.

    Args:
        turn: the answer with its id, which the links in it carry.
        words: the interface's language.
        shown: how many sentences have appeared so far; all of them, with the tools under the answer, if not given.
    """
    answer = turn.answer
    complete = shown is None
    parts = []
    if answer.standalone_question not in ("", answer.question):
        parts.append(f'<p class="aj-understood">{words("understood")} <q>{escape(answer.standalone_question)}</q></p>')
    if not answer.answered:
        parts.append(_finding(turn, words))
    parts += [_sentence(sentence, turn, words) for sentence in answer.sentences[:shown]]
    if complete:
        if answer.hits:
            parts.append(f'<p class="aj-confidence">{words("confidence")} {answer.confidence * 100:.0f} %</p>')
        parts.append(_tools(words))
    return f'<div class="aj-answer" id="aj-turn-{turn.id}">{"".join(parts)}</div>'.replace("\n", " ")


def note_html(text: str, kind: str = "note") -> str:
    """A sentence of the page itself: that models are loading, or what went wrong and what to do."""
    return f'<div class="aj-{kind}"><p>{escape(text)}</p></div>'


def _finding(turn: Turn, words: Words) -> str:
    answer = turn.answer
    near = "".join(
        f'<li><a class="aj-near" href="#aj-near/{turn.id}/{hit.rank}">{escape(source_line(hit.document))}'
        f"{_section(hit.passage.section)}</a><br>{escape(shortened(hit.passage.text, 220))}</li>"
        for hit in answer.hits[:3]
    )
    nearest = f'<p class="aj-label">{words("nearest")}</p><ol class="aj-nearest">{near}</ol>' if near else ""
    return f'<div class="aj-finding"><p class="aj-label">{words("finding")}</p><p>{escape(answer.reason)}</p>{nearest}</div>'


def _section(section: str) -> str:
    return f" – {escape(section)}" if section else ""


def _sentence(sentence: Sentence, turn: Turn, words: Words) -> str:
    numbers = "".join(_number(group, turn, words) for group in by_marker(sentence.citations))
    if sentence.kind == "framing":
        return f'<p class="aj-framing"><span class="aj-tag">{words("framing")}</span> {escape(sentence.text)}{numbers}</p>'
    if sentence.kind == "generated":
        tag = f'<span class="aj-tag">{words("generated")}</span>'
        return f'<p class="aj-generated">{tag} {escape(sentence.text)}{numbers}</p>'
    table = _table(sentence, turn.answer)
    if table:
        return f'<div class="aj-table">{table}<p class="aj-table-source">{words("table_source")}{numbers}</p></div>'
    return f'<blockquote class="aj-quote"><p>“{escape(sentence.text)}”{numbers}</p></blockquote>'


def _number(group: Sequence[Citation], turn: Turn, words: Words) -> str:
    first = group[0]
    return (
        f'\u2060<span class="aj-ref"><a class="aj-cite" href="#aj-cite/{turn.id}/{first.marker}">'
        f"{first.marker}</a>"
        f'<span class="aj-card" hidden>{_card(group, words)}</span></span>'
    )


def _card(group: Sequence[Citation], words: Words) -> str:
    """What hovering a number shows; spans only, since it stands inside a paragraph."""
    first = group[0]
    quote = " … ".join(citation.quote for citation in group)
    return (
        f'<span class="aj-card-quote">“{escape(shortened(quote, 420))}”</span>'
        f'<span class="aj-card-title">{kind_badge(first.document_kind, words)} {escape(work_line(first))}</span>'
        f'<span class="aj-card-place">{escape(place_line(first, words))}</span>'
    )


def kind_badge(kind: DocumentKind, words: Words) -> str:
    """Whether a text is the work itself or this project's note on it."""
    name, css = ("kind_full", "full") if kind == "full text" else ("kind_note", "note")
    return f'<span class="aj-badge aj-badge-{css}">{words(name)}</span>'


def work_line(citation: Citation) -> str:
    """Authors, title and year of a cited work."""
    year = f" ({citation.year})" if citation.year else ""
    people = ", ".join(citation.authors)
    return f"{people + ', ' if people else ''}{citation.title}{year}"


def place_line(citation: Citation, words: Words) -> str:
    """Page and section of a citation."""
    parts = [page_name(citation.page, citation.page_label, words)] if citation.page is not None else []
    return " · ".join([*parts, *([citation.section] if citation.section else [])])


def page_name(number: int, label: str | None, words: Words) -> str:
    """A page by what is printed on it, and by where it is in the file if that differs."""
    if label is None or label == str(number):
        return words("page", number=str(number))
    return words("page_labelled", number=str(number), label=label)


def _table(sentence: Sentence, answer: Answer) -> str:
    """The table that a quoted row stands in, the row marked; empty for a sentence in prose."""
    quoted = table_rows(sentence)
    if quoted is None:
        return ""
    captions, rows = quoted
    ids = {citation.passage_id for citation in sentence.citations}
    passage = next((hit.passage for hit in answer.hits if hit.passage.id in ids), None)
    header = any(citation.unit == "header" for citation in sentence.citations)
    answering = {_plain(row) for row in (rows[1:] if header else rows)}
    if passage is not None:
        rows = _window([unit for unit in passage.units if unit.kind in ("header", "row")], answering)
        header = any(unit.kind == "header" for unit in passage.units)
    width = max(map(len, rows))
    head = _row(rows[0], width, "th") if header else ""
    body = "".join(_row(row, width, "td", "aj-hit" if _plain(row) in answering else "") for row in (rows[1:] if header else rows))
    caption = escape(" ".join(captions))
    return f"<table>{caption and f'<caption>{caption}</caption>'}{head and f'<thead>{head}</thead>'}<tbody>{body}</tbody></table>"


def _window(units: Sequence[Unit], answering: set[str]) -> list[list[str]]:
    """A table's header and the rows near the answering ones; a gap is a row with an ellipsis."""
    rows = [unit.text.split("\t") for unit in units]
    hits = [number for number, row in enumerate(rows) if _plain(row) in answering]
    kept = [
        number
        for number, unit in enumerate(units)
        if unit.kind == "header" or any(abs(number - hit) <= ROWS_AROUND for hit in hits)
    ]
    shown: list[list[str]] = []
    last = -1
    for number in kept:
        shown += [["…"]] * (number > last + 1) + [rows[number]]
        last = number
    return shown + [["…"]] * (last < len(rows) - 1)


def _plain(row: Sequence[str]) -> str:
    return "\t".join(row).strip("\t ")


def _row(cells: Sequence[str], width: int, tag: str, css: str = "") -> str:
    filled = [*cells, *[""] * (width - len(cells))]
    opened = '<th scope="col">' if tag == "th" else "<td>"
    inner = "".join(f"{opened}{escape(cell)}</{tag}>" for cell in filled)
    return f'<tr class="{css}">{inner}</tr>' if css else f"<tr>{inner}</tr>"


def _tools(words: Words) -> str:
    names = ("copy", "copy_cited", "copy_link")
    buttons = "".join(f'<button type="button" class="aj-tool aj-{name}">{words(name)}</button>' for name in names)
    return f'<div class="aj-tools">{buttons}</div>'


def sources_html(turn: Turn | None, words: Words) -> str:
    """What stands beside an answer: its citations as cards, in order; for a refusal the nearest passages."""
    if turn is None:
        return f'<div class="aj-list aj-empty"><h2>{words("sources")}</h2><p>{words("sources_empty")}</p></div>'
    answer = turn.answer
    if answer.citations:
        cards = "".join(_citation_card(group, turn, words) for group in by_marker(answer.citations))
        heading = words("sources_of")
    else:
        cards = "".join(_hit_card(hit, turn, words) for hit in answer.hits[:5])
        heading = words("nearest_to")
    head = f'<h2>{heading}</h2><p class="aj-for"><q>{escape(answer.question)}</q></p>'
    cards = cards or f"<li>{words('no_sources')}</li>"
    return f'<div class="aj-list">{head}<ol class="aj-cards">{cards}</ol></div>'


def _citation_card(group: Sequence[Citation], turn: Turn, words: Words) -> str:
    first = group[0]
    quote = " … ".join(citation.quote for citation in group)
    return (
        f'<li><a class="aj-source" href="#aj-cite/{turn.id}/{first.marker}"><span class="aj-marker">{first.marker}</span>'
        f'<span class="aj-card-quote">“{escape(shortened(quote, 320))}”</span>'
        f'<span class="aj-card-title">{kind_badge(first.document_kind, words)} {escape(work_line(first))}</span>'
        f'<span class="aj-card-place">{escape(place_line(first, words))}</span></a></li>'
    )


def _hit_card(hit: Hit, turn: Turn, words: Words) -> str:
    document = hit.document
    return (
        f'<li><a class="aj-source" href="#aj-near/{turn.id}/{hit.rank}">'
        f'<span class="aj-card-quote">{escape(shortened(hit.passage.text, 320))}</span>'
        f'<span class="aj-card-title">{kind_badge(document.kind, words)} {escape(source_line(document))}</span>'
        f'<span class="aj-card-place">{escape(hit.passage.section)}</span></a></li>'
    )
