"""Lays out answers and matrices as papers: paragraphs with numbered notes, from which Word files and rich text are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from askjapan.citations.bibliography import flat
from askjapan.citations.export.references.styled import Style, Styled, styled
from askjapan.citations.labels import Labels, labels
from askjapan.citations.render import is_ours, note_label, source_line
from askjapan.findings import Matrix
from askjapan.records import Answer, Citation, Sentence
from askjapan.sayings import ENGLISH

BlockKind = Literal["heading", "text", "quote", "framing", "refusal"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; `notes` are the numbers of the notes behind it."""

    kind: BlockKind
    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenPaper:
    """Paragraphs or, for a matrix, rows of cells (the first row is the header), with the notes in their order and the works cited.

    Texts of notes and works are as in `Styled`; `language` is that of the words around them.
    """

    title: str
    blocks: Sequence[Block]
    grid: Sequence[Sequence[Block]]
    notes: Sequence[str]
    works: Sequence[str]
    language: str = ENGLISH


class _Notes:
    """Gives the notes of a paper their numbers, from 1."""

    def __init__(self, cited: Styled) -> None:
        self.cited = cited
        self.texts: list[str] = []

    def of(self, sentence: Sentence) -> tuple[int, ...]:
        """One note for the citations of a sentence; several places of one work stand in it once each."""
        texts = dict.fromkeys(self.cited.notes[next(group)] for _, group in groupby(sentence.citations, key=self._place))
        if not texts:
            return ()
        self.texts.append(" ".join(texts))
        return (len(self.texts),)

    @staticmethod
    def _place(citation: Citation) -> tuple[object, ...]:
        return citation.document_id, citation.page, citation.section


def paper_of_answers(answers: Sequence[Answer], style: Style, language: str = ENGLISH) -> WrittenPaper:
    """An answer or a conversation: each question as a heading, its quotes with a note each."""
    cited, tell = styled(answers, style, language), labels(language)
    notes = _Notes(cited)
    blocks = [block for answer in answers for block in _answer(answer, notes, tell)]
    title = flat(answers[0].question) if len(answers) == 1 else tell("conversation")
    return WrittenPaper(title, blocks if len(answers) > 1 else blocks[1:], (), notes.texts, cited.works, language)


def paper_of_matrix(matrix: Matrix, style: Style, language: str = ENGLISH) -> WrittenPaper:
    """A matrix: one row per work, one column per question, each quote with a note."""
    answered = [cell for cell in matrix.answers if cell.answered]
    cited, tell = styled(answered, style, language), labels(language)
    notes = _Notes(cited)
    header = [Block("heading", name) for name in ("", *matrix.questions)]
    rows = [
        [Block("heading", source_line(row.document, language)), *(_cell(cell, notes, tell) for cell in row.cells)]
        for row in matrix.rows
    ]
    return WrittenPaper(tell("matrix"), (), [header, *rows], notes.texts, cited.works, language)


def _cell(cell: Answer, notes: _Notes, tell: Labels) -> Block:
    quotes = [sentence for sentence in cell.sentences if sentence.kind == "quote"]
    if not cell.answered or not quotes:
        return Block("refusal", tell("not_in_this_work"))
    return Block("quote", _shown(quotes[0], tell), notes.of(quotes[0]))


def _answer(answer: Answer, notes: _Notes, tell: Labels) -> Iterator[Block]:
    yield Block("heading", flat(answer.question))
    if not answer.answered:
        yield Block("refusal", flat(tell.own(answer.saying, answer.reason)))
    for sentence in answer.sentences:
        kind: BlockKind = "quote" if sentence.kind in ("quote", "companion") else "framing"
        yield Block(kind, _shown(sentence, tell), notes.of(sentence))


def _shown(sentence: Sentence, tell: Labels) -> str:
    """A sentence in quotation marks where it is the work's own; one of a study note has its label."""
    told = tell.own(sentence.saying, sentence.text)
    text = " / ".join(flat(line) for line in told.split("\n") if line.strip())
    if is_ours(sentence):
        return text + tell.in_brackets(note_label(sentence, tell.language))
    return f"“{text}”" if sentence.kind == "quote" else text
