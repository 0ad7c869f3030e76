"""What reading each PDF a second time costs and finds: figures, dates and names confirmed and differing, and its share of a build.

    python benchmarks/second_reading.py [FOLDER] [--write]

FOLDER holds PDFs; the public ones beside the project if it is not given. To them come pages in columns and tables that are drawn
here. Files that cannot be read are named with the reason. With `--write` the table goes into `docs/reading.md`.

The share is the processor time of the second engine and of the comparison, done again by themselves, over that of a whole build of
the same files with both encoders, in this process.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from askjapan.documents.readers import ocr, read_here  # noqa: E402
from askjapan.documents.readers.pdf.agreement import figures_of, is_part_of, unconfirmed  # noqa: E402
from askjapan.documents.readers.pdf.second import read_second  # noqa: E402
from askjapan.errors import ReadingError  # noqa: E402
from askjapan.index.build import build  # noqa: E402
from askjapan.index.minilm import minilm  # noqa: E402
from askjapan.index.multilingual import is_installed, multilingual  # noqa: E402
from tests.support import column_pages, drawn_tables  # noqa: E402

PDFS = ROOT.parent / "shared" / "pdfs"
PAGE = ROOT / "docs" / "reading.md"
BEGIN, END = "<!-- second reading: begin -->", "<!-- second reading: end -->"
COLUMNS, TABLES = 24, 32
MOST_NAMED = 6


@dataclass(frozen=True)
class Compared:
    """One file: its pages, those taken from the second engine, its figures, those unconfirmed, and the seconds of comparing."""

    name: str
    pages: int
    from_second: int
    figures: int
    differing: tuple[str, ...]
    seconds: float


def compared(path: Path) -> Compared:
    reading = read_here(path)
    texts = [reading.text[page.start : page.end] for page in reading.pages]
    begun = time.process_time()
    try:
        others = [page.text for page in read_second(path.name, path.read_bytes()).pages]
    except ReadingError:
        others = []
    others += [""] * (len(texts) - len(others))
    for text, other in zip(texts, others, strict=False):
        is_part_of(text, other)
        unconfirmed(text, other)
    seconds = time.process_time() - begun
    return Compared(
        path.name,
        len(texts),
        sum(bool(text) and text == other for text, other in zip(texts, others, strict=False)),
        sum(len(figures_of(text)) for text in texts),
        tuple(reading.text[start:end] for start, end in reading.unconfirmed),
        seconds,
    )


def drawn(folder: Path) -> None:
    """Pages in columns and tables, as the tests draw them."""
    kinds = list(column_pages.kinds())
    for number, kind in enumerate(kinds[:: len(kinds) // COLUMNS][:COLUMNS]):
        column_pages.draw_columns(folder / f"columns-{number:02d}.pdf", kind)
    for number, table in enumerate(islice(drawn_tables.kinds(TABLES), TABLES)):
        drawn_tables.draw_table(folder / f"table-{number:02d}.pdf", table)


def build_seconds(folder: Path) -> float:
    """Processor time of a build of the folder, with reading in this process, so that it is counted."""
    ocr.read = read_here
    encoder, second = minilm(), multilingual() if is_installed() else None
    encoder.encode(["warm"])
    with tempfile.TemporaryDirectory() as index:
        begun = time.process_time()
        build([folder], Path(index), encoder, catalogue=Path(index) / "none.toml", multilingual=second)
        return time.process_time() - begun


def line(found: Compared) -> str:
    named = ", ".join(dict.fromkeys(found.differing[:MOST_NAMED])) + (" …" if len(found.differing) > MOST_NAMED else "")
    confirmed = found.figures - len(found.differing)
    differing = f"{len(found.differing)} ({named})" if named else "0"
    return f"| {found.name} | {found.pages} | {found.figures} | {confirmed} | {differing} | {found.from_second} |"


def summed(name: str, files: list[Compared]) -> Compared:
    differing = tuple(word for each in files for word in each.differing)
    pages, second = sum(each.pages for each in files), sum(each.from_second for each in files)
    return Compared(name, pages, second, sum(each.figures for each in files), differing, sum(each.seconds for each in files))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", nargs="?", type=Path, default=PDFS)
    asked.add_argument("--write", action="store_true", help="put the table into docs/reading.md")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        drawn(folder)
        for path in sorted(given.folder.glob("*.pdf")):
            (folder / path.name).write_bytes(path.read_bytes())
        public, own, refused = [], [], []
        for path in sorted(folder.glob("*.pdf")):
            try:
                found = compared(path)
            except ReadingError as error:
                refused.append(f"{error.message}")
                path.unlink()
                continue
            (own if re.fullmatch(r"(?:columns|table)-\d\d\.pdf", path.name) else public).append(found)
        whole = summed("all", [*public, *own])
        seconds = build_seconds(folder)
    told = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `python benchmarks/second_reading.py`: the second reading of {whole.pages} pages and"
        f" its comparison took {whole.seconds:.1f} s of processor time, a build of the same files {seconds:.1f} s: a share of"
        f" {100 * whole.seconds / seconds:.0f} %.",
        "",
        "| file | pages | figures, dates and names | confirmed | differing | pages taken from the second engine |",
        "| --- | --- | --- | --- | --- | --- |",
        *map(line, public),
        line(summed(f"{len(own)} drawn pages", own)),
        line(whole),
        "",
        *[f"Not read: {reason}" for reason in refused],
    ]
    sys.stdout.write("\n".join([*told, ""]))
    if given.write:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(told).rstrip() + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
