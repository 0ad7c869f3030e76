"""A file of n characters costs about twice what one of n/2 costs, from the bytes to the passages, whatever it repeats."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from askjapan.documents.blocks import blocks_of
from askjapan.documents.facts.catalogue import Catalogue, describe
from askjapan.documents.passages import Sizes, split
from askjapan.documents.readers import read_here
from askjapan.errors import AskJapanError
from tests.support.repetitions import SHAPES
from tests.support.stages import count_words, document

SIZE = int(os.environ.get("SIZE", "4000"))
QUICK = 0.16 * SIZE / 4_000  # seconds of processor time: where the square of a length would show, it takes longer
MOST = 3.2  # times as long for a text that is twice as long: it is 2 for a linear one, 4 for a square
SIZES = Sizes(target=120, limit=256, count_pieces=count_words)


def seconds(path: Path, data: bytes) -> float:
    """Processor time of all that a build does with a file, but for its embedding; a file may be refused."""
    path.write_bytes(data)
    begun = time.process_time()
    try:
        reading = read_here(path)
        split(document(reading.text, pages=reading.pages), reading.text, blocks_of(reading), SIZES)
        describe(path, "0" * 64, reading, Catalogue({}))
    except AskJapanError:
        pass
    return time.process_time() - begun


def is_linear(path: Path, make: object, size: int = SIZE) -> bool:
    """Whether the time doubles with the size, or is too short to tell at a length where a square would not be."""
    assert callable(make)
    for times in (2, 4, 8):  # again with longer texts before it is called slow: this machine may have been busy
        double = seconds(path, make(times * size))
        if double < QUICK * times / 2 or double < MOST * seconds(path, make(times * size // 2)):
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("ending", sorted(SHAPES))
def test_the_time_of_a_build_doubles_with_a_file(ending: str, tmp_path: Path) -> None:
    slow = [name for name, make in SHAPES[ending].items() if not is_linear(tmp_path / f"a{ending}", make)]
    assert slow == []
