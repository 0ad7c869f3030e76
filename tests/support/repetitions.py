"""A grammar of files that repeat one thing over and over, for each format: what takes the square of a file's length shows on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.support.packages import docx, epub, formula, formula_run, paragraph, run, xhtml

Make = Callable[[int], bytes]


def filled(unit: str, size: int) -> str:
    """So many characters of a unit, again and again."""
    return (unit * (size // len(unit) + 1))[:size]


UNITS = (
    *("a", "あ", " ", "\t", ".", "。", "-", "|", "| ", "a|", "| a |\n", "[", "[[", "[a](", "](a", "*", "**", "_", "`", "<", "<p>", "<!--"),
    *("~~", "~", "^", "&", "\\", "#", "# a\n", ">", "|\n", ". ", "A. ", "(", ")", "1", "1.", "1 ", "1,", "A ", "a.b", "http://", "@", "<del>"),
    *("<sup>1</sup>", "<sup>", "[^1]", "[^1]: a\n", "「", "①", "\n", "\r", "\f", "---\n", "- a\n", "a\n", "a\n\n", "a\n=\n", "[a]: /b\n", "[1] "),  # noqa: E501
    *("\u0301", "a\u0301", "\u200d", "\u200b", "\u00ad", "a-\n", " a~~", "Table 1 ", "Table 1. A\n\n", "。」", "!?", "1. a\n", "1. A b\n"),
    *("Note: a\n", "a\tb\n", "a\t", "\t\n", "I. A\n", "\u2028", "The a of b. ", "© a\n", "**a** ", "*a ", "![a](b.c) ", "```\n", "a: b\n"),
    *("10^6 ", "\u3000", "e.g. ", "et al. ", "表1\n", "[a][", "<script>", "&#1", "- [ ] ", "<h1 ", "^[", "<sup", "\n ", "working paper "),
    "w[^1]\n\n[^1]: a\n\n",
)  # fmt: skip

_PAGES: dict[str, Callable[[int], str]] = {
    unit: (lambda size, unit=unit: filled(unit, size))  # type: ignore[misc]
    for unit in (
        *("word ", "a", "<p>", "<p>x</p>", "<span>x</span>", "<span></span>", "a<br>", "<tr><td>x<td>y", "<li>x", "<a href=#x>1</a> "),
        *("<a href=#x><sup>1</sup></a> ", "x<sup>2</sup>", "<p><sup>1</sup>x</p>", "<!--", "&amp;", ">", "<", "|", ".", "<h2>x</h2>"),
        *("<div>x</div>", "<section><h2>A</h2><p>x y z</p></section>", "<math><mi>x</mi></math>", "<b>x</b>", "<dt>x<dd>y", "<font>x</font>"),
        *("<blockquote>x</blockquote>", "<p>港は1957年に開かれた。</p>", "港は1957年に開かれた。", "<aside>x y z</aside>", "<article><p>x</p></article>"),  # noqa: E501
        *("<ruby>漢<rt>かん</rt></ruby>", "<ol><li>y</ol>", "<table><tr><td>a<td>b<tr><td>1<td>2</table>", "<form>x y z</form>"),
    )
}  # fmt: skip
_PAGES |= {
    "row": lambda size: "<table><tr>" + filled("<td>x", size),
    "rowspan": lambda size: "<table>" + filled("<tr><td rowspan=9999>x<td>y", size),
    "colspan": lambda size: "<table>" + filled("<tr><td colspan=99>x<td>y", size),
    "class": lambda size: f'<p class="{filled("ad ", size)}">Hi there.</p>',
    "sheet": lambda size: f"<style>{filled('.a{display:none}', size)}</style><p class=b>Hello you all.",
    "sheet and elements": lambda size: (
        f"<style>{filled('.a .b{display:none}', size // 2)}</style>{filled('<p class=b>x', size // 2)}<p>Hello you all."
    ),
    "comment in sheet": lambda size: f"<style>{filled('/*', size)}</style><p>Hello you all.",
    "spaces": lambda size: f"<p>x{filled(' ', size)}y</p>",
    "line ends": lambda size: f"<p>あ{filled(chr(10) + ' ', size)}い</p>",
    "notes": lambda size: "".join(
        f"<p>w<a href=#m{i}><sup>{i % 999}</sup></a></p><p id=m{i}>{i % 999} text</p>" for i in range(size // 70)
    ),
}

_WORD: dict[str, Callable[[int], str]] = {
    "paragraph": lambda size: paragraph(run(filled("word ", size))),
    "word": lambda size: paragraph(run(filled("a", size))),
    "runs": lambda size: paragraph(run("a ") * (size // 20)),
    "paragraphs": lambda size: paragraph(run("a b.")) * (size // 20),
    "tabs": lambda size: paragraph(f"<w:r>{'<w:tab/>' * (size // 8)}</w:r>"),
    "columns": lambda size: paragraph("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>") * (size // 40),
    "rows": lambda size: f"<w:tbl>{f'<w:tr>{_cell() * 3}</w:tr>' * (size // 100)}</w:tbl>",
    "cells": lambda size: f"<w:tbl>{f'<w:tr>{_cell() * (size // 50)}</w:tr>' * 2}</w:tbl>",
    "breaks": lambda size: paragraph(f"<w:r>{'<w:t>a</w:t><w:br/>' * (size // 20)}</w:r>"),
    "raised": lambda size: paragraph((run("x") + run("2", '<w:vertAlign w:val="superscript"/>')) * (size // 60)),
    "notes": lambda size: paragraph(
        "".join(run("x") + f'<w:r><w:footnoteReference w:id="{i}"/></w:r>' for i in range(size // 60))
    ),
    "formulas": lambda size: paragraph(formula(formula_run("x=")) * (size // 50)),
    "joined": lambda size: f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('x')}</w:p>" * (size // 60) + paragraph(run("y")),
    "dots": lambda size: paragraph(run(filled(".", size))),
}


def _cell() -> str:
    return f"<w:tc>{paragraph(run('x'))}</w:tc>"


_BOOKS: dict[str, Callable[[int], list[str]]] = {
    "paragraph": lambda size: [xhtml(f"<p>{filled('word ', size)}</p>")],
    "paragraphs": lambda size: [xhtml("<p>x</p>" * (size // 8))],
    "chapters": lambda size: [xhtml("<p>Hello you.</p>") for _ in range(size // 100)],
    "unclosed": lambda size: [xhtml("<p>" * (size // 3) + "x")],
    "notes": lambda size: [xhtml(f'<p>w<a href="#m{i}"><sup>1</sup></a></p><p id="m{i}">1 foo</p>') for i in range(size // 200)],
}

_DRAWN: dict[str, Callable[[int], str]] = {
    "line": lambda size: f"({filled('word ', size)}) Tj",
    "word": lambda size: f"({filled('a', size)}) Tj",
    "lines": lambda size: "(Some words here) Tj T* " * (size // 25),
    "same place": lambda size: "(Some) Tj 0 0 Td " * (size // 16),
    "dots": lambda size: f"({filled('.', size)}) Tj",
    "pieces": lambda size: f"[{'(a) -300 ' * (size // 9)}] TJ",
    "figures": lambda size: "".join(f"1 0 0 1 {72 + i % 5 * 80} {800 - i // 5 * 11} Tm ({i}) Tj " for i in range(size // 28)),
    "raised": lambda size: "(word) Tj 4 Ts (4) Tj 0 Ts " * (size // 28),
    "column": lambda size: "".join(f"1 0 0 1 300 {800 - i * 10} Tm (a) Tj " for i in range(size // 28)),
    "turned": lambda size: "".join(f"0 1 -1 0 {i % 500} 100 Tm (abc) Tj " for i in range(size // 28)),
    "scattered": lambda size: "".join(f"1 0 0 1 {i * 7919 % 500} {i * 104729 % 800} Tm (ab) Tj " for i in range(size // 28)),
    "rules": lambda size: "(Hello) Tj ET " + "".join(f"{i % 500} {i % 700} m {i % 500} {i % 700 + 50} l S " for i in range(size // 30)) + "BT",
    "boxes": lambda size: "(Hello) Tj ET " + "".join(f"{i % 80 * 7} {i // 80 % 100 * 8} 7 8 re S " for i in range(size // 14)) + "BT",
    "cells": lambda size: f"[{'(a) -1500 ' * (size // 10)}] TJ",
    "small": lambda size: "/F 10 Tf (word) Tj 4 Ts /F 6 Tf (4) Tj 0 Ts " * (size // 43),
    "two columns": lambda size: "".join(
        f"1 0 0 1 {60 + i % 2 * 260} {800 - i // 2 * 11} Tm (Some words that fill the line of a column up to its end) Tj "
        for i in range(size // 80)
    ),
    "across": lambda size: "".join(
        f"1 0 0 1 {60 + i % 2 * 260} {800 - i // 3 * 11} Tm (Some words that fill the line of a column up {'to its end' if i % 3 < 2 else 'over ' * 9}) Tj "  # noqa: E501
        for i in range(size // 90)
    ),
    "beside": lambda size: "".join(
        f"1 0 0 1 60 {800 - i * 11} Tm (Some words here) Tj 0 1 -1 0 20 {i} Tm (abc) Tj " for i in range(size // 65)
    ),
    "grids": lambda size: "".join(
        f"1 0 0 1 60 {800 - i * 30} Tm (ab) Tj 1 0 0 1 90 {800 - i * 30} Tm (cd) Tj ET "
        f"50 {795 - i * 30} 30 20 re S 80 {795 - i * 30} 30 20 re S BT /F 10 Tf "
        for i in range(size // 130)
    ),
}  # fmt: skip


def pdf(text: str, pages: int = 1) -> bytes:
    """A PDF whose pages draw the same text operations."""
    stream = f"BT /F 10 Tf 14 TL 72 700 Td {text} ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{' '.join(f'{4 + at} 0 R' for at in range(pages))}]>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    font = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    objects += [f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources{font}>>".encode()] * pages
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(data) + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(data),
    )  # fmt: skip


def _page(body: str) -> bytes:
    return f"<html><head><title>T</title></head><body>{body}</body></html>".encode()


SHAPES: Mapping[str, Mapping[str, Make]] = {
    ".txt": {repr(unit): (lambda size, unit=unit: filled(unit, size).encode()) for unit in UNITS},  # type: ignore[misc]
    ".md": {repr(unit): (lambda size, unit=unit: f"# T\n\n{filled(unit, size)}".encode()) for unit in UNITS},  # type: ignore[misc]
    ".html": {name: (lambda size, make=make: _page(make(size))) for name, make in _PAGES.items()},  # type: ignore[misc]
    ".docx": {name: (lambda size, make=make: docx(make(size))) for name, make in _WORD.items()},  # type: ignore[misc]
    ".epub": {name: (lambda size, make=make: epub(make(size))) for name, make in _BOOKS.items()},  # type: ignore[misc]
    ".pdf": {name: (lambda size, make=make: pdf(make(size))) for name, make in _DRAWN.items()}  # type: ignore[misc]
    | {"pages": lambda size: pdf("(Hello you all of the town) Tj", max(1, size // 130))},
}
"""For each ending the shapes by name: functions that make a file of about so many characters."""
