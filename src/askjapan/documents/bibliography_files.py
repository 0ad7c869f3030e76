"""Bibliography files → their entries: CSL-JSON, BibTeX, RIS, and the database of a Zotero library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from askjapan.documents.references import (
    Bibliography,
    Reference,
    authors_of,
    entries,
    first_isbn,
    full_name,
    paths_in,
    plain_doi,
    venue_of,
    year_in,
)
from askjapan.errors import LibraryError

ZOTERO = "zotero.sqlite"
_REMEDY = "Give CSL-JSON (.json), BibTeX (.bib), RIS (.ris), or the folder of a Zotero library or export."


def load_bibliography(path: Path) -> Bibliography:
    """Read a bibliography: a file, the folder of an export that holds one, or a Zotero library by its folder, `storage` or database.

    Raises:
        LibraryError: it is not there, is of another kind, or cannot be read.
    """
    path = _file_of(path.expanduser())
    readers = {".json": _csl, ".bib": _bibtex, ".bibtex": _bibtex, ".ris": _ris, ".sqlite": _zotero}
    read = readers.get(path.suffix.lower())
    if read is None:
        raise LibraryError(f"{path} is no bibliography.", _REMEDY)
    found = entries(path.name, read(path))
    if not found.references:
        raise LibraryError(f"{path} has no entries.", _REMEDY)
    return found


def zotero_of(path: Path) -> Path | None:
    """The database of the Zotero library in whose `storage` a file lies; None for any other file."""
    storage = path.resolve().parent.parent
    database = storage.parent / ZOTERO
    return database if storage.name == "storage" and database.is_file() else None


def _file_of(path: Path) -> Path:
    if path.is_file():
        return path
    if not path.is_dir():
        raise LibraryError(f"The bibliography {path} does not exist.", "Check the path.")
    for database in (path / ZOTERO, path.parent / ZOTERO):
        if database.is_file() and (database.parent == path or path.name == "storage"):
            return database
    listed = [file for file in sorted(path.iterdir()) if file.suffix.lower() in (".bib", ".bibtex", ".ris", ".json")]
    if len(listed) != 1:
        raise LibraryError(f"The folder {path} holds {len(listed)} bibliographies instead of one.", _REMEDY)
    return listed[0]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryError(f"The bibliography {path} cannot be read: {error}.", "Export it again as UTF-8.") from error


def _broken(path: Path, reason: object) -> LibraryError:
    return LibraryError(f"The bibliography {path} cannot be read: {' '.join(str(reason).split())}.", "Export it again.")


def _csl(path: Path) -> Iterator[Reference]:
    try:
        data = json.loads(_text(path))
    except ValueError as error:
        raise _broken(path, error) from error
    items = data.get("items") if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _broken(path, "it is no list of CSL-JSON items")
    for item in items:
        fields = {key: str(item.get(key) or "") for key in ("volume", "issue", "DOI", "ISBN", "language", "file", "title")}
        name = str(item.get("container-title") or item.get("publisher") or "")
        yield Reference(
            title=fields["title"],
            authors=tuple(filter(None, map(_csl_name, item.get("author") or item.get("editor") or ()))),
            year=_csl_year(item.get("issued")),
            venue=venue_of({"name": name, "pages": str(item.get("page") or ""), **fields}),
            language=fields["language"][:2].lower(),
            doi=plain_doi(fields["DOI"]),
            isbn=first_isbn(fields["ISBN"]),
            files=paths_in(fields["file"], path.parent),
        )


def _csl_name(person: Mapping[str, str]) -> str:
    if person.get("literal"):
        return person["literal"]
    particle = person.get("non-dropping-particle") or person.get("dropping-particle") or ""
    family = " ".join(part for part in (particle, person.get("family", "")) if part)
    return " ".join(part for part in (full_name(person.get("given", ""), family), person.get("suffix", "")) if part)


def _csl_year(issued: Any) -> int | None:  # noqa: ANN401 - CSL dates have several forms
    if not isinstance(issued, dict):
        return year_in(issued)
    parts = issued.get("date-parts") or [[]]
    return year_in(parts[0][0] if parts[0] else issued.get("raw") or issued.get("literal"))


def _bibtex(path: Path) -> Iterator[Reference]:
    from pybtex import errors
    from pybtex.database import parse_string
    from pybtex.exceptions import PybtexError
    from pybtex.richtext import Text

    def plain(text: str) -> str:
        return str(Text.from_latex(" ".join(text.split())))

    try:
        # Entries that are given twice, and names of months that nobody defines, are no reason to refuse the others.
        with errors.capture():
            entries_ = parse_string(_text(path), "bibtex").entries.values()
    except PybtexError as error:
        raise _broken(path, error) from error
    for entry in entries_:
        fields = {key.lower(): value for key, value in entry.fields.items()}
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        named = next((plain(fields[key]) for key in _BIBTEX_VENUES if fields.get(key)), "")
        numbers = {"volume": fields.get("volume", ""), "issue": fields.get("number", ""), "pages": fields.get("pages", "")}
        yield Reference(
            title=plain(fields.get("title", "")),
            authors=tuple(
                " ".join(
                    [
                        full_name(
                            plain(" ".join([*person.first_names, *person.middle_names])),
                            plain(" ".join([*person.prelast_names, *person.last_names])),
                        ),
                        *map(plain, person.lineage_names),
                    ]
                )
                for person in people
            ),
            year=year_in(fields.get("year") or fields.get("date")),
            venue=venue_of({"name": named, **numbers}),
            language=_BABEL.get(fields.get("langid", "").lower(), fields.get("language", "")[:2].lower()),
            doi=plain_doi(fields.get("doi", "")),
            isbn=first_isbn(fields.get("isbn", "")),
            files=paths_in(fields.get("file", ""), path.parent),
        )


_BIBTEX_VENUES = ("journal", "journaltitle", "booktitle", "publisher", "institution", "school", "organization")
_BABEL = {"english": "en", "british": "en", "american": "en", "japanese": "ja", "german": "de", "ngerman": "de", "french": "fr"}


def _ris(path: Path) -> Iterator[Reference]:
    import rispy

    try:
        items = rispy.loads(_text(path))
    except (OSError, ValueError, LookupError) as error:
        raise _broken(path, error) from error
    for item in items:
        name = next((str(item[key]) for key in ("secondary_title", "journal_name", "publisher") if item.get(key)), "")
        pages = "–".join(str(item[key]) for key in ("start_page", "end_page") if item.get(key))
        numbers = {"volume": str(item.get("volume", "")), "issue": str(item.get("number", "")), "pages": pages}
        links = [item.get(key) or [] for key in ("file_attachments1", "file_attachments2", "file_attachments")]
        yield Reference(
            title=str(item.get("title") or item.get("primary_title") or ""),
            authors=authors_of(item.get("authors") or item.get("first_authors") or []),
            year=year_in(item.get("year") or item.get("publication_year") or item.get("date")),
            venue=venue_of({"name": name, **numbers}),
            language=str(item.get("language", ""))[:2].lower(),
            doi=plain_doi(str(item.get("doi", ""))),
            isbn=first_isbn(str(item.get("issn", ""))),
            files=tuple(
                file
                for link in links
                for one in ([link] if isinstance(link, str) else link)
                for file in paths_in(str(one), path.parent)
            ),
        )


_ATTACHED = (
    "SELECT a.parentItemID, i.key, a.path FROM itemAttachments a JOIN items i ON i.itemID = a.itemID WHERE a.path IS NOT NULL"
)
_FIELDS = """SELECT d.itemID, f.fieldName, v.value FROM itemData d
    JOIN fields f ON f.fieldID = d.fieldID JOIN itemDataValues v ON v.valueID = d.valueID"""
_AUTHORS = """SELECT i.itemID, c.firstName, c.lastName FROM itemCreators i JOIN creators c ON c.creatorID = i.creatorID
    JOIN creatorTypes t ON t.creatorTypeID = i.creatorTypeID WHERE t.creatorType = 'author' ORDER BY i.itemID, i.orderIndex"""
_ZOTERO_VENUES = ("publicationTitle", "bookTitle", "proceedingsTitle", "publisher", "university", "institution", "websiteTitle")


def _zotero(path: Path) -> Iterator[Reference]:
    # Immutable, because Zotero locks its database while it runs.
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            attached, fields_, people = (database.execute(query).fetchall() for query in (_ATTACHED, _FIELDS, _AUTHORS))
    except sqlite3.Error as error:
        raise _broken(path, error) from error
    files: dict[int, list[Path]] = {}
    for item, key, place in attached:
        files.setdefault(item, []).append(_attachment(path.parent, key, place))
    fields: dict[int, dict[str, str]] = {}
    for item, name, value in fields_:
        fields.setdefault(item, {})[name] = str(value)
    authors: dict[int, list[str]] = {}
    for item, given, family in people:
        authors.setdefault(item, []).append(full_name(given or "", family or ""))
    for item, own in files.items():
        said = fields.get(item, {})
        name = next((said[key] for key in _ZOTERO_VENUES if said.get(key)), "")
        yield Reference(
            title=said.get("title", ""),
            authors=tuple(authors.get(item, ())),
            year=year_in(said.get("date")),
            venue=venue_of({"name": name, **{key: said.get(key, "") for key in ("volume", "issue", "pages")}}),
            language=said.get("language", "")[:2].lower(),
            doi=plain_doi(said.get("DOI", "")),
            isbn=first_isbn(said.get("ISBN", "")),
            files=tuple(own),
        )


def _attachment(library: Path, key: str, place: str) -> Path:
    kind, _, name = place.partition(":")
    return library / "storage" / key / name if kind == "storage" else Path(place)
