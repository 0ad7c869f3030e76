"""How a function becomes one that programs call over the net: its errors as one sentence, its caller known, its result as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar

from askjapan.errors import AskJapanError
from askjapan.web.server.faults import guarded
from askjapan.web.server.rates import CLIENT
from askjapan.web.server.request_log import REQUEST_ID, id_of

P = ParamSpec("P")
T = TypeVar("T")


def explained(function: Callable[P, T], explain: Callable[[str], Exception]) -> Callable[P, T]:
    """The function with its errors as a caller over the net gets them: one sentence with its remedy, no traceback."""

    whole = guarded(function, explain)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return whole(*args, **kwargs)
        except AskJapanError as error:
            raise explain(str(error)) from None

    return call


def with_client(function: Callable[..., str]) -> Callable[..., str]:
    """The function with Gradio's request before its arguments: Gradio calls it far from the request that asked for it."""
    from gradio import Request

    @wraps(function)
    def call(request: Request, *given: Any) -> str:  # noqa: ANN401 - whatever JSON was sent
        client = CLIENT.set(str(request.client.host) if request.client else "")
        asked_by = REQUEST_ID.set(id_of(request))
        try:
            return function(*given)
        finally:
            CLIENT.reset(client)
            REQUEST_ID.reset(asked_by)

    known = signature(function)
    first = Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    call.__annotations__ = {"request": Request, **function.__annotations__}
    vars(call)["__signature__"] = known.replace(parameters=[first, *known.parameters.values()])
    return call


def as_text(function: Callable[P, Any]) -> Callable[P, str]:
    """The function with its result as JSON text."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> str:
        return json.dumps(function(*args, **kwargs), ensure_ascii=False)

    call.__annotations__ = {**function.__annotations__, "return": "str"}
    return call
