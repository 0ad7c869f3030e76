"""Formulas on one line: `3/4`, `2^10`, `(a+b)/c`, `√(x)`. The building blocks for any markup, and MathML's elements in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.documents.readers.markup.raised import FRACTION
from askjapan.documents.readers.markup.trees import Element

_SIMPLE = re.compile(r"[+−-]?(?:[^\W_]+|\d[\d.,]*)|[^\w\s]")
_INVISIBLE = str.maketrans(dict.fromkeys("\u2061\u2062\u2063\u2064\u200b"))
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_ALOUD = frozenset("=≠<>≤≥≈≡±∓→←↔∈∉⊂⊆∪∩∧∨×÷·∼≅∝")
_ACCENTS = {"¯": "\u0304", "‾": "\u0304", "ˉ": "\u0304", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303"} | {
    "˙": "\u0307",
    "→": "\u20d7",
    "¨": "\u0308",
}
_SILENT = frozenset({"annotation", "annotation-xml", "mphantom", "none", "mprescripts", "maligngroup", "malignmark"})


def fraction(above: str, below: str) -> str:
    """A quotient; `raised.resolve` puts a space between it and a whole number before it."""
    return f"{FRACTION}{_grouped(above)}/{_grouped(below)}"


def scripts(base: str, lower: str = "", upper: str = "") -> str:
    """A base with an index, a power, or both."""
    power = "".join(char for char in upper if char not in "′″‴'") if upper.strip("′″‴'") == "" else upper
    primes = upper if not power else ""
    base = base if not power or _is_simple(base) or base.endswith((")", "]", "|")) or not base else f"({base})"
    return base + (f"_{_grouped(lower)}" if lower else "") + primes + (f"^{_grouped(power)}" if power else "")


def root(radicand: str, degree: str = "") -> str:
    """A root: `√2`, `√(a+b)`, `∛8`, `5√(x)`."""
    return _ROOTS.get(degree, f"{degree}√") + _grouped(radicand)


def accented(base: str, accent: str) -> str:
    """A letter with its bar, hat or dot; a longer base loses such a mark, and any other accent becomes a power."""
    mark = _ACCENTS.get(accent.strip())
    return f"{base}{mark}" if mark and len(base) == 1 else base if mark or not accent.strip() else scripts(base, upper=accent)


def rows(cells: Sequence[Sequence[str]]) -> str:
    """A matrix: `[a, b; c, d]`."""
    return "[" + "; ".join(", ".join(row) for row in cells) + "]"


def operator(sign: str) -> str:
    """A sign as it is set in a line: relations and products stand between spaces."""
    sign = sign.translate(_INVISIBLE).strip()
    return f" {sign} " if sign in _ALOUD else f"{sign} " if sign in (",", ";") else sign


def tidy(formula: str) -> str:
    """A whole formula, with single spaces."""
    return " ".join(formula.translate(_INVISIBLE).split()).replace("( ", "(").replace(" )", ")")


def mathml(element: Element) -> str:
    """A MathML element, with its content, on one line."""
    return tidy(_mathml(element))


def _grouped(part: str) -> str:
    part = part.strip()
    bracketed = part[:1] == "(" and part[-1:] == ")" and ")" not in part[1:-1]
    return part if not part or bracketed or _is_simple(part) else f"({part})"


def _is_simple(part: str) -> bool:
    return _SIMPLE.fullmatch(part.strip()) is not None


def _mathml(element: Element) -> str:
    name = element.tag.rpartition(":")[2] if isinstance(element.tag, str) else "none"
    if name in _SILENT:
        return ""
    children = [child for child in element if isinstance(child.tag, str)]
    if name == "semantics":
        return _mathml(children[0]) if children else ""
    if name == "mo":
        return operator(element.text or "")
    if name in ("mi", "mn", "mtext", "ms"):
        text = "".join(element.itertext()).translate(_INVISIBLE)
        return text if name == "mtext" else text.strip()
    if name == "mspace":
        return " "
    if name == "mtable":
        return rows([[_mathml(cell).strip() for cell in row] for row in children])
    if name == "mmultiscripts":
        return _multiscripts(children)
    return _composed(name, element, [_mathml(child) for child in children])


def _composed(name: str, element: Element, parts: list[str]) -> str:
    first, second, third = (*[part.strip() for part in parts[:3]], "", "", "")[:3]
    if name == "mfrac" and len(parts) == 2:
        return fraction(first, second) if element.get("linethickness") not in ("0", "0pt") else f"C({first}, {second})"
    if name in ("msup", "msub", "msubsup"):
        return scripts(first, "" if name == "msup" else second, third if name == "msubsup" else second if name == "msup" else "")
    if name in ("mover", "munder", "munderover"):
        if name == "mover" and second in _ACCENTS:
            return accented(first, second)
        return scripts(
            first, "" if name == "mover" else second, third if name == "munderover" else second if name == "mover" else ""
        )
    if name == "mroot":
        return root(first, second)
    inner = (element.text or "").strip() + "".join(
        part + (child.tail or "").strip()
        for part, child in zip(parts, (c for c in element if isinstance(c.tag, str)), strict=True)
    )
    if name == "msqrt":
        return root(inner)
    if name == "mfenced":
        opening, closing = str(element.get("open", "(")), str(element.get("close", ")"))
        return opening + str(element.get("separators") or ",")[:1].join(parts) + closing
    return inner


def _multiscripts(children: list[Element]) -> str:
    """Indices on both sides: those after `mprescripts` stand before the base, as in ^14C."""
    names = [child.tag.rpartition(":")[2] for child in children]
    split = names.index("mprescripts") if "mprescripts" in names else len(children)
    base = _mathml(children[0]).strip() if children else ""
    before = [_mathml(child).strip() for child in children[split + 1 :]]
    after = [_mathml(child).strip() for child in children[1:split]]
    prefix = scripts("", "", "".join(before[1::2]))
    return prefix + scripts(base, "".join(after[::2]), "".join(after[1::2]))
