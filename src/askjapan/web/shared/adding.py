"""Jobs that add works on the server: each file waits, is read and is embedded in its turn, also after the tab or the process ended."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from askjapan.errors import AskJapanError, BuildStopped, LibraryError
from askjapan.foreign_data import parse_json
from askjapan.index.storage.locking import ProcessLock
from askjapan.records import Document
from askjapan.sayings import Saying
from askjapan.web.conversations.store import new_token
from askjapan.web.shared.service import AssistantService

State = Literal["queued", "reading", "embedding", "done", "failed", "cancelled"]
OPEN: tuple[State, ...] = ("queued", "reading", "embedding")
KEPT = 50  # jobs that have ended, the latest


@dataclass(frozen=True, slots=True)
class Job:
    """One file on its way into the index.

    `copy` is its name among the user's works once it has been read, `title` the title that was found, `passages` the number of its
    passages in the index. `told` says why it failed.
    """

    id: str
    name: str
    state: State = "queued"
    copy: str = ""
    document_id: str = ""
    title: str = ""
    passages: int = 0
    told: Saying | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in OPEN


class AddingJobs:
    """The jobs of one library, worked through by one thread and kept on disk after each step; safe to share between threads.

    Jobs that a killed process has left are continued: a file that waited is read, one that was read is embedded. Of several servers on
    one library one has the list, until it ends; the others show it, and refuse to change it with a sentence.

    Args:
        service: the assistant and the builds that all visitors share.
    """

    def __init__(self, service: AssistantService) -> None:
        self.service = service
        # Hidden among the works: on the same disk, and passed over by every build.
        self.folder = service.settings.works / ".adding"
        self._file = self.folder / "jobs.json"
        self._lock = threading.RLock()
        self._worker: threading.Thread | None = None
        self._one_process = ProcessLock(self.folder / ".lock")
        self._is_ours = False
        self._jobs: dict[str, Job] = {}
        with self._lock:
            self._look()

    @property
    def jobs(self) -> list[Job]:
        """All jobs, the latest first."""
        with self._lock:
            self._look()
            return list(reversed(self._jobs.values()))

    @property
    def is_busy(self) -> bool:
        """Whether a job has not ended yet."""
        return any(job.is_open for job in self.jobs)

    def give(self, paths: Sequence[Path]) -> None:
        """Put files into the queue; each is copied, so that the given one may be deleted.

        Raises:
            LibraryError: a file cannot be copied, the list of jobs cannot be written, or another server has it.
        """
        self._require()
        for path in paths:
            job = Job(new_token(), path.name)
            inbox = self.folder / job.id / path.name
            try:
                inbox.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copyfile(path, inbox)
            except OSError as error:
                raise LibraryError(Saying.of("not_uploaded", name=path.name, cause=error.strerror or str(error))) from error
            self._begin(job)

    def index(self, name: str) -> None:
        """Add a job that indexes a file that lies among the works already; errors as for `give`."""
        self._require()
        self._begin(Job(new_token(), name, "embedding", copy=name))

    def cancel(self, id_: str) -> None:
        """End a job; nothing of its file is left in the library. Errors as for `give`."""
        self._require()
        with self._lock:
            job = self._jobs.get(id_)
            if job is None or not job.is_open:
                return
            self._set(replace(job, state="cancelled"))
            if job.state == "queued":
                self._empty(job)
            if job.state == "embedding":
                self._take_back(job)
                self.service.stop_build()

    def clear(self) -> None:
        """Delete the jobs that have ended from the list; errors as for `give`."""
        self._require()
        with self._lock:
            self._jobs = {id_: job for id_, job in self._jobs.items() if job.is_open}
            self._keep()

    def _look(self) -> None:
        """Take the list if no other server has it, and go on with its jobs; else see what that one has written."""
        if self._is_ours or not self.folder.is_dir():
            return
        with suppress(OSError):
            # Where nothing may be written, nothing is added either; who tries is told.
            self._is_ours = self._one_process.take()
        self._jobs = {job.id: job for job in self._kept()}
        if self._is_ours:
            self._wake()

    def _require(self) -> None:
        with self._lock:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                ours = self._one_process.take()
            except OSError as error:
                raise self._unwritable(error) from error
            self._look()
            if not ours:
                raise LibraryError(Saying.of("adding_elsewhere", works=str(self.service.settings.works)))

    def _begin(self, job: Job) -> None:
        with self._lock:
            self._set(job)
            self._wake()

    def _wake(self) -> None:
        if self._worker is None and any(job.is_open for job in self._jobs.values()):
            self._worker = threading.Thread(target=self._work, name="askjapan-adding", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        self.service.wait(3600)
        while True:
            with self._lock:
                waiting = [job for job in self._jobs.values() if job.state in ("queued", "reading")]
                ready = [job for job in self._jobs.values() if job.state == "embedding"]
                if not waiting and not ready:
                    self._worker = None
                    return
            if waiting:
                self._read(waiting[0])
            else:
                self._embed(ready)

    def _read(self, job: Job) -> None:
        begun = job.state == "reading"
        self._step(job, state="reading")
        inbox = self.folder / job.id / job.name
        copy, document, error = self._added(inbox, begun=begun)
        with self._lock:
            self._empty(job)
            if copy is None:
                told = error or LibraryError(Saying.of("upload_gone"))
                self._step(job, state="failed", told=told.saying)
                return
            read = replace(job, copy=copy.name)
            if self._jobs[job.id].state == "cancelled":
                self._take_back(read)
                return
            known = {"document_id": document.id, "title": document.title} if document else {}
            self._step(read, state="embedding", **known)

    def _added(self, inbox: Path, *, begun: bool) -> tuple[Path | None, Document | None, AskJapanError | None]:
        """The copy of a file among the works and what it was taken for.

        One that is there but not in the index, or that an earlier process had `begun` to read, counts as this job's.
        """
        if not inbox.is_file():
            return None, None, None
        try:
            outcome = self.service.add(inbox)
        except AskJapanError as error:
            return None, None, error
        if outcome.copy is not None:
            return outcome.copy, outcome.document, None
        works = self.service.settings.works.resolve()
        try:
            digest = _sha256(inbox)
            lying = works.iterdir() if begun else (entry.path for entry in self.service.unindexed())
            own = [path for path in lying if path.is_file() and path.parent.resolve() == works and not path.name.startswith(".")]
            return next((path for path in own if _sha256(path) == digest), None), None, outcome.error
        except (AskJapanError, OSError):
            return None, None, outcome.error

    def _embed(self, jobs: Sequence[Job]) -> None:
        try:
            for _ in self.service.rebuild():
                continue
            manifest = self.service.assistant().index.manifest
            index = self.service.assistant().index
        except BuildStopped:
            # One of them was cancelled; the others are built next.
            return
        except AskJapanError as error:
            for job in jobs:
                self._step(job, state="failed", told=error.saying)
            return
        works = self.service.settings.works.resolve()
        by_path = {Path(document.path).resolve(): document for document in manifest.documents}
        skipped = {Path(path).resolve(): reason for path, reason in manifest.skipped.items()}
        for job in jobs:
            path = works / job.copy
            if document := by_path.get(path):
                count = index.counts[document.id]
                self._step(job, state="done", document_id=document.id, title=document.title, passages=count)
            else:
                self._step(job, state="failed", told=skipped.get(path, Saying.of("not_in_index")))

    def _take_back(self, job: Job) -> None:
        try:
            self.service.remove(job.copy)
        except AskJapanError as error:
            self._set(replace(job, state="failed", told=error.saying))

    def _empty(self, job: Job) -> None:
        shutil.rmtree(self.folder / job.id, ignore_errors=True)

    def _step(self, job: Job, **changes: object) -> None:
        """Store a job with its changes, unless it was cancelled meanwhile."""
        with self._lock:
            if self._jobs.get(job.id, job).state != "cancelled":
                with suppress(LibraryError):
                    # A full disk stops no work; who adds the next file is told.
                    self._set(replace(job, **changes))  # type: ignore[arg-type]

    def _set(self, job: Job) -> None:
        self._jobs[job.id] = job
        ended = [other.id for other in self._jobs.values() if not other.is_open]
        for id_ in ended[:-KEPT]:
            del self._jobs[id_]
        self._keep()

    def _keep(self) -> None:
        text = json.dumps([asdict(job) for job in self._jobs.values()], ensure_ascii=False, indent=1)
        unfinished = self._file.with_suffix(".part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished.write_text(text, encoding="utf-8")
            os.replace(unfinished, self._file)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> LibraryError:
        return LibraryError(f"{self._file} cannot be written: {error.strerror or error}.", "Make the folder writable.")

    def _kept(self) -> list[Job]:
        try:
            jobs = [_job(entry) for entry in parse_json(self._file.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            # None yet, or written by another version; what was read lies among the works, and is listed there.
            jobs = []
        known = {job.id for job in jobs}
        # Uploads that a process did not live to write down.
        given = [path for path in sorted(self.folder.glob("*/*")) if path.parent.name not in known]
        return [*jobs, *(Job(path.parent.name, path.name) for path in given)]


def _job(entry: dict[str, Any]) -> Job:
    """A job that was kept; earlier versions kept the reason as a sentence beside the kind of error."""
    told, kind = entry.get("told"), entry.pop("fault", "")
    if isinstance(told, str):
        return Job(**{**entry, "told": Saying.of(kind or "LibraryError", told=told) if told else None})
    return Job(**{**entry, "told": Saying.parsed(told) if told else None})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
