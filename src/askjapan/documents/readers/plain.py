"""Text and Markdown files, with the YAML front matter of notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.readers.decoding import decode
from askjapan.documents.readers.signatures import read_bytes, seems_to_be, wrong_format
from askjapan.errors import CatalogueError, DamagedFile
from askjapan.records import Markup, Reading, Segment

_MARKDOWN_NAMES = (".md", ".markdown")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_LINE_END = r"(?:\r\n|\n|\r)"
_RULE = rf"---[ \t]*{_LINE_END}"
_CLOSE = r"(?:---|\.\.\.)[ \t]*"
_BLOCK = re.compile(rf"{_RULE}((?:(?!{_CLOSE}(?:[\r\n]|\Z))[^\r\n]*{_LINE_END})*){_CLOSE}(?:{_LINE_END}|\Z)")
_OPENED = re.compile(rf"{_RULE}(?:#[^\r\n]*{_LINE_END})*[ \t]*[\w-]+[ \t]*:(?:\s|\Z)")
_ALIASES = {"author": "authors", "lang": "language", "journal": "venue"}
_REMEDY = "Correct the lines between the two `---`; a value with a colon in it needs quotes."


@dataclass(frozen=True, slots=True)
class _FrontMatter:
    facts: dict[str, str]
    segment: Segment
    warnings: tuple[str, ...]


def read_plain(path: Path) -> Reading:
    """Read a `.txt`, `.md` or `.markdown` file.

    `text` is the decoded file, character for character: line ends stay as they are, only a leading byte-order mark is dropped.
    The front matter, if there is one, is furniture, and its fields are the facts: keys in lower case, values as written, lists
    joined with "; ". `author`, `lang` and `journal` count as `authors`, `language` and `venue`; a `date` gives the `year` if
    there is none.

    Raises:
        WrongFormat: the file is no text.
        UnreadableText: its encoding cannot be found out.
        DamagedFile: it holds no text.
        CatalogueError: its front matter is broken.
    """
    data = read_bytes(path)
    markdown = path.suffix.lower() in _MARKDOWN_NAMES
    if found := seems_to_be(data):
        raise wrong_format(path, "a Markdown file" if markdown else "a text file", found)
    decoded = decode(path, data)
    text = decoded.text
    front = _front_matter(path, text)
    start = front.segment[1] if front else 0
    if not text[start:].strip():
        raise DamagedFile(f"{path.name} holds no text" + (" besides its front matter." if front else "."))
    markup: Markup = "markdown" if markdown or _is_markdown(text[start:]) else "plain"
    if front is None:
        return Reading(text, markup, warnings=decoded.warnings)
    return Reading(
        text,
        markup,
        facts=front.facts,
        facts_from="front matter" if front.facts else "",
        furniture=(front.segment,),
        warnings=decoded.warnings + front.warnings,
    )


def _is_markdown(text: str) -> bool:
    """Whether a text opens with an ATX heading or has two: a single line with `#` may be anything."""
    return bool(_HEADING.match(text.lstrip("\r\n"))) or len(_HEADING.findall(text)) > 1


def _front_matter(path: Path, text: str) -> _FrontMatter | None:
    if not _OPENED.match(text) and not re.match(rf"{_RULE}---[ \t]*[\r\n]", text):
        return None
    block = _BLOCK.match(text)
    if block is None:
        raise CatalogueError(f"The front matter of {path.name} is not closed.", "End it with a line `---`.")
    facts, nested = _facts(_fields(path, block.group(1)))
    warnings = (f"{path.name}: the front-matter fields {', '.join(nested)} are nested and were left out.",) if nested else ()
    return _FrontMatter(facts, block.span(), warnings)


def _fields(path: Path, block: str) -> dict[object, object]:
    """The front matter's fields, each value as it is written."""
    import yaml  # type: ignore[import-untyped]  # python-frontmatter lets its errors through
    from frontmatter.default_handlers import YAMLHandler

    try:
        # BaseLoader leaves `2014-01-21`, `yes` and `0123` the texts that they are.
        return dict(YAMLHandler().load(block, Loader=yaml.BaseLoader) or {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise CatalogueError(f"The front matter of {path.name} is not valid YAML: {problem}{where}.", _REMEDY) from error


def _facts(fields: dict[object, object]) -> tuple[dict[str, str], list[str]]:
    """The facts, and the names of the fields that are nested."""
    facts: dict[str, str] = {}
    nested = []
    for key, value in fields.items():
        name = str(key).strip().lower()
        items = value if isinstance(value, list) else [value]
        texts = [item.strip() for item in items if isinstance(item, str)]
        if len(texts) < len(items):
            nested.append(name)
        elif joined := "; ".join(text for text in texts if text):
            facts[name] = joined
    for alias, name in _ALIASES.items():
        if alias in facts:
            facts.setdefault(name, facts.pop(alias))
    if "year" not in facts and (year := re.match(r"\d{4}\b", facts.get("date", ""))):
        facts["year"] = year.group()
    return facts, nested
