"""The text of a Word document's tree as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from askjapan.documents.readers.docx.lists import Node, Numbering, W, value, whole
from askjapan.documents.readers.markdown_text import paragraph, pipe_table

_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"toc (?:\d|heading)|table of (?:figures|authorities)", re.IGNORECASE)
_CONTENTS_GALLERY = "Table of Contents"
_AROUND_WORDS = frozenset(
    {"bdo", "customXml", "dir", "fldSimple", "hyperlink", "ins", "moveTo", "ruby", "rubyBase", "sdt", "sdtContent", "smartTag"}
)
_AROUND_BLOCKS = frozenset({"customXml", "ins", "moveTo", "sdt", "sdtContent"})
_STANDS_FOR = {"tab": " ", "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = frozenset({"AlternateContent", "drawing", "object", "pict"})
_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_NOTE_HEADINGS = {"footnote": "## Footnotes", "endnote": "## Endnotes"}
_RAISED, _LOWERED = "\x01", "\x02"  # around superscript until neighbouring runs are joined; XML cannot hold them
_LONG_CELL = 1000
_HEADING_LEVELS = 6
_LIST_LEVELS = 8
_COLUMNS = 100
_BODY_TEXT = "9"  # as an outline level


@dataclass(frozen=True, slots=True)
class Parts:
    """The roots of a document's parts; `notes` has "footnote" and "endnote" only if the document has such notes."""

    body: Node
    styles: Node
    numbering: Node | None
    notes: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class _Look:
    """What a paragraph is by its style or by its own properties; `level` is 0 for text."""

    level: int = 0
    list_id: str = ""
    list_level: int = 0
    is_contents: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block of Markdown; list items that follow each other are joined to one."""

    text: str
    is_item: bool = False


class Story:
    """One document's text; `warnings` is filled by `markdown`."""

    def __init__(self, parts: Parts) -> None:
        self.warnings: list[str] = []
        self._parts = parts
        self._numbering = Numbering(parts.numbering)
        self._styles = {style.get(W + "styleId"): style for style in parts.styles.iter(W + "style")}
        paragraphs = [name for name, style in self._styles.items() if style.get(W + "type") == "paragraph"]
        self._default = next((name for name in paragraphs if self._styles[name].get(W + "default")), "")
        self._numbers: dict[tuple[str, str], int] = {}
        self._footnotes = len({node.get(W + "id") for node in parts.body.iter(W + "footnoteReference")})
        self._boxes: list[Node] = []

    def markdown(self) -> str:
        """The whole text: blocks parted by blank lines, notes at the end."""
        blocks: list[str] = []
        in_list = False
        for piece in self._blocks(self._parts.body):
            if in_list and piece.is_item:
                blocks[-1] += f"\n{piece.text}"
            else:
                blocks.append(piece.text)
            in_list = piece.is_item
        return "\n\n".join([*blocks, *self._notes()])

    # --- blocks ---

    def _blocks(self, container: Node) -> Iterator[_Piece]:
        for node in container:
            name = _name(node)
            if name == "p":
                yield from self._paragraph(node)
            elif name == "tbl":
                yield from self._table(node)
            elif name in _AROUND_BLOCKS and value(node, "sdtPr/docPartObj/docPartGallery") != _CONTENTS_GALLERY:
                yield from self._blocks(node)

    def _paragraph(self, node: Node) -> Iterator[_Piece]:
        look = self._look(node)
        if look.is_contents:
            return
        text = self._words(node)
        line = text.replace("\n", " ")
        if text and look.level:
            yield _Piece(f"{'#' * look.level} {line}")
        elif text and look.list_id:
            yield _Piece(self._numbering.marker(look.list_id, look.list_level) + line, is_item=True)
        elif text:
            yield _Piece(paragraph(text))
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield from self._blocks(box)

    def _look(self, node: Node) -> _Look:
        own = node.find(W + "pPr")
        style = self._style_look(value(own, "pStyle", self._default), frozenset())
        outline = value(own, "outlineLvl")
        level = _outline_level(outline) if outline else style.level
        list_id = value(own, "numPr/numId", style.list_id)
        list_level = value(own, "numPr/ilvl") or (str(style.list_level) if list_id == style.list_id else "0")
        # List 0 takes a paragraph out of the list of its style.
        list_id = "" if list_id == "0" else list_id
        return _Look(min(level, _HEADING_LEVELS), list_id, whole(list_level, _LIST_LEVELS), style.is_contents)

    def _style_look(self, style_id: str, seen: frozenset[str]) -> _Look:
        style = self._styles.get(style_id)
        if style is None or style_id in seen:
            return _Look()
        base = self._style_look(value(style, "basedOn"), seen | {style_id})
        name = value(style, "name")
        heading = _HEADING.fullmatch(name)
        level = int(heading.group(1)) if heading else 1 if name.lower() == "title" else base.level
        level = level or _outline_level(value(style, "pPr/outlineLvl", _BODY_TEXT))
        # "List Bullet 2" is one deeper than "List Bullet", in a list of its own.
        deeper = re.fullmatch(r"list (?:bullet|number) ([2-9])", name, re.IGNORECASE)
        own_level = str(int(deeper.group(1)) - 1) if deeper else value(style, "pPr/numPr/ilvl", str(base.list_level))
        list_level = whole(own_level, _LIST_LEVELS)
        list_id = value(style, "pPr/numPr/numId", base.list_id)
        return _Look(level, list_id, list_level, base.is_contents or bool(_CONTENTS.fullmatch(name)))

    def _table(self, table: Node) -> Iterator[_Piece]:
        rows = [row for row in _inside(table, "tr") if row.find(f"{W}trPr/{W}del") is None]
        cells = [list(_inside(row, "tc")) for row in rows]
        if _is_layout(cells):
            for cell in (cell for row in cells for cell in row):
                yield from self._blocks(cell)
            return
        grid = self._grid(rows, cells)
        headers = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        if any(text for row in grid for text in row):
            yield _Piece(pipe_table(grid, headers.index(False) if False in headers else 1))

    def _grid(self, rows: list[Node], cells: list[list[Node]]) -> list[list[str]]:
        grid: list[list[str]] = []
        above: dict[int, str] = {}
        for row, own in zip(rows, cells, strict=True):
            line = [""] * whole(value(row, "trPr/gridBefore"), _COLUMNS)
            for cell in own:
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and merge.get(W + "val", "continue") == "continue"
                text = above.get(len(line), "") if goes_on else " ".join(piece.text for piece in self._blocks(cell))
                above[len(line)] = text
                line += [text, *[""] * (whole(value(cell, "tcPr/gridSpan"), _COLUMNS) - 1)]
            grid.append(line)
        return grid

    # --- words ---

    def _words(self, node: Node) -> str:
        text = self._inline(node).replace(_LOWERED + _RAISED, "").replace(_RAISED, "<sup>").replace(_LOWERED, "</sup>")
        lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
        return "\n".join(line for line in lines if line)

    def _inline(self, node: Node) -> str:
        parts = []
        for child in node:
            name = _name(child)
            if name == "r":
                parts.append(self._run(child))
            elif name in _AROUND_WORDS:
                parts.append(self._inline(child))
            elif name in ("oMath", "oMathPara"):
                parts.append("".join(each.text or "" for each in child.iter(_MATH_TEXT)))
        return "".join(parts)

    def _run(self, run: Node) -> str:
        hidden = run.find(f"{W}rPr/{W}vanish")
        if hidden is not None and hidden.get(W + "val", "1") not in ("0", "false"):
            return ""
        text = "".join(self._character(node) for node in run)
        raised = value(run, "rPr/vertAlign") == "superscript" and text.strip() and "<sup>" not in text
        return text.replace(text.strip(), f"{_RAISED}{text.strip()}{_LOWERED}") if raised else text

    def _character(self, node: Node) -> str:
        name = _name(node)
        if name == "t":
            return (node.text or "").replace("\n", " ")
        if name == "br":
            return " " if node.get(W + "type") in ("page", "column") else "\n"
        if name in _REFERENCES:
            return f"<sup>{self._number(_REFERENCES[name], node.get(W + 'id') or '')}</sup>"
        if name in _PICTURES:
            # A drawing stands there twice, the second time for old versions of Word.
            shown = next(node.iter(_CHOICE), node) if name == "AlternateContent" else node
            self._boxes += [box for box in shown.iter(W + "txbxContent")]
            return ""
        return self._inline(node) if name == "ruby" else _STANDS_FOR.get(name, "")

    # --- notes ---

    def _number(self, kind: str, note_id: str) -> int:
        if (kind, note_id) not in self._numbers:
            earlier = sum(known == kind for known, _ in self._numbers)
            self._numbers[kind, note_id] = 1 + earlier + (self._footnotes if kind == "endnote" else 0)
        return self._numbers[kind, note_id]

    def _notes(self) -> Iterator[str]:
        for kind, heading in _NOTE_HEADINGS.items():
            root = self._parts.notes.get(kind)
            bodies = {} if root is None else {note.get(W + "id"): note for note in root.iter(W + kind)}
            texts = []
            for (known, note_id), number in self._numbers.items():
                if known != kind:
                    continue
                lines = [] if note_id not in bodies else [self._words(node) for node in bodies[note_id].iter(W + "p")]
                text = " ".join(line.replace("\n", " ") for line in lines if line)
                if text:
                    texts.append(f"<sup>{number}</sup> {text}")
                else:
                    self.warnings.append(f"{kind} {number} has no text.")
            yield from [heading, *texts] if texts else []


def _name(node: Node) -> str:
    return str(node.tag).rpartition("}")[2]


def _outline_level(outline: str) -> int:
    return 0 if outline == _BODY_TEXT else whole(outline, _HEADING_LEVELS) + 1


def _inside(node: Node, name: str) -> Iterator[Node]:
    """The children of a name, also those in content controls and the like around them."""
    for child in node:
        if child.tag == W + name:
            yield child
        elif _name(child) in _AROUND_BLOCKS:
            yield from _inside(child, name)


def _is_layout(rows: list[list[Node]]) -> bool:
    """Whether a table only places things on the page: its cells are then read one after the other."""
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return True
    cells = [cell for row in rows for cell in row]
    nested = any(cell.find(f".//{W}tbl") is not None for cell in cells)
    return nested or any(sum(len(text.text or "") for text in cell.iter(W + "t")) > _LONG_CELL for cell in cells)
