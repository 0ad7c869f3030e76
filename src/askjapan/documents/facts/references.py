"""Entries of the bibliographies that a user gives – CSL-JSON, BibTeX, RIS, a Zotero library – and the one that a file belongs to."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from askjapan.documents.facts.given_facts import Given, Value
from askjapan.documents.facts.imprint import doi_of, isbn13, isbn_of
from askjapan.language.quotation import clean
from askjapan.readings import Reading
from askjapan.sayings import Saying

MOST_TOLD = 20  # faults of one bibliography
LEAST_TITLE = 15  # letters; a shorter title may stand in many texts
FIRST_CHARACTERS = 4_000  # a title that stands further on is that of a cited work
LONGEST_NAME, LONGEST_PATH = 255, 2_000  # bytes
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ZOTERO_KEY = re.compile(r"[A-Z0-9]{8}")
_ADDRESS = re.compile(r"^(?:file://(?:localhost)?|internal-pdf://)")


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry: its facts, empty where it has none, and the files that it names, relative ones to the bibliography's folder.

    `library` is how Zotero addresses the library that the entry is in: "library" for the user's own, "groups/123" for a group's.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    language: str = ""
    doi: str = ""
    isbn: str = ""
    files: tuple[Path, ...] = ()
    citekey: str = ""
    collections: tuple[str, ...] = ()
    library: str = "library"

    def facts(self, source: str, path: Path | None = None) -> dict[str, Given]:
        """Facts of the entry with their `source`; given the `path` of its file, also that file's address in Zotero."""
        values: dict[str, Value | None] = {
            "title": self.title,
            "authors": self.authors,
            "year": self.year,
            "venue": self.venue,
            "language": self.language,
            "citekey": self.citekey,
            "collections": self.collections,
            "zotero": zotero_address(path, self.library) if path else "",
        }
        return {name: Given(value, source) for name, value in values.items() if value}


@dataclass(frozen=True)
class Bibliography:
    """The entries of one bibliography; `name` is the source of its facts, `warnings` tell what of it was passed over, and why."""

    name: str
    references: tuple[Reference, ...]
    warnings: tuple[Saying, ...] = ()

    def facts_for(self, path: Path, reading: Reading) -> dict[str, Given]:
        """Facts that the entry of a file gives; none if `reference_for` finds no entry."""
        reference = self.reference_for(path, reading)
        return reference.facts(self.name, path) if reference else {}

    def reference_for(self, path: Path, reading: Reading) -> Reference | None:
        """The entry that names the file, else the one with its DOI, ISBN, file name or title; None if none of these fits just one."""
        doi, isbn = doi_of(reading.text), isbn_of(reading.text)
        tests: tuple[Callable[[Reference], bool], ...] = (
            lambda entry: path.resolve() in {file.resolve() for file in entry.files},
            lambda entry: bool(doi) and entry.doi == doi,
            lambda entry: bool(isbn) and entry.isbn == isbn,
            lambda entry: path.name in {file.name for file in entry.files},
        )
        alone = (matches[0] for test in tests if len(matches := [entry for entry in self.references if test(entry)]) == 1)
        return next(alone, None) or self._by_title(reading)

    def _by_title(self, reading: Reading) -> Reference | None:
        stated, text = _letters(reading.facts.get("title", "")), _letters(clean(reading.text[:FIRST_CHARACTERS]))
        fitting = [entry for title, entry in self._titles if title == stated or title in text]
        longest = max((len(_letters(entry.title)) for entry in fitting), default=0)
        # A title may stand in another's, such as that of a book in that of its review.
        best = [entry for entry in fitting if len(_letters(entry.title)) == longest]
        return best[0] if len(best) == 1 else None

    @cached_property
    def _titles(self) -> list[tuple[str, Reference]]:
        return [(title, entry) for entry in self.references if len(title := _letters(entry.title)) >= LEAST_TITLE]

    @property
    def files(self) -> list[Path]:
        """The files that the entries name, each once, in their order."""
        return list(dict.fromkeys(file for entry in self.references for file in entry.files))


def zotero_address(path: Path, library: str = "library") -> str:
    """Zotero's address of a file that lies in the folder of its key under `storage`; empty for any other file."""
    key, storage = path.parent.name, path.parent.parent.name
    return f"{library}/items/{key}" if storage == "storage" and _ZOTERO_KEY.fullmatch(key) else ""


