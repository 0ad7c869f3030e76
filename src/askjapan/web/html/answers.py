"""Renders records as HTML for the page. Every text that comes from a document, a user or a model passes through `escape` here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import zip_longest

from askjapan.citations.bibliography import unconfirmed_note
from askjapan.citations.labels import labels
from askjapan.citations.render import by_marker, is_ours, sentence_blocks, shortened
from askjapan.records import Answer, Citation, Document, DocumentKind, Hit, Sentence, work_line
from askjapan.sayings import Saying
from askjapan.web.conversations.store import Turn
from askjapan.web.html.emphasis import emphasised
from askjapan.web.html.quoted_table import table_html
from askjapan.web.html.study_notes import parallel_html, part_of_work, whose_html
from askjapan.web.html.written import written_html
from askjapan.web.words.translations import Words

NEAREST = 5
# An empty line would end the HTML, and Markdown would be read after it; it takes a carriage return for a line's end as well.
_ONE_LINE = str.maketrans("\n\r", "  ")


def answer_html(turn: Turn, words: Words, shown: int | None = None, *, writing: bool = False) -> str:
    """An answer as one block of HTML without empty lines, so that Markdown leaves it alone.

    Args:
        turn: the answer with its id, which the links in it carry.
        words: the interface's language.
        shown: number of sentences that have appeared so far; None for all of them, with the tools under the answer.
        writing: whether the writer is still at work.
    """
    answer = turn.answer
    complete = shown is None
    parts = []
    if answer.standalone_question not in ("", answer.question):
        parts.append(f'<p class="aj-understood">{_understood(answer.question, answer.standalone_question, words)}</p>')
    blocks = [_block(block, turn, words) for block in sentence_blocks(answer.sentences[:shown])]
    if answer.short:
        parts.append(_short(turn, words))
    if answer.readings:
        parts.append(_question_back(answer, words))
    if complete:
        blocks.append(parallel_html([one for one in answer.sentences if is_ours(one)], words))
    parts += blocks if answer.outcome != "refusal" else [_finding(turn, "".join(blocks), words)]
    if complete and answer.written:
        links = {group[0].marker: _number(group, turn, words) for group in by_marker(answer.citations)}
        parts.append(written_html(answer.written, links, words, writing=writing))
    if complete and (answer.hits or answer.citations or not answer.answered or answer.kind == "library"):
        if answer.explanation:
            parts.append(_explained(answer, words))
        if answer.hits and not answer.readings:
            parts.append(f'<p class="aj-confidence">{words("confidence", number=f"{answer.confidence * 100:.0f}")}</p>')
        parts.append(_tools(words))
    return f'<div class="aj-answer" id="aj-turn-{turn.id}">{"".join(parts)}</div>'.translate(_ONE_LINE)


def _understood(asked: str, understood: str, words: Words) -> str:
    """The question as it was understood, in a sentence; what was added to it from the questions before stands in brackets at its end."""
    topic = understood.removeprefix(asked).strip()
    if understood.startswith(asked) and topic.startswith("(") and topic.endswith(")"):
        return words("understood_topic", question=asked, topic=topic[1:-1])
    return words("understood", question=understood)


def _short(turn: Turn, words: Words) -> str:
    """The short answer, with the numbers of the quotes that support it."""
    answer = turn.answer
    groups = {group[0].marker: group for group in by_marker(answer.citations)}
    numbers = "".join(_number(groups[marker], turn, words) for marker in answer.short_markers if marker in groups)
    return f'<p class="aj-short"><strong>{escape(answer.short)}</strong>{numbers}</p>'


def _question_back(answer: Answer, words: Words) -> str:
    """The question back to the reader where a question has several readings, which the chat offers under it."""
    return f'<p class="aj-framing">{escape(labels(words.language).own(answer.saying, answer.reason))}</p>'


def _explained(answer: Answer, words: Words) -> str:
    """The steps by which the answer came about, folded."""
    steps = "".join(f"<li>{escape(step)}</li>" for step in answer.explanation)
    return f'<details class="aj-explained"><summary>{words("explained")}</summary><ol>{steps}</ol></details>'


def note_html(text: str, kind: str = "note") -> str:
    """A message of the page itself as HTML, such as that models are loading, or an error; `kind` is part of its CSS class."""
    return f'<div class="aj-{kind}"><p>{escape(text)}</p></div>'.translate(_ONE_LINE)


def _finding(turn: Turn, said: str, words: Words) -> str:
    """A refusal: what was looked for, the sentences beside it, and the nearest passages."""
    answer = turn.answer
    listed = "".join(_nearest(hit, turn, words) for hit in answer.hits[:3])
    nearest = f'<p class="aj-label">{words("nearest")}</p><ol class="aj-nearest">{listed}</ol>' if listed else ""
    finding = f'<p class="aj-label">{words("finding")}</p><p>{escape(_why(answer, words))}</p>'
    return f'<div class="aj-finding">{finding}{said}{nearest}</div>'


def _why(answer: Answer, words: Words) -> str:
    """The reason of a refusal; that the corpus does not answer stands above it already. Not escaped."""
    reason = answer.saying
    why = reason.values.get("why") if reason and reason.key == "refused" and reason.is_known else None
    if reason is None or not isinstance(why, Saying):
        return labels(words.language).own(reason, answer.reason)
    question, lacking = str(reason.values["question"]), why.values.get("lacking", ())
    if isinstance(lacking, tuple) and not all(str(item).casefold() in question.casefold() for item in lacking):
        # What is lacking was looked for in another language, and its words say nothing to who asked in this one.
        why = Saying.of("nothing")
    return words.plain("looked_for", question=question, why=words.said(why))


def _nearest(hit: Hit, turn: Turn, words: Words) -> str:
    title = hit.document.title
    place = hit.passage.section.split(" › ")[-1] or title
    people = ", ".join(hit.document.authors)
    return (
        f'<li><a class="aj-near" href="#aj-near/{turn.id}/{hit.rank}">{escape(shortened(place, 90))}</a>'
        f'<span class="aj-near-text">{emphasised(shortened(hit.passage.text, 180))}</span>'
        f'<span class="aj-near-work">{kind_badge(hit.document.kind, words)} {escape(f"{people}, " if people else "")}'
        f"{escape(shortened(title, 60))}</span></li>"
    )


def _block(block: Sequence[Sentence], turn: Turn, words: Words) -> str:
    return table_html(block, turn, lambda sentence: _numbers(sentence, turn, words), words) or _sentence(block[0], turn, words)


def _sentence(sentence: Sentence, turn: Turn, words: Words) -> str:
    numbers = _numbers(sentence, turn, words)
    if sentence.kind == "heading":
        return f'<h3 class="aj-heading">{escape(sentence.text)}</h3>'
    if sentence.kind == "framing":
        told = escape(labels(words.language).own(sentence.saying, sentence.text))
        return f'<p class="aj-framing"><span class="aj-tag">{words("framing")}</span> {told}{numbers}</p>'
    if sentence.kind == "generated":
        tag = f'<span class="aj-tag">{words("generated")}</span>'
        return f'<p class="aj-generated">{tag} {escape(sentence.text)}{numbers}</p>'
    shared = any(citation.quote_sha256 in turn.answer.inherited for citation in sentence.citations)
    before = f' <span class="aj-inherited">{words("inherited")}</span>' if shared else ""
    if is_ours(sentence):
        return f'<div class="aj-ours"><p>{emphasised(sentence.text)}{numbers}{whose_html(sentence, words)}{before}</p></div>'
    return f'<blockquote class="aj-quote"><p>“{emphasised(sentence.text)}”{numbers}{before}</p></blockquote>'


def _numbers(sentence: Sentence, turn: Turn, words: Words) -> str:
    return "".join(_number(group, turn, words) for group in by_marker(sentence.citations))


def _number(group: Sequence[Citation], turn: Turn, words: Words) -> str:
    first = group[0]
    return (
        f'\u2060<span class="aj-ref"><a class="aj-cite" href="#aj-cite/{turn.id}/{first.marker}">'
        f"{first.marker}</a>"
        f'<span class="aj-card" hidden>{_card(group, words)}</span></span>{_doubt(group, words)}'
    )


def _doubt(group: Sequence[Citation], words: Words) -> str:
    """A mark behind a quote's number with the figures in it that only one engine has read in the PDF."""
    told = unconfirmed_note(group, words.language)
    return f' <span class="aj-doubt">{escape(told)}</span>' if told else ""


