"""What two engines must agree on, from the reading to a citation and its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from askjapan.citations.bibliography import locator
from askjapan.citations.export import to_markdown
from askjapan.citations.render import citation_line, to_plain
from askjapan.documents.readers import read_again_here, read_here
from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.documents.readers.pdf.second.agreement import is_part_of, unconfirmed
from askjapan.records import Answer, Citation, Sentence
from askjapan.web.conversations.store import Turn
from askjapan.web.html.answers import answer_html
from askjapan.web.words.translations import words
from tests.support.commands import Ran
from tests.support.pdfs import column, draw
from tests.support.places import Place
from tests.support.sayings import told

LINES = [
    "The ferry of Tomari carried 1,576 people in the summer of 1961.",
    "In 1962 it carried nobody, since the pier had burned.",
]


def missing(text: str, second: str) -> list[str]:
    return [text[start:end] for start, end in unconfirmed(text, second)]


@pytest.mark.parametrize(
    ("text", "second", "expected"),
    [
        ("The town of Otaru had 1,576 links.", "The town of Otaru had 1,576 links.", []),
        ("The town of Otaru had 1,576 links.", "The town of Otaru had 1,516 links.", ["1,576"]),
        ("The town of Otaru had 576 links.", "The town of Otaru had 1576 links.", ["576"]),
        ("The town of Otaru had 157 links.", "The town of Otaru had 1576 links.", ["157"]),
        ("The town of Otaru had 576 links.", "ThetownofOtaruhad576links.", []),
        ("The town of Otaru had 576 links.", "The town of Otani had 576 links.", ["Otaru"]),
        ("links in 1961 and 1961 again", "links in 1961 and 1967 again", ["1961"]),
        ("was 1576[^4] and", "was 15764 and", []),
        ("12 km^2 of land", "12 km2 of land", []),
        ("the Applica\u00ad\ntions of May", "the Applica-\ntions of May", []),
        ("the diﬃcult Diﬀerence", "the difficult Difference", []),
        ("函館市は1979年", "函館市は1979年", []),
        ("函館市は1979年", "函舘市は1979年", ["函館市"]),
        ("figures 12 and 13", "", ["12", "13"]),
        ("パリは1979年", "バリは1979年", ["パリ"]),
        ("Barlas Oğuz wrote", "Barlas O˘guz wrote", []),
        ("was 12.5[^7][^8] and 3,000[^7][^8][^9].", "was 12.57,8 and 3,0007–9.", []),
        ("was 12.5[^7] and", "was 12.58 and", ["12.5"]),
        ("all 33 men", "aallll 3333 mmeenn", []),
        ("all 33 men", "all 3333 men", ["33"]),
        ("Otaru\t1966\t3\nOtaru\t1967\t4", "Otaru\t1966\t3\n1967\t4", []),
        ("Otaru\t1966\t3\nAkita\t1966\t4", "Otaru\t1966\t3\nAkita\t1976\t4", []),
    ],
)
def test_what_a_second_reading_lacks(text: str, second: str, expected: list[str]) -> None:
    assert missing(text, second) == expected


def test_a_reading_that_is_a_part_of_the_other() -> None:
    whole = "\n".join(f"Line {at} tells of the harbour and its {at * 7} ships." for at in range(20))
    assert is_part_of("\n".join(whole.split("\n")[:12]), whole)
    assert not is_part_of(whole, whole)
    assert not is_part_of(whole, "\n".join(whole.split("\n")[:12]))
    assert not is_part_of("Another text about the mountain towns and their snow.", whole)


def wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """pypdf reads another figure."""
    monkeypatch.setattr("pypdf.PageObject.extract_text", lambda *_, **__: "\n".join(LINES).replace("1,576", "1,516"))


def test_a_figure_that_only_one_engine_sees_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = draw(tmp_path / "a.pdf", [column(72, LINES)])
    assert read_pdf(path).unconfirmed == ()
    wrong(monkeypatch)
    reading = read_pdf(path)
    assert [reading.text[start:end] for start, end in reading.unconfirmed] == ["1,576"]
    assert told(reading.warnings) == ("1 figure or name on page 1 of a.pdf is not in the second reading.",)


@pytest.mark.usefixtures("fake_model")
def test_a_quote_says_so_and_an_independent_check_finds_it(
    place: Place, askjapan: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    draw(place.works / "ferry.pdf", [column(72, LINES)])
    # In this process, so that the engine can be made to differ.
    monkeypatch.setattr("askjapan.documents.readers.ocr.read", read_here)
    monkeypatch.setattr("askjapan.citations.cited_files.read_again", read_again_here)
    question = "How many people did the ferry of Tomari carry in the summer of 1961?"
    assert askjapan("index").code == 0
    sound = askjapan("ask", question, "--json")
    (tmp_path / "sound.json").write_text(sound.out, encoding="utf-8")
    assert askjapan("verify", tmp_path / "sound.json", "--independent").code == 0
    wrong(monkeypatch)
    checked = askjapan("verify", tmp_path / "sound.json", "--independent")
    assert checked.code == 1
    assert "unconfirmed: " in checked.out
    assert "Not in a second reading of page 1: 1,576." in checked.out
    assert askjapan("verify", tmp_path / "sound.json").code == 0


def test_an_answer_names_what_is_not_confirmed() -> None:
    values = {
        "marker": 1, "document_id": "ferry", "document_sha256": "0" * 64, "document_kind": "full text", "title": "Ferries",
        "authors": (), "year": 1970, "path": "ferry.pdf", "page": 1, "page_label": None, "section": "", "start": 0, "end": 63,
        "offsets": "page", "quote": LINES[0], "quote_sha256": "", "passage_id": "ferry#0",
    }  # fmt: skip
    plain, doubtful = Citation(**values), Citation(**values, unconfirmed=("1,576",))  # type: ignore[arg-type]
    assert citation_line([plain]) == "[1] Ferries (1970) – page 1 of the file, characters 0–63 of the page"
    assert citation_line([doubtful]).removeprefix(citation_line([plain])) == " – figure not confirmed by a second reading: 1,576"
    assert locator(plain) == "file page 1"
    assert locator(doubtful) == "file page 1, figure not confirmed by a second reading: 1,576"
    sentence = Sentence(LINES[0], "quote", (doubtful,))
    answer = Answer("How many?", "How many?", True, "", 0.9, (sentence,), (), "f" * 64)
    assert to_plain(answer) == f"“{LINES[0]}” (figure not confirmed by a second reading: 1,576)"
    assert "figure not confirmed by a second reading: 1,576" in to_markdown([answer])
    for language, doubt in (
        ("en", "figure not confirmed by a second reading: 1,576"),
        ("ja", "二度目の読み取りで確認できなかった数値：1,576"),
    ):
        shown = answer_html(Turn("t1", "c1", 0, answer), words(language))
        assert f'<span class="aj-doubt">{doubt}</span>' in shown
    assert "aj-doubt" not in answer_html(
        Turn("t1", "c1", 0, replace(answer, sentences=(replace(sentence, citations=(plain,)),))), words("en")
    )
