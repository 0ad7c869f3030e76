"""Fits the projection of token vectors for `askjapan.retrieval.alignment` on the notes: `python -m training.fit_token_projection`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from askjapan.documents.readers import read
from askjapan.index.encoders.minilm import minilm

ROOT = Path(__file__).resolve().parents[1]
DIMENSION = 192


def main() -> None:
    """Principal axes of the token vectors of the notes' paragraphs."""
    paragraphs = [
        part
        for path in sorted((ROOT / "corpus" / "notes").glob("*.md"))
        for part in read(path).text.split("\n\n")
        if len(part.split()) > 20
    ]
    tokens = np.concatenate([text.vectors for text in minilm().encode_tokens(paragraphs)])
    mean = tokens.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((tokens - mean).T))
    axes = vectors[:, ::-1][:, :DIMENSION]
    # The sign of an axis is arbitrary; fixing it makes the file the same on every machine.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSION)])
    target = ROOT / "src" / "askjapan" / "retrieval" / "data" / "token_projection.npz"
    np.savez(target, mean=mean.astype(np.float32), axes=axes.astype(np.float16))
    sys.stdout.write(
        f"{target}: {len(tokens)} tokens, {values[::-1][:DIMENSION].sum() / values.sum():.3f} of the variance kept\n"
    )


if __name__ == "__main__":
    main()