def _card(group: Sequence[Citation], words: Words) -> str:
    """The card that hovering over a number shows; spans only, since it stands inside a paragraph."""
    first = group[0]
    return (
        f"{_quoted(group, 420)}"
        f'<span class="aj-card-title">{kind_badge(first.document_kind, words)} {escape(cited_line(first))}</span>'
        f'<span class="aj-card-place">{escape(place_line(first, words))}</span>'
    )


def _quoted(group: Sequence[Citation], limit: int) -> str:
    """The quote of a card: prose in quotation marks, a table's row as its caption and a cell under each column's name."""
    of = {citation.unit: citation.quote for citation in group}
    if "row" not in of:
        quote = " … ".join(citation.quote for citation in group)
        shown = shortened(quote, limit) if group[0].document_kind == "study note" else f"“{shortened(quote, limit)}”"
        return f'<span class="aj-card-quote">{emphasised(shown)}</span>'
    caption = f'<span class="aj-card-caption">{escape(shortened(of["caption"], limit))}</span>' if "caption" in of else ""
    names = of.get("header", "").split("\t")
    cells = "".join(
        f'<span class="aj-cell">{f"<span>{escape(name)}</span> " if name else ""}<b>{escape(cell)}</b></span> '
        for name, cell in zip_longest(names, of["row"].split("\t"), fillvalue="")
        if cell
    )
    return f'<span class="aj-card-row">{caption}{cells}</span>'


