"""A Zotero library as Zotero keeps it on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def make_zotero(home: Path) -> Path:
    """The tables of a Zotero library that say which file is which work."""
    (home / "storage" / "ABCD2345").mkdir(parents=True)
    with closing(sqlite3.connect(home / "zotero.sqlite")) as database, database:
        database.executescript(
            """
            CREATE TABLE items (itemID INTEGER, key TEXT, libraryID INTEGER);
            INSERT INTO items VALUES (1, 'WXYZ6789', 1), (2, 'ABCD2345', 1);
            CREATE TABLE deletedItems (itemID INTEGER); CREATE TABLE groups (groupID INTEGER, libraryID INTEGER);
            CREATE TABLE collections (collectionID INTEGER, collectionName TEXT);
            CREATE TABLE collectionItems (collectionID INTEGER, itemID INTEGER);
            INSERT INTO collections VALUES (1, 'Ferries'), (2, 'Harbours'); INSERT INTO collectionItems VALUES (2, 1), (1, 1);
            CREATE TABLE itemAttachments (itemID INTEGER, parentItemID INTEGER, path TEXT);
            INSERT INTO itemAttachments VALUES (2, 1, 'storage:Okada 1987.txt');
            CREATE TABLE fields (fieldID INTEGER, fieldName TEXT);
            INSERT INTO fields VALUES (1, 'title'), (2, 'date'), (3, 'publicationTitle'), (4, 'volume'), (5, 'extra');
            CREATE TABLE itemDataValues (valueID INTEGER, value TEXT);
            INSERT INTO itemDataValues VALUES (1, 'Ferries of Kujira'), (2, '1987-05-00 May 1987'), (3, 'Harbour Papers'), (4, '3'),
                (5, 'tex.x: 1
Citation Key: okada1987ferries');
            CREATE TABLE itemData (itemID INTEGER, fieldID INTEGER, valueID INTEGER);
            INSERT INTO itemData VALUES (1, 1, 1), (1, 2, 2), (1, 3, 3), (1, 4, 4), (1, 5, 5);
            CREATE TABLE creators (creatorID INTEGER, firstName TEXT, lastName TEXT);
            INSERT INTO creators VALUES (1, 'Mari', 'Okada'), (2, 'Ren', 'Abe'), (3, '', 'Harbour Institute');
            CREATE TABLE creatorTypes (creatorTypeID INTEGER, creatorType TEXT); INSERT INTO creatorTypes VALUES (1, 'author'), (2, 'editor');
            CREATE TABLE itemCreators (itemID INTEGER, creatorID INTEGER, creatorTypeID INTEGER, orderIndex INTEGER);
            INSERT INTO itemCreators VALUES (1, 3, 1, 1), (1, 1, 1, 0), (1, 2, 2, 2);
            """
        )
    return home / "storage" / "ABCD2345" / "Okada 1987.txt"
