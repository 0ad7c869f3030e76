"""Our own questions on public paragraphs, invented papers and invented tables: in other words than the text, with near misses.

Each file in `training/questions` has a question a line.

- `wikipedia-N.jsonl`: `passage` is the beginning of its paragraph's SHA-1 (the paragraphs are those of `training.sources`), `sentences` the
  numbers, from 1, of those that answer it together; none where the paragraph does not answer it, and no other paragraph of the same file
  does. `answer` is the character range of a short answer in the paragraph.
- `papers-N.jsonl`, on the short papers of `papers-N.md`, `long-N.jsonl`, on one long work, and `japanese-N.jsonl`, on one in Japanese, a
  heading each and a sentence a line: `text` is the paper's number in the file, `sentences` those of its lines that answer, `answer` the
  words that do, `ja` the question in Japanese.
- `tables-N.jsonl`, on the tables of `tables-N.md`, a heading each: `table` is the table's number in the file, `rows` are those that answer,
  `answer` is the cell's text where one cell does.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from askjapan.language.scripts import is_foreign
from training.sources import SHARED, Span, lines, sentences, squad2

QUESTIONS = Path(__file__).parent / "questions"
SETS = ("squad1_part", "squadshifts_newwiki")
LONG = "long"
"""Name of the files on one long invented work each, of the form of `papers-N`."""
PAPERS = ("papers", LONG)
JAPANESE = "japanese"
"""The same on one work each in Japanese, for the reader of Japanese."""
MEASURING = ("papers-7", f"{LONG}-8", *(f"{JAPANESE}-{number}" for number in (1, 13, 14, 15)))
"""Files that neither the reader nor the models of answers learn from: `training.figures` asks those in English."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question on a file of a group: `evidence` are character ranges in the file, none where the group doesn't answer it; `around` is the
    range of the paragraph or table that it was written on, `answer` the short answer's, where there is one. `japanese` is the same question in
    Japanese, empty where there is none."""

    question: str
    kind: str
    file: str
    evidence: tuple[Span, ...]
    around: Span
    answer: Span | None = None
    japanese: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Texts by file name, and the questions on them."""

    name: str
    texts: dict[str, str]
    questions: tuple[Question, ...]


def write_texts(group: Group, folder: Path) -> None:
    """Write the texts of a group, and nothing else, into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file, text in group.texts.items():
        (folder / file).write_text(text, encoding="utf-8", newline="")


def key_of(passage: str) -> str:
    """The name of a paragraph in the files of questions."""
    return hashlib.sha1(passage.encode(), usedforsecurity=False).hexdigest()[:12]


@cache
def paragraphs() -> dict[str, tuple[str, str]]:
    """Title and text of each paragraph by its key, in the order of the sets."""
    found: dict[str, tuple[str, str]] = {}
    for name in SETS:
        for data in lines(SHARED / "train" / f"{name}.jsonl.gz"):
            found.setdefault(key_of(data["passage"]), (data["title"], data["passage"]))
    for example in squad2(held_out=False):
        found.setdefault(key_of(example.passage), (example.title, example.passage))
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def paragraph_group(paths: Sequence[Path]) -> Group:
    """The questions of files on paragraphs: a text a title, of the paragraphs that are asked about."""
    known = paragraphs()
    rows = [row for path in paths for row in _rows(path)]
    wanted = {row["passage"] for row in rows}
    titles: dict[str, list[str]] = defaultdict(list)
    for key, (title, _) in known.items():
        if key in wanted:
            titles[title].append(key)
    texts: dict[str, str] = {}
    places: dict[str, tuple[str, int]] = {}
    for number, (title, keys) in enumerate(titles.items()):
        file, text = f"{number:03}.txt", f"{title}\n\n"
        for key in keys:
            places[key] = (file, len(text))
            text += known[key][1].replace("\r", " ") + "\n\n"
        texts[file] = text
    questions = []
    for row in rows:
        file, base = places[row["passage"]]
        passage = known[row["passage"]][1]
        spans = sentences(passage)
        evidence = _joined([spans[n - 1] for n in sorted(row["sentences"])], passage)
        moved = tuple((s + base, e + base) for s, e in evidence)
        answer = (row["answer"][0] + base, row["answer"][1] + base) if "answer" in row else None
        questions.append(Question(row["question"], row["kind"], file, moved, (base, base + len(passage)), answer))
    return Group("+".join(path.stem for path in paths), texts, tuple(questions))


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def table_group(path: Path, part: tuple[int, int]) -> Group:
    """The questions of a file on tables, of those with a number from `part[0]` to `part[1]`."""
    text = path.with_suffix(".md").read_text(encoding="utf-8")
    starts = [match.start() for match in re.finditer(r"^#{1,6} ", text, flags=re.MULTILINE)] + [len(text)]
    first, last = part
    begin, finish = starts[first - 1], starts[min(last, len(starts) - 1)]
    bodies = {number: _body(text, starts[number - 1], starts[number]) for number in range(first, min(last, len(starts) - 1) + 1)}
    questions = []
    for row in _rows(path):
        if row["table"] not in bodies:
            continue
        lines_of = bodies[row["table"]]
        evidence = tuple((lines_of[n - 1][0] - begin, lines_of[n - 1][1] - begin) for n in sorted(row["rows"]))
        around = (lines_of[0][0] - begin, lines_of[-1][1] - begin)
        answer = within(text[begin:finish], row.get("answer", ""), evidence)
        questions.append(Question(row["question"], row["kind"], "tables.md", evidence, around, answer))
    return Group(f"{path.stem} {first}-{last}", {"tables.md": text[begin:finish]}, tuple(questions))


def _body(text: str, start: int, end: int) -> list[Span]:
    """The ranges of a Markdown table's body rows."""
    rows = [(m.start() + start, m.end() + start) for m in re.finditer(r"^\|.*$", text[start:end], flags=re.MULTILINE)]
    rule = next(n for n, (s, e) in enumerate(rows) if re.fullmatch(r"[|\s:-]+", text[s:e]))
    return rows[rule + 1 :]