def kind_badge(kind: DocumentKind, words: Words) -> str:
    """Badge that says whether a text is the work itself or this project's note on it."""
    name, css = ("kind_full", "full") if kind == "full text" else ("kind_note", "note")
    return f'<span class="aj-badge aj-badge-{css}">{words(name)}</span>'


def document_line(document: Document) -> str:
    """Authors, title and year of a work; `kind_badge` says whether the text is a study note. Not escaped."""
    return work_line(document.authors, document.title, document.year)


def cited_line(citation: Citation) -> str:
    """Authors, title and year of a cited work; not escaped."""
    return work_line(citation.authors, citation.title, citation.year)


def place_line(citation: Citation, words: Words) -> str:
    """Page and section of a citation, for a study note also the part of the work; and doubts about the reading. Not escaped."""
    page = page_name(citation.page, citation.page_label, words) if citation.page is not None else ""
    by_ocr = labels(words.language)("by_ocr") if citation.recognised else ""
    parts = (page, part_of_work(citation.locator, words), citation.section, by_ocr, unconfirmed_note([citation], words.language))
    return " · ".join(part for part in parts if part)


def page_name(number: int, label: str | None, words: Words) -> str:
    """A page by what is printed on it, and by where it is in the file if that differs; not escaped yet."""
    if label is None or label == str(number):
        return words.plain("page", number=str(number))
    return words.plain("page_labelled", number=str(number), label=label)


def _tools(words: Words) -> str:
    names = ("copy", "copy_cited", "copy_link")
    buttons = "".join(f'<button type="button" class="aj-tool aj-{name}">{words(name)}</button>' for name in names)
    return f'<div class="aj-tools">{buttons}</div>'


def sources_html(turn: Turn | None, words: Words) -> str:
    """The list beside an answer: its citations as cards, in order; for a refusal the nearest passages; for no answer a hint."""
    if turn is None:
        return f'<div class="aj-list aj-empty"><h2>{words("sources")}</h2><p>{words("sources_empty")}</p></div>'
    answer = turn.answer
    if answer.citations and answer.answered:
        cards = "".join(_citation_card(group, turn, words) for group in by_marker(answer.citations))
        heading = words("sources_of")
    else:
        cards = "".join(_hit_card(hit, turn, words) for hit in answer.hits[:NEAREST])
        heading = words("nearest_to")
    if not cards:
        return f'<div class="aj-list aj-empty"><h2>{words("sources")}</h2><p>{words("no_sources")}</p></div>'
    head = f'<h2>{heading}</h2><p class="aj-for"><q>{escape(answer.question)}</q></p>'
    return f'<div class="aj-list"{_first(turn)}>{head}<ol class="aj-cards">{cards}</ol></div>'


def _first(turn: Turn) -> str:
    """HTML attribute with the place that the pane opens by itself: the first citation, else the nearest passage; empty for a question back."""
    answer = turn.answer
    if answer.readings or not (answer.citations or answer.hits):
        return ""
    place = f"aj-cite/{turn.id}/{answer.citations[0].marker}" if answer.citations else f"aj-near/{turn.id}/{answer.hits[0].rank}"
    return f' data-first="#{place}"'


def _citation_card(group: Sequence[Citation], turn: Turn, words: Words) -> str:
    first = group[0]
    return (
        f'<li><a class="aj-source" href="#aj-cite/{turn.id}/{first.marker}"><span class="aj-marker">{first.marker}</span>'
        f"{_quoted(group, 320)}"
        f'<span class="aj-card-title">{kind_badge(first.document_kind, words)} {escape(cited_line(first))}</span>'
        f'<span class="aj-card-place">{escape(place_line(first, words))}</span></a></li>'
    )


def _hit_card(hit: Hit, turn: Turn, words: Words) -> str:
    document = hit.document
    return (
        f'<li><a class="aj-source" href="#aj-near/{turn.id}/{hit.rank}">'
        f'<span class="aj-card-quote">{emphasised(shortened(hit.passage.text, 320))}</span>'
        f'<span class="aj-card-title">{kind_badge(document.kind, words)} {escape(document_line(document))}</span>'
        f'<span class="aj-card-place">{escape(hit.passage.section)}</span></a></li>'
    )
