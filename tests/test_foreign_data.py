"""Files that anybody may have written: whatever is wrong with them, one file is left out or one sentence says which it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from askjapan.foreign_data import parse_json, parse_toml
from askjapan.index.build import build
from askjapan.index.works.library import LONGEST_NAME, add, edit, remove
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA, Place

Askjapan = Callable[..., Ran]
DEEP = "[" * 100_000
TOO_DEEP = "it is nested too deeply"


def built(place: Place) -> dict[str, str]:
    """Why each file was left out, by its name; empty for what was read."""
    report = build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return {Path(file.path).name: str(file.left_out or "") for file in report.files}


@pytest.mark.parametrize("text", [DEEP, '{"a":' * 100_000])
def test_what_is_nested_without_end_is_no_json_and_no_toml(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{TOO_DEEP}$"):
        parse_json(text)
    with pytest.raises(ValueError, match=f"^{TOO_DEEP}$"):
        parse_toml(f"a = {text.replace(':', '=')}")


def test_each_command_tells_it_by_the_name_of_the_file(place: Place, askjapan: Askjapan, tmp_path: Path) -> None:
    deep, lines = tmp_path / "deep.json", tmp_path / "deep.jsonl"
    deep.write_text(DEEP, encoding="utf-8")
    lines.write_text(DEEP, encoding="utf-8")
    for arguments, told in (
        (("add", "--bibliography", deep), f"The bibliography {deep} cannot be read: {TOO_DEEP}. Export it again.\n"),
        (("add", "--zotero", deep), f"The bibliography {deep} cannot be read: {TOO_DEEP}. Export it again.\n"),
        (("eval", lines), f"{lines}, line 1, is not JSON: {TOO_DEEP}. docs/evaluation.md gives the fields.\n"),
        (("eval", "--broad", lines), f"{lines}, line 1, is no broad question: ValueError('{TOO_DEEP}')."),
        (("verify", deep), f"{deep} is not JSON: {TOO_DEEP}. Make one with `askjapan ask QUESTION --json > answer.json`.\n"),
    ):
        ran = askjapan(*arguments)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith(told)
        assert ran.err.count("\n") == 1


def test_settings_and_catalogue(place: Place, askjapan: Askjapan) -> None:
    kept = place.catalogue.read_text(encoding="utf-8")
    place.catalogue.write_text(f"work = {DEEP}", encoding="utf-8")
    ran = askjapan("index")
    told = f"The catalogue {place.catalogue} cannot be used: TOMLDecodeError {TOO_DEEP}. Mend that entry."
    assert (ran.code, ran.err.splitlines()[-1]) == (1, told)
    place.catalogue.write_text(kept, encoding="utf-8")
    (place.home / "askjapan.toml").write_text(f"threshold = {DEEP}", encoding="utf-8")
    ran = askjapan("list")
    assert (ran.code, ran.err) == (1, f"{place.home / 'askjapan.toml'} cannot be read: {TOO_DEEP}. Correct that file.\n")


def test_one_file_is_left_out_and_the_others_are_indexed(place: Place) -> None:
    (place.works / "one.txt").write_text(LANTERNS, encoding="utf-8")
    (place.works / "good.txt").write_text(TEA, encoding="utf-8")
    (place.works / "one.txt.facts.json").write_text(DEEP, encoding="utf-8")
    (place.works / "front.md").write_text(f"---\ntitle: {DEEP}\n---\n\nThe port has 5 quays.\n", encoding="utf-8")
    left_out = built(place)
    assert left_out["good.txt"] == ""
    assert left_out["one.txt"] == (
        f"The facts in {place.works / 'one.txt.facts.json'} cannot be used: {TOO_DEEP}. "
        "Mend or delete that file, or give them with `askjapan edit`."
    )
    assert left_out["front.md"].startswith("The front matter of front.md is nested too deeply.")


def test_an_entry_of_the_journal_without_end_is_cleared(place: Place, askjapan: Askjapan) -> None:
    journal = place.works.parent / ".journal"
    journal.mkdir(exist_ok=True)
    (journal / "x.json").write_text(DEEP, encoding="utf-8")
    ran = askjapan("doctor", "--mend")
    assert "Traceback" not in ran.err
    assert ran.out


@pytest.mark.parametrize(
    "item",
    [
        {"author": 5},
        {"author": ["Rin Sato"]},
        {"author": [{"family": 7, "given": []}]},
        {"issued": {"date-parts": 1961}},
        {"issued": {"date-parts": [1961]}},
    ],
)
def test_entries_of_a_bibliography_of_other_kinds(
    item: dict[str, object], askjapan: Askjapan, place: Place, tmp_path: Path
) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps([{"id": "x", "type": "book", "title": "Kites", **item}]), encoding="utf-8")
    ran = askjapan("add", "--bibliography", path)
    told = f"The bibliography {path} cannot be read: the author or the date of 'Kites' is not as CSL-JSON has them. Export it again.\n"
    assert (ran.code, ran.err) == (1, told)


@pytest.mark.parametrize(("letter", "size"), [("x", 1), ("日", 3)])
def test_a_work_with_the_longest_name_that_there_may_be(letter: str, size: int, place: Place, tmp_path: Path) -> None:
    path = tmp_path / (letter * (251 // size) + ".txt")
    path.write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    added = add(path, place.works, [place.corpus], place.catalogue)
    assert added.error is None
    assert added.copy is not None
    assert LONGEST_NAME - size < len(os.fsencode(added.copy.name)) <= LONGEST_NAME
    assert added.copy.suffix == ".txt"
    assert built(place)[added.copy.name] == ""
    documents = build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue).documents
    assert edit(added.copy.name, place.works, documents, title="Ferries") == added.copy
    assert remove(added.copy.name, place.works, documents) == added.copy
    assert [left.name for left in place.works.iterdir()] == ["README.md"]
    # One that somebody put there has nothing beside it, and is indexed as it is.
    (place.works / path.name).write_bytes(path.read_bytes())
    assert built(place)[path.name] == ""
