"""A small corpus in English and Japanese, and an encoder that knows which words of both mean the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from askjapan.index.build import build
from askjapan.index.encoders.encoder import BatchProgress, Vectors
from askjapan.index.storage.store import Index, open_index
from tests.support.fakes import HashEncoder

CONCEPTS = (
    ("harbour", "港"), ("lighthouse", "灯台"), ("lamp", "灯"), ("ferry", "渡船"), ("market", "市場"), ("fish", "魚"), ("festival", "祭"),
    ("school", "学校"), ("teacher", "教師"), ("tea", "茶"), ("picker", "摘み手"), ("cooperative", "組合"), ("winter", "冬"), ("snow", "雪"),
    ("asahi", "朝日"), ("aoba", "青葉"), ("nepal", "ネパール"), ("1931", "1931"), ("2012", "2012"), ("1975", "1975"),
)  # fmt: skip

ENGLISH = """---
title: The harbour of Asahi
themes: harbours
---

## The lighthouse

The lighthouse of Asahi harbour received its second lamp in 1931. Forty men carried it up the cliff.

## The market

The fish market opens before dawn in winter. Snow keeps the fish cold.

## The school

The school of Asahi was opened in 1975 by three teachers from the north.
"""
JAPANESE = """---
title: 青葉の茶
language: ja
themes: tea
---

## 組合

青葉の茶の組合は2012年にネパールの摘み手を迎えた。冬は雪が多い。

## 灯台

朝日港の灯台は1931年に二つ目の灯を得た。

## 祭

市場の祭では魚を売る。
"""


class ConceptEncoder(HashEncoder):
    """A deterministic encoder for both languages: a dimension a concept, and one for texts without any."""

    name = "concept-encoder"
    sha256 = hashlib.sha256(b"concept-encoder 1").hexdigest()
    dimension = len(CONCEPTS) + 1
    limit = 1_000_000

    def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        """Unit vectors, shape (len(texts), dimension)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            lower = text.lower()
            vectors[row, :-1] = [any(word in lower for word in words) for words in CONCEPTS]
            vectors[row, -1] = 0 if vectors[row].any() else 1
        if progress:
            progress(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def bilingual_index(home: Path, multilingual: bool = True, more: str = "") -> Index:
    """The index of both works; `more` is put at the end of the English one."""
    corpus = home / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "asahi.md").write_text(ENGLISH + more, encoding="utf-8")
    (corpus / "aoba.md").write_text(JAPANESE, encoding="utf-8")
    second = ConceptEncoder() if multilingual else None
    build([corpus], home / "index", HashEncoder(), catalogue=home / "none.toml", multilingual=second)
    return open_index(home / "index")
