"""Corpus folders → index: what is taken, reported and embedded again, and that the index in use is never in danger."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import askjapan.index.build as build_module
from askjapan.errors import IndexBusy, IndexFault, LibraryError, PassageTooLong
from askjapan.index.build import BuildReport, build, prove_fit
from askjapan.index.encoders.embedding import in_context
from askjapan.index.encoders.encoder import Progress, Vectors
from askjapan.index.staleness import CHUNKING_VERSION, changes, mismatch, staleness
from askjapan.index.storage.manifest import read_manifest, seal
from askjapan.index.storage.store import building_lock, open_index
from askjapan.index.works.corpus import corpus_files
from tests.support.commands import ROOT, SOURCE, in_subprocess
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, LANTERNS_NOTE, LANTERNS_NOTE_JA, TEA, Place, make_place


class Counting(HashEncoder):
    """Remembers every text that it was asked to embed."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded += texts
        return HashEncoder().encode(texts, progress)


def built(place: Place, encoder: Any = None, **options: Any) -> BuildReport:
    return build([place.corpus], place.index, encoder or HashEncoder(), catalogue=place.catalogue, **options)


def stores(place: Place) -> list[str]:
    return sorted(path.name for path in place.index.iterdir() if path.name not in ("CURRENT", ".lock"))


# What is taken, and what is reported


