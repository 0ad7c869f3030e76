"""A file name that is no UTF-8 breaks nothing, and a link out of the corpus is told and not followed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from askjapan.api import manifest
from askjapan.errors import AskJapanError, LibraryError
from askjapan.file_names import path_of, path_text, plain_text, readable
from askjapan.settings import load_settings
from askjapan.web.conversations.store import ConversationStore
from tests.support.commands import Ran
from tests.support.places import LANTERNS, Place
from tests.support.web_places import make_service

Askjapan = Callable[..., Ran]
# In Shift_JIS; two of its bytes happen to be a combining accent in UTF-8.
HARBOUR = os.fsdecode("港の記録".encode("cp932")) + ".txt"
WRITTEN = "%8D`%82\u030bL%98^.txt"
KELP = "Rausu sold 900 tons of kelp to Pusan in 1987. The cooperative kept the accounts in a tea chest.\n"
ASKED = "How many tons of kelp did Rausu sell to Pusan in 1987?"


def test_a_name_is_written_as_text_and_found_again(tmp_path: Path) -> None:
    odd = tmp_path / HARBOUR
    odd.write_text(KELP, encoding="utf-8")
    assert path_text(odd) == f"{tmp_path}/{WRITTEN}"
    assert path_of(path_text(odd)) == odd
    assert readable(odd.stem) == "港の記録"
    for name in ("100% sure.txt", "a%8E.txt", "港.txt", "a%25.txt"):
        plain = tmp_path / name
        plain.write_text("x", encoding="utf-8")
        assert path_text(plain) == str(plain)
        assert path_of(str(plain)) == plain
    assert path_of("/gone/%8E.txt") == Path("/gone/%8E.txt")
    mixed = tmp_path / f"100%8E {HARBOUR}"
    mixed.write_text("x", encoding="utf-8")
    assert path_of(path_text(mixed)) == mixed
    assert plain_text("a\ud800b") == "a\\ud800b"
    assert str(AskJapanError(f"{HARBOUR} is gone.", "Look.")) == f"{WRITTEN} is gone. Look."


@pytest.fixture
def library(place: Place, fake_model: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    del fake_model
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    return place


def test_an_answer_from_such_a_file_is_kept_sent_exported_verified_and_removed(
    library: Place, askjapan: Askjapan, tmp_path: Path
) -> None:
    source = tmp_path / HARBOUR
    source.write_text(KELP, encoding="utf-8")
    added = askjapan("add", source)
    assert added.code == 0, added.err
    asked = askjapan("ask", ASKED, "--json")
    assert asked.code == 0, asked.err
    answer = json.loads(asked.out)
    cited = answer["sentences"][0]["citations"][0]
    assert cited["path"] == f"{library.works}/{WRITTEN}"
    file = tmp_path / "answer.json"
    file.write_text(asked.out, encoding="utf-8")
    verified = askjapan("verify", file)
    assert (verified.code, "found as" in verified.out) == (0, False), verified.out + verified.err
    for form in ("markdown", "bibtex", "csl", "ris"):
        exported = askjapan("export", file, "--to", form)
        assert exported.code == 0, exported.err
        assert exported.out.encode("utf-8")
    desk = make_service(library)
    keeper = ConversationStore(tmp_path / "c.sqlite3")
    kept = keeper.keep("emilia", "", desk.ask(ASKED))
    assert keeper.turns("emilia", kept.conversation)[0].answer.citations[0].path == cited["path"]
    assert askjapan("index", "--if-stale").out.endswith("is up to date.\n")
    assert askjapan("list", "--json").code == 0
    assert askjapan("info").code == 0
    removed = askjapan("remove", cited["document_id"])
    assert removed.code == 0, removed.err
    assert sorted(path.name for path in library.works.iterdir()) == ["README.md", "lanterns.txt"]


def test_such_a_file_that_cannot_be_read_is_told_by_its_name(library: Place, askjapan: Askjapan) -> None:
    (library.works / (HARBOUR[:-4] + ".pdf")).write_text("no PDF", encoding="utf-8")
    built = askjapan("index")
    assert built.code == 1
    assert WRITTEN.replace(".txt", ".pdf") in built.err
    (skipped,) = manifest(load_settings()).skipped
    assert skipped == str(library.works / WRITTEN.replace(".txt", ".pdf"))


def test_links_out_of_the_corpus_are_told_and_not_followed(library: Place, askjapan: Askjapan, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(KELP, encoding="utf-8")
    (tmp_path / "papers").mkdir()
    (library.works / "secret.txt").symlink_to(secret)
    (library.works / "endless.txt").symlink_to("/proc/kmsg")
    (library.works / "papers").symlink_to(tmp_path / "papers")
    (library.works / "again.txt").symlink_to(library.works / "lanterns.txt")
    (library.works / "gone.txt").symlink_to(library.works / "nothing.txt")
    os.mkfifo(library.works / "pipe.txt")
    built = askjapan("index")
    assert built.code == 1, built.err
    remedy = "outside the corpus. Copy the file into the corpus, or name its folder with --corpus."
    for name, target in (("secret.txt", secret), ("endless.txt", "/proc/kmsg"), ("papers", tmp_path / "papers")):
        assert f"Left out: {name} is a link to {target}, {remedy}" in built.err.splitlines()
    assert "Left out: gone.txt is a link that leads nowhere. Delete it." in built.err.splitlines()
    assert (
        "Left out: pipe.txt is no file: a pipe, a socket or a device, which is never opened. Delete it." in built.err.splitlines()
    )
    state = manifest(load_settings())
    assert not [path for path in state.files if Path(path).name in ("secret.txt", "endless.txt")]
    assert str(library.works / "again.txt") in state.files
    assert "kelp" not in askjapan("ask", ASKED).out.partition("[1]")[0].lower()
    assert askjapan("remove", "secret.txt").code == 0
    assert secret.is_file()
    assert not (library.works / "secret.txt").is_symlink()
    for name in ("endless.txt", "papers", "gone.txt", "pipe.txt"):
        assert askjapan("remove", name).out.startswith(f"Removed {name}.\n")
    assert sorted(path.name for path in library.works.iterdir()) == ["README.md", "again.txt", "lanterns.txt"]


def test_a_corpus_folder_that_is_a_link_itself_is_read(
    place: Place, fake_model: None, askjapan: Askjapan, tmp_path: Path
) -> None:
    del fake_model
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "kelp.txt").write_text(KELP, encoding="utf-8")
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    assert askjapan("index", "--corpus", tmp_path / "linked").code == 0
    assert [Path(path).name for path in manifest(load_settings()).files] == ["kelp.txt"]
    assert LibraryError("x").remedy == ""
