"""Refusals of the guards before the page, in the language that the visitor's page is sent in."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import PlainTextResponse
from starlette.types import Scope

from askjapan.sayings import Saying
from askjapan.web.words.initial_language import asked_for


def told_to(scope: Scope, told: Saying) -> str:
    """The sentence in the language of the visitor who sent a request."""
    return told.said(asked_for(scope))


def refusal(scope: Scope, told: Saying, status: int, headers: Mapping[str, str] | None = None) -> PlainTextResponse:
    """The response, in plain text, to a request that a guard does not pass on."""
    return PlainTextResponse(told_to(scope, told), status, headers)
