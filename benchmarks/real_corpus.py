"""A real corpus through the ordinary doors: `make bench-corpus`, or `python benchmarks/real_corpus.py [--abstracts N] [--pages N]`.

SciFact's 5,183 abstracts, one text file each, and a book of 1,600 pages that is made up here, a PDF, go through `askjapan add`. Told are
the time, processor time and memory of both, the bytes of the index, a build that changes nothing, one question in a process of its own,
and questions in one process.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from public_data import BENCH, need_shared, read_set, write_files
from speed import ROOT, Ran, run
from warm_questions import ms, tell

PLACES = (
    "Amberley",
    "Birchport",
    "Coldwater",
    "Dunmere",
    "Eastcliff",
    "Farrow",
    "Glenholm",
    "Harwick",
    "Ironbridge",
    "Juniper Bay",
)
THINGS = (
    "harbour",
    "library",
    "school",
    "market",
    "railway",
    "theatre",
    "hospital",
    "bridge",
    "museum",
    "canal",
    "mill",
    "garden",
)
DEEDS = (
    "was built",
    "was closed",
    "burned down",
    "was enlarged",
    "was sold",
    "was opened to visitors",
    "was moved",
    "was repaired",
)
REASONS = (
    "after a flood", "because trade had grown", "to make room for houses", "at the wish of its members", "when the mayor changed",
    "for lack of money", "with the help of the neighbouring towns", "before the exhibition", "against the advice of engineers",
)  # fmt: skip
SENTENCES = 18
ASKED = (
    "How many people did the harbour of Dunmere serve?",
    "Why was the library of Farrow closed?",
    "When was the canal of Harwick repaired?",
)


def sentence(draw: random.Random) -> str:
    """One of some millions of made-up facts."""
    place, thing, year = draw.choice(PLACES), draw.choice(THINGS), draw.randint(1700, 1999)
    return (
        f"The {thing} of {place} {draw.choice(DEEDS)} in {year} {draw.choice(REASONS)}, and served {draw.randint(2, 900)} hundred people "
        f"of the {draw.choice(THINGS)} district in the {draw.randint(2, 40)} years that followed."
    )


def write_book(path: Path, pages: int) -> None:
    """A PDF of so many pages, a chapter every twenty; the same at every call."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    draw = random.Random(1)
    sheet = Canvas(str(path), pagesize=A4, invariant=True)
    sheet.setTitle("Annals of Ten Towns")
    for page in range(pages):
        top = 780
        if page % 20 == 0:
            sheet.setFont("Times-Bold", 18)
            sheet.drawString(70, top, f"Chapter {page // 20 + 1}. {draw.choice(PLACES)}")
            top -= 40
        sheet.setFont("Times-Roman", 11)
        text = " ".join(sentence(draw) for _ in range(SENTENCES))
        for number, line in enumerate(simpleSplit(text, "Times-Roman", 11, 450)):
            sheet.drawString(70, top - 15 * number, line)
        sheet.showPage()
    sheet.save()


def size_of(folder: Path) -> float:
    """Megabytes of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def cost(what: str, ran: Ran) -> str:
    return f"| {what} | {ran.wall:.1f} | {ran.cpu:.1f} | {ran.memory:.0f} |"


def measure(home: Path, files: Mapping[str, Sequence[Path]], questions: Sequence[str]) -> Iterator[str]:
    """Add the files and ask; the lines of a table and of what is told under it."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("ASKJAPAN_")
    }
    environment = {**own, "ASKJAPAN_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    index = home / "index"
    yield "| | wall s | processor s | memory MB |"
    yield "| --- | --- | --- | --- |"
    for what, paths in files.items():
        yield cost(f"`askjapan add`, {what}", run(["-m", "askjapan", "add", *map(str, paths)], environment))
    yield cost("`askjapan index`, nothing changed", run(["-m", "askjapan", "index"], environment))
    ask = ["-m", "askjapan", "ask", questions[0]]
    run(ask, environment)
    yield cost("`askjapan ask`, cold", run(ask, environment))
    os.environ.update(environment)
    from askjapan.assistant import Assistant

    assistant = Assistant.open(index)
    assistant.warm_up()
    spent = []
    for question in questions:
        began = time.perf_counter(), time.process_time()
        assistant.ask(question)
        spent.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    passages = len(assistant.index.passages)
    yield ""
    yield (
        f"{passages:,} passages, {size_of(index):.0f} MB of index ({1000 * size_of(index) / passages:.1f} KB a passage), "
        f"{size_of(home / 'corpus' / 'works'):.0f} MB of files. {len(spent)} answers, median (95th percentile) ms: "
        f"wall {ms([wall for wall, _ in spent])}, processor {ms([cpu for _, cpu in spent])}; "
        f"resident {resident():.0f} MB, of which no file stands behind {resident('RssAnon'):.0f}."
    )


def resident(name: str = "VmRSS") -> float:
    """Megabytes of this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").split("\n")
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def main() -> None:
    """Make the files, add them, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abstracts", type=int, default=5183, help="how many of SciFact's")
    parser.add_argument("--pages", type=int, default=1600, help="of the book")
    given = parser.parse_args()
    need_shared()
    found = read_set(BENCH / "scifact")
    texts = found.texts[: given.abstracts]
    with tempfile.TemporaryDirectory() as folder:
        home, abstracts, book = Path(folder) / "home", Path(folder) / "abstracts", Path(folder) / "annals.pdf"
        (home / "corpus").mkdir(parents=True)
        (home / "corpus" / "catalogue.toml").write_bytes((ROOT / "corpus" / "catalogue.toml").read_bytes())
        write_files(texts, abstracts)
        write_book(book, given.pages)
        questions = [*ASKED, *(query.text for query in found.judged[:17])]
        tell(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
        named = {f"{len(texts):,} abstracts": [abstracts], f"a book of {given.pages:,} pages": [book]}
        for told in measure(home, named, questions):
            tell(told)
        tell(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
