"""Search for plans: the retriever with the filters of one question, and the plain plan, which quotes the best candidates."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from askjapan.answering.candidates import Candidate, candidates_of
from askjapan.answering.compose import compose
from askjapan.answering.judgement import Corpus, Judged, Preference, judge
from askjapan.answering.question import Asked
from askjapan.index.storage.store import Index
from askjapan.language.glossary import gloss
from askjapan.language.question_kinds import Kind, is_asking
from askjapan.language.terms import terms
from askjapan.records import Answer, Document, Hit, Passage
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone
from askjapan.retrieval.retriever import Retriever

HITS_READ = 15
OWN_WORDS = 1.5
"""Logits added to a sentence that holds all words of a follow-up that the question before it lacks."""
_KANA = re.compile(r"[ぁ-ん]")


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
            prefer=_with_own_words(question, prefer) if question.follow_up else prefer,
        )

    def passages_of(self, document: Document) -> list[Passage]:
        """The passages of a work in their order."""
        return self.index.passages_of(document.id)

    def hit(self, passage: Passage) -> Hit:
        """A passage as a hit with rank 0 and score 0."""
        return Hit(passage, self.index.documents[passage.document_id], 0.0, 0)


def _with_own_words(question: Standalone, prefer: Preference | None) -> Preference | None:
    """A preference that also favours what a follow-up itself asks, over what the question before it asked."""
    glossed = gloss(question.message)
    said = f"{question.message} {glossed.text if glossed else ''}"
    own = {term for term in terms(said) if not _KANA.search(term) and not is_asking(term)} - set(terms(" ".join(question.topic)))
    if not own:
        return prefer

    def preferred(asked: Asked, candidate: Candidate) -> float:
        share = len(own & set(terms(candidate.text))) / len(own)
        return OWN_WORDS * share + (prefer(asked, candidate) if prefer else 0.0)

    return preferred
