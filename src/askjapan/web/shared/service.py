"""Service that all visitors share: the assistant in use, its models loading in the background, and the builds of its index."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from askjapan.api import build_index, generation_in_use, why_stale
from askjapan.assistant import Assistant
from askjapan.errors import AskJapanError, BuildStopped, IndexFault, IndexStale
from askjapan.index.works.library import Added, add, edit, remove
from askjapan.index.works.unindexed import Unindexed, unindexed
from askjapan.records import Answer, Hit
from askjapan.settings import Settings
from askjapan.web.shared.waiting_line import WaitingLine

if TYPE_CHECKING:
    from askjapan.index.encoders.encoder import TokenEncoder
    from askjapan.index.report import BuildReport

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Status:
    """Loading state of the shared assistant and progress of a running build (`stage`, `done`, `total` and `seconds_left`).

    `error` is why nothing can be answered, or, where `kind` is "ready", why the index could not be brought up to date.
    """

    kind: Literal["loading", "ready", "failed"] = "loading"
    building: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    error: AskJapanError | None = None


class AssistantService:
    """One assistant for all visitors, exchanged when a build has ended; nothing in it belongs to a visitor.

    Args:
        settings: in force for this process.
        encoder: stands in for the packaged models; then no multilingual encoder is used either.
    """

    def __init__(self, settings: Settings, encoder: TokenEncoder | None = None) -> None:
        self.settings = settings
        self._encoder = encoder
        self._status = Status()
        self._settled = threading.Event()
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None
        self._job: threading.Thread | None = None
        self._outcome: BuildReport | AskJapanError | None = None
        self._again = False
        self._stop = False
        self._stage_began = 0.0
        self.line = WaitingLine(os.cpu_count() or 1, settings.queue_limit, settings.queue_each)

    @property
    def status(self) -> Status:
        """The current status."""
        return self._status

    def start(self) -> None:
        """Open the index and load the models in a thread; an index that is missing or stale is built first."""
        threading.Thread(target=self._prepare, name="askjapan-models", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait at most so many seconds until questions can be answered or it is known that they cannot; false if neither came."""
        return self._settled.wait(seconds)

    def assistant(self) -> Assistant:
        """The assistant over the index in use; a newer index, also one built from the command line, is opened first.

        Raises:
            AskJapanError: no index could be opened; once one is open, it answers until another can be.
        """
        with self._lock:
            try:
                if self._assistant is None or generation_in_use(self.settings) != self._assistant.index.folder:
                    self._assistant = self._open()
            except IndexFault:
                if self._assistant is None:
                    raise
            return self._assistant

    def in_turn(self, client: str, work: Callable[[], T]) -> T:
        """Run work that takes a processor when its turn has come; `client` is any name that stands for one visitor.

        Raises:
            AskJapanError: too many wait already.
        """
        with self.line.join(client) as ticket:
            while ticket.wait():
                continue
            return work()

    def use_in_turn(self, client: str, use: Callable[[Assistant], T]) -> T:
        """Run `in_turn` with the assistant that is in use then; again where a build that ends meanwhile takes its texts away."""
        return self.in_turn(client, lambda: self._with_assistant(use))

    def ask(
        self, question: str, history: Sequence[str] = (), themes: Collection[str] = (), documents: Collection[str] = ()
    ) -> Answer:
        """An answer from the index in use; see `Assistant.ask`."""
        return self._with_assistant(lambda assistant: assistant.ask(question, history, themes or None, documents or None))

    def retrieve(
        self,
        question: str,
        k: int = 5,
        history: Sequence[str] = (),
        themes: Collection[str] = (),
        documents: Collection[str] = (),
    ) -> list[Hit]:
        """Passages from the index in use; see `Assistant.retrieve`."""
        return self._with_assistant(lambda assistant: assistant.retrieve(question, k, history, themes or None, documents or None))

    def text(self, document_id: str) -> str:
        """A document's text as read."""
        return self._with_assistant(lambda assistant: assistant.text(document_id))

    def add(self, path: Path) -> Added:
        """Copy one file into the user's works; it can be asked about after the next build. See `library.add`."""
        settings = self.settings
        return add(path, settings.works, settings.corpus_folders, settings.catalogue)

    def remove(self, document_id: str) -> Path:
        """Delete one of the user's works; see `library.remove`."""
        return remove(document_id, self.settings.works, self.assistant().documents)

    def edit(self, name: str, facts: Mapping[str, str]) -> Path:
        """Keep facts beside a work's file, by their names; they are in force after the next build. See `library.edit`."""
        return edit(name, self.settings.works, self.assistant().documents, **facts)

    def unindexed(self) -> list[Unindexed]:
        """The files that lie in the corpus folders but not in the index in use."""
        try:
            state = self.assistant().index.manifest
        except IndexFault:
            state = None
        return unindexed([folder for folder in self.settings.corpus_folders if folder.is_dir()], self.settings.works, state)

    def rebuild(self, every: float = 0.3) -> Iterator[Status]:
        """Build the index in a thread and yield its progress; where a build runs already, another one follows it.

        Args:
            every: seconds between two reports.

        Raises:
            BuildStopped: `stop_build` was called meanwhile.
            AskJapanError: the build failed; the index before it stays in use.
        """
        with self._lock:
            job = self._job
            if job is None or not job.is_alive():
                self._outcome = None
                self._again = self._stop = False
                self._status = replace(
                    self._status, building=True, stage="reading", done=0, total=0, seconds_left=None, error=None
                )
                job = self._job = threading.Thread(target=self._build, name="askjapan-build", daemon=True)
                status = self._status
                job.start()
            else:
                # It may have passed by what has changed since it began.
                self._again = True
                status = self._status
        # What is told first is where the build began, however quick it is.
        yield status
        job.join(every)
        while job.is_alive():
            yield self._status
            job.join(every)
        if isinstance(self._outcome, AskJapanError):
            raise self._outcome

    def stop_build(self) -> None:
        """Stop the build that is running, if one is, at its next step; the index before it stays in use."""
        self._stop = True

    @property
    def report(self) -> BuildReport | None:
        """The report of the last build of this process; None without one, or where it failed."""
        return None if isinstance(self._outcome, AskJapanError) else self._outcome

    def _prepare(self) -> None:
        try:
            try:
                assistant = self.assistant()
            except IndexFault:
                for _ in self.rebuild(every=5):
                    continue
                assistant = self.assistant()
            assistant.warm_up()
        except AskJapanError as error:
            self._status = Status("failed", error=error)
            self._settled.set()
            return
        self._status = replace(self._status, kind="ready")
        self._settled.set()
        self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Rebuild the index if the corpus has changed while no server ran; meanwhile questions are answered from the old index."""
        try:
            if why_stale(self.settings, self._encoder):
                for _ in self.rebuild(every=5):
                    continue
        except AskJapanError as error:
            self._status = replace(self._status, error=error)

    def _build(self) -> None:
        while True:
            try:
                # Another process may be building, and have passed by what has changed since it began.
                self._outcome = build_index(settings=self.settings, progress=self._tell, encoder=self._encoder, wait=True)
            except AskJapanError as error:
                self._outcome = error
            with self._lock:
                # Who stops a build of theirs must not take away the one that others wait for.
                if not self._again:
                    self._job = None
                    failed = self._outcome if isinstance(self._outcome, AskJapanError) else None
                    # A build that somebody broke off has nothing wrong with it.
                    wrong = None if isinstance(failed, BuildStopped) else failed
                    self._status = replace(
                        self._status, building=False, stage="", done=0, total=0, seconds_left=None, error=wrong
                    )
                    return
                self._again = self._stop = False

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._stop:
            raise BuildStopped("The build of the index was stopped.")
        now = time.monotonic()
        if stage != self._status.stage or done == 0:
            self._stage_began = now
        left = (now - self._stage_began) / done * (total - done) if done else None
        self._status = replace(self._status, building=True, stage=stage, done=done, total=total, seconds_left=left)

    def _open(self) -> Assistant:
        return Assistant.open(settings=self.settings, encoder=self._encoder)

    def _with_assistant(self, use: Callable[[Assistant], T]) -> T:
        while True:
            assistant = self.assistant()
            try:
                return use(assistant)
            except IndexStale:
                # A build has ended in the middle of this call and taken the texts away; the next assistant has them.
                if self.assistant() is assistant:
                    raise
