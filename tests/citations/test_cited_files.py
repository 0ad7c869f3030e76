"""Cited files that moved, changed, are gone or cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import askjapan.citations.cited_files as cited_files
from askjapan.citations.verify import verify
from tests.support.citations import HARBOUR, QUOTE, cited, only, quoting


def test_a_file_that_moved_is_found_by_its_hash(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE)
    moved = tmp_path / "elsewhere" / "deep" / "renamed.md"
    moved.parent.mkdir(parents=True)
    harbour.rename(moved)
    assert only(verify([quoting(citation)], [tmp_path / "elsewhere"])) == ("ok", f"Not at {harbour}; found as {moved}.")
    assert only(verify([quoting(citation)], []))[0] == "missing"


def test_a_file_that_moved_is_found_behind_another_of_its_name(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.rename(tmp_path / "renamed.md")
    harbour.write_text("# Harbours\n\nAnother text.\n")
    assert only(verify([quoting(citation)], [tmp_path])) == ("ok", f"Not at {harbour}; found as {tmp_path / 'renamed.md'}.")


def test_a_recorded_path_may_be_relative_to_a_folder(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE, path="corpus/harbour.md")
    assert only(verify([quoting(citation)], [tmp_path])) == ("ok", "")


def test_a_changed_file_is_changed_and_not_wrong(harbour: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.write_text(HARBOUR + "A line more.\n")
    now = hashlib.sha256(harbour.read_bytes()).hexdigest()
    assert only(verify([quoting(citation)], [])) == (
        "changed",
        f"{harbour} is not the file that was quoted: its SHA-256 begins {now[:12]}, recorded is {citation.document_sha256[:12]}.",
    )


def test_a_changed_file_of_the_same_name_elsewhere_is_changed(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE, path="C:\\texts\\harbour.md")
    harbour.write_text("Other contents.")
    status, detail = only(verify([quoting(citation)], [tmp_path]))
    assert status == "changed"
    assert detail.startswith(f"{harbour} is not the file that was quoted")


def test_a_deleted_file_is_missing(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.unlink()
    (harbour.parent / "other.md").write_text("Another work.")
    assert only(verify([quoting(citation)], [harbour.parent, tmp_path / "no-such-folder"])) == (
        "missing",
        f"No file with the SHA-256 {citation.document_sha256[:12]}… at {harbour}, nor under {harbour.parent}, "
        f"{tmp_path / 'no-such-folder'}. There is no {tmp_path / 'no-such-folder'}.",
    )


@pytest.mark.parametrize("path", ["", "/", "x" * 5_000, "nul\x00.md", "../../../../../../../etc/passwd"])
def test_a_strange_path_is_missing_and_raises_nothing(harbour: Path, path: str) -> None:
    citation = cited(harbour, QUOTE, path=path)
    harbour.unlink()
    assert only(verify([quoting(citation)], [harbour.parent]))[0] == "missing"


def test_only_formats_with_a_reader_are_looked_at(harbour: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.rename(harbour.with_suffix(".bak"))
    assert only(verify([quoting(citation)], [harbour.parent]))[0] == "missing"


def test_a_file_that_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"Text.")
    citation = cited(path, "Text.", document_sha256=hashlib.sha256(b"").hexdigest())
    path.write_bytes(b"")
    status, detail = only(verify([quoting(citation)], []))
    assert status == "unreadable"
    assert detail.startswith("empty.txt ")


def test_a_file_that_cannot_be_opened_is_unreadable(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    citation = cited(harbour, QUOTE)

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(hashlib, "file_digest", refuse)
    assert only(verify([quoting(citation)], [])) == ("unreadable", f"{harbour} cannot be opened.")


def watched(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[Any]:
    """The first arguments that a function of a module is called with from now on."""
    real: Callable[..., Any] = getattr(module, name)
    seen: list[Any] = []

    def watch(first: Any, *rest: Any) -> Any:
        seen.append(first)
        return real(first, *rest)

    monkeypatch.setattr(module, name, watch)
    return seen


def test_each_file_is_hashed_and_read_once(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    citation = cited(harbour, QUOTE)
    hashed, opened = watched(monkeypatch, hashlib, "file_digest"), watched(monkeypatch, cited_files, "read_whole")
    verdicts = verify([quoting(citation), quoting(replace(citation, marker=2))], [harbour.parent, harbour.parent.parent])
    assert [(verdict.marker, verdict.status) for verdict in verdicts] == [(1, "ok"), (2, "ok")]
    assert [file.name for file in hashed] == [str(harbour)]
    assert opened == [harbour]


def test_the_likeliest_file_is_hashed_first(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    citation = cited(harbour, QUOTE, path="gone/harbour.md")
    for name in ("a.md", "b.txt"):
        (harbour.parent / name).write_text("Another work.")
    hashed = watched(monkeypatch, hashlib, "file_digest")
    assert only(verify([quoting(citation)], [harbour.parent]))[0] == "ok"
    assert [file.name for file in hashed] == [str(harbour)]
