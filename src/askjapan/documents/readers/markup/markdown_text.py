"""A page's tree → Markdown: headings, paragraphs, lists, pipe tables, notes as `[^1]`, powers and formulas on one line.

Words are never changed, and nothing is escaped but what would turn a line into another kind of block (`# `, `>` or `|` at its
start) or one cell into two (`|`). Emphasis, links and pictures leave only their words, deleted text leaves nothing. A table has
all its header rows above the rule; a cell that spans rows is repeated in each of its row group, one that spans columns stands in
the first. A table inside of a table's cell follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from askjapan.documents.readers.markup.formulas import mathml
from askjapan.documents.readers.markup.grids import MOST_COLUMNS, Cell, grid, pipe_table
from askjapan.documents.readers.markup.page_notes import Notes, roles
from askjapan.documents.readers.markup.raised import END, FRACTION, LOWERED, RAISED, resolve
from askjapan.documents.readers.markup.trees import Element

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "  # noqa: SIM905
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table tbody td tfoot th "
    "thead tr ul".split()
)
WORDLESS = frozenset(
    "annotation annotation-xml audio base button canvas del embed head iframe img input link map meta nav noscript object option "  # noqa: SIM905
    "param rp rt rtc s script select strike style svg template textarea title video".split()
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS = ("ul", "ol", "menu", "dir")
UNSEEN = re.compile(
    r"(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|text-decoration(?:-line)?\s*:[^;]*\bline-through)",
    re.IGNORECASE,
)
"""Declarations of a style that take text off the page, or strike it through."""
_PICTURED_FORMULA = re.compile(r"\b(?:katex-html|mathjax\w*|mjx-(?:math|chtml|svg))\b", re.IGNORECASE)
_CONTENTS = re.compile(r"\b(?:doc-)?(?:toc|landmarks|page-?list|pagebreak)\b")
_BACKLINK = re.compile(r"\b(?:doc-)?backlink\b")
_AWAY = re.compile(r"[↩↑↵⤴⏎^][\ufe0e\ufe0f]?\s*[a-z\d]{0,3}|[¶§#🔗]")  # back from a note, or a heading's link to itself
_OWN_LABEL = re.compile(r"[\[(]?\^?(\d{1,4}|[*†‡§])[\])]?\.?[.:]?\s*")

_BREAK = "\0"  # stands for <br> until white space is folded; the readers refuse text with a NUL
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_LINE_END_IN_JAPANESE = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLOCK_SIGN = re.compile(r"^(?=#{1,6}\s|>|\|)", re.MULTILINE)
_LONG_CELL = 1000
_OUTER_CELL = 200
_ROW_GROUPS = ("thead", "tbody", "tfoot")
_MOST_ROWS = 65534


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of text; `lines` and tables are Markdown already, and a heading has its level."""

    kind: Literal["prose", "heading", "lines", "table"]
    text: str
    level: int = 0

    @property
    def markdown(self) -> str:
        if self.kind == "heading":
            return f"{'#' * self.level} {self.text}"
        return paragraph(self.text) if self.kind == "prose" else self.text


def to_markdown(root: Element, notes: Notes | None = None) -> str:
    """The Markdown of a tree from `trees.parse_page`: blocks separated by blank lines, without a line end at the end.

    A note in `notes` becomes a paragraph `[^1]: text`, without the link back; a reference to it becomes `[^1]`.
    """
    return "\n\n".join(block.markdown for block in _Converter(root, notes or Notes()).blocks(root))


def paragraph(text: str) -> str:
    """A paragraph's lines, safe from being taken for headings, quotations or table rows."""
    return _BLOCK_SIGN.sub(r"\\", text)


def is_wordless(element: Element) -> bool:
    """Whether nothing in an element is for reading: scripts, menus, deleted and hidden parts, tables of contents, entities."""
    if not isinstance(element.tag, str) or element.tag in WORDLESS or _CONTENTS.search(roles(element)):
        return True
    if element.get("aria-hidden") == "true" and _PICTURED_FORMULA.search(f"{element.tag} {element.get('class') or ''}"):
        return True
    hidden = element.get("hidden") is not None or UNSEEN.search(element.get("style") or "")
    # A formula is kept for those who cannot see its picture.
    return bool(hidden) and not (len(element) and element[0].tag == "math")


def is_layout(table: Element) -> bool:
    """Whether a table only places things on the page: its cells are then read one after the other."""
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iterdescendants(*HEADINGS), None) is not None:
        return True
    rows = [row for group in _row_groups(table) for row in group]
    cells = [cell for row in rows for cell in row]
    holders = {cell for inner in table.iterdescendants("table") for cell in _ancestors(inner, table) if cell.tag in ("td", "th")}
    if holders and not _holds_data(rows, holders):
        return True
    if any(len("".join(cell.itertext())) > _LONG_CELL for cell in cells):
        return True
    headed = next(table.iterdescendants("th"), None) is not None
    return not headed and (len(rows) < 2 or max(len(row) for row in rows) < 2)


def _ancestors(element: Element, table: Element) -> Iterable[Element]:
    for above in element.iterancestors():
        if above is table:
            return
        yield above


def _holds_data(rows: list[list[Element]], holders: set[Element]) -> bool:
    """Whether a table with tables in some cells is one itself: rows of one width, most cells short and without a table."""
    cells = [cell for row in rows for cell in row]
    plain = [cell for cell in cells if cell not in holders]
    even = len(rows) > 1 and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows)
    return even and 2 * len(plain) > len(cells) and all(len("".join(cell.itertext())) <= _OUTER_CELL for cell in plain)


