"""What kept conversations may take on disk, in answers of one browser and in megabytes of all; what is full is told, or makes room."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from askjapan.errors import AskJapanError
from askjapan.sayings import Saying

MOST_COLLECTIONS = 500  # of one browser


@dataclass(frozen=True, slots=True)
class Room:
    """What conversations may take: answers of one browser, and megabytes of all.

    Where they are full nothing is deleted and no further answer is kept, unless the `oldest_go`: then the conversations of other browsers
    that were gone on with longest ago make room.
    """

    answers: int = 10_000
    megabytes: float = 2_000
    oldest_go: bool = False

    def require(self, database: sqlite3.Connection, owner: str) -> None:
        """Make sure that an answer of a browser can be kept.

        Raises:
            AskJapanError: the browser has as many as it may have, or all take as much as they may.
        """
        count = database.execute(
            "SELECT COUNT(*) FROM turns AS t JOIN conversations AS c ON c.id = t.conversation WHERE c.owner = ?", (owner,)
        ).fetchone()[0]
        if count >= self.answers:
            raise AskJapanError(Saying.of("own_conversations_full", limit=self.answers))
        while (taken := _megabytes(database)) > self.megabytes:
            oldest = database.execute(
                "SELECT id FROM conversations WHERE owner != ? ORDER BY updated LIMIT 1", (owner,)
            ).fetchone()
            if oldest is None or not self.oldest_go:
                raise AskJapanError(Saying.of("conversations_full", limit=f"{self.megabytes:g}", taken=f"{taken:.2g}"))
            database.execute("DELETE FROM conversations WHERE id = ?", oldest)


def require_another_collection(database: sqlite3.Connection, owner: str) -> None:
    """Raise AskJapanError if a browser has as many collections as it may have."""
    count = database.execute("SELECT COUNT(*) FROM collections WHERE owner = ?", (owner,)).fetchone()[0]
    if count >= MOST_COLLECTIONS:
        raise AskJapanError(Saying.of("too_many_collections", limit=MOST_COLLECTIONS))


def _megabytes(database: sqlite3.Connection) -> float:
    """What is kept takes so much; the pages of the file that deleting has freed are used again."""
    size, pages, free = (
        database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
    )
    return float(size * (pages - free) / 1e6)
