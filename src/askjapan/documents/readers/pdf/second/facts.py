"""Finds title, authors and year in a PDF's metadata."""

from __future__ import annotations

import re

_ENDINGS = "docx?|rtf|odt|txt|md|html?|pdf|tex|dvi|e?ps|indd|qxd|pptx?|odp|xlsx?|ods|wpd|pages|key|jpe?g|png|tiff?|fm|p65|cdr"
FILE_NAME = re.compile(
    r"^(?:Microsoft (?:Word|PowerPoint|Excel)|Print|PowerPoint Presentation|Presentation\d*|Document\d*|Slide \d+)\b"
    rf"|\.(?:{_ENDINGS})\W*$|\\|^(?=[^\s/]*/)\S++$",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    r"\A[\W\d_]*+(?:untitled|no title|title|unknown|unspecified|none|null|n/?a|anonymous|author|user|admin|administrator|owner"
    r"|default|pc|home|microsoft office user|windows user|test|文書|無題)[\W\d_]*",
    re.IGNORECASE,
)
PDF_DATE = re.compile(r"\A\s*+(?:D:)?\s*+(1[89]\d\d|20\d\d)")


def facts_of(title: str | None, author: str | None, made: str | None) -> dict[str, str]:
    """Facts by name: `title`, `authors` (joined with "; ") and `year`; file names and placeholders are left out.

    `made` is the date on which the PDF was made, in the form of PDF files ("D:20240131...").
    """
    facts = {"title": stated(title), "authors": "; ".join(authors(author)), "year": ""}
    if match := PDF_DATE.match(made or ""):
        facts["year"] = match[1]
    return {key: value for key, value in facts.items() if value}


def stated(value: str | None) -> str:
    """The value in one line; empty if it is a file name, a placeholder or noise."""
    words = " ".join((value or "").split())
    if not re.search(r"[^\W\d_]{2}|[぀-ヿ㐀-鿿]", words) or FILE_NAME.search(words) or PLACEHOLDER.fullmatch(words):
        return ""
    if any(not character.isprintable() or character == "�" for character in words):
        return ""
    return "" if " " not in words and "_" in words else words


def authors(value: str | None) -> list[str]:
    """The names of an author entry.

    A comma parts names only if each side has a first and a last name: "Ono, Mari" is one person.
    """
    listed = re.split(r" ?[;、；] ?| ?& ?|,? and ", " ".join((value or "").split()))
    names = []
    for part in listed:
        by_comma = [name for name in re.split(r" ?, ?", part) if name]
        names += by_comma if len(by_comma) > 1 and all(" " in name for name in by_comma) else [part]
    return [name for name in map(stated, names) if name and "@" not in name]
