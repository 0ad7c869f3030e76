"""Handlers of the library tab: showing the works, adding as jobs of the server, indexing, correcting and removing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from askjapan.errors import AskJapanError, IndexFault
from askjapan.home import expanded
from askjapan.index.works.unindexed import Unindexed
from askjapan.records import Document
from askjapan.web.html.answers import note_html
from askjapan.web.html.library_cards import adding_html, build_html, built_html, works_html
from askjapan.web.server.hosts import is_local
from askjapan.web.shared.adding import AddingJobs
from askjapan.web.shared.service import AssistantService
from askjapan.web.words.translations import Words

if TYPE_CHECKING:
    from askjapan.index.storage.manifest import Manifest

FACTS = ("title", "authors", "year")


class LibraryTab:
    """The handlers of the library, over the service that all visitors share."""

    def __init__(self, service: AssistantService) -> None:
        self.service = service
        self.jobs = AddingJobs(service)
        self._shown: dict[str, tuple[str, str]] = {}
        self._actions: dict[str, Callable[[str, Mapping[str, str], Words], str]] = {
            "cancel": self._cancel,
            "clear": self._clear,
            "index": self._index,
            "remove": self._remove,
            "edit": self._edit,
        }

    def documents(self) -> tuple[Document, ...]:
        """The works in the index in use; none while there is no index yet."""
        manifest = self._manifest()
        return manifest.works if manifest else ()

    def themes(self) -> list[str]:
        """All themes of the works."""
        return list(dict.fromkeys(theme for document in self.documents() for theme in document.themes))

    def state(self) -> str:
        """A text that changes whenever the tab has something new to show."""
        status = self.service.status
        return f"{self._fingerprint()}|{status.building}{status.stage}{status.done}{status.total}|{self._jobs_state()}"

    def _jobs_state(self) -> str:
        return ",".join(f"{job.id}:{job.state}" for job in self.jobs.jobs)

    def adding(self, speak: Words) -> str:
        """The jobs of adding and the build that is running, as HTML."""
        status = self.service.status
        build = build_html(status, speak) if status.building else built_html(self.service.report, speak)
        return adding_html(self.jobs.jobs, status, speak) + build

    def works(self, speak: Words, *, fresh: bool = False) -> str:
        """The works as cards, and before them the files that lie in the corpus but not in the index, as HTML.

        Only a fresh look, or one at another index or another state of the jobs, reads the files of the corpus.
        """
        state = f"{self._fingerprint()}|{self._jobs_state()}"
        known, html = self._shown.get(speak.language, ("", ""))
        if fresh or known != state:
            html = self._works(speak)
            self._shown[speak.language] = (state, html)
        return html

    def _works(self, speak: Words) -> str:
        on_the_way = {job.copy for job in self.jobs.jobs if job.is_open}
        works = self.service.settings.works.resolve()
        missing = [
            entry for entry in self._unindexed() if entry.path.parent.resolve() != works or entry.path.name not in on_the_way
        ]
        return works_html(self._manifest(), missing, self._passages(), works, speak, editing=self._open)

    def add(self, paths: Sequence[str], speak: Words) -> str:
        """Put files into the queue; returns an error as HTML, or an empty text."""
        if not self._open:
            return note_html(speak.plain("library_closed"), "error")
        try:
            self.jobs.give([Path(path) for path in paths])
        except AskJapanError as error:
            return note_html(speak.error(error), "error")
        return ""

    def add_path(self, given: str, speak: Words) -> str:
        """Add a file of this machine by its path, only where no other machine can reach the page; returns as `add`."""
        if not is_local(self.service.settings):
            return note_html(speak.plain("library_closed"), "error")
        path = Path(given.strip().strip("\"'").removeprefix("file://"))
        try:
            path = expanded(path)
        except AskJapanError as error:
            return note_html(speak.error(error), "error")
        if not path.is_file():
            return note_html(speak.plain("add_no_file", path=str(path)), "error")
        return self.add([str(path)], speak)

    def add_text(self, title: str, text: str, speak: Words) -> str:
        """Add a pasted text, which becomes a Markdown file of that title; returns as `add`."""
        if not text.strip():
            return note_html(speak.plain("add_nothing"), "error")
        title = " ".join(title.split()) or text.strip().splitlines()[0][:80]
        name = re.sub(r"[^\w -]+", "", title).strip()[:60] or "pasted"
        with TemporaryDirectory(prefix="askjapan-") as folder:
            path = Path(folder) / f"{name}.md"
            path.write_text(f"# {title}\n\n{text.strip()}\n", encoding="utf-8")
            return self.add([str(path)], speak)

    def act(self, action: str, of: str, given: Mapping[str, str], speak: Words) -> str:
        """Carry out the action of a button of the tab; returns a message as HTML, or an empty text.

        Args:
            action: "cancel" a job, "clear" those that have ended, "index" or "remove" a file, "edit" the facts of a work.
            of: the id of a job or work, or the name of a file among the user's works.
            given: the facts to keep, by their names.
            speak: the interface's language.
        """
        if not self._open:
            return note_html(speak.plain("library_closed"), "error")
        try:
            return self._actions[action](of, given, speak) if action in self._actions else ""
        except AskJapanError as error:
            return note_html(speak.error(error), "error")

    def rebuild(self, speak: Words) -> str:
        """Start a build of the index; the one in use answers meanwhile. Returns an error as HTML, or an empty text."""
        if not self._open:
            return note_html(speak.plain("library_closed"), "error")
        self._build()
        return ""

    @property
    def _open(self) -> bool:
        return self.service.settings.library_editing

    def _cancel(self, of: str, given: Mapping[str, str], speak: Words) -> str:
        self.jobs.cancel(of)
        return ""

    def _clear(self, of: str, given: Mapping[str, str], speak: Words) -> str:
        self.jobs.clear()
        return ""

    def _index(self, of: str, given: Mapping[str, str], speak: Words) -> str:
        name = Path(of).name
        if (self.service.settings.works / name).is_file():
            self.jobs.index(name)
        else:
            self._build()
        return ""

    def _remove(self, of: str, given: Mapping[str, str], speak: Words) -> str:
        path = self.service.remove(of)
        self._build()
        return note_html(speak.plain("removed", name=path.name), "done")

    def _edit(self, of: str, given: Mapping[str, str], speak: Words) -> str:
        document = next((document for document in self.documents() if document.id == of), None)
        before = _facts(document) if document else {}
        changed = {name: given[name] for name in FACTS if name in given and given[name].strip() != before.get(name)}
        if not changed:
            return note_html(speak.plain("edit_nothing"))
        path = self.service.edit(of, changed)
        self._build()
        return note_html(speak.plain("edit_kept", name=path.name), "done")

    def _build(self) -> None:
        # The build goes on in its own thread; the page hears of it with its next tick.
        next(self.service.rebuild())

    def _manifest(self) -> Manifest | None:
        try:
            return self.service.assistant().index.manifest
        except AskJapanError:
            return None

    def _fingerprint(self) -> str:
        manifest = self._manifest()
        return manifest.fingerprint if manifest else ""

    def _unindexed(self) -> list[Unindexed]:
        try:
            return self.service.unindexed()
        except AskJapanError:
            return []

    def _passages(self) -> dict[str, int]:
        """The number of passages of each work in all its editions, by the work's id: so they add up to what a build tells."""
        try:
            index = self.service.assistant().index
        except IndexFault:
            return {}
        counted: Counter[str] = Counter()
        for document in index.manifest.documents:
            counted[document.edition_of or document.id] += index.counts[document.id]
        return counted


def _facts(document: Document) -> dict[str, str]:
    """Title, authors and year of a work as they are typed."""
    return {"title": document.title, "authors": "; ".join(document.authors), "year": str(document.year or "")}
