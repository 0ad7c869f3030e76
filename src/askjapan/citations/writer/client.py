"""Streams a chat with an OpenAI-compatible endpoint.

The time limit covers the whole exchange, from the connection to the last byte, so that neither a stalled nor a slow server can block.
Redirects are not followed: the key goes to the address that the user set and to no other.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

from askjapan.citations.writer.endpoint import (
    MAX_TOLD,
    Endpoint,
    broken_off,
    not_a_stream,
    refused,
    said_by,
    told_in,
    too_slow,
    unreachable,
)
from askjapan.errors import WriterError

if TYPE_CHECKING:
    from httpx2 import Request, Response

Role = Literal["system", "user", "assistant"]
MAX_TOKENS = 400
MAX_BYTES = 1_000_000
TICK = 0.4
"""Seconds without news after which an empty piece is yielded, so that the caller can stop waiting."""
_GRACE = 5.0
_HEADERS = ("host", "connection", "accept", "content-type", "content-length", "user-agent", "x-stainless-raw-response")
"""The last one is the client's own note on how it was called, which it reads back from the request."""
INSTALL = "Run `pip install 'askjapan[llm]'`, or unset ASKJAPAN_LLM_BASE_URL."


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as it came, empty when nothing has come for a while.

    The last piece has an `end`: "finished", or "cut" where the model stopped early, as at its limit of tokens.
    """

    text: str = ""
    end: Literal["", "finished", "cut"] = ""


def stream(endpoint: Endpoint, messages: Sequence[tuple[Role, str]]) -> Generator[Piece]:
    """Yield what the model writes, piece by piece; closing the generator ends the exchange.

    Args:
        endpoint: of the model.
        messages: to the model, each as (role, text).

    Raises:
        WriterError: the client is not installed, or the endpoint did not write to the end; the pieces before are valid.
    """
    _need_client()
    exchange = _Exchange(endpoint, messages)
    thread = threading.Thread(target=exchange.run, name="askjapan-writer", daemon=True)
    thread.start()
    try:
        while not (item := exchange.next()).end:
            yield item
        yield item
    finally:
        exchange.stop()
        thread.join(1.0)


def _need_client() -> None:
    """Load the client before the clock runs: the first import takes a second."""
    try:
        import openai  # noqa: F401
    except ImportError as error:
        raise WriterError("A writer is set, but the package that talks to it is not installed.", INSTALL) from error


class _Exchange:
    """One request in a thread with an event loop of its own, where a wait for the network can be cancelled at any moment."""

    def __init__(self, endpoint: Endpoint, messages: Sequence[tuple[Role, str]]) -> None:
        self.endpoint = endpoint
        self.messages = [{"role": role, "content": content} for role, content in messages]
        self._items: SimpleQueue[Piece | WriterError | None] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False
        self._latest = time.monotonic() + endpoint.timeout + _GRACE

    def next(self) -> Piece:
        """The next piece, empty if none came for a while; the last one says how it ended."""
        try:
            item = self._items.get(timeout=TICK)
        except Empty:
            if time.monotonic() > self._latest:
                raise too_slow(self.endpoint) from None
            return Piece()
        if isinstance(item, Piece):
            return item
        raise item or broken_off(self.endpoint)

    def run(self) -> None:
        """The exchange itself, in its thread."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner, suppress(asyncio.CancelledError):
            runner.run(self._main())

    def stop(self) -> None:
        """End the exchange from any thread; nothing happens when it has ended."""
        self._stopped = True
        # The loop may close between the question and the call.
        with suppress(RuntimeError):
            if self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> None:
        self._task = asyncio.current_task()
        try:
            if not self._stopped:
                async with asyncio.timeout(self.endpoint.timeout):
                    async for piece in self._pieces():
                        self._items.put(piece)
        except TimeoutError:
            self._items.put(too_slow(self.endpoint))
        except WriterError as error:
            self._items.put(error)
        finally:
            self._items.put(None)

    async def _pieces(self) -> AsyncIterator[Piece]:
        import ssl

        from httpx2 import HTTPError, InvalidURL
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAIError

        hooks: dict[str, list[Any]] = {"request": [self._bare], "response": [self._accepted]}
        # Proxies of the environment are for the net outside: a plain address is mostly this machine's.
        through_proxy = self.endpoint.base_url.startswith("https:")
        http = DefaultAsyncHttpxClient(follow_redirects=False, trust_env=through_proxy, event_hooks=hooks, timeout=None)
        # An empty key would make the client look for one in the environment, and send it to this endpoint.
        client = AsyncOpenAI(
            base_url=self.endpoint.base_url, api_key=self.endpoint.key or "none", max_retries=0, http_client=http
        )
        try:
            async with client:
                chat = client.chat.completions.with_streaming_response.create(
                    model=self.endpoint.model,
                    messages=self.messages,  # type: ignore[arg-type]
                    stream=True,
                    temperature=0,
                    max_tokens=MAX_TOKENS,
                )
                async with chat as response:
                    async for piece in _read(response.iter_bytes(), self.endpoint):
                        yield piece
        except (OpenAIError, HTTPError, InvalidURL, ssl.SSLError) as error:
            raise unreachable(error, self.endpoint) from None

    async def _bare(self, request: Request) -> None:
        """Remove headers that are not needed: the client would send details of the system and values of other environment variables."""
        for name in set(request.headers) - set(_HEADERS):
            del request.headers[name]
        request.headers["user-agent"] = "askjapan"
        request.headers["accept-encoding"] = "identity"
        if self.endpoint.key:
            request.headers["authorization"] = f"Bearer {self.endpoint.key}"

    async def _accepted(self, response: Response) -> None:
        """Raise for any status but 200; only the beginning of the body is read, for the message."""
        if response.status_code == 200:
            return
        body = b""
        if response.status_code not in (401, 403) and not response.is_redirect:
            async for part in response.aiter_bytes():
                body += part
                if len(body) > 4 * MAX_TOLD:
                    break
        raise refused(response.status_code, response.is_redirect, told_in(body, self.endpoint.key), self.endpoint)


