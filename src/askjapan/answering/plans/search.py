"""What a plan searches with: the retriever under the filters of one question, and the plain plan, which quotes the best candidates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from askjapan.answering.candidates import candidates_of
from askjapan.answering.compose import compose
from askjapan.answering.judgement import Corpus, Judged, Preference, judge
from askjapan.index.storage.store import Index
from askjapan.language.question_kinds import Kind
from askjapan.records import Answer, Document, Hit, Passage
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone
from askjapan.retrieval.retriever import Retriever

HITS_READ = 15


@dataclass(frozen=True)
class Search:
    """An index to be asked under filters.

    `max_quotes` units at most are quoted in a plain answer, and under `threshold` a question is refused (by default the fitted numbers).
    """

    retriever: Retriever
    corpus: Corpus
    max_quotes: int | None = None
    threshold: float | None = None
    themes: Collection[str] | None = None
    documents: Collection[str] | None = None

    @property
    def index(self) -> Index:
        return self.retriever.index

    @property
    def works(self) -> list[Document]:
        """The works that pass the filters, in the order of the index."""
        wanted = self.retriever.editions.named(self.documents) if self.documents else None
        return [
            document
            for document in self.retriever.editions.searched.values()
            if (not self.themes or set(self.themes) & set(document.themes)) and (wanted is None or document.id in wanted)
        ]

    def within(self, works: Sequence[Document]) -> Search:
        """The same search in some works only."""
        return replace(self, documents=[work.id for work in works])

    def everywhere(self) -> Search:
        """The same search without filters."""
        return replace(self, themes=None, documents=None)

    def evidence(self, question: Standalone) -> Evidence:
        """The ranked passages of a question, as read; errors as for `Retriever.evidence`."""
        return self.retriever.evidence(question, HITS_READ, self.themes, self.documents)

    def judged(self, question: Standalone) -> tuple[Evidence, Judged | None]:
        """The evidence of a question with its candidates compared; None where there is none to compare."""
        evidence = self.evidence(question)
        candidates = candidates_of(evidence)
        return evidence, judge(evidence, candidates, self.corpus) if candidates else None

    def limit(self, judged: Judged) -> float:
        """The confidence under which a question is refused."""
        return judged.model.threshold if self.threshold is None else self.threshold

    def plain(
        self, question: Standalone, kind: Kind = "fact", prefer: Preference | None = None, max_quotes: int | None = None
    ) -> Answer:
        """The answer of the plain plan."""
        return compose(
            question,
            self.evidence(question),
            self.corpus,
            max_quotes=self.max_quotes if max_quotes is None else max_quotes,
            threshold=self.threshold,
            kind=kind,
            prefer=prefer,
        )

    def passages_of(self, document: Document) -> list[Passage]:
        """The passages of a work in their order."""
        return [passage for passage in self.index.passages if passage.document_id == document.id]

    def hit(self, passage: Passage) -> Hit:
        """A passage as a hit without rank."""
        return Hit(passage, self.index.documents[passage.document_id], 0.0, 0)
