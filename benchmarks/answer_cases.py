"""Questions asked of an index through the package's own stages, with everything that the models of the answer stage are fitted on."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askjapan.answering.candidate_features import unit_features
from askjapan.answering.candidates import Candidate, candidates_of
from askjapan.answering.question import Asked, read_question
from askjapan.assistant import HITS_READ, Assistant
from askjapan.evaluation.questions import Question, holds
from askjapan.index.encoder import Progress, TokenBatch, Vectors
from askjapan.index.minilm import MiniLM
from askjapan.index.multilingual import MultilingualEncoder
from askjapan.language.quotation import normalise
from askjapan.language.scripts import is_foreign
from askjapan.retrieval.evidence import Evidence, Floats
from askjapan.retrieval.follow_up import Standalone, stand_alone
from askjapan.retrieval.retriever import Retriever

PUBLIC = (("clapnq_dev", 200), ("squad2_dev", 100), ("jsquad", 60))
"""Public question sets whose questions this corpus does not answer, and how many of each are asked."""
GENERIC = (
    "how to fix a flat bicycle tyre", "best hiking boots for wide feet", "What is the capital of Peru?", "python list comprehension",
    "easy tomato soup", "Who won the world cup in 1998?", "how long to boil an egg", "symptoms of iron deficiency", "chess openings",
    "What is the boiling point of ethanol?", "Write a poem about autumn", "cheap flights to Lisbon", "banana bread without eggs",
    "How do I reset my router?", "distance from the earth to the moon", "Who wrote Hamlet?", "how to prune roses", "guitar chords",
    "What is the tallest mountain in Africa?", "convert 10 miles to kilometres", "train a puppy to sit", "how do vaccines work",
    "When was the Eiffel Tower built?", "homemade pizza dough", "meaning of life", "What is the square root of 144?",
    "Which team does Messi play for?", "how to tie a tie", "knitting patterns for beginners", "What causes thunder?",
    "おいしいカレーの作り方", "明日の天気は", "世界で一番高い山は何ですか", "猫の飼い方を教えてください", "パンの焼き方",
    "ギターの弾き方", "フランスの首都はどこですか", "風邪に効く薬は何ですか", "光の速さはどのくらいですか", "犬のしつけ方",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One question asked of one index.

    `answerable` is None where it is not known: a question whose answer does not stand in the notes word for word. `right` says of each
    candidate whether it belongs to the answer, shape (candidates,).
    """

    question: Question
    corpus: str
    answerable: bool | None
    off_topic: bool
    asked: Asked
    evidence: Evidence
    found: Sequence[Candidate]
    features: Floats
    right: NDArray[np.bool_]

    @property
    def half(self) -> int:
        """Half A (0) or B (1), by a hash of the question's id."""
        return half_of(self.question.id)


class RememberingMiniLM(MiniLM):
    """The encoder; it reads each text once, and many texts together much faster than one by one."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, tuple[Vectors, Vectors]] = {}

    def encode_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> TokenBatch:
        if fresh := [text for text in dict.fromkeys(texts) if text not in self._known]:
            batch = super().encode_tokens(fresh, progress)
            rows = np.split(batch.rows, np.cumsum(batch.counts)[:-1])
            self._known.update(zip(fresh, zip(batch.pooled, rows, strict=True), strict=True))
        known = [self._known[text] for text in texts]
        counts = np.array([len(rows) for _, rows in known], dtype=np.int64)
        return TokenBatch(np.stack([pooled for pooled, _ in known]), np.concatenate([rows for _, rows in known]), counts)


class RememberingMultilingual(MultilingualEncoder):
    """The same for the multilingual encoder."""

    def __init__(self) -> None:
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if fresh := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known.update(zip(fresh, super().encode(fresh, progress), strict=True))
        return np.stack([self._known[text] for text in texts])


class ForcedForeign(Retriever):
    """Sends every question the way of those in another script."""

    def reads_foreign(self, text: str) -> bool:
        return True


def half_of(id_: str) -> int:
    return int(hashlib.sha1(id_.encode(), usedforsecurity=False).hexdigest(), 16) % 2


def works_of(assistant: Assistant, names: Sequence[str], aliases: dict[str, str]) -> set[str]:
    """The document ids that a question's names of works stand for."""
    wanted = {aliases.get(name, name) for name in names}
    return {d.id for d in assistant.documents if d.id in wanted or d.id.removesuffix("-note") in wanted}


