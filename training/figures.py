"""Figures of a reader on sets that it never saw: `python -m training.figures build/reader/reader.onnx`.

SQuAD 2.0 dev, seven held-out articles: answerability and the sentence that holds the answer. CLAP NQ dev: answerability and cited sentences.
Our own questions on invented papers, in English and as the glossary says the Japanese ones: the right window first, and answerability.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from askjapan.retrieval.readers.reader import OnnxReader, Reading
from training.own_pairs import GLOSSED, pairs_of
from training.own_pairs import opened as indexed
from training.own_questions import JAPANESE, MEASURING, QUESTIONS, paper_group
from training.sources import SHARED, lines, sentences, squad2


def opened(path: Path) -> OnnxReader:
    """The product's reader with another file."""
    from askjapan.index.encoders.inference import Model

    made = OnnxReader()
    made.__dict__["_model"] = Model(path.read_bytes())
    return made


def sentence_scores(reading: Reading, spans: Sequence[tuple[int, int]]) -> list[float]:
    """The mean evidence logit of each sentence; very low where it was not read."""
    scores = []
    for start, end in spans:
        here = reading.evidence[reading.pieces_of(start, end)]
        scores.append(float(here.mean()) if len(here) else -20.0)
    return scores


def squad_figures(model: OnnxReader, limit: int) -> dict[str, float]:
    rows = squad2(held_out=True)
    random.Random(5).shuffle(rows)
    rows = rows[:limit]
    scores, first = [], []
    for row in rows:
        reading = model.read(row.question, [row.passage])[0]
        scores.append(reading.answers)
        if row.answerable and row.evidence:
            spans = sentences(row.passage)
            best = spans[int(np.argmax(sentence_scores(reading, spans)))]
            first.append(any(best[0] < e and best[1] > s for s, e in row.evidence))
    labels = [row.answerable for row in rows]
    return {
        "questions": len(rows), "AUROC": float(roc_auc_score(labels, scores)),
        "weighted F1 at 0": float(f1_score(labels, np.array(scores) > 0, average="weighted")), "evidence first": float(np.mean(first)),
    }  # fmt: skip


def clap_figures(model: OnnxReader, limit: int) -> dict[str, float]:
    folder = SHARED / "bench" / "clapnq_dev"
    documents = {data["id"]: data for data in lines(folder / "corpus.jsonl.gz")}
    rows = sorted(lines(folder / "queries.jsonl.gz"), key=lambda data: hashlib.sha1(data["id"].encode()).hexdigest())[:limit]
    scores, labels, f1 = [], [], {k: [] for k in (1, 2, 3, "cut")}
    for data in rows:
        document = documents[data["source_doc"]]
        reading = model.read(data["text"], [document["text"]])[0]
        scores.append(reading.answers)
        labels.append(not data["is_impossible"])
        wanted = [set(a["sentences"]) for a in data["answers"] if a["sentences"]]
        if data["is_impossible"] or not wanted:
            continue
        at = [*document["sentence_starts"], len(document["text"])]
        values = np.array(sentence_scores(reading, list(pairwise(at))))
        order = np.argsort(-values)
        for k in f1:
            chosen = (
                set(order[:k].tolist())
                if isinstance(k, int)
                else {int(n) for n in order[:4] if values[n] > -0.5} or {int(order[0])}
            )
            f1[k].append(max(2 * len(chosen & w) / (len(chosen) + len(w)) for w in wanted))
    return {"AUROC": float(roc_auc_score(labels, scores)), **{f"F1, {k} sentences": float(np.mean(v)) for k, v in f1.items()}}


def paper_figures(model: OnnxReader, name: str, folder: Path) -> dict[str, dict[str, float]]:
    """Of the windows of a question, up to three, or seven of a long work: the right one first by the logit of "answers".

    And by the best logit, questions that are answered against near misses.
    """
    group = paper_group(QUESTIONS / f"{name}.jsonl")
    by_language: dict[str, dict[int, list[tuple[float, bool]]]] = {"en": defaultdict(list), "ja": defaultdict(list)}
    for pair in pairs_of(group, indexed(group, folder), 0, random.Random(1)):
        read = model.read(pair.question, [pair.text])[0].answers
        by_language["ja" if pair.group >= GLOSSED else "en"][pair.group].append((read, pair.answers))
    figures = {}
    for language, questions in by_language.items():
        answered = [any(right for _, right in windows) for windows in questions.values()]
        best = [max(windows) for windows in questions.values()]
        figures[language] = {
            "questions": len(best), "AUROC": float(roc_auc_score(answered, [logit for logit, _ in best])),
            "right window first": float(np.mean([right for (_, right), has in zip(best, answered, strict=True) if has])),
        }  # fmt: skip
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("build/reader/measuring"))
    given = parser.parse_args()
    model = opened(given.model)
    figures = {
        **{name: paper_figures(model, name, given.folder / name) for name in MEASURING if not name.startswith(JAPANESE)},
        "squad2 held out": squad_figures(model, given.most),
        "clapnq": clap_figures(model, given.most),
    }  # fmt: skip
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
