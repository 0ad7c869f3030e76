"""Turns unforeseen faults, as when a call's values are of other types than the page sends, into a sentence and a line of the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from traceback import extract_tb
from typing import ParamSpec, TypeVar

from askjapan.errors import AskJapanError
from askjapan.web.server.request_log import REQUEST_ID

UNFORESEEN = (
    "This call could not be answered: a value in it is not as it should be, or the server has a fault. Its log says which."
)
P = ParamSpec("P")
T = TypeVar("T")
_LOG = logging.getLogger("askjapan.web")


def log_fault(error: Exception, function: str) -> None:
    """Log where a fault happened; its message may hold what was asked, and is logged at level "debug" only."""
    where = "".join(f"{place.filename}:{place.lineno}" for place in extract_tb(error.__traceback__)[-1:])
    said = {"id": REQUEST_ID.get(), "kind": type(error).__name__, "function": function, "where": where}
    debugging = _LOG.isEnabledFor(logging.DEBUG)
    _LOG.error("fault", extra={"said": said}, exc_info=error if debugging else None)


def guarded(function: Callable[P, T], explain: Callable[[str], Exception]) -> Callable[P, T]:
    """Wrap a function: a fault that is no `AskJapanError` is logged and raised as `explain(UNFORESEEN)`."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except AskJapanError:
            raise
        except Exception as error:
            log_fault(error, function.__name__)
            raise explain(UNFORESEEN) from None

    return call
