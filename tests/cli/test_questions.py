"""The commands about questions and their answers, and what they say when there is none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from askjapan.citations.answer_files import answer_of
from askjapan.documents.facts.catalogue import sketch
from askjapan.index.build import build
from askjapan.index.storage.manifest import read_manifest
from askjapan.records import Answer
from tests.support.command_line import FERRIES, QUESTION, Askjapan, failed
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA, Place, make_place

pytestmark = pytest.mark.usefixtures("fake_model")


def test_ask(askjapan: Askjapan, built: Place) -> None:
    ran = askjapan("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert "Confidence " in ran.out
    assert "Traceback" not in ran.out


def test_ask_json_goes_on_to_verify(askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    ran = askjapan("ask", QUESTION, "--json")
    assert (ran.code, ran.err) == (0, "")
    answer = answer_of(json.loads(ran.out))
    assert isinstance(answer, Answer)
    assert answer.question == QUESTION
    assert answer.citations
    file = tmp_path / "答え 1.json"
    file.write_text(ran.out, encoding="utf-8")
    ran = askjapan("verify", file)
    assert (ran.code, ran.err) == (0, "")
    count = len(answer.citations)
    assert ran.out.splitlines()[-1] == f"{count} of {count} citations verified."
    assert ran.out.splitlines()[0].startswith("[1] ok: ")
    (built.works / "lanterns.txt").write_text(LANTERNS.replace("1961", "1962"), encoding="utf-8")
    (built.notes / "tea.md").write_text("Other words.", encoding="utf-8")
    ran = askjapan("verify", file)
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == f"0 of {count} citations verified."


def test_export(askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    file = tmp_path / "answer.json"
    file.write_text(askjapan("ask", QUESTION, "--json").out, encoding="utf-8")
    markdown = askjapan("export", file)
    assert (markdown.code, markdown.err) == (0, "")
    assert QUESTION in markdown.out
    assert "[^1]" in markdown.out
    assert askjapan("export", file, "--to", "bibtex").out.startswith("@")
    assert json.loads(askjapan("export", file, "--to", "csl").out)[0]["title"]
    assert askjapan("export", file, "--to", "ris").out.startswith("TY  - ")
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "1")
    file.write_text(askjapan("ask", QUESTION, "--json").out, encoding="utf-8")
    assert askjapan("export", file, "--to", "ris").out.startswith("TY  - "), "the nearest fact is cited"
    assert "The nearest that the corpus says, which does not answer this:" in askjapan("export", file).out
    file.write_text(askjapan("ask", "Zebras, quartz and violins?", "--json").out, encoding="utf-8")
    assert failed(askjapan("export", file, "--to", "ris")) == (
        "No work is cited in these answers, so there is nothing to export as references. Use --to markdown."
    )
    assert "Not in this corpus" in askjapan("export", file).out
    file.write_text(askjapan("ask", "Hello", "--json").out, encoding="utf-8")
    assert failed(askjapan("export", file, "--to", "bibtex")).startswith("No work is cited in these answers")


def test_ask_with_filters_and_history(askjapan: Askjapan, built: Place) -> None:
    data = json.loads(askjapan("ask", QUESTION, "--theme", "migration", "--json").out)
    assert {hit["document"]["id"] for hit in data["hits"]} == {"aoba-tea-note"}
    data = json.loads(askjapan("ask", QUESTION, "--document", "hoshino-lanterns", "--json").out)
    assert {hit["document"]["id"] for hit in data["hits"]} == {"hoshino-lanterns"}
    earlier = "How much did Hoshino spend on exchanges with foreign towns in 1998?"
    data = json.loads(askjapan("ask", "And in 2004?", "--after", earlier, "--json").out)
    assert data["question"] == "And in 2004?"
    assert "Hoshino" in data["standalone_question"]


def test_retrieve(askjapan: Askjapan, built: Place) -> None:
    hits = json.loads(askjapan("retrieve", QUESTION, "-k", 2, "--json").out)
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert set(hits[0]) == {"passage", "document", "score", "rank", "signals"}
    assert hits[0]["document"]["id"] == "hoshino-lanterns"
    ran = askjapan("retrieve", QUESTION, "-k", 1)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1. Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006)")
    assert hits[0]["passage"]["text"] in ran.out
    note = askjapan("retrieve", "tea pickers from Nepal", "-k", 1, "--theme", "migration").out
    assert note.startswith("1. Study note on: Kenji Ota, Tea Growers Without Borders (2016)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("retrieve", QUESTION, "-k", 0), "k is 0; it must be at least 1. Ask for one passage or more."),
        (("retrieve", QUESTION, "-k", -3), "k is -3; it must be at least 1. Ask for one passage or more."),
        (
            ("ask", QUESTION, "--theme", "cooking"),
            "There is no theme 'cooking' in the index. Known are: migration, sister cities.",
        ),
        (
            ("ask", QUESTION, "--document", "nobody"),
            "There is no document 'nobody' in the index. Known are: aoba-tea-note, hoshino-lanterns.",
        ),
    ],
)
def test_questions_that_cannot_be_used(arguments: tuple[object, ...], message: str, askjapan: Askjapan, built: Place) -> None:
    assert failed(askjapan(*arguments)) == message


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question(question: str, askjapan: Askjapan, built: Place) -> None:
    assert "question" in failed(askjapan("ask", question)).lower()


@pytest.mark.parametrize("command", [("ask", "?"), ("retrieve", "?")])
def test_without_an_index(command: tuple[str, ...], askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    assert failed(askjapan(*command)) == f"There is no index in {place.index}. Build it with `askjapan index`."
    (tmp_path / "empty").mkdir()
    assert failed(askjapan(*command, "--index", tmp_path / "empty")) == (
        f"There is no index in {tmp_path / 'empty'}. Build it with `askjapan index`."
    )


def test_with_a_damaged_index(askjapan: Askjapan, built: Place) -> None:
    store = built.index / (built.index / "CURRENT").read_text().strip()
    (store / "passages.jsonl").unlink()
    assert failed(askjapan("ask", QUESTION)) == (
        f"The index in {built.index} lacks its file passages.jsonl. Build it with `askjapan index`."
    )
    assert askjapan("index").code == 0
    assert askjapan("ask", QUESTION).code == 0


def test_a_stale_index_answers_with_a_warning(askjapan: Askjapan, built: Place) -> None:
    (built.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("retrieve", QUESTION, "-k", 1, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)[0]["document"]["id"] == "hoshino-lanterns"
    assert ran.err == (
        f"The index is not up to date. {built.works / 'ferries.txt'} is new. Run `askjapan index` to bring it up to date.\n"
    )


def test_a_corpus_folder_that_is_gone_is_told(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    other = make_place(tmp_path / "other")
    index = tmp_path / "kept index"
    build([other.notes], index, HashEncoder(), catalogue=other.catalogue)
    for path in other.notes.iterdir():
        path.unlink()
    other.notes.rmdir()
    ran = askjapan("retrieve", QUESTION, "--index", index)
    assert ran.code == 0
    assert ran.err == (
        f"The index is not up to date. The corpus folder {other.notes} is gone. Run `askjapan index` to bring it up to date.\n"
    )


def test_an_index_of_other_settings_is_refused(askjapan: Askjapan, built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_PASSAGE_TOKENS", "90")
    assert failed(askjapan("ask", QUESTION)) == (
        f"The index in {built.index} does not fit the settings. It was built with passages of 120 tokens, the settings say 90. "
        "Build it with `askjapan index`."
    )


def test_answer_files_that_cannot_be_verified(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    assert failed(askjapan("verify", tmp_path / "none.json")).startswith(
        f"{tmp_path / 'none.json'} cannot be opened: No such file"
    )
    (tmp_path / "a.json").write_text("{}")
    assert str(tmp_path / "a.json") in failed(askjapan("verify", tmp_path / "a.json"))
    (tmp_path / "a.json").write_text("{")
    assert failed(askjapan("verify", tmp_path / "a.json")).startswith(f"{tmp_path / 'a.json'} is not JSON")


def questions(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


GOLD = {"id": "a1", "question": QUESTION, "doc": ["000"], "type": "number", "answer_any": [["1961"]]}


UNANSWERABLE = {"id": "u1", "question": "Who won the sumo tournament in Osaka?", "kind": "off_topic"}


def test_eval(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    """The index holds notes only; the full texts beside it say which works the questions' names stand for."""
    assert askjapan("index").code == 0
    full_texts = tmp_path / "full texts"
    full_texts.mkdir()
    (full_texts / "000_ab12.txt").write_text(LANTERNS, encoding="utf-8")
    (full_texts / "001_cd34.txt").write_text(TEA, encoding="utf-8")
    one, two = questions(tmp_path / "質問.jsonl", GOLD), questions(tmp_path / "more.jsonl", UNANSWERABLE)
    ran = askjapan("eval", one, two, "--works", full_texts, "--json")
    assert ran.code == 0
    figures = json.loads(ran.out)
    assert list(figures["groups"]) == ["all", "en", "type: number"]
    assert figures["groups"]["all"]["questions"] == 2
    assert figures["groups"]["all"]["AR@500"] == 1
    assert figures["fingerprint"] == read_manifest(place.index).fingerprint
    table = askjapan("eval", one, two, "--works", full_texts).out
    assert re.search(r"AR@500\s*│\s*1\.000\s*│\s*1\.000\s*│\s*1\.000", table)


