"""What reading each PDF a second time costs and finds: figures, dates and names confirmed and differing, and its share of a build.

    python benchmarks/second_reading.py [FOLDER] [--write]

FOLDER holds PDFs; the public ones beside the project if it is not given. To them come pages in columns and tables that are drawn
here. Files that cannot be read are named with the reason. With `--write` the table goes into `docs/reading.md`.

The share is the processor time of the second engine and of the comparison, done again by themselves, over that of a build of the same
files: reading, passages, and their embedding with both encoders, which is timed on a sample of them.
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

from report import write_block

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from askjapan.documents.blocks import blocks_of  # noqa: E402
from askjapan.documents.passages import Sizes, split  # noqa: E402
from askjapan.documents.readers import read_here  # noqa: E402
from askjapan.documents.readers.pdf.second.agreement import figures_of, is_part_of, unconfirmed  # noqa: E402
from askjapan.documents.readers.pdf.second.reader import read_second  # noqa: E402
from askjapan.errors import ReadingError  # noqa: E402
from askjapan.index.encoders.minilm import minilm  # noqa: E402
from askjapan.index.encoders.multilingual import is_installed, multilingual  # noqa: E402
from tests.support import column_pages, drawn_tables  # noqa: E402
from tests.support.stages import document  # noqa: E402

PDFS = ROOT.parent / "shared" / "pdfs"
PAGE = ROOT / "docs" / "reading.md"
COLUMNS, TABLES = 12, 24
SAMPLE = 40  # passages
MOST_NAMED = 6


@dataclass(frozen=True)
class Compared:
    """One file: its pages, those taken from the second engine, its figures, those unconfirmed; seconds of comparing and in all."""

    name: str
    pages: int
    from_second: int
    figures: int
    differing: tuple[str, ...]
    seconds: float
    whole: float


def compared(path: Path, sizes: Sizes, passages: list[str]) -> Compared:
    begun = time.process_time()
    reading = read_here(path)
    split_passages = split(document(reading.text, pages=reading.pages), reading.text, blocks_of(reading), sizes)
    passages += [passage.text for passage in split_passages]
    whole = time.process_time() - begun
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
        whole,
    )


def drawn(folder: Path) -> None:
    """Pages in columns and tables, as the tests draw them."""
    kinds = list(column_pages.kinds())
    for number, kind in enumerate(kinds[:: len(kinds) // COLUMNS][:COLUMNS]):
        column_pages.draw_columns(folder / f"columns-{number:02d}.pdf", kind)
    for number, table in enumerate(islice(drawn_tables.kinds(TABLES), TABLES)):
        drawn_tables.draw_table(folder / f"table-{number:02d}.pdf", table)


def embedding_seconds(passages: list[str]) -> float:
    """Processor time of embedding so many passages with both encoders, from a sample of them."""
    sample = passages[:: max(1, len(passages) // SAMPLE)]
    encoders = [minilm(), *([multilingual()] if is_installed() else [])]
    for encoder in encoders:
        encoder.encode(sample[:2])
    begun = time.process_time()
    for encoder in encoders:
        encoder.encode(sample)
    return (time.process_time() - begun) * len(passages) / len(sample)


def line(row: Compared) -> str:
    named = ", ".join(dict.fromkeys(row.differing[:MOST_NAMED])) + (" …" if len(row.differing) > MOST_NAMED else "")
    confirmed = row.figures - len(row.differing)
    differing = f"{len(row.differing)} ({named})" if named else "0"
    return f"| {row.name} | {row.pages} | {row.figures} | {confirmed} | {differing} | {row.from_second} |"


def summed(name: str, files: list[Compared]) -> Compared:
    differing = tuple(word for each in files for word in each.differing)
    pages, second = sum(each.pages for each in files), sum(each.from_second for each in files)
    seconds, whole = sum(each.seconds for each in files), sum(each.whole for each in files)
    return Compared(name, pages, second, sum(each.figures for each in files), differing, seconds, whole)


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
        public, own, refused, passages = [], [], [], []
        sizes = Sizes(120, minilm().limit, minilm().count_pieces)
        for path in sorted(folder.glob("*.pdf")):
            try:
                row = compared(path, sizes, passages)
            except ReadingError as error:
                refused.append(f"{error.message}")
                continue
            (own if re.fullmatch(r"(?:columns|table)-\d\d\.pdf", path.name) else public).append(row)
        whole = summed("all", [*public, *own])
        seconds = whole.whole + embedding_seconds(passages)
    told = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `python benchmarks/second_reading.py`: the second reading of {whole.pages} pages and"
        f" its comparison took {whole.seconds:.1f} s of processor time, a build of the same files with {len(passages):,} passages"
        f" {seconds:.1f} s: a share of {100 * whole.seconds / seconds:.0f} %.",
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
        write_block(PAGE, "second reading", "\n".join(told).rstrip())


if __name__ == "__main__":
    main()
