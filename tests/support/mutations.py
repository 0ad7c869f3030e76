"""Small files of each format, and damaged ones made of them.

Bytes are turned, left out, doubled, moved, also within packed parts; and elements of XML parts are, so that the part can still be parsed.
"""

from __future__ import annotations

import builtins
import io
import random
import traceback
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from lxml import etree
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

import askjapan
from askjapan.documents.blocks import blocks_of
from askjapan.documents.passages import Sizes, split
from askjapan.documents.readers import read, read_here
from askjapan.errors import AskJapanError
from askjapan.readings import Reading
from tests.support.packages import deleted, docx, epub, formula, formula_run, paragraph, run, xhtml
from tests.support.stages import count_words, document, unresolved

PACKAGE = Path(askjapan.__file__).parent
SIZES = Sizes(target=120, limit=256, count_pieces=count_words)
MARKDOWN = """---
title: The Ports
author: Mika Aoki
---

# The ports

The *ferry* of **Otaru** carried 1,576 people[^1] in 1961. See [the list](http://a.b/c "t") and ~~500~~ 600 m<sup>2</sup>.

| Port | 1961 | 1962 |
| --- | --- | --- |
| Otaru | 12 | |
| Akita | | 7 |

- [ ] one
- two `code` &amp; H~2~O <!-- unseen -->

[^1]: Counted by the council.
"""
PAGE = (
    "<html lang=en><head><meta charset=utf-8><title>Ports</title><style>.x{display:none}</style></head><body><nav><a href=/>Home</a></nav><main>"  # noqa: E501
    "<h1>The ports</h1><p>The ferry carried 1,576 people<sup><a href=#n1>1</a></sup> in 1961 &ndash; <del>500</del> 10<sup>6</sup>.</p>"
    "<table><tr><th>Port<th>1961<tr><td rowspan=2>Otaru<td>12<tr><td>7</table><p class=x>Unseen.</p><math><mfrac><mn>3</mn><mn>4</mn></mfrac>"
    "</math><ul><li>one<li>two</ul><p id=n1>1 Counted by the council.</p></main></body></html>"
)
JAPANESE = "港は一九五七年に開かれた。船は1979年に900隻あった。\n\n表1 港の船\n\n港\t船\n小樽\t12\n秋田\t7\n"
# What file formats are made of, put in at random places.
TOKENS = (
    *(b"<", b">", b"</", b"<!--", b"-->", b"]]>", b"&", b"\0", b"\xff", b"\xfe", b"\x1b$B", b"(", b")", b"<<", b">>", b"[", b"]", b"obj", b"R"),
    *(b"endobj", b"stream", b"endstream", b"9999999999", b"-1", b"1e309", b"/Kids", b"/Length 0", b"/Filter/FlateDecode", b"\r", b"\n", b"|"),
    *(b"<table>", b"<td rowspan=0>", b"<w:p>", b"<w:tbl>", b'w:val="-1"', b"xmlns=", b"\xe3\x81", b"[^", b"~~", b"`", b"\t", b"%PDF-", b"PK\x03\x04"),  # noqa: E501
)  # fmt: skip


VALUES = ("", "-1", "0", "1e309", "99999999999", "true", "港", "a b", "../../x", "http://a.b/c")


def seeds() -> dict[str, list[bytes]]:
    """Sound files by their endings."""
    body = paragraph(
        run("The ferry carried 1,576 people in 1961") + run("3", '<w:vertAlign w:val="superscript"/>') + deleted("500")
    )
    body += paragraph(formula(f"<m:f><m:num>{formula_run('3')}</m:num><m:den>{formula_run('4')}</m:den></m:f>"))
    body += "<w:tbl>" + f"<w:tr>{f'<w:tc>{paragraph(run(str(12)))}</w:tc>' * 2}</w:tr>" * 2 + "</w:tbl>"
    chapter = xhtml(PAGE.partition("<main>")[2].partition("</main>")[0].replace("<td", "</td><td").replace("#n1", '"#n1"'))
    return {
        ".txt": [JAPANESE.encode(), JAPANESE.encode("cp932"), JAPANESE.encode("iso2022_jp"), JAPANESE.encode("utf-16"), MARKDOWN.encode()],
        ".md": [MARKDOWN.encode(), JAPANESE.encode()],
        ".html": [PAGE.encode(), f"<?xml version='1.0'?>{chapter}".encode()],
        ".docx": [docx(body)],
        ".epub": [epub([chapter, xhtml("<p>A second chapter of 1987.</p>")])],
        ".pdf": list(_pdfs()),
    }  # fmt: skip


