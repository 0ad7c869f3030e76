"""Works, passages and an assistant that says what it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from askjapan.evaluation.questions import Question
from askjapan.evaluation.score import Outcome, run_question
from askjapan.language.quotation import fingerprint
from askjapan.records import Answer, Citation, Document, Hit, Passage, Sentence, Unit

TEXTS = {
    "tea": "In 2012 the village hired 27 pickers. They stayed three seasons. The school was closed in 2014.",
    "lanterns-note": "In 1961 forty lanterns went to Vesterby. A bench came back by ship.",
}


def document(id_: str) -> Document:
    return Document(
        id=id_, title=id_.title(), authors=(), year=None, venue="", themes=(),
        kind="study note" if id_.endswith("-note") else "full text", language="en",
        path=f"corpus/{'000_ab.txt' if id_ == 'tea' else id_ + '.md'}", sha256="0" * 64, format="txt", described_by="",
    )  # fmt: skip


def passage(document_id: str, text: str) -> Passage:
    start = TEXTS[document_id].index(text)
    end = start + len(text)
    unit = Unit(text, ((start, end),))
    return Passage(f"{document_id}#{start}", document_id, text, "", None, None, start, end, "prose", (unit,))


PICKERS = passage("tea", "In 2012 the village hired 27 pickers.")


SEASONS = passage("tea", "They stayed three seasons.")


SCHOOL = passage("tea", "The school was closed in 2014.")


LANTERNS = passage("lanterns-note", "In 1961 forty lanterns went to Vesterby.")


BENCH = passage("lanterns-note", "A bench came back by ship.")


PASSAGES = (PICKERS, SEASONS, SCHOOL, LANTERNS, BENCH)


@dataclass
class Manifest:
    fingerprint: str = "f" * 64


@dataclass
class FakeIndex:
    passages: tuple[Passage, ...] = PASSAGES
    manifest: Manifest = field(default_factory=Manifest)
    documents: dict[str, Document] = field(default_factory=lambda: {id_: document(id_) for id_ in TEXTS})

    def passages_of(self, document_id: str) -> list[Passage]:
        return [passage for passage in self.passages if passage.document_id == document_id]


class FakeAssistant:
    """Gives back what a test lays down for each question, and remembers what it was asked."""

    def __init__(self, ranked: dict[str, list[Passage]], answers: dict[str, Answer] | None = None) -> None:
        self.index = FakeIndex()
        self.documents = tuple(self.index.documents.values())
        self.ranked = ranked
        self.answers = answers or {}
        self.first: dict[str, Passage] = {}
        self.asked: list[tuple[str, str, tuple[str, ...]]] = []

    def retrieve(self, question: str, k: int = 5, history: Any = ()) -> list[Hit]:
        self.asked.append(("retrieve", question, tuple(history)))
        found = self.ranked.get(question, [])[:k]
        documents = self.index.documents
        return [Hit(p, documents[p.document_id], 1 / rank, rank) for rank, p in enumerate(found, start=1)]

    def ask(self, question: str, history: Any = ()) -> Answer:
        self.asked.append(("ask", question, tuple(history)))
        return self.answers.get(question, answer(question, confidence=0.1))

    def text(self, document_id: str) -> str:
        return TEXTS[document_id]

    def shown_documents(self, question: str) -> set[str]:
        hidden = {document.edition_of for document in self.index.documents.values()}
        return {id_ for id_ in self.index.documents if not self.first or id_ not in hidden}

    def in_first_edition(self, hits: list[Hit]) -> list[Hit]:
        documents = self.index.documents
        found = [self.first.get(hit.passage.id, hit.passage) for hit in hits]
        return [Hit(p, documents[p.document_id], 1 / rank, rank) for rank, p in enumerate(found, start=1)]

    def parallels(self, passage: Passage, language: str = "") -> tuple[Passage, ...]:
        return (self.first[passage.id],) if passage.id in self.first else ()


def answer(question: str, *sentences: Sentence, confidence: float = 0.9) -> Answer:
    return Answer(question, question, bool(sentences), "", confidence, sentences, (), "f" * 64)


def quoted(source: Passage, *, start: int | None = None, quote: str | None = None, **changes: Any) -> Sentence:
    text = source.text if quote is None else quote
    citation = Citation(
        marker=1, document_id=source.document_id, document_sha256="0" * 64, document_kind="full text", title="", authors=(),
        year=None, path="", page=None, page_label=None, section="", start=source.start if start is None else start, end=source.end,
        offsets="document", quote=text, quote_sha256=fingerprint(text), passage_id=source.id,
    )  # fmt: skip
    return Sentence(text, "quote", (replace(citation, **changes),))


def asked(
    question: Question, ranked: list[Passage] | None = None, given: Answer | None = None, aliases: dict[str, str] | None = None
) -> Outcome:
    assistant = FakeAssistant({question.text: ranked or []}, {question.text: given} if given else {})
    return run_question(assistant, question, aliases or {})  # type: ignore[arg-type]


HOW_MANY = Question("q1", "How many pickers?", "en", "number", ("tea",), (("27",),))


def outcome(answerable: bool, answered: bool, confidence: float) -> Outcome:
    question = replace(HOW_MANY, id=f"{answerable}{answered}{confidence}", answer_any=(("27",),) if answerable else ())
    made = asked(question, given=answer("?", quoted(PICKERS), confidence=confidence))
    return replace(made, answered=answered)