def test_good_files_are_indexed_and_bad_ones_reported(place: Place) -> None:
    works = place.works
    (works / "lanterns copy.txt").write_text(LANTERNS, encoding="utf-8")
    (works / "a twin.txt").write_text(LANTERNS, encoding="utf-8")
    (works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    (works / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing else")
    (works / "empty.txt").write_bytes(b"")
    (works / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (works / ".hidden.txt").write_text("Nobody may read this sentence.", encoding="utf-8")
    (works / ".git").mkdir()
    (works / ".git" / "inside.txt").write_text("Nor may anybody read this one.", encoding="utf-8")
    (works / "LICENSE.txt").write_text("Do what you like with it.", encoding="utf-8")
    report = built(place)
    assert sorted(document.id for document in report.documents) == [
        "aoba-tea-note",
        "ferries-of-kujira-" + read_manifest(place.index).files[str(works / "own.txt")][:8],
        "hoshino-lanterns",
    ]
    assert set(report.skipped) == {str(works / name) for name in ("lanterns copy.txt", "broken.pdf", "empty.txt", "old.doc")}
    assert report.skipped[str(works / "lanterns copy.txt")] == (
        f"The same contents are in the corpus already, as {works / 'a twin.txt'}."
    )
    assert report.skipped[str(works / "old.doc")] == (
        "old.doc has no reader. Supported are .txt, .md, .html, .pdf, .docx and .epub; convert the file to one of them."
    )
    assert "broken.pdf" in report.skipped[str(works / "broken.pdf")]
    assert "empty.txt" in report.skipped[str(works / "empty.txt")]
    everything = "".join(path.read_text(errors="replace") for path in place.index.rglob("*") if path.is_file())
    assert "Nobody may read" not in everything
    assert "Nor may anybody" not in everything
    assert "Do what you like" not in everything
    manifest = read_manifest(place.index)
    assert (manifest.fingerprint, manifest.skipped, manifest.works) == (report.fingerprint, report.skipped, report.documents)
    assert manifest.passages == report.passages == len(open_index(place.index).passages)


def test_warnings_of_the_readers_reach_the_report_and_the_manifest(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def warned(path: Path, tell: object) -> Any:
        from dataclasses import replace

        from askjapan.documents.readers import read

        return replace(read(path), warnings=("Page 2 has no text.",))

    monkeypatch.setattr(build_module, "read_whole", warned)
    expected = {str(place.notes / name): ("Page 2 has no text.",) for name in ("lanterns.md", "tea.md")}
    assert built(place).warnings == expected
    assert read_manifest(place.index).warnings == expected


def test_a_file_that_cannot_be_opened_is_reported(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.works / "locked.txt").write_text(TEA, encoding="utf-8")
    real = Path.open

    def locked(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == "locked.txt":
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", locked)
    report = built(place)
    assert list(report.skipped) == [str(place.works / "locked.txt")]
    assert report.skipped[str(place.works / "locked.txt")].startswith("locked.txt cannot be opened: ")
    assert len(report.documents) == 2
    assert staleness(place.index, [place.corpus], HashEncoder(), 120, False) == ""


def test_a_name_that_is_not_unicode(place: Place) -> None:
    target = os.fsencode(place.works) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(target)).write_text("In 1979 the cafe opened its doors to sailors.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes valid Unicode only")
    report = built(place)
    assert [document.path for document in report.documents if document.path.startswith(str(place.works))] == [
        f"{place.works}/caf%E9.txt"
    ]
    assert staleness(place.index, [place.corpus], HashEncoder(), 120, False) == ""


def test_text_that_is_not_unicode_is_left_out(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from askjapan.documents.readers import read

    monkeypatch.setattr(build_module, "read_whole", lambda path, tell: replace(read(path), text=read(path).text + "\ud800"))
    with pytest.raises(
        LibraryError, match=r"None of the 2 files could be read\. lanterns\.md holds characters that are not valid"
    ):
        built(place)


def test_a_file_with_headings_only(place: Place) -> None:
    (place.works / "bare.md").write_text("# Nothing\n\n## Follows\n", encoding="utf-8")
    assert built(place).skipped == {str(place.works / "bare.md"): "bare.md has headings or furniture only, no text to quote."}


def test_nothing_to_index(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(LibraryError) as caught:
        build([folder], tmp_path / "index", HashEncoder(), catalogue=tmp_path / "none.toml")
    assert str(caught.value) == (
        f"There is nothing to index in {folder}. picture.png has no reader. "
        "Supported are .txt, .md, .html, .pdf, .docx and .epub; convert the file to one of them. "
        "Add files with `askjapan add FILE`."
    )
    with pytest.raises(LibraryError, match=r"The corpus folder .*none does not exist\. Give an existing folder with --corpus\."):
        build([tmp_path / "none"], tmp_path / "index", HashEncoder(), catalogue=tmp_path / "none.toml")


def test_one_folder_given_twice_or_inside_another(place: Place) -> None:
    once = list(corpus_files([place.corpus]))
    assert [path.name for path in once] == ["lanterns.md", "tea.md"]
    assert list(corpus_files([place.corpus, place.notes, place.corpus / ".." / "corpus"])) == once


def test_an_index_inside_the_corpus_is_no_work(place: Place) -> None:
    inside = place.corpus / "index"
    for _ in range(2):
        report = build([place.corpus], inside, HashEncoder(), catalogue=place.catalogue)
        assert [document.id for document in report.documents] == ["hoshino-lanterns-note", "aoba-tea-note"]
        assert report.skipped == {}
    assert staleness(inside, [place.corpus], HashEncoder(), 120, False) == ""


def test_spaces_and_japanese_letters_in_paths(tmp_path: Path) -> None:
    place = make_place(tmp_path / "私の 資料 (2024)")
    (place.works / "灯籠の町 論文.txt").write_text(LANTERNS, encoding="utf-8")
    report = built(place)
    assert {Path(document.path).name for document in report.documents} == {"灯籠の町 論文.txt", "tea.md"}
    assert open_index(place.index).text("hoshino-lanterns") == LANTERNS


# A full text takes the place of its note


def test_full_text_takes_the_place_of_its_note_and_gives_it_back(place: Place) -> None:
    assert {(d.id, d.kind) for d in built(place).documents} == {
        ("hoshino-lanterns-note", "study note"),
        ("aoba-tea-note", "study note"),
    }
    # Wrapped and named in another way, it is still the same work.
    copy = place.works / "download (3).txt"
    copy.write_text(re.sub(r"(?<!\n)\n(?!\n)", " ", LANTERNS).upper(), encoding="utf-8")
    report = built(place)
    assert report.replaced == {str(place.notes / "lanterns.md"): str(copy)}
    assert {(d.id, d.kind, d.title) for d in report.documents} == {
        ("hoshino-lanterns", "full text", "The Lantern Towns of Hoshino Bay"),
        ("aoba-tea-note", "study note", "Tea Growers Without Borders"),
    }
    index = open_index(place.index)
    assert {passage.document_id for passage in index.passages} == {"hoshino-lanterns", "aoba-tea-note"}
    copy.unlink()
    report = built(place)
    assert report.replaced == {}
    assert {document.id for document in report.documents} == {"hoshino-lanterns-note", "aoba-tea-note"}
    assert open_index(place.index).text("hoshino-lanterns-note") == LANTERNS_NOTE


def test_another_edition_of_a_note_is_no_work_of_its_own(place: Place) -> None:
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    report = built(place)
    assert [document.id for document in report.documents] == ["hoshino-lanterns-note", "aoba-tea-note"]
    index = open_index(place.index)
    edition = index.documents["hoshino-lanterns-note-ja"]
    assert (edition.edition_of, edition.companion_of, edition.language) == ("hoshino-lanterns-note", "", "ja")
    assert [(d.id, d.edition_of) for d in index.manifest.works] == [("hoshino-lanterns-note", ""), ("aoba-tea-note", "")]
    both = [[u.key for p in index.passages if p.document_id == id_ for u in p.units] for id_ in (edition.id, edition.edition_of)]
    assert both == [["f1", "f2", "f3"]] * 2


def test_an_edition_without_the_first_one_is_the_note(place: Place) -> None:
    (place.notes / "lanterns.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    report = built(place)
    assert [(d.id, d.edition_of, d.is_listed) for d in report.documents] == [
        ("aoba-tea-note", "", True),
        ("hoshino-lanterns-note-ja", "", True),
    ]


def test_a_note_in_two_languages_stays_beside_its_full_text(place: Place) -> None:
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    copy = place.works / "lanterns.txt"
    copy.write_text(LANTERNS, encoding="utf-8")
    report = built(place)
    assert report.replaced == {str(place.notes / "lanterns.md"): str(copy)}
    assert {d.id for d in report.documents} == {"hoshino-lanterns", "aoba-tea-note"}
    documents = open_index(place.index).documents
    assert {(d.id, d.edition_of) for d in documents.values() if d.companion_of == "hoshino-lanterns"} == {
        ("hoshino-lanterns-note", ""),
        ("hoshino-lanterns-note-ja", "hoshino-lanterns-note"),
    }


def test_two_copies_of_one_work_in_other_print(place: Place) -> None:
    (place.works / "a.txt").write_text(LANTERNS, encoding="utf-8")
    (place.works / "b.txt").write_text(LANTERNS.replace("\n", "\r\n"), encoding="utf-8")
    report = built(place)
    assert report.skipped == {str(place.works / "b.txt"): f"The same work is in the corpus already, as {place.works / 'a.txt'}."}


# Only what changed is embedded


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


# The index in use is never in danger


class Died(BaseException):
    """Neither an error of the project nor an Exception: nothing may catch it."""


def _die(*_: object, **__: object) -> Any:
    raise Died


STAGES = {
    "reading": "askjapan.index.build.read_whole",
    "describing": "askjapan.index.build.describe",
    "splitting": "askjapan.index.build.split",
    "embedding": "tests.support.fakes.HashEncoder.encode",
    "proving": "askjapan.index.build.prove_fit",
    "saving the passages": "askjapan.index.storage.store.asdict",
    "saving the words": "askjapan.index.storage.store.LexicalIndex.save",
    "before the last rename": "askjapan.index.storage.store.os.replace",
}


@pytest.mark.parametrize("where", STAGES.values(), ids=STAGES)
def test_a_build_that_dies_leaves_the_old_index(where: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old = built(place)
    (place.works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(where, _die)
        with pytest.raises(Died):
            built(place)
    index = open_index(place.index)
    assert index.manifest.fingerprint == old.fingerprint
    assert index.text("aoba-tea-note").startswith("---\nwork: aoba-tea\n")
    assert not list(place.index.glob(".building-*"))
    new = built(place)
    assert new.fingerprint != old.fingerprint
    assert open_index(place.index).manifest.fingerprint == new.fingerprint
    assert stores(place) == [(place.index / "CURRENT").read_text().strip()]


def test_a_build_that_is_killed_is_cleaned_up_by_the_next(place: Place) -> None:
    old = built(place)
    (place.works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    code = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from tests.support.fakes import HashEncoder; import askjapan.index.storage.store; from askjapan.index.build import build\n"
        "askjapan.index.storage.store.LexicalIndex.save = lambda *_: os._exit(9)\n"
        "home = Path(sys.argv[1]); corpus = home / 'corpus'\n"
        "build([corpus], home / 'index', HashEncoder(), catalogue=corpus / 'catalogue.toml')"
    )
    assert in_subprocess("-c", code, place.home, ROOT, home=place.home).returncode == 9
    assert len(list(place.index.glob(".building-*"))) == 1
    assert open_index(place.index).manifest.fingerprint == old.fingerprint
    built(place)
    assert stores(place) == [(place.index / "CURRENT").read_text().strip()]


def test_two_builds_at_once(place: Place) -> None:
    built(place)
    with building_lock(place.index), pytest.raises(IndexBusy) as caught:
        built(place)
    assert str(caught.value) == f"Another build is writing to {place.index}. Wait for it to end, then try again."
    built(place)


def test_two_builds_at_once_in_two_processes(place: Place) -> None:
    code = (
        "import sys; from pathlib import Path; from askjapan.index.storage.store import building_lock\n"
        "with building_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    import subprocess

    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place.index)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(IndexBusy):
            built(place)
        other.kill()
    # The lock goes with its process.
    assert built(place).passages > 0


def test_an_index_folder_that_cannot_be_made(place: Place) -> None:
    (place.home / "index").write_text("a file, not a folder")
    with pytest.raises(IndexFault) as caught:
        built(place)
    assert str(caught.value) == (
        f"The index folder {place.index} cannot be written to: File exists. "
        "Check its permissions and the space on the disk, or name another folder with --index."
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_index_folder(place: Place) -> None:
    place.index.mkdir(mode=0o500)
    with pytest.raises(IndexFault, match=r"cannot be written to: Permission denied\. Check its permissions"):
        built(place)


@pytest.mark.parametrize("failing", ["askjapan.index.storage.store.LexicalIndex.save", "faiss.write_index"])
def test_a_full_disk(failing: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old = built(place)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device") if "Lexical" in failing else RuntimeError("could not write")

    with monkeypatch.context() as patched:
        patched.setattr(failing, full)
        with pytest.raises(IndexFault, match=r"cannot be written to: (No space left on device|could not write)\. Check"):
            built(place, Counting(), passage_tokens=60)
    assert open_index(place.index).manifest.fingerprint == old.fingerprint
    assert len(stores(place)) == 1


def test_interrupting_the_command_leaves_the_old_index(place: Place) -> None:
    """Ctrl-C in the middle of embedding: exit code 130, nothing on stdout, no traceback, and the index as it was."""
    import subprocess

    old = built(place)
    (place.works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    code = (
        # Where the tests run in the background, Ctrl-C is ignored, and a child inherits that.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import time; from askjapan.index.encoders.minilm import MiniLM\n"
        "MiniLM.count_pieces = lambda self, text: len(text.split())\n"
        "def encode(self, texts, progress=None):\n    print('embedding', flush=True)\n    time.sleep(60)\n"
        "MiniLM.encode = encode\n"
        "from askjapan.cli import main; main(['index'])"
    )
    environment = {
        **os.environ, "PYTHONPATH": str(SOURCE),
        "ASKJAPAN_HOME": str(place.home), "ASKJAPAN_MULTILINGUAL": "0",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "embedding\n"
        time.sleep(0.3)
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=60)
    assert command.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert "Error" not in err
    assert open_index(place.index).manifest.fingerprint == old.fingerprint
    assert len(stores(place)) == 1


# Same files, same fingerprint


def test_the_fingerprint_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    one, two = make_place(tmp_path / "one"), make_place(tmp_path / "二 つ目")
    (one.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    (two.notes / "x.txt").write_text(LANTERNS, encoding="utf-8")
    assert built(one).fingerprint == built(two).fingerprint
    assert built(one).fingerprint != built(one, passage_tokens=60).fingerprint
    (two.notes / "x.txt").write_text(LANTERNS.replace("Forty", "Fifty"), encoding="utf-8")
    assert built(one).fingerprint != built(two).fingerprint


def test_the_fingerprint_knows_the_encoders(place: Place) -> None:
    other = HashEncoder()
    other.sha256 = "1" * 64
    prints = {
        built(place).fingerprint,
        built(place, other).fingerprint,
        built(place, multilingual=HashEncoder()).fingerprint,
        built(place, multilingual=other).fingerprint,
    }
    assert len(prints) == 4


# Staleness


def stale(place: Place, encoder: Any = None, passage_tokens: int = 120, multilingual: bool = False) -> str:
    return staleness(place.index, [place.corpus], encoder or HashEncoder(), passage_tokens, multilingual)


def test_staleness_of_files(place: Place) -> None:
    assert stale(place) == f"There is no index in {place.index}."
    built(place)
    assert stale(place) == ""
    own = place.works / "own.txt"
    own.write_text("The ferry to Kujira carries 40 cars.", encoding="utf-8")
    assert stale(place) == f"{own} is new."
    built(place)
    assert stale(place) == ""
    own.write_text("The ferry to Kujira carries 41 cars.", encoding="utf-8")
    assert stale(place) == f"{own} has changed."
    (place.notes / "tea.md").unlink()
    assert stale(place) == f"{own} has changed. (2 differences in all.)"
    assert changes(read_manifest(place.index), [place.corpus]) == [f"{own} has changed.", f"{place.notes / 'tea.md'} is gone."]
    built(place)
    own.unlink()
    assert stale(place) == f"{own} is gone."


def test_a_touched_file_is_not_stale(place: Place) -> None:
    built(place)
    note = place.notes / "tea.md"
    note.write_bytes(note.read_bytes())
    os.utime(note, (1, 1))
    assert stale(place) == ""


def test_files_without_a_reader_make_nothing_stale(place: Place) -> None:
    built(place)
    (place.works / "picture.png").write_bytes(b"\x89PNG")
    assert stale(place) == ""


def test_a_relative_corpus_is_the_same_from_elsewhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.home)
    build([Path("corpus")], place.index, HashEncoder(), catalogue=place.catalogue)
    assert read_manifest(place.index).folders == (str(place.corpus),)
    monkeypatch.chdir("/")
    assert stale(place) == ""


def test_staleness_of_settings(place: Place) -> None:
    built(place)
    other = HashEncoder()
    other.name, other.sha256 = "other-encoder", "1" * 64
    assert stale(place, other) == "It was built with the encoder hash-encoder, the settings say other-encoder."
    assert stale(place, passage_tokens=100) == "It was built with passages of 120 tokens, the settings say 100."
    assert stale(place, multilingual=True) == "It was built without the multilingual encoder, which is installed now."
    built(place, multilingual=HashEncoder())
    assert stale(place, multilingual=True) == ""
    # An index that knows more than is asked for serves.
    assert stale(place, multilingual=False) == ""


def test_staleness_of_the_program(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    built(place)
    monkeypatch.setattr("askjapan.index.staleness.CHUNKING_VERSION", CHUNKING_VERSION + 1)
    assert stale(place) == "It was built by another version of askjapan."
    assert mismatch(read_manifest(place.index), HashEncoder(), 120, False) == "It was built by another version of askjapan."


def test_staleness_of_a_damaged_index(place: Place) -> None:
    built(place)
    (place.index / (place.index / "CURRENT").read_text().strip() / "manifest.json").unlink()
    assert stale(place).startswith(f"The manifest of the index in {place.index} cannot be read (")


# Nothing is cut silently


class Tiny(HashEncoder):
    """Reads few words."""

    def __init__(self, limit: int) -> None:
        self.limit = limit


def test_a_passage_that_the_encoder_would_cut(small_index: Place) -> None:
    passages = open_index(small_index.index).passages
    longest = max(passages, key=lambda passage: HashEncoder().count_pieces(passage.text))
    size = HashEncoder().count_pieces(longest.text)
    prove_fit(passages, Tiny(size))
    with pytest.raises(PassageTooLong) as caught:
        prove_fit(passages, Tiny(size - 1))
    assert str(caught.value) == (
        f"Passage {longest.id} has {size} word pieces; hash-encoder reads {size - 1}. Lower `passage_tokens` and build again."
    )


@pytest.mark.parametrize("limit", [16, 40])
def test_passages_fit_whatever_the_encoder_reads(limit: int, place: Place) -> None:
    (place.works / "tea.txt").write_text(TEA, encoding="utf-8")
    built(place, Tiny(limit))
    for passage in open_index(place.index).passages:
        assert max(HashEncoder().count_pieces(text) for text in (passage.text, *(unit.text for unit in passage.units))) <= limit


def test_the_build_proves_the_fit(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were splitting ever wrong, the build would stop and not cut."""
    real = build_module.split

    def careless(document: Any, text: str, blocks: Any, sizes: Any) -> Any:
        from dataclasses import replace

        return real(document, text, blocks, replace(sizes, limit=256))

    monkeypatch.setattr(build_module, "split", careless)
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    with pytest.raises(PassageTooLong):
        built(place, Tiny(12))
    assert not (place.index / "CURRENT").exists()


# What is stored


def test_no_pickle_anywhere(small_index: Place) -> None:
    files = [path for path in small_index.index.rglob("*") if path.is_file() and path.name not in ("CURRENT", ".lock")]
    assert {path.suffix for path in files} <= {".json", ".jsonl", ".txt", ".npy", ".faiss"}
    arrays = [path for path in files if path.suffix == ".npy"]
    assert arrays
    for path in arrays:
        assert np.load(path, allow_pickle=False).dtype != object
    for path in files:
        assert not path.read_bytes().startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")), path
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))


def test_the_manifest_round_trips(place: Place) -> None:
    (place.works / "broken.pdf").write_bytes(b"nothing")
    report = built(place)
    manifest = read_manifest(place.index)
    assert manifest.documents == report.documents
    assert set(manifest.files) == {str(place.notes / "lanterns.md"), str(place.notes / "tea.md"), str(place.works / "broken.pdf")}
    store = place.index / (place.index / "CURRENT").read_text().strip()
    on_disk = {path.relative_to(store).as_posix(): path.stat().st_size for path in store.rglob("*") if path.is_file()}
    del on_disk["manifest.json"]
    assert dict(manifest.parts) == on_disk
    assert store.name == f"store-1-{seal((store / 'manifest.json').read_bytes())}"


def test_a_moved_index_folder_still_opens(place: Place, tmp_path: Path) -> None:
    report = built(place)
    shutil.move(place.index, tmp_path / "elsewhere")
    assert open_index(tmp_path / "elsewhere").manifest.fingerprint == report.fingerprint


def test_building_twice_gives_the_same_files(place: Place) -> None:
    def contents() -> dict[str, bytes]:
        store = place.index / (place.index / "CURRENT").read_text().strip()
        return {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()}

    built(place)
    first = contents()
    built(place)
    assert contents() == first
