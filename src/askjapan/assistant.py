"""The one object behind all doors: an opened index with its encoders, asked again and again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

from askjapan.answering.compose import Corpus, compose, reply
from askjapan.answering.parallels import Parallels
from askjapan.errors import IndexStale
from askjapan.index.checksums import REBUILD
from askjapan.index.encoder import Encoder, TokenEncoder
from askjapan.index.minilm import minilm
from askjapan.index.multilingual import is_installed, multilingual
from askjapan.index.staleness import mismatch
from askjapan.index.store import Index, open_index
from askjapan.records import Answer, Document, Hit, Passage
from askjapan.retrieval.companions import Companions
from askjapan.retrieval.editions import FIRST, language_of
from askjapan.retrieval.follow_up import Standalone, questions_of, stand_alone
from askjapan.retrieval.reader import reader
from askjapan.retrieval.retriever import Retriever
from askjapan.settings import Settings, load_settings

HITS_READ = 15
ANSWERS = 64
"""So many answers are remembered: a follow-up says what it shares with the answer before."""


class Assistant:
    """Answers questions from one index. Safe to share between threads: asking changes nothing in it.

    Open one with `Assistant.open`; models load at the first question, or with `warm_up`.
    """

    def __init__(self, index: Index, encoder: TokenEncoder, second: Encoder | None, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self.retriever = Retriever(index, encoder, second, reader())
        self._text = lru_cache(maxsize=64)(index.text)
        self._answered = lru_cache(maxsize=ANSWERS)(self._answer)

    @classmethod
    def open(
        cls, index_dir: Path | str | None = None, *, settings: Settings | None = None, encoder: TokenEncoder | None = None
    ) -> Assistant:
        """Open an index folder; without one, the folder of the settings.

        Raises:
            IndexMissing: nothing has been built there.
            IndexStale: it was built with other settings.
            IndexDamaged: its files are missing or do not fit together.
        """
        settings = settings or load_settings()
        folder = Path(index_dir) if index_dir is not None else settings.index_folder
        index = open_index(folder)
        model = encoder or minilm()
        if reason := mismatch(index.manifest, model, settings.passage_tokens, multilingual=False):
            raise IndexStale(f"The index in {folder} does not fit the settings. {reason}", REBUILD)
        second = multilingual() if index.manifest.multilingual and settings.multilingual and is_installed() else None
        return cls(index, model, second, settings)

    def warm_up(self) -> None:
        """Load the models now instead of at the first question."""
        self.retrieve("warm up", k=1)
        if self.retriever.multilingual is not None:
            self.retriever.multilingual.encode(["日本"])

    @property
    def documents(self) -> tuple[Document, ...]:
        """The works of the index; another edition of a study note, or a note beside its full text, is no work of its own."""
        return self.index.manifest.works

    @property
    def themes(self) -> tuple[str, ...]:
        """All themes of the documents, in their order."""
        return tuple(dict.fromkeys(theme for document in self.documents for theme in document.themes))

    def text(self, document_id: str) -> str:
        """A document's text as read."""
        return self._text(document_id)

    def retrieve(
        self,
        question: str,
        k: int = 5,
        history: Sequence[str] = (),
        themes: Collection[str] | None = None,
        documents: Collection[str] | None = None,
    ) -> list[Hit]:
        """The k passages that best answer a question, best first.

        Args:
            question: in English, or in another language if the multilingual extra is installed.
            k: how many at most.
            history: the user's earlier messages, oldest first.
            themes, documents: search only works with one of these themes, and only these document ids.

        Raises:
            QuestionError: the question is empty or too long, k is under 1, or a filter names something unknown.
        """
        resolved = stand_alone(question, history)
        hits = self.retriever.retrieve(resolved, k, themes, documents)
        return self.retriever.editions.in_language(hits, language_of(resolved.question))[:k]

    def in_first_edition(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits, those in another edition of a study note as the same passages of its first one."""
        return self.retriever.editions.in_language(hits, FIRST)

    def parallels_in_first_edition(self, passage: Passage) -> tuple[Passage, ...]:
        """The passages of a study note's first edition that say what a passage of another edition says; none for any other."""
        return self.retriever.editions.parallels(passage, FIRST)

    def shown_documents(self, question: str) -> set[str]:
        """The ids of the documents, editions of study notes among them, that a question may be shown."""
        return self.retriever.editions.shown(language_of(question))

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        themes: Collection[str] | None = None,
        documents: Collection[str] | None = None,
    ) -> Answer:
        """An answer made of quotes, or a refusal that says why; arguments and errors as for `retrieve`."""
        resolved = stand_alone(question, history)
        fingerprint = self.index.manifest.fingerprint
        if resolved.kind != "question":
            return reply(resolved, fingerprint)
        filters = (tuple(sorted(themes)) if themes else None, tuple(sorted(documents)) if documents else None)
        answer = self._answered(resolved, *filters)
        if answer.answered and resolved.follow_up:
            answer = self._with_inherited(answer, history, *filters)
        return self._parallels.in_language(answer, language_of(resolved.question))

    def _with_inherited(
        self, answer: Answer, history: Sequence[str], themes: tuple[str, ...] | None, documents: tuple[str, ...] | None
    ) -> Answer:
        # A follow-up has a question before it: that is what makes it one.
        earlier = questions_of(history)
        before = self._answered(stand_alone(earlier[-1], earlier[:-1]), themes, documents)
        known = {citation.passage_id for citation in before.citations}
        return replace(answer, inherited=tuple(dict.fromkeys(c.passage_id for c in answer.citations if c.passage_id in known)))

    def _answer(self, question: Standalone, themes: tuple[str, ...] | None, documents: tuple[str, ...] | None) -> Answer:
        return compose(
            question,
            self.retriever.evidence(question, HITS_READ, themes, documents),
            self._corpus,
            most=self.settings.answer_sentences,
            threshold=self.settings.threshold,
        )

    @cached_property
    def _parallels(self) -> Parallels:
        return Parallels(self.retriever.editions, Companions(self.index, self.retriever.encoder), self.text)

    @cached_property
    def _corpus(self) -> Corpus:
        lexical = self.index.lexical
        return Corpus(self.text, lexical.document_frequency, lexical.size, self.index.manifest.fingerprint)
