"""Changes of a served page's library while others ask: works uploaded, removed, and everything built anew once."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from page_visitor import PageVisitor, Refused, documents

TITLE = "Ferries of Kujira"
WORK = TITLE + "\n\nThe ferry to Kujira carries {number} cars and leaves at dawn from the northern pier.\n"
ABOUT_WORK = "How many cars does the ferry to Kujira carry?"
KINDS = ("uploaded", "removed", "rebuilt")
T = TypeVar("T")


class Visit(Protocol):
    """What is going on at the page meanwhile."""

    port: int
    lock: threading.Lock
    faults: list[str]
    library_is_done: threading.Event

    @property
    def is_over(self) -> bool: ...


def change_library(home: Path, inbox: Path, seen: Visit, every: float, told: Counter[str]) -> None:
    """Upload a work, wait until it can be asked about, remove it, have all built anew, and so on, from the page.

    Args:
        home: of the page; its catalogue is changed, so that a build has to read and cut every file again.
        inbox: where the uploaded files stay, so that citations of them can be verified.
        seen: where faults go, and which is told when each has been done once.
        every: seconds between two changes.
        told: counts what was done.
    """
    page = PageVisitor(seen.port)
    inbox.mkdir()
    try:
        while not seen.is_over:
            number = told["uploaded"] + 41
            path = inbox / f"ferries-{number}.txt"
            path.write_text(WORK.format(number=number), encoding="utf-8")
            page.upload(path.name, path.read_bytes())
            there = wait_for(lambda: next((work for work in documents(seen.port) if work["title"] == TITLE), None), "the upload")
            told["uploaded"] += 1
            time.sleep(every)
            page.remove(str(there["id"]))
            wait_for(lambda: not any(work["title"] == TITLE for work in documents(seen.port)), "the removal")
            told["removed"] += 1
            time.sleep(every)
            if not told["rebuilt"]:
                rebuild(home, page)
                told["rebuilt"] += 1
            if all(told[kind] for kind in KINDS):
                seen.library_is_done.set()
    except (Refused, OSError, TimeoutError, http.client.HTTPException) as error:
        with seen.lock:
            seen.faults.append(f"library: {type(error).__name__}: {error}")
    finally:
        seen.library_is_done.set()


def rebuild(home: Path, page: PageVisitor) -> None:
    """Have every file read and cut again, and wait until the new index is in use."""
    in_use = home / "index" / "CURRENT"
    before = in_use.read_text(encoding="utf-8")
    with (home / "corpus" / "catalogue.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write("\n# Whoever has read the works with another catalogue has to read them again.\n")
    page.rebuild()
    wait_for(lambda: in_use.read_text(encoding="utf-8") != before, "the rebuild")


def wait_for(found: Callable[[], T | None], what: str, minutes: float = 15) -> T:
    """What is found in the end.

    Raises:
        TimeoutError: it takes too long.
    """
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        if there := found():
            return there
        time.sleep(1)
    raise TimeoutError(f"{what} was not seen within {minutes} minutes")
