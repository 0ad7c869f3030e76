"""Facts of a work that its owner has given: corrected by hand, or taken from a bibliography. They are kept beside the file.

`paper.pdf` has them in `paper.pdf.facts.json`:

```json
{"format": "askjapan facts 1", "title": {"value": "Ferries of Kujira", "from": "you"}, "year": {"value": 1987, "from": "harbour.bib"}}
```
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from askjapan.errors import CatalogueError, LibraryError
from askjapan.foreign_data import parse_json
from askjapan.records import Document

ENDING = ".facts.json"
FORMAT = "askjapan facts 1"
BY_HAND = "you"
Value = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A fact and its source: "you", or the name of a bibliography."""

    value: Value
    source: str


Facts = Mapping[str, Given]
"""Facts by name: `title`, `venue`, `language`, `citekey` and `zotero` are texts, `authors` and `collections` tuples, `year` a number."""
NO_FACTS: Facts = {}
_TEXTS = ("title", "venue", "language", "citekey", "zotero")
_LISTS = ("authors", "collections")


def facts_path(path: Path) -> Path:
    """Path of the file that keeps the facts of a file."""
    return path.with_name(path.name + ENDING)


def load_given(path: Path) -> Facts:
    """The facts that were given for a file; none if nothing is kept beside it.

    Raises:
        CatalogueError: what is kept there cannot be used.
    """
    place = facts_path(path)
    try:
        data = parse_json(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            # Beside a file with the longest name that there may be nothing can lie.
            return {}
        raise _unusable(place, str(error)) from error
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
        raise _unusable(place, f"its format is not {FORMAT!r}")
    return {name: _given(place, name, entry) for name, entry in data.items()}


def keep_given(path: Path, facts: Mapping[str, Given | None]) -> None:
    """Keep facts beside a file, with those kept there before; None removes a fact.

    A bibliography does not replace a fact that was set by hand.

    Raises:
        CatalogueError: what is kept there already cannot be used.
        LibraryError: the folder cannot be written to.
    """
    kept = dict(load_given(path))
    for name, fact in facts.items():
        if fact is None:
            kept.pop(name, None)
        elif fact.source == BY_HAND or name not in kept or kept[name].source != BY_HAND:
            kept[name] = fact
    place = facts_path(path)
    data = {"format": FORMAT, **{name: {"value": fact.value, "from": fact.source} for name, fact in kept.items()}}
    unfinished = place.with_name(f".{place.name}.part")
    try:
        if not kept:
            place.unlink(missing_ok=True)
            return
        unfinished.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(unfinished, place)
    except OSError as error:
        raise LibraryError(
            f"The facts of {path.name} cannot be kept beside it: {error.strerror or error}.",
            "Check the permissions of its folder.",
        ) from error


def with_given(document: Document, given: Facts) -> Document:
    """A document with the given facts in place of those that were found. Its id stays, so earlier citations of it stay valid."""
    if not given:
        return document
    values: dict[str, Any] = {name: fact.value for name, fact in given.items() if name != "collections"}
    if "collections" in given and isinstance(given["collections"].value, tuple):
        # A collection is chosen as a theme is.
        values["themes"] = tuple(dict.fromkeys((*document.themes, *given["collections"].value)))
    if "year" in given:
        # A date that was found says another year, or is a part of what was corrected.
        values["date"] = ""
    sources = {**document.sources, **{name: fact.source for name, fact in given.items()}}
    return replace(document, **values, sources=sources, described_by=sources.get("title", document.described_by))


def _given(place: Path, name: str, entry: object) -> Given:
    value = entry.get("value") if isinstance(entry, dict) else None
    if name == "year" and isinstance(value, int) and not isinstance(value, bool):
        return Given(value, _source(entry))
    if name in _LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return Given(tuple(value), _source(entry))
    if name in _TEXTS and isinstance(value, str):
        return Given(value, _source(entry))
    raise _unusable(place, f"its entry {name!r} is none that it may have, or has no `value` of the right kind")


def _source(entry: object) -> str:
    return str(entry.get("from", BY_HAND)) if isinstance(entry, dict) else BY_HAND


def _unusable(place: Path, reason: str) -> CatalogueError:
    return CatalogueError(
        f"The facts in {place} cannot be used: {reason}.", "Mend or delete that file, or give them with `askjapan edit`."
    )