def aliases_of(assistant: Assistant) -> dict[str, str]:
    """File names' first parts, which the gold questions use, with the ids of the works."""
    return {Path(document.path).name.split("_")[0]: document.id for document in assistant.documents}


@dataclass(frozen=True)
class Asker:
    """An opened index with a name, and encoders that may be shared by several."""

    assistant: Assistant
    corpus: str
    encoder: RememberingMiniLM
    multilingual: RememberingMultilingual


def ask_all(asker: Asker, questions: Sequence[Question], aliases: dict[str, str], hide_words: bool = False) -> Iterator[Case]:
    """Ask every question of an index.

    Args:
        asker: with the index.
        questions: with or without an answer.
        aliases: from `aliases_of`.
        hide_words: treat English questions as if they were in another script, which gives more examples of those than there are.
    """
    kind = ForcedForeign if hide_words else Retriever
    retriever = kind(asker.assistant.index, asker.encoder, asker.multilingual)
    resolved = [stand_alone(question.text, question.context) for question in questions]
    texts = [text for alone in resolved for text in (alone.question, alone.message)]
    asker.encoder.encode_tokens(texts)
    asker.multilingual.encode(texts)
    for question, alone in zip(questions, resolved, strict=True):
        yield _ask(asker, retriever, question, alone, works_of(asker.assistant, question.works, aliases), hide_words)


def _ask(asker: Asker, retriever: Retriever, question: Question, alone: Standalone, works: set[str], hide_words: bool) -> Case:
    assistant, corpus = asker.assistant, asker.corpus
    hits = retriever.retrieve(alone, HITS_READ)
    evidence = retriever.evidence(alone, hits)
    lexical = assistant.index.lexical["passages"]
    foreign = hide_words or is_foreign(evidence.text)
    asked = read_question(evidence.text, lexical.document_frequency, lexical.size, foreign)
    if hide_words:
        figures = {term: weight for term, weight in asked.weights.items() if term[0].isdigit()}
        asked = replace(asked, weights=figures, names=(), unknown=0.0, unknown_names=0.0)
    found = candidates_of(evidence)
    right = np.array([_is_right(question, works, evidence, candidate, corpus) for candidate in found], dtype=bool)
    stands = question.answerable and (corpus != "notes" or _stands(assistant, question, works))
    answerable = True if stands else None if question.answerable else False
    off_topic = question.type == "public"
    return Case(question, corpus, answerable, off_topic, asked, evidence, found, unit_features(asked, evidence, found), right)


def _stands(assistant: Assistant, question: Question, works: set[str]) -> bool:
    return holds(" ".join(p.text for p in assistant.index.passages if p.document_id in works), question.answer_any)


def _is_right(question: Question, works: set[str], evidence: Evidence, candidate: Candidate, corpus: str) -> bool:
    """Whether a unit belongs to the answer: stands in the evidence, or holds a part of the answer where that is not given or not verbatim."""
    if evidence.passages[candidate.passage].document_id not in works:
        return False
    part = any(holds(candidate.text, [alternatives]) for alternatives in question.answer_any)
    if corpus == "notes" or not question.evidence:
        return part
    text = normalise(candidate.text)
    if len(text) < 3 or not any(_overlap(text, normalise(span)) for span in question.evidence):
        return False
    return part if candidate.unit.kind == "row" or len(text) < 30 else True


def _overlap(text: str, span: str) -> bool:
    long = len(span) > 40 and len(text) > 40
    return text in span or span in text or (long and (span[:40] in text or span[-40:] in text))


def off_topic_questions(folder: Path) -> list[Question]:
    """Questions of everyday life and of public sets: this corpus answers none of them, or next to none."""
    texts = list(GENERIC)
    for name, count in PUBLIC:
        with gzip.open(folder / name / "queries.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
            every = sorted({json.loads(line)["text"] for line in lines})
        texts += random.Random(3).sample([text for text in every if len(text.strip(" ?.!")) > 3], count)
    return [Question(f"off-{number}", text, "", "public") for number, text in enumerate(texts)]