def paper_group(path: Path) -> Group:
    """The questions of a file on invented papers, a text each."""
    texts: dict[str, str] = {}
    places: list[list[Span]] = []
    for number, part in enumerate(re.split(r"^## ", path.with_suffix(".md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]):
        title, _, body = part.partition("\n")
        apart = "" if is_foreign(body) else " "
        text, spans = f"{title.strip()}\n\n", []
        for paragraph in re.split(r"\n\s*\n", body.strip()):
            for line in paragraph.split("\n"):
                spans.append((len(text), len(text) + len(line.strip())))
                text += line.strip() + apart
            text = f"{text.rstrip()}\n\n"
        texts[f"{number:03}.txt"] = text
        places.append(spans)
    questions = []
    for row in _rows(path):
        file, spans = f"{row['text'] - 1:03}.txt", places[row["text"] - 1]
        evidence = tuple(_joined([spans[n - 1] for n in sorted(row["sentences"])], texts[file]))
        answer = within(texts[file], row.get("answer", ""), evidence)
        around = (spans[0][0], spans[-1][1])
        questions.append(Question(row["question"], row["kind"], file, evidence, around, answer, row.get("ja", "")))
    return Group(path.stem, texts, tuple(questions))


def within(text: str, answer: str, evidence: Sequence[Span]) -> Span | None:
    """The range of an answer's words in a text, looked for in the evidence; None where it is empty or does not stand there."""
    places = [text.find(answer, start, end) for start, end in evidence if answer]
    return next(((place, place + len(answer)) for place in places if place >= 0), None)


def for_reader() -> list[Group]:
    """What the reader is trained on."""
    return [
        *_paired(lambda pair: pair % 4 != 3),
        *_on_papers(lambda number: number % 4 != 0),
        *(table_group(path, (1, 30)) for path in _numbered("tables")),
    ]


def for_japanese_reader() -> list[Group]:
    """What the reader of Japanese is trained on: works in Japanese, less those that only measure."""
    return _on_papers(lambda number: number % 4 != 0, (JAPANESE,))


def for_fitting() -> list[Group]:
    """What the models of answers are fitted on: other paragraphs and other tables than the reader's."""
    return [
        *_paired(lambda pair: pair % 4 == 3),
        *_on_papers(lambda number: number % 4 == 0),
        *(table_group(path, (31, 99)) for path in _numbered("tables")),
    ]


def for_fitting_japanese() -> list[Group]:
    """What the models of what the reader of Japanese has read are fitted on."""
    return _on_papers(lambda number: number % 4 == 0, (JAPANESE,))


def _paired(chosen: Callable[[int], bool]) -> list[Group]:
    """Groups of two files each: 1 and 2 are pair 0."""
    paths = _numbered("wikipedia")
    pairs = [paths[n : n + 2] for n in range(0, len(paths), 2)]
    return [paragraph_group(pair) for number, pair in enumerate(pairs) if chosen(number)]


def _on_papers(chosen: Callable[[int], bool], names: Sequence[str] = PAPERS) -> list[Group]:
    """Groups of the files on papers and long works, less those that only measure."""
    paths = [path for name in names for path in _numbered(name) if path.stem not in MEASURING]
    return [paper_group(path) for path in paths if chosen(_number(path))]


def _numbered(name: str) -> list[Path]:
    return sorted(QUESTIONS.glob(f"{name}-*.jsonl"), key=_number)


def _number(path: Path) -> int:
    return int(path.stem.split("-")[1])
