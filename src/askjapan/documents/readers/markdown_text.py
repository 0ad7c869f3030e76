"""A page's tree → Markdown: headings, paragraphs, lists, pipe tables, and notes as `<sup>1</sup>`.

Words are never changed, and nothing is escaped but what would turn a line into another kind of block (`# `, `>` or `|` at its
start) or one cell into two (`|`). Emphasis, links and pictures leave only their words. A table has all its header rows above
the rule; a cell that spans rows is repeated in each, one that spans columns stands in the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from askjapan.documents.readers.page_notes import Notes, roles
from askjapan.documents.readers.trees import Element

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "  # noqa: SIM905
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table tbody td tfoot th "
    "thead tr ul".split()
)
WORDLESS = frozenset(
    "annotation annotation-xml audio base button canvas embed head iframe img input link map meta nav noscript object option "  # noqa: SIM905
    "param rp rt rtc script select style svg template textarea title video".split()
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS = ("ul", "ol", "menu", "dir")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTENTS = re.compile(r"\b(?:doc-)?(?:toc|landmarks|page-?list|pagebreak)\b")
_BACKLINK = re.compile(r"\b(?:doc-)?backlink\b")
_AWAY = re.compile(r"[↩↑↵⤴⏎^][\ufe0e\ufe0f]?\s*[a-z\d]{0,3}|[¶§#🔗]")  # back from a note, or a heading's link to itself
_OWN_LABEL = re.compile(r"(?:<sup>)?[\[(]?(\d{1,4}|[*†‡§])[\])]?\.?(?:</sup>)?[.:]?\s*")
_BRACKETED = re.compile(r"[\[(](\d{1,4})[\])]")

_BREAK = "\0"  # stands for <br> until white space is folded; the readers refuse text with a NUL
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_LINE_END_IN_JAPANESE = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLOCK_SIGN = re.compile(r"^(?=#{1,6}\s|>|\|)", re.MULTILINE)
_MOST_COLUMNS = 100
_LONG_CELL = 1000


@dataclass(frozen=True, slots=True)
class _Block:
    """`lines` are Markdown already (a list, a table); a heading has its level."""

    kind: Literal["prose", "heading", "lines"]
    text: str
    level: int = 0

    @property
    def markdown(self) -> str:
        if self.kind == "heading":
            return f"{'#' * self.level} {self.text}"
        return self.text if self.kind == "lines" else paragraph(self.text)


def to_markdown(root: Element, notes: Notes | None = None) -> str:
    """The Markdown of a tree from `trees.parse_page`: blocks parted by blank lines, without a line end at the end.

    A note in `notes` becomes a paragraph `<sup>1</sup> text`, without the link back; a reference to it becomes `<sup>1</sup>`.
    """
    return "\n\n".join(block.markdown for block in _Converter(root, notes or Notes()).blocks(root))


def paragraph(text: str) -> str:
    """A paragraph's lines, safe from being taken for headings, quotations or table rows."""
    return _BLOCK_SIGN.sub(r"\\", text)


def pipe_table(rows: Sequence[Sequence[str]], header_rows: int = 1) -> str:
    """A Markdown table with the rule under its header rows; rows are padded to one width, cells folded to one line."""
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join(_cell(text) for text in [*row, *[""] * (width - len(row))]) + " |" for row in rows]
    lines.insert(header_rows if 0 < header_rows < len(rows) else 1, "|" + " --- |" * width)
    return "\n".join(lines)


def is_wordless(element: Element) -> bool:
    """Whether nothing in an element is for reading: scripts, menus, hidden parts, tables of contents, entities."""
    return (
        not isinstance(element.tag, str)
        or element.tag in WORDLESS
        or element.get("hidden") is not None
        or bool(_UNSEEN.search(element.get("style") or ""))
        or bool(_CONTENTS.search(roles(element)))
    )


def is_layout(table: Element) -> bool:
    """Whether a table only places things on the page: its cells are then read one after the other."""
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iterdescendants("table", *_HEADINGS), None) is not None:
        return True
    rows = _cells(table)
    if any(len("".join(cell.itertext())) > _LONG_CELL for row in rows for cell in row):
        return True
    headed = next(table.iterdescendants("th"), None) is not None
    return not headed and (len(rows) < 2 or max(len(row) for row in rows) < 2)


def _cells(table: Element) -> list[list[Element]]:
    """The cells of each row that has any, without those of tables inside."""
    own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table and not is_wordless(row)]
    rows = [[cell for cell in row.iterchildren("td", "th") if not is_wordless(cell)] for row in own]
    return [row for row in rows if row]


def _cell(text: str) -> str:
    return " ".join(text.split("\n")).replace("|", "\\|")


def _fold(text: str) -> str:
    """White space as a browser shows it; a line end between Japanese characters is none."""
    folded = _SPACE.sub(" ", _LINE_END_IN_JAPANESE.sub("", text))
    return "\n".join(line for line in (part.strip() for part in folded.split(_BREAK)) if line)


def _flat(blocks: Iterable[_Block]) -> str:
    return " ".join(block.text.replace("\n", " ") for block in blocks)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.strip().isdecimal() else otherwise


