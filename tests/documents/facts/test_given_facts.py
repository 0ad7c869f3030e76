"""Facts given by a work's owner: kept beside the file, hand before bibliography, and never used when they are broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askjapan.documents.facts.given_facts import BY_HAND, Given, facts_path, keep_given, load_given, with_given
from askjapan.errors import CatalogueError, LibraryError
from tests.support.stages import document


def test_facts_are_kept_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "港 (1).pdf"
    assert load_given(path) == {}
    facts = {
        "title": Given("港町", BY_HAND),
        "authors": Given(("岡田まり", "Jun Seto"), "harbour.bib"),
        "year": Given(1987, "harbour.bib"),
    }
    keep_given(path, facts)
    assert facts_path(path).name == "港 (1).pdf.facts.json"
    assert load_given(path) == facts
    keep_given(path, {"title": None})
    assert set(load_given(path)) == {"authors", "year"}
    keep_given(path, dict.fromkeys(("authors", "year")))
    assert list(tmp_path.iterdir()) == []


def test_what_a_hand_has_set_only_a_hand_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    keep_given(path, {"title": Given("Mine", BY_HAND), "year": Given(1987, "old.bib")})
    keep_given(path, {"title": Given("Theirs", "new.bib"), "year": Given(1988, "new.bib")})
    assert load_given(path) == {"title": Given("Mine", BY_HAND), "year": Given(1988, "new.bib")}
    keep_given(path, {"title": Given("Mine again", BY_HAND)})
    assert load_given(path)["title"] == Given("Mine again", BY_HAND)


def test_given_facts_go_before_what_was_found() -> None:
    found = document("Text.", date="May 1997", sources={"title": "its first lines", "language": "its script"})
    changed = with_given(found, {"title": Given("Ports", "harbour.bib"), "year": Given(1998, BY_HAND)})
    assert (changed.id, changed.title, changed.year, changed.date, changed.authors) == ("work", "Ports", 1998, "", ("A. Writer",))
    assert changed.sources == {"title": "harbour.bib", "year": "you", "language": "its script"}
    assert changed.described_by == "harbour.bib"
    assert with_given(found, {}) is found


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        "[]",
        '{"title": {"value": "x"}}',
        '{"format": "askjapan facts 1", "title": "x"}',
        '{"format": "askjapan facts 1", "title": {"value": 3}}',
        '{"format": "askjapan facts 1", "year": {"value": true}}',
        '{"format": "askjapan facts 1", "authors": {"value": "Mari Okada"}}',
        '{"format": "askjapan facts 1", "sha256": {"value": "0"}}',
    ],
)
def test_broken_facts_are_an_error_that_names_the_file(kept: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    facts_path(path).write_text(kept, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"a\.pdf\.facts\.json cannot be used: .* Mend or delete that file"):
        load_given(path)


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(json.dumps({}))
    with pytest.raises(
        LibraryError, match=r"The facts of a\.pdf cannot be kept beside it: .* Check the permissions of its folder\."
    ):
        keep_given(tmp_path / "missing" / "a.pdf", {"year": Given(1987, BY_HAND)})
