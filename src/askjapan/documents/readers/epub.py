"""EPUB books: their chapters in reading order as Markdown."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from askjapan.documents.readers.markup.markdown_text import to_markdown
from askjapan.documents.readers.markup.page_notes import find_notes
from askjapan.documents.readers.markup.styles import mark_hidden, style_sheets
from askjapan.documents.readers.markup.trees import Element, declared_encoding, parse_page, parse_xml
from askjapan.documents.readers.signatures import EPUB, check_archive, read_bytes
from askjapan.documents.readers.text.decoding import decode
from askjapan.errors import DamagedFile, PasswordNeeded
from askjapan.readings import Reading
from askjapan.sayings import Saying

Statement: TypeAlias = tuple[str, Mapping[str, str]]  # a metadata element: its text and its attributes

_OPF = "http://www.idpf.org/2007/opf"
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_NOT_PUBLISHED = frozenset({"creation", "conversion", "modification"})
_LINKED = 0.5


@dataclass(frozen=True, slots=True)
class _Book:
    """A book: `chapters` are (path, bytes) in reading order; `contents` are the paths of what it calls its table of contents.

    `missing` are the paths of chapters that the book names but does not hold, `sheets` its style sheets by their paths.
    """

    metadata: Mapping[str, Sequence[Statement]]
    chapters: tuple[tuple[str, bytes], ...]
    contents: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    sheets: Mapping[str, str] = field(default_factory=dict)


def read_epub(path: Path) -> Reading:
    """Read an EPUB book as Markdown.

    `text` is that of the chapters in reading order, with headings, lists, pipe tables, notes (`[^1]`) and formulas. Tables of
    contents, deleted text and text that the book's styles hide are left out; a chapter that is not in the file is a warning. The
    facts are `title`, `authors`, `year`, `venue` (the publisher) and `language`.

    Raises:
        WrongFormat: the file is no EPUB.
        PasswordNeeded: its text is encrypted (DRM).
        DamagedFile: it is broken or holds no text.
    """
    data = read_bytes(path)
    check_archive(path, data, EPUB)
    _refuse_encrypted(path, data)
    book = _open(path, data)
    warnings = [Saying.of("chapter_missing", file=path.name, name=name) for name in book.missing]
    pages: dict[str, Element] = {}
    for name, content in book.chapters:
        decoded = decode(path, content, declared_encoding(content))
        page, well_formed = parse_page(path, decoded.text)
        warnings += decoded.warnings
        if not well_formed:
            warnings.append(Saying.of("part_not_well_formed", file=path.name, name=name))
        if page is not None and not (name in book.contents and _is_mostly_links(page)):
            mark_hidden(page, [*_linked_sheets(name, page, book.sheets), *style_sheets(page)])
            pages[name] = page
    notes = find_notes(pages)
    text = "\n\n".join(part for part in (to_markdown(page, notes) for page in pages.values()) if part)
    if not text:
        raise DamagedFile(f"{path.name} holds no text.", "If its pages are pictures, run OCR on them and add the result.")
    facts = _facts(book.metadata)
    return Reading(text, "markdown", facts=facts, facts_from="EPUB metadata" if facts else "", warnings=tuple(warnings))


def _refuse_encrypted(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "META-INF/encryption.xml" not in archive.namelist():
            return
        listed = parse_xml(archive.read("META-INF/encryption.xml").decode("utf-8", "replace"))
    methods = [] if listed is None else [method.get("Algorithm") for method in listed.iter("{*}EncryptionMethod")]
    if not methods or any(method not in _FONT_OBFUSCATION for method in methods):
        raise PasswordNeeded(f"{path.name} is protected (DRM): its text is encrypted.", "Add a copy that is not protected.")


def _open(path: Path, data: bytes) -> _Book:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        container = _part(path, archive, "META-INF/container.xml")
        places = [each.get("full-path") for each in container.iter("{*}rootfile")]
        if not places or not places[0]:
            raise DamagedFile(f"{path.name} is damaged: its META-INF/container.xml names no package.")
        package = _part(path, archive, places[0])
        folder = posixpath.dirname(places[0])
        items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
        order = [items[each.get("idref")] for each in package.iterfind("{*}spine/{*}itemref") if each.get("idref") in items]
        names = [_name(item) for item in order if "nav" not in (item.get("properties") or "").split()]
        held = set(archive.namelist())
        places_of = {name: posixpath.normpath(posixpath.join(folder, name)) for name in names}
        missing = tuple(name for name in places_of if places_of[name] not in held)
        if len(missing) == len(places_of) > 0:
            raise DamagedFile(f"{path.name} is damaged: its part {places_of[missing[0]]} is missing.")
        chapters = tuple((name, _bytes(path, archive, places_of[name])) for name in names if name not in missing)
        sheets = {
            name: archive.read(place).decode("utf-8", "replace")
            for name in map(_name, (item for item in items.values() if item.get("media-type") == "text/css"))
            if (place := posixpath.normpath(posixpath.join(folder, name))) in held
        }
    contents = frozenset(_name(each) for each in package.iterfind("{*}guide/{*}reference") if each.get("type") == "toc")
    metadata: dict[str, list[Statement]] = {}
    for each in package.iterfind("{*}metadata//{*}*"):
        metadata.setdefault(each.tag.rpartition("}")[2], []).append((each.text or "", dict(each.attrib)))
    return _Book(metadata, chapters, contents, missing, sheets)


def _linked_sheets(name: str, page: Element, sheets: Mapping[str, str]) -> list[str]:
    links = [link.get("href") or "" for link in page.iter("link") if (link.get("rel") or "").lower() == "stylesheet"]
    places = [posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(link))) for link in links]
    return [sheets[place] for place in places if place in sheets]


def _name(item: Element) -> str:
    return unquote(item.get("href") or "").partition("#")[0]


def _part(path: Path, archive: zipfile.ZipFile, name: str) -> Element:
    part = _bytes(path, archive, name)
    root = parse_xml(decode(path, part, declared_encoding(part)).text)
    if root is None:
        raise DamagedFile(f"{path.name} is damaged: its part {name} is not well-formed XML.")
    return root


def _bytes(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        raise DamagedFile(f"{path.name} is damaged: its part {name} is missing.") from None


def _is_mostly_links(page: Element) -> bool:
    linked = sum(len("".join(link.itertext())) for link in page.iter("a"))
    return linked > _LINKED * len("".join("".join(page.itertext()).split()))


def _facts(metadata: Mapping[str, Sequence[Statement]]) -> dict[str, str]:
    facts = {
        "title": _first(metadata, "title"),
        "authors": "; ".join(_authors(metadata)),
        "year": _year(metadata),
        "venue": _first(metadata, "publisher"),
        "language": _first(metadata, "language").split("-")[0].lower(),
    }
    return {name: text for name, text in facts.items() if text}


def _texts(metadata: Mapping[str, Sequence[Statement]], name: str) -> list[str]:
    return [" ".join(text.split()) for text, _ in metadata.get(name, ()) if text and text.strip()]


def _first(metadata: Mapping[str, Sequence[Statement]], name: str) -> str:
    return next(iter(_texts(metadata, name)), "")


def _authors(metadata: Mapping[str, Sequence[Statement]]) -> list[str]:
    """The creators with the role of an author or with none; all creators if there are no such ones."""
    # EPUB 2 gives the role in an attribute, EPUB 3 in an element that refines.
    refining = [(text, about) for text, about in metadata.get("meta", ()) if about.get("property") == "role"]
    refined = {about.get("refines", "").lstrip("#"): text for text, about in refining}
    creators = [
        (name, about.get(f"{{{_OPF}}}role") or refined.get(about.get("id", ""))) for name, about in metadata.get("creator", ())
    ]
    authors = [" ".join(name.split()) for name, role in creators if name and role in ("aut", "", None)]
    return authors or _texts(metadata, "creator")


def _year(metadata: Mapping[str, Sequence[Statement]]) -> str:
    dates = [text or "" for text, about in metadata.get("date", ()) if about.get(f"{{{_OPF}}}event", "") not in _NOT_PUBLISHED]
    return next((match.group() for match in map(_YEAR.search, dates) if match), "")
