"""Bibliography files → their entries: CSL-JSON, BibTeX, RIS, and the database of a Zotero library."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from askjapan.documents.facts.references import (
    Bibliography,
    Reference,
    authors_of,
    entries,
    faults_of,
    first_isbn,
    full_name,
    paths_in,
    plain_doi,
    venue_of,
    year_in,
)
from askjapan.errors import LibraryError
from askjapan.foreign_data import parse_json
from askjapan.home import expanded
from askjapan.sayings import Saying

ZOTERO = "zotero.sqlite"
LONGEST_CAUSE = 200  # characters of a parser's words
_REMEDY = "Give CSL-JSON (.json), BibTeX (.bib), RIS (.ris), or the folder of a Zotero library or export."


def load_bibliography(path: Path) -> Bibliography:
    """Read a bibliography: a file, the folder of an export that holds one, or a Zotero library by its folder, `storage` or database.

    What of it is broken or empty is passed over, and told in its `warnings`.

    Raises:
        LibraryError: it is not there, is of another kind, or cannot be read.
    """
    path = _file_of(expanded(path))
    readers: Mapping[str, Callable[[Path], Iterator[Reference | Saying]]] = {
        ".json": _csl,
        ".bib": _bibtex,
        ".bibtex": _bibtex,
        ".ris": _ris,
        ".sqlite": zotero_references,
    }
    read = readers.get(path.suffix.lower())
    if read is None:
        raise LibraryError(f"{path} is no bibliography.", _REMEDY)
    bibliography = entries(path.name, read(path))
    if not bibliography.references:
        raise LibraryError(f"{path} has no entries.{faults_of([bibliography])}", _REMEDY)
    return bibliography


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
        data = parse_json(_text(path))
    except ValueError as error:
        raise _broken(path, error) from error
    items = data.get("items") if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _broken(path, "it is no list of CSL-JSON items")
    for item in items:
        people, issued = item.get("author") or item.get("editor") or [], item.get("issued")
        if not _is_people(people) or not _is_date(issued):
            raise _broken(
                path, f"the author or the date of {str(item.get('title') or item.get('id'))[:80]!r} is not as CSL-JSON has them"
            )
        fields = {key: str(item.get(key) or "") for key in ("volume", "issue", "DOI", "ISBN", "language", "file", "title")}
        name = str(item.get("container-title") or item.get("publisher") or "")
        yield Reference(
            title=fields["title"],
            authors=tuple(filter(None, map(_csl_name, people))),
            year=_csl_year(issued),
            venue=venue_of({"name": name, "pages": str(item.get("page") or ""), **fields}),
            language=fields["language"][:2].lower(),
            doi=plain_doi(fields["DOI"]),
            isbn=first_isbn(fields["ISBN"]),
            files=paths_in(fields["file"], path.parent),
            citekey=_citekey(str(item.get("citation-key") or item.get("id") or "")),
        )


def _is_people(given: object) -> bool:
    texts = ("literal", "family", "given", "suffix", "non-dropping-particle", "dropping-particle")
    return isinstance(given, list) and all(
        isinstance(one, dict) and all(isinstance(one.get(key) or "", str) for key in texts) for one in given
    )


def _is_date(issued: object) -> bool:
    parts = issued.get("date-parts") or [[]] if isinstance(issued, dict) else [[]]
    return isinstance(parts, list) and all(isinstance(part, list) for part in parts)


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


def _bibtex(path: Path) -> Iterator[Reference | Saying]:
    from pybtex import errors
    from pybtex.database import parse_string
    from pybtex.exceptions import PybtexError
    from pybtex.richtext import Text

    def plain(text: str) -> str:
        try:
            return str(Text.from_latex(" ".join(text.split())))
        except (PybtexError, UnicodeError, RecursionError):
            return " ".join(text.split())  # as it is written: one field that is no LaTeX is no reason to refuse the others

    try:
        # Entries that are broken or given twice, and names of months that nobody defines, are no reason to refuse the others.
        with errors.capture() as faults:
            entries_ = parse_string(_text(path), "bibtex").entries.items()
    except PybtexError as error:
        raise _broken(path, error) from error
    for fault in faults:
        yield Saying.of("entry_broken", name=path.name, cause=" ".join(str(fault).split())[:LONGEST_CAUSE])
    for key, entry in entries_:
        fields = {name.lower(): value for name, value in entry.fields.items()}
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        named = next((plain(fields[name]) for name in _BIBTEX_VENUES if fields.get(name)), "")
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
            citekey=_citekey(key),
            # JabRef's field; Zotero's own exports name no collections.
            collections=tuple(name for name in (plain(group) for group in re.split("[,;]", fields.get("groups", ""))) if name),
        )


_BIBTEX_VENUES = ("journal", "journaltitle", "booktitle", "publisher", "institution", "school", "organization")
_BABEL = {"english": "en", "british": "en", "american": "en", "japanese": "ja", "german": "de", "ngerman": "de", "french": "fr"}


def _ris(path: Path) -> Iterator[Reference | Saying]:
    import rispy

    text = _text(path)
    try:
        items = rispy.loads(text)
    except (OSError, ValueError, LookupError) as error:
        raise _broken(path, error) from error
    for line in _unended(text):
        yield Saying.of("record_unended", name=path.name, line=line)
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
            citekey=_citekey(str(item.get("id") or "")),
        )


def _unended(text: str) -> Iterator[int]:
    """The numbers of the lines in which a record of RIS begins that has no end of its own: it hides the one behind it, or is lost."""
    begun = 0
    for number, line in enumerate(text.splitlines(), 1):
        if begun and line.startswith("TY  -"):
            yield begun
        begun = number if line.startswith("TY  -") else 0 if line.startswith("ER  -") else begun
    if begun:
        yield begun


def _citekey(text: str) -> str:
    """A citation key as it is; empty for a reference manager's own number or address."""
    return text if _CITEKEY.fullmatch(text) and "://" not in text else ""


_CITEKEY = re.compile(r"\A(?!\d+$)[\w][\w:.+/-]*")


def zotero_references(path: Path) -> Iterator[Reference]:
    """The entries of a Zotero library that have files.

    Raises:
        LibraryError: the database cannot be read.
    """
    from askjapan.documents.facts.zotero_library import references

    return references(path)