def _row_groups(table: Element) -> list[list[list[Element]]]:
    """The cells of each row that has any, by row group, the foot last; without those of tables inside."""
    groups: list[list[list[Element]]] = [[]]
    feet: list[list[list[Element]]] = []
    for child in table:
        if is_wordless(child):
            continue
        if child.tag == "tr":
            groups[-1].append(_own_cells(child))
        elif child.tag in _ROW_GROUPS:
            own = [_own_cells(row) for row in child.iterchildren("tr") if not is_wordless(row)]
            (feet if child.tag == "tfoot" else groups).append(own)
            groups.append([]) if child.tag != "tfoot" else None
    return [group for group in ([row for row in group if row] for group in [*groups, *feet]) if group]


def _own_cells(row: Element) -> list[Element]:
    return [cell for cell in row.iterchildren("td", "th") if not is_wordless(cell)]


def _fold(text: str, labels: frozenset[str]) -> str:
    """White space as a browser shows it, raised and lowered stretches resolved; a line end between Japanese characters is none."""
    folded = _SPACE.sub(" ", _LINE_END_IN_JAPANESE.sub("", text))
    return "\n".join(line for line in (resolve(part, labels).strip() for part in folded.split(_BREAK)) if line)


def _flat(blocks: Iterable[_Block]) -> str:
    return " ".join(block.text.replace("\n", " ") for block in blocks if block.kind != "table")


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
        blocks: list[_Block] = []
        run = [element.text or ""]
        for child in element:
            if child in self.blockish and not is_wordless(child):
                blocks += self._prose(run)
                run = []
                blocks += self._block(child)
            else:
                run.append(self._inline(child))
            run.append(child.tail or "")
        return blocks + self._prose(run)

    def _block(self, element: Element) -> list[_Block]:
        tag = element.tag
        if element in self.notes.bodies:
            return self._note(element)
        if tag in HEADINGS:
            text = _flat(self.blocks(element))
            return [_Block("heading", text, HEADINGS[tag])] if text else []
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
        if element.tag == "math":
            formula = mathml(element)
            return f"{FRACTION}{formula}" if formula[:1].isdigit() else formula
        words = (element.text or "") + "".join(self._inline(child) + (child.tail or "") for child in element)
        return f"{RAISED if element.tag == 'sup' else LOWERED}{words}{END}" if element.tag in ("sup", "sub") else words

    def _link(self, element: Element) -> str | None:
        """Text in place of a link's words: a note's marker, or "" for the way back from a note; None where the words stay."""
        if label := self.notes.references.get(element):
            return f"[^{label}]"
        text = "".join(element.itertext()).strip()
        return "" if _AWAY.fullmatch(text) or _BACKLINK.search(roles(element)) else None

    def _note(self, element: Element) -> list[_Block]:
        content = self.blocks(element)
        if any(other in self.notes.bodies for other in element.iterdescendants()):
            return content
        label, text = self.notes.bodies[element], _flat(content)
        own = _OWN_LABEL.match(text)
        text = text[own.end() :] if own and own.group(1) == label else text
        return [_Block("lines", f"[^{label}]: {text}")] if text else []

    def _list(self, element: Element) -> list[_Block]:
        blocks: list[_Block] = []
        lines: list[str] = []
        number = _whole(element.get("start"), 1)
        for child in element:
            if is_wordless(child):
                continue
            if any(each in self.notes.bodies for each in child.iter()):
                blocks += [_Block("lines", "\n".join(lines))] if lines else []
                lines = []
                blocks += self._block(child)
                continue
            number = _whole(child.get("value"), number)
            lines += self._item(child, f"{number}." if element.tag == "ol" else "-")
            number += child.tag == "li"
        return [*blocks, _Block("lines", "\n".join(lines))] if lines else blocks

    def _item(self, element: Element, marker: str) -> list[str]:
        """The lines of a list item; of a list that stands in a list without an item around it, its own lines, indented."""
        content = self.blocks(element) if element.tag == "li" else self._block(element)
        text = _flat(block for block in content if block.kind != "lines")
        inner = [f"  {line}" for block in content if block.kind in ("lines", "table") for line in block.text.split("\n")]
        return [f"{marker} {text}", *inner] if text else inner

    def _table(self, table: Element) -> list[_Block]:
        caption = [block for each in table.iterchildren("caption") for block in self.blocks(each)]
        groups = _row_groups(table)
        if is_layout(table):
            return caption + [block for group in groups for row in group for cell in row for block in self.blocks(cell)]
        inner: list[_Block] = []
        placed = grid([[[self._cell(cell, inner) for cell in row] for row in group] for group in groups])
        if not any(text for row in placed for text in row):
            return caption + inner
        rows = [row for group in groups for row in group]
        headers = [all(cell.tag == "th" or cell.getparent().getparent().tag == "thead" for cell in row) for row in rows]
        count = headers.index(False) if False in headers else 1
        return [*caption, _Block("table", pipe_table(placed, count)), *inner]

    def _cell(self, cell: Element, inner: list[_Block]) -> Cell:
        """A cell; the tables in it are put into `inner`."""
        content = self.blocks(cell)
        inner += [block for block in content if block.kind == "table"]
        across = min(_whole(cell.get("colspan"), 1), MOST_COLUMNS)
        return Cell(_flat(content), across, min(_whole(cell.get("rowspan"), 1), _MOST_ROWS))

    def _prose(self, run: list[str]) -> list[_Block]:
        text = _fold("".join(run), self.notes.loose)
        return [_Block("prose", text)] if text else []
