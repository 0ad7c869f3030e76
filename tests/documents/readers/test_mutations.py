"""Damaged files: each is read, with exact quotes, or refused by one of our errors; a bounded share of `make fuzz`."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.documents.readers import read_here
from tests.support.mutations import fuzz, seeds

SAMPLES = {".txt": 300, ".md": 300, ".html": 150, ".docx": 200, ".epub": 200, ".pdf": 120}


@pytest.mark.parametrize("ending", sorted(SAMPLES))
def test_a_damaged_file_is_read_or_refused(ending: str, tmp_path: Path) -> None:
    tally = fuzz(ending, SAMPLES[ending], tmp_path)
    assert tally.faults == []
    assert tally.ended == 0
    assert tally.of() == SAMPLES[ending]
    assert tally.read > 0


@pytest.mark.parametrize("ending", sorted(SAMPLES))
def test_the_files_that_are_damaged_are_sound(ending: str, tmp_path: Path) -> None:
    for number, data in enumerate(seeds()[ending]):
        path = tmp_path / f"{number}{ending}"
        path.write_bytes(data)
        assert read_here(path).text.strip()


def test_a_sample_that_once_was_quoted_wrongly(tmp_path: Path) -> None:
    tally = fuzz(".md", 1, tmp_path, first=33_542)
    assert (tally.read, tally.faults) == (1, [])