class _Converter:
    def __init__(self, root: Element, notes: Notes) -> None:
        self.notes = notes
        self.blockish: set[Element] = set()
        for element in root.iter(*BLOCKS):
            while element is not None and element not in self.blockish:
                self.blockish.add(element)
                element = element.getparent()

    def blocks(self, element: Element) -> list[_Block]:
        """The blocks of an element's content."""
        found: list[_Block] = []
        run = [element.text or ""]
        for child in element:
            if child in self.blockish and not is_wordless(child):
                found += _prose(run)
                run = []
                found += self._block(child)
            else:
                run.append(self._inline(child))
            run.append(child.tail or "")
        return found + _prose(run)

    def _block(self, element: Element) -> list[_Block]:
        tag = element.tag
        if element in self.notes.bodies:
            return self._note(element)
        if tag in _HEADINGS:
            text = _flat(self.blocks(element))
            return [_Block("heading", text, _HEADINGS[tag])] if text else []
        if tag in _LISTS:
            return self._list(element)
        if tag == "table":
            return self._table(element)
        if tag == "pre":
            lines = [line.rstrip() for line in "".join(element.itertext()).strip("\r\n").splitlines()]
            return [_Block("lines", "\n".join(lines))] if any(lines) else []
        if tag == "blockquote":
            return [_Block("lines", "> " + block.markdown.replace("\n", "\n> ")) for block in self.blocks(element)]
        return self.blocks(element)

    def _inline(self, element: Element) -> str:
        if is_wordless(element):
            return ""
        if element.tag == "br":
            return _BREAK
        if element.tag == "a" and (link := self._link(element)) is not None:
            return link
        words = (element.text or "") + "".join(self._inline(child) + (child.tail or "") for child in element)
        return _raised(words) if element.tag == "sup" else words

    def _link(self, element: Element) -> str | None:
        """What a link leaves that is not its words: a note's marker, or nothing for the way back from a note."""
        if label := self.notes.references.get(element):
            return label if next(element.iterancestors("sup"), None) is not None else f"<sup>{label}</sup>"
        text = "".join(element.itertext()).strip()
        return "" if _AWAY.fullmatch(text) or _BACKLINK.search(roles(element)) else None

    def _note(self, element: Element) -> list[_Block]:
        content = self.blocks(element)
        if any(other in self.notes.bodies for other in element.iterdescendants()):
            return content
        label, text = self.notes.bodies[element], _flat(content)
        own = _OWN_LABEL.match(text)
        text = text[own.end() :] if own and own.group(1) == label else text
        return [_Block("lines", f"<sup>{label}</sup> {text}")] if text else []

    def _list(self, element: Element) -> list[_Block]:
        found: list[_Block] = []
        lines: list[str] = []
        number = _whole(element.get("start"), 1)
        for child in element:
            if is_wordless(child):
                continue
            if any(each in self.notes.bodies for each in child.iter()):
                found += [_Block("lines", "\n".join(lines))] if lines else []
                lines = []
                found += self._block(child)
                continue
            number = _whole(child.get("value"), number)
            lines += self._item(child, f"{number}." if element.tag == "ol" else "-")
            number += child.tag == "li"
        return [*found, _Block("lines", "\n".join(lines))] if lines else found

    def _item(self, element: Element, marker: str) -> list[str]:
        """The lines of a list item; of a list that stands in a list without an item around it, its own lines, indented."""
        content = self.blocks(element) if element.tag == "li" else self._block(element)
        text = _flat(block for block in content if block.kind != "lines")
        inner = [f"  {line}" for block in content if block.kind == "lines" for line in block.text.split("\n")]
        return [f"{marker} {text}", *inner] if text else inner

    def _table(self, table: Element) -> list[_Block]:
        caption = [block for each in table.iterchildren("caption") for block in self.blocks(each)]
        cells = _cells(table)
        if is_layout(table):
            return caption + [block for row in cells for cell in row for block in self.blocks(cell)]
        grid = self._grid(cells)
        if not any(text for row in grid for text in row):
            return caption
        headers = [all(cell.tag == "th" or cell.getparent().getparent().tag == "thead" for cell in row) for row in cells]
        count = headers.index(False) if False in headers else 1
        return [*caption, _Block("lines", pipe_table(grid, count))]

    def _grid(self, rows: list[list[Element]]) -> list[list[str]]:
        grid: list[list[str]] = []
        spanning: dict[int, tuple[int, str]] = {}
        for row in rows:
            line: list[str] = []
            for cell in row:
                _fill(line, spanning)
                text = _flat(self.blocks(cell))
                below = min(_whole(cell.get("rowspan"), 1), len(rows)) - 1
                for part in [text, *[""] * (min(_whole(cell.get("colspan"), 1), _MOST_COLUMNS) - 1)]:
                    if below > 0:
                        spanning[len(line)] = (below, part)
                    line.append(part)
            _fill(line, spanning)
            grid.append(line)
        return grid


def _prose(run: list[str]) -> list[_Block]:
    text = _fold("".join(run))
    return [_Block("prose", text)] if text else []


def _raised(words: str) -> str:
    text = words.strip()
    bracketed = _BRACKETED.fullmatch(text)
    inner = bracketed.group(1) if bracketed else text
    return words.replace(text, f"<sup>{inner}</sup>", 1) if text and "<sup>" not in text else words


def _fill(line: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Put in the cells of earlier rows that reach down to this place."""
    while spanning.get(len(line), (0, ""))[0] > 0:
        left, text = spanning[len(line)]
        spanning[len(line)] = (left - 1, text)
        line.append(text)
