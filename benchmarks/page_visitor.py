"""A visitor of the page without a browser: asks, uploads and presses buttons through the calls that the page itself makes."""

from __future__ import annotations

import http.client
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

PLACE = re.compile(r"is number (\d+) in the queue")
SENT = {"Content-Type": "application/json"}


class Refused(Exception):
    """The page did not do what it was asked; the text says what it said."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a call came to: the messages of the stream, and the last one's values."""

    lines: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def places(self) -> list[int]:
        """The places in the line that were told, in their order."""
        return [int(match.group(1)) for line in self.lines for match in PLACE.finditer(line)]


class PageVisitor:
    """One open page of one visitor; not to be shared between threads.

    Args:
        port: of a page on loopback.
        owner: the visitor's own name, which no other has.
    """

    def __init__(self, port: int, owner: str = "") -> None:
        self.port = port
        self.stored: dict[str, Any] = {"owner": owner or uuid.uuid4().hex, "conversation": "", "language": "en"}
        self.session = uuid.uuid4().hex[:12]
        self._config: dict[str, Any] = {}

    def ask(self, question: str) -> Told:
        """One question in the visitor's conversation, as the page asks it; the first of the values are its messages."""
        # What is typed is taken first, then what was taken is answered: two functions, of which the page calls one after the other.
        self._call(self._functions("aj-question", "submit")[0], [question, self.stored])
        told = self._call(self._answering(), [None, self.stored, [], [], None])
        self.stored = told.values[2] or self.stored
        return told

    def upload(self, name: str, data: bytes) -> None:
        """Give a file to the library; it is indexed when its turn has come."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        path = json.loads(self._send("upload", body, {"Content-Type": f"multipart/form-data; boundary={edge}"}))[0]
        file = {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}
        self._call(self._functions("aj-upload", "upload")[0], [[file], self.stored])

    def remove(self, document_id: str) -> None:
        """Press the button that removes a work."""
        self._call(self._functions("aj-library", "click")[0], [self.stored], {"do": "remove", "of": document_id})

    def rebuild(self) -> None:
        """Press the button that builds the index again."""
        self._call(self._functions("aj-rebuild", "click")[0], [self.stored])

    @property
    def config(self) -> dict[str, Any]:
        """What the page is made of."""
        if not self._config:
            connection = self._connection()
            connection.request("GET", "/config")
            self._config = json.loads(connection.getresponse().read())
            connection.close()
        return self._config

    def _functions(self, element: str, event: str) -> list[int]:
        """The numbers of the functions that an event of an element calls."""
        part = next(part["id"] for part in self.config["components"] if part["props"].get("elem_id") == element)
        return [entry["id"] for entry in self.config["dependencies"] if [part, event] in entry["targets"]]

    def _answering(self) -> int:
        """The number of the function that answers: of question, visitor, two filters and what is asked anew, it gives the conversation."""
        chatbot = next(part["id"] for part in self.config["components"] if part["type"] == "chatbot")
        return next(
            entry["id"]
            for entry in self.config["dependencies"]
            if entry["outputs"][:1] == [chatbot] and (len(entry["inputs"]), len(entry["outputs"])) == (5, 3)
        )

    def _call(self, number: int, data: list[Any], event: dict[str, Any] | None = None) -> Told:
        """A function of the page through its queue.

        Raises:
            Refused: it failed.
        """
        body = {"data": data, "event_data": event, "fn_index": number, "session_hash": self.session}
        self._send("queue/join", json.dumps(body).encode(), SENT)
        connection = self._connection()
        lines: list[str] = []
        try:
            connection.request("GET", f"/gradio_api/queue/data?session_hash={self.session}")
            reply = connection.getresponse()
            while line := reply.readline().decode():
                lines.append(line)
                if '"msg":"process_completed"' in line.replace(" ", ""):
                    told = json.loads(line.removeprefix("data: "))
                    if not told["success"]:
                        raise Refused(str(told["output"].get("error")))
                    return Told(tuple(lines), tuple(told["output"]["data"]))
        finally:
            connection.close()
        raise Refused(f"the stream ended after {lines[-1:]}")

    def _send(self, door: str, body: bytes, headers: dict[str, str]) -> bytes:
        connection = self._connection()
        try:
            connection.request("POST", f"/gradio_api/{door}", body, {**headers, "Origin": f"http://127.0.0.1:{self.port}"})
            reply = connection.getresponse()
            told = reply.read()
        finally:
            connection.close()
        if reply.status != 200:
            raise Refused(f"{reply.status}: {told[:300]!r}")
        return told

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)


def call(port: int, name: str, data: list[object]) -> tuple[int, dict[str, object]]:
    """One of the documented functions, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        connection.request("POST", f"/gradio_api/run/{name}", json.dumps({"data": data}), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        body = reply.read()
        return reply.status, json.loads(body) if body.startswith(b"{") else {"error": body.decode("utf-8", "replace")}
    finally:
        connection.close()


def documents(port: int) -> list[dict[str, object]]:
    """The works of the index in use."""
    status, told = call(port, "list_documents", [])
    if status != 200:
        raise Refused(str(told))
    return list(json.loads(told["data"][0]))
