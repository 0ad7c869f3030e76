"""The database of a Zotero library → its entries with their files; it is only read, and not locked.

The tables are those of Zotero's own schema (`resource/schema/userdata.sql`): items, their fields and creators, attachments, collections, groups
and the trash.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from askjapan.documents.facts.references import Reference, first_isbn, full_name, is_a_path, plain_doi, venue_of, year_in
from askjapan.errors import LibraryError

Rows = list[tuple[object, ...]]

_QUERIES: Mapping[str, str] = {
    # An attachment without an entry above it is an entry of its own; what is in the trash is none.
    "attached": """SELECT COALESCE(a.parentItemID, a.itemID), i.key, a.path, i.libraryID FROM itemAttachments a
        JOIN items i ON i.itemID = a.itemID WHERE a.path IS NOT NULL AND a.itemID NOT IN (SELECT itemID FROM deletedItems)
        AND COALESCE(a.parentItemID, 0) NOT IN (SELECT itemID FROM deletedItems) ORDER BY a.itemID""",
    "fields": """SELECT d.itemID, f.fieldName, v.value FROM itemData d
        JOIN fields f ON f.fieldID = d.fieldID JOIN itemDataValues v ON v.valueID = d.valueID""",
    "people": """SELECT i.itemID, c.firstName, c.lastName FROM itemCreators i JOIN creators c ON c.creatorID = i.creatorID
        JOIN creatorTypes t ON t.creatorTypeID = i.creatorTypeID WHERE t.creatorType = 'author' ORDER BY i.itemID, i.orderIndex""",
    "collected": """SELECT ci.itemID, c.collectionName FROM collectionItems ci
        JOIN collections c ON c.collectionID = ci.collectionID ORDER BY ci.itemID, c.collectionName""",
    "groups": "SELECT libraryID, groupID FROM groups",
}
_VENUES = ("publicationTitle", "bookTitle", "proceedingsTitle", "publisher", "university", "institution", "websiteTitle")
_KEY_IN_EXTRA = re.compile(r"^[^\S\n]*citation key\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def references(path: Path) -> Iterator[Reference]:
    """The entries of a library that have files.

    Raises:
        LibraryError: the database cannot be read.
    """
    rows = _rows(path)
    groups = {library: f"groups/{group}" for library, group in rows["groups"]}
    fields: dict[object, dict[str, str]] = {}
    for item, name, value in rows["fields"]:
        fields.setdefault(item, {})[str(name)] = str(value)
    authors = _lists((item, full_name(str(given or ""), str(family or ""))) for item, given, family in rows["people"])
    collections = _lists((item, str(name)) for item, name in rows["collected"])
    files = _lists((item, str(_place(path.parent, str(key), str(place)))) for item, key, place, _ in rows["attached"])
    libraries = {item: groups.get(library, "library") for item, _, _, library in rows["attached"]}
    for item, own in files.items():
        said = fields.get(item, {})
        name = next((said[key] for key in _VENUES if said.get(key)), "")
        in_extra = _KEY_IN_EXTRA.search(said.get("extra", ""))
        yield Reference(
            title=said.get("title", ""),
            authors=tuple(authors.get(item, ())),
            year=year_in(said.get("date")),
            venue=venue_of({"name": name, **{key: said.get(key, "") for key in ("volume", "issue", "pages")}}),
            language=said.get("language", "")[:2].lower(),
            doi=plain_doi(said.get("DOI", "")),
            isbn=first_isbn(said.get("ISBN", "")),
            files=tuple(Path(place) for place in own if is_a_path(place)),
            citekey=said.get("citationKey") or (in_extra[1] if in_extra else ""),
            collections=tuple(collections.get(item, ())),
            library=libraries[item],
        )


def _rows(path: Path) -> dict[str, Rows]:
    # Immutable, because Zotero locks its database while it runs.
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            return {name: database.execute(query).fetchall() for name, query in _QUERIES.items()}
    except sqlite3.Error as error:
        raise LibraryError(f"The bibliography {path} cannot be read: {error}.", "Export it again.") from error


def _lists(pairs: Iterator[tuple[object, str]]) -> dict[object, list[str]]:
    lists: dict[object, list[str]] = {}
    for item, value in pairs:
        lists.setdefault(item, []).append(value)
    return lists


def _place(library: Path, key: str, place: str) -> Path:
    kind, _, name = place.partition(":")
    return library / "storage" / key / name if kind == "storage" else Path(place)
