"""Endpoint of the writer (a language model), and its errors, each with what to do."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field

from askjapan.errors import WriterError

MAX_TOLD = 200


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Endpoint of a language model: address, model, key (empty for none) and the timeout of a whole exchange in seconds."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 30.0


def too_slow(endpoint: Endpoint) -> WriterError:
    """The error of an exchange that took longer than the settings allow."""
    return WriterError(
        f"The writer at {endpoint.base_url} had not finished after {endpoint.timeout:g} seconds.",
        "Raise ASKJAPAN_LLM_TIMEOUT, or choose a smaller model.",
    )


def broken_off(endpoint: Endpoint) -> WriterError:
    """The error of a stream that ended before the model had."""
    return WriterError(f"The writer at {endpoint.base_url} broke off.", "Look at its log, or ask again.")


def not_a_stream(line: str, endpoint: Endpoint) -> WriterError:
    """The error of a body that is no stream of events; `line` is its first."""
    kind = "a web page" if "<" in line[:20] else "something else"
    return WriterError(
        f"The writer at {endpoint.base_url} answered with {kind} instead of a stream.",
        "Correct ASKJAPAN_LLM_BASE_URL; most servers' address ends with /v1.",
    )


def unreachable(error: Exception, endpoint: Endpoint) -> WriterError:
    """The error of a connection that failed."""
    cause = error.__cause__ or error
    told = on_one_line(str(cause), endpoint.key) or type(cause).__name__
    return WriterError(
        f"The writer at {endpoint.base_url} cannot be reached, or broke off ({told}).",
        "Start it, or correct ASKJAPAN_LLM_BASE_URL.",
    )


def refused(status: int, redirect: bool, told: str, endpoint: Endpoint) -> WriterError:
    """The error of an HTTP status other than 200; `told` is the message in the body, from `told_in`."""
    where, code = f"The writer at {endpoint.base_url}", f"(HTTP {status}{told})"
    if redirect:
        return WriterError(
            f"{where} points to another address {code}, which is not followed.", "Set ASKJAPAN_LLM_BASE_URL to that one."
        )
    if status in (401, 403):
        return WriterError(f"{where} refused the key {code}.", "Correct ASKJAPAN_LLM_API_KEY.")
    if status == 404:
        return WriterError(
            f"{where} knows no model “{endpoint.model}”, or is not at this address {code}.",
            "Correct ASKJAPAN_LLM_MODEL, or ASKJAPAN_LLM_BASE_URL, which mostly ends with /v1.",
        )
    if status == 429:
        return WriterError(f"{where} takes no more requests for now {code}.", "Ask again later.")
    if status >= 500:
        return WriterError(f"{where} failed {code}.", "Look at its log, or ask again.")
    return WriterError(f"{where} did not take the request {code}.", "Look at its documentation for what it expects.")


def told_in(body: bytes, key: str) -> str:
    """The message in the body of a refusal, as ": …"; empty for a web page or nothing."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        refusal = json.loads(text)
        return said_by(refusal.get("error", refusal) if isinstance(refusal, dict) else "", key)
    return "" if text.lstrip().startswith("<") else said_by(text, key)


def said_by(told: object, key: str) -> str:
    """The message in an error object, as ": …", without the key; empty if there is none."""
    message = told.get("message") if isinstance(told, dict) else told
    text = on_one_line(message, key) if isinstance(message, str) else ""
    return f": {text}" if text else ""


def on_one_line(text: str, key: str) -> str:
    """Words of another program on one short line, without the key."""
    if key:
        text = text.replace(key, "…")
    flat = "".join(char for char in " ".join(text.split()) if char.isprintable()).rstrip(".")
    return flat if len(flat) <= MAX_TOLD else flat[:MAX_TOLD] + "…"
