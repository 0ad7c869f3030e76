"""Conversations on disk: each belongs to one browser, which alone can list, rename and delete it; who has a link to it can read it."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from askjapan.citations.answer_files import answer_of
from askjapan.errors import AskJapanError
from askjapan.records import Answer
from askjapan.sayings import Saying
from askjapan.web.conversations.room import Room, require_another_collection

TITLE_LENGTH = 60
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS turns (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    number INTEGER NOT NULL, answer TEXT NOT NULL, themes TEXT NOT NULL, documents TEXT NOT NULL, words TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS collections (id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, documents TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_owner ON conversations(owner, updated);
CREATE INDEX IF NOT EXISTS by_conversation ON turns(conversation, number);
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation in a browser's list; `updated` is in seconds since the epoch."""

    id: str
    title: str
    updated: float


@dataclass(frozen=True, slots=True)
class Collection:
    """Works, by their ids, that a browser has put together under a name."""

    id: str
    name: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer as it was given, and the filters that it was asked with. `number` counts from 0.

    The id is a random token: who has it may read this answer, so that a link to one answer can be given away.
    """

    id: str
    conversation: str
    number: int
    answer: Answer
    themes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def new_token() -> str:
    """An id that cannot be guessed, safe in a URL and in an HTML id."""
    return secrets.token_hex(16)


class ConversationStore:
    """The conversations of all browsers in one SQLite file; every call opens it anew, so threads and processes may share it.

    Raises:
        AskJapanError: the file cannot be written or is no database of askjapan; every method may raise it too.
    """

    def __init__(self, path: Path, room: Room = Room()) -> None:  # noqa: B008 - it is frozen
        self.path = path
        self.room = room
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # What somebody has asked is nobody else's business on a shared machine.
            path.touch(mode=0o600)
        except OSError as error:
            raise self._error(error) from error
        with self._open() as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise self._error(f"they are kept in form {version}, this version reads form {_VERSION}")
            database.executescript(f"{_TABLES} PRAGMA user_version = {_VERSION};")

    def conversations(self, owner: str, search: str = "") -> list[Conversation]:
        """A browser's conversations, latest first; `search` looks into titles, questions and answers."""
        pattern = "%" + search.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        with self._open() as database:
            rows = database.execute(
                "SELECT id, title, updated FROM conversations AS c WHERE owner = ? AND (title LIKE ? ESCAPE '\\' OR EXISTS "
                "(SELECT 1 FROM turns WHERE conversation = c.id AND words LIKE ? ESCAPE '\\')) ORDER BY updated DESC",
                (owner, pattern, pattern),
            ).fetchall()
        return [Conversation(*row) for row in rows]

    def turns(self, owner: str, conversation: str) -> list[Turn]:
        """The turns of a conversation in order; none if it is not this browser's."""
        with self._open() as database:
            rows = database.execute(
                "SELECT t.id, t.conversation, t.number, t.answer, t.themes, t.documents FROM turns AS t JOIN conversations AS c "
                "ON c.id = t.conversation WHERE c.owner = ? AND c.id = ? ORDER BY t.number",
                (owner, conversation),
            ).fetchall()
        return [_turn(row) for row in rows]

    def shared(self, conversation: str) -> list[Turn]:
        """The turns of a conversation in order, for anybody who knows its id, which its link holds."""
        with self._open() as database:
            rows = database.execute(
                "SELECT id, conversation, number, answer, themes, documents FROM turns WHERE conversation = ? ORDER BY number",
                (conversation,),
            ).fetchall()
        return [_turn(row) for row in rows]

    def turn(self, id_: str) -> Turn | None:
        """One turn by its token, for anybody who knows it; None where there is none."""
        with self._open() as database:
            row = database.execute(
                "SELECT id, conversation, number, answer, themes, documents FROM turns WHERE id = ?", (id_,)
            ).fetchone()
        return _turn(row) if row else None

    def require_room(self, owner: str) -> None:
        """Make sure that an answer of this browser can be kept, before somebody waits for it.

        Raises:
            AskJapanError: it has as many as it may have, or the file is as large as it may be.
        """
        with self._open() as database:
            self.room.require(database, owner)

    def keep(
        self,
        owner: str,
        conversation: str,
        answer: Answer,
        themes: Sequence[str] = (),
        documents: Sequence[str] = (),
        *,
        instead_of: str = "",
    ) -> Turn:
        """Add a turn to a conversation of this browser and return it.

        Args:
            owner: the browser's secret name.
            conversation: an id that is not one of its own starts a new conversation.
            answer: what is kept.
            themes: the filter that the question was asked with.
            documents: likewise.
            instead_of: the id of a turn whose place the new one takes. The last turn of its conversation goes in the same step; an earlier
                one stays with those after it, and the new one goes with those before it into a new conversation. An unknown id is none.
        """
        with self._open() as database:
            own = database.execute("SELECT title FROM conversations WHERE id = ? AND owner = ?", (conversation, owner)).fetchone()
            conversation = conversation if own else self._begin(database, owner, _title(answer.question))
            if own and instead_of:
                conversation = self._make_way(database, owner, conversation, own[0], instead_of, _title(answer.question))
            database.execute("UPDATE conversations SET updated = ? WHERE id = ?", (time.time(), conversation))
            count = database.execute("SELECT COUNT(*) FROM turns WHERE conversation = ?", (conversation,)).fetchone()[0]
            turn = Turn(new_token(), conversation, count, answer, tuple(themes), tuple(documents))
            said = " ".join((answer.question, answer.reason, *(sentence.text for sentence in answer.sentences)))
            stored = json.dumps(answer.to_dict(), ensure_ascii=False)
            filters = (json.dumps(turn.themes, ensure_ascii=False), json.dumps(turn.documents, ensure_ascii=False))
            database.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?)", (turn.id, conversation, count, stored, *filters, said)
            )
        return turn

    def write(self, turn: Turn) -> None:
        """Keep what a writer made of a turn's answer; nothing happens where the turn has been deleted meanwhile."""
        stored = json.dumps(turn.answer.to_dict(), ensure_ascii=False)
        with self._open() as database:
            database.execute("UPDATE turns SET answer = ? WHERE id = ?", (stored, turn.id))

    @staticmethod
    def _begin(database: sqlite3.Connection, owner: str, title: str) -> str:
        """Begin a conversation without turns; returns its id."""
        conversation = new_token()
        database.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, owner, title, time.time()))
        return conversation

    def _make_way(self, database: sqlite3.Connection, owner: str, conversation: str, named: str, turn: str, title: str) -> str:
        """Prepare a conversation, which is `named` so, for what takes a turn's place.

        Returns the id of the one to go on in, with the turns before it; it has the `title` where it begins with what is new.
        """
        turns = database.execute(
            "SELECT id, number, answer, themes, documents, words FROM turns WHERE conversation = ? ORDER BY number",
            (conversation,),
        ).fetchall()
        place = next((place for place, row in enumerate(turns) if row[0] == turn), None)
        if place is None:
            return conversation
        if place == len(turns) - 1:
            database.execute("DELETE FROM turns WHERE id = ?", (turn,))
            # A title that nobody has given follows the question that it was made from.
            if place == 0 and named == _title(answer_of(json.loads(turns[0][2])).question):
                database.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation))
            return conversation
        branch = self._begin(database, owner, named if place else title)
        copies = [(new_token(), branch, *row[1:]) for row in turns[:place]]
        database.executemany("INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?)", copies)
        return branch

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Give a conversation of this browser another title; an empty one changes nothing."""
        title = " ".join(title.split())[:200]
        if title:
            with self._open() as database:
                database.execute("UPDATE conversations SET title = ? WHERE id = ? AND owner = ?", (title, conversation, owner))

    def delete(self, owner: str, conversation: str) -> None:
        """Delete a conversation of this browser with its answers; links to them no longer open."""
        with self._open() as database:
            database.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (conversation, owner))

    def collections(self, owner: str) -> list[Collection]:
        """A browser's collections by name."""
        with self._open() as database:
            rows = database.execute(
                "SELECT id, name, documents FROM collections WHERE owner = ? ORDER BY name COLLATE NOCASE", (owner,)
            ).fetchall()
        return [Collection(id_, name, tuple(json.loads(documents))) for id_, name, documents in rows]

    def keep_collection(self, owner: str, name: str, documents: Sequence[str]) -> str:
        """Keep works under a name, replacing those that have it already; returns the collection's id."""
        name = " ".join(name.split())[:200]
        with self._open() as database:
            database.execute("DELETE FROM collections WHERE owner = ? AND name = ?", (owner, name))
            require_another_collection(database, owner)
            id_ = new_token()
            database.execute("INSERT INTO collections VALUES (?, ?, ?, ?)", (id_, owner, name, json.dumps(list(documents))))
        return id_

    def rename_collection(self, owner: str, id_: str, name: str) -> str:
        """Give a collection of this browser another name; returns its id."""
        with self._open() as database:
            database.execute(
                "UPDATE collections SET name = ? WHERE id = ? AND owner = ?", (" ".join(name.split())[:200], id_, owner)
            )
        return id_

    def delete_collection(self, owner: str, id_: str) -> None:
        """Delete a collection of this browser; the works stay."""
        with self._open() as database:
            database.execute("DELETE FROM collections WHERE id = ? AND owner = ?", (id_, owner))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=10)) as database, database:
                database.execute("PRAGMA foreign_keys = ON")
                yield database
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _error(self, error: Exception | str) -> AskJapanError:
        return AskJapanError(Saying.of("conversations_unusable", path=str(self.path), cause=str(error)))


def _title(question: str) -> str:
    title = " ".join(question.split())
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1].rstrip() + "…"


def _turn(row: tuple[str, str, int, str, str, str]) -> Turn:
    id_, conversation, number, answer, themes, documents = row
    return Turn(id_, conversation, number, answer_of(json.loads(answer)), tuple(json.loads(themes)), tuple(json.loads(documents)))