def _pdfs() -> Iterator[bytes]:
    """Two pages, one of them with a table, and a page with a field of a form; packed and not. Few letters: a sample takes 30 ms."""
    for compressed in (0, 1):
        for with_form in (False, True):
            buffer = io.BytesIO()
            canvas = Canvas(buffer, pagesize=A4, invariant=True, pageCompression=compressed)
            for number in range(1 if with_form else 2):
                canvas.setFont("Times-Roman", 11)
                for at in range(2):
                    canvas.drawString(72, 760 - 14 * at, f"Line {at} of page {number + 1}: {at * 157} ships.")
                for at, row in enumerate((("Port", "In", "Out"), ("Otaru", "12", ""), ("Akita", "", "7")) if number else ()):
                    for column, cell in enumerate(row):
                        canvas.drawString(72 + 90 * column, 600 - 14 * at, cell)
                canvas.rect(60, 560, 300, 60)
                if with_form:
                    canvas.acroForm.textfield(name="f", value="22,916", x=190, y=500, width=90, height=18)
                canvas.showPage()
            canvas.save()
            yield buffer.getvalue()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A damaged copy; of an archive most of the time one of its parts is damaged, and it is packed again."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(parts))
        by_elements = parts[name].startswith(b"<") and chance.random() < 0.6
        parts[name] = _of_other_elements(parts[name], chance) if by_elements else _damaged(parts[name], chance)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for each, part in parts.items():
                archive.writestr(each, part)
        return buffer.getvalue()
    return _damaged(data, chance)


def _of_other_elements(data: bytes, chance: random.Random) -> bytes:
    """XML with some elements left out, doubled, moved, renamed, or with other values and texts."""
    root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        elements = [element for element in root.iter(etree.Element)]
        one, other = chance.choice(elements), chance.choice(elements)
        way = chance.randrange(7)
        if way == 0 and one is not root:
            one.getparent().remove(one)
        elif way == 1 and one is not root:
            one.getparent().extend(deepcopy(one) for _ in range(chance.choice((1, 2, 20))))
        elif way == 2 and one is not root:
            other.append(deepcopy(one))
        elif way == 3:
            one.tag = other.tag
        elif way == 4 and one.attrib:
            one.set(chance.choice(sorted(one.attrib)), chance.choice(VALUES))
        elif way == 5:
            one.text = chance.choice((*VALUES, (other.text or "") * 20))
        elif way == 6 and other.attrib:
            name = chance.choice(sorted(other.attrib))
            one.set(name, other.get(name))
    return bytes(etree.tostring(root))


def _damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(changed) + 1)
        span = chance.choice((1, 2, 8, 64, 512))
        way = chance.randrange(7)
        if way == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif way == 1 and at < len(changed):
            changed[at] = chance.randrange(256)
        elif way == 2:
            del changed[at : at + span]
        elif way == 3:
            changed[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 3, 40))
        elif way == 4:
            changed[at:at] = changed[at : at + span] * chance.choice((1, 2, 20))
        elif way == 5:
            other = chance.randrange(len(changed) + 1)
            changed[at : at + span] = changed[other : other + span]
        elif way == 6 and chance.random() < 0.3:
            del changed[at:]
    return bytes(changed)


@dataclass
class Tally:
    """What came of the samples of one format."""

    read: int = 0
    refused: int = 0
    caught: int = 0
    ended: int = 0
    faults: list[str] = field(default_factory=list)

    def of(self) -> int:
        return self.read + self.refused + self.caught + self.ended + len(self.faults)

    def __add__(self, other: Tally) -> Tally:
        counts = (getattr(self, name) + getattr(other, name) for name in ("read", "refused", "caught", "ended", "faults"))
        return Tally(*counts)


def fuzz(ending: str, samples: int, folder: Path, seed: int = 1, *, first: int = 0, isolated: bool = True) -> Tally:
    """Read so many damaged files of a format, each as a build does, from the one with the number `first` on.

    `read` were read, and each of their quotes is exact; `refused` by one of our errors; `caught` are those whose parser raised
    something of its own, `ended` those that went over a limit or took the process with them: both become one of our errors in the
    isolated process. What our own code raises there is a fault. `faults` are all else, each with the number that makes the sample again.
    """
    tally = Tally()
    kept = seeds()[ending]
    for number in range(first, first + samples):
        chance = random.Random(crc32(f"{ending} {seed} {number}".encode()))
        path = folder / f"sample{ending}"
        path.write_bytes(mutated(chance.choice(kept), chance))
        try:
            reading = (read if isolated else read_here)(path)
        except AskJapanError as error:
            if "its parser failed with" in error.message:
                own = _raised_by_us(path)
                tally.faults += [f"{ending} sample {number} of seed {seed}: {own}"] if own else []
                tally.caught += not own
            elif "its parser" in error.message or "within" in error.message or "of memory" in error.message:
                tally.ended += 1
            else:
                tally.refused += 1
            continue
        except Exception as error:
            tally.faults.append(f"{ending} sample {number} of seed {seed}: {type(error).__name__} {error}")
            continue
        fault = _fault(reading)
        tally.faults += [f"{ending} sample {number} of seed {seed}: {fault}"] if fault else []
        tally.read += not fault
    return tally


def _raised_by_us(path: Path) -> str:
    """Where our own code, not a parser, raised something that is none of our errors; empty if it did not."""
    try:
        read_here(path)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        if Path(last.filename).is_relative_to(PACKAGE) and hasattr(builtins, type(error).__name__):
            return f"{type(error).__name__} {error} in {Path(last.filename).name}, line {last.lineno}"
    return ""


def _fault(reading: Reading) -> str:
    try:
        found = split(document(reading.text, pages=reading.pages), reading.text, blocks_of(reading), SIZES)
    except Exception as error:
        return f"its passages: {type(error).__name__} {error}"
    wrong = unresolved(reading.text, found)
    return f"not exact: {wrong[0]!r}" if wrong else ""
