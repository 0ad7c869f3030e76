"""Follow-up questions, offered where the corpus answers them; no check begins while a visitor waits for an answer."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import files

from askjapan.errors import AskJapanError
from askjapan.web.conversations.store import Turn
from askjapan.web.shared.service import AssistantService
from askjapan.web.words.translations import Words

MOST = 3
TRIED = 4
SECONDS = 0.25  # no check begins later than this; on a slow machine fewer are offered
REMEMBERED = 512
_NUMBERING = re.compile(r"^(?:[\dIVXivx]+[.)]\s*)+|(?:(?<!\s)\s++)?\([^()]*+\)\s*+$")


def questions_after(turn: Turn, asked: Sequence[str], speak: Words) -> list[str]:
    """Questions that may follow an answer, the nearest first; whether the corpus answers them is not known yet.

    Args:
        turn: the answer.
        asked: the questions of the conversation, which are not offered again.
        speak: the interface's language.
    """
    answer = turn.answer
    cited = [citation.title for citation in answer.citations]
    titles = dict.fromkeys(cited or [hit.document.title for hit in answer.hits])
    questions = dict.fromkeys(question for title in titles for question in _written().get(title, {}).get(speak.language, ()))
    read = {citation.passage_id for citation in answer.citations}
    sections = {hit.passage.section for hit in answer.hits if hit.passage.id in read}
    for hit in answer.hits:
        heading = _NUMBERING.sub("", hit.passage.section.split(" › ")[-1]).strip()
        # The sections of a note are our own arrangement; questions about those works are written by hand.
        if hit.document.kind == "full text" and hit.passage.section not in sections and 8 <= len(heading) <= 70:
            author = hit.document.authors[0] if hit.document.authors else hit.document.title
            questions[speak.plain("suggestion", author=author, heading=heading)] = None
    questions.update(dict.fromkeys(speak.plain("ask_work", title=title) for title in list(titles)[:1] if cited))
    return [question for question in questions if question not in asked]


@cache
def _written() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Follow-up questions about the works that the corpus has notes on: by title, then by language."""
    written: dict[str, dict[str, list[str]]] = json.loads(
        files("askjapan.web").joinpath("static/follow_ups.json").read_text(encoding="utf-8")
    )
    return written


class Suggestions:
    """Checks whether the corpus answers follow-up questions, by the service that all visitors share.

    Args:
        service: gives the answers.
        clock: gives the time in seconds.
    """

    def __init__(self, service: AssistantService, clock: Callable[[], float] = time.monotonic) -> None:
        self.service = service
        self._clock = clock
        self._lock = threading.Lock()
        self._asked = 0
        self._known = lru_cache(maxsize=REMEMBERED)(self._check)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Suspend the checks while a visitor waits for an answer."""
        with self._lock:
            self._asked += 1
        try:
            yield
        finally:
            with self._lock:
                self._asked -= 1

    @property
    def in_the_way(self) -> bool:
        """Whether some visitor waits for an answer now."""
        return self._asked > 0

    def answerable(self, given: Sequence[str], themes: tuple[str, ...], documents: tuple[str, ...]) -> list[str]:
        """At most `MOST` of the first `TRIED` questions that the corpus answers; no check begins after `SECONDS`."""
        answered: list[str] = []
        began = self._clock()
        for question in given[:TRIED]:
            if len(answered) == MOST or self.in_the_way or self._clock() - began > SECONDS:
                break
            if self._answers(question, themes, documents):
                answered.append(question)
        return answered

    def _answers(self, question: str, themes: tuple[str, ...], documents: tuple[str, ...]) -> bool:
        try:
            state = self.service.assistant().index.manifest.fingerprint
            return self._known(question, themes, documents, state)
        except AskJapanError:
            return False

    def _check(self, question: str, themes: tuple[str, ...], documents: tuple[str, ...], state: str) -> bool:
        """Whether the corpus answers a question; `state` is the index's fingerprint, so that a build clears what is remembered."""
        answer = self.service.ask(question, (), themes, documents)
        # The catalogue answers whatever it takes for a question about the library, and says nothing of the works.
        return answer.answered and answer.kind != "library"
