"""Text and Markdown files, with the YAML front matter of notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.readers.signatures import read_bytes, seems_to_be, wrong_format
from askjapan.documents.readers.text.aligned import with_tabs
from askjapan.documents.readers.text.decoding import decode
from askjapan.documents.readers.text.markdown_marks import without_marks, without_markup
from askjapan.errors import CatalogueError, DamagedFile, ReadingError
from askjapan.readings import Markup, Reading, Segment
from askjapan.sayings import Saying
from askjapan.settings import load_settings

_MARKDOWN_NAMES = (".md", ".markdown")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_LINE_END = r"(?:\r\n|\n|\r)"
_RULE = rf"---[ \t]*{_LINE_END}"
_CLOSE = r"(?:---|\.\.\.)[ \t]*"
_BLOCK = re.compile(rf"{_RULE}((?:(?!{_CLOSE}(?:[\r\n]|\Z))[^\r\n]*{_LINE_END})*){_CLOSE}(?:{_LINE_END}|\Z)")
_KEY = re.compile(r"\A([^\W\d][\w .-]{0,40}?)[ \t]*:(?:\s|\Z)")
_FIELD_LINE = re.compile(r"\A(?:(?:[^\W\d][\w .-]{0,40}?[ \t]*:(?:\s|\Z)|[ \t]+\S|-(?:\s|\Z)|#|[\]}])|[ \t]*+\Z)")
_ALIASES = {"author": "authors", "lang": "language", "journal": "venue"}
_KNOWN = frozenset(
    "title subtitle author authors date year lang language journal venue work kind id url doi isbn keywords tags category "  # noqa: SIM905
    "categories abstract description publisher layout permalink slug draft aliases created updated modified published source status "
    "type format output bibliography csl toc weight license copyright number empty theme themes cssclass".split()
)
_SHARE = 10  # of the memory that reading may take: a text is held in several forms while it is read and cut
_REMEDY = "Correct the lines between the two `---`; a value with a colon in it needs quotes."


@dataclass(frozen=True, slots=True)
class _FrontMatter:
    facts: dict[str, str]
    segment: Segment
    warnings: tuple[Saying, ...]


def read_plain(path: Path) -> Reading:
    """Read a `.txt`, `.md` or `.markdown` file.

    `text` is the decoded file, of the same length: line ends stay as they are, only a leading byte-order mark is dropped. What no
    reader of the page sees in Markdown is blanked in place (see `markdown_marks`): deleted text, comments, the addresses of links.
    The front matter, if there is one, is furniture, and its fields are the facts: keys in lower case, values as written, lists
    joined with "; ". `author`, `lang` and `journal` count as `authors`, `language` and `venue`; a `date` gives the `year` if
    there is none. An opening `---` that is not closed, or not above fields, is a rule, and what follows is text.

    Raises:
        WrongFormat: the file is no text.
        UnreadableText: its encoding cannot be found out.
        DamagedFile: it holds no text.
        ReadingError: it is larger than a tenth of the memory that reading may take.
        CatalogueError: its front matter is broken.
    """
    limit = load_settings().reading_megabytes / _SHARE
    if (size := path.stat().st_size / 1e6) > limit:
        raise ReadingError(
            f"{path.name} has {size:,.0f} megabytes; a text of more than {limit:,.0f} is not read.",
            "Split it, or raise the setting `reading_megabytes`, of which it may have a tenth.",
        )
    data = read_bytes(path)
    markdown = path.suffix.lower() in _MARKDOWN_NAMES
    if seems := seems_to_be(data):
        raise wrong_format(path, "a Markdown file" if markdown else "a text file", seems)
    decoded = decode(path, data)
    text = decoded.text
    front = _front_matter(path, text)
    start = front.segment[1] if front else 0
    if not text[start:].strip():
        raise DamagedFile(f"{path.name} holds no text" + (" besides its front matter." if front else "."))
    markup: Markup = "markdown" if markdown or _is_markdown(text[start:]) else "plain"
    text = without_marks(text, start) if markup == "markdown" else without_markup(with_tabs(text))
    if front is None:
        return Reading(text, markup, warnings=decoded.warnings + _unclosed(path, text))
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
    block = _BLOCK.match(text)
    if block is None or not _holds_fields(block.group(1)):
        return None
    facts, nested = _facts(_fields(path, block.group(1)))
    warnings = (Saying.of("fields_left_out", file=path.name, fields=", ".join(nested)),) if nested else ()
    return _FrontMatter(facts, block.span(), warnings)


def _holds_fields(block: str) -> bool:
    """Whether the lines between two rules are fields, at least one of them known, and not a text that a rule stands above."""
    lines = block.splitlines()
    keys = [match.group(1).strip().lower() for match in map(_KEY.match, lines) if match]
    fields = all(_FIELD_LINE.match(line) for line in lines)
    return fields and (not block.strip() or any(key in _KNOWN for key in keys))


def _unclosed(path: Path, text: str) -> tuple[Saying, ...]:
    """A warning if a file's first lines seem to be meant as front matter."""
    lines = text.split("\n", 2)
    key = _KEY.match(lines[1]) if len(lines) > 1 and re.fullmatch(r"---[ \t]*\r?", lines[0]) else None
    meant = key is not None and key.group(1).lower() in _KNOWN
    return (Saying.of("no_front_matter", file=path.name),) if meant else ()


def _fields(path: Path, block: str) -> dict[object, object]:
    """The front matter's fields, each value as it is written."""
    import yaml  # type: ignore[import-untyped]  # python-frontmatter lets its errors through
    from frontmatter.default_handlers import YAMLHandler

    try:
        # BaseLoader leaves `2014-01-21`, `yes` and `0123` the texts that they are.
        return dict(YAMLHandler().load(block, Loader=yaml.BaseLoader) or {})
    except RecursionError:
        raise CatalogueError(f"The front matter of {path.name} is nested too deeply.", _REMEDY) from None
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
