"""Renders quoted rows of a table as HTML with the rows around them; each quoted row is marked, with its numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from askjapan.citations.render import is_ours, table_rows
from askjapan.records import Sentence, Unit
from askjapan.web.conversations.store import Turn
from askjapan.web.html.study_notes import whose_html
from askjapan.web.words.translations import Words

ROWS_AROUND = 6
Rows = list[list[str]]
Numbers = Callable[[Sentence], str]


def table_html(block: Sequence[Sentence], turn: Turn, numbers: Numbers, words: Words) -> str:
    """The table that quoted rows stand in, each of them marked and numbered; empty for a sentence in prose.

    Args:
        block: sentences that belong together.
        turn: the answer that they are of.
        numbers: gives the links to a sentence's citations as HTML.
        words: the interface's language.
    """
    quoted = [(sentence, rows) for sentence in block if (rows := table_rows(sentence))]
    if not quoted:
        return ""
    citations = [citation for sentence in block for citation in sentence.citations]
    header = any(citation.unit == "header" for citation in citations)
    captions, head = quoted[0][1][0], quoted[0][1][1][:1] if header else []
    body = [row for _, (_, rows) in quoted for row in rows[len(head) :]]
    sources = {_plain(row): sentence for sentence, (_, rows) in reversed(quoted) for row in rows[len(head) :]}
    ids = {citation.passage_id for citation in citations}
    passage = next((hit.passage for hit in turn.answer.hits if hit.passage.id in ids), None)
    if passage is not None:
        shown = _window([unit for unit in passage.units if unit.kind in ("header", "row")], set(sources))
        header = any(unit.kind == "header" for unit in passage.units)
        head, body = (shown[:1], shown[1:]) if header else ([], shown)
    marked = [(row, sources.get(_plain(row))) for row in body]
    table = _drawn(" ".join(captions), head, marked, block[0], numbers, words)
    unplaced = [sentence for sentence, _ in quoted if not any(sentence is source for _, source in marked)]
    below = "".join(numbers(sentence) for sentence in unplaced)
    label = words("table_source")
    told = f"<p>{label}{below}</p>" if below else ""
    if is_ours(block[0]):
        told += f"<p>{whose_html(block[0], words)}</p>"
    return f'<div class="aj-table">{table}{told}</div>'


def _drawn(
    caption: str, head: Rows, body: Sequence[tuple[list[str], Sentence | None]], first: Sentence, numbers: Numbers, words: Words
) -> str:
    """A table; behind a quoted row stand its numbers, and the row that was chosen first is marked strongest."""
    width = max(map(len, [*head, *(row for row, _ in body)]), default=1)
    source = f'<th scope="col" class="aj-row-source"><span class="aj-unseen">{words("source")}</span></th>'
    above = "".join(_row(row, width, "th", source) for row in head)
    below = "".join(
        _row(
            row,
            width,
            "td",
            f'<td class="aj-row-source">{numbers(sentence) if sentence else ""}</td>',
            "" if sentence is None else "aj-hit" if sentence is first else "aj-also",
        )
        for row, sentence in body
    )
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{named}{above and f'<thead>{above}</thead>'}<tbody>{below}</tbody></table>"


def _window(units: Sequence[Unit], answering: set[str]) -> Rows:
    """A table's header and the rows near the answering ones; a gap is a row with an ellipsis."""
    rows = [unit.text.split("\t") for unit in units]
    hits = [number for number, row in enumerate(rows) if _plain(row) in answering]
    kept = [
        number
        for number, unit in enumerate(units)
        if unit.kind == "header" or any(abs(number - hit) <= ROWS_AROUND for hit in hits)
    ]
    shown: Rows = []
    last = -1
    for number in kept:
        shown += [["…"]] * (number > last + 1) + [rows[number]]
        last = number
    return shown + [["…"]] * (last < len(rows) - 1)


def _plain(row: Sequence[str]) -> str:
    return "\t".join(row).strip("\t ")


def _row(cells: Sequence[str], width: int, tag: str, last: str, css: str = "") -> str:
    filled = [*cells, *[""] * (width - len(cells))]
    opened = '<th scope="col">' if tag == "th" else "<td>"
    inner = "".join(f"{opened}{escape(cell)}</{tag}>" for cell in filled) + last
    return f'<tr class="{css}">{inner}</tr>' if css else f"<tr>{inner}</tr>"
