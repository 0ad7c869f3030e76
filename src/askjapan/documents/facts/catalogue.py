"""Finds the work that a file is: the catalogue of known works, recognition by content, and the facts of all other works."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from askjapan.documents.facts.given_facts import NO_FACTS, Facts, with_given
from askjapan.documents.facts.imprint import doi_of, isbn_of, year_in_doi
from askjapan.documents.facts.title_page import FirstPage, first_page, is_no_title
from askjapan.errors import CatalogueError
from askjapan.file_names import path_text, readable
from askjapan.foreign_data import parse_toml
from askjapan.language.scripts import fits, written_in
from askjapan.language.words import count_words
from askjapan.readings import Reading
from askjapan.records import Document, DocumentKind

RUN_WORDS = 6
SKETCH_SIZE = 96
RECOGNISED_SHARE = 0.5
MOST_LONGER = 2
CATALOGUE, FIRST_LINES, FILE_NAME, PDF_METADATA = "the catalogue", "its first lines", "its file name", "PDF metadata"
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-‐\u00ad][ \t]*[\r\n]+\s*(?=[^\W\d_])")
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Work:
    """One catalogued work. `sketch` holds hashes of six-word runs of its full text; the text cannot be read back from them."""

    id: str
    title: str
    authors: tuple[str, ...]
    themes: tuple[str, ...]
    language: str
    year: int | None = None
    date: str = ""
    venue: str = ""
    sketch: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The known works, by id."""

    works: dict[str, Work]

    @property
    def themes(self) -> tuple[str, ...]:
        """All themes, in the catalogue's order."""
        return tuple(dict.fromkeys(theme for work in self.works.values() for theme in work.themes))

    def recognise(self, text: str) -> Work | None:
        """The catalogued work that a full text is, however it is named, wrapped or printed; None for any other text."""
        hashes = run_hashes(text)
        if _BROKEN_WORD.search(text):
            hashes |= run_hashes(_BROKEN_WORD.sub("", text))
        shares = {work.id: _share(work.sketch, hashes) for work in self.works.values() if work.sketch}
        best = max(shares, key=lambda key: shares[key], default=None)
        return self.works[best] if best is not None and shares[best] >= RECOGNISED_SHARE else None


