"""The text of a Word document's tree as Markdown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from askjapan.documents.readers.docx.cells import AROUND_BLOCKS, is_layout, rows_of
from askjapan.documents.readers.docx.formulas import omml
from askjapan.documents.readers.docx.lists import Node, Numbering, W, value, whole
from askjapan.documents.readers.docx.looks import Looks
from askjapan.documents.readers.docx.symbols import UNKNOWN, character, is_symbol_font, text_in
from askjapan.documents.readers.markup.grids import MOST_COLUMNS, pipe_table
from askjapan.documents.readers.markup.markdown_text import paragraph
from askjapan.documents.readers.markup.raised import END, FRACTION, LOWERED, RAISED, resolve
from askjapan.sayings import Saying

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CONTENTS_GALLERY = "Table of Contents"
_AROUND_WORDS = frozenset(
    {"bdo", "customXml", "dir", "fldSimple", "hyperlink", "ins", "moveTo", "ruby", "rubyBase", "sdt", "sdtContent", "smartTag"}
)
_TAB, _ALIGNED = "\x05", "\x06"  # a tab, and one that is set from a margin, until it is known whether tabs make columns
_STANDS_FOR = {"tab": _TAB, "ptab": _ALIGNED, "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = frozenset({"drawing", "object", "pict"})
_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_NOTE_HEADINGS = {"footnote": "## Footnotes", "endnote": "## Endnotes"}
_LONG_COLUMN = 80


@dataclass(frozen=True, slots=True)
class Parts:
    """The roots of a document's parts; `notes` has "footnote" and "endnote" only if the document has such notes.

    `inserted` are the texts, as Markdown, of whole files that are inserted (`altChunk`), by their relation.
    """

    body: Node
    styles: Node
    numbering: Node | None
    notes: Mapping[str, Node]
    inserted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block of Markdown; list items that follow each other are joined to one, and so are lines with tabs, as a table's rows."""

    text: str
    kind: str = "text"