async def _read(body: AsyncIterator[bytes], endpoint: Endpoint) -> AsyncIterator[Piece]:
    """The pieces in a stream of server-sent events."""
    end: Literal["", "finished", "cut"] = ""
    seen = False
    async for line in _lines(body, endpoint):
        if not line.startswith("data:"):
            if not seen and line.strip() and not line.startswith((":", "event:", "id:", "retry:")):
                raise not_a_stream(line, endpoint)
            continue
        seen = True
        data = line[5:].strip()
        if data == "[DONE]":
            end = end or "finished"
            break
        piece, why = _delta(data, endpoint)
        if piece:
            yield Piece(piece)
        end = ("finished" if why == "stop" else "cut") if why else end
    if not end:
        raise broken_off(endpoint)
    yield Piece(end=end)


async def _lines(body: AsyncIterator[bytes], endpoint: Endpoint) -> AsyncIterator[str]:
    """The lines of a body, the last one too if it does not end."""
    rest, size = b"", 0
    async for part in body:
        size += len(part)
        if size > MAX_BYTES:
            raise WriterError(f"The writer at {endpoint.base_url} does not stop.", "What came after a million bytes is left out.")
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if rest:
        yield rest.decode("utf-8", "replace").rstrip("\r")


def _delta(data: str, endpoint: Endpoint) -> tuple[str, str]:
    """The text and the reason to finish in one event; either may be empty."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        event = None
    if isinstance(event, dict) and "error" in event:
        raise WriterError(
            f"The writer at {endpoint.base_url} failed{said_by(event['error'], endpoint.key)}.", "Look at its log, or ask again."
        )
    choices = event.get("choices") if isinstance(event, dict) else None
    if not isinstance(choices, list) or not all(isinstance(choice, dict) for choice in choices):
        raise WriterError(
            f"The writer at {endpoint.base_url} sent something that is no chat completion.",
            "Correct ASKJAPAN_LLM_BASE_URL; most servers' address ends with /v1.",
        )
    # The last event may tell of usage alone, without a choice.
    choice = choices[0] if choices else {}
    delta = choice.get("delta")
    text = delta.get("content") if isinstance(delta, dict) else None
    why = choice.get("finish_reason")
    return text if isinstance(text, str) else "", why if isinstance(why, str) else ""
