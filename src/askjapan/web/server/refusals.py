"""Refusals of the guards before the page, in the language that the visitor's page is sent in."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import PlainTextResponse
from starlette.types import Scope

from askjapan.web.words.fault_words import fault
from askjapan.web.words.initial_language import asked_for


def told_to(scope: Scope, told: str) -> str:
    """What is told in English, in the language of whoever a request comes from."""
    return fault(asked_for(scope), told)


def refusal(scope: Scope, told: str, status: int, headers: Mapping[str, str] | None = None) -> PlainTextResponse:
    """The answer to a request that a guard does not pass on."""
    return PlainTextResponse(told_to(scope, told), status, headers)