class Story:
    """One document's text; `warnings`, which name its `file`, are filled by `markdown`."""

    def __init__(self, parts: Parts, file: str) -> None:
        self.warnings: list[Saying] = []
        self._parts = parts
        self._file = file
        self._numbering = Numbering(parts.numbering)
        self._looks = Looks(parts.styles)
        self._numbers: dict[str, dict[str, int]] = defaultdict(dict)  # by kind of note and id
        self._footnotes = len({node.get(W + "id") for node in parts.body.iter(W + "footnoteReference")})
        self._boxes: list[Node] = []
        self._style = ""
        self._struck = 0
        self._unknown = 0

    def markdown(self) -> str:
        """The whole text: blocks separated by blank lines, notes at the end."""
        runs: list[list[_Piece]] = []
        for piece in self._blocks(self._parts.body):
            if runs and piece.kind != "text" and runs[-1][0].kind == piece.kind:
                runs[-1].append(piece)
            else:
                runs.append([piece])
        text = "\n\n".join([*map(_joined, runs), *self._notes()])
        if self._struck:
            self.warnings.append(Saying.of("struck_left_out", file=self._file, stretches=self._struck))
        if self._unknown:
            self.warnings.append(Saying.of("symbols_unknown", file=self._file, characters=self._unknown))
        return text

    # --- blocks ---

    def _blocks(self, container: Node) -> Iterator[_Piece]:
        carried = ""
        for node in container:
            name = _name(node)
            if name == "p":
                if _ends_deleted(node):
                    carried += self._inline_of(node)
                    continue
                yield from self._paragraph(node, carried)
                carried = ""
            elif name == "tbl":
                yield from self._table(node)
            elif name == "altChunk":
                text = self._parts.inserted.get(node.get(_RELATION, ""), "")
                yield from [_Piece(text)] if text else []
            elif name in AROUND_BLOCKS and value(node, "sdtPr/docPartObj/docPartGallery") != _CONTENTS_GALLERY:
                yield from self._blocks(node) if not _is_prompt(node) else ()
        if text := _words(carried):
            yield _Piece(paragraph(text))

    def _paragraph(self, node: Node, carried: str = "") -> Iterator[_Piece]:
        """A paragraph, after the words of one whose end is deleted."""
        look = self._looks.paragraph(node)
        if look.is_contents:
            return
        marked = carried + self._inline_of(node)
        text = _words(marked)
        line = text.replace("\n", " ")
        if text and look.level:
            yield _Piece(f"{'#' * look.level} {line}")
        elif text and look.list_id:
            yield _Piece(self._numbering.marker(look.list_id, look.list_level) + line, "item")
        elif text and (columns := _columns(marked)):
            yield _Piece(columns, "columns")
        elif text and look.is_quotation:
            yield _Piece("\n".join(f"> {line}" for line in text.split("\n")))
        elif text:
            yield _Piece(paragraph(text))
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield from self._blocks(box)

    def _table(self, table: Node) -> Iterator[_Piece]:
        pairs = rows_of(table)
        rows, cells = [row for row, _ in pairs], [own for _, own in pairs]
        if is_layout([row for row in cells if row]):
            for cell in (cell for row in cells for cell in row):
                yield from self._blocks(cell)
            return
        inner: list[_Piece] = []
        grid = self._grid(rows, cells, inner)
        headers = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        if any(text for row in grid for text in row):
            yield _Piece(pipe_table(grid, headers.index(False) if False in headers else 1), "table")
        yield from inner

    def _grid(self, rows: list[Node], cells: list[list[Node]], inner: list[_Piece]) -> list[list[str]]:
        """The cells' texts; the tables in them are put into `inner`."""
        grid: list[list[str]] = []
        above: dict[int, str] = {}
        for row, own in zip(rows, cells, strict=True):
            line = [""] * whole(value(row, "trPr/gridBefore"), MOST_COLUMNS)
            for cell in own:
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and merge.get(W + "val", "continue") == "continue"
                pieces = [] if goes_on else list(self._blocks(cell))
                inner += [piece for piece in pieces if piece.kind == "table"]
                words = " ".join(piece.text.replace("\t", " ") for piece in pieces if piece.kind != "table")
                text = above.get(len(line), "") if goes_on else words
                above[len(line)] = text
                line += [text, *[""] * (whole(value(cell, "tcPr/gridSpan"), MOST_COLUMNS) - 1)]
            grid.append(line)
        return grid

    # --- words ---

    def _inline_of(self, node: Node) -> str:
        """The words of a paragraph with the marks of raised words and tabs."""
        self._style = value(node, "pPr/pStyle")
        return self._inline(node)

    def _inline(self, node: Node) -> str:
        parts = []
        for child in node:
            name = _name(child)
            if name == "r":
                parts.append(self._run(child))
            elif name in _AROUND_WORDS:
                parts.append(self._inline(child) if not _is_prompt(child) else "")
            elif name in ("oMath", "oMathPara"):
                formula = omml(child)
                parts.append(f"{FRACTION}{formula}" if formula[:1].isdigit() else formula)
            elif name == "AlternateContent":
                parts.append(self._inline(next(child.iter(_MC + "Choice"), child)))
            elif name in _PICTURES:
                self._boxes += _outermost_boxes(child)
        return "".join(parts)

    def _run(self, run: Node) -> str:
        look = self._looks.run(run, self._style)
        if look.is_hidden:
            return ""
        text = "".join(self._character(node, look.font) for node in run)
        if look.is_struck and text.strip():
            self._struck += 1
            return ""
        if not look.shift or not text.strip():
            return text
        return text.replace(text.strip(), f"{RAISED if look.shift > 0 else LOWERED}{text.strip()}{END}", 1)

    def _character(self, node: Node, font: str) -> str:
        name = _name(node)
        if name == "t":
            text = (node.text or "").replace("\n", " ")
            return self._known(text_in(font, text)) if is_symbol_font(font) else text
        if name == "sym":
            return self._known(character(node.get(W + "font") or "", node.get(W + "char") or ""))
        if name == "br":
            return " " if node.get(W + "type") in ("page", "column") else "\n"
        if name in _REFERENCES:
            return f"[^{self._number(_REFERENCES[name], node.get(W + 'id') or '')}]"
        if name == "AlternateContent":
            # A drawing stands there twice, the second time for old versions of Word.
            shown = next(node.iter(_MC + "Choice"), node)
            return "".join(self._character(each, font) for each in shown)
        if name in _PICTURES:
            self._boxes += _outermost_boxes(node)
            return ""
        return self._inline(node) if name == "ruby" else _STANDS_FOR.get(name, "")

    def _known(self, text: str) -> str:
        self._unknown += text.count(UNKNOWN)
        return text

    # --- notes ---

    def _number(self, kind: str, note_id: str) -> int:
        numbers = self._numbers[kind]
        if note_id not in numbers:
            numbers[note_id] = 1 + len(numbers) + (self._footnotes if kind == "endnote" else 0)
        return numbers[note_id]

    def _notes(self) -> Iterator[str]:
        for kind, heading in _NOTE_HEADINGS.items():
            root = self._parts.notes.get(kind)
            bodies = {} if root is None else {note.get(W + "id"): note for note in root.iter(W + kind)}
            texts = []
            for note_id, number in list(self._numbers[kind].items()):
                lines = [] if note_id not in bodies else [_words(self._inline_of(node)) for node in bodies[note_id].iter(W + "p")]
                text = " ".join(line.replace("\n", " ") for line in lines if line)
                if text:
                    texts.append(f"[^{number}]: {text}")
                else:
                    self.warnings.append(Saying.of("note_without_text", file=self._file, kind=kind, number=number))
            yield from [heading, *texts] if texts else []


def _joined(run: list[_Piece]) -> str:
    if run[0].kind == "columns" and len(run) == 1:
        return paragraph(" ".join(run[0].text.split("\t")))
    return ("\n\n" if run[0].kind == "table" else "\n").join(piece.text for piece in run)


def _name(node: Node) -> str:
    return str(node.tag).rpartition("}")[2]


def _words(marked: str) -> str:
    text = resolve(marked).replace(_TAB, " ").replace(_ALIGNED, " ")
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _columns(marked: str) -> str:
    """A line whose tabs may set columns, with its tabs; "" for any other."""
    if _TAB not in marked.strip(_TAB + " ") or _ALIGNED in marked or "\n" in marked:
        return ""
    cells = [" ".join(cell.split()) for cell in resolve(marked).replace("\t", " ").rstrip(_TAB + " ").split(_TAB)]
    return "\t".join(cells) if all(len(cell) <= _LONG_COLUMN for cell in cells) else ""


def _ends_deleted(node: Node) -> bool:
    """Whether the mark at a paragraph's end is deleted, so that the next one goes on with it."""
    properties = node.find(f"{W}pPr/{W}rPr")
    return properties is not None and any(properties.find(W + name) is not None for name in ("del", "moveFrom"))


def _is_prompt(node: Node) -> bool:
    """Whether a content control holds only the prompt of an empty form field."""
    return node.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def _outermost_boxes(node: Node) -> list[Node]:
    """The text boxes in a drawing; boxes within them are found when these are read, and copies for old versions are left out."""
    if node.tag == W + "txbxContent":
        return [node]
    children = [next(node.iter(_MC + "Choice"), node)] if node.tag == _MC + "AlternateContent" else list(node)
    return [box for child in children if child is not node for box in _outermost_boxes(child)]