def test_eval_failures(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    assert failed(askjapan("eval", tmp_path / "none.jsonl")) == (
        f"{tmp_path / 'none.jsonl'} cannot be read: No such file or directory. Check the path."
    )
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a", "question": "Q?"}\n{"id": "b"}\n')
    assert failed(askjapan("eval", broken)) == (
        f"{broken}, line 2: the field 'question' is missing. docs/evaluation.md gives the fields."
    )
    ran = askjapan("eval", questions(tmp_path / "q.jsonl", GOLD))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1] == (
        "Question a1 is about the work '000', which the index does not hold. "
        "Index that work first, or say with --works which works the names stand for."
    )
    assert failed(askjapan("eval", tmp_path / "q.jsonl", "--works", built.notes)).startswith(
        f"No file in {built.notes} is a work of"
    )


def test_sketch(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "full text.txt"
    file.write_text(TEA, encoding="utf-8")
    ran = askjapan("sketch", file)
    assert (ran.code, ran.err) == (0, "")
    import tomllib

    assert tomllib.loads(ran.out) == {"sketch": sketch(TEA)}
    assert [line.count('"') for line in ran.out.splitlines()[1:-2]] == [16] * (len(ran.out.splitlines()) - 3)
    assert failed(askjapan("sketch", tmp_path / "none.txt")).startswith("none.txt cannot be opened: No such file or directory.")
    file.write_text("Too short.", encoding="utf-8")
    assert failed(askjapan("sketch", file)) == (
        "full text.txt has too few words to be recognised by. Give the full text of a work."
    )
