"""What programs may call, the same for `gradio_client` and for MCP: asking, retrieving, and the tools across all works."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from importlib.util import find_spec
from inspect import cleandoc
from typing import Any

from askjapan.citations.export.matrix import cell_place
from askjapan.errors import AskJapanError, QuestionError
from askjapan.findings import Quoted
from askjapan.records import Answer
from askjapan.web.server.paths import MCP_PATH
from askjapan.web.server.rates import CLIENT
from askjapan.web.server.request_log import REQUEST_ID, log_answer
from askjapan.web.shared.service import AssistantService
from askjapan.web.tools.adapters import as_text, explained, with_client

MOST_PASSAGES = 50
LONGEST_QUOTE = 5_000
OVERVIEW = {"en": "What is this about?", "ja": "これは何についての文献ですか。"}
INSTRUCTIONS = "Quoted, checkable answers from a small corpus on Japan in the world."


class Tools:
    """The functions over one service; their docstrings are what a program, or its model, is told about them."""

    def __init__(self, service: AssistantService) -> None:
        self.service = service

    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        themes: list[str] | None = None,
        documents: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answer a question about Japan in the world from a small scholarly corpus, in verbatim quotes with checkable citations.

        Covers sister cities and local governments abroad, regional production networks, migration, soft power and city
        diplomacy. `answered` is false, with a reason and the nearest passages, where the corpus does not hold the answer. Each
        citation gives the document, page, section, character offsets and the exact quote.

        Args:
            question: the question, as a whole sentence.
            history: the user's earlier questions, oldest first, if this is a follow-up.
            themes: search only works with one of these themes; list_documents names them.
            documents: search only the works with these ids; list_documents names them.
        """
        asked = _text("question", question), _texts("history", history)
        filters = _texts("themes", themes), _texts("documents", documents)
        self.service.wait(600)
        began = time.perf_counter()
        try:
            answer = self.service.in_turn(CLIENT.get(), lambda: self.service.ask(*asked, *filters))
        except AskJapanError as error:
            log_answer(error, began, REQUEST_ID.get(), question)
            raise
        log_answer(answer, began, REQUEST_ID.get(), question)
        return answer.to_dict()

    def retrieve(
        self,
        question: str,
        k: int = 5,
        history: list[str] | None = None,
        themes: list[str] | None = None,
        documents: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Find the passages of the corpus that best answer a question, best first, each with its document and place.

        Args:
            question: the question, as a whole sentence.
            k: how many passages at most, up to 50.
            history: the user's earlier questions, oldest first, if this is a follow-up.
            themes: search only works with one of these themes; list_documents names them.
            documents: search only the works with these ids; list_documents names them.
        """
        asked = _text("question", question), min(_number("k", k), MOST_PASSAGES), _texts("history", history)
        filters = _texts("themes", themes), _texts("documents", documents)
        self.service.wait(600)
        hits = self.service.in_turn(CLIENT.get(), lambda: self.service.retrieve(*asked, *filters))
        return [asdict(hit) for hit in hits]

    def list_documents(self) -> list[dict[str, Any]]:
        """List the works of the corpus: id, title, authors, year, themes, and whether it is the full text or a study note."""
        self.service.wait(600)
        names = ("id", "title", "authors", "year", "venue", "themes", "kind", "language", "sha256", "date")
        return [{name: getattr(document, name) for name in names} for document in self.service.assistant().documents]

    def overview(
        self, language: str = "en", themes: list[str] | None = None, documents: list[str] | None = None
    ) -> dict[str, Any]:
        """Say what the corpus, a theme or one work is about, in its own key sentences, a work after the other, each with its citation.

        Use this first when you do not know the corpus, or for "summarise": name one work in `documents` for more of it.

        Args:
            language: "en" or "ja", of the sentences where the corpus has both.
            themes: only works with one of these themes; list_documents names them.
            documents: only the works with these ids; list_documents names them.
        """
        if _text("language", language) not in OVERVIEW:
            raise QuestionError(f"{language[:40]!r} is no language that can be asked for.", 'Send "en" or "ja".')
        return self.ask(OVERVIEW[language], [], themes, documents)

    def mentions(
        self,
        term: str,
        exact: bool = False,
        shown: int = 50,
        themes: list[str] | None = None,
        documents: list[str] | None = None,
    ) -> dict[str, Any]:
        """Count every mention of a word or phrase in all works, by work and section, and show the mentions in their context.

        Use this for "how often", "where everywhere" and "which works mention": nothing is sampled, `count` is the exact number.
        Plurals, hyphens, diacritics and Japanese variants count too; `forms` says how often each is written. `*` stands for any
        letters ("migra*").

        Args:
            term: a word or phrase of at most 200 characters, not a question.
            exact: count only what is written letter for letter like this.
            shown: how many mentions of each work are shown in context at most; the counts are always whole.
            themes: search only works with one of these themes; list_documents names them.
            documents: search only the works with these ids; list_documents names them.
        """
        wanted, limit = _text("term", term), _number("shown", shown)
        filters = _texts("themes", themes), _texts("documents", documents)
        self.service.wait(600)
        mentions = self.service.use_in_turn(
            CLIENT.get(), lambda assistant: assistant.mentions(wanted, filters[0] or None, filters[1] or None, exact=bool(exact))
        )
        data = mentions.to_dict()
        for work in data["works"]:
            work["mentions"] = work["mentions"][: max(0, limit)]
        return data

    def matrix(self, questions: list[str], themes: list[str] | None = None, documents: list[str] | None = None) -> dict[str, Any]:
        """Ask each question of each work by itself, to compare works: a row a work, a cell a question.

        A cell has the best verbatim quote of that work with its place and a confidence from 0 to 1; where `answered` is false, the work
        does not hold the answer. Use this instead of `ask` when every work has to be heard.

        Args:
            questions: up to 20 whole sentences, each understood without the others.
            themes: only works with one of these themes; list_documents names them.
            documents: only the works with these ids; list_documents names them.
        """
        asked = _texts("questions", questions)
        filters = _texts("themes", themes), _texts("documents", documents)
        self.service.wait(600)
        matrix = self.service.use_in_turn(
            CLIENT.get(), lambda assistant: assistant.matrix(asked, filters[0] or None, filters[1] or None)
        )
        rows = [
            {"id": row.document.id, "title": row.document.title, "cells": [_cell(cell) for cell in row.cells]}
            for row in matrix.rows
        ]
        return {"questions": list(matrix.questions), "rows": rows, "index_fingerprint": matrix.index_fingerprint}

    def check_quote(self, quote: str, page: str = "", documents: list[str] | None = None) -> dict[str, Any]:
        """Check a quotation before it is used: whether it stands in a work word for word, and where.

        `status` is "exact", "altered" (then `differences` shows each stretch of words that departs, the quote's beside the
        work's), "other page" (it stands there, but not on the page given), "not found" or "not checked" (the time did not suffice for
        all works). Omissions marked with … or [...] are allowed.

        Args:
            quote: the quotation without quotation marks around it, at most 5000 characters.
            page: the printed page or pages that are given for it, such as "12" or "12–13"; may be left out.
            documents: look only in the works with these ids; list_documents names them.
        """
        text, pages, works = _text("quote", quote), _text("page", page), _texts("documents", documents)
        if not text.strip() or len(text) > LONGEST_QUOTE:
            raise QuestionError(f"The quote has {len(text)} characters.", f"Send 1 to {LONGEST_QUOTE}.")
        self.service.wait(600)
        quoted = [Quoted(text, "quotation", 1, pages.strip())]
        checked = self.service.use_in_turn(
            CLIENT.get(), lambda assistant: assistant.check_quotations(quoted, documents=works or None)
        )
        return asdict(checked.quotations[0])

    @property
    def all(self) -> tuple[Callable[..., Any], ...]:
        """The functions that programs may call."""
        return self.ask, self.retrieve, self.list_documents, self.overview, self.mentions, self.matrix, self.check_quote

    def register(self) -> None:
        """Give the functions their names in the page's API; called inside the page's `gr.Blocks`.

        They return JSON as text: `gradio_client` takes any object with a `path` for a file to download, and citations have one.
        """
        from gradio import Error, events

        for tool in self.all:
            called = as_text(explained(tool, lambda told: Error(told, print_exception=False)))
            events.api(with_client(called), api_name=tool.__name__, concurrency_limit=None)

    def mcp_options(self) -> dict[str, Any]:
        """What the page's server needs to speak MCP (streamable HTTP) under `/mcp`; nothing when the extra is not installed."""
        if find_spec("mcp") is None:
            return {}
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.server.transport_security import TransportSecuritySettings

        server = MCPServer("askjapan", instructions=INSTRUCTIONS, log_level="WARNING")
        for tool in self.all:
            server.add_tool(explained(tool, ToolError), description=cleandoc(tool.__doc__ or ""))
        # `Hosts` checks names and origins, of this door too.
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        door = server.streamable_http_app(
            streamable_http_path=MCP_PATH, json_response=True, stateless_http=True, transport_security=security
        )

        @asynccontextmanager
        async def lifespan(app: object) -> AsyncIterator[None]:
            async with server.session_manager.run():
                yield

        return {"routes": list(door.routes), "lifespan": lifespan}


def _cell(cell: Answer) -> dict[str, Any]:
    """A cell of a matrix without the passages that it was chosen from."""
    quotes = [sentence for sentence in cell.sentences if sentence.kind == "quote"]
    return {
        "answered": cell.answered,
        "confidence": cell.confidence,
        "quote": "\n".join(sentence.text for sentence in quotes),
        "where": cell_place(cell) if cell.answered else "",
        "citations": [asdict(citation) for sentence in quotes for citation in sentence.citations],
    }


def _text(name: str, given: object) -> str:
    """Gradio hands on whatever JSON a program sends."""
    if not isinstance(given, str):
        raise QuestionError(f"{name} is {_kind(given)}, not a text.", "Send it as a JSON string.")
    return given


def _texts(name: str, given: object) -> list[str]:
    if given is not None and not (isinstance(given, list) and all(isinstance(part, str) for part in given)):
        raise QuestionError(f"{name} is no list of texts.", "Send it as a JSON array of strings, or leave it out.")
    return given or []


def _number(name: str, given: object) -> int:
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool):
        raise QuestionError(f"{name} is {_kind(given)}, not a whole number.", "Send it as a JSON number.")
    return given


def _kind(given: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "an array", dict: "an object"}
    return kinds.get(type(given), "null")
