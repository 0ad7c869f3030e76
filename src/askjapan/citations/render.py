"""Formats answers as text for a terminal. A study note is never shown as the work itself: quotation marks are for full texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from askjapan.citations.bibliography import flat, full_title, split_name, unconfirmed_note
from askjapan.citations.labels import Labels, labels
from askjapan.records import Answer, Citation, Document, Hit, Sentence, Written, WrittenSentence, work_line
from askjapan.sayings import ENGLISH


def source_line(document: Document, language: str = ENGLISH) -> str:
    """Author, title, year and kind of a document in one line."""
    if document.kind == "study note":
        return full_title(document, language)
    return work_line(document.authors, document.title, document.year)


def is_ours(sentence: Sentence) -> bool:
    """Whether a sentence stands in a study note of this project, and not in the work itself."""
    return any(citation.document_kind == "study note" for citation in sentence.citations)


def quoted(sentence: Sentence) -> str:
    """A sentence as it is shown: in quotation marks where it is the work's own."""
    return f"“{sentence.text}”" if sentence.kind == "quote" and not is_ours(sentence) else sentence.text


def subject(citation: Citation) -> str:
    """The subject of a study note: the family name of the work's first author, else its title, cut to 40 characters."""
    return split_name(citation.authors[0])[0] if citation.authors else shortened(citation.title, 40)


def note_label(sentence: Sentence, language: str = ENGLISH) -> str:
    """Label of a sentence from a study note: "note on Mouer, §2"; empty for any other sentence."""
    if not is_ours(sentence):
        return ""
    first, tell = sentence.citations[0], labels(language)
    return tell("note_on", label=tell("list_comma").join(filter(None, (subject(first), tell.part_of_work(first.locator)))))


def place(citations: Sequence[Citation], language: str = ENGLISH) -> str:
    """Place of quotes that share a page and section: page, section, whether read by OCR, character offsets."""
    citation, tell = citations[0], labels(language)
    parts = []
    if citation.page is not None:
        key = "place_labelled" if citation.page_label else "place_page"
        parts.append(tell(key, label=citation.page_label or "", number=citation.page))
    if citation.section:
        parts.append(citation.section)
    if citation.recognised:
        parts.append(tell("by_ocr"))
    spans = tuple(dict.fromkeys(f"{one.start}–{one.end}" for one in citations))
    parts.append(tell("characters_of_page" if citation.offsets == "page" else "characters_of_text", spans=spans))
    return tell("list_comma").join(parts)


def citation_line(citations: Sequence[Citation], language: str = ENGLISH) -> str:
    """One numbered source line for the citations that share a marker."""
    first, tell = citations[0], labels(language)
    work = work_line(first.authors, first.title, first.year)
    work = tell("study_note_on", work=work) if first.document_kind == "study note" else work
    named = tell("list_comma").join(filter(None, (work, tell.part_of_work(first.locator))))
    groups: dict[tuple[object, ...], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.page, citation.section, citation.offsets), []).append(citation)
    places = tell("list_semicolon").join(place(group, language) for group in groups.values())
    return f"[{first.marker}] {' – '.join(filter(None, (named, places, unconfirmed_note(citations, language))))}"


def by_marker(citations: Iterable[Citation]) -> list[list[Citation]]:
    """Citations grouped by marker, in order."""
    groups: dict[int, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.marker, []).append(citation)
    return list(groups.values())


def shared_markers(answer: Answer) -> list[int]:
    """The markers of quotes that the previous answer cited too."""
    return [group[0].marker for group in by_marker(answer.citations) if group[0].quote_sha256 in answer.inherited]


def table_rows(sentence: Sentence) -> tuple[list[str], list[list[str]]] | None:
    """A quoted table row as (caption lines, rows of cells with the header first); None for a sentence in prose."""
    kinds = [citation.unit for citation in sentence.citations]
    if "row" not in kinds:
        return None
    # A row of one cell has no tab; it is told from a caption by its own citation.
    cells = {citation.quote.strip() for citation in sentence.citations if citation.unit in ("header", "row")}
    lines = [(line, "\t" in line or line.strip() in cells) for line in sentence.text.split("\n")]
    captions = [line for line, is_row in lines if not is_row]
    rows = [line.split("\t") for line, is_row in lines if is_row]
    width = max((len(row) for row in rows), default=0)
    return captions, [row + [""] * (width - len(row)) for row in rows]