def load_catalogue(path: Path) -> Catalogue:
    """Read `catalogue.toml`; a missing file is an empty catalogue.

    Raises:
        CatalogueError: it cannot be read, is no TOML, or a work lacks a field or has one of the wrong type.
    """
    try:
        data = parse_toml(path.read_text(encoding="utf-8"))
        works = [_work(entry) for entry in data.get("work", [])]
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return Catalogue({})
    except OSError as error:
        raise CatalogueError(
            f"The catalogue {path} cannot be read: {error.strerror or error}.", "Check its permissions."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(
            f"The catalogue {path} cannot be used: {type(error).__name__} {error}.", "Mend that entry."
        ) from error
    return Catalogue({work.id: work for work in works})


def _work(entry: dict[str, object]) -> Work:
    year = entry.get("year")
    names, themes, sketch = entry["authors"], entry["themes"], entry.get("sketch", [])
    if not (isinstance(names, list) and isinstance(themes, list) and isinstance(sketch, list) and isinstance(year, int | None)):
        raise TypeError(f"authors, themes and sketch of {entry.get('id')!r} are lists, year is a number")
    return Work(
        id=str(entry["id"]),
        title=str(entry["title"]),
        authors=tuple(str(name) for name in names),
        themes=tuple(str(theme) for theme in themes),
        language=str(entry.get("language", "en")),
        year=year,
        date=str(entry.get("date", "")),
        venue=str(entry.get("venue", "")),
        sketch=frozenset(str(item) for item in sketch),
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def run_hashes(text: str) -> frozenset[str]:
    """Hashes of all runs of six words (48 bits, in hexadecimal); case, width, punctuation and line breaks do not matter."""
    words = _words(text)
    runs = (" ".join(words[i : i + RUN_WORDS]) for i in range(len(words) - RUN_WORDS + 1))
    return frozenset(hashlib.blake2b(run.encode(), digest_size=6).hexdigest() for run in runs)


def _share(known: frozenset[str], hashes: frozenset[str]) -> float:
    """Share (0 to 1) of a work's sketch that a text holds; 0 for a text over twice as long, such as a volume with the work in it.

    The sketch is the smallest hashes of a work, so a text of the same length has about as many hashes up to the sketch's largest.
    """
    largest = max(known)
    comparable = sum(item <= largest for item in hashes)
    return len(known & hashes) / len(known) if comparable <= MOST_LONGER * len(known) else 0.0


def sketch(text: str) -> list[str]:
    """The hashes of a full text for the catalogue: the smallest ones, an even sample of the whole work (Broder 1997)."""
    return sorted(run_hashes(text))[:SKETCH_SIZE]


def describe(path: Path, sha256: str, reading: Reading, catalogue: Catalogue, given: Facts = NO_FACTS) -> Document:
    """The bibliographic facts of a file, and the source of each.

    A note that names a catalogued work, or a full text that is recognised, takes its facts from the catalogue; any other file
    from its own front matter or metadata, else from its first lines and its DOI. A PDF's metadata have no year of publication,
    only the date on which the file was made. Facts that were given for the file take precedence over all of these.

    Raises:
        CatalogueError: a note names a work that the catalogue does not hold.
    """
    kind: DocumentKind = "study note" if reading.facts.get("kind") == "study note" else "full text"
    if "work" in reading.facts:
        work = catalogue.works.get(reading.facts["work"])
        if work is None:
            raise CatalogueError(
                f"{path.name} is about the work {reading.facts['work']!r}, which the catalogue does not hold.",
                "Correct `work:` in its front matter or add the work to corpus/catalogue.toml.",
            )
    else:
        work = catalogue.recognise(reading.text)
    if work is not None:
        id_ = f"{work.id}-note" if kind == "study note" else work.id
        sources = dict.fromkeys(("title", "authors", "year", "language"), CATALOGUE)
    else:
        work, sources = _own_facts(path, reading)
        id_ = f"{_slug(work.title)}-{sha256[:8]}"
    document = _document(path, sha256, reading, kind, work, id_, sources)
    return with_given(_in_its_language(document, reading) if kind == "study note" else document, given)


def _in_its_language(note: Document, reading: Reading) -> Document:
    """A study note in the language that it states; if that is not the work's, it is another edition of the note."""
    language = reading.facts.get("language", "")[:2] or note.language
    if language == note.language:
        return note
    return replace(note, id=f"{note.id}-{language}", language=language, edition_of=note.id)


def _document(
    path: Path, sha256: str, reading: Reading, kind: DocumentKind, work: Work, id_: str, sources: Mapping[str, str]
) -> Document:
    return Document(
        id=id_,
        title=work.title,
        authors=work.authors,
        year=work.year,
        venue=work.venue,
        themes=work.themes,
        kind=kind,
        language=work.language,
        path=path_text(path),
        sha256=sha256,
        format=path.suffix.lower().lstrip("."),
        described_by=sources["title"],
        date=work.date,
        characters=len(reading.text),
        pages=reading.pages,
        sources=sources,
        doi=doi_of(reading.text),
        isbn=isbn_of(reading.text),
        words=count_words(reading.text),
    )


def _own_facts(path: Path, reading: Reading) -> tuple[Work, dict[str, str]]:
    """Facts that a file states about itself, and the source of each; a fact that was not found has no source."""
    facts, stated = reading.facts, reading.facts_from
    page = first_page(reading)
    title = _first((("" if is_no_title(facts.get("title", "")) else facts.get("title", ""), stated), (page.title, FIRST_LINES)))
    authors = tuple(name.strip() for name in facts.get("authors", "").split(";") if name.strip())
    year, year_from = _own_year(reading, page)
    language, language_from = _own_language(reading)
    work = Work(
        id="",
        title=title[0] or readable(path.stem).replace("_", " "),
        authors=authors or page.authors,
        themes=tuple(theme.strip() for theme in facts.get("themes", "").split(";") if theme.strip()),
        language=language,
        year=int(year) if year else None,
        date=facts.get("date", ""),
        venue=facts.get("venue", ""),
    )
    sources = {
        "title": title[1] or FILE_NAME,
        "authors": stated if authors else FIRST_LINES if page.authors else "",
        "year": year_from,
        "language": language_from,
    }
    return work, {name: source for name, source in sources.items() if source}


def _own_year(reading: Reading, page: FirstPage) -> tuple[str, str]:
    """The year and its source. A PDF's own date is that of the file, which may be a scan of a much older work: it comes last."""
    facts, stated = reading.facts, reading.facts_from
    match = _YEAR.search(facts.get("year", "") or facts.get("date", ""))
    in_metadata = (match[0] if match else "", stated)
    made = stated == PDF_METADATA
    return _first(
        (
            ("", "") if made else in_metadata,
            (page.year, FIRST_LINES),
            (year_in_doi(doi_of(reading.text)), "its DOI"),
            (in_metadata[0], "the date on which the PDF was made") if made else ("", ""),
        )
    )


def _own_language(reading: Reading) -> tuple[str, str]:
    """The language and its source: what the file states, unless its script shows another one."""
    stated = reading.facts.get("language", "")[:2].lower()
    shown = written_in(reading.text)
    return (stated, reading.facts_from) if stated and fits(stated, shown) else (shown.language, shown.reason)


def _first(options: Iterable[tuple[str, str]]) -> tuple[str, str]:
    return next((option for option in options if option[0]), ("", ""))


def _slug(title: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:48].rstrip("-") or "work"
