"""JSON and TOML from files that anybody may have written, or damaged: whatever is wrong with them is one kind of error."""

from __future__ import annotations

import json
import tomllib
from typing import Any

TOO_DEEP = "it is nested too deeply"


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON may hold anything
    """`json.loads`; also what is nested without end is told as a `ValueError`."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


def parse_toml(text: str) -> dict[str, Any]:
    """`tomllib.loads`; also what is nested without end is told as a `tomllib.TOMLDecodeError`."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError(TOO_DEEP) from None
