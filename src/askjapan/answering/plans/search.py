"""Search for plans: the retriever with the filters of one question, and the plain plan, which quotes the best candidates."""

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
    """Search of an index with filters.

    `max_quotes` limits the units of a plain answer (4 by default). Below `threshold` a question is refused (the fitted one by default).
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
        """The same search, limited to some works."""
        return replace(self, documents=[work.id for work in works])

    def everywhere(self) -> Search:
        """The same search without filters."""
        return replace(self, themes=None, documents=None)

    def evidence(self, question: Standalone) -> Evidence:
        """The ranked passages of a question with their readings; errors as for `Retriever.evidence`."""
        return self.retriever.evidence(question, HITS_READ, self.themes, self.documents)

    def judged(self, question: Standalone) -> tuple[Evidence, Judged | None]:
        """The evidence of a question and its judged candidates; None for these where there is no candidate, or `judge` gives None."""
        evidence = self.evidence(question)
        candidates = candidates_of(evidence)
        return evidence, judge(evidence, candidates, self.corpus) if candidates else None

    def limit(self, judged: Judged) -> float:
        """The confidence below which a question is refused."""
        return judged.model.threshold if self.threshold is None else self.threshold

    def plain(
        self,
        question: Standalone,
        kind: Kind = "fact",
        prefer: Preference | None = None,
        max_quotes: int | None = None,
        searched: Standalone | None = None,
    ) -> Answer:
        """The answer of the plain plan, which quotes the best candidates or refuses; arguments as for `compose`.

        `searched` is what is looked for where that is not the question itself, such as one without an author's name.
        """
        return compose(
            question,
            self.evidence(searched or question),
            self.corpus,
            max_quotes=self.max_quotes if max_quotes is None else max_quotes,
            threshold=self.threshold,
            kind=kind,
            prefer=prefer,
        )

    def passages_of(self, document: Document) -> list[Passage]:
        """The passages of a work in their order."""
        return self.index.passages_of(document.id)

    def hit(self, passage: Passage) -> Hit:
        """A passage as a hit with rank 0 and score 0."""
        return Hit(passage, self.index.documents[passage.document_id], 0.0, 0)
