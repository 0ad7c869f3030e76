"""A second build: what is embedded again and what is taken over."""

from __future__ import annotations

import numpy as np

from askjapan.index.encoders.embedding import in_context
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.storage.store import open_index
from tests.support.builds import Counting, built
from tests.support.places import Place


def test_nothing_is_embedded_twice(place: Place) -> None:
    first = Counting()
    report = built(place, first)
    assert (report.embedded, report.reused) == (report.passages, 0)
    index = open_index(place.index)
    assert sorted(first.embedded) == sorted({in_context(passage, first) for passage in index.passages})
    second = Counting()
    report = built(place, second)
    assert (report.embedded, report.reused) == (0, report.passages)
    assert second.embedded == []


def test_a_renamed_file_embeds_nothing(place: Place) -> None:
    built(place)
    before = open_index(place.index)
    (place.notes / "tea.md").rename(place.works / "thé vert.md")
    encoder = Counting()
    report = built(place, encoder)
    assert encoder.embedded == []
    assert report.embedded == 0
    after = open_index(place.index)
    assert report.fingerprint == before.manifest.fingerprint
    assert {document.path for document in report.documents} == {
        str(place.notes / "lanterns.md"),
        str(place.works / "thé vert.md"),
    }
    rows = {passage.id: row for passage, row in zip(before.passages, before.vectors_of("passages"), strict=True)}
    for passage, row in zip(after.passages, after.vectors_of("passages"), strict=True):
        assert np.array_equal(rows[passage.id], row)


def test_a_changed_file_embeds_its_own_changed_passages(place: Place) -> None:
    sections = "".join(
        f"## Part {number}\n\nIn part {number} the ferry carries {number}0 cars to the island.\n\n" for number in range(1, 6)
    )
    own = place.works / "ferries.md"
    own.write_text(f"# Ferries\n\n{sections}", encoding="utf-8")
    built(place)
    own.write_text(own.read_text(encoding="utf-8").replace("30 cars", "31 cars"), encoding="utf-8")
    encoder = Counting()
    report = built(place, encoder)
    assert encoder.embedded
    assert all("31 cars" in text for text in encoder.embedded)
    assert report.embedded == 1
    assert report.reused == report.passages - 1


def test_another_encoder_embeds_everything(place: Place) -> None:
    built(place)
    encoder = Counting()
    encoder.sha256 = "0" * 64
    report = built(place, encoder)
    assert report.embedded == report.passages
    assert read_manifest(place.index).encoder == {"name": "hash-encoder", "sha256": "0" * 64}


def test_a_damaged_index_is_embedded_again(place: Place) -> None:
    built(place)
    (place.index / "CURRENT").write_text("rubbish")
    report = built(place)
    assert report.embedded == report.passages
    assert open_index(place.index).manifest.fingerprint == report.fingerprint


def test_progress_is_told_from_nothing_to_all(place: Place) -> None:
    told: list[tuple[str, int, int]] = []
    built(place, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told[:3] == [("reading", 0, 2), ("reading", 1, 2), ("reading", 2, 2)]
    embedding = [(done, total) for stage, done, total in told if stage == "embedding"]
    assert embedding[0][0] == 0
    assert embedding[-1][0] == embedding[-1][1] > 0
    assert embedding == sorted(embedding)
    assert {total for _, total in embedding} == {embedding[-1][1]}