def sentence_blocks(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences in blocks, in order; quoted rows of one passage's table form one block, where the first of them stands."""
    blocks: dict[str, list[Sentence]] = {}
    for number, sentence in enumerate(sentences):
        of_table = next((citation.passage_id for citation in sentence.citations if citation.unit == "row"), str(number))
        blocks.setdefault(of_table, []).append(sentence)
    return list(blocks.values())


def block_lines(
    block: Sequence[Sentence], *, numbered: bool = True, parallel: bool = False, language: str = ENGLISH
) -> list[str]:
    """The lines of a block; caption and header of a table once, above its first row.

    Args:
        block: from `sentence_blocks`.
        numbered: whether each row or quote ends with its number, and with its label if it is from a study note.
        parallel: whether each sentence of a study note is followed by the same sentence in the note's other edition.
        language: of the words around the quotes.
    """
    lines: list[str] = []
    tell = labels(language)
    for sentence in block:
        marker = _marker(sentence, tell) if numbered else ""
        table = table_rows(sentence)
        if table is None:
            lines.append((tell.own(sentence.saying, sentence.text) if sentence.saying else quoted(sentence)) + marker)
        else:
            captions, rows = table
            own = [*captions, *("  ".join(cell for cell in row if cell) for row in rows)]
            lines += [line for line in own[:-1] if line not in lines] + [own[-1] + marker]
        lines += parallel_lines(sentence) if parallel else []
    return lines


def _marker(sentence: Sentence, tell: Labels) -> str:
    marker = f" [{sentence.citations[0].marker}]" if sentence.citations else ""
    return marker + tell.in_brackets(note_label(sentence, tell.language))


def parallel_lines(sentence: Sentence) -> list[str]:
    """The same sentence in the other edition of a study note: a line for each citation, after the code of its language."""
    parallels = (citation.parallel for citation in sentence.citations)
    return [f"    {parallel.language}: {flat(parallel.text)}" for parallel in parallels if parallel]


def short_line(answer: Answer, bold: str = "") -> str:
    """The short answer with the numbers of the quotes that support it; empty where there is none. `bold` is put on both sides of it."""
    if not answer.short:
        return ""
    return " ".join([f"{bold}{answer.short}{bold}", *(f"[{marker}]" for marker in answer.short_markers)])


def to_text(answer: Answer, *, parallel: bool = False, explain: bool = False, language: str = ENGLISH) -> str:
    """An answer for a terminal: the short answer, quotes with their numbers, then the sources, or the refusal with the nearest passages.

    Sentences written by a language model come first; `parallel` and `language` are as for `block_lines`.
    With `explain`, the steps to the answer come last.
    """
    lines: list[str] = []
    tell = labels(language)
    if answer.written and answer.written.sentences:
        told = (written_line(sentence, language) for sentence in answer.written.sentences)
        lines += [written_heading(answer.written, language), *told, ""]
    if answer.standalone_question != answer.question:
        lines += [tell("understood", question=answer.standalone_question), ""]
    if not answer.answered:
        lines += [tell.own(answer.saying, answer.reason), ""]
    lines += [f"- {reading}" for reading in answer.readings]
    if short := short_line(answer, "**"):
        lines += [short, ""]
    for number, block in enumerate(sentence_blocks(answer.sentences)):
        lines += [""] if block[0].kind == "heading" and number else []
        lines += block_lines(block, parallel=parallel, language=language)
    return "\n".join([*lines, *_below(answer, tell, explain)])


def _below(answer: Answer, tell: Labels, explain: bool) -> list[str]:
    """The lines under an answer's sentences: sources, quotes of the previous answer, nearest passages, confidence, explanation."""
    lines: list[str] = []
    groups = by_marker(answer.citations)
    if groups:
        lines += ["", *(citation_line(group, tell.language) for group in groups)]
    if shared := shared_markers(answer):
        lines.append(tell("quoted_before", markers=tuple(f"[{marker}]" for marker in shared)))
    if answer.outcome == "refusal" and answer.hits:
        lines += ["", tell("nearest_passages"), *(f"- {_hit_text(hit, tell)}" for hit in answer.hits[:3])]
    if answer.hits and not answer.readings:
        lines += ["", tell("confidence", number=f"{answer.confidence:.2f}")]
    if explain and answer.explanation:
        lines += ["", tell("how_it_came_about"), *(f"- {step}" for step in answer.explanation)]
    return lines


def written_heading(written: Written, language: str = ENGLISH) -> str:
    """Heading above the sentences that a language model wrote."""
    return labels(language)("written_below", model=written.model)


def written_line(sentence: WrittenSentence, language: str = ENGLISH) -> str:
    """A written sentence with the numbers of its quotes; struck through, with the reason, where they do not support it."""
    numbers = "".join(f"[{number}]" for number in sentence.numbers)
    if sentence.supported:
        return f"{sentence.text} {numbers}"
    tell = labels(language)
    why = tell("unsupported_words", words=sentence.missing) if sentence.missing else tell("unsupported")
    return f"{' '.join(part for part in (f'~~{sentence.text}~~', numbers) if part)}{tell.in_brackets(why)}"


def to_plain(answer: Answer, language: str = ENGLISH) -> str:
    """An answer's sentences without numbers and sources; sentences of study notes and unconfirmed figures are labelled."""
    tell = labels(language)
    shown = [
        (tell.own(each.saying, each.text) if each.saying else quoted(each)) + _labels(each, tell) for each in answer.sentences
    ]
    reason = tell.own(answer.saying, answer.reason)
    above = [answer.short] if answer.short else [reason] if answer.readings or not shown else []
    return "\n\n".join([*above, *answer.readings, *shown])


def _labels(sentence: Sentence, tell: Labels) -> str:
    return "".join(
        map(tell.in_brackets, (note_label(sentence, tell.language), unconfirmed_note(sentence.citations, tell.language)))
    )


def _hit_text(hit: Hit, tell: Labels) -> str:
    place = tell("list_comma").join(filter(None, (source_line(hit.document, tell.language), hit.passage.section)))
    return shortened(hit.passage.text) + tell.in_brackets(place)


def shortened(text: str, length: int = 160) -> str:
    """A text on one line, cut at a word to at most `length` characters before the ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[:length].rsplit(" ", 1)[0] + " …"


def hit_lines(hits: Sequence[Hit]) -> list[str]:
    """Hits for a terminal: rank, source, place and text."""
    lines: list[str] = []
    for hit in hits:
        passage = hit.passage
        page = f", p. {passage.page_label or passage.page}" if passage.page is not None else ""
        section = f", {passage.section}" if passage.section else ""
        lines += [f"{hit.rank}. {source_line(hit.document)}{page}{section} (score {hit.score:.2f})", f"   {passage.text}", ""]
    return lines
