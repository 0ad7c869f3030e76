"""Calls a page's API with `gradio_client`, all calls at once, each with a client of its own.

`python call_page.py URL` reads a JSON list of [name, argument, ...] and prints the results; an error is {"error": its text}.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gradio_client import Client
from gradio_client.exceptions import AppError


def call(request: list[Any]) -> object:
    """One call's result, parsed."""
    name, *arguments = request
    try:
        return json.loads(Client(sys.argv[1], verbose=False).predict(*arguments, api_name=f"/{name}"))
    except AppError as error:
        return {"error": str(error)}


requests = json.load(sys.stdin)
with ThreadPoolExecutor(len(requests)) as pool:
    json.dump(list(pool.map(call, requests)), sys.stdout)
