"""The public sets beside the project: reading them, writing them as the files that a user would have, and scoring a ranking.

A set is a folder with `corpus.jsonl.gz` (id, title, text), `queries.jsonl.gz` (id, text, …) and `qrels.tsv.gz` (a header line, then
query-id, corpus-id and score).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

SHARED = Path(__file__).resolve().parents[2] / "shared"
BENCH = SHARED / "bench"


def need_shared() -> None:
    """Stop with a sentence where the data is not beside the project.

    Raises:
        SystemExit: it is not.
    """
    if not BENCH.is_dir():
        raise SystemExit(
            "There is nothing to measure: the full texts, questions and sets are not beside the project (../shared)."
        )


@dataclass(frozen=True, slots=True)
class Text:
    """One document of a set; `sentence_starts` are offsets in `text`, where the set has them."""

    id: str
    title: str
    text: str
    sentence_starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """One question of a set; `answers` holds what the set says of them, `answerable` is False where it says there is none."""

    id: str
    text: str
    answerable: bool = True
    answers: tuple[Mapping[str, Any], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A whole set; `qrels` maps a question's id to the ids of the right documents and their grades (above 0)."""

    name: str
    texts: tuple[Text, ...]
    queries: tuple[Query, ...]
    qrels: Mapping[str, Mapping[str, int]]

    @property
    def judged(self) -> list[Query]:
        """The questions that have a right document."""
        return [query for query in self.queries if query.id in self.qrels]


def read_set(folder: Path) -> PublicSet:
    """Read a set; lines end at line feeds only, for texts hold other separators."""
    texts = [
        Text(row["id"], row["title"], row["text"], tuple(row.get("sentence_starts", ())))
        for row in map(json.loads, _lines(folder / "corpus.jsonl.gz"))
    ]
    queries = [
        Query(
            row["id"], row["text"], not row.get("is_impossible", False), tuple(row.get("answers", ())), row.get("source_doc", "")
        )
        for row in map(json.loads, _lines(folder / "queries.jsonl.gz"))
    ]
    return PublicSet(folder.name, tuple(texts), tuple(queries), read_qrels(_lines(folder / "qrels.tsv.gz")))


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        return [line for line in file.read().split("\n") if line.strip()]


def read_qrels(lines: Sequence[str]) -> dict[str, dict[str, int]]:
    """Judgements above 0 by question, from the lines of a qrels file with its header."""
    judgements: dict[str, dict[str, int]] = {}
    for line in lines[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            judgements.setdefault(query, {})[document] = int(score)
    return judgements


def file_name(id_: str) -> str:
    """The file that a document is kept in; other than letters, digits and `_.-~`, signs of the id are escaped."""
    return quote(id_, safe="") + ".txt"


def id_of(name: str) -> str:
    """The document that a file of `write_files` holds."""
    return unquote(name.removesuffix(".txt"))


def content(text: Text) -> str:
    """What stands in a document's file: the title, a blank line, the text."""
    return f"{text.title}\n\n{text.text}\n" if text.title else f"{text.text}\n"


def write_files(texts: Iterable[Text], folder: Path) -> None:
    """One `.txt` file a document; files of other documents in the folder are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {file_name(text.id): content(text) for text in texts}
    for path in folder.glob("*.txt"):
        if path.name not in wanted:
            path.unlink()
    for name, written in wanted.items():
        path = folder / name
        # Line ends as they are: offsets count characters of the file.
        if not path.is_file() or path.read_bytes() != written.encode():
            path.write_bytes(written.encode())


def part_of(whole: PublicSet, documents: int, questions: int) -> PublicSet:
    """A small part for a trial: the first questions that have a right document, these documents, and others up to the number."""
    queries = whole.judged[:questions]
    right = {document for query in queries for document in whole.qrels[query.id]}
    texts = [text for text in whole.texts if text.id in right]
    texts += [text for text in whole.texts if text.id not in right][: max(0, documents - len(texts))]
    return PublicSet(whole.name, tuple(texts), tuple(queries), {query.id: whole.qrels[query.id] for query in queries})


def sample(queries: Sequence[Query], limit: int) -> list[Query]:
    """At most so many questions: the first in the order of the SHA-1 of their ids, which is the same everywhere."""
    return sorted(queries, key=lambda query: hashlib.sha1(query.id.encode()).hexdigest())[:limit]


def documents_ranked(files: Iterable[str]) -> list[str]:
    """Documents by their best passage, from the files of the passages in rank order."""
    return list(dict.fromkeys(id_of(name) for name in files))


def ranking_figures(qrels: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """nDCG@10, P@1 and recall@100 over the questions that were asked, by `ir-measures`.

    Args:
        qrels: grades of documents by question.
        ranked: documents by question, best first; a question without any counts as 0.
    """
    import ir_measures
    from ir_measures import P, R, nDCG

    judged = {query: dict(qrels[query]) for query in ranked}
    run = {
        query: {document: 1.0 / rank for rank, document in enumerate(documents, start=1)} for query, documents in ranked.items()
    }
    wanted = {"nDCG@10": nDCG @ 10, "P@1": P @ 1, "R@100": R @ 100}
    scored = ir_measures.calc_aggregate(list(wanted.values()), judged, run)
    return {name: float(scored[measure]) for name, measure in wanted.items()}
