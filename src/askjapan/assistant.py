"""The assistant that the Python functions, the command line and the web chat share: an opened index with its encoders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from askjapan.answering.compose import compose, reply
from askjapan.answering.judgement import Corpus
from askjapan.answering.matrix import CellProgress, fill
from askjapan.answering.parallels import Parallels
from askjapan.answering.plans import answerer, antecedents
from askjapan.answering.plans.events import continued
from askjapan.answering.plans.search import Search
from askjapan.answering.quoting.quotations import without_repetition
from askjapan.errors import IndexStale
from askjapan.findings import DraftCheck, Matrix, Mentions, Quoted
from askjapan.index.encoders.encoder import Encoder, TokenEncoder
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import is_installed, multilingual
from askjapan.index.staleness import mismatch
from askjapan.index.storage.checksums import REBUILD
from askjapan.index.storage.store import Index, open_index
from askjapan.readings import Reading
from askjapan.records import Answer, Document, Hit, Passage
from askjapan.retrieval.companions import Companions
from askjapan.retrieval.editions import FIRST, language_of
from askjapan.retrieval.follow_up import Standalone, questions_of, stand_alone
from askjapan.retrieval.mentions import MentionSearch
from askjapan.retrieval.readers.reader import reader, reader_of_japanese
from askjapan.retrieval.retriever import Retriever
from askjapan.retrieval.spelling import Spelling
from askjapan.settings import Settings, load_settings

if TYPE_CHECKING:
    from askjapan.citations.drafts.compared_texts import Source

ANSWERS = 64
"""Number of answers kept in memory; a follow-up question is compared with the previous answer."""
READ_OF_WORK = 8
"""Number of passages of a work that are read for one cell of a matrix."""


def check_question(question: str) -> None:
    """Check a question without opening a model or an index.

    Raises:
        QuestionError: it is empty, too long, not valid text, or holds no letters or digits.
    """
    stand_alone(question)


class Assistant:
    """Answers questions from one index. Threads may share it, since a question does not change its index.

    Open one with `Assistant.open`; models load at the first question, or with `warm_up`.
    """

    def __init__(self, index: Index, encoder: TokenEncoder, second: Encoder | None, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self.retriever = Retriever(index, encoder, second, reader(), reader_of_japanese())
        self._text = lru_cache(maxsize=64)(index.text)
        self._remembered = lru_cache(maxsize=ANSWERS)(self._answer)

    @classmethod
    def open(
        cls, index_dir: Path | str | None = None, *, settings: Settings | None = None, encoder: TokenEncoder | None = None
    ) -> Assistant:
        """Open an index folder; without one, the folder of the settings.

        Raises:
            IndexMissing: nothing has been built there.
            IndexStale: it was built with other settings.
            IndexDamaged: its files are missing or do not fit together.
            IndexTaken: the server of the settings has the entries of another home.
            IndexUnreachable: the server of the settings, which searches it, does not answer.
        """
        settings = settings or load_settings()
        folder = Path(index_dir) if index_dir is not None else settings.index_folder
        # A folder that is named is searched by itself.
        server = "" if index_dir is not None else settings.index_server
        index = open_index(folder, vectors=not server)
        model = encoder or minilm()
        if reason := mismatch(index.manifest, model, settings.passage_tokens, multilingual=False):
            raise IndexStale(f"The index in {folder} does not fit the settings. {reason}", REBUILD)
        second = multilingual() if index.manifest.multilingual and settings.multilingual and is_installed() else None
        if server:
            from askjapan.index.search.served import connect, served

            token = settings.index_token.get_secret_value() if settings.index_token else ""
            index = served(index, connect(server, token, model, second))
        return cls(index, model, second, settings)

    def warm_up(self) -> None:
        """Load the models now instead of at the first question."""
        self.retrieve("warm up", k=1)
        if self.retriever.multilingual is not None:
            self.retriever.multilingual.encode(["日本"])

    @property
    def documents(self) -> tuple[Document, ...]:
        """The works of the index, without further editions of study notes and without notes whose full text is there too."""
        return self.index.manifest.works

    @property
    def themes(self) -> tuple[str, ...]:
        """All themes of the works, in the order of their first use."""
        return tuple(dict.fromkeys(theme for document in self.documents for theme in document.themes))

    def text(self, document_id: str) -> str:
        """A document's text as read; IndexStale where a newer build has replaced it, IndexDamaged where it cannot be read."""
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
            QuestionError: the question is empty, too long or in a language that needs the missing multilingual encoder; k is under 1; a filter
                names something unknown; or no passage passes the filters.
        """
        resolved = stand_alone(question, history)
        hits = self.retriever.retrieve(resolved, k, themes, documents)
        return self.retriever.editions.in_language(hits, resolved.language)[:k]

    def in_first_edition(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits, with those from a further edition of a study note replaced by the same passages of its first edition."""
        return self.retriever.editions.in_language(hits, FIRST)

    def parallels(self, passage: Passage, language: str = FIRST) -> tuple[Passage, ...]:
        """Passages with the same units in another edition of a passage's study note, by default the first one; empty where there is none."""
        return self.retriever.editions.parallels(passage, language)

    def shown_documents(self, question: str) -> set[str]:
        """Ids of the documents whose passages may be shown for a question; of a study note only the edition that suits its language."""
        return self.retriever.editions.shown(language_of(question))

    def mentions(
        self, term: str, themes: Collection[str] | None = None, documents: Collection[str] | None = None, *, exact: bool = False
    ) -> Mentions:
        """Every mention of a term in all works; see `MentionSearch.mentions`."""
        return self._mentions.mentions(term, themes, documents, exact=exact)

    def matrix(
        self,
        questions: Sequence[str],
        themes: Collection[str] | None = None,
        documents: Collection[str] | None = None,
        progress: CellProgress = lambda done, total: None,
    ) -> Matrix:
        """Ask each question of each work separately; a cell has the best quote, or a refusal.

        Args:
            questions: one or several.
            themes, documents: only works with one of these themes, and only these document ids.
            progress: called with the number of filled cells and the total.

        Raises:
            QuestionError: the same errors as `answering.matrix.fill`; a filter names something unknown; or no work passes the filters.
        """
        chosen = self.retriever.editions.chosen(themes, documents)
        works = [document for document in self.documents if document.id in chosen]
        return fill(questions, works, self._from_work, self.index.manifest.fingerprint, progress)

    def _from_work(self, question: Standalone, work: Document) -> Answer:
        evidence = self.retriever.evidence(question, READ_OF_WORK, None, [work.id], READ_OF_WORK)
        answer = compose(question, evidence, self._corpus, max_quotes=1, threshold=self.settings.threshold)
        return self._parallels.in_language(answer, question.language)

    def check(
        self, draft: Path | str, themes: Collection[str] | None = None, documents: Collection[str] | None = None
    ) -> DraftCheck:
        """Compare every quotation of a manuscript with the works; see `citations.drafts.draft_check`.

        Args:
            draft: path of the manuscript.
            themes, documents: compare only with works with one of these themes, and only with these document ids.

        Raises:
            ReadingError: the file cannot be read.
            QuestionError: a filter names something unknown, or no work passes the filters.
        """
        from askjapan.documents.manuscript import quotations
        from askjapan.documents.readers import read

        path = Path(draft)
        return self.check_quotations(quotations(read(path)), path.name, themes, documents)

    def check_text(
        self, text: str, themes: Collection[str] | None = None, documents: Collection[str] | None = None
    ) -> DraftCheck:
        """Compare the quotations of a manuscript given as text, in Markdown or plain; otherwise the same as `check`."""
        from askjapan.documents.manuscript import quotations

        return self.check_quotations(quotations(Reading(text, "markdown")), "", themes, documents)

    def check_quotations(
        self,
        quoted: Sequence[Quoted],
        draft: str = "",
        themes: Collection[str] | None = None,
        documents: Collection[str] | None = None,
    ) -> DraftCheck:
        """Compare given quotations with the works; otherwise the same as `check`. `draft` is the name of the manuscript in the result."""
        from askjapan.citations.drafts.draft_check import check_quotations

        chosen = self.retriever.editions.chosen(themes, documents)
        sources = [source for source in self._sources if (source.document.edition_of or source.document.id) in chosen]
        return check_quotations(draft, quoted, sources, self.index.manifest.fingerprint, self.settings.check_seconds)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        themes: Collection[str] | None = None,
        documents: Collection[str] | None = None,
    ) -> Answer:
        """Answer a question with quotes, or refuse and say why; arguments and errors as for `retrieve`, without `k`."""
        resolved = self._resolved(question, history, themes, documents)
        if resolved.kind != "question":
            return reply(resolved, self.index.manifest.fingerprint)
        answer = self._shown(resolved, history, themes, documents)
        if not (answer.answered and resolved.follow_up):
            return answer
        # A follow-up has a question before it: that is what makes it one.
        *earlier, last = questions_of(history)
        before = self._shown(self._resolved(last, earlier, themes, documents), earlier, themes, documents)
        return without_repetition(answer, before)

    def _resolved(
        self, message: str, history: Sequence[str], themes: Collection[str] | None, documents: Collection[str] | None
    ) -> Standalone:
        return antecedents.resolved(message, history, lambda before, earlier: self._shown(before, earlier, themes, documents))

    def _shown(
        self, question: Standalone, history: Sequence[str], themes: Collection[str] | None, documents: Collection[str] | None
    ) -> Answer:
        """Answer from the edition of the notes in the question's language."""
        return self._parallels.in_language(self._plain(question, history, themes, documents), question.language)

    def _plain(
        self, resolved: Standalone, history: Sequence[str], themes: Collection[str] | None, documents: Collection[str] | None
    ) -> Answer:
        """Answer from the first edition of the notes; "And then?" is answered with what follows the quotes of the previous answer."""
        if not resolved.goes_on:
            return self._remembered(resolved, *(tuple(sorted(given)) if given else None for given in (themes, documents)))
        *earlier, last = questions_of(history)
        before = self._plain(self._resolved(last, earlier, themes, documents), earlier, themes, documents)
        return continued(resolved, before, self._search(themes, documents))

    def _answer(self, question: Standalone, themes: Collection[str] | None, documents: Collection[str] | None) -> Answer:
        return answerer.answer(question, self._search(themes, documents), self._spelling)

    def _search(self, themes: Collection[str] | None, documents: Collection[str] | None) -> Search:
        settings = self.settings
        return Search(self.retriever, self._corpus, settings.answer_sentences, settings.threshold, themes, documents)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self.index, self.retriever.encoder)

    @cached_property
    def _mentions(self) -> MentionSearch:
        return MentionSearch(self.index, self.retriever.editions)

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        """Texts that quotations are compared with; a note whose full text is there too is left out."""
        from askjapan.citations.drafts.compared_texts import sources_of

        documents = [document for document in self.index.documents.values() if not document.companion_of]
        return sources_of(documents, self.index.text, self.index.passages_of)

    @cached_property
    def _parallels(self) -> Parallels:
        return Parallels(self.retriever.editions, Companions(self.index, self.retriever.encoder), self.text)

    @cached_property
    def _corpus(self) -> Corpus:
        return Corpus.of(self.index, self.text)