def year_in(text: object) -> int | None:
    """The first year (1500 to 2099) in a date of any form; None if there is none."""
    match = _YEAR.search(str(text or ""))
    return int(match[0]) if match else None


def full_name(given: str, family: str) -> str:
    """A person's name as it is written: "Mari Okada", 岡田 まり."""
    in_kanji = re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", family)
    return " ".join(part for part in ((family, given) if in_kanji else (given, family)) if part.strip())


def name_of(text: str) -> str:
    """A name in the form "Okada, Mari" or "Okada, Mari, Jr." as it is written."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2:
        return text.strip()
    return " ".join([full_name(parts[1], parts[0]), *parts[2:]])


def venue_of(fields: Mapping[str, str]) -> str:
    """Venue of a work, from `name`, `volume`, `issue` and `pages`: "Harbour Papers, vol. 3, no. 2, pp. 11–30"."""
    labels = (("volume", "vol."), ("issue", "no."), ("pages", "pp."))
    parts = [f"{label} {fields[key]}" for key, label in labels if fields.get(key)]
    return ", ".join(part for part in (fields.get("name", ""), *parts) if part).replace("--", "–")


def plain_doi(text: str) -> str:
    """The DOI in a text, in lower case and without the web address before it; empty if there is none."""
    return doi_of(text)


def first_isbn(text: str) -> str:
    """The first ISBN of a field that may list several, as 13 digits; empty if there is no valid one."""
    return next((isbn for part in re.split(r"(?<![\s,;])[\s,;]++(?=97|\d{9})", text) if (isbn := isbn13(part))), "")


def paths_in(field: str, folder: Path) -> tuple[Path, ...]:
    """The files of a `file` field as reference managers write it: plain paths, addresses, or `description:path:type` separated by `;`."""
    paths = []
    for entry in re.split(r"(?<!\\);", field):
        if not (text := entry.strip().strip("{}").strip()):
            continue
        if _ADDRESS.match(text):
            text = unquote(_ADDRESS.sub("", text))
        else:
            parts = [re.sub(r"\\([:;,_&%#\\])", r"\1", part) for part in re.split(r"(?<!\\):", text)]
            text = ":".join(parts[1:-1]) if len(parts) > 2 else max(parts, key=lambda part: "." in part)
        if is_a_path(text := text.replace("\\", "/")):
            paths.append(_placed(text, folder))
    return tuple(paths)


def is_a_path(text: str) -> bool:
    """Whether a file could have this name: none has a NUL or half of a character in it, and too long a name is an error of the system."""
    try:
        name = os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return b"\0" not in name and len(name) < LONGEST_PATH and all(len(part) <= LONGEST_NAME for part in name.split(b"/"))


def _placed(text: str, folder: Path) -> Path:
    path = folder / Path(text)
    # One manager writes absolute paths without the slash that they begin with.
    return Path("/" + text) if not path.exists() and Path("/" + text).is_file() else path


def entries(name: str, listed: Iterable[Reference | Saying]) -> Bibliography:
    """A bibliography of the entries that have a title or files, in which all else that was listed is told: the first `MOST_TOLD` faults."""
    references, told = [], []
    for number, entry in enumerate(listed, 1):
        if isinstance(entry, Saying):
            told.append(entry)
        elif entry.title or entry.files:
            references.append(entry)
        else:
            told.append(Saying.of("entry_empty", name=name, entry=entry.citekey or str(number)))
    more = [Saying.of("entries_more", name=name, count=len(told) - MOST_TOLD)] if len(told) > MOST_TOLD else []
    return Bibliography(name, tuple(references), (*told[:MOST_TOLD], *more))


def faults_of(bibliographies: Sequence[Bibliography]) -> str:
    """What was told of bibliographies, as the end of a sentence on what they lack; empty where nothing was."""
    return "".join(f" {told}" for bibliography in bibliographies for told in bibliography.warnings)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def authors_of(names: Sequence[str]) -> tuple[str, ...]:
    """Names in the form "Okada, Mari" as they are written, without empty ones."""
    return tuple(name for name in map(name_of, names) if name)
