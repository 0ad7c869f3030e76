"""The formulas of a Word document (OMML) on one line, in the forms of `readers.markup.formulas`."""

from __future__ import annotations

from askjapan.documents.readers.docx.lists import Node, W
from askjapan.documents.readers.markup.formulas import accented, fraction, operator, root, rows, scripts, tidy

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DELETED = (W + "del", W + "moveFrom")
_SIGNS = frozenset("=≠<>≤≥≈≡±∓→←↔∈∉⊂⊆∪∩∧∨×÷·∼≅∝")


def omml(node: Node) -> str:
    """The formula of an `m:oMath` or `m:oMathPara`."""
    return tidy(_inside(node))


def _inside(node: Node | None) -> str:
    return "" if node is None else "".join(_part(child) for child in node)


def _child(node: Node, name: str) -> str:
    return _inside(node.find(_M + name)).strip()


def _set(node: Node, properties: str, name: str, default: str = "") -> str:
    """A property of a structure, as in `m:fPr/m:type`."""
    element = node.find(f"{_M}{properties}/{_M}{name}")
    return default if element is None else element.get(_M + "val", default)


def _part(node: Node) -> str:
    if node.tag in _DELETED:
        return ""
    if not node.tag.startswith(_M):
        return _inside(node) if node.tag in (W + "ins", W + "moveTo") else ""
    name = node.tag.removeprefix(_M)
    if name == "r":
        return "".join(_words(text.text or "") for text in node.iter(_M + "t"))
    if name == "f":
        above, below = _child(node, "num"), _child(node, "den")
        return f"C({above}, {below})" if _set(node, "fPr", "type") == "noBar" else fraction(above, below)
    if name in ("sSup", "sSub", "sSubSup"):
        return scripts(_child(node, "e"), _child(node, "sub"), _child(node, "sup"))
    if name == "sPre":
        return scripts("", "", _child(node, "sup")) + _child(node, "e")
    if name == "rad":
        return root(_child(node, "e"), _child(node, "deg"))
    return _larger(node, name)


def _larger(node: Node, name: str) -> str:
    if name == "d":
        parts = [_inside(each).strip() for each in node.findall(_M + "e")]
        inner = _set(node, "dPr", "sepChr", "|").join(parts)
        return _set(node, "dPr", "begChr", "(") + inner + _set(node, "dPr", "endChr", ")")
    if name == "nary":
        return scripts(_set(node, "naryPr", "chr", "∫"), _child(node, "sub"), _child(node, "sup")) + f" {_child(node, 'e')}"
    if name in ("limLow", "limUpp"):
        limit = _child(node, "lim")
        return scripts(_child(node, "e"), limit if name == "limLow" else "", limit if name == "limUpp" else "")
    if name == "func":
        return f"{_child(node, 'fName')} {_child(node, 'e')}"
    if name in ("acc", "bar"):
        mark = _set(node, "accPr", "chr", "^").translate(
            {0x302: "^", 0x304: "¯", 0x305: "¯", 0x303: "~", 0x307: "˙", 0x20D7: "→"}
        )
        return accented(_child(node, "e"), mark if name == "acc" else "¯")
    if name in ("m", "eqArr"):
        lines = node.findall(_M + "mr") if name == "m" else [node]
        grid = [[_inside(cell).strip() for cell in line.findall(_M + "e")] for line in lines]
        return rows(grid) if name == "m" else "; ".join(grid[0])
    if name == "phant" and _set(node, "phantPr", "show", "1") in ("0", "off", "false"):
        return ""
    return _inside(node) if not name.endswith("Pr") else ""


def _words(text: str) -> str:
    return "".join(operator(char) if char in _SIGNS else char for char in text)
