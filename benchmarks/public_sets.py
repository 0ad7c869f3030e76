"""askjapan on public sets that nobody of this project wrote: retrieval, cited sentences, refusal.

    python benchmarks/public_sets.py [--set NAME] [--questions N] [--part N] [--fresh] [--write]

Every document is a `.txt` file (title, blank line, text) and goes through the ordinary build; documents are ranked by their best passage
among 100. Without the sets in ../shared/bench there is nothing to run. What has been measured is kept under `build/bench`, set by set.

- scifact, clapnq_dev, squad2_dev, jsquad: nDCG@10, P@1 and R@100 over the questions that have a right document;
- scifact: the same for 50 questions where the reader reads none, the best as usual, and the best 100 passages;
- clapnq_dev: precision and recall of the quoted sentences against those that the annotators' answers rest on, and refusal.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cited_sentences import Sentence, cited_figures, cited_sentences, nearest_figures, whole_passage_figures
from measuring import code_digest, folder_digest
from public_data import (
    BENCH,
    PublicSet,
    Query,
    Text,
    documents_ranked,
    id_of,
    need_shared,
    part_of,
    ranking_figures,
    read_set,
    sample,
    write_files,
)
from report import CACHE, PAGE, keep, kept, machine, markdown_table, range_of_dates, write_block

from askjapan.api import build_index, why_stale
from askjapan.assistant import Assistant
from askjapan.evaluation.score import auroc
from askjapan.index.encoders.minilm import minilm
from askjapan.records import Answer
from askjapan.retrieval import retriever
from askjapan.settings import Settings

DEPTH = 100
READING_QUESTIONS = 50
READ = (0, retriever.READ, DEPTH)
"""How many of the best candidates the reader reads."""
NEAREST = 3
SETS = ("scifact", "clapnq_dev", "squad2_dev", "jsquad")
KNOWN: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "scifact": {"BM25": (0.677, 0.550), "MiniLM": (0.645, 0.503), "their rank fusion": (0.719, 0.590)},
    "clapnq_dev": {"BM25": (0.937, 0.883), "MiniLM": (0.985, 0.960), "their rank fusion": (0.973, 0.937)},
    "squad2_dev": {"BM25": (0.889, 0.805), "MiniLM": (0.799, 0.656), "their rank fusion": (0.886, 0.784)},
    "jsquad": {"BM25": (0.938, 0.903), "MiniLM": (0.252, 0.186), "their rank fusion": (0.600, 0.387)},
}
"""nDCG@10 and P@1 of plain methods on the very same files, from the sets' README."""
PUBLISHED = {"scifact": "BM25 0.679 (Anserini), all-MiniLM-L6-v2 0.645 (MTEB)"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A set with its index."""

    public: PublicSet
    settings: Settings
    assistant: Assistant
    seconds: float


def opened(public: PublicSet, folder: Path, store: Path) -> Opened:
    """Build the index of a set unless it is up to date, and open it; `seconds` is 0 if it was."""
    settings = Settings(corpus=(folder,), index=store)
    seconds = 0.0
    if why_stale(settings):
        report = build_index(settings=settings)
        seconds = report.seconds
        if report.skipped:
            say(f"{len(report.skipped)} of {len(public.texts)} documents left out: {next(iter(report.skipped.values()))}")
    assistant = Assistant.open(settings=settings)
    assistant.warm_up()
    return Opened(public, settings, assistant, seconds)


def say(text: str) -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def ranked(assistant: Assistant, queries: Sequence[Query]) -> tuple[dict[str, list[str]], list[float]]:
    """Documents by question, best first, and the milliseconds that each question took."""
    documents: dict[str, list[str]] = {}
    spent = []
    for number, query in enumerate(queries):
        began = time.perf_counter()
        hits = assistant.retrieve(query.text, k=DEPTH)
        spent.append(1000 * (time.perf_counter() - began))
        documents[query.id] = documents_ranked(Path(hit.document.path).name for hit in hits)
        if number % 500 == 499:
            say(f"  {number + 1} of {len(queries)} questions")
    return documents, spent


def retrieval_figures(state: Opened, queries: Sequence[Query]) -> dict[str, Any]:
    """Ranking figures, with the size and the times of the index."""
    documents, spent = ranked(state.assistant, queries)
    return {
        **ranking_figures(state.public.qrels, documents),
        "documents": len(state.public.texts),
        "passages": len(state.assistant.index.passages),
        "questions": len(queries),
        "index seconds": state.seconds,
        "milliseconds": statistics.median(spent),
    }


@contextmanager
def reading(limit: int) -> Iterator[None]:
    """Within it, the reader reads so many of the best candidates."""
    before = retriever.READ
    retriever.READ = limit
    try:
        yield
    finally:
        retriever.READ = before


def reading_figures(state: Opened, queries: Sequence[Query]) -> dict[str, Any]:
    """What reading more or fewer passages changes: the figures by how many are read."""
    chosen = sample(queries, READING_QUESTIONS)
    ways = {}
    for limit in READ:
        with reading(limit):
            documents, spent = ranked(state.assistant, chosen)
        ways[str(limit)] = {**ranking_figures(state.public.qrels, documents), "milliseconds": statistics.median(spent)}
    return {"questions": len(chosen), "ways": ways}


def answering_figures(state: Opened, queries: Sequence[Query]) -> dict[str, Any]:
    """Cited sentences of the answerable questions, and refusal over all."""
    texts = {text.id: text for text in state.public.texts}
    confidences: dict[bool, list[float]] = {True: [], False: []}
    refused = {True: 0, False: 0}
    rows, spent = [], []
    for query in queries:
        began = time.perf_counter()
        answer = state.assistant.ask(query.text)
        spent.append(1000 * (time.perf_counter() - began))
        confidences[query.answerable].append(answer.confidence)
        refused[query.answerable] += not answer.answered
        if query.answerable:
            rows.append((query, sentences_of(answer, texts)))
    return {
        "cited": cited_figures(rows),
        "nearest": nearest_figures([query for query, _ in rows], texts, NEAREST, minilm().encode),
        "whole passage": whole_passage_figures([query for query, _ in rows], texts),
        "refused": refused[True] + refused[False],
        "refusal precision": refused[False] / max(1, refused[True] + refused[False]),
        "refusal recall": refused[False] / max(1, len(confidences[False])),
        "answered of the answerable": 1 - refused[True] / max(1, len(confidences[True])),
        "AUROC": auroc(confidences[True], confidences[False]) if confidences[False] else float("nan"),
        "milliseconds": statistics.median(spent),
    }


def sentences_of(answer: Answer, texts: Mapping[str, Text]) -> set[Sentence]:
    """The set's sentences that an answer quotes."""
    quotes = [(id_of(Path(citation.path).name), citation.start, citation.end) for citation in answer.citations]
    return cited_sentences(quotes, texts)


# --- one set after the other ---


def measure(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """The figures of a set, from an earlier run if nothing has changed since."""
    public = read_set(BENCH / name)
    if given.part:
        public = part_of(public, given.part, 20)
    trial = f"part-{given.part}" if given.part else "sets"
    folder = CACHE / trial / name
    write_files(public.texts, folder)
    queries = sample(public.judged, given.questions) if given.questions else public.judged
    key = {
        "code": code_digest("askjapan"),
        "corpus": folder_digest(folder),
        "questions": hashlib.sha256(json.dumps([[query.id, query.text] for query in queries]).encode()).hexdigest(),
    }
    place = CACHE / "results" / trial / f"{name}.json"
    if given.fresh:
        place.unlink(missing_ok=True)
    earlier = kept(place, key)
    if earlier is not None:
        return earlier
    state = opened(public, folder, store_of(name, trial, given.fresh))
    result: dict[str, Any] = {"retrieval": retrieval_figures(state, queries), "made": datetime.now(UTC).isoformat()}
    say(f"{name}: {json.dumps(result['retrieval'])}")
    if name == "scifact":
        result["read"] = reading_figures(state, queries)
        say(f"{name}: {json.dumps(result['read'])}")
    if name == "clapnq_dev":
        result["answers"] = answering_figures(state, list(public.queries))
        say(f"{name}: {json.dumps(result['answers'])}")
    keep(place, key, result)
    return result


def store_of(name: str, trial: str, fresh: bool) -> Path:
    """Where the index of a set is; that of the comparison serves too, since it is of the same files."""
    compared = CACHE / "results" / ("whole" if trial == "sets" else trial) / name / "askjapan" / "store"
    own = CACHE / "stores" / trial / name
    if fresh:
        shutil.rmtree(own, ignore_errors=True)
    return compared if compared.is_dir() else own


# --- the tables ---


def retrieval_table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """A set a row, beside what plain methods reach on the same files."""
    rows = []
    for name, result in results.items():
        figures = result["retrieval"]
        plain = [f"{ndcg:.3f} / {first:.3f}" for ndcg, first in KNOWN[name].values()]
        size = [f"{figures['documents']:,} / {figures['passages']:,}", f"{figures['questions']:,}"]
        ours = [f"**{figures['nDCG@10']:.3f}** / {figures['P@1']:.3f}", f"{figures['R@100']:.3f}"]
        rows.append([name, *size, *ours, *plain, f"{figures['milliseconds']:.0f}"])
    header = ["set", "documents / passages", "questions", "askjapan: nDCG@10 / P@1", "R@100", *KNOWN["scifact"], "question ms"]
    return markdown_table(header, rows)


def reading_table(figures: Mapping[str, Any]) -> str:
    """A row for every number of passages that are read."""
    rows = [
        [limit, f"{way['nDCG@10']:.3f}", f"{way['P@1']:.3f}", f"{way['milliseconds']:.0f}"]
        for limit, way in figures["ways"].items()
    ]
    return f"{markdown_table(['passages read', 'nDCG@10', 'P@1', 'question ms'], rows)}\n\n{figures['questions']} questions."


def answers_table(figures: Mapping[str, Any]) -> str:
    """Cited sentences, and a line on refusal."""
    names = ("precision", "recall", "F1", "sentences")
    ways = {"askjapan, where it answers": figures["cited"]}
    ways[f"the {NEAREST} sentences of the right passage nearest to the question (MiniLM)"] = figures["nearest"]
    ways["the whole right passage"] = figures["whole passage"]
    rows = [[way, *(f"{values[name]:.{1 if name == 'sentences' else 3}f}" for name in names)] for way, values in ways.items()]
    refusal = (
        f"askjapan answers {100 * figures['answered of the answerable']:.0f} % of the answerable questions; recall over all of them is "
        f"{figures['cited']['recall over all']:.3f}. Refusal: precision {figures['refusal precision']:.3f}, recall "
        f"{figures['refusal recall']:.3f}, AUROC of confidence {figures['AUROC']:.3f}. {figures['milliseconds']:.0f} ms an answer."
    )
    return f"{markdown_table(['what is cited', *names], rows)}\n\n{refusal}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure askjapan on public sets.")
    parser.add_argument("--set", action="append", choices=SETS, dest="sets", help="this set only; may be given more than once")
    parser.add_argument("--questions", type=int, help="at most so many questions a set, the same every time")
    parser.add_argument("--part", type=int, help="only so many documents and 20 questions, for a trial")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    return parser.parse_args()


def main() -> None:
    """Run what the command line asks for and print the tables."""
    given = arguments()
    need_shared()
    results = {name: measure(name, given) for name in given.sets or SETS}
    dates = range_of_dates([result["made"][:10] for result in results.values()])
    blocks = {"public retrieval": f"{retrieval_table(results)}\n\n`make bench` ({dates}; {machine()})."}
    if read := results.get("scifact", {}).get("read"):
        blocks["public reading"] = reading_table(read)
    if answers := results.get("clapnq_dev", {}).get("answers"):
        blocks["public answers"] = answers_table(answers)
    for name, block in blocks.items():
        say(f"\n{block}\n")
        if given.write and not given.part:
            write_block(PAGE, name, block)


if __name__ == "__main__":
    main()
