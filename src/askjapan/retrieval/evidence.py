"""The ranked passages of a question with their similarities: what an answer is chosen by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askjapan.records import Passage

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ranked passages of a question with their similarities to `text`: the question, or its gloss in English.

    Shapes: scores, dense and lexical (passages,), in rank order; `cosines` one array (units,) a passage; `vectors` one array
    (units, dimension) a passage, unit length; a row's vector is that of `framed`. `aligned` is one array (question tokens, units) a
    passage: the best cosine of each token of the question with a token of the unit; zero tokens where there are no token vectors.
    `starts` says where in `text` each token begins.
    """

    text: str
    passages: Sequence[Passage]
    scores: Floats
    dense: Floats
    lexical: Floats
    cosines: Sequence[Floats]
    vectors: Sequence[Floats]
    aligned: Sequence[Floats]
    starts: Sequence[int]
